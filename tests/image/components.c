// SPDX-License-Identifier: Apache-2.0
// Parts and holes: typed pictures, and random masks against a flood fill.
#include "image/components.h"

#include "core/error.h"
#include "core/parallel.h"
#include "support/picture.h"
#include "support/random.h"

#include <string.h>

// Gives every voxel of the kind (set, or not set) the number of its part, from 1, by flooding.
static int *slow_parts(const uint8_t *labels, const HpGrid *grid, bool is_set, int *parts)
{
    const size_t count = hp_grid_count(grid);
    int *part = g_new0(int, count);
    g_autofree size_t *stack = g_new(size_t, count);
    *parts = 0;
    for (size_t from = 0; from < count; from++) {
        if (part[from] != 0 || (labels[from] != 0) != is_set)
            continue;
        size_t top = 0;
        stack[top++] = from;
        part[from] = ++*parts;
        while (top > 0) {
            const size_t at = stack[--top];
            const int i = (int)(at % grid->size[0]), j = (int)(at / grid->size[0] % grid->size[1]);
            const int k = (int)(at / grid->size[0] / grid->size[1]);
            for (int side = 0; side < 6; side++) {
                int to[3] = {i, j, k};
                to[side / 2] += side % 2 ? 1 : -1;
                if (!hp_grid_contains(grid, to[0], to[1], to[2]))
                    continue;
                const size_t next = hp_grid_offset(grid, to[0], to[1], to[2]);
                if (part[next] == 0 && (labels[next] != 0) == is_set) {
                    part[next] = *parts;
                    stack[top++] = next;
                }
            }
        }
    }
    return part;
}

static void agrees_with_flooding(void)
{
    const int sizes[][3] = {{33, 9, 8}, {8, 12, 5}, {70, 3, 1}, {1, 1, 1}, {3, 40, 3}};
    const double chances[] = {0, 0.2, 0.4, 0.6, 0.9, 1};
    for (int at = 0; at < 30; at++) {
        const int *size = sizes[at % 5];
        const HpGrid grid = random_grid(size[0], size[1], size[2], 0.7, 1, 5);
        const size_t count = hp_grid_count(&grid);
        g_autofree uint8_t *labels = random_labels(&grid, chances[at / 5], at);
        g_autofree uint8_t *seeds = random_labels(&grid, 0.02, 100 + at);
        for (size_t voxel = 0; voxel < count; voxel++)
            labels[voxel] *= 1 + voxel % 3; // different labels are one set
        int parts = 0, listed = 0;
        g_autofree int *part = slow_parts(labels, &grid, true, &parts);
        g_autofree size_t *voxels = g_new0(size_t, parts + 2);
        g_autofree bool *is_seeded = g_new0(bool, parts + 2);
        for (size_t voxel = 0; voxel < count; voxel++) {
            voxels[part[voxel]]++;
            is_seeded[part[voxel]] |= seeds[voxel] != 0;
        }
        int largest = 1;
        for (int number = 2; number <= parts; number++)
            if (voxels[number] > voxels[largest])
                largest = number;

        g_autofree size_t *sizes_of = hp_components_sizes(labels, &grid, &listed, NULL, NULL);
        g_assert_cmpint(listed, ==, parts);
        g_assert_cmpuint(parts > 0 ? sizes_of[0] : 0, ==, parts > 0 ? voxels[largest] : 0);

        g_autofree uint8_t *big = g_memdup2(labels, count);
        g_autofree uint8_t *touched = g_memdup2(labels, count);
        g_autofree uint8_t *large = g_memdup2(labels, count);
        g_assert_true(hp_components_keep_largest(big, &grid, NULL, NULL));
        g_assert_true(hp_components_keep_touching(touched, &grid, seeds, NULL, NULL));
        g_assert_true(hp_components_keep_large(large, &grid, 3, NULL, NULL));
        for (size_t voxel = 0; voxel < count; voxel++) {
            const int number = part[voxel];
            const uint8_t label = labels[voxel];
            g_assert_cmpint(big[voxel], ==, number == largest ? label : 0);
            g_assert_cmpint(touched[voxel], ==, number > 0 && is_seeded[number] ? label : 0);
            g_assert_cmpint(large[voxel], ==, number > 0 && voxels[number] >= 3 ? label : 0);
        }
    }
}

static void holes_agree_with_flooding(void)
{
    for (int at = 0; at < 12; at++) {
        const HpGrid grid = random_grid(20, 9, 8, 0.7, 1, 5);
        const size_t count = hp_grid_count(&grid);
        g_autofree uint8_t *labels = random_labels(&grid, 0.55 + 0.04 * at, at);
        int parts = 0;
        g_autofree int *part = slow_parts(labels, &grid, false, &parts);
        g_autofree bool *is_open = g_new0(bool, parts + 1);
        for (int k = 0; k < 8; k++)
            for (int j = 0; j < 9; j++)
                for (int i = 0; i < 20; i++)
                    if (i == 0 || j == 0 || k == 0 || i == 19 || j == 8 || k == 7)
                        is_open[part[hp_grid_offset(&grid, i, j, k)]] = true;
        g_autofree uint8_t *filled = g_memdup2(labels, count);
        g_assert_true(hp_fill_holes_3d(filled, &grid, 7, NULL, NULL));
        for (size_t voxel = 0; voxel < count; voxel++)
            g_assert_cmpint(filled[voxel], ==,
                            labels[voxel] == 0 && !is_open[part[voxel]] ? 7 : labels[voxel]);
    }
}

