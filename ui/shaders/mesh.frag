// The surface in the light; where its inner side shows, darker, and what a sheet cuts off pale.
in vec3 eye_mm;
centroid in vec3 eye_normal;

uniform vec3 base;        // linear
uniform sampler2D around; // sum of the depths around a place, and how many those are
uniform vec2 texel;       // 1 / size of the picture
uniform float hollow_per_mm;
uniform int sheets;
uniform vec4 sheet[SHEETS]; // normals to the right, up and towards the eye; d from the pivot

out vec4 colour;

void main()
{
    vec3 own_normal = cross(dFdx(eye_mm), dFdy(eye_mm)); // the triangle's, towards the eye
    vec3 normal = normalize(eye_normal);
    if (!gl_FrontFacing)
        normal = -normal;
    // The edge of a cap: the mean of its corners' normals says nothing there.
    if (dot(normal, own_normal) < 0.6 * length(own_normal))
        normal = normalize(own_normal);
    vec2 depths = texture(around, gl_FragCoord.xy * texel).xy;
    float behind = depths.x / max(depths.y, 1e-6) - eye_mm.z;
    float hollow = 1.0 - 0.5 * clamp(behind * hollow_per_mm, 0.0, 1.0);
    vec3 own = gl_FrontFacing ? base : base * 0.45;
    for (int at = 0; at < sheets; at++)
        if (dot(sheet[at].xyz, eye_mm) > sheet[at].w)
            own = vec3(0.13, 0.14, 0.16);
    colour = vec4(pow(light_at(normal, hollow, own), vec3(1.0 / 2.2)), 1.0);
}
