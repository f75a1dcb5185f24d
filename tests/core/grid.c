// SPDX-License-Identifier: Apache-2.0
// Laws of grids: there and back again, planes on any orientation, crops and resampled boxes.
#include "core/error.h"
#include "core/grid.h"

#include <math.h>
#include <string.h>

static HpGrid oblique(void)
{
    HpGrid grid = hp_grid_new(5, 7, 9, 0.75, 0.8, 5);
    const double c = cos(0.35), s = sin(0.35);
    const double tilted[9] = {1, 0, 0, 0, c, -s, 0, s, c};
    memcpy(grid.directions, tilted, sizeof tilted);
    grid.origin_mm[0] = -120.5;
    grid.origin_mm[2] = 1112;
    return grid;
}

static void voxel_to_world_and_back(void)
{
    const HpGrid grid = oblique();
    const double ijk[3] = {1.25, -3, 7.5};
    double mm[3], back[3];
    hp_grid_to_mm(&grid, ijk, mm);
    hp_grid_to_ijk(&grid, mm, back);
    for (int axis = 0; axis < 3; axis++)
        g_assert_cmpfloat_with_epsilon(back[axis], ijk[axis], 1e-10);
    // One step along k is 5 mm along the tilted normal.
    double next[3];
    hp_grid_to_mm(&grid, (double[3]){1.25, -3, 8.5}, next);
    g_assert_cmpfloat_with_epsilon(next[1] - mm[1], -5 * sin(0.35), 1e-10);
    g_assert_cmpfloat_with_epsilon(next[2] - mm[2], 5 * cos(0.35), 1e-10);
}

static void sheared_directions_are_refused(void)
{
    g_autoptr(GError) error = NULL;
    HpGrid grid = oblique();
    g_assert_true(hp_grid_validate(&grid, &error));
    grid.directions[1] = 0.01;
    g_assert_false(hp_grid_validate(&grid, &error));
    g_assert_error(error, HP_ERROR, HP_ERROR_BAD_FILE);
    g_assert_nonnull(strstr(error->message, "dot product"));
}

static void impossible_spacing_is_refused(void)
{
    const double wrong[] = {0, -1, NAN, INFINITY, 1e300};
    for (size_t at = 0; at < G_N_ELEMENTS(wrong); at++) {
        g_autoptr(GError) error = NULL;
        HpGrid grid = hp_grid_new(2, 2, 2, 1, wrong[at], 1);
        g_assert_false(hp_grid_validate(&grid, &error));
        g_assert_error(error, HP_ERROR, HP_ERROR_BAD_FILE);
    }
}

static void planes_find_their_axes(void)
{
    HpGrid grid = oblique();
    g_assert_cmpint(hp_grid_axis(&grid, HP_PLANE_AXIAL), ==, 2);
    g_assert_cmpint(hp_grid_axis(&grid, HP_PLANE_CORONAL), ==, 1);
    g_assert_cmpint(hp_grid_axis(&grid, HP_PLANE_SAGITTAL), ==, 0);
    // A coronal stack: columns to the left, rows to the feet, slices to the back.
    const double coronal[9] = {1, 0, 0, 0, 0, 1, 0, -1, 0};
    memcpy(grid.directions, coronal, sizeof coronal);
    g_assert_cmpint(hp_grid_axis(&grid, HP_PLANE_AXIAL), ==, 1);
    g_assert_cmpint(hp_grid_axis(&grid, HP_PLANE_CORONAL), ==, 2);
    g_assert_cmpint(hp_grid_axis(&grid, HP_PLANE_SAGITTAL), ==, 0);
}

static void equality_sees_single_slice_spacing(void)
{
    const HpGrid a = hp_grid_new(4, 4, 1, 1, 1, 2);
    HpGrid b = a;
    g_assert_true(hp_grid_equal(&a, &b, 1e-6));
    b.spacing_mm[2] = 5;
    g_assert_false(hp_grid_equal(&a, &b, 1e-6));
}

static void resampled_box_keeps_its_centre(void)
{
    const HpGrid grid = oblique();
    const double spacing[3] = {1.5, 1.5, 3};
    const HpGrid other = hp_grid_resampled(&grid, spacing);
    double a[3], b[3];
    hp_grid_to_mm(&grid, (double[3]){2, 3, 4}, a);
    hp_grid_to_mm(&other,
                  (double[3]){(other.size[0] - 1) / 2.0, (other.size[1] - 1) / 2.0,
                              (other.size[2] - 1) / 2.0},
                  b);
    for (int axis = 0; axis < 3; axis++) {
        g_assert_cmpfloat_with_epsilon(a[axis], b[axis], 1e-9);
        g_assert_true(other.size[axis] * spacing[axis] >=
                      grid.size[axis] * grid.spacing_mm[axis] - 1e-6);
    }
}

static void crop_stays_in_place(void)
{
    const HpGrid grid = oblique();
    const HpGrid part = hp_grid_crop(&grid, (int[3]){1, 2, 3}, (int[3]){2, 2, 2});
    double a[3], b[3];
    hp_grid_to_mm(&grid, (double[3]){2, 3, 4}, a);
    hp_grid_to_mm(&part, (double[3]){1, 1, 1}, b);
    for (int axis = 0; axis < 3; axis++)
        g_assert_cmpfloat_with_epsilon(a[axis], b[axis], 1e-10);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/grid/voxel_to_world_and_back", voxel_to_world_and_back);
    g_test_add_func("/grid/sheared_directions_are_refused", sheared_directions_are_refused);
    g_test_add_func("/grid/impossible_spacing_is_refused", impossible_spacing_is_refused);
    g_test_add_func("/grid/planes_find_their_axes", planes_find_their_axes);
    g_test_add_func("/grid/equality_sees_single_slice_spacing", equality_sees_single_slice_spacing);
    g_test_add_func("/grid/resampled_box_keeps_its_centre", resampled_box_keeps_its_centre);
    g_test_add_func("/grid/crop_stays_in_place", crop_stays_in_place);
    return g_test_run();
}
