// A slice's grey values through the window, with a border in its plane's colour.
in vec2 place;

uniform sampler2D values; // HU / 32767
uniform vec2 window;      // HU drawn black, and 1 / width
uniform vec3 edge;
uniform float edge_pixels;

out vec4 colour;

void main()
{
    float hu = texture(values, place).r * 32767.0;
    float grey = clamp((hu - window.x) * window.y, 0.0, 1.0);
    vec2 inward = min(place, 1.0 - place) / max(fwidth(place), 1e-9);
    float share = clamp(edge_pixels + 0.5 - min(inward.x, inward.y), 0.0, 1.0);
    colour = vec4(mix(vec3(grey), edge, share), 1.0);
}
