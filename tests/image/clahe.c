// SPDX-License-Identifier: Apache-2.0
// Local equalisation: gain 1 is the identity, the gain is a limit, tiles join without a seam.
#include "image/clahe.h"

#include "core/error.h"
#include "core/parallel.h"
#include "support/random.h"

#include <math.h>
#include <stdlib.h>

static void gain_of_one_is_the_identity(void)
{
    const int sizes[][3] = {{65, 43, 3}, {5, 3, 2}, {1, 1, 1}, {8, 100, 1}};
    for (int at = 0; at < 4; at++) {
        const HpGrid grid = random_grid(sizes[at][0], sizes[at][1], sizes[at][2], 0.7, 0.9, 5);
        g_autoptr(HpVolume) volume = random_volume(&grid, -300, 400, 3);
        g_autoptr(HpVolume) out = hp_volume_new(&grid, NULL);
        g_assert_true(hp_clahe(volume, -140, 260, 1, out, NULL, NULL));
        const size_t bytes = hp_grid_count(&grid) * sizeof(int16_t);
        g_assert_cmpmem(out->hu, bytes, volume->hu, bytes);
    }
}

static void values_outside_the_window_stay(void)
{
    const HpGrid grid = random_grid(65, 43, 3, 0.7, 0.9, 5);
    g_autoptr(HpVolume) volume = random_volume(&grid, -1000, 1000, 3);
    g_autoptr(HpVolume) out = hp_volume_new(&grid, NULL);
    g_assert_true(hp_clahe(volume, -140, 260, 4, out, NULL, NULL));
    for (size_t at = 0; at < hp_grid_count(&grid); at++)
        if (volume->hu[at] <= -140 || volume->hu[at] >= 260)
            g_assert_cmpint(out->hu[at], ==, volume->hu[at]);
        else
            g_assert_true(out->hu[at] >= -140 && out->hu[at] <= 260);
}

// A picture of one tile (repeated, so that all tiles agree) shows the curve itself.
static void steepest(double gain, double *most, double *least)
{
    const HpGrid grid = random_grid(512, 512, 1, 0.7, 0.7, 5);
    g_autoptr(HpVolume) volume = random_volume(&grid, 0, 1, 3);
    guint64 seed = 5;
    for (int j = 0; j < 512; j++)
        for (int i = 0; i < 512; i++) // half even over the window, half in a narrow peak
            volume->hu[j * 512 + i] = i >= 64 || j >= 64 ? volume->hu[j % 64 * 512 + i % 64]
                                      : random_next(&seed) % 2
                                          ? (int16_t)(-140 + random_unit(&seed) * 400)
                                          : (int16_t)(90 + random_unit(&seed) * 20);
    g_autoptr(HpVolume) out = hp_volume_new(&grid, NULL);
    g_assert_true(hp_clahe(volume, -140, 260, gain, out, NULL, NULL));
    double to[401] = {0};
    for (int at = 0; at < 512 * 512; at++)
        to[volume->hu[at] + 140] = out->hu[at];
    *most = 0, *least = INFINITY;
    for (int hu = 95; hu < 105; hu++)
        *most = MAX(*most, (to[hu + 145] - to[hu + 135]) / 10);
    for (int hu = -100; hu < 50; hu++)
        *least = MIN(*least, (to[hu + 160] - to[hu + 140]) / 20);
}

static void the_gain_is_a_limit(void)
{
    const double gains[] = {1.5, 2, 4, 8};
    for (int at = 0; at < 4; at++) {
        double most, least;
        steepest(gains[at], &most, &least);
        g_assert_cmpfloat(most, <=, gains[at] + 0.11); // rounding of both ends over 10 HU
        g_assert_cmpfloat(most, >=, 0.85 * gains[at]); // the peak would take a gain of 10
        g_assert_cmpfloat(least, >=, 0.3);             // the even half is not given up
    }
}

static void a_constant_picture_has_no_seams(void)
{
    // Tiles of other contents left and right: between their centres the curve changes gradually.
    const HpGrid grid = random_grid(256, 64, 1, 0.7, 0.7, 5);
    g_autoptr(HpVolume) volume = random_volume(&grid, 0, 100, 3);
    for (int j = 0; j < 64; j++)
        for (int i = 0; i < 256; i++)
            if (j % 2 == 0)
                volume->hu[j * 256 + i] = 60;
            else if (i >= 128)
                volume->hu[j * 256 + i] += 100;
    g_autoptr(HpVolume) out = hp_volume_new(&grid, NULL);
    g_assert_true(hp_clahe(volume, -140, 260, 3, out, NULL, NULL));
    for (int i = 0; i + 1 < 256; i++)
        g_assert_cmpint(abs(out->hu[i + 1] - out->hu[i]), <=, 6);
    g_assert_cmpint(abs(out->hu[0] - out->hu[255]), >, 40);
}

static void in_place_and_on_eight_threads_is_the_same(void)
{
    const HpGrid grid = random_grid(75, 66, 10, 0.7, 0.9, 0.8);
    g_autoptr(HpVolume) volume = random_volume(&grid, -300, 500, 4);
    g_autoptr(HpVolume) one = hp_volume_new(&grid, NULL);
    hp_parallel_set_threads(1);
    g_assert_true(hp_clahe(volume, -140, 260, 3, one, NULL, NULL));
    hp_parallel_set_threads(8);
    g_assert_true(hp_clahe(volume, -140, 260, 3, volume, NULL, NULL));
    const size_t bytes = hp_grid_count(&grid) * sizeof(int16_t);
    g_assert_cmpmem(one->hu, bytes, volume->hu, bytes);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/clahe/gain-of-one-is-the-identity", gain_of_one_is_the_identity);
    g_test_add_func("/clahe/values-outside-the-window-stay", values_outside_the_window_stay);
    g_test_add_func("/clahe/the-gain-is-a-limit", the_gain_is_a_limit);
    g_test_add_func("/clahe/a-constant-picture-has-no-seams", a_constant_picture_has_no_seams);
    g_test_add_func("/clahe/in-place-and-on-eight-threads-is-the-same",
                    in_place_and_on_eight_threads_is_the_same);
    return g_test_run();
}
