// SPDX-License-Identifier: Apache-2.0
// Measures on a slice: a length along a ruler, and the HU in a circle.
//
// What was measured stays on its slice, whatever the stage, until it is erased or another image is
// opened; it belongs to the view, not to the case.
#pragma once

#include "app/tools/tool.h"

G_BEGIN_DECLS

// Chosen as "ruler" and "region". Ends, rims and a circle's middle can be grabbed without being chosen;
// Delete erases the measure under the pointer.
HpTool *hp_ruler_tool_new(HpDocument *document, HpLens *lens);
HpTool *hp_region_tool_new(HpDocument *document, HpLens *lens);

void hp_measure_tool_clear(HpTool *tool);
bool hp_measure_tool_is_empty(const HpTool *tool);

G_END_DECLS
