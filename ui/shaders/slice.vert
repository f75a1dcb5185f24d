// A rectangle in the patient, its corners around.
uniform vec3 corner[4]; // from the pivot
uniform mat3 to_eye;
uniform vec2 pan_mm;
uniform vec3 scale;
uniform vec4 kept;

out vec2 place; // 0..1 along its edges

void main()
{
    const int order[4] = int[](0, 1, 3, 2);
    int at = order[gl_VertexID];
    vec3 eye_mm = to_eye * corner[at];
    place = vec2(at == 1 || at == 2 ? 1.0 : 0.0, at >= 2 ? 1.0 : 0.0);
    gl_ClipDistance[0] = kept.w - dot(kept.xyz, corner[at]);
    gl_Position = vec4((eye_mm.xy + pan_mm) * scale.xy, -eye_mm.z * scale.z, 1.0);
}
