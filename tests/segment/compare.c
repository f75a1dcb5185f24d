// SPDX-License-Identifier: Apache-2.0
// Agreement of masks: typed pictures, analytic boxes, the slow obvious distances.
#include "core/error.h"
#include "core/parallel.h"
#include "segment/compare.h"
#include "support/picture.h"

#include <math.h>

static HpAgreement agreement_of(const HpMask *mask, const HpMask *reference)
{
    HpAgreement agreement = {0};
    g_autoptr(GError) error = NULL;
    g_assert_true(hp_compare(mask, reference, 0, &agreement, NULL, &error));
    g_assert_no_error(error);
    return agreement;
}

static void half_of_a_row_counts_half(void)
{
    g_autoptr(HpMask) mask = picture_spaced("##..\n", 1, 2, 5);
    g_autoptr(HpMask) reference = picture_spaced(".##.\n", 1, 2, 5);
    const HpAgreement got = agreement_of(mask, reference);

    g_assert_cmpfloat_with_epsilon(got.dice, 0.5, 1e-12);
    g_assert_cmpfloat_with_epsilon(got.volume_ml, 0.02, 1e-12);
    g_assert_cmpfloat_with_epsilon(got.volume_difference_percent, 0, 1e-12);
    g_assert_cmpfloat_with_epsilon(got.assd_mm, 0.5, 1e-6); // 1, 0 and 0, 1
    g_assert_cmpfloat_with_epsilon(got.hd95_mm, 1, 1e-6);
}

static void distances_know_the_spacing(void)
{
    g_autoptr(HpMask) mask = picture_spaced("#\n\n.\n\n.\n", 1, 1, 5);
    g_autoptr(HpMask) reference = picture_spaced(".\n\n.\n\n#\n", 1, 1, 5);
    const HpAgreement got = agreement_of(mask, reference);

    g_assert_cmpfloat_with_epsilon(got.assd_mm, 10, 1e-5);
    g_assert_cmpfloat_with_epsilon(got.dice, 0, 1e-12);
}

static void a_mask_agrees_with_itself(void)
{
    g_autoptr(HpMask) mask = picture(".##.\n"
                                     "####\n");
    const HpAgreement got = agreement_of(mask, mask);

    g_assert_true(got.dice == 1 && got.assd_mm == 0 && got.hd95_mm == 0);
}

static void empty_masks_have_no_distance(void)
{
    g_autoptr(HpMask) none = picture("....\n");
    g_autoptr(HpMask) some = picture(".#..\n");

    g_assert_true(agreement_of(none, none).dice == 1);
    g_assert_true(agreement_of(none, some).dice == 0);
    g_assert_true(isnan(agreement_of(none, some).assd_mm));
    g_assert_true(isnan(agreement_of(some, none).volume_difference_percent));
    g_assert_cmpfloat_with_epsilon(agreement_of(none, some).volume_difference_percent, -100, 1e-9);
}

static void one_label_is_compared_alone(void)
{
    g_autoptr(HpMask) mask = picture("12.\n");
    g_autoptr(HpMask) reference = picture("1.2\n");
    HpAgreement got = {0};

    g_assert_true(hp_compare(mask, reference, 1, &got, NULL, NULL));
    g_assert_true(got.dice == 1);
    g_assert_true(hp_compare(mask, reference, 2, &got, NULL, NULL));
    g_assert_true(got.dice == 0);
}

static void unequal_grids_are_refused(void)
{
    g_autoptr(HpMask) mask = picture_spaced("##\n", 1, 1, 1);
    g_autoptr(HpMask) wider = picture_spaced("##\n", 1.1, 1, 1);
    g_autoptr(HpMask) longer = picture_spaced("##.\n", 1, 1, 1);
    HpAgreement got = {.dice = 7};
    g_autoptr(GError) error = NULL;

    g_assert_false(hp_compare(mask, wider, 0, &got, NULL, &error));
    g_assert_error(error, HP_ERROR, HP_ERROR_GRID_MISMATCH);
    g_clear_error(&error);
    g_assert_false(hp_compare(mask, longer, 0, &got, NULL, &error));
    g_assert_error(error, HP_ERROR, HP_ERROR_GRID_MISMATCH);
    g_assert_true(got.dice == 7); // untouched
}

typedef struct {
    int count;
    double mm[4096][3];
} Points;

