// The mesh for lines on it.
layout(location = 0) in vec3 mm;

uniform mat3 to_eye;
uniform vec3 pivot_mm;
uniform vec2 pan_mm;
uniform vec3 scale;
uniform vec4 kept;

out vec3 away_mm;

void main()
{
    away_mm = mm - pivot_mm;
    vec3 eye_mm = to_eye * away_mm;
    gl_ClipDistance[0] = kept.w - dot(kept.xyz, away_mm);
    gl_Position = vec4((eye_mm.xy + pan_mm) * scale.xy, -eye_mm.z * scale.z, 1.0);
}
