// SPDX-License-Identifier: Apache-2.0
// Growing and shrinking by a ball: against all pairs, and the laws of opening and closing.
#include "image/morphology.h"

#include "support/random.h"

#include <math.h>

static bool any_within(const uint8_t *labels, const HpGrid *grid, size_t from, bool wanted,
                       double radius_mm)
{
    const int ni = grid->size[0], nj = grid->size[1];
    for (size_t to = 0; to < hp_grid_count(grid); to++) {
        const double mm[3] = {((int)(to % ni) - (int)(from % ni)) * grid->spacing_mm[0],
                              ((int)(to / ni % nj) - (int)(from / ni % nj)) * grid->spacing_mm[1],
                              ((int)(to / ni / nj) - (int)(from / ni / nj)) * grid->spacing_mm[2]};
        if ((labels[to] != 0) == wanted &&
            mm[0] * mm[0] + mm[1] * mm[1] + mm[2] * mm[2] <= radius_mm * radius_mm * (1 + 1e-9))
            return true;
    }
    return false;
}

static void agrees_with_all_pairs(void)
{
    const HpGrid grid = random_grid(14, 9, 8, 0.75, 1, 2.5);
    const size_t count = hp_grid_count(&grid);
    const double radii[] = {0, 0.75, 1.5, 2.5, 4};
    for (int at = 0; at < 10; at++) {
        g_autofree uint8_t *labels = random_labels(&grid, at < 5 ? 0.02 : 0.9, at);
        g_autofree uint8_t *grown = g_memdup2(labels, count);
        g_autofree uint8_t *shrunk = g_memdup2(labels, count);
        g_assert_true(hp_dilate(grown, &grid, radii[at % 5], NULL, NULL));
        g_assert_true(hp_erode(shrunk, &grid, radii[at % 5], NULL, NULL));
        for (size_t voxel = 0; voxel < count; voxel++) {
            g_assert_cmpint(grown[voxel], ==,
                            any_within(labels, &grid, voxel, true, radii[at % 5]));
            g_assert_cmpint(shrunk[voxel], ==,
                            !any_within(labels, &grid, voxel, false, radii[at % 5]));
        }
    }
}

static void opening_takes_and_closing_adds_once(void)
{
    const HpGrid grid = random_grid(30, 25, 12, 0.75, 1, 2.5);
    const size_t count = hp_grid_count(&grid);
    for (int at = 0; at < 6; at++) {
        g_autofree uint8_t *labels = random_labels(&grid, 0.1 + 0.15 * at, at);
        g_autofree uint8_t *opened = g_memdup2(labels, count);
        g_autofree uint8_t *closed = g_memdup2(labels, count);
        g_assert_true(hp_open(opened, &grid, 1.6, NULL, NULL));
        g_assert_true(hp_close(closed, &grid, 1.6, NULL, NULL));
        for (size_t voxel = 0; voxel < count; voxel++) {
            g_assert_cmpint(opened[voxel], <=, labels[voxel]);
            g_assert_cmpint(closed[voxel], >=, labels[voxel]);
        }
        g_autofree uint8_t *again = g_memdup2(opened, count);
        g_assert_true(hp_open(again, &grid, 1.6, NULL, NULL));
        g_assert_cmpmem(again, count, opened, count);
        g_autofree uint8_t *twice = g_memdup2(closed, count);
        g_assert_true(hp_close(twice, &grid, 1.6, NULL, NULL));
        g_assert_cmpmem(twice, count, closed, count);
    }
}

static void empty_and_full_stay(void)
{
    const HpGrid grid = random_grid(8, 8, 8, 1, 1, 1);
    g_autofree uint8_t *empty = random_labels(&grid, 0, 1);
    g_autofree uint8_t *full = random_labels(&grid, 1, 1);
    g_assert_true(hp_dilate(empty, &grid, 3, NULL, NULL));
    g_assert_true(hp_erode(full, &grid, 3, NULL, NULL));
    for (int at = 0; at < 512; at++) {
        g_assert_cmpint(empty[at], ==, 0);
        g_assert_cmpint(full[at], ==, 1);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/morphology/agrees-with-all-pairs", agrees_with_all_pairs);
    g_test_add_func("/morphology/opening-takes-and-closing-adds-once",
                    opening_takes_and_closing_adds_once);
    g_test_add_func("/morphology/empty-and-full-stay", empty_and_full_stay);
    return g_test_run();
}
