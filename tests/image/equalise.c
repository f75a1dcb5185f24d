// SPDX-License-Identifier: Apache-2.0
// Equalisation, contrast and their curves: outside the window nothing changes, nothing falls.
#include "image/equalise.h"

#include "core/parallel.h"
#include "image/body.h"
#include "image/contrast.h"
#include "support/random.h"

#include <math.h>

// Air around a ball of "liver", with a slab of table below that must not count.
static HpVolume *patient(int air_hu)
{
    const HpGrid grid = random_grid(60, 60, 30, 2, 2, 4);
    HpVolume *volume = random_volume(&grid, 0, 80, 3);
    for (int k = 0; k < 30; k++)
        for (int j = 0; j < 60; j++)
            for (int i = 0; i < 60; i++) {
                const size_t at = hp_grid_offset(&grid, i, j, k);
                const bool is_table = j >= 56 && j < 58;
                const double mm = hypot(hypot((i - 30) * 2, (j - 27) * 2), (k - 15) * 4);
                if (is_table)
                    volume->hu[at] = 200;
                else if (mm > 45)
                    volume->hu[at] = (int16_t)air_hu;
            }
    return volume;
}

static void the_table_is_no_part_of_the_body(void)
{
    const int airs[] = {-1000, -160};
    for (int at = 0; at < 2; at++) {
        g_autoptr(HpVolume) volume = patient(airs[at]);
        HpGrid grid;
        g_autofree uint8_t *body = hp_body_find(volume, &grid, NULL, NULL);
        double inside = 0;
        for (int k = 0; k < grid.size[2]; k++)
            for (int j = 0; j < grid.size[1]; j++)
                for (int i = 0; i < grid.size[0]; i++) {
                    inside += body[hp_grid_offset(&grid, i, j, k)];
                    double mm[3], ijk[3];
                    hp_grid_to_mm(&grid, (double[3]){i, j, k}, mm);
                    hp_grid_to_ijk(&volume->grid, mm, ijk);
                    if (ijk[1] > 55)
                        g_assert_cmpint(body[hp_grid_offset(&grid, i, j, k)], ==, 0);
                }
        // The ball has 381.7 ml; it may grow by a millimetre and the steps of a 3 mm grid.
        const double ml = inside * hp_grid_voxel_mm3(&grid) / 1000;
        g_assert_cmpfloat(ml, >, 360);
        g_assert_cmpfloat(ml, <, 450);
    }
}

static void an_empty_scan_has_no_body(void)
{
    const HpGrid grid = random_grid(20, 20, 20, 2, 2, 4);
    g_autoptr(HpVolume) air = random_volume(&grid, -1000, -990, 1);
    HpGrid coarse;
    g_autofree uint8_t *body = hp_body_find(air, &coarse, NULL, NULL);
    for (size_t at = 0; at < hp_grid_count(&coarse); at++)
        g_assert_cmpint(body[at], ==, 0);
    g_autoptr(HpCurve) curve = hp_equalise_curve(air, -140, 260, 1, NULL, NULL);
    for (int hu = -1100; hu < 1000; hu++)
        g_assert_cmpfloat(hp_curve_map(curve, hu), ==, hu);
}

static void no_amount_is_the_identity(void)
{
    g_autoptr(HpVolume) volume = patient(-1000);
    g_autoptr(HpCurve) curve = hp_equalise_curve(volume, -140, 260, 0, NULL, NULL);
    g_autoptr(HpVolume) out = hp_volume_new(&volume->grid, NULL);
    g_assert_true(hp_curve_apply(curve, volume, out, NULL, NULL));
    const size_t bytes = hp_grid_count(&volume->grid) * sizeof(int16_t);
    g_assert_cmpmem(out->hu, bytes, volume->hu, bytes);
}

static void the_curve_never_falls_and_keeps_what_is_outside(void)
{
    const int airs[] = {-1000, -160};
    for (int at = 0; at < 8; at++) {
        g_autoptr(HpVolume) volume = patient(airs[at % 2]);
        const double amount = 0.25 * (1 + at / 2);
        g_autoptr(HpCurve) curve = hp_equalise_curve(volume, -140, 260, amount, NULL, NULL);
        for (int hu = -32768; hu < 32767; hu++) {
            const double v = hp_curve_map(curve, hu);
            g_assert_cmpfloat(v, <=, hp_curve_map(curve, hu + 1));
            if (hu <= -140 || hu >= 260)
                g_assert_cmpfloat(v, ==, hu);
            else
                g_assert_true(v >= -140 && v <= 260);
        }
        g_assert_cmpfloat(hp_curve_map(curve, -1000.5), ==, -1000.5);
        g_assert_true(isnan(hp_curve_map(curve, NAN)));
    }
}

