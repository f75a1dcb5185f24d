// SPDX-License-Identifier: Apache-2.0
// Grabs contours where they are seen: a seed by its nodes, and what the method found, which so becomes
// a seed.
#pragma once

#include "app/tools/tool.h"

G_BEGIN_DECLS

// Always there while it is shown. A node or a piece of line is dragged; a double click on the line
// gives a node, Delete takes the node under the pointer, or else the seed that was clicked last;
// with Ctrl the whole seed moves. Once there is an organ it follows when the drag ends.
HpTool *hp_nodes_tool_new(HpDocument *document, HpLens *lens);

// Nodes show, and contours can be grabbed, while the stage is in sight and no tool is chosen but one
// that draws seeds.
void hp_nodes_tool_set_shown(HpTool *tool, bool is_shown);
bool hp_nodes_tool_goes_with(const HpTool *chosen); // whether it draws seeds

G_END_DECLS
