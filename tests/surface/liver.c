// SPDX-License-Identifier: Apache-2.0
// The synthetic donor's liver, meshed and reduced to what software rendering can turn, keeps its ml.
#include "phantom/phantom.h"
#include "surface/model.h"
#include "surface/shapes.h"

#include <math.h>

static void twenty_thousand_triangles_keep_the_millilitres(void)
{
    const HpPhantomParams donor = hp_phantom_params_default();
    HpParams params = hp_params_default();
    GError *error = NULL;
    g_autoptr(HpMask) mask = hp_phantom_liver(&donor, NULL, &error);
    g_assert_no_error(error);
    params.value[HP_PARAM_TRIANGLES] = 20000;
    g_autoptr(HpModel) model = hp_model_new(mask, 1, &params, NULL, 0, NULL, &error);
    g_assert_no_error(error);
    g_test_message(
        "mask %.3f ml, mesh %.3f ml of %zu triangles; before the lock %+.3f %% by "
        "smoothing and %+.3f %% by reduction; %.3f and at most %.3f voxel from the mask; "
        "half a voxel in and out %.1f to %.1f ml",
        model->label_ml, model->mesh_ml, model->mesh->triangles,
        100 * (model->lock.unlocked_mm3 / model->lock.target_mm3 - 1), model->reduced_percent,
        model->distance.mean_voxels, model->distance.max_voxels, model->low_ml, model->high_ml);
    g_assert_cmpuint(model->mesh->triangles, <=, 20000);
    g_assert_cmpfloat(fabs(model->mesh_ml / model->label_ml - 1), <, 0.001);
    g_assert_cmpfloat(model->distance.mean_voxels, <=, 0.25);
    g_assert_cmpfloat(model->distance.max_voxels, <=, 1);
    g_assert_true(is_manifold(model->mesh));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/liver/twenty_thousand_triangles_keep_the_millilitres",
                    twenty_thousand_triangles_keep_the_millilitres);
    return g_test_run();
}
