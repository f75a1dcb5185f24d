// A slice's grey values through the window, with a border in its plane's colour. Air is clear.
in vec2 place;

uniform sampler2D values; // HU / 32767
uniform vec2 window;      // HU drawn black, and 1 / width
uniform float clear_hu;
uniform float least_alpha; // below it nothing is drawn; the samples of a pixel make the rest
uniform vec3 edge;
uniform float edge_pixels;

out vec4 colour;

void main()
{
    float hu = texture(values, place).r * 32767.0;
    float grey = clamp((hu - window.x) * window.y, 0.0, 1.0);
    vec2 inward = min(place, 1.0 - place) / max(fwidth(place), 1e-9);
    float share = clamp(edge_pixels + 0.5 - min(inward.x, inward.y), 0.0, 1.0);
    float alpha = max(clamp((hu - clear_hu) / max(fwidth(hu), 1.0) + 0.5, 0.0, 1.0), share);
    if (alpha < least_alpha)
        discard;
    colour = vec4(mix(vec3(grey), edge, share), alpha);
}
