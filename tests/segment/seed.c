// SPDX-License-Identifier: Apache-2.0
// Seeds: made from a mask, taken from points, and refused with the fact that is wrong.
#include "core/error.h"
#include "segment/seed.h"
#include "support/picture.h"

#include <math.h>
#include <string.h>

// Discs of radius 24 mm (slices 2 and 4) and 30 mm (slice 3), and an island, on an oblique grid.
static HpMask *discs(void)
{
    HpGrid grid = hp_grid_new(90, 60, 7, 0.8, 1.2, 4);
    const double c = cos(0.2), s = sin(0.2), tilted[9] = {1, 0, 0, 0, c, -s, 0, s, c};
    memcpy(grid.directions, tilted, sizeof tilted);
    grid.origin_mm[2] = -500;
    HpMask *mask = hp_mask_new(&grid, NULL);
    for (int k = 2; k <= 4; k++)
        for (int j = 0; j < 60; j++)
            for (int i = 0; i < 90; i++) {
                const double radius = hypot(0.8 * i - 33, 1.2 * j - 35);
                if (radius < (k == 3 ? 30 : 24) || (k == 2 && i > 80 && j < 5))
                    hp_mask_set(mask, i, j, k, 1);
            }
    return mask;
}

static void seed_of_a_mask_is_the_largest_slice_eroded_by_10_mm(void)
{
    g_autoptr(HpMask) mask = discs();
    const HpGrid *grid = hp_mask_get_grid(mask);
    g_autoptr(GError) error = NULL;
    g_autoptr(HpContour) seed = hp_seed_from_mask(mask, 1, &error);
    g_assert_no_error(error);
    g_assert_cmpint(seed->plane, ==, HP_PLANE_AXIAL);
    g_assert_cmpint(seed->slice, ==, 3);
    // The outline runs between pixel centres: half a millimetre of the 20 mm radius is 5 %.
    g_assert_cmpfloat_with_epsilon(hp_contour_area_mm2(seed), G_PI * 20 * 20, 63);
    for (int at = 0; at < seed->count; at++) {
        double a, b, slice;
        hp_slice_from_mm(grid, HP_PLANE_AXIAL, seed->mm[at], &a, &b, &slice);
        g_assert_cmpfloat_with_epsilon(slice, 3, 1e-9);
        g_assert_cmpfloat_with_epsilon(hypot(a - 33, b - 35), 20, 1);
    }
    g_assert_true(hp_seed_check(seed, grid, &error));
    g_assert_no_error(error);
}

static void empty_and_thin_masks_give_no_seed(void)
{
    g_autoptr(GError) error = NULL, thin_error = NULL, label_error = NULL;
    g_autoptr(HpMask) empty = picture("...\n...\n"), thin = picture("###\n###\n"), mask = discs();
    g_assert_null(hp_seed_from_mask(empty, 0, &error));
    g_assert_error(error, HP_ERROR, HP_ERROR_NO_RESULT);
    g_assert_null(hp_seed_from_mask(thin, 0, &thin_error));
    g_assert_error(thin_error, HP_ERROR, HP_ERROR_NO_RESULT);
    g_assert_null(hp_seed_from_mask(mask, 7, &label_error));
    g_assert_error(label_error, HP_ERROR, HP_ERROR_NO_RESULT);
}

static void given_points_become_a_closed_contour_on_their_slice(void)
{
    const HpGrid grid = hp_grid_new(50, 50, 20, 1, 1, 2.5);
    // Clockwise, closed by repeating the first point, 0.4 mm off its slice.
    const double mm[5][3] = {
        {10, 10, 20.4}, {10, 30, 20.4}, {30, 30, 20.4}, {30, 10, 20.4}, {10, 10, 20.4}};
    g_autoptr(GError) error = NULL;
    g_autoptr(HpContour) seed = hp_seed_new(&grid, HP_PLANE_AXIAL, mm, 5, &error);
    g_assert_no_error(error);
    g_assert_cmpint(seed->count, ==, 4);
    g_assert_cmpint(seed->slice, ==, 8);
    g_assert_cmpfloat_with_epsilon(seed->mm[0][2], 20, 1e-9);
    g_assert_cmpfloat_with_epsilon(hp_contour_area_mm2(seed), 400, 1e-9);
}

static void assert_refused(HpPlane plane, const double (*mm)[3], int count, const char *words)
{
    const HpGrid grid = hp_grid_new(50, 50, 20, 1, 1, 2.5);
    g_autoptr(GError) error = NULL;
    g_assert_null(hp_seed_new(&grid, plane, mm, count, &error));
    g_assert_error(error, HP_ERROR, HP_ERROR_BAD_FILE);
    if (strstr(error->message, words) == NULL)
        g_error("'%s' does not say '%s'", error->message, words);
}

static void wrong_seeds_are_refused_by_name(void)
{
    const double good[4][3] = {{10, 10, 20}, {30, 10, 20}, {30, 30, 20}, {10, 30, 20}};
    double bad[4][3];
    assert_refused(HP_PLANE_AXIAL, good, 2, "2 points");
    assert_refused(HP_PLANE_AXIAL, good, 0, "0 points");
    assert_refused(HP_PLANE_CORONAL, good, 4, "expected one slice");
    assert_refused((HpPlane)7, good, 4, "plane 7");

    memcpy(bad, good, sizeof bad);
    bad[2][1] = NAN;
    assert_refused(HP_PLANE_AXIAL, bad, 4, "not finite");

    memcpy(bad, good, sizeof bad);
    bad[2][0] = 64;
    assert_refused(HP_PLANE_AXIAL, bad, 4, "point 2");

    memcpy(bad, good, sizeof bad);
    for (int at = 0; at < 4; at++)
        bad[at][2] = 60;
    assert_refused(HP_PLANE_AXIAL, bad, 4, "slice 24.00, expected 0 to 19");

    memcpy(bad, good, sizeof bad);
    memcpy(bad[1], good[2], sizeof bad[1]);
    memcpy(bad[2], good[1], sizeof bad[2]);
    bad[3][1] = 35; // a bow tie whose two halves differ
    assert_refused(HP_PLANE_AXIAL, bad, 4, "crosses itself");

    const double thin[3][3] = {{10, 10, 20}, {30, 10, 20}, {30, 10.1, 20}};
    assert_refused(HP_PLANE_AXIAL, thin, 3, "encloses 1.0 mm2");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/seed/seed_of_a_mask_is_the_largest_slice_eroded_by_10_mm",
                    seed_of_a_mask_is_the_largest_slice_eroded_by_10_mm);
    g_test_add_func("/seed/empty_and_thin_masks_give_no_seed", empty_and_thin_masks_give_no_seed);
    g_test_add_func("/seed/given_points_become_a_closed_contour_on_their_slice",
                    given_points_become_a_closed_contour_on_their_slice);
    g_test_add_func("/seed/wrong_seeds_are_refused_by_name", wrong_seeds_are_refused_by_name);
    return g_test_run();
}
