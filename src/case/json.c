// SPDX-License-Identifier: Apache-2.0
// JSON in and out in one shape, so that the same values are the same bytes.
#include "case/json.h"

#include "core/error.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#define MAX_BYTES (64u << 20)
#define MAX_POINTS 10000 // looking for crossings takes the square of it
#define MAX_DEPTH 32

static void append_number(GString *text, double value)
{
    char digits[G_ASCII_DTOSTR_BUF_SIZE];
    if (!isfinite(value)) {
        g_string_append(text, "null");
        return;
    }
    value += 0.0; // -0 would be read back as 0
    // What has up to 15 digits is written with these by %.15g, which leaves noughts at the end out; with
    // 6 at first a round number of millions is short, too.
    static const char *const formats[] = {"%.6g", "%.15g", "%.16g", "%.17g"};
    for (size_t at = 0; at < G_N_ELEMENTS(formats); at++) {
        g_ascii_formatd(digits, sizeof digits, formats[at], value);
        if (g_ascii_strtod(digits, NULL) == value)
            break;
    }
    g_string_append(text, digits);
}

static void append_string(GString *text, const char *value)
{
    g_string_append_c(text, '"');
    for (const unsigned char *at = (const unsigned char *)value; *at != '\0'; at++) {
        if (*at == '"' || *at == '\\')
            g_string_append_printf(text, "\\%c", *at);
        else if (*at == '\n')
            g_string_append(text, "\\n");
        else if (*at < 0x20 || *at == 0x7f)
            g_string_append_printf(text, "\\u%04x", *at);
        else
            g_string_append_c(text, (char)*at);
    }
    g_string_append_c(text, '"');
}

static void append_value(GString *text, JsonNode *node)
{
    const GType type = json_node_get_value_type(node);
    if (type == G_TYPE_STRING) {
        g_autofree char *valid = g_utf8_make_valid(json_node_get_string(node), -1);
        append_string(text, valid);
    } else if (type == G_TYPE_BOOLEAN) {
        g_string_append(text, json_node_get_boolean(node) ? "true" : "false");
    } else if (type == G_TYPE_INT64) {
        g_string_append_printf(text, "%" G_GINT64_FORMAT, json_node_get_int(node));
    } else {
        append_number(text, json_node_get_double(node));
    }
}

static void append_break(GString *text, int depth)
{
    g_string_append_printf(text, "\n%*s", 2 * depth, "");
}

static void append_node(GString *text, JsonNode *node, int depth);

static bool holds_plain_values(JsonArray *array)
{
    for (guint at = 0; at < json_array_get_length(array); at++)
        if (!JSON_NODE_HOLDS_VALUE(json_array_get_element(array, at)))
            return false;
    return true;
}

static void append_array(GString *text, JsonArray *array, int depth)
{
    const bool on_one_line = holds_plain_values(array);
    g_string_append_c(text, '[');
    for (guint at = 0; at < json_array_get_length(array); at++) {
        if (at > 0)
            g_string_append(text, on_one_line ? ", " : ",");
        if (!on_one_line)
            append_break(text, depth + 1);
        append_node(text, json_array_get_element(array, at), depth + 1);
    }
    if (!on_one_line)
        append_break(text, depth);
    g_string_append_c(text, ']');
}

static void append_object(GString *text, JsonObject *object, int depth)
{
    g_autoptr(GList) names = json_object_get_members(object);
    g_string_append_c(text, '{');
    for (GList *at = names; at != NULL; at = at->next) {
        if (at != names)
            g_string_append_c(text, ',');
        append_break(text, depth + 1);
        append_string(text, at->data);
        g_string_append(text, ": ");
        append_node(text, json_object_get_member(object, at->data), depth + 1);
    }
    if (names != NULL)
        append_break(text, depth);
    g_string_append_c(text, '}');
}

static void append_node(GString *text, JsonNode *node, int depth)
{
    switch (json_node_get_node_type(node)) {
    case JSON_NODE_OBJECT:
        append_object(text, json_node_get_object(node), depth);
        break;
    case JSON_NODE_ARRAY:
        append_array(text, json_node_get_array(node), depth);
        break;
    case JSON_NODE_VALUE:
        append_value(text, node);
        break;
    case JSON_NODE_NULL:
        g_string_append(text, "null");
        break;
    }
}

char *hp_json_dup_text(JsonNode *node)
{
    GString *text = g_string_new(NULL);
    append_node(text, node, 0);
    g_string_append_c(text, '\n');
    return g_string_free(text, FALSE);
}

