// SPDX-License-Identifier: Apache-2.0
// The organ that follows a slider: near the full one, free of the way there, steered like it.
#include "segment/sketch.h"

#include "core/contour.h"
#include "core/error.h"
#include "core/parallel.h"
#include "segment/belly.h"
#include "segment/strokes.h"

#include <math.h>

static HpSketch *sketch_of(const Belly *belly, const HpOrganInput *input)
{
    const HpParams params = hp_params_default();
    g_autoptr(GError) error = NULL;
    HpSketch *sketch = hp_sketch_new(belly->volume, belly->seeds, input, &params, NULL, &error);
    g_assert_no_error(error);
    return sketch;
}

static HpMask *follow(HpSketch *sketch, HpParameterId id, double value, double *ml)
{
    HpParams params = hp_params_default();
    g_autoptr(GError) error = NULL;
    params.value[id] = value;
    HpMask *mask = hp_sketch_follow(sketch, &params, ml, NULL, &error);
    g_assert_no_error(error);
    return mask;
}

static void it_is_near_the_organ_in_full(void)
{
    g_auto(Belly) belly = belly_new(36);
    g_autoptr(HpSketch) sketch = sketch_of(&belly, NULL);
    for (double kappa = -0.4; kappa < 0.5; kappa += 0.4) {
        HpParams params = hp_params_default();
        params.value[HP_PARAM_KAPPA] = kappa;
        double ml;
        g_autoptr(HpMask) mask = follow(sketch, HP_PARAM_KAPPA, kappa, &ml);
        g_autoptr(HpOrgan) organ = segmented(&belly, NULL, &params);
        size_t counts[256];
        hp_mask_count(mask, counts);
        const double coarse_ml =
            (double)counts[1] * hp_grid_voxel_mm3(hp_mask_get_grid(mask)) / 1000;
        g_test_message("kappa %g: %.0f ml, in full %.0f ml", kappa, ml, organ->ml);
        g_assert_cmpfloat(fabs(ml / organ->ml - 1), <, 0.05);
        g_assert_cmpfloat(fabs(coarse_ml / ml - 1), <, 0.01); // 4 mm voxels of 3 mm ones
    }
}

static void the_way_there_is_forgotten(void)
{
    g_auto(Belly) belly = belly_new(36);
    g_autoptr(HpSketch) sketch = sketch_of(&belly, NULL);
    hp_parallel_set_threads(1);
    g_autoptr(HpMask) first = follow(sketch, HP_PARAM_KAPPA, 0.2, NULL);
    hp_parallel_set_threads(8);
    g_autoptr(HpMask) away = follow(sketch, HP_PARAM_ALPHA, 5, NULL);
    g_autoptr(HpMask) farther = follow(sketch, HP_PARAM_SNAKES_WEIGHT, 0, NULL);
    g_autoptr(HpMask) back = follow(sketch, HP_PARAM_KAPPA, 0.2, NULL);
    g_assert_cmpuint(differing(first, back), ==, 0);
    g_assert_cmpuint(differing(first, away), >, 0);
}

// Bending and the edges' weight move the contours of this belly by less than its voxels of 3 mm.
static void each_slider_moves_it(void)
{
    static const struct {
        HpParameterId id;
        double value;
    } moves[] = {{HP_PARAM_THRESHOLD_LOW, 90}, {HP_PARAM_ALPHA, 3},  {HP_PARAM_SIGMA, 3},
                 {HP_PARAM_KAPPA, 1},          {HP_PARAM_KAPPA, -1}, {HP_PARAM_EDGE_REFINE, 0}};
    g_auto(Belly) belly = belly_new(36);
    g_autoptr(HpSketch) sketch = sketch_of(&belly, NULL);
    g_autoptr(HpMask) plain = follow(sketch, HP_PARAM_KAPPA, 0, NULL);
    for (guint at = 0; at < G_N_ELEMENTS(moves); at++) {
        g_autoptr(HpMask) moved = follow(sketch, moves[at].id, moves[at].value, NULL);
        g_test_message("%s = %g: %zu voxels", hp_parameter_get(moves[at].id)->id, moves[at].value,
                       differing(plain, moved));
        g_assert_cmpuint(differing(plain, moved), >, 0);
    }
}

static void barriers_hold_in_it(void)
{
    g_auto(Belly) belly = belly_new(36);
    const HpGrid *grid = &belly.volume->grid;
    g_autoptr(GPtrArray) strokes = hp_strokes_new();
    HpStroke *stroke = hp_stroke_new(HP_STROKE_BARRIER, HP_PLANE_AXIAL, 12, 1);
    hp_slice_to_mm(grid, HP_PLANE_AXIAL, 17, 99, 94, stroke->mm[0]); // amid the liver
    g_ptr_array_add(strokes, stroke);
    const HpOrganInput input = {.strokes = strokes};
    g_autoptr(HpSketch) sketch = sketch_of(&belly, &input);
    g_autoptr(HpMask) mask = follow(sketch, HP_PARAM_KAPPA, 1, NULL);
    g_autoptr(HpStrokeMap) map = hp_stroke_map_new(strokes, hp_mask_get_grid(mask), NULL);
    const HpGrid *coarse = hp_mask_get_grid(mask);
    int barriers = 0, wrong = 0;
    for (int k = 0; k < coarse->size[2]; k++)
        for (int j = 0; j < coarse->size[1]; j++)
            for (int i = 0; i < coarse->size[0]; i++)
                if (hp_stroke_map_get(map, hp_grid_offset(coarse, i, j, k))) {
                    barriers++;
                    wrong += hp_mask_get(mask, i, j, k) != 0;
                }
    g_assert_cmpint(barriers, >, 60);
    g_assert_cmpint(wrong, ==, 0);
}

static void what_cannot_be_is_told(void)
{
    g_auto(Belly) belly = belly_new(36);
    g_autoptr(HpSketch) sketch = sketch_of(&belly, NULL);
    HpParams params = hp_params_default();
    params.value[HP_PARAM_THRESHOLD_LOW] = 150;
    params.value[HP_PARAM_THRESHOLD_HIGH] = 50;
    g_autoptr(GError) error = NULL;
    g_assert_null(hp_sketch_follow(sketch, &params, NULL, NULL, &error));
    g_assert_error(error, HP_ERROR, HP_ERROR_BAD_FILE);
    g_clear_error(&error);
    HpTask task;
    hp_task_init(&task);
    hp_task_cancel(&task);
    params = hp_params_default();
    g_assert_null(hp_sketch_follow(sketch, &params, NULL, &task, &error));
    g_assert_error(error, HP_ERROR, HP_ERROR_CANCELLED);
    g_clear_error(&error);
    g_autoptr(HpMask) again = follow(sketch, HP_PARAM_KAPPA, 0, NULL); // and it goes on working
    g_ptr_array_set_size(belly.seeds, 0);
    g_assert_null(hp_sketch_new(belly.volume, belly.seeds, NULL, &params, NULL, &error));
    g_assert_error(error, HP_ERROR, HP_ERROR_BAD_FILE);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define TEST(name) g_test_add_func("/sketch/" #name, name)
    TEST(it_is_near_the_organ_in_full);
    TEST(the_way_there_is_forgotten);
    TEST(each_slider_moves_it);
    TEST(barriers_hold_in_it);
    TEST(what_cannot_be_is_told);
    return g_test_run();
}
