// SPDX-License-Identifier: Apache-2.0
// What a person decided for a case: parameters, seed contours, strokes, trim planes, the series.
#include "case/plan.h"

#include "case/json.h"
#include "case/kept.h"
#include "case/seeds.h"
#include "case/strokes.h"
#include "core/error.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

HpPlan *hp_plan_new(void)
{
    HpPlan *plan = g_new0(HpPlan, 1);
    plan->params = hp_params_default();
    plan->seeds = hp_contours_new();
    plan->strokes = hp_strokes_new();
    plan->trims = g_array_new(FALSE, FALSE, sizeof(HpCut));
    return plan;
}

HpPlan *hp_plan_copy(const HpPlan *plan)
{
    HpPlan *copy = hp_plan_new();
    copy->params = plan->params;
    for (guint at = 0; at < plan->seeds->len; at++)
        g_ptr_array_add(copy->seeds, hp_contour_copy(plan->seeds->pdata[at]));
    g_ptr_array_unref(copy->strokes);
    copy->strokes = hp_strokes_copy(plan->strokes);
    g_array_append_vals(copy->trims, plan->trims->data, plan->trims->len);
    copy->series = g_strdup(plan->series);
    return copy;
}

static bool is_of_model(int id)
{
    return g_str_has_prefix(hp_parameter_get(id)->id, "model.");
}

static bool has_same_values(const HpPlan *a, const HpPlan *b, bool of_model)
{
    for (int id = 0; id < HP_PARAM_COUNT; id++) {
        const double one = a->params.value[id], other = b->params.value[id];
        const bool is_same = one == other || (isnan(one) && isnan(other));
        if (!is_same && is_of_model(id) == of_model)
            return false;
    }
    return true;
}

static bool has_same_seeds(const HpPlan *a, const HpPlan *b)
{
    if (a->seeds->len != b->seeds->len)
        return false;
    for (guint at = 0; at < a->seeds->len; at++) {
        const HpContour *one = a->seeds->pdata[at], *other = b->seeds->pdata[at];
        if (one->plane != other->plane || one->count != other->count ||
            memcmp(one->mm, other->mm, one->count * sizeof *one->mm) != 0)
            return false;
    }
    return true;
}

bool hp_plan_seeks_alike(const HpPlan *a, const HpPlan *b)
{
    return has_same_values(a, b, false) && has_same_seeds(a, b) &&
           hp_strokes_equal(a->strokes, b->strokes) && g_strcmp0(a->series, b->series) == 0;
}

bool hp_plan_models_alike(const HpPlan *a, const HpPlan *b)
{
    return has_same_values(a, b, true) && hp_cuts_equal(a->trims, b->trims);
}

bool hp_plan_equal(const HpPlan *a, const HpPlan *b)
{
    return hp_plan_seeks_alike(a, b) && hp_plan_models_alike(a, b);
}

void hp_plan_free(HpPlan *plan)
{
    if (plan == NULL)
        return;
    g_ptr_array_unref(plan->seeds);
    g_ptr_array_unref(plan->strokes);
    g_array_unref(plan->trims);
    g_free(plan->series);
    g_free(plan);
}

static bool set_choice(HpPlan *plan, HpParameterId id, const char *words, GError **error)
{
    const HpParameter *parameter = hp_parameter_get(id);
    for (int at = 0; parameter->choices[at] != NULL; at++)
        if (strcmp(words, parameter->choices[at]) == 0)
            return hp_params_set(&plan->params, id, at, error);
    g_autofree char *all = g_strjoinv(", ", (char **)parameter->choices);
    g_set_error(error, HP_ERROR, HP_ERROR_BAD_FILE, _("%s is \"%s\", expected one of %s"),
                parameter->id, words, all);
    return false;
}

bool hp_plan_set(HpPlan *plan, HpParameterId id, const char *words, GError **error)
{
    const HpParameter *parameter = hp_parameter_get(id);
    char *end = NULL;
    const double value = g_ascii_strtod(words, &end);
    const bool is_number = end != words && *end == '\0' && isfinite(value);
    if (is_number)
        return hp_params_set(&plan->params, id, value, error);
    if (parameter->choices != NULL)
        return set_choice(plan, id, words, error);
    if (strcmp(words, "auto") == 0 && hp_parameter_is_automatic(id))
        return hp_params_set(&plan->params, id, NAN, error);
    g_set_error(error, HP_ERROR, HP_ERROR_BAD_FILE, _("%s is \"%s\", expected a number%s"),
                parameter->id, words, hp_parameter_is_automatic(id) ? " or auto" : "");
    return false;
}

