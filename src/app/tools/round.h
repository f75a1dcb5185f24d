// SPDX-License-Identifier: Apache-2.0
// Draws a seed as a circle, dragged from its middle.
#pragma once

#include "app/tools/tool.h"
#include "core/contour.h"

G_BEGIN_DECLS

// Chosen as "circle". A click without a drag moves the cross-hair.
HpTool *hp_round_tool_new(HpDocument *document, HpLens *lens);

// A circle on the slice of `event` round its place; hp_contour_free().
HpContour *hp_round_contour(const HpToolEvent *event, const double middle_mm[3], double radius_mm);

G_END_DECLS
