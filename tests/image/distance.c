// SPDX-License-Identifier: Apache-2.0
// Distance transforms: against all pairs of voxels, on anisotropic grids, limited and not.
#include "image/distance.h"

#include "core/error.h"
#include "core/parallel.h"
#include "support/random.h"

#include <math.h>

// From the centre of voxel `from` to the nearest voxel for which is_set == wanted: to its centre, or
// to its box.
static double slow_distance(const uint8_t *labels, const HpGrid *grid, size_t from, bool wanted,
                            bool is_box)
{
    const int ni = grid->size[0], nj = grid->size[1];
    double best = INFINITY;
    for (size_t to = 0; to < hp_grid_count(grid); to++) {
        if ((labels[to] != 0) != wanted)
            continue;
        const int away[3] = {(int)(to % ni) - (int)(from % ni),
                             (int)(to / ni % nj) - (int)(from / ni % nj),
                             (int)(to / ni / nj) - (int)(from / ni / nj)};
        double squared = 0;
        for (int axis = 0; axis < 3; axis++) {
            const double voxels = MAX(abs(away[axis]) - (is_box ? 0.5 : 0), 0);
            squared += pow(voxels * grid->spacing_mm[axis], 2);
        }
        best = MIN(best, sqrt(squared));
    }
    return best;
}

static void check(const HpGrid *grid, const uint8_t *labels, double max_mm)
{
    g_autoptr(HpField) outside = hp_distance_outside(labels, grid, 0, max_mm, NULL, NULL);
    g_autoptr(HpField) inside = hp_distance_inside(labels, grid, 0, max_mm, NULL, NULL);
    g_autoptr(HpField) both = hp_distance_signed(labels, grid, 0, max_mm, NULL, NULL);
    for (size_t at = 0; at < hp_grid_count(grid); at++) {
        const double out = MIN(slow_distance(labels, grid, at, true, false), max_mm);
        const double in = MIN(slow_distance(labels, grid, at, false, false), max_mm);
        const double box = MIN(slow_distance(labels, grid, at, labels[at] == 0, true), max_mm);
        const double expected[3] = {out, in, labels[at] != 0 ? -box : box};
        const float got[3] = {outside->value[at], inside->value[at], both->value[at]};
        for (int kind = 0; kind < 3; kind++)
            if (!(got[kind] == expected[kind] || fabs(got[kind] - expected[kind]) < 1e-4))
                g_error("kind %d at %zu: got %g, expected %g", kind, at, got[kind], expected[kind]);
    }
}

static void agrees_with_all_pairs(void)
{
    const HpGrid grids[] = {random_grid(17, 6, 5, 0.75, 0.8, 5),  random_grid(5, 18, 4, 1, 1, 1),
                            random_grid(4, 3, 40, 2, 0.5, 0.625), random_grid(1, 1, 1, 1, 1, 1),
                            random_grid(40, 1, 1, 0.7, 1, 1),     random_grid(1, 30, 2, 0.7, 1, 1)};
    const double chances[] = {0, 0.01, 0.1, 0.5, 0.97, 1};
    for (int at = 0; at < 6; at++)
        for (int chance = 0; chance < 6; chance++) {
            g_autofree uint8_t *labels = random_labels(&grids[at], chances[chance], 11 + at);
            check(&grids[at], labels, INFINITY);
            check(&grids[at], labels, 4);
            check(&grids[at], labels, 1.5);
        }
}

static void neighbours_of_the_surface_read_half_a_spacing(void)
{
    const HpGrid grid = random_grid(9, 9, 9, 0.75, 0.8, 5);
    g_autofree uint8_t *labels = random_labels(&grid, 0, 1);
    labels[hp_grid_offset(&grid, 4, 4, 4)] = 1;
    g_autoptr(HpField) distance = hp_distance_signed(labels, &grid, 0, INFINITY, NULL, NULL);
    g_assert_cmpfloat_with_epsilon(distance->value[hp_grid_offset(&grid, 4, 4, 4)], -0.375, 1e-6);
    g_assert_cmpfloat_with_epsilon(distance->value[hp_grid_offset(&grid, 3, 4, 4)], 0.375, 1e-6);
    g_assert_cmpfloat_with_epsilon(distance->value[hp_grid_offset(&grid, 4, 5, 4)], 0.4, 1e-6);
    g_assert_cmpfloat_with_epsilon(distance->value[hp_grid_offset(&grid, 4, 4, 5)], 2.5, 1e-6);
}

static void one_label_of_many(void)
{
    const HpGrid grid = random_grid(12, 11, 10, 1, 1, 2);
    g_autofree uint8_t *labels = random_labels(&grid, 0.3, 6);
    g_autoptr(HpField) ones = hp_distance_outside(labels, &grid, 0, INFINITY, NULL, NULL);
    for (size_t at = 0; at < hp_grid_count(&grid); at++)
        labels[at] = labels[at] != 0 ? 5 : at % 4;
    g_autoptr(HpField) fives = hp_distance_outside(labels, &grid, 5, INFINITY, NULL, NULL);
    const size_t bytes = hp_grid_count(&grid) * sizeof(float);
    g_assert_cmpmem(ones->value, bytes, fives->value, bytes);
}

static void threads_do_not_change_a_byte(void)
{
    const HpGrid grid = random_grid(45, 66, 40, 0.7, 0.9, 0.8);
    g_autofree uint8_t *labels = random_labels(&grid, 0.001, 4);
    const size_t bytes = hp_grid_count(&grid) * sizeof(float);
    const double limits[] = {5, INFINITY};
    for (int at = 0; at < 2; at++) {
        hp_parallel_set_threads(1);
        g_autoptr(HpField) one = hp_distance_signed(labels, &grid, 0, limits[at], NULL, NULL);
        hp_parallel_set_threads(8);
        g_autoptr(HpField) eight = hp_distance_signed(labels, &grid, 0, limits[at], NULL, NULL);
        g_assert_cmpmem(one->value, bytes, eight->value, bytes);
    }
}

static void cancels(void)
{
    const HpGrid grid = random_grid(20, 20, 20, 1, 1, 1);
    g_autofree uint8_t *labels = random_labels(&grid, 0.5, 1);
    g_autoptr(GError) error = NULL;
    HpTask task;
    hp_task_init(&task);
    hp_task_cancel(&task);
    g_assert_null(hp_distance_signed(labels, &grid, 0, INFINITY, &task, &error));
    g_assert_error(error, HP_ERROR, HP_ERROR_CANCELLED);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/distance/agrees-with-all-pairs", agrees_with_all_pairs);
    g_test_add_func("/distance/neighbours-of-the-surface-read-half-a-spacing",
                    neighbours_of_the_surface_read_half_a_spacing);
    g_test_add_func("/distance/one-label-of-many", one_label_of_many);
    g_test_add_func("/distance/threads-do-not-change-a-byte", threads_do_not_change_a_byte);
    g_test_add_func("/distance/cancels", cancels);
    return g_test_run();
}
