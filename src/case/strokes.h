// SPDX-License-Identifier: Apache-2.0
// Strokes as JSON: {"strokes": [{"kind": "barrier", "plane": "axial", "radius_mm": 6,
// "points_mm": [[x, y, z], ...]}]}, LPS, in the order they were painted.
#pragma once

#include "core/stroke.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

// The list under "strokes"; json_array_unref().
JsonArray *hp_strokes_to_json(const GPtrArray *strokes);

// Reads such a list. Fails with HP_ERROR_BAD_FILE naming the stroke (from 1) and the fact: unknown kind,
// plane or key, a radius out of range, no point or more than 10000, a point that is not three finite
// numbers. Whether they lie on a grid is hp_strokes_place()'s to say.
GPtrArray *hp_strokes_from_json(JsonNode *node, GError **error);

G_END_DECLS