static void boundary_points(const HpMask *mask, Points *points)
{
    const HpGrid *grid = hp_mask_get_grid(mask);
    points->count = 0;
    for (int k = 0; k < grid->size[2]; k++)
        for (int j = 0; j < grid->size[1]; j++)
            for (int i = 0; i < grid->size[0]; i++) {
                const int full = hp_mask_get(mask, i - 1, j, k) && hp_mask_get(mask, i + 1, j, k) &&
                                 hp_mask_get(mask, i, j - 1, k) && hp_mask_get(mask, i, j + 1, k) &&
                                 hp_mask_get(mask, i, j, k - 1) && hp_mask_get(mask, i, j, k + 1);
                if (!hp_mask_get(mask, i, j, k) || full)
                    continue;
                const double ijk[3] = {i, j, k};
                hp_grid_to_mm(grid, ijk, points->mm[points->count++]);
            }
}

static double nearest(const Points *points, const double mm[3])
{
    double best = INFINITY;
    for (int at = 0; at < points->count; at++) {
        const double *p = points->mm[at];
        const double x = p[0] - mm[0], y = p[1] - mm[1], z = p[2] - mm[2];
        best = MIN(best, x * x + y * y + z * z);
    }
    return sqrt(best);
}

static void distances_are_those_of_all_pairs(void)
{
    HpGrid grid = hp_grid_new(11, 9, 7, 0.8, 1.1, 3);
    grid.origin_mm[0] = -200; // far from the patient's origin, first axis reversed
    grid.directions[0] = -1;
    static Points points[2];
    for (guint32 seed = 0; seed < 8; seed++) {
        g_autoptr(GRand) random = g_rand_new_with_seed(seed);
        g_autoptr(HpMask) mask = hp_mask_new(&grid, NULL);
        g_autoptr(HpMask) reference = hp_mask_new(&grid, NULL);
        HpMask *masks[2] = {mask, reference};
        for (int side = 0; side < 2; side++) {
            for (int k = 0; k < 7; k++)
                for (int j = 0; j < 9; j++)
                    for (int i = 0; i < 11; i++)
                        hp_mask_set(masks[side], i, j, k, g_rand_double(random) < 0.15);
            boundary_points(masks[side], &points[side]);
        }
        double sum = 0;
        for (int side = 0; side < 2; side++)
            for (int at = 0; at < points[side].count; at++)
                sum += nearest(&points[1 - side], points[side].mm[at]);
        const HpAgreement got = agreement_of(mask, reference);
        g_assert_cmpfloat_with_epsilon(got.assd_mm, sum / (points[0].count + points[1].count),
                                       1e-5);
    }
}

static void one_and_eight_threads_agree(void)
{
    const HpGrid grid = hp_grid_new(40, 30, 20, 1, 1, 2.5);
    g_autoptr(HpMask) mask = hp_mask_new(&grid, NULL);
    g_autoptr(HpMask) reference = hp_mask_new(&grid, NULL);
    for (int k = 4; k < 15; k++)
        for (int j = 5; j < 25; j++)
            for (int i = 5; i < 30; i++) {
                hp_mask_set(mask, i, j, k, 1);
                hp_mask_set(reference, i + 2, j - 1, k + k % 2, 1);
            }
    hp_parallel_set_threads(1);
    const HpAgreement one = agreement_of(mask, reference);
    hp_parallel_set_threads(8);
    const HpAgreement eight = agreement_of(mask, reference);

    g_assert_true(one.assd_mm == eight.assd_mm && one.hd95_mm == eight.hd95_mm);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/compare/half_of_a_row_counts_half", half_of_a_row_counts_half);
    g_test_add_func("/compare/distances_know_the_spacing", distances_know_the_spacing);
    g_test_add_func("/compare/a_mask_agrees_with_itself", a_mask_agrees_with_itself);
    g_test_add_func("/compare/empty_masks_have_no_distance", empty_masks_have_no_distance);
    g_test_add_func("/compare/one_label_is_compared_alone", one_label_is_compared_alone);
    g_test_add_func("/compare/unequal_grids_are_refused", unequal_grids_are_refused);
    g_test_add_func("/compare/distances_are_those_of_all_pairs", distances_are_those_of_all_pairs);
    g_test_add_func("/compare/one_and_eight_threads_agree", one_and_eight_threads_agree);
    return g_test_run();
}
