// SPDX-License-Identifier: Apache-2.0
// The model's numbers agree with each other and say what was left out.
#include "surface/model.h"

#include "core/error.h"
#include "surface/shapes.h"

#include <math.h>

// A ball of radius 30 mm with a cube of 27 mm3 beside it.
static HpMask *ball_and_crumb(void)
{
    HpMask *mask = shape_mask(&(Shape){ELLIPSOID, {30, 30, 30}}, 1, 1, 1, 0);
    for (int k = 1; k < 4; k++)
        for (int j = 1; j < 4; j++)
            for (int i = 1; i < 4; i++)
                hp_mask_set(mask, i, j, k, 1);
    return mask;
}

static void volumes_agree_and_a_crumb_is_named(void)
{
    g_autoptr(HpMask) mask = ball_and_crumb();
    HpParams params = hp_params_default();
    params.value[HP_PARAM_TRIANGLES] = 4000;
    g_autoptr(HpModel) model = hp_model_new(mask, 1, &params, NULL, 0, NULL, NULL);
    g_assert_cmpint(model->parts, ==, 2);
    g_assert_cmpfloat_with_epsilon(model->label_ml, hp_mask_volume_ml(mask, 1), 1e-9);
    g_assert_cmpfloat_with_epsilon(model->mask_ml, model->label_ml - 0.027, 1e-5);
    g_assert_cmpfloat_with_epsilon(model->mesh_ml, model->mask_ml, 1e-5 * model->mask_ml);
    g_assert_true(model->is_watertight);
    g_assert_cmpuint(model->mesh->triangles, <=, 4000);
    g_assert_cmpuint(model->removed->len, ==, 0);
    g_assert_cmpuint(model->warnings->len, ==, 1);
    g_assert_cmpstr(model->warnings->pdata[0], ==,
                    "1 smaller parts with 0.03 ml in all were dropped");
    // Half a voxel in and out: 4/3 pi (29.5^3, 30.5^3)
    g_assert_cmpfloat_with_epsilon(model->low_ml, 107.54, 0.3);
    g_assert_cmpfloat_with_epsilon(model->high_ml, 118.85, 0.3);
    g_assert_cmpfloat(model->distance.mean_voxels, <=, 0.25);
    g_assert_cmpfloat(model->distance.max_voxels, <=, 1);
}

static void all_parts_stay_if_wanted(void)
{
    g_autoptr(HpMask) mask = ball_and_crumb();
    HpParams params = hp_params_default();
    params.value[HP_PARAM_LARGEST_PART] = 0;
    g_autoptr(HpModel) model = hp_model_new(mask, 1, &params, NULL, 0, NULL, NULL);
    g_assert_cmpint(hp_mesh_euler(model->mesh), ==, 4);
    g_assert_cmpfloat_with_epsilon(model->mesh_ml, model->label_ml, 1e-5 * model->label_ml);
    g_assert_cmpuint(model->warnings->len, ==, 0);
}

static void trimmed_voxels_agree_with_the_trimmed_mesh(void)
{
    g_autoptr(HpMask) mask = ball_and_crumb();
    const HpParams params = hp_params_default();
    const HpCut cuts[2] = {{{0, 0, 1}, 7.3, false}, {{0, -0.6, -0.8}, 20, false}};
    g_autoptr(HpModel) model = hp_model_new(mask, 1, &params, cuts, 2, NULL, NULL);
    // Caps of height h hold pi h^2 (R - h / 3): h 22.7 and 10; they do not meet.
    const double caps = G_PI * (22.7 * 22.7 * (30 - 22.7 / 3) + 100 * (30 - 10 / 3.0)) / 1000;
    const double whole = 4 * G_PI / 3 * 27;
    g_assert_cmpfloat_with_epsilon(model->mask_ml, whole - caps, 0.15);
    g_assert_cmpfloat_with_epsilon(model->mesh_ml, model->mask_ml, 0.002 * model->mask_ml);
    g_assert_cmpuint(model->removed->len, ==, 2);
    g_assert_true(model->is_watertight);
    g_assert_cmpfloat(model->low_ml, <, model->mesh_ml);
    g_assert_cmpfloat(model->high_ml, >, model->mesh_ml);
    // The cut itself is exact: only the outer surface moves.
    g_assert_cmpfloat(model->high_ml - model->low_ml, <, model->area_mm2 / 1000);
}

