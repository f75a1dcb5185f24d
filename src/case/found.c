// SPDX-License-Identifier: Apache-2.0
// What was found of an organ as a text to keep, and back: all its numbers, beside mask and contours.
#include "case/found.h"

#include "case/json.h"
#include "core/error.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

// The numbers of an organ by name; what is no number of its own is read as 0 or 1.
static const struct {
    const char *name;
    size_t offset;
} numbers[] = {
    {"ml", G_STRUCT_OFFSET(HpOrgan, ml)},
    {"snakes_ml", G_STRUCT_OFFSET(HpOrgan, snakes_ml)},
    {"band_narrower_ml", G_STRUCT_OFFSET(HpOrgan, ml_band_narrower)},
    {"band_wider_ml", G_STRUCT_OFFSET(HpOrgan, ml_band_wider)},
    {"half_voxel_less_ml", G_STRUCT_OFFSET(HpOrgan, ml_half_voxel_less)},
    {"half_voxel_more_ml", G_STRUCT_OFFSET(HpOrgan, ml_half_voxel_more)},
    {"low_hu", G_STRUCT_OFFSET(HpOrgan, low_hu)},
    {"high_hu", G_STRUCT_OFFSET(HpOrgan, high_hu)},
};

char *hp_found_dup_text(const HpOrgan *organ, const HpModel *model)
{
    JsonObject *object = json_object_new();
    for (size_t at = 0; at < G_N_ELEMENTS(numbers); at++)
        json_object_set_double_member(object, numbers[at].name,
                                      G_STRUCT_MEMBER(double, organ, numbers[at].offset));
    json_object_set_boolean_member(object, "lower_bound", organ->lower_bound);
    json_object_set_boolean_member(object, "has_converged", organ->has_converged);
    json_object_set_int_member(object, "iterations", organ->iterations);
    json_object_set_double_member(object, "mesh_ml", model->mesh_ml);
    json_object_set_double_member(object, "area_mm2", model->area_mm2);
    g_autoptr(JsonNode) node = json_node_init_object(json_node_alloc(), object);
    json_object_unref(object);
    return hp_json_dup_text(node);
}

static bool read_bool(JsonObject *object, const char *name)
{
    return json_object_get_boolean_member_with_default(object, name, FALSE);
}

HpOrgan *hp_found_read(const char *text, HpMask *mask, GPtrArray *contours, GError **error)
{
    g_autoptr(JsonNode) node = hp_json_parse(text, strlen(text), error);
    if (node == NULL)
        return NULL;
    g_autoptr(HpOrgan) organ = g_new0(HpOrgan, 1);
    JsonObject *object = JSON_NODE_HOLDS_OBJECT(node) ? json_node_get_object(node) : NULL;
    for (size_t at = 0; at < G_N_ELEMENTS(numbers); at++) {
        JsonNode *member = object != NULL ? json_object_get_member(object, numbers[at].name) : NULL;
        double *number = &G_STRUCT_MEMBER(double, organ, numbers[at].offset);
        if (member == NULL ||
            !(JSON_NODE_HOLDS_NULL(member) || hp_json_get_number(member, number))) {
            g_set_error(error, HP_ERROR, HP_ERROR_BAD_FILE, _("no number \"%s\" was kept"),
                        numbers[at].name);
            return NULL;
        }
        if (JSON_NODE_HOLDS_NULL(member))
            *number = NAN;
    }
    organ->lower_bound = read_bool(object, "lower_bound");
    organ->has_converged = read_bool(object, "has_converged");
    organ->iterations = (int)json_object_get_int_member_with_default(object, "iterations", 0);
    organ->mask = hp_mask_ref(mask);
    organ->contours = g_ptr_array_ref(contours);
    return g_steal_pointer(&organ);
}

double hp_found_ml(const char *text)
{
    g_autoptr(JsonNode) node = text != NULL ? hp_json_parse(text, strlen(text), NULL) : NULL;
    double ml = NAN;
    if (node != NULL && JSON_NODE_HOLDS_OBJECT(node)) {
        JsonNode *member = json_object_get_member(json_node_get_object(node), "ml");
        if (member == NULL || !hp_json_get_number(member, &ml))
            return NAN;
    }
    return ml;
}
