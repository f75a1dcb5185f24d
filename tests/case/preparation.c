// SPDX-License-Identifier: Apache-2.0
// A slice prepared alone is the slice of the volume prepared as a whole.
#include "case/preparation.h"

#include "core/error.h"
#include "image/presets.h"
#include "support/random.h"

#include <math.h>
#include <string.h>

// Soft tissue in air, with structure that is coarser than a voxel: noise, blurred.
static HpVolume *body(void)
{
    const HpGrid grid = random_grid(48, 44, 40, 1.5, 1.4, 2.5);
    g_autoptr(HpVolume) noise = random_volume(&grid, -600, 800, 5);
    HpParams blur = hp_params_default();
    blur.value[HP_PARAM_GAUSSIAN] = 1.5;
    HpVolume *volume = hp_prepare(noise, &blur, NULL, NULL);
    for (int k = 0; k < 40; k++)
        for (int j = 0; j < 44; j++)
            for (int i = 0; i < 48; i++)
                if (hypot(i - 24, j - 22) > 20)
                    volume->hu[hp_grid_offset(&grid, i, j, k)] = -1000;
    return volume;
}

// The largest difference between a slice prepared alone and that of the whole.
static int largest_difference(const HpParams *params, HpPlane plane, int at)
{
    g_autoptr(HpVolume) volume = body();
    g_autoptr(HpPreparation) preparation = hp_preparation_new(volume);
    g_autoptr(HpVolume) slice = hp_preparation_slice(preparation, params, plane, at, NULL, NULL);
    g_autoptr(HpVolume) whole = hp_prepare(volume, params, NULL, NULL);
    g_autoptr(HpVolume) placed = hp_volume_new(&volume->grid, NULL);
    const size_t count = hp_grid_count(&volume->grid);
    memcpy(placed->hu, whole->hu, count * sizeof *placed->hu);
    hp_preparation_place(slice, plane, at, placed);
    int largest = 0;
    for (size_t n = 0; n < count; n++)
        largest = MAX(largest, ABS(placed->hu[n] - whole->hu[n]));
    // Placed elsewhere it is another picture: the comparison above does see the slice.
    hp_preparation_place(slice, plane, at == 0 ? 9 : 0, placed);
    g_assert_cmpint(memcmp(placed->hu, whole->hu, count * sizeof *placed->hu), !=, 0);
    return largest;
}

static void every_preset_is_the_volumes_own(void)
{
    HpParams params = hp_params_default();
    for (int preset = 0; preset < 7; preset++) {
        params.value[HP_PARAM_PRESET] = preset;
        for (int plane = 0; plane < HP_PLANE_COUNT; plane++)
            g_assert_cmpint(largest_difference(&params, plane, 17), <=, 1);
        g_assert_cmpint(largest_difference(&params, HP_PLANE_AXIAL, 0), <=, 1);
    }
}

static void all_steps_together(void)
{
    HpParams params = hp_params_default();
    params.value[HP_PARAM_PRESET] = 1;
    params.value[HP_PARAM_CLAHE] = 4;
    params.value[HP_PARAM_CONTRAST] = 1.3;
    params.value[HP_PARAM_BRIGHTNESS] = -15;
    g_assert_cmpint(largest_difference(&params, HP_PLANE_AXIAL, 12), <=, 1);
}

// Heat from beyond the slab does not come in: 2 HU, where the smoothing itself moves hundreds.
static void diffusion_hardly_feels_the_cut(void)
{
    HpParams params = hp_params_default();
    params.value[HP_PARAM_DIFFUSION] = 2;
    g_assert_cmpint(largest_difference(&params, HP_PLANE_AXIAL, 20), <=, 2);
    g_assert_cmpint(largest_difference(&params, HP_PLANE_CORONAL, 20), <=, 2);
}

