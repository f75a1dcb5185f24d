// SPDX-License-Identifier: Apache-2.0
// Contours as JSON: {"contours": [{"plane": "axial", "points_mm": [[x, y, z], ...]}]}, LPS, closed.
#pragma once

#include "core/contour.h"
#include "core/task.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

// The list under "contours"; json_array_unref().
JsonArray *hp_contours_to_json(const GPtrArray *contours);

// Reads such a list. Contours lie on slice -1 until they are placed. Fails with HP_ERROR_BAD_FILE
// naming the contour (from 1) and the fact: unknown plane or key, fewer than 3 points, a point that
// is not three finite numbers.
GPtrArray *hp_contours_from_json(JsonNode *node, GError **error);

// A whole file of contours, as written for a seed; coordinates are rounded to 0.0001 mm. Errors name
// the file.
bool hp_contours_write(const GPtrArray *contours, const char *path, HpTask *task, GError **error);

// The contours, each on the slice of `grid` it lies on, as the method takes them; their points are
// moved onto the slice. Fails with HP_ERROR_BAD_FILE naming the contour (from 1) and the fact.
GPtrArray *hp_contours_place(const GPtrArray *contours, const HpGrid *grid, GError **error);

G_END_DECLS
