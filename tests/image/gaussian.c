// SPDX-License-Identifier: Apache-2.0
// Gaussian blur: against the sum written out, on anisotropic grids, at borders, on 1 and 8 threads.
#include "image/gaussian.h"

#include "core/error.h"
#include "core/parallel.h"
#include "support/random.h"

#include <math.h>
#include <string.h>

// The definition: the normalised sum over all voxels within 4 sigma along each axis.
static double slow_gaussian(const HpField *in, double sigma_mm, int i, int j, int k)
{
    const int *size = in->grid.size;
    const double *h = in->grid.spacing_mm;
    double sum = 0, weights = 0;
    for (int z = 0; z < size[2]; z++)
        for (int y = 0; y < size[1]; y++)
            for (int x = 0; x < size[0]; x++) {
                const double mm[3] = {(x - i) * h[0], (y - j) * h[1], (z - k) * h[2]};
                double weight = 1;
                for (int axis = 0; axis < 3; axis++)
                    weight *= fabs(mm[axis]) <= 4 * sigma_mm + 1e-9
                                  ? exp(-0.5 * mm[axis] * mm[axis] / (sigma_mm * sigma_mm))
                                  : 0;
                weights += weight;
                sum += weight * in->value[hp_grid_offset(&in->grid, x, y, z)];
            }
    return sum / weights;
}

static void agrees_with_the_sum_written_out(void)
{
    const HpGrid grids[] = {random_grid(9, 8, 7, 0.75, 0.5, 2.5), random_grid(70, 3, 2, 0.7, 1, 5),
                            random_grid(1, 1, 11, 3, 1, 1), random_grid(1, 1, 1, 1, 1, 1)};
    for (int at = 0; at < 4; at++) {
        g_autoptr(HpField) in = random_field(&grids[at], -1000, 1000, 7);
        g_autoptr(HpField) out = hp_gaussian(in, 1.3, NULL, NULL);
        for (int k = 0; k < grids[at].size[2]; k++)
            for (int j = 0; j < grids[at].size[1]; j++)
                for (int i = 0; i < grids[at].size[0]; i++)
                    g_assert_cmpfloat_with_epsilon(out->value[hp_grid_offset(&grids[at], i, j, k)],
                                                   slow_gaussian(in, 1.3, i, j, k), 1e-2);
    }
}

static void a_constant_stays_and_zero_sigma_copies(void)
{
    const HpGrid grid = random_grid(40, 33, 12, 0.7, 0.7, 3);
    g_autoptr(HpVolume) volume = random_volume(&grid, 57, 58, 1);
    g_autoptr(HpField) blurred = hp_gaussian_volume(volume, 4, NULL, NULL);
    for (size_t at = 0; at < hp_grid_count(&grid); at++)
        g_assert_cmpfloat_with_epsilon(blurred->value[at], 57, 1e-4);
    g_autoptr(HpField) in = random_field(&grid, -1000, 3000, 2);
    g_autoptr(HpField) same = hp_gaussian(in, 0, NULL, NULL);
    g_assert_cmpmem(same->value, hp_grid_count(&grid) * sizeof(float), in->value,
                    hp_grid_count(&grid) * sizeof(float));
}

static void a_drop_keeps_its_mass_and_gets_the_variance(void)
{
    const HpGrid grid = random_grid(61, 61, 31, 0.5, 0.5, 1);
    g_autoptr(HpField) in = hp_field_new(&grid, NULL);
    in->value[hp_grid_offset(&grid, 30, 30, 15)] = 1000;
    g_autoptr(HpField) out = hp_gaussian(in, 2, NULL, NULL);
    double mass = 0, along_i = 0, along_k = 0;
    for (int k = 0; k < 31; k++)
        for (int j = 0; j < 61; j++)
            for (int i = 0; i < 61; i++) {
                const double value = out->value[hp_grid_offset(&grid, i, j, k)];
                mass += value;
                along_i += value * pow((i - 30) * 0.5, 2);
                along_k += value * pow((k - 15) * 1.0, 2);
            }
    g_assert_cmpfloat_with_epsilon(mass, 1000, 0.01);
    // A Gaussian cut off at 4 sigma has 0.1 % less variance.
    g_assert_cmpfloat_with_epsilon(along_i / mass, 4, 0.01);
    g_assert_cmpfloat_with_epsilon(along_k / mass, 4, 0.01);
}

static void in_place_rounds_the_field(void)
{
    const HpGrid grid = random_grid(67, 45, 90, 0.7, 0.9, 0.8);
    g_autoptr(HpVolume) volume = random_volume(&grid, -1024, 3071, 3);
    g_autoptr(HpField) field = hp_gaussian_volume(volume, 1.5, NULL, NULL);
    g_assert_true(hp_gaussian_into(volume, 1.5, volume, NULL, NULL));
    for (size_t at = 0; at < hp_grid_count(&grid); at++)
        g_assert_cmpfloat_with_epsilon(volume->hu[at], field->value[at], 0.5001);
}

static void threads_do_not_change_a_byte(void)
{
    const HpGrid grid = random_grid(75, 66, 80, 0.7, 0.9, 0.8);
    g_autoptr(HpVolume) volume = random_volume(&grid, -1024, 3071, 4);
    hp_parallel_set_threads(1);
    g_autoptr(HpField) one = hp_gaussian_volume(volume, 2, NULL, NULL);
    hp_parallel_set_threads(8);
    g_autoptr(HpField) eight = hp_gaussian_volume(volume, 2, NULL, NULL);
    const size_t bytes = hp_grid_count(&grid) * sizeof(float);
    g_assert_cmpmem(one->value, bytes, eight->value, bytes);
}

static void cancels(void)
{
    const HpGrid grid = random_grid(20, 20, 20, 1, 1, 1);
    g_autoptr(HpField) in = random_field(&grid, 0, 100, 5);
    g_autoptr(GError) error = NULL;
    HpTask task;
    hp_task_init(&task);
    hp_task_cancel(&task);
    g_assert_null(hp_gaussian(in, 1, &task, &error));
    g_assert_error(error, HP_ERROR, HP_ERROR_CANCELLED);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/gaussian/agrees-with-the-sum-written-out", agrees_with_the_sum_written_out);
    g_test_add_func("/gaussian/a-constant-stays-and-zero-sigma-copies",
                    a_constant_stays_and_zero_sigma_copies);
    g_test_add_func("/gaussian/a-drop-keeps-its-mass-and-gets-the-variance",
                    a_drop_keeps_its_mass_and_gets_the_variance);
    g_test_add_func("/gaussian/in-place-rounds-the-field", in_place_rounds_the_field);
    g_test_add_func("/gaussian/threads-do-not-change-a-byte", threads_do_not_change_a_byte);
    g_test_add_func("/gaussian/cancels", cancels);
    return g_test_run();
}
