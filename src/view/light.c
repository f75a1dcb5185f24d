// SPDX-License-Identifier: Apache-2.0
// The light of the surface view: two lamps, the sky, a dull gloss.
#include "view/light.h"

#include <math.h>

float hp_light_of_srgb(uint8_t value)
{
    return powf((float)value / 255, 2.2f);
}

uint8_t hp_light_to_srgb(float light)
{
    return (uint8_t)(255 * powf(light, 1 / 2.2f) + 0.5f);
}

// A warm key light from the upper left before the patient, a cool fill from the lower right, and
// light from above that leaves hollows dark. Coefficients are taste, tried on livers.
void hp_light_at(const float normal[3], float hollow, const float base[3], float light[3])
{
    static const float key[3] = {-0.45f, 0.60f, 0.66f}, fill[3] = {0.75f, -0.25f, 0.61f};
    static const float half[3] = {-0.247f, 0.329f, 0.911f}; // between key and eye
    const float facing = fmaxf(normal[2], 0);
    const float diffuse = fmaxf(normal[0] * key[0] + normal[1] * key[1] + normal[2] * key[2], 0);
    const float second = fmaxf(normal[0] * fill[0] + normal[1] * fill[1] + normal[2] * fill[2], 0);
    const float glance = fmaxf(normal[0] * half[0] + normal[1] * half[1] + normal[2] * half[2], 0);
    const float glance2 = glance * glance, glance4 = glance2 * glance2;
    const float glance8 = glance4 * glance4, glance32 = glance8 * glance8 * glance8 * glance8;
    const float gloss = 0.30f * glance32 * glance8 + 0.07f * glance8;
    const float sky = 0.5f + 0.5f * normal[1];
    const float rim = (1 - facing) * (1 - facing) * (1 - facing);
    for (int part = 0; part < 3; part++) {
        const float cool = part == 2 ? 1.25f : part == 1 ? 1.0f : 0.85f;
        const float warm = part == 0 ? 1.04f : part == 1 ? 1.0f : 0.94f;
        const float soft = 0.03f + 0.06f * sky * cool + 0.07f * second * cool;
        const float whole = base[part] * (0.50f * warm * diffuse + soft) + gloss * warm * diffuse +
                            0.025f * rim * cool;
        light[part] = whole * hollow;
    }
}
