// SPDX-License-Identifier: Apache-2.0
// The trim planes on the slices: lines that are dragged and turned, and what they cut off in shade.
#pragma once

#include "app/tools/tool.h"

G_BEGIN_DECLS

// Always there. While it is not active the lines only show.
HpTool *hp_trim_tool_new(HpDocument *document, HpLens *lens);
void hp_trim_tool_set_active(HpTool *tool, bool is_active);

// The plane that keys move, by its number in the plan; -1: none. A change is told by the lens's "marked".
int hp_trim_tool_get_chosen(const HpTool *tool);
void hp_trim_tool_choose(HpTool *tool, int index);

// Moves the chosen plane along its normal: one undoable step with those just before it.
void hp_trim_tool_nudge(HpTool *tool, double mm);

G_END_DECLS