static bool add_trim(HpPlan *plan, const double plane[4], bool is_off, GError **error)
{
    const double length = sqrt(plane[0] * plane[0] + plane[1] * plane[1] + plane[2] * plane[2]);
    if (!(length > 1e-9) || !isfinite(length) || !isfinite(plane[3])) {
        g_set_error(error, HP_ERROR, HP_ERROR_BAD_FILE,
                    _("trim plane %g,%g,%g,%g has no direction, expected nx,ny,nz,d"), plane[0],
                    plane[1], plane[2], plane[3]);
        return false;
    }
    // A plane written by hp_plan_write() must come back as the same bits.
    const double divisor = fabs(length - 1) < 1e-12 ? 1 : length;
    const HpCut cut = {.normal = {plane[0] / divisor, plane[1] / divisor, plane[2] / divisor},
                       .d_mm = plane[3] / divisor,
                       .is_off = is_off};
    g_array_append_val(plan->trims, cut);
    return true;
}

bool hp_plan_add_trim(HpPlan *plan, const char *words, GError **error)
{
    g_auto(GStrv) parts = g_strsplit(words, ",", -1);
    double plane[4] = {0, 0, 0, 0};
    bool is_good = g_strv_length(parts) == 4;
    for (int at = 0; is_good && at < 4; at++) {
        char *end = NULL;
        plane[at] = g_ascii_strtod(parts[at], &end);
        is_good = end != parts[at] && *end == '\0';
    }
    if (is_good)
        return add_trim(plan, plane, false, error);
    g_set_error(error, HP_ERROR, HP_ERROR_BAD_FILE, _("trim plane is \"%s\", expected nx,ny,nz,d"),
                words);
    return false;
}

static bool refuse(const char *key, const char *expected, GError **error)
{
    g_set_error(error, HP_ERROR, HP_ERROR_BAD_FILE, _("\"%s\" is not %s"), key, expected);
    return false;
}

// Four numbers, and after them "off" for a plane that cuts nothing now.
static bool read_plane(JsonNode *item, double plane[4], bool *is_off)
{
    if (!JSON_NODE_HOLDS_ARRAY(item))
        return false;
    JsonArray *parts = json_node_get_array(item);
    const guint count = json_array_get_length(parts);
    if (count != 4 && count != 5)
        return false;
    for (int part = 0; part < 4; part++)
        if (!hp_json_get_number(json_array_get_element(parts, part), &plane[part]))
            return false;
    *is_off = count == 5;
    JsonNode *word = *is_off ? json_array_get_element(parts, 4) : NULL;
    return word == NULL ||
           (JSON_NODE_HOLDS_VALUE(word) && g_strcmp0(json_node_get_string(word), "off") == 0);
}

static bool read_trims(HpPlan *plan, JsonNode *node, GError **error)
{
    const char *expected = "a list of planes [nx, ny, nz, d]";
    if (!JSON_NODE_HOLDS_ARRAY(node))
        return refuse("trim", expected, error);
    g_array_set_size(plan->trims, 0);
    JsonArray *list = json_node_get_array(node);
    for (guint at = 0; at < json_array_get_length(list); at++) {
        double plane[4];
        bool is_off = false;
        if (!read_plane(json_array_get_element(list, at), plane, &is_off))
            return refuse("trim", expected, error);
        if (!add_trim(plan, plane, is_off, error))
            return false;
    }
    return true;
}

static bool read_seeds(HpPlan *plan, JsonNode *node, GError **error)
{
    GPtrArray *seeds = hp_contours_from_json(node, error);
    if (seeds == NULL)
        return false;
    g_ptr_array_unref(plan->seeds);
    plan->seeds = seeds;
    return true;
}

static bool read_strokes(HpPlan *plan, JsonNode *node, GError **error)
{
    GPtrArray *strokes = hp_strokes_from_json(node, error);
    if (strokes == NULL)
        return false;
    g_ptr_array_unref(plan->strokes);
    plan->strokes = strokes;
    return true;
}

static bool read_series(HpPlan *plan, JsonNode *node, GError **error)
{
    const char *uid = JSON_NODE_HOLDS_VALUE(node) ? json_node_get_string(node) : NULL;
    if (uid == NULL)
        return refuse("series", "a series UID", error);
    g_free(plan->series);
    plan->series = g_strdup(uid);
    return true;
}

