// SPDX-License-Identifier: Apache-2.0
// hepatica-cli measure: the numbers of a mask, label by label, or of a mesh.
#include "case/statistics.h"
#include "cli/commands.h"
#include "cli/input.h"
#include "core/segment.h"
#include "io/image_file.h"
#include "io/mesh_file.h"
#include "surface/measure.h"

#include <math.h>

static const HpOption options[] = {
    {"image", "INPUT", "The CT on the mask's grid, for HU inside it.", false},
    HP_OPTION_SERIES,
    HP_OPTIONS_END,
};

static void add_statistics(JsonObject *object, const HpStatistics *found)
{
    json_object_set_int_member(object, "voxels", (gint64)found->voxels);
    json_object_set_double_member(object, "volume_ml", found->volume_ml);
    json_object_set_boolean_member(object, "lower_bound", found->is_cut_low || found->is_cut_high);
    if (isnan(found->mean_hu))
        return;
    json_object_set_double_member(object, "mean_hu", found->mean_hu);
    json_object_set_double_member(object, "deviation_hu", found->deviation_hu);
    json_object_set_double_member(object, "p5_hu", found->low_hu);
    json_object_set_double_member(object, "median_hu", found->median_hu);
    json_object_set_double_member(object, "p95_hu", found->high_hu);
}

static bool measure_mesh(HpCall *call, const HpMesh *mesh)
{
    json_object_set_double_member(call->result, "volume_ml", hp_mesh_volume_mm3(mesh) / 1000);
    json_object_set_double_member(call->result, "area_mm2", hp_mesh_area_mm2(mesh));
    json_object_set_int_member(call->result, "vertices", (gint64)mesh->vertices);
    json_object_set_int_member(call->result, "triangles", (gint64)mesh->triangles);
    json_object_set_boolean_member(call->result, "watertight", hp_mesh_is_watertight(mesh));
    return true;
}

// One block for each label that occurs, after the whole.
static bool measure_mask(HpCall *call, const HpMask *mask, const HpVolume *volume, GError **error)
{
    HpStatistics found;
    if (!hp_statistics_measure(mask, 0, volume, &found, error))
        return false;
    add_statistics(call->result, &found);
    const char *cut = hp_statistics_cut_words(&found);
    hp_result_add_warnings(call->result, (const char *const[]){cut, NULL});
    const HpSegments segments = hp_segments_default();
    JsonArray *labels = json_array_new();
    json_object_set_array_member(call->result, "labels", labels);
    size_t counts[256];
    hp_mask_count(mask, counts);
    for (int label = 1; label < 256; label++) {
        if (counts[label] == 0)
            continue;
        if (!hp_statistics_measure(mask, (uint8_t)label, volume, &found, error))
            return false;
        const HpSegment *segment = hp_segments_find(&segments, (uint8_t)label);
        JsonObject *object = json_object_new();
        json_object_set_int_member(object, "label", label);
        json_object_set_string_member(object, "name", segment != NULL ? segment->name : "");
        add_statistics(object, &found);
        json_array_add_object_element(labels, object);
    }
    return true;
}

static bool run(HpCall *call, GError **error)
{
    const char *path = hp_call_argument(call, 0), *image = hp_call_option(call, "image");
    HpMeshFormat format;
    if (hp_mesh_file_get_format(path, &format, NULL)) {
        if (image != NULL) {
            g_set_error_literal(error, HP_USAGE_ERROR, 0, "--image goes with a mask, not a mesh");
            return false;
        }
        g_autoptr(HpMesh) mesh = hp_mesh_file_read(path, call->task, error);
        return mesh != NULL && measure_mesh(call, mesh);
    }
    g_autoptr(HpMask) mask = hp_image_file_read_mask(path, call->task, error);
    g_autoptr(HpVolume) volume =
        mask != NULL && image != NULL ? hp_call_load(call, image, error) : NULL;
    if (mask == NULL || (image != NULL && volume == NULL))
        return false;
    return measure_mask(call, mask, volume, error);
}

const HpCommand hp_command_measure = {
    .name = "measure",
    .arguments = "MASK|MESH",
    .sentence = "Measure a mask, label by label, or a mesh.",
    .groups = "",
    .options = options,
    .run = run,
};
