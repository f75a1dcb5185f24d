// Where a plane meets the mesh: a line of a given width in pixels for each triangle it crosses.
layout(triangles) in;
layout(triangle_strip, max_vertices = 4) out;

uniform vec2 pixel; // in clip space
uniform float line_pixels;
uniform vec4 plane; // normal and d, from the pivot
uniform float nearer; // by which the line is drawn before what it lies on

in vec3 away_mm[];

void main()
{
    vec4 end[2];
    float kept_mm[2];
    int ends = 0;
    for (int at = 0; at < 3 && ends < 2; at++) {
        int next = (at + 1) % 3;
        float a = dot(plane.xyz, away_mm[at]) - plane.w;
        float b = dot(plane.xyz, away_mm[next]) - plane.w;
        if ((a < 0.0) == (b < 0.0))
            continue;
        float share = a / (a - b);
        end[ends] = mix(gl_in[at].gl_Position, gl_in[next].gl_Position, share);
        kept_mm[ends] = mix(gl_in[at].gl_ClipDistance[0], gl_in[next].gl_ClipDistance[0], share);
        ends++;
    }
    if (ends < 2)
        return;
    vec2 along = (end[1].xy - end[0].xy) / pixel;
    float length_pixels = length(along);
    vec2 unit = length_pixels > 1e-4 ? along / length_pixels : vec2(1.0, 0.0);
    vec2 across = vec2(-unit.y, unit.x) * 0.5 * line_pixels * pixel;
    vec2 beyond = unit * 0.25 * line_pixels * pixel; // so that the joints close
    for (int corner = 0; corner < 4; corner++) {
        vec4 from = end[corner / 2];
        vec2 place = from.xy + (corner % 2 == 0 ? across : -across) + (corner < 2 ? -beyond : beyond);
        gl_Position = vec4(place, from.z - nearer, 1.0);
        gl_ClipDistance[0] = kept_mm[corner / 2];
        EmitVertex();
    }
    EndPrimitive();
}
