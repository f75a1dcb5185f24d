// The light of src/view/light.c, term by term, so that both pictures agree.
vec3 light_at(vec3 normal, float hollow, vec3 base)
{
    const vec3 key = vec3(-0.45, 0.60, 0.66), fill = vec3(0.75, -0.25, 0.61);
    const vec3 between = vec3(-0.247, 0.329, 0.911); // key and eye
    const vec3 cool = vec3(0.85, 1.0, 1.25), warm = vec3(1.04, 1.0, 0.94);
    float diffuse = max(dot(normal, key), 0.0);
    float second = max(dot(normal, fill), 0.0);
    float glance = max(dot(normal, between), 0.0);
    float glance2 = glance * glance, glance4 = glance2 * glance2, glance8 = glance4 * glance4;
    float glance16 = glance8 * glance8, glance32 = glance16 * glance16;
    float gloss = 0.30 * glance32 * glance8 + 0.07 * glance8;
    float sky = 0.5 + 0.5 * normal.y;
    float away = 1.0 - max(normal.z, 0.0);
    vec3 soft = 0.03 + (0.06 * sky + 0.07 * second) * cool;
    vec3 whole = base * (0.50 * diffuse * warm + soft) + gloss * diffuse * warm +
                 0.025 * away * away * away * cool;
    return min(whole * hollow, 1.0);
}
