// SPDX-License-Identifier: Apache-2.0
// Draws a seed by going round it in one drag.
#pragma once

#include "app/tools/tool.h"

G_BEGIN_DECLS

// Chosen as "freehand". A click without a drag moves the cross-hair.
HpTool *hp_freehand_tool_new(HpDocument *document, HpLens *lens);

G_END_DECLS
