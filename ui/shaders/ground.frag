// The ground: a gradient, with a pattern of less than one step of grey against bands.
in vec2 place;

uniform vec3 top, bottom;

out vec4 colour;

void main()
{
    ivec2 at = ivec2(gl_FragCoord.xy);
    int order = ((at.x ^ at.y) & 1) * 2 + (at.y & 1); // Bayer's 2 x 2
    vec3 ground = mix(bottom, top, clamp(place.y, 0.0, 1.0));
    colour = vec4(ground + (float(order) - 1.5) / (4.0 * 255.0), 1.0);
}