static void full_amount_flattens_the_histogram_of_the_body(void)
{
    // In the ball 0..79 HU are equally frequent: they spread over the whole window, 5 HU apart.
    g_autoptr(HpVolume) volume = patient(-1000);
    g_autoptr(HpCurve) curve = hp_equalise_curve(volume, -140, 260, 1, NULL, NULL);
    for (int hu = 0; hu < 80; hu++)
        g_assert_cmpfloat_with_epsilon(hp_curve_map(curve, hu), -140 + 400 * (hu + 0.5) / 80, 4);
    g_autoptr(HpCurve) half = hp_equalise_curve(volume, -140, 260, 0.5, NULL, NULL);
    g_assert_cmpfloat_with_epsilon(hp_curve_map(half, 33), 0.5 * 33 + 0.5 * hp_curve_map(curve, 33),
                                   1e-3);
}

static void saturated_ends_do_not_use_up_the_greys(void)
{
    // Cut to [-160, 240]: whatever the window, the ball's values keep the same curve.
    g_autoptr(HpVolume) whole = patient(-1000);
    g_autoptr(HpVolume) cut = patient(-160);
    g_autoptr(HpCurve) a = hp_equalise_curve(whole, -160, 240, 1, NULL, NULL);
    g_autoptr(HpCurve) b = hp_equalise_curve(cut, -160, 240, 1, NULL, NULL);
    for (int hu = -160; hu <= 240; hu++)
        g_assert_cmpfloat_with_epsilon(hp_curve_map(a, hu), hp_curve_map(b, hu), 2);
}

static void contrast_turns_about_the_centre(void)
{
    g_autoptr(HpCurve) curve = hp_contrast_curve(-140, 260, 2, 7);
    g_assert_cmpfloat_with_epsilon(hp_curve_map(curve, 60), 67, 1e-4);
    g_assert_cmpfloat_with_epsilon(hp_curve_map(curve, 70), 87, 1e-4);
    g_assert_cmpfloat_with_epsilon(hp_curve_map(curve, 70.25), 87.5, 1e-3);
    const HpGrid grid = random_grid(3, 1, 1, 1, 1, 1);
    g_autoptr(HpVolume) volume = random_volume(&grid, 0, 1, 1);
    volume->hu[0] = 32767;
    volume->hu[1] = -32768;
    volume->hu[2] = 60;
    g_assert_true(hp_curve_apply(curve, volume, volume, NULL, NULL));
    g_assert_cmpint(volume->hu[0], ==, 32767);
    g_assert_cmpint(volume->hu[1], ==, -32768);
    g_assert_cmpint(volume->hu[2], ==, 67);
}

static void curves_follow_each_other(void)
{
    g_autoptr(HpCurve) first = hp_contrast_curve(0, 100, 2, 0);
    g_autoptr(HpCurve) second = hp_contrast_curve(0, 100, 0.5, 3);
    hp_curve_append(first, second);
    for (int hu = -1000; hu < 1000; hu++)
        g_assert_cmpfloat_with_epsilon(hp_curve_map(first, hu), hu + 3, 1e-3);
}

static void threads_do_not_change_a_byte(void)
{
    g_autoptr(HpVolume) volume = patient(-1000);
    hp_parallel_set_threads(1);
    g_autoptr(HpCurve) one = hp_equalise_curve(volume, -140, 260, 1, NULL, NULL);
    hp_parallel_set_threads(8);
    g_autoptr(HpCurve) eight = hp_equalise_curve(volume, -140, 260, 1, NULL, NULL);
    g_assert_cmpmem(one->hu, sizeof one->hu, eight->hu, sizeof eight->hu);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/equalise/the-table-is-no-part-of-the-body", the_table_is_no_part_of_the_body);
    g_test_add_func("/equalise/an-empty-scan-has-no-body", an_empty_scan_has_no_body);
    g_test_add_func("/equalise/no-amount-is-the-identity", no_amount_is_the_identity);
    g_test_add_func("/equalise/the-curve-never-falls-and-keeps-what-is-outside",
                    the_curve_never_falls_and_keeps_what_is_outside);
    g_test_add_func("/equalise/full-amount-flattens-the-histogram-of-the-body",
                    full_amount_flattens_the_histogram_of_the_body);
    g_test_add_func("/equalise/saturated-ends-do-not-use-up-the-greys",
                    saturated_ends_do_not_use_up_the_greys);
    g_test_add_func("/equalise/contrast-turns-about-the-centre", contrast_turns_about_the_centre);
    g_test_add_func("/equalise/curves-follow-each-other", curves_follow_each_other);
    g_test_add_func("/equalise/threads-do-not-change-a-byte", threads_do_not_change_a_byte);
    return g_test_run();
}
