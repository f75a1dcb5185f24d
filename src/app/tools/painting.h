// SPDX-License-Identifier: Apache-2.0
// Shows what was painted: barriers hatched, holds and pushes tinted, as far into depth as they reach.
#pragma once

#include "app/tools/tool.h"

G_BEGIN_DECLS

HpTool *hp_painting_tool_new(HpDocument *document, HpLens *lens);
void hp_painting_tool_set_shown(HpTool *tool, bool is_shown);

G_END_DECLS