static bool read_parameter(HpPlan *plan, const char *key, JsonNode *node, GError **error)
{
    const HpParameterId id = hp_parameter_find(key);
    if (id == HP_PARAM_COUNT) {
        g_set_error(error, HP_ERROR, HP_ERROR_BAD_FILE, _("unknown key \"%s\""), key);
        return false;
    }
    double number;
    if (hp_json_get_number(node, &number))
        return hp_params_set(&plan->params, id, number, error);
    if (JSON_NODE_HOLDS_NULL(node))
        return hp_plan_set(plan, id, "auto", error);
    const bool is_value = JSON_NODE_HOLDS_VALUE(node);
    if (is_value && json_node_get_value_type(node) == G_TYPE_BOOLEAN)
        return hp_plan_set(plan, id, json_node_get_boolean(node) ? "on" : "off", error);
    if (is_value && json_node_get_value_type(node) == G_TYPE_STRING)
        return hp_plan_set(plan, id, json_node_get_string(node), error);
    return refuse(key, "a number or a name", error);
}

static bool read_key(HpPlan *plan, const char *key, JsonNode *node, GError **error)
{
    if (strcmp(key, "hepatica") == 0)
        return JSON_NODE_HOLDS_VALUE(node) || refuse(key, "a version", error);
    if (strcmp(key, "contours") == 0)
        return read_seeds(plan, node, error);
    if (strcmp(key, "strokes") == 0)
        return read_strokes(plan, node, error);
    if (strcmp(key, "trim") == 0)
        return read_trims(plan, node, error);
    if (strcmp(key, "series") == 0)
        return read_series(plan, node, error);
    return read_parameter(plan, key, node, error);
}

static bool read_object(HpPlan *plan, JsonNode *root, GError **error)
{
    if (!JSON_NODE_HOLDS_OBJECT(root)) {
        g_set_error(error, HP_ERROR, HP_ERROR_BAD_FILE, _("%s, expected an object"),
                    json_node_type_name(root));
        return false;
    }
    JsonObject *object = json_node_get_object(root);
    g_autoptr(GList) names = json_object_get_members(object);
    for (GList *at = names; at != NULL; at = at->next)
        if (!read_key(plan, at->data, json_object_get_member(object, at->data), error))
            return false;
    return true;
}

bool hp_plan_read(HpPlan *plan, const char *path, GError **error)
{
    g_autoptr(JsonNode) root = hp_json_read(path, error);
    if (root == NULL)
        return false;
    if (read_object(plan, root, error))
        return true;
    g_prefix_error(error, "%s: ", path);
    return false;
}

bool hp_plan_read_text(HpPlan *plan, const char *text, GError **error)
{
    g_autoptr(JsonNode) root = hp_json_parse(text, strlen(text), error);
    return root != NULL && read_object(plan, root, error);
}

static void add_parameter(JsonObject *object, HpParameterId id, double value)
{
    const HpParameter *parameter = hp_parameter_get(id);
    if (parameter->choices != NULL)
        json_object_set_string_member(object, parameter->id, parameter->choices[(int)value]);
    else if (isnan(value))
        json_object_set_null_member(object, parameter->id);
    else
        json_object_set_double_member(object, parameter->id, value);
}

JsonObject *hp_plan_dup_parameters(const HpPlan *plan)
{
    JsonObject *object = json_object_new();
    json_object_set_string_member(object, "hepatica", HP_VERSION);
    for (int id = 0; id < HP_PARAM_COUNT; id++)
        add_parameter(object, id, plan->params.value[id]);
    return object;
}

static JsonNode *to_json(const HpPlan *plan)
{
    JsonObject *object = hp_plan_dup_parameters(plan);
    if (plan->series != NULL)
        json_object_set_string_member(object, "series", plan->series);
    if (plan->trims->len > 0) {
        JsonArray *trims = json_array_new();
        for (guint at = 0; at < plan->trims->len; at++) {
            const HpCut cut = g_array_index(plan->trims, HpCut, at);
            const double plane[4] = {cut.normal[0], cut.normal[1], cut.normal[2], cut.d_mm};
            JsonArray *parts = hp_json_numbers(plane, 4);
            if (cut.is_off)
                json_array_add_string_element(parts, "off");
            json_array_add_array_element(trims, parts);
        }
        json_object_set_array_member(object, "trim", trims);
    }
    if (plan->seeds->len > 0)
        json_object_set_array_member(object, "contours", hp_contours_to_json(plan->seeds));
    if (plan->strokes->len > 0)
        json_object_set_array_member(object, "strokes", hp_strokes_to_json(plan->strokes));
    JsonNode *node = json_node_init_object(json_node_alloc(), object);
    json_object_unref(object);
    return node;
}

char *hp_plan_dup_text(const HpPlan *plan)
{
    g_autoptr(JsonNode) node = to_json(plan);
    return hp_json_dup_text(node);
}

bool hp_plan_write(const HpPlan *plan, const char *path, GError **error)
{
    g_autoptr(JsonNode) node = to_json(plan);
    return hp_json_write(node, path, error);
}
