// SPDX-License-Identifier: Apache-2.0
// Gradient magnitude: against differences written out, exact on ramps, per millimetre.
#include "image/gradient.h"

#include "core/parallel.h"
#include "support/random.h"

#include <math.h>

static double slow_gradient(const HpField *in, int i, int j, int k)
{
    double squared = 0;
    for (int axis = 0; axis < 3; axis++) {
        int before[3] = {i, j, k}, after[3] = {i, j, k};
        before[axis] = MAX(before[axis] - 1, 0);
        after[axis] = MIN(after[axis] + 1, in->grid.size[axis] - 1);
        if (after[axis] == before[axis])
            continue;
        const double rise = in->value[hp_grid_offset(&in->grid, after[0], after[1], after[2])] -
                            in->value[hp_grid_offset(&in->grid, before[0], before[1], before[2])];
        squared += pow(rise / ((after[axis] - before[axis]) * in->grid.spacing_mm[axis]), 2);
    }
    return sqrt(squared);
}

static void agrees_with_differences_written_out(void)
{
    const int sizes[][3] = {{19, 8, 7}, {1, 5, 4}, {2, 1, 1}, {1, 1, 1}, {40, 2, 3}};
    for (int at = 0; at < 5; at++) {
        const HpGrid grid = random_grid(sizes[at][0], sizes[at][1], sizes[at][2], 0.7, 0.9, 2.5);
        g_autoptr(HpField) in = random_field(&grid, -1000, 1000, at);
        g_autoptr(HpField) out = hp_gradient(in, NULL, NULL);
        for (int k = 0; k < grid.size[2]; k++)
            for (int j = 0; j < grid.size[1]; j++)
                for (int i = 0; i < grid.size[0]; i++)
                    g_assert_cmpfloat_with_epsilon(out->value[hp_grid_offset(&grid, i, j, k)],
                                                   slow_gradient(in, i, j, k), 1e-2);
    }
}

static void a_ramp_has_its_slope_everywhere(void)
{
    const HpGrid grid = random_grid(12, 9, 8, 0.75, 0.8, 5);
    g_autoptr(HpField) in = hp_field_new(&grid, NULL);
    for (int k = 0; k < 8; k++)
        for (int j = 0; j < 9; j++)
            for (int i = 0; i < 12; i++) {
                double mm[3];
                hp_grid_to_mm(&grid, (double[3]){i, j, k}, mm);
                in->value[hp_grid_offset(&grid, i, j, k)] =
                    (float)(3 * mm[0] + 2 * mm[1] - 6 * mm[2] - 5000);
            }
    g_autoptr(HpField) out = hp_gradient(in, NULL, NULL);
    for (size_t at = 0; at < hp_grid_count(&grid); at++)
        g_assert_cmpfloat_with_epsilon(out->value[at], 7, 2e-3);
}

static void threads_do_not_change_a_byte(void)
{
    const HpGrid grid = random_grid(45, 66, 40, 0.7, 0.9, 0.8);
    g_autoptr(HpField) in = random_field(&grid, -1000, 1000, 3);
    hp_parallel_set_threads(1);
    g_autoptr(HpField) one = hp_gradient(in, NULL, NULL);
    hp_parallel_set_threads(8);
    g_autoptr(HpField) eight = hp_gradient(in, NULL, NULL);
    const size_t bytes = hp_grid_count(&grid) * sizeof(float);
    g_assert_cmpmem(one->value, bytes, eight->value, bytes);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/gradient/agrees-with-differences-written-out",
                    agrees_with_differences_written_out);
    g_test_add_func("/gradient/a-ramp-has-its-slope-everywhere", a_ramp_has_its_slope_everywhere);
    g_test_add_func("/gradient/threads-do-not-change-a-byte", threads_do_not_change_a_byte);
    return g_test_run();
}
