// SPDX-License-Identifier: Apache-2.0
// Contours as JSON: {"contours": [{"plane": "axial", "points_mm": [[x, y, z], ...]}]}, LPS, closed.
#pragma once

#include "core/contour.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

// The list under "contours"; json_array_unref().
JsonArray *hp_contours_to_json(const GPtrArray *contours);

// Reads such a list. Contours lie on slice -1 until they are placed. Fails with HP_ERROR_BAD_FILE
// naming the contour (from 1) and the fact: unknown plane or key, fewer than 3 points, a point that
// is not three finite numbers.
GPtrArray *hp_contours_from_json(JsonNode *node, GError **error);

// A whole file of contours, as written for a seed. Errors name the file.
bool hp_contours_write(const GPtrArray *contours, const char *path, GError **error);

// Puts each contour on the slice of `grid` nearest to it. Fails with HP_ERROR_GRID_MISMATCH where a
// contour lies outside the grid or leaves its slice by more than half a slice.
bool hp_contours_place(GPtrArray *contours, const HpGrid *grid, GError **error);

G_END_DECLS
