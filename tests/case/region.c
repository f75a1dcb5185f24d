// SPDX-License-Identifier: Apache-2.0
// HU in a circle, against voxels counted by hand and by trying them all.
#include "case/region.h"

#include <math.h>
#include <string.h>

static void the_cross_of_five_is_counted(void)
{
    const HpGrid grid = hp_grid_new(5, 5, 2, 1, 1, 1);
    g_autoptr(HpVolume) volume = hp_volume_new(&grid, NULL);
    for (int at = 0; at < 50; at++)
        volume->hu[at] = (int16_t)at;
    // Voxels (2,1) (1,2) (2,2) (3,2) (2,3) of slice 1: 25 + 7, 11, 12, 13, 17. The rim counts.
    const HpRegion region =
        hp_region_measure(volume, HP_PLANE_AXIAL, 1, (const double[]){2, 2, 0.7}, 1);
    g_assert_cmpint(region.voxels, ==, 5);
    g_assert_cmpfloat(region.mean_hu, ==, 37);
    g_assert_cmpfloat_with_epsilon(region.deviation_hu, sqrt((25 + 1 + 0 + 1 + 25) / 4.0), 1e-12);
    g_assert_cmpint(region.low_hu, ==, 32);
    g_assert_cmpint(region.high_hu, ==, 42);
    g_assert_cmpfloat_with_epsilon(region.area_mm2, G_PI, 1e-12);
}

static void a_circle_is_round_where_voxels_are_not(void)
{
    // Coronal, 1 mm across and 4 mm up: a radius of 4 mm reaches 9 x 1 voxels and one above and below.
    const HpGrid grid = hp_grid_new(21, 3, 9, 1, 1, 4);
    g_autoptr(HpVolume) volume = hp_volume_new(&grid, NULL);
    const HpRegion region =
        hp_region_measure(volume, HP_PLANE_CORONAL, 1, (const double[]){10, 1, 16}, 4);
    g_assert_cmpint(region.voxels, ==, 11);
    g_assert_cmpfloat(region.mean_hu, ==, 0);
    g_assert_cmpfloat(region.deviation_hu, ==, 0);
}

static void what_lies_outside_the_volume_does_not_count(void)
{
    const HpGrid grid = hp_grid_new(4, 4, 1, 1, 1, 1);
    g_autoptr(HpVolume) volume = hp_volume_new(&grid, NULL);
    HpRegion region = hp_region_measure(volume, HP_PLANE_AXIAL, 0, (const double[]){0, 0, 0}, 1);
    g_assert_cmpint(region.voxels, ==, 3);
    region = hp_region_measure(volume, HP_PLANE_AXIAL, 0, (const double[]){-9, 0, 0}, 1);
    g_assert_cmpint(region.voxels, ==, 0);
    g_assert_true(isnan(region.mean_hu) && isnan(region.deviation_hu));
}

// The same by trying every voxel of the volume, in a tilted grid off the origin.
static void any_plane_of_any_grid_agrees_with_trying_all(void)
{
    HpGrid grid = hp_grid_new(13, 11, 9, 0.8, 1.1, 2.5);
    const double c = cos(0.3), s = sin(0.3);
    const double tilted[9] = {1, 0, 0, 0, c, -s, 0, s, c}, origin[3] = {-50, 20, 700};
    memcpy(grid.directions, tilted, sizeof tilted);
    memcpy(grid.origin_mm, origin, sizeof origin);
    g_autoptr(HpVolume) volume = hp_volume_new(&grid, NULL);
    for (size_t at = 0; at < hp_grid_count(&grid); at++)
        volume->hu[at] = (int16_t)(at * 7919 % 400 - 100);
    for (int plane = 0; plane < HP_PLANE_COUNT; plane++) {
        const int normal = hp_grid_axis(&grid, plane), slice = 4;
        double ijk[3] = {6.3, 5.2, 4.1}, middle[3], sum = 0;
        ijk[normal] = slice;
        hp_grid_to_mm(&grid, ijk, middle);
        int count = 0;
        for (int k = 0; k < 9; k++)
            for (int j = 0; j < 11; j++)
                for (int i = 0; i < 13; i++) {
                    double mm[3];
                    if ((int[]){i, j, k}[normal] != slice)
                        continue;
                    hp_grid_to_mm(&grid, (double[]){i, j, k}, mm);
                    if (hypot(hypot(mm[0] - middle[0], mm[1] - middle[1]), mm[2] - middle[2]) > 3.7)
                        continue;
                    count++;
                    sum += volume->hu[hp_grid_offset(&grid, i, j, k)];
                }
        const HpRegion region = hp_region_measure(volume, plane, slice, middle, 3.7);
        g_assert_cmpint(count, >, 8);
        g_assert_cmpint(region.voxels, ==, count);
        g_assert_cmpfloat_with_epsilon(region.mean_hu, sum / count, 1e-9);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define CASE(name) g_test_add_func("/region/" #name, name)
    CASE(the_cross_of_five_is_counted);
    CASE(a_circle_is_round_where_voxels_are_not);
    CASE(what_lies_outside_the_volume_does_not_count);
    CASE(any_plane_of_any_grid_agrees_with_trying_all);
    return g_test_run();
}
