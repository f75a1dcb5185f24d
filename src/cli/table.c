// SPDX-License-Identifier: Apache-2.0
// A result as a table for people, made from the same JSON object that --json prints.
#include "cli/table.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

#define LABEL_WIDTH 26

// Ends of names, the longer before the shorter, and how such a number is shown.
static const struct {
    const char *end, *unit;
    int decimals;
} units[] = {
    {"_percent", " %", 2}, {"_seconds", " s", 2}, {"_mm3", " mm³", 0}, {"_mm2", " mm²", 0},
    {"_mm", " mm", 2},     {"_ml", " ml", 2},     {"_hu", " HU", 1},
};

// The row of `units` that the name ends in; -1 if none.
static int unit_of(const char *name)
{
    for (int at = 0; at < (int)G_N_ELEMENTS(units); at++)
        if (g_str_has_suffix(name, units[at].end))
            return at;
    return -1;
}

static void append_words(GString *text, const char *name, int length)
{
    for (int at = 0; at < length; at++)
        g_string_append_c(text, name[at] == '_' ? ' ' : name[at]);
}

static void append_label(GString *text, const char *name, int depth)
{
    const int unit = unit_of(name);
    const int length = (int)strlen(name) - (unit >= 0 ? (int)strlen(units[unit].end) : 0);
    g_string_append_printf(text, "%*s", 2 * depth, "");
    append_words(text, name, length);
    g_string_append_printf(text, "%*s", MAX(1, LABEL_WIDTH - 2 * depth - length), "");
}

static void append_number(GString *text, JsonNode *node, int unit)
{
    const double value = json_node_get_double(node);
    if (json_node_get_value_type(node) == G_TYPE_INT64 || value == floor(value))
        g_string_append_printf(text, "%.0f", value);
    else if (unit >= 0)
        g_string_append_printf(text, "%.*f", units[unit].decimals, value);
    else
        g_string_append_printf(text, "%.4g", value);
}

static void append_value(GString *text, JsonNode *node, int unit)
{
    if (JSON_NODE_HOLDS_NULL(node))
        g_string_append(text, "–");
    else if (json_node_get_value_type(node) == G_TYPE_STRING)
        g_string_append(text, json_node_get_string(node));
    else if (json_node_get_value_type(node) == G_TYPE_BOOLEAN)
        g_string_append(text, json_node_get_boolean(node) ? "yes" : "no");
    else
        append_number(text, node, unit);
}

static void append_object(GString *text, JsonObject *object, int depth);

static bool holds_objects(JsonArray *array)
{
    return json_array_get_length(array) > 0 &&
           JSON_NODE_HOLDS_OBJECT(json_array_get_element(array, 0));
}

static void append_list(GString *text, const char *name, JsonArray *array, int depth)
{
    const guint count = json_array_get_length(array);
    if (holds_objects(array)) {
        for (guint at = 0; at < count; at++) {
            g_string_append(text, text->len > 0 ? "\n" : "");
            append_object(text, json_array_get_object_element(array, at), depth);
        }
        return;
    }
    bool is_first = true;
    for (guint at = 0; at < count; at++) {
        JsonNode *item = json_array_get_element(array, at);
        const bool is_line = json_node_get_value_type(item) == G_TYPE_STRING;
        if (is_first || is_line)
            append_label(text, is_first ? name : "", depth);
        else
            g_string_append(text, "  ");
        append_value(text, item, unit_of(name));
        if (is_line || at + 1 == count)
            g_string_append_c(text, '\n');
        is_first = false;
    }
}

static void append_member(GString *text, const char *name, JsonNode *node, int depth)
{
    if (JSON_NODE_HOLDS_ARRAY(node)) {
        append_list(text, name, json_node_get_array(node), depth);
        return;
    }
    append_label(text, name, depth);
    if (JSON_NODE_HOLDS_OBJECT(node)) {
        g_string_append_c(text, '\n');
        append_object(text, json_node_get_object(node), depth + 1);
        return;
    }
    const int unit = unit_of(name);
    append_value(text, node, unit);
    if (unit >= 0 && !JSON_NODE_HOLDS_NULL(node))
        g_string_append(text, units[unit].unit);
    g_string_append_c(text, '\n');
}

static void append_object(GString *text, JsonObject *object, int depth)
{
    g_autoptr(GList) names = json_object_get_members(object);
    for (GList *at = names; at != NULL; at = at->next)
        append_member(text, at->data, json_object_get_member(object, at->data), depth);
}

char *hp_table_dup_text(JsonObject *object)
{
    GString *text = g_string_new(NULL);
    append_object(text, object, 0);
    return g_string_free(text, FALSE);
}
