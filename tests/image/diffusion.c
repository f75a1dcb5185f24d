// SPDX-License-Identifier: Apache-2.0
// Curvature diffusion: against the equation written out in loops, and what it promises about edges.
#include "image/diffusion.h"

#include "core/error.h"
#include "core/parallel.h"
#include "image/gaussian.h"
#include "support/random.h"

#include <math.h>
#include <string.h>

static double at_clamped(const HpGrid *grid, const double *value, const int ijk[3])
{
    const int i = CLAMP(ijk[0], 0, grid->size[0] - 1), j = CLAMP(ijk[1], 0, grid->size[1] - 1);
    const int k = CLAMP(ijk[2], 0, grid->size[2] - 1);
    return value[hp_grid_offset(grid, i, j, k)];
}

// The value `by` voxels away along `axis`.
static double beside(const HpGrid *grid, const double *value, const int ijk[3], int axis, int by)
{
    int to[3] = {ijk[0], ijk[1], ijk[2]};
    to[axis] += by;
    return at_clamped(grid, value, to);
}

// g(|grad|) d/|grad| between a voxel and the next along `axis`.
static double slow_flow(const HpGrid *grid, const double *value, const int ijk[3], int axis)
{
    int next[3] = {ijk[0], ijk[1], ijk[2]};
    next[axis]++;
    const double across =
        (at_clamped(grid, value, next) - at_clamped(grid, value, ijk)) / grid->spacing_mm[axis];
    double squared = across * across + 1e-10;
    for (int other = 0; other < 3; other++) {
        if (other == axis)
            continue;
        // Beyond the border stands the border voxel.
        const int here[3] = {MAX(ijk[0], 0), MAX(ijk[1], 0), MAX(ijk[2], 0)};
        const double slope =
            (beside(grid, value, here, other, 1) - beside(grid, value, here, other, -1) +
             beside(grid, value, next, other, 1) - beside(grid, value, next, other, -1)) /
            (4 * grid->spacing_mm[other]);
        squared += slope * slope;
    }
    return across / sqrt(squared) * exp(-squared / (HP_DIFFUSION_K * HP_DIFFUSION_K));
}

static void slow_step(const HpGrid *grid, const double *value, double dt, double *out)
{
    for (int k = 0; k < grid->size[2]; k++)
        for (int j = 0; j < grid->size[1]; j++)
            for (int i = 0; i < grid->size[0]; i++) {
                const int ijk[3] = {i, j, k};
                double speed = 0, squared = 0;
                for (int axis = 0; axis < 3; axis++) {
                    int before[3] = {i, j, k};
                    before[axis]--;
                    speed +=
                        (slow_flow(grid, value, ijk, axis) - slow_flow(grid, value, before, axis)) /
                        grid->spacing_mm[axis];
                }
                const double here = at_clamped(grid, value, ijk);
                for (int axis = 0; axis < 3; axis++)
                    for (int by = -1; by <= 1; by += 2) {
                        const double rise =
                            (beside(grid, value, ijk, axis, by) - here) / grid->spacing_mm[axis];
                        const double used = speed > 0 ? MAX(rise, 0) : MIN(rise, 0);
                        squared += used * used;
                    }
                out[hp_grid_offset(grid, i, j, k)] = here + dt * speed * sqrt(squared);
            }
}

static void agrees_with_the_equation_written_out(void)
{
    const HpGrid grids[] = {random_grid(19, 40, 9, 1, 1.25, 2), random_grid(35, 6, 1, 2, 1, 1),
                            random_grid(2, 3, 12, 1, 1, 0.8)};
    for (int at = 0; at < 3; at++) {
        const HpGrid *grid = &grids[at];
        const size_t count = hp_grid_count(grid);
        g_autoptr(HpVolume) volume = random_volume(grid, 0, 60, 5);
        g_autoptr(HpVolume) out = hp_volume_new(grid, NULL);
        g_autofree double *value = g_new(double, count);
        g_autofree double *next = g_new(double, count);
        for (size_t voxel = 0; voxel < count; voxel++)
            value[voxel] = volume->hu[voxel];
        const double *h = grid->spacing_mm;
        const double dt = 0.0625 * pow(MIN(MIN(h[0], h[1]), h[2]), 2);
        for (int step = 0; step < 9; step++) {
            slow_step(grid, value, dt, next);
            memcpy(value, next, count * sizeof *value);
        }
        g_assert_true(hp_diffusion(volume, 9 * dt, out, NULL, NULL));
        for (size_t voxel = 0; voxel < count; voxel++)
            g_assert_cmpfloat_with_epsilon(out->hu[voxel], value[voxel], 0.51);
    }
}

static void no_time_and_no_structure_change_nothing(void)
{
    const HpGrid grid = random_grid(20, 21, 12, 0.7, 0.8, 1.5);
    const size_t bytes = hp_grid_count(&grid) * sizeof(int16_t);
    g_autoptr(HpVolume) out = hp_volume_new(&grid, NULL);
    g_autoptr(HpVolume) noise = random_volume(&grid, -1000, 1000, 1);
    g_assert_true(hp_diffusion(noise, 0, out, NULL, NULL));
    g_assert_cmpmem(out->hu, bytes, noise->hu, bytes);
    g_autoptr(HpVolume) flat = random_volume(&grid, 60, 61, 1);
    g_assert_true(hp_diffusion(flat, 2, out, NULL, NULL));
    g_assert_cmpmem(out->hu, bytes, flat->hu, bytes);
}

