// How deep the surface lies, and that it is there.
in vec3 eye_mm;
centroid in vec3 eye_normal;

out vec2 depth;

void main()
{
    depth = vec2(eye_mm.z, 1.0);
}
