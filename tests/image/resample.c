// SPDX-License-Identifier: Apache-2.0
// Resampling: exact on linear pictures, averages kept, volumes of masks kept, oblique targets.
#include "image/resample.h"

#include "core/parallel.h"
#include "support/random.h"

#include <math.h>
#include <string.h>

static HpField *ramp(const HpGrid *grid)
{
    HpField *field = hp_field_new(grid, NULL);
    for (int k = 0; k < grid->size[2]; k++)
        for (int j = 0; j < grid->size[1]; j++)
            for (int i = 0; i < grid->size[0]; i++) {
                double mm[3];
                hp_grid_to_mm(grid, (double[3]){i, j, k}, mm);
                field->value[hp_grid_offset(grid, i, j, k)] =
                    (float)(mm[0] + 2 * mm[1] - 3 * mm[2]);
            }
    return field;
}

// Where the whole target voxel lies within the source's centres.
static bool is_well_inside(const HpGrid *from, const HpGrid *onto, int i, int j, int k)
{
    double mm[3], ijk[3];
    hp_grid_to_mm(onto, (double[3]){i, j, k}, mm);
    hp_grid_to_ijk(from, mm, ijk);
    for (int axis = 0; axis < 3; axis++) {
        const double half = onto->spacing_mm[axis] / from->spacing_mm[axis] / 2;
        if (ijk[axis] < half || ijk[axis] > from->size[axis] - 1 - half)
            return false;
    }
    return true;
}

static void a_ramp_stays_a_ramp(void)
{
    const HpGrid from = random_grid(40, 35, 30, 0.75, 0.8, 1.25);
    g_autoptr(HpField) in = ramp(&from);
    const double spacings[][3] = {{3, 3, 3}, {0.4, 0.5, 0.6}, {1.5, 0.5, 3.3}, {0.75, 0.8, 1.25}};
    for (int at = 0; at < 8; at++) {
        HpGrid onto = hp_grid_resampled(&from, spacings[at % 4]);
        onto.origin_mm[0] += 0.3;
        if (at >= 4) // and on other directions
            memcpy(onto.directions, (double[9]){1, 0, 0, 0, 1, 0, 0, 0, 1}, sizeof onto.directions);
        g_autoptr(HpField) expected = ramp(&onto);
        g_autoptr(HpField) out = hp_resample_field(in, &onto, -7777, NULL, NULL);
        int checked = 0;
        for (int k = 0; k < onto.size[2]; k++)
            for (int j = 0; j < onto.size[1]; j++)
                for (int i = 0; i < onto.size[0]; i++) {
                    const size_t voxel = hp_grid_offset(&onto, i, j, k);
                    double mm[3], ijk[3];
                    hp_grid_to_mm(&onto, (double[3]){i, j, k}, mm);
                    hp_grid_to_ijk(&from, mm, ijk);
                    bool is_out = false;
                    for (int axis = 0; axis < 3; axis++)
                        is_out |= ijk[axis] < -0.51 || ijk[axis] > from.size[axis] - 0.49;
                    if (is_out && at < 4)
                        g_assert_cmpfloat(out->value[voxel], ==, -7777);
                    // Across directions the averages at the border reach in by a voxel more.
                    bool is_deep = true;
                    for (int axis = 0; axis < 3; axis++)
                        is_deep &= ijk[axis] > 8 && ijk[axis] < from.size[axis] - 9;
                    if (at < 4 ? is_well_inside(&from, &onto, i, j, k) : is_deep) {
                        // The mean over a box that cuts voxels is off by up to an eighth of a
                        // source voxel over the number of them; linear values are exact.
                        g_assert_cmpfloat_with_epsilon(out->value[voxel], expected->value[voxel],
                                                       at == 1 || at == 3 ? 0.01 : 0.4);
                        checked++;
                    }
                }
        g_assert_cmpint(checked, >, 20);
    }
}

static void the_same_grid_copies(void)
{
    const HpGrid grid = random_grid(37, 12, 9, 0.7, 0.7, 5);
    g_autoptr(HpVolume) volume = random_volume(&grid, -1024, 3071, 1);
    g_autoptr(HpVolume) hu = hp_resample_hu(volume, &grid, -1000, NULL, NULL);
    g_autoptr(HpField) field = hp_resample_volume(volume, &grid, -1000, NULL, NULL);
    g_assert_cmpmem(hu->hu, hp_grid_count(&grid) * 2, volume->hu, hp_grid_count(&grid) * 2);
    for (size_t at = 0; at < hp_grid_count(&grid); at++)
        g_assert_cmpfloat_with_epsilon(field->value[at], volume->hu[at], 1e-3);
}

static void fewer_voxels_keep_the_mean(void)
{
    const HpGrid from = random_grid(36, 24, 20, 0.5, 0.75, 1);
    g_autoptr(HpVolume) volume = random_volume(&from, -1000, 1000, 9);
    const HpGrid onto = hp_grid_resampled(&from, (double[3]){2, 2.25, 2.5}); // 9 x 8 x 8, no rest
    g_autoptr(HpField) out = hp_resample_volume(volume, &onto, 0, NULL, NULL);
    double before = 0, after = 0;
    for (size_t at = 0; at < hp_grid_count(&from); at++)
        before += volume->hu[at];
    for (size_t at = 0; at < hp_grid_count(&onto); at++)
        after += out->value[at];
    g_assert_cmpfloat_with_epsilon(after / hp_grid_count(&onto), before / hp_grid_count(&from),
                                   1e-3);
    // And one voxel is the mean of its box.
    double sum = 0;
    for (int i = 4; i < 8; i++)
        for (int j = 3; j < 6; j++)
            sum += volume->hu[hp_grid_offset(&from, i, j, 0)] +
                   volume->hu[hp_grid_offset(&from, i, j, 1)] +
                   0.5 * volume->hu[hp_grid_offset(&from, i, j, 2)];
    g_assert_cmpfloat_with_epsilon(out->value[hp_grid_offset(&onto, 1, 1, 0)], sum / 12 / 2.5,
                                   1e-3);
}

