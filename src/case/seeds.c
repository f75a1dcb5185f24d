// SPDX-License-Identifier: Apache-2.0
// Contours as JSON: {"contours": [{"plane": "axial", "points_mm": [[x, y, z], ...]}]}, LPS, closed.
#include "case/seeds.h"

#include "case/json.h"
#include "core/error.h"
#include "segment/seed.h"

#include <math.h>
#include <string.h>

#define MAX_POINTS 10000 // looking for crossings takes the square of it

JsonArray *hp_contours_to_json(const GPtrArray *contours)
{
    JsonArray *list = json_array_new();
    for (guint at = 0; at < contours->len; at++) {
        const HpContour *contour = contours->pdata[at];
        JsonArray *points = json_array_new();
        for (int point = 0; point < contour->count; point++)
            json_array_add_array_element(points, hp_json_numbers(contour->mm[point], 3));
        JsonObject *object = json_object_new();
        json_object_set_string_member(object, "plane", hp_plane_name(contour->plane));
        json_object_set_array_member(object, "points_mm", points);
        json_array_add_object_element(list, object);
    }
    return list;
}

static bool read_plane(JsonNode *node, HpPlane *plane)
{
    const char *name = JSON_NODE_HOLDS_VALUE(node) ? json_node_get_string(node) : NULL;
    for (int at = 0; name != NULL && at < HP_PLANE_COUNT; at++)
        if (strcmp(name, hp_plane_name(at)) == 0) {
            *plane = at;
            return true;
        }
    return false;
}

static bool read_point(JsonNode *node, double mm[3])
{
    if (!JSON_NODE_HOLDS_ARRAY(node) || json_array_get_length(json_node_get_array(node)) != 3)
        return false;
    for (int axis = 0; axis < 3; axis++)
        if (!hp_json_get_number(json_array_get_element(json_node_get_array(node), axis),
                                &mm[axis]) ||
            fabs(mm[axis]) > 1e5)
            return false;
    return true;
}

static HpContour *refuse(GError **error, const char *fact, const char *name)
{
    g_set_error(error, HP_ERROR, HP_ERROR_BAD_FILE, fact, name);
    return NULL;
}

static HpContour *read_points(HpPlane plane, JsonNode *node, GError **error)
{
    if (!JSON_NODE_HOLDS_ARRAY(node))
        return refuse(error, "\"points_mm\" is %s, expected a list", json_node_type_name(node));
    JsonArray *points = json_node_get_array(node);
    const guint count = json_array_get_length(points);
    if (count < 3 || count > MAX_POINTS) {
        g_set_error(error, HP_ERROR, HP_ERROR_BAD_FILE, "%u points, expected 3 to %d", count,
                    MAX_POINTS);
        return NULL;
    }
    g_autoptr(HpContour) contour = hp_contour_new(plane, -1, (int)count);
    for (guint at = 0; at < count; at++)
        if (!read_point(json_array_get_element(points, at), contour->mm[at])) {
            g_set_error(error, HP_ERROR, HP_ERROR_BAD_FILE,
                        "point %u is not three coordinates in mm", at + 1);
            return NULL;
        }
    return g_steal_pointer(&contour);
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
        !read_plane(json_object_get_member(object, "plane"), &plane))
        return refuse(error, "\"plane\" is not one of %s", "axial, coronal, sagittal");
    if (!json_object_has_member(object, "points_mm"))
        return refuse(error, "no \"%s\"", "points_mm");
    return read_points(plane, json_object_get_member(object, "points_mm"), error);
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
        g_ptr_array_add(placed, seed);
    }
    return g_steal_pointer(&placed);
}
