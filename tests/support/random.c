// SPDX-License-Identifier: Apache-2.0
// Random pictures that are the same in every run, on grids that are neither cubic nor at the origin.
#include "support/random.h"

#include <math.h>
#include <string.h>

guint32 random_next(guint64 *seed)
{
    // SplitMix64 (Steele, Lea, Flood 2014).
    guint64 z = *seed += G_GUINT64_CONSTANT(0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * G_GUINT64_CONSTANT(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * G_GUINT64_CONSTANT(0x94d049bb133111eb);
    return (guint32)((z ^ (z >> 31)) >> 32);
}

double random_unit(guint64 *seed)
{
    return random_next(seed) / 4294967296.0;
}

HpGrid random_grid(int ni, int nj, int nk, double di_mm, double dj_mm, double dk_mm)
{
    HpGrid grid = hp_grid_new(ni, nj, nk, di_mm, dj_mm, dk_mm);
    const double c = cos(0.3), s = sin(0.3);
    const double tilted[9] = {1, 0, 0, 0, c, -s, 0, s, c};
    memcpy(grid.directions, tilted, sizeof tilted);
    grid.origin_mm[0] = -173.25;
    grid.origin_mm[1] = 41.5;
    grid.origin_mm[2] = -812;
    return grid;
}

uint8_t *random_labels(const HpGrid *grid, double chance, guint64 seed)
{
    uint8_t *labels = g_new(uint8_t, hp_grid_count(grid));
    for (size_t at = 0; at < hp_grid_count(grid); at++)
        labels[at] = random_unit(&seed) < chance;
    return labels;
}

HpVolume *random_volume(const HpGrid *grid, int low, int high, guint64 seed)
{
    HpVolume *volume = hp_volume_new(grid, NULL);
    for (size_t at = 0; at < hp_grid_count(grid); at++)
        volume->hu[at] = (int16_t)(low + (int)(random_unit(&seed) * (high - low)));
    return volume;
}

HpField *random_field(const HpGrid *grid, int low, int high, guint64 seed)
{
    HpField *field = hp_field_new(grid, NULL);
    for (size_t at = 0; at < hp_grid_count(grid); at++)
        field->value[at] = (float)(low + (int)(random_unit(&seed) * (high - low)));
    return field;
}
