// The mesh, in millimetres to the right, up and towards the eye.
layout(location = 0) in vec3 mm;
layout(location = 1) in vec3 normal;

uniform mat3 to_eye;
uniform vec3 pivot_mm;
uniform vec2 pan_mm;
uniform vec3 scale; // from millimetres to clip space
uniform vec4 kept;  // normal and d: what lies at normal . x < d

out vec3 eye_mm;
centroid out vec3 eye_normal;

void main()
{
    vec3 away = mm - pivot_mm;
    eye_mm = to_eye * away;
    eye_normal = to_eye * normal;
    gl_ClipDistance[0] = kept.w - dot(kept.xyz, away);
    gl_Position = vec4((eye_mm.xy + pan_mm) * scale.xy, -eye_mm.z * scale.z, 1.0);
}
