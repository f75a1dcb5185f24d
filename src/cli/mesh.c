// SPDX-License-Identifier: Apache-2.0
// hepatica-cli mesh: the surface of a mask, trimmed and reduced, with the numbers that must agree.
#include "case/export.h"
#include "cli/commands.h"
#include "io/image_file.h"
#include "io/mesh_file.h"
#include "surface/model.h"

#include <math.h>

static const HpOption options[] = {
    {"out", "FILE", "Where to write it: .obj (with .mtl), .stl or .ply.", true},
    HP_OPTION_LABEL,
    HP_OPTION_TRIM,
    HP_OPTIONS_END,
};

static void add_result(JsonObject *result, const HpModel *model, double file_ml)
{
    json_object_set_double_member(result, "mask_ml", model->mask_ml);
    json_object_set_double_member(result, "mesh_ml", model->mesh_ml);
    json_object_set_double_member(result, "file_ml", file_ml);
    json_object_set_double_member(result, "half_voxel_less_ml", model->low_ml);
    json_object_set_double_member(result, "half_voxel_more_ml", model->high_ml);
    json_object_set_double_member(result, "area_mm2", model->area_mm2);
    json_object_set_int_member(result, "triangles", (gint64)model->mesh->triangles);
    json_object_set_int_member(result, "parts", model->parts);
    json_object_set_boolean_member(result, "watertight", model->is_watertight);
    json_object_set_double_member(result, "unlocked_ml", model->lock.unlocked_mm3 / 1000);
    JsonArray *warnings = json_array_new();
    for (guint at = 0; at < model->warnings->len; at++)
        json_array_add_string_element(warnings, model->warnings->pdata[at]);
    json_object_set_array_member(result, "warnings", warnings);
}

static HpModel *build(HpCall *call, int label, GError **error)
{
    g_autoptr(HpMask) mask = hp_image_file_read_mask(hp_call_argument(call, 0), call->task, error);
    const GArray *trims = call->plan->trims;
    return mask != NULL ? hp_model_new(mask, (uint8_t)label, &call->plan->params,
                                       (const HpCut *)(void *)trims->data, (int)trims->len,
                                       call->task, error)
                        : NULL;
}

static bool run(HpCall *call, GError **error)
{
    const char *out = hp_call_option(call, "out");
    HpMeshFormat format;
    int label = 0;
    if (!hp_mesh_file_get_format(out, &format, error) ||
        !hp_call_get_int(call, "label", 0, 255, &label, error))
        return false;
    const char *path = hp_outputs_file(call->outputs, out, error);
    if (path == NULL)
        return false;
    double file_ml = NAN;
    g_autoptr(HpModel) model = build(call, label, error);
    if (model == NULL || !hp_export_mesh(model->mesh, path, &file_ml, call->task, error))
        return false;
    add_result(call->result, model, file_ml);
    return true;
}

const HpCommand hp_command_mesh = {
    .name = "mesh",
    .arguments = "MASK",
    .sentence = "Make the surface of a mask, and compare its volume with the mask's.",
    .groups = "model",
    .options = options,
    .run = run,
};