static void local_contrast_is_quick_on_its_own_slices_alone(void)
{
    g_autoptr(HpVolume) volume = body();
    HpParams params = hp_params_default();
    for (int plane = 0; plane < HP_PLANE_COUNT; plane++)
        g_assert_true(hp_preparation_is_quick(volume, &params, plane));
    params.value[HP_PARAM_CLAHE] = 3;
    g_assert_true(hp_preparation_is_quick(volume, &params, HP_PLANE_AXIAL));
    g_assert_false(hp_preparation_is_quick(volume, &params, HP_PLANE_CORONAL));
}

static void what_was_kept_does_not_leak_into_the_next(void)
{
    g_autoptr(HpVolume) volume = body();
    g_autoptr(HpPreparation) used = hp_preparation_new(volume);
    HpParams params = hp_params_default();
    for (int round = 0; round < 4; round++) {
        params.value[HP_PARAM_PRESET] = 1 + round;
        params.value[HP_PARAM_DIFFUSION] = round % 2;
        params.value[HP_PARAM_WINDOW_HIGH] = round < 2 ? 260 : 200;
        g_autoptr(HpPreparation) fresh = hp_preparation_new(volume);
        g_autoptr(HpVolume) one =
            hp_preparation_slice(used, &params, HP_PLANE_AXIAL, 7 + round / 2, NULL, NULL);
        g_autoptr(HpVolume) other =
            hp_preparation_slice(fresh, &params, HP_PLANE_AXIAL, 7 + round / 2, NULL, NULL);
        const size_t bytes = hp_grid_count(&one->grid) * sizeof *one->hu;
        g_assert_cmpmem(one->hu, bytes, other->hu, bytes);
    }
}

static void an_empty_window_is_named(void)
{
    g_autoptr(HpVolume) volume = body();
    g_autoptr(HpPreparation) preparation = hp_preparation_new(volume);
    g_autoptr(GError) error = NULL;
    HpParams params = hp_params_default();
    params.value[HP_PARAM_PRESET] = 6;
    params.value[HP_PARAM_WINDOW_LOW] = 400;
    g_assert_null(hp_preparation_slice(preparation, &params, HP_PLANE_AXIAL, 3, NULL, &error));
    g_assert_error(error, HP_ERROR, HP_ERROR_BAD_FILE);
    g_assert_nonnull(strstr(error->message, "prepare.window-low is 400 HU"));
}

static void a_histogram_counts_what_lies_in_its_range(void)
{
    const HpGrid grid = hp_grid_new(2, 2, 2, 1, 1, 1);
    g_autoptr(HpVolume) volume = hp_volume_new(&grid, NULL);
    const int16_t hu[8] = {-1024, 100, 100, 100, 101, 3071, 5000, -2000};
    memcpy(volume->hu, hu, sizeof hu);
    g_autoptr(HpHistogram) histogram = hp_preparation_histogram(volume);
    g_assert_cmpfloat(histogram->total, ==, 6);
    g_assert_cmpfloat(histogram->weight[0], ==, 1);
    g_assert_cmpfloat(histogram->weight[1124], ==, 3);
    g_assert_cmpfloat(histogram->weight[1125], ==, 1);
    g_assert_cmpfloat(histogram->weight[4095], ==, 1);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/preparation/every_preset_is_the_volumes_own",
                    every_preset_is_the_volumes_own);
    g_test_add_func("/preparation/all_steps_together", all_steps_together);
    g_test_add_func("/preparation/diffusion_hardly_feels_the_cut", diffusion_hardly_feels_the_cut);
    g_test_add_func("/preparation/local_contrast_is_quick_on_its_own_slices_alone",
                    local_contrast_is_quick_on_its_own_slices_alone);
    g_test_add_func("/preparation/what_was_kept_does_not_leak_into_the_next",
                    what_was_kept_does_not_leak_into_the_next);
    g_test_add_func("/preparation/an_empty_window_is_named", an_empty_window_is_named);
    g_test_add_func("/preparation/a_histogram_counts_what_lies_in_its_range",
                    a_histogram_counts_what_lies_in_its_range);
    return g_test_run();
}
