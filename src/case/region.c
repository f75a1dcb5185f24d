// SPDX-License-Identifier: Apache-2.0
// What the HU in a circle on one slice are.
#include "case/region.h"

#include "core/contour.h"

#include <math.h>

HpRegion hp_region_measure(const HpVolume *volume, HpPlane plane, int slice,
                           const double middle_mm[3], double radius_mm)
{
    const HpGrid *grid = &volume->grid;
    HpRegion region = {.mean_hu = NAN,
                       .deviation_hu = NAN,
                       .low_hu = INT16_MAX,
                       .high_hu = INT16_MIN,
                       .area_mm2 = G_PI * radius_mm * radius_mm};
    double middle[3];
    int u, v;
    hp_plane_axes(grid, plane, &u, &v);
    hp_grid_to_ijk(grid, middle_mm, middle);
    int from[3], to[3]; // the box round the circle; `to` is the last
    for (int axis = 0; axis < 3; axis++) {
        const double reach = radius_mm / grid->spacing_mm[axis];
        const bool is_through = axis != u && axis != v;
        from[axis] = is_through ? slice : (int)fmax(ceil(middle[axis] - reach), 0);
        to[axis] =
            is_through ? slice : (int)fmin(floor(middle[axis] + reach), grid->size[axis] - 1);
    }
    double sum = 0, squares = 0;
    for (int k = from[2]; k <= to[2]; k++)
        for (int j = from[1]; j <= to[1]; j++)
            for (int i = from[0]; i <= to[0]; i++) {
                const int at[3] = {i, j, k};
                const double a = (at[u] - middle[u]) * grid->spacing_mm[u];
                const double b = (at[v] - middle[v]) * grid->spacing_mm[v];
                if (a * a + b * b > radius_mm * radius_mm * (1 + 1e-12))
                    continue;
                const int hu = volume->hu[hp_grid_offset(grid, i, j, k)];
                region.voxels++;
                region.low_hu = MIN(region.low_hu, hu);
                region.high_hu = MAX(region.high_hu, hu);
                sum += hu;
                squares += (double)hu * hu; // whole numbers below 2^53: exact
            }
    if (region.voxels > 0)
        region.mean_hu = sum / region.voxels;
    if (region.voxels > 1)
        region.deviation_hu =
            sqrt(fmax(squares - sum * sum / region.voxels, 0) / (region.voxels - 1));
    return region;
}
