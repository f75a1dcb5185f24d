// SPDX-License-Identifier: Apache-2.0
// Paints strokes that steer the method: not liver, hold here, push here, and takes them away.
#pragma once

#include "app/tools/tool.h"
#include "core/stroke.h"

G_BEGIN_DECLS

// Chosen as "barrier", "hold", "push" and "erase"; its width is lens->brush_mm. With Ctrl, and with
// the eraser of a pen, each erases. Once there is an organ it follows each stroke.
HpTool *hp_brush_tool_new(HpDocument *document, HpLens *lens, HpStrokeKind kind);

G_END_DECLS
