// SPDX-License-Identifier: Apache-2.0
// JSON in and out in one shape, so that the same values are the same bytes.
#pragma once

#include "core/grid.h"

#include <glib.h>
#include <json-glib/json-glib.h>
#include <stdbool.h>

G_BEGIN_DECLS

// The text of a node, ending in a newline; g_free(). Members keep the order they were set in, a list
// of numbers stays on one line, a number is the shortest that reads back the same, and what is no
// finite number is null.
char *hp_json_dup_text(JsonNode *node);

// Parses a file. Fails with HP_ERROR_IO or HP_ERROR_BAD_FILE, naming the file; a file over 64 MiB or
// nested deeper than 32 is refused before it is parsed.
JsonNode *hp_json_read(const char *path, GError **error);

// The same from a text of `length` bytes; errors name no file.
JsonNode *hp_json_parse(const char *text, size_t length, GError **error);

// Writes the text of `node`. Fails with HP_ERROR_IO, naming the file.
bool hp_json_write(JsonNode *node, const char *path, GError **error);

// A list of `count` numbers; the caller gives it away or json_array_unref()s it.
JsonArray *hp_json_numbers(const double *value, int count);

// Positions in patient mm as a list of [x, y, z], and back: an array of `count`, at least `least` and at
// most 10000 of them; g_free(). NULL with HP_ERROR_BAD_FILE naming the fact.
JsonArray *hp_json_points(const double (*mm)[3], int count);
double (*hp_json_get_points(JsonNode *node, int least, int *count, GError **error))[3];

// The plane of that name; false if it is none's.
bool hp_json_get_plane(JsonNode *node, HpPlane *plane);

// The finite number in a node; false if it holds anything else.
bool hp_json_get_number(JsonNode *node, double *value);

G_END_DECLS
