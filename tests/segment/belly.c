// SPDX-License-Identifier: Apache-2.0
// A small analytic belly: a liver, what leans on it, and its one seed.
#include "segment/belly.h"

#include "core/contour.h"
#include "segment/seed.h"

#include <math.h>

void belly_clear(Belly *belly)
{
    hp_volume_unref(belly->volume);
    hp_mask_unref(belly->truth);
    g_ptr_array_unref(belly->seeds);
}
double egg(double x, double y, double z, double a, double b, double c)
{
    return x * x / (a * a) + y * y / (b * b) + z * z / (c * c);
}

Belly belly_new(int height)
{
    HpGrid grid = hp_grid_new(80, 64, height, 3, 3, 4);
    for (int axis = 0; axis < 3; axis++)
        grid.origin_mm[axis] = -1.5 * grid.size[axis] + (axis == 1 ? 300 : 0);
    Belly belly = {.volume = hp_volume_new(&grid, NULL),
                   .truth = hp_mask_new(&grid, NULL),
                   .seeds = hp_contours_new()};
    g_autoptr(GRand) random = g_rand_new_with_seed(4);
    for (int k = 0; k < height; k++)
        for (int j = 0; j < 64; j++)
            for (int i = 0; i < 80; i++) {
                const double x = (i - 39.5) * 3, y = (j - 31.5) * 3, z = (k - 17.5) * 4;
                double hu = -1000;
                if (egg(x, y, 0, 112, 88, 1) < 1)
                    hu = egg(x, y, 0, 104, 80, 1) < 1 ? egg(x, y, 0, 96, 72, 1) < 1 ? -90 : 55
                                                      : -100;
                if (egg(x - 65, y, z + 10, 26, 30, 30) < 1)
                    hu = 80;
                const bool is_liver =
                    egg(x + 20, y, z, 75, 60, 55) < 1 || egg(x + 25, y + 50, z + 8, 11, 26, 14) < 1;
                if (is_liver)
                    hu = 105;
                const double noise =
                    g_rand_double(random) + g_rand_double(random) + g_rand_double(random) - 1.5;
                belly.volume->hu[hp_grid_offset(&grid, i, j, k)] = (int16_t)lround(hu + 20 * noise);
                hp_mask_set(belly.truth, i, j, k, is_liver);
            }
    g_ptr_array_add(belly.seeds, hp_seed_from_mask(belly.truth, 0, NULL));
    return belly;
}

HpOrgan *segmented(const Belly *belly, const HpOrganInput *input, const HpParams *params)
{
    const HpParams defaults = hp_params_default();
    g_autoptr(GError) error = NULL;
    HpOrgan *organ = hp_organ_segment(belly->volume, belly->seeds, input,
                                      params ? params : &defaults, NULL, &error);
    g_assert_no_error(error);
    return organ;
}

size_t differing(const HpMask *a, const HpMask *b)
{
    g_autofree uint8_t *x = hp_mask_dup_labels(a, NULL);
    g_autofree uint8_t *y = hp_mask_dup_labels(b, NULL);
    size_t voxels = 0;
    for (size_t at = 0; at < hp_grid_count(hp_mask_get_grid(a)); at++)
        voxels += x[at] != y[at];
    return voxels;
}

HpMask *box_mask(const HpGrid *grid, const int lo[3], const int hi[3])
{
    HpMask *mask = hp_mask_new(grid, NULL);
    for (int k = lo[2]; k < hi[2]; k++)
        for (int j = lo[1]; j < hi[1]; j++)
            for (int i = lo[0]; i < hi[0]; i++)
                hp_mask_set(mask, i, j, k, 1);
    return mask;
}