static void assert_same_model(const HpModel *a, const HpModel *b)
{
    g_assert_cmpmem(a->mesh->mm, 3 * a->mesh->vertices * sizeof(float), b->mesh->mm,
                    3 * b->mesh->vertices * sizeof(float));
    g_assert_cmpmem(a->mesh->index, 3 * a->mesh->triangles * sizeof(uint32_t), b->mesh->index,
                    3 * b->mesh->triangles * sizeof(uint32_t));
    g_assert_cmpfloat(a->mask_ml, ==, b->mask_ml);
    g_assert_cmpfloat(a->low_ml, ==, b->low_ml);
    g_assert_cmpfloat(a->high_ml, ==, b->high_ml);
    g_assert_cmpfloat(a->distance.max_voxels, ==, b->distance.max_voxels);
    g_assert_cmpint(a->parts, ==, b->parts);
    g_assert_cmpuint(a->warnings->len, ==, b->warnings->len);
    for (guint at = 0; at < a->warnings->len; at++)
        g_assert_cmpstr(a->warnings->pdata[at], ==, b->warnings->pdata[at]);
}

// Whatever stood before, the same input is the same model; what still holds is not made again.
static void what_stood_before_changes_nothing(void)
{
    g_autoptr(HpMask) mask = ball_and_crumb();
    const HpCut cut = {{0, 0, 1}, 7.3, false};
    const struct {
        double smooth, triangles, largest;
        int cuts;
    } steps[] = {{0.5, 0, 1, 0},    {0.5, 0, 1, 1},    {0.8, 0, 1, 1},   {0.8, 3000, 1, 1},
                 {0.8, 3000, 0, 1}, {0.8, 3000, 0, 0}, {0.2, 900, 1, 1}, {0.2, 900, 1, 0}};
    g_autoptr(HpModel) before = NULL;
    for (size_t at = 0; at < G_N_ELEMENTS(steps); at++) {
        HpParams params = hp_params_default();
        params.value[HP_PARAM_SURFACE_SMOOTH] = steps[at].smooth;
        params.value[HP_PARAM_TRIANGLES] = steps[at].triangles;
        params.value[HP_PARAM_LARGEST_PART] = steps[at].largest;
        HpModelInput input = {.mask = mask,
                              .label = 1,
                              .params = &params,
                              .cuts = &cut,
                              .cut_count = steps[at].cuts,
                              .before = before,
                              .is_draft = true};
        HpModel *draft = hp_model_make(&input, NULL, NULL);
        g_assert_true(isnan(draft->low_ml));
        if (at == 1)
            g_assert_true(draft->made.surface == before->made.surface);
        if (before != NULL && at != 4 && at != 6)
            g_assert_true(draft->made.net == before->made.net);
        hp_model_free(before);
        input.before = draft;
        input.is_draft = false;
        before = hp_model_make(&input, NULL, NULL);
        hp_model_free(draft);
        g_autoptr(HpModel) fresh = hp_model_new(mask, 1, &params, &cut, steps[at].cuts, NULL, NULL);
        assert_same_model(before, fresh);
    }
}

static void nothing_to_model_is_an_error(void)
{
    g_autoptr(HpMask) mask = ball_and_crumb();
    const HpParams params = hp_params_default();
    g_autoptr(GError) error = NULL;
    g_assert_null(hp_model_new(mask, 5, &params, NULL, 0, NULL, &error));
    g_assert_error(error, HP_ERROR, HP_ERROR_NO_RESULT);
    g_clear_error(&error);
    const HpCut away = {{0, 0, 1}, -500, false};
    g_assert_null(hp_model_new(mask, 1, &params, &away, 1, NULL, &error));
    g_assert_error(error, HP_ERROR, HP_ERROR_NO_RESULT);
}

static void progress_stays_in_the_callers_stage(void)
{
    g_autoptr(HpMask) mask = ball_and_crumb();
    const HpParams params = hp_params_default();
    HpTask task;
    hp_task_init(&task);
    hp_task_stage(&task, "Model", 0.5, 0.6);
    g_autoptr(HpModel) model = hp_model_new(mask, 1, &params, NULL, 0, &task, NULL);
    g_assert_nonnull(model);
    g_assert_cmpfloat_with_epsilon(hp_task_get_fraction(&task), 0.6, 1e-3);
    hp_task_cancel(&task);
    g_autoptr(GError) error = NULL;
    g_assert_null(hp_model_new(mask, 1, &params, NULL, 0, &task, &error));
    g_assert_error(error, HP_ERROR, HP_ERROR_CANCELLED);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/model/volumes_agree_and_a_crumb_is_named",
                    volumes_agree_and_a_crumb_is_named);
    g_test_add_func("/model/all_parts_stay_if_wanted", all_parts_stay_if_wanted);
    g_test_add_func("/model/trimmed_voxels_agree_with_the_trimmed_mesh",
                    trimmed_voxels_agree_with_the_trimmed_mesh);
    g_test_add_func("/model/what_stood_before_changes_nothing", what_stood_before_changes_nothing);
    g_test_add_func("/model/nothing_to_model_is_an_error", nothing_to_model_is_an_error);
    g_test_add_func("/model/progress_stays_in_the_callers_stage",
                    progress_stays_in_the_callers_stage);
    return g_test_run();
}
