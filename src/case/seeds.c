// SPDX-License-Identifier: Apache-2.0
// Contours as JSON: {"contours": [{"plane": "axial", "points_mm": [[x, y, z], ...]}]}, LPS, closed.
#include "case/seeds.h"

#include "case/json.h"
#include "core/error.h"
#include "segment/seed.h"

#include <math.h>
#include <string.h>

JsonArray *hp_contours_to_json(const GPtrArray *contours)
{
    JsonArray *list = json_array_new();
    for (guint at = 0; at < contours->len; at++) {
        const HpContour *contour = contours->pdata[at];
        JsonObject *object = json_object_new();
        json_object_set_string_member(object, "plane", hp_plane_name(contour->plane));
        json_object_set_array_member(
            object, "points_mm", hp_json_points((const double(*)[3])contour->mm, contour->count));
        json_array_add_object_element(list, object);
    }
    return list;
}

static HpContour *refuse(GError **error, const char *fact, const char *name)
{
    g_set_error(error, HP_ERROR, HP_ERROR_BAD_FILE, fact, name);
    return NULL;
}

static HpContour *read_contour(JsonNode *node, GError **error)
{
    if (!JSON_NODE_HOLDS_OBJECT(node))
        return refuse(error, "it is %s, expected an object", json_node_type_name(node));
    JsonObject *object = json_node_get_object(node);
    g_autoptr(GList) names = json_object_get_members(object);
    for (GList *at = names; at != NULL; at = at->next)
        if (strcmp(at->data, "plane") != 0 && strcmp(at->data, "points_mm") != 0)
            return refuse(error, "unknown key \"%s\"", at->data);
    HpPlane plane = HP_PLANE_AXIAL;
    if (!json_object_has_member(object, "plane") ||
        !hp_json_get_plane(json_object_get_member(object, "plane"), &plane))
        return refuse(error, "\"plane\" is not one of %s", "axial, coronal, sagittal");
    if (!json_object_has_member(object, "points_mm"))
        return refuse(error, "no \"%s\"", "points_mm");
    g_autoptr(HpContour) contour = hp_contour_new(plane, -1, 0);
    g_free(contour->mm);
    contour->mm =
        hp_json_get_points(json_object_get_member(object, "points_mm"), 3, &contour->count, error);
    return contour->mm != NULL ? g_steal_pointer(&contour) : NULL;
}

GPtrArray *hp_contours_from_json(JsonNode *node, GError **error)
{
    if (!JSON_NODE_HOLDS_ARRAY(node)) {
        refuse(error, "\"contours\" is %s, expected a list", json_node_type_name(node));
        return NULL;
    }
    g_autoptr(GPtrArray) contours = hp_contours_new();
    for (guint at = 0; at < json_array_get_length(json_node_get_array(node)); at++) {
        HpContour *contour =
            read_contour(json_array_get_element(json_node_get_array(node), at), error);
        if (contour == NULL) {
            g_prefix_error(error, "contour %u: ", at + 1);
            return NULL;
        }
        g_ptr_array_add(contours, contour);
    }
    return g_steal_pointer(&contours);
}

// All 17 digits of a found contour would say no more, and take most of the time of a run's files.
static HpContour *dup_rounded(const HpContour *contour)
{
    HpContour *rounded = hp_contour_copy(contour);
    for (int point = 0; point < rounded->count; point++)
        for (int axis = 0; axis < 3; axis++)
            rounded->mm[point][axis] = round(1e4 * rounded->mm[point][axis]) / 1e4;
    return rounded;
}

bool hp_contours_write(const GPtrArray *contours, const char *path, HpTask *task, GError **error)
{
    g_autoptr(GPtrArray) rounded = hp_contours_new();
    for (guint at = 0; at < contours->len; at++)
        g_ptr_array_add(rounded, dup_rounded(contours->pdata[at]));
    JsonObject *object = json_object_new();
    json_object_set_array_member(object, "contours", hp_contours_to_json(rounded));
    g_autoptr(JsonNode) node = json_node_init_object(json_node_alloc(), object);
    json_object_unref(object);
    return hp_task_step(task, 0.5, error) && hp_json_write(node, path, error);
}

// Points that lie on the slice already keep their bits, so that what was placed once stays the same when
// it is read and placed again.
static void keep_points(const HpContour *contour, HpContour *placed)
{
    bool is_same = contour->count == placed->count;
    for (int at = 0; is_same && at < contour->count; at++)
        for (int axis = 0; axis < 3; axis++)
            is_same &= fabs(contour->mm[at][axis] - placed->mm[at][axis]) < 1e-6;
    if (is_same)
        memcpy(placed->mm, contour->mm, contour->count * sizeof *contour->mm);
}

GPtrArray *hp_contours_place(const GPtrArray *contours, const HpGrid *grid, GError **error)
{
    g_autoptr(GPtrArray) placed = hp_contours_new();
    for (guint at = 0; at < contours->len; at++) {
        const HpContour *contour = contours->pdata[at];
        HpContour *seed = hp_seed_new(grid, contour->plane, (const double(*)[3])contour->mm,
                                      contour->count, error);
        if (seed == NULL) {
            g_prefix_error(error, "contour %u: ", at + 1);
            return NULL;
        }
        keep_points(contour, seed);
        g_ptr_array_add(placed, seed);
    }
    return g_steal_pointer(&placed);
}
