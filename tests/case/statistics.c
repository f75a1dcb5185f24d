// SPDX-License-Identifier: Apache-2.0
// What a label holds, on masks small enough to count by hand.
#include "case/statistics.h"
#include "core/error.h"
#include "support/picture.h"

#include <math.h>

static void voxels_and_hu_of_one_label(void)
{
    g_autoptr(HpMask) mask = picture_spaced("....\n"
                                            "....\n\n"
                                            "11..\n"
                                            "12..\n\n"
                                            "....\n"
                                            "....\n",
                                            0.5, 0.5, 4);
    g_autoptr(HpVolume) volume = hp_volume_new(hp_mask_get_grid(mask), NULL);
    for (int at = 0; at < 24; at++)
        volume->hu[at] = (int16_t)(10 * at);
    HpStatistics found;
    g_assert_true(hp_statistics_measure(mask, 1, volume, &found, NULL));
    g_assert_cmpuint(found.voxels, ==, 3); // values 80, 90 and 120
    g_assert_cmpfloat_with_epsilon(found.volume_ml, 0.003, 1e-12);
    g_assert_cmpfloat_with_epsilon(found.mean_hu, 290.0 / 3, 1e-9);
    g_assert_cmpfloat_with_epsilon(found.deviation_hu, sqrt(2600.0 / 9), 1e-9);
    g_assert_cmpfloat_with_epsilon(found.median_hu, 90, 0.5);
    g_assert_null(hp_statistics_cut_words(&found));
    g_assert_true(hp_statistics_measure(mask, 0, volume, &found, NULL));
    g_assert_cmpuint(found.voxels, ==, 4);
}

static void a_label_at_the_last_slice_is_a_lower_bound(void)
{
    g_autoptr(HpMask) mask = picture("..\n\n#.\n");
    HpStatistics found;
    g_assert_true(hp_statistics_measure(mask, 1, NULL, &found, NULL));
    g_assert_true(isnan(found.mean_hu));
    g_assert_cmpstr(hp_statistics_cut_words(&found), ==,
                    "lower bound: the organ touches the last slice");
}

static void an_empty_mask_has_no_numbers(void)
{
    g_autoptr(HpMask) mask = picture("..\n..\n");
    g_autoptr(HpVolume) volume = hp_volume_new(hp_mask_get_grid(mask), NULL);
    HpStatistics found;
    g_assert_true(hp_statistics_measure(mask, 1, volume, &found, NULL));
    g_assert_cmpuint(found.voxels, ==, 0);
    g_assert_true(isnan(found.median_hu));
    g_assert_null(hp_statistics_cut_words(&found));
}

static void another_grid_is_refused_with_both_in_words(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(HpMask) mask = picture("#.\n..\n");
    HpGrid grid = *hp_mask_get_grid(mask);
    grid.origin_mm[2] = 5;
    g_autoptr(HpVolume) volume = hp_volume_new(&grid, NULL);
    HpStatistics found = {.voxels = 77};
    g_assert_false(hp_statistics_measure(mask, 1, volume, &found, &error));
    g_assert_error(error, HP_ERROR, HP_ERROR_GRID_MISMATCH);
    g_assert_cmpstr(error->message, ==,
                    "the mask has 2 x 2 x 1 voxels of 1 x 1 x 1 mm from 0.00, 0.00, 0.00 mm, the "
                    "image 2 x 2 x 1 of 1 x 1 x 1 mm from 0.00, 0.00, 5.00 mm; expected one grid");
    g_assert_cmpuint(found.voxels, ==, 77);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/statistics/voxels_and_hu_of_one_label", voxels_and_hu_of_one_label);
    g_test_add_func("/statistics/a_label_at_the_last_slice_is_a_lower_bound",
                    a_label_at_the_last_slice_is_a_lower_bound);
    g_test_add_func("/statistics/an_empty_mask_has_no_numbers", an_empty_mask_has_no_numbers);
    g_test_add_func("/statistics/another_grid_is_refused_with_both_in_words",
                    another_grid_is_refused_with_both_in_words);
    return g_test_run();
}
