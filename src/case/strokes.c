// SPDX-License-Identifier: Apache-2.0
// Strokes as JSON: kind, plane, radius and points, in the order they were painted.
#include "case/strokes.h"

#include "case/json.h"
#include "core/error.h"

#include <glib/gi18n.h>
#include <string.h>

#define MAX_STROKES 10000

JsonArray *hp_strokes_to_json(const GPtrArray *strokes)
{
    JsonArray *list = json_array_new();
    for (guint at = 0; at < strokes->len; at++) {
        const HpStroke *stroke = strokes->pdata[at];
        JsonObject *object = json_object_new();
        json_object_set_string_member(object, "kind", hp_stroke_kind_name(stroke->kind));
        json_object_set_string_member(object, "plane", hp_plane_name(stroke->plane));
        json_object_set_double_member(object, "radius_mm", stroke->radius_mm);
        json_object_set_array_member(object, "points_mm",
                                     hp_json_points((const double(*)[3])stroke->mm, stroke->count));
        json_array_add_object_element(list, object);
    }
    return list;
}

static bool refuse(GError **error, const char *fact, const char *name)
{
    g_set_error(error, HP_ERROR, HP_ERROR_BAD_FILE, fact, name);
    return false;
}

static bool read_kind(JsonNode *node, HpStrokeKind *kind)
{
    const char *name = JSON_NODE_HOLDS_VALUE(node) ? json_node_get_string(node) : NULL;
    for (int at = 0; name != NULL && at < HP_STROKE_KIND_COUNT; at++)
        if (strcmp(name, hp_stroke_kind_name(at)) == 0) {
            *kind = at;
            return true;
        }
    return false;
}

static bool read_radius(JsonNode *node, double *radius_mm, GError **error)
{
    if (!hp_json_get_number(node, radius_mm))
        return refuse(error, "\"%s\" is not a number of mm", "radius_mm");
    if (*radius_mm >= HP_STROKE_LEAST_MM && *radius_mm <= HP_STROKE_MOST_MM)
        return true;
    g_set_error(error, HP_ERROR, HP_ERROR_BAD_FILE, _("radius is %g mm, expected %g to %g"),
                *radius_mm, HP_STROKE_LEAST_MM, HP_STROKE_MOST_MM);
    return false;
}

static bool check_keys(JsonObject *object, GError **error)
{
    static const char *const keys[] = {"kind", "plane", "radius_mm", "points_mm", NULL};
    g_autoptr(GList) names = json_object_get_members(object);
    for (GList *at = names; at != NULL; at = at->next)
        if (!g_strv_contains(keys, at->data))
            return refuse(error, "unknown key \"%s\"", at->data);
    for (int at = 0; keys[at] != NULL; at++)
        if (!json_object_has_member(object, keys[at]))
            return refuse(error, "no \"%s\"", keys[at]);
    return true;
}

static HpStroke *read_stroke(JsonNode *node, GError **error)
{
    if (!JSON_NODE_HOLDS_OBJECT(node)) {
        refuse(error, "it is %s, expected an object", json_node_type_name(node));
        return NULL;
    }
    JsonObject *object = json_node_get_object(node);
    g_autoptr(HpStroke) stroke = hp_stroke_new(HP_STROKE_BARRIER, HP_PLANE_AXIAL, 0, 0);
    if (!check_keys(object, error))
        return NULL;
    if (!read_kind(json_object_get_member(object, "kind"), &stroke->kind)) {
        refuse(error, "\"kind\" is not one of %s", "barrier, hold, push, erase");
        return NULL;
    }
    if (!hp_json_get_plane(json_object_get_member(object, "plane"), &stroke->plane)) {
        refuse(error, "\"plane\" is not one of %s", "axial, coronal, sagittal");
        return NULL;
    }
    if (!read_radius(json_object_get_member(object, "radius_mm"), &stroke->radius_mm, error))
        return NULL;
    g_free(stroke->mm);
    stroke->mm =
        hp_json_get_points(json_object_get_member(object, "points_mm"), 1, &stroke->count, error);
    return stroke->mm != NULL ? g_steal_pointer(&stroke) : NULL;
}

GPtrArray *hp_strokes_from_json(JsonNode *node, GError **error)
{
    if (!JSON_NODE_HOLDS_ARRAY(node)) {
        refuse(error, "\"strokes\" is %s, expected a list", json_node_type_name(node));
        return NULL;
    }
    JsonArray *list = json_node_get_array(node);
    const guint count = json_array_get_length(list);
    if (count > MAX_STROKES) {
        g_set_error(error, HP_ERROR, HP_ERROR_BAD_FILE, _("%u strokes, expected at most %d"), count,
                    MAX_STROKES);
        return NULL;
    }
    g_autoptr(GPtrArray) strokes = hp_strokes_new();
    for (guint at = 0; at < count; at++) {
        HpStroke *stroke = read_stroke(json_array_get_element(list, at), error);
        if (stroke == NULL) {
            g_prefix_error(error, "stroke %u: ", at + 1);
            return NULL;
        }
        g_ptr_array_add(strokes, stroke);
    }
    return g_steal_pointer(&strokes);
}