static double deviation(const HpVolume *volume, int i_from, int i_to)
{
    const int *size = volume->grid.size;
    double sum = 0, squares = 0, count = 0;
    for (int k = 4; k < size[2] - 4; k++)
        for (int j = 6; j < size[1] - 6; j++)
            for (int i = i_from; i < i_to; i++) {
                const double hu = volume->hu[hp_grid_offset(&volume->grid, i, j, k)];
                sum += hu;
                squares += hu * hu;
                count++;
            }
    return sqrt(squares / count - pow(sum / count, 2));
}

// The steepest rise of the mean profile across the edge, HU per voxel.
static double edge(const HpVolume *volume)
{
    const int *size = volume->grid.size;
    double best = 0;
    for (int i = 26; i < 38; i++) {
        double rise = 0;
        for (int k = 4; k < size[2] - 4; k++)
            for (int j = 6; j < size[1] - 6; j++)
                rise += volume->hu[hp_grid_offset(&volume->grid, i + 1, j, k)] -
                        volume->hu[hp_grid_offset(&volume->grid, i, j, k)];
        best = MAX(best, rise / ((size[1] - 12) * (size[2] - 8)));
    }
    return best;
}

static void keeps_an_edge_that_a_gaussian_loses(void)
{
    // 100 HU across an edge, and noise of 5 HU.
    const HpGrid grid = random_grid(64, 40, 24, 1, 1, 1);
    g_autoptr(HpVolume) volume = random_volume(&grid, 0, 1, 1);
    guint64 seed = 3;
    for (size_t at = 0; at < hp_grid_count(&grid); at++) {
        double noise = -6;
        for (int dice = 0; dice < 12; dice++) // nearly normal: twelve even ones
            noise += random_unit(&seed);
        volume->hu[at] = (int16_t)lrint(5 * noise + (at % 64 < 32 ? 0 : 100));
    }
    g_autoptr(HpVolume) diffused = hp_volume_new(&grid, NULL);
    g_assert_true(hp_diffusion(volume, 2, diffused, NULL, NULL));
    const double before = deviation(volume, 6, 26), after = deviation(diffused, 6, 26);
    g_assert_cmpfloat(after, <, 0.5 * before);

    // The Gaussian that leaves as much noise.
    g_autoptr(HpVolume) blurred = hp_volume_new(&grid, NULL);
    double low = 0.2, high = 4;
    for (int halving = 0; halving < 12; halving++) {
        const double sigma_mm = 0.5 * (low + high);
        g_assert_true(hp_gaussian_into(volume, sigma_mm, blurred, NULL, NULL));
        if (deviation(blurred, 6, 26) > after)
            low = sigma_mm;
        else
            high = sigma_mm;
    }
    g_test_message("noise %.2f -> %.2f HU; edge %.1f, diffused %.1f, blurred (%.2f mm) %.1f HU/mm",
                   before, after, edge(volume), edge(diffused), low, edge(blurred));
    g_assert_cmpfloat(edge(diffused), >, 0.9 * edge(volume));
    g_assert_cmpfloat(edge(blurred), <, 0.7 * edge(volume));
}

static void values_stay_within_their_range(void)
{
    const HpGrid grid = random_grid(30, 31, 20, 0.7, 0.8, 1.5);
    g_autoptr(HpVolume) strong = random_volume(&grid, -40, 60, 8);
    g_autoptr(HpVolume) weak = random_volume(&grid, 0, 16, 8);
    g_assert_true(hp_diffusion(strong, 4, strong, NULL, NULL)); // 131 steps: three passes
    g_assert_true(hp_diffusion(weak, 4, weak, NULL, NULL));
    int low, high;
    hp_volume_range(strong, &low, &high);
    g_assert_cmpint(low, >=, -40);
    g_assert_cmpint(high, <, 60);
    hp_volume_range(weak, &low, &high);
    g_assert_cmpint(low, >=, 4);
    g_assert_cmpint(high, <, 12);
}

static void threads_do_not_change_a_byte(void)
{
    const HpGrid grid = random_grid(45, 66, 20, 0.7, 0.9, 0.8);
    g_autoptr(HpVolume) volume = random_volume(&grid, -30, 60, 4);
    g_autoptr(HpVolume) one = hp_volume_new(&grid, NULL);
    hp_parallel_set_threads(1);
    g_assert_true(hp_diffusion(volume, 0.5, one, NULL, NULL));
    hp_parallel_set_threads(8);
    g_assert_true(hp_diffusion(volume, 0.5, volume, NULL, NULL));
    const size_t bytes = hp_grid_count(&grid) * sizeof(int16_t);
    g_assert_cmpmem(one->hu, bytes, volume->hu, bytes);
}

static void cancels(void)
{
    const HpGrid grid = random_grid(20, 20, 20, 1, 1, 1);
    g_autoptr(HpVolume) volume = random_volume(&grid, 0, 100, 5);
    g_autoptr(GError) error = NULL;
    HpTask task;
    hp_task_init(&task);
    hp_task_cancel(&task);
    g_assert_false(hp_diffusion(volume, 1, volume, &task, &error));
    g_assert_error(error, HP_ERROR, HP_ERROR_CANCELLED);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/diffusion/agrees-with-the-equation-written-out",
                    agrees_with_the_equation_written_out);
    g_test_add_func("/diffusion/no-time-and-no-structure-change-nothing",
                    no_time_and_no_structure_change_nothing);
    g_test_add_func("/diffusion/keeps-an-edge-that-a-gaussian-loses",
                    keeps_an_edge_that_a_gaussian_loses);
    g_test_add_func("/diffusion/values-stay-within-their-range", values_stay_within_their_range);
    g_test_add_func("/diffusion/threads-do-not-change-a-byte", threads_do_not_change_a_byte);
    g_test_add_func("/diffusion/cancels", cancels);
    return g_test_run();
}