// json-glib descends once per bracket without a limit, so brackets are counted first.
static bool is_too_deep(const char *text, size_t length)
{
    int depth = 0;
    bool in_string = false;
    for (size_t at = 0; at < length; at++) {
        if (in_string && text[at] == '\\')
            at++;
        else if (text[at] == '"')
            in_string = !in_string;
        else if (!in_string && (text[at] == '[' || text[at] == '{') && ++depth > MAX_DEPTH)
            return true;
        else if (!in_string && (text[at] == ']' || text[at] == '}'))
            depth--;
    }
    return false;
}

static char *read_text(const char *path, size_t *length, GError **error)
{
    g_autoptr(GError) system = NULL;
    g_autoptr(GMappedFile) file = g_mapped_file_new(path, FALSE, &system);
    if (file == NULL) {
        g_set_error(error, HP_ERROR, HP_ERROR_IO, _("%s: %s"), path, system->message);
        return NULL;
    }
    *length = g_mapped_file_get_length(file);
    if (*length == 0 || *length > MAX_BYTES) {
        g_set_error(error, HP_ERROR, HP_ERROR_BAD_FILE,
                    _("%s: %zu bytes, expected JSON of at most %u bytes"), path, *length,
                    MAX_BYTES);
        return NULL;
    }
    return g_memdup2(g_mapped_file_get_contents(file), *length);
}

JsonNode *hp_json_parse(const char *text, size_t length, GError **error)
{
    if (is_too_deep(text, length)) {
        g_set_error(error, HP_ERROR, HP_ERROR_BAD_FILE, _("nested deeper than %d"), MAX_DEPTH);
        return NULL;
    }
    g_autoptr(GError) syntax = NULL;
    g_autoptr(JsonParser) parser = json_parser_new_immutable();
    if (!json_parser_load_from_data(parser, text, (gssize)length, &syntax)) {
        g_set_error(error, HP_ERROR, HP_ERROR_BAD_FILE, _("no JSON: %s"), syntax->message);
        return NULL;
    }
    if (json_parser_get_root(parser) == NULL) {
        g_set_error(error, HP_ERROR, HP_ERROR_BAD_FILE, _("no JSON: empty"));
        return NULL;
    }
    return json_node_ref(json_parser_get_root(parser));
}

JsonNode *hp_json_read(const char *path, GError **error)
{
    size_t length = 0;
    g_autofree char *text = read_text(path, &length, error);
    JsonNode *node = text != NULL ? hp_json_parse(text, length, error) : NULL;
    if (node == NULL && text != NULL)
        g_prefix_error(error, "%s: ", path);
    return node;
}

bool hp_json_write(JsonNode *node, const char *path, GError **error)
{
    g_autoptr(GError) system = NULL;
    g_autofree char *text = hp_json_dup_text(node);
    if (g_file_set_contents(path, text, -1, &system))
        return true;
    g_set_error(error, HP_ERROR, HP_ERROR_IO, _("%s: %s"), path, system->message);
    return false;
}

JsonArray *hp_json_numbers(const double *value, int count)
{
    JsonArray *array = json_array_new();
    for (int at = 0; at < count; at++)
        json_array_add_double_element(array, value[at]);
    return array;
}

JsonArray *hp_json_points(const double (*mm)[3], int count)
{
    JsonArray *points = json_array_new();
    for (int at = 0; at < count; at++)
        json_array_add_array_element(points, hp_json_numbers(mm[at], 3));
    return points;
}

bool hp_json_get_plane(JsonNode *node, HpPlane *plane)
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

double (*hp_json_get_points(JsonNode *node, int least, int *count, GError **error))[3]
{
    if (!JSON_NODE_HOLDS_ARRAY(node)) {
        g_set_error(error, HP_ERROR, HP_ERROR_BAD_FILE, _("\"points_mm\" is %s, expected a list"),
                    json_node_type_name(node));
        return NULL;
    }
    JsonArray *points = json_node_get_array(node);
    const guint length = json_array_get_length(points);
    if (length < (guint)least || length > MAX_POINTS) {
        g_set_error(error, HP_ERROR, HP_ERROR_BAD_FILE, _("%u points, expected %d to %d"), length,
                    least, MAX_POINTS);
        return NULL;
    }
    double(*mm)[3] = g_malloc_n(length, sizeof *mm);
    for (guint at = 0; at < length; at++)
        if (!read_point(json_array_get_element(points, at), mm[at])) {
            g_set_error(error, HP_ERROR, HP_ERROR_BAD_FILE,
                        _("point %u is not three coordinates in mm"), at + 1);
            g_free(mm);
            return NULL;
        }
    *count = (int)length;
    return mm;
}

bool hp_json_get_number(JsonNode *node, double *value)
{
    if (!JSON_NODE_HOLDS_VALUE(node))
        return false;
    const GType type = json_node_get_value_type(node);
    if (type != G_TYPE_INT64 && type != G_TYPE_DOUBLE)
        return false;
    *value = json_node_get_double(node);
    return isfinite(*value);
}
