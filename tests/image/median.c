// SPDX-License-Identifier: Apache-2.0
// The 3x3x3 median: against sorting, at borders, on fields and volumes, on 1 and 8 threads.
#include "image/median.h"

#include "core/parallel.h"
#include "support/random.h"

#include <stdlib.h>

static int ascending(const void *a, const void *b)
{
    return *(const int *)a - *(const int *)b;
}

static int slow_median(const HpVolume *volume, int i, int j, int k)
{
    const int *size = volume->grid.size;
    int values[27];
    for (int at = 0; at < 27; at++) {
        const int x = CLAMP(i + at % 3 - 1, 0, size[0] - 1);
        const int y = CLAMP(j + at / 3 % 3 - 1, 0, size[1] - 1);
        const int z = CLAMP(k + at / 9 - 1, 0, size[2] - 1);
        values[at] = volume->hu[hp_grid_offset(&volume->grid, x, y, z)];
    }
    qsort(values, 27, sizeof *values, ascending);
    return values[13];
}

static void agrees_with_sorting(void)
{
    const int sizes[][3] = {{40, 7, 6}, {5, 9, 4}, {1, 1, 1}, {2, 1, 9}, {33, 2, 2}};
    const int highs[] = {32767, -32760, -32766}; // many values, few, two
    for (int at = 0; at < 5; at++)
        for (int kind = 0; kind < 3; kind++) {
            const HpGrid grid = random_grid(sizes[at][0], sizes[at][1], sizes[at][2], 0.7, 1, 5);
            g_autoptr(HpVolume) volume = random_volume(&grid, -32768, highs[kind], 5 + at);
            g_autoptr(HpField) field = hp_field_new(&grid, NULL);
            for (size_t voxel = 0; voxel < hp_grid_count(&grid); voxel++)
                field->value[voxel] = volume->hu[voxel];
            g_autoptr(HpVolume) hu = hp_median_volume(volume, NULL, NULL);
            g_autoptr(HpField) value = hp_median(field, NULL, NULL);
            for (int k = 0; k < grid.size[2]; k++)
                for (int j = 0; j < grid.size[1]; j++)
                    for (int i = 0; i < grid.size[0]; i++) {
                        const size_t voxel = hp_grid_offset(&grid, i, j, k);
                        g_assert_cmpint(hu->hu[voxel], ==, slow_median(volume, i, j, k));
                        g_assert_cmpfloat(value->value[voxel], ==, hu->hu[voxel]);
                    }
        }
}

static void threads_do_not_change_a_byte(void)
{
    const HpGrid grid = random_grid(75, 36, 20, 0.7, 0.9, 0.8);
    g_autoptr(HpVolume) volume = random_volume(&grid, -1024, 3071, 4);
    hp_parallel_set_threads(1);
    g_autoptr(HpVolume) one = hp_median_volume(volume, NULL, NULL);
    hp_parallel_set_threads(8);
    g_autoptr(HpVolume) eight = hp_median_volume(volume, NULL, NULL);
    const size_t bytes = hp_grid_count(&grid) * sizeof(int16_t);
    g_assert_cmpmem(one->hu, bytes, eight->hu, bytes);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/median/agrees-with-sorting", agrees_with_sorting);
    g_test_add_func("/median/threads-do-not-change-a-byte", threads_do_not_change_a_byte);
    return g_test_run();
}
