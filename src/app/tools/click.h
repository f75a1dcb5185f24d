// SPDX-License-Identifier: Apache-2.0
// Puts a seed where one clicks; the method widens it to the section it lies in.
#pragma once

#include "app/tools/tool.h"

G_BEGIN_DECLS

// Chosen as "click".
HpTool *hp_click_tool_new(HpDocument *document, HpLens *lens);

G_END_DECLS