static void holes_of_slices_are_filled_across_each_axis(void)
{
    // A tube along each axis in turn: open in 3-D, a ring in every slice across it.
    for (int axis = 0; axis < 3; axis++) {
        const HpGrid grid = random_grid(6, 7, 8, 1, 1, 1);
        g_autofree uint8_t *tube = random_labels(&grid, 0, 1);
        for (int k = 0; k < 8; k++)
            for (int j = 0; j < 7; j++)
                for (int i = 0; i < 6; i++) {
                    const int ijk[3] = {i, j, k};
                    const int a = ijk[(axis + 1) % 3], b = ijk[(axis + 2) % 3];
                    tube[hp_grid_offset(&grid, i, j, k)] = a >= 1 && a <= 4 && b >= 1 && b <= 4 &&
                                                           (a == 1 || a == 4 || b == 1 || b == 4);
                }
        g_autofree uint8_t *whole = g_memdup2(tube, hp_grid_count(&grid));
        g_autofree uint8_t *other = g_memdup2(tube, hp_grid_count(&grid));
        g_assert_true(hp_fill_holes_3d(whole, &grid, 2, NULL, NULL));
        g_assert_cmpmem(whole, hp_grid_count(&grid), tube, hp_grid_count(&grid));
        g_assert_true(hp_fill_holes_slices(other, &grid, (axis + 1) % 3, 2, NULL, NULL));
        g_assert_cmpmem(other, hp_grid_count(&grid), tube, hp_grid_count(&grid));
        g_assert_true(hp_fill_holes_slices(whole, &grid, axis, 2, NULL, NULL));
        for (int k = 0; k < 8; k++)
            for (int j = 0; j < 7; j++)
                for (int i = 0; i < 6; i++) {
                    const int ijk[3] = {i, j, k};
                    const int a = ijk[(axis + 1) % 3], b = ijk[(axis + 2) % 3];
                    const bool is_in = a >= 2 && a <= 3 && b >= 2 && b <= 3;
                    const size_t voxel = hp_grid_offset(&grid, i, j, k);
                    g_assert_cmpint(whole[voxel], ==, is_in ? 2 : tube[voxel]);
                }
    }
}

static void corner_is_not_a_bridge(void)
{
    g_autoptr(HpMask) mask = picture("##...\n"
                                     "##..#\n"
                                     "..##.\n");
    g_autofree uint8_t *labels = hp_mask_dup_labels(mask, NULL);
    g_assert_true(hp_components_keep_largest(labels, hp_mask_get_grid(mask), NULL, NULL));
    g_autoptr(HpMask) kept = hp_mask_new_from_labels(hp_mask_get_grid(mask), labels, NULL);
    assert_picture(kept, "##...\n"
                         "##...\n"
                         ".....\n");
}

static void cancelled_leaves_the_labels(void)
{
    const HpGrid grid = random_grid(20, 20, 20, 1, 1, 1);
    g_autofree uint8_t *labels = random_labels(&grid, 0.5, 1);
    g_autofree uint8_t *before = g_memdup2(labels, 8000);
    g_autoptr(GError) error = NULL;
    HpTask task;
    hp_task_init(&task);
    hp_task_cancel(&task);
    g_assert_false(hp_components_keep_largest(labels, &grid, &task, &error));
    g_assert_error(error, HP_ERROR, HP_ERROR_CANCELLED);
    g_assert_false(hp_fill_holes_3d(labels, &grid, 1, &task, NULL));
    g_assert_cmpmem(labels, 8000, before, 8000);
}

static void threads_do_not_change_a_byte(void)
{
    const HpGrid grid = random_grid(45, 66, 40, 0.7, 0.9, 0.8);
    const size_t count = hp_grid_count(&grid);
    g_autofree uint8_t *one = random_labels(&grid, 0.6, 4);
    g_autofree uint8_t *eight = g_memdup2(one, count);
    hp_parallel_set_threads(1);
    hp_components_keep_largest(one, &grid, NULL, NULL);
    hp_fill_holes_slices(one, &grid, 1, 1, NULL, NULL);
    hp_parallel_set_threads(8);
    hp_components_keep_largest(eight, &grid, NULL, NULL);
    hp_fill_holes_slices(eight, &grid, 1, 1, NULL, NULL);
    g_assert_cmpmem(one, count, eight, count);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/components/agrees-with-flooding", agrees_with_flooding);
    g_test_add_func("/components/holes-agree-with-flooding", holes_agree_with_flooding);
    g_test_add_func("/components/holes-of-slices-are-filled-across-each-axis",
                    holes_of_slices_are_filled_across_each_axis);
    g_test_add_func("/components/corner-is-not-a-bridge", corner_is_not_a_bridge);
    g_test_add_func("/components/cancelled-leaves-the-labels", cancelled_leaves_the_labels);
    g_test_add_func("/components/threads-do-not-change-a-byte", threads_do_not_change_a_byte);
    return g_test_run();
}