static void shares_keep_the_volume(void)
{
    const HpGrid from = random_grid(37, 29, 23, 0.7, 0.8, 1.1);
    g_autofree uint8_t *labels = random_labels(&from, 0.4, 5);
    size_t ones = 0;
    for (size_t at = 0; at < hp_grid_count(&from); at++) {
        ones += labels[at];
        labels[at] = labels[at] != 0 ? 3 : 2 * (at % 2);
    }
    const HpGrid onto = hp_grid_resampled(&from, (double[3]){3, 2.5, 2});
    g_autoptr(HpField) share = hp_resample_labels(labels, &from, 3, &onto, NULL, NULL);
    double sum = 0;
    for (size_t at = 0; at < hp_grid_count(&onto); at++) {
        g_assert_cmpfloat(share->value[at], >=, 0);
        g_assert_cmpfloat(share->value[at], <=, 1.0001);
        sum += share->value[at];
    }
    g_assert_cmpfloat_with_epsilon(sum * hp_grid_voxel_mm3(&onto), ones * hp_grid_voxel_mm3(&from),
                                   1e-2);
}

static void far_targets_are_outside(void)
{
    const HpGrid from = random_grid(10, 10, 10, 1, 1, 1);
    g_autoptr(HpVolume) volume = random_volume(&from, 10, 20, 9);
    g_autofree uint8_t *labels = random_labels(&from, 1, 5);
    for (int axis = 0; axis < 3; axis++)
        for (int side = -1; side <= 1; side += 2)
            for (int coarse = 1; coarse <= 3; coarse += 2) {
                int lo[3] = {0, 0, 0};
                lo[axis] = 40 * side;
                HpGrid onto = hp_grid_crop(&from, lo, (int[3]){4, 4, 4});
                for (int at = 0; at < 3; at++)
                    onto.spacing_mm[at] *= coarse;
                g_autoptr(HpField) out = hp_resample_volume(volume, &onto, -5, NULL, NULL);
                g_autoptr(HpField) share = hp_resample_labels(labels, &from, 0, &onto, NULL, NULL);
                for (int at = 0; at < 64; at++) {
                    g_assert_cmpfloat(out->value[at], ==, -5);
                    g_assert_cmpfloat(share->value[at], ==, 0);
                }
            }
}

static void there_and_back_is_close(void)
{
    // A smooth picture survives a coarser grid.
    const HpGrid fine = random_grid(60, 50, 40, 0.7, 0.7, 1);
    const HpGrid coarse = hp_grid_resampled(&fine, (double[3]){2, 2, 2});
    g_autoptr(HpField) in = hp_field_new(&fine, NULL);
    for (size_t at = 0; at < hp_grid_count(&fine); at++)
        in->value[at] = (float)(100 * sin(at % 60 * 0.06) * cos(at / 60 % 50 * 0.05));
    g_autoptr(HpField) small = hp_resample_field(in, &coarse, 0, NULL, NULL);
    g_autoptr(HpField) back = hp_resample_field(small, &fine, 0, NULL, NULL);
    for (int k = 4; k < 36; k++)
        for (int j = 4; j < 46; j++)
            for (int i = 4; i < 56; i++) {
                const size_t at = hp_grid_offset(&fine, i, j, k);
                g_assert_cmpfloat_with_epsilon(back->value[at], in->value[at], 1.5);
            }
}

static void threads_do_not_change_a_byte(void)
{
    const HpGrid from = random_grid(75, 66, 80, 0.7, 0.9, 0.8);
    g_autoptr(HpVolume) volume = random_volume(&from, -1024, 3071, 4);
    for (int tilted = 0; tilted < 2; tilted++) {
        HpGrid onto = hp_grid_resampled(&from, (double[3]){2, 0.6, 1.7});
        if (tilted)
            memcpy(onto.directions, (double[9]){1, 0, 0, 0, 1, 0, 0, 0, 1}, sizeof onto.directions);
        hp_parallel_set_threads(1);
        g_autoptr(HpField) one = hp_resample_volume(volume, &onto, 0, NULL, NULL);
        hp_parallel_set_threads(8);
        g_autoptr(HpField) eight = hp_resample_volume(volume, &onto, 0, NULL, NULL);
        const size_t bytes = hp_grid_count(&onto) * sizeof(float);
        g_assert_cmpmem(one->value, bytes, eight->value, bytes);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/resample/a-ramp-stays-a-ramp", a_ramp_stays_a_ramp);
    g_test_add_func("/resample/the-same-grid-copies", the_same_grid_copies);
    g_test_add_func("/resample/fewer-voxels-keep-the-mean", fewer_voxels_keep_the_mean);
    g_test_add_func("/resample/shares-keep-the-volume", shares_keep_the_volume);
    g_test_add_func("/resample/far-targets-are-outside", far_targets_are_outside);
    g_test_add_func("/resample/there-and-back-is-close", there_and_back_is_close);
    g_test_add_func("/resample/threads-do-not-change-a-byte", threads_do_not_change_a_byte);
    return g_test_run();
}
