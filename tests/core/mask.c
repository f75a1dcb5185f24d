// SPDX-License-Identifier: Apache-2.0
// Masks against a dense array that is obviously right; copies, commits, bricks.
#include "core/commit.h"
#include "core/mask.h"
#include "support/picture.h"

#include <string.h>

static void text_and_back(void)
{
    g_autoptr(HpMask) mask = picture("##...\n"
                                     ".2..#\n"
                                     "\n"
                                     ".....\n"
                                     "....9\n");
    assert_picture(mask, "##...\n"
                         ".2..#\n"
                         "\n"
                         ".....\n"
                         "....9\n");
    size_t counts[256];
    hp_mask_count(mask, counts);
    g_assert_cmpuint(counts[0], ==, 15);
    g_assert_cmpuint(counts[1], ==, 3);
    g_assert_cmpuint(counts[9], ==, 1);
}

// Random boxes written to both; the mask must read as the array does.
static void random_boxes_agree_with_a_dense_array(void)
{
    const HpGrid grid = hp_grid_new(70, 45, 37, 1, 1, 2);
    const size_t count = hp_grid_count(&grid);
    g_autofree uint8_t *dense = g_new0(uint8_t, count);
    g_autoptr(HpMask) mask = hp_mask_new(&grid, NULL);
    g_autoptr(GRand) rand = g_rand_new_with_seed(7);
    for (int round = 0; round < 60; round++) {
        int lo[3], size[3];
        for (int axis = 0; axis < 3; axis++) {
            lo[axis] = g_rand_int_range(rand, -5, grid.size[axis]);
            size[axis] = g_rand_int_range(rand, 1, 50);
        }
        g_autofree uint8_t *box = g_new(uint8_t, (size_t)size[0] * size[1] * size[2]);
        const bool is_uniform = g_rand_boolean(rand);
        const uint8_t label = (uint8_t)g_rand_int_range(rand, 0, 4);
        for (int at = 0; at < size[0] * size[1] * size[2]; at++)
            box[at] = is_uniform ? label : (uint8_t)g_rand_int_range(rand, 0, 3);
        hp_mask_write_box(mask, lo, size, box);
        for (int k = 0; k < size[2]; k++)
            for (int j = 0; j < size[1]; j++)
                for (int i = 0; i < size[0]; i++)
                    if (hp_grid_contains(&grid, lo[0] + i, lo[1] + j, lo[2] + k))
                        dense[hp_grid_offset(&grid, lo[0] + i, lo[1] + j, lo[2] + k)] =
                            box[((size_t)k * size[1] + j) * size[0] + i];
    }
    g_autofree uint8_t *got = hp_mask_dup_labels(mask, NULL);
    g_assert_cmpmem(got, count, dense, count);
    size_t counts[256], expected[256] = {0};
    hp_mask_count(mask, counts);
    for (size_t at = 0; at < count; at++)
        expected[dense[at]]++;
    g_assert_cmpmem(counts, sizeof counts, expected, sizeof expected);
    g_assert_cmpint(hp_mask_get(mask, 69, 44, 36), ==, dense[count - 1]);
    g_assert_cmpint(hp_mask_get(mask, 70, 0, 0), ==, 0);
}

static void uniform_bricks_take_no_memory(void)
{
    const HpGrid grid = hp_grid_new(100, 100, 100, 1, 1, 1);
    g_autofree uint8_t *ones = g_malloc(1000000);
    memset(ones, 1, 1000000);
    g_autoptr(HpMask) mask = hp_mask_new_from_labels(&grid, ones, NULL);
    g_assert_cmpuint(hp_mask_get_bytes(mask), ==, 0);
    hp_mask_set(mask, 50, 50, 50, 2);
    g_assert_cmpuint(hp_mask_get_bytes(mask), >=, 32768);
    g_assert_cmpuint(hp_mask_get_bytes(mask), <, 33000);
    hp_mask_write_box(mask, (int[3]){50, 50, 50}, (int[3]){1, 1, 1}, ones);
    g_assert_cmpuint(hp_mask_get_bytes(mask), ==, 0);
}

static void writing_a_copy_leaves_the_original(void)
{
    g_autoptr(HpMask) mask = picture("##..\n"
                                     "....\n");
    g_autoptr(HpMask) copy = hp_mask_copy(mask);
    g_assert_true(hp_mask_shares_brick(mask, copy, 0));
    hp_mask_set(copy, 3, 1, 0, 4);
    g_assert_false(hp_mask_shares_brick(mask, copy, 0));
    assert_picture(mask, "##..\n"
                         "....\n");
    assert_picture(copy, "##..\n"
                         "...4\n");
}

static void bounds_are_tight(void)
{
    const HpGrid grid = hp_grid_new(90, 40, 64, 1, 1, 1);
    g_autoptr(HpMask) mask = hp_mask_new(&grid, NULL);
    int lo[3], hi[3];
    g_assert_false(hp_mask_bounds(mask, 0, lo, hi));
    hp_mask_set(mask, 31, 5, 60, 1);
    hp_mask_set(mask, 65, 39, 2, 3);
    g_assert_true(hp_mask_bounds(mask, 0, lo, hi));
    g_assert_cmpmem(lo, sizeof lo, ((int[3]){31, 5, 2}), sizeof lo);
    g_assert_cmpmem(hi, sizeof hi, ((int[3]){66, 40, 61}), sizeof hi);
    g_assert_true(hp_mask_bounds(mask, 3, lo, hi));
    g_assert_cmpint(lo[0], ==, 65);
    g_assert_false(hp_mask_bounds(mask, 2, lo, hi));
}

static void undo_and_redo_walk_the_commits(void)
{
    g_autoptr(HpMask) empty = picture("...\n");
    g_autoptr(HpCommits) commits = hp_commits_new(empty, "Opened");
    const char *names[] = {"First stroke", "Second stroke"};
    for (int stroke = 0; stroke < 2; stroke++) {
        g_autoptr(HpMask) next = hp_mask_copy(hp_commits_get_mask(commits));
        hp_mask_set(next, stroke, 0, 0, 1);
        hp_commits_push(commits, next, names[stroke]);
    }
    assert_picture(hp_commits_get_mask(commits), "##.\n");
    g_assert_true(hp_commits_undo(commits));
    assert_picture(hp_commits_get_mask(commits), "#..\n");
    g_assert_cmpstr(hp_commits_get_name(commits), ==, "First stroke");
    g_assert_true(hp_commits_redo(commits));
    g_assert_false(hp_commits_redo(commits));
    g_assert_true(hp_commits_undo(commits));
    g_assert_true(hp_commits_undo(commits));
    g_assert_false(hp_commits_undo(commits));
    hp_commits_push(commits, empty, "Other"); // drops what was undone
    g_assert_false(hp_commits_redo(commits));
    g_assert_cmpstr(hp_commits_get_name(commits), ==, "Other");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/mask/text_and_back", text_and_back);
    g_test_add_func("/mask/random_boxes_agree_with_a_dense_array",
                    random_boxes_agree_with_a_dense_array);
    g_test_add_func("/mask/uniform_bricks_take_no_memory", uniform_bricks_take_no_memory);
    g_test_add_func("/mask/writing_a_copy_leaves_the_original", writing_a_copy_leaves_the_original);
    g_test_add_func("/mask/bounds_are_tight", bounds_are_tight);
    g_test_add_func("/mask/undo_and_redo_walk_the_commits", undo_and_redo_walk_the_commits);
    return g_test_run();
}
