// SPDX-License-Identifier: Apache-2.0
// Draws a seed corner by corner.
#pragma once

#include "app/tools/tool.h"

G_BEGIN_DECLS

// Chosen as "polygon". A click sets a corner; the first corner, a double click or Enter closes it,
// Backspace takes the last corner back, Escape all of them.
HpTool *hp_polygon_tool_new(HpDocument *document, HpLens *lens);

G_END_DECLS
