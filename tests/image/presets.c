// SPDX-License-Identifier: Apache-2.0
// Preparation as a whole: the six presets, their order, and a person's band on the same curve.
#include "image/presets.h"

#include "core/error.h"
#include "image/equalise.h"
#include "image/gaussian.h"
#include "support/random.h"

#include <math.h>
#include <string.h>

static HpVolume *picture_of_noise(void)
{
    const HpGrid grid = random_grid(40, 38, 22, 1.5, 1.5, 3);
    HpVolume *volume = random_volume(&grid, -50, 200, 3);
    for (int k = 0; k < 22; k++)
        for (int j = 0; j < 38; j++)
            for (int i = 0; i < 6; i++)
                volume->hu[hp_grid_offset(&grid, i, j, k)] = i < 3 ? -1000 : 900;
    return volume;
}

static void nothing_to_do_is_the_same_volume(void)
{
    g_autoptr(HpVolume) volume = picture_of_noise();
    const HpParams params = hp_params_default();
    g_autoptr(HpVolume) out = hp_prepare(volume, &params, NULL, NULL);
    g_assert_true(out == volume);
}

static void presets_are_those_of_the_table(void)
{
    const double expected[7][2] = {{0, 0}, {0.5, 1}, {1, 2}, {0.5, 0}, {1, 0}, {0, 1}, {0, 2}};
    const HpParameter *parameter = hp_parameter_get(HP_PARAM_PRESET);
    for (int preset = 0; preset < 7; preset++) {
        HpParams params = hp_params_default();
        g_assert_true(hp_params_set(&params, HP_PARAM_PRESET, preset, NULL));
        g_assert_cmpfloat(hp_prepare_equalise(&params), ==, expected[preset][0]);
        g_assert_cmpfloat(hp_prepare_sigma_mm(&params), ==, expected[preset][1]);
        const char *name = parameter->choices[preset];
        g_assert_cmpint(strstr(name, "histogram") != NULL, ==, expected[preset][0] > 0);
        g_assert_cmpint(strstr(name, "gaussian") != NULL, ==, expected[preset][1] > 0);
        g_assert_cmpint(g_str_has_prefix(name, "set2"), ==,
                        expected[preset][0] == 1 || expected[preset][1] == 2);
    }
}

static void single_values_come_on_top(void)
{
    HpParams params = hp_params_default();
    params.value[HP_PARAM_PRESET] = 1;
    params.value[HP_PARAM_EQUALISE] = 0.5;
    params.value[HP_PARAM_GAUSSIAN] = 2;
    g_assert_cmpfloat_with_epsilon(hp_prepare_equalise(&params), 0.75, 1e-12);
    g_assert_cmpfloat_with_epsilon(hp_prepare_sigma_mm(&params), sqrt(5), 1e-12);
}

static void equalises_first_and_blurs_last(void)
{
    g_autoptr(HpVolume) volume = picture_of_noise();
    HpParams params = hp_params_default();
    params.value[HP_PARAM_PRESET] = 2;
    g_autoptr(HpVolume) out = hp_prepare(volume, &params, NULL, NULL);
    g_autoptr(HpCurve) curve = hp_equalise_curve(volume, -140, 260, 1, NULL, NULL);
    g_autoptr(HpVolume) expected = hp_volume_new(&volume->grid, NULL);
    g_assert_true(hp_curve_apply(curve, volume, expected, NULL, NULL));
    g_assert_true(hp_gaussian_into(expected, 2, expected, NULL, NULL));
    const size_t bytes = hp_grid_count(&volume->grid) * sizeof(int16_t);
    g_assert_cmpmem(out->hu, bytes, expected->hu, bytes);
}

static void a_band_follows_its_voxels(void)
{
    g_autoptr(HpVolume) volume = picture_of_noise();
    HpParams params = hp_params_default();
    params.value[HP_PARAM_EQUALISE] = 0.6;
    params.value[HP_PARAM_CONTRAST] = 1.5;
    params.value[HP_PARAM_BRIGHTNESS] = -20;
    g_autoptr(HpCurve) curve = hp_prepare_curve(volume, &params, NULL, NULL);
    g_autoptr(HpVolume) out = hp_prepare(volume, &params, NULL, NULL);
    for (size_t at = 0; at < hp_grid_count(&volume->grid); at++) // two roundings
        g_assert_cmpfloat_with_epsilon(out->hu[at], hp_curve_map(curve, volume->hu[at]), 1.26);
}

static void every_step_acts(void)
{
    g_autoptr(HpVolume) volume = picture_of_noise();
    const HpParameterId ids[] = {HP_PARAM_GAUSSIAN,   HP_PARAM_EQUALISE, HP_PARAM_CLAHE,
                                 HP_PARAM_BRIGHTNESS, HP_PARAM_CONTRAST, HP_PARAM_DIFFUSION};
    const double values[] = {1, 0.5, 3, 10, 1.5, 0.5};
    for (int at = 0; at < 6; at++) {
        HpParams params = hp_params_default();
        params.value[ids[at]] = values[at];
        HpTask task;
        hp_task_init(&task);
        g_autoptr(HpVolume) out = hp_prepare(volume, &params, &task, NULL);
        g_assert_nonnull(out);
        size_t changed = 0;
        for (size_t voxel = 0; voxel < hp_grid_count(&volume->grid); voxel++)
            changed += out->hu[voxel] != volume->hu[voxel];
        g_assert_cmpuint(changed, >, hp_grid_count(&volume->grid) / 10);
        g_assert_cmpfloat(hp_task_get_fraction(&task), ==, 1);
        g_assert_cmpstr(hp_task_get_words(&task), !=, "");
    }
}

static void an_empty_window_is_refused(void)
{
    g_autoptr(HpVolume) volume = picture_of_noise();
    HpParams params = hp_params_default();
    params.value[HP_PARAM_WINDOW_LOW] = 300;
    g_autoptr(GError) error = NULL;
    g_assert_null(hp_prepare(volume, &params, NULL, &error));
    g_assert_error(error, HP_ERROR, HP_ERROR_BAD_FILE);
    g_assert_cmpstr(error->message, ==,
                    "prepare.window-low is 300 HU, expected at least 1 below "
                    "prepare.window-high, 260 HU");
    g_assert_null(hp_prepare_curve(volume, &params, NULL, NULL));
}

static void cancels(void)
{
    g_autoptr(HpVolume) volume = picture_of_noise();
    HpParams params = hp_params_default();
    params.value[HP_PARAM_PRESET] = 2;
    g_autoptr(GError) error = NULL;
    HpTask task;
    hp_task_init(&task);
    hp_task_cancel(&task);
    g_assert_null(hp_prepare(volume, &params, &task, &error));
    g_assert_error(error, HP_ERROR, HP_ERROR_CANCELLED);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/presets/nothing-to-do-is-the-same-volume", nothing_to_do_is_the_same_volume);
    g_test_add_func("/presets/presets-are-those-of-the-table", presets_are_those_of_the_table);
    g_test_add_func("/presets/single-values-come-on-top", single_values_come_on_top);
    g_test_add_func("/presets/equalises-first-and-blurs-last", equalises_first_and_blurs_last);
    g_test_add_func("/presets/a-band-follows-its-voxels", a_band_follows_its_voxels);
    g_test_add_func("/presets/every-step-acts", every_step_acts);
    g_test_add_func("/presets/an-empty-window-is-refused", an_empty_window_is_refused);
    g_test_add_func("/presets/cancels", cancels);
    return g_test_run();
}
