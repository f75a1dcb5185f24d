// A translucent rectangle with a firmer border.
in vec2 place;

uniform vec4 tint;

out vec4 colour;

void main()
{
    vec2 inward = min(place, 1.0 - place) / max(fwidth(place), 1e-9);
    float border = clamp(2.0 - min(inward.x, inward.y), 0.0, 1.0);
    float alpha = mix(tint.a, 0.9, border);
    colour = vec4(tint.rgb * alpha, alpha);
}
