// SPDX-License-Identifier: Apache-2.0
// Draws what lies over a slice as lines and letters: contours, cross-hair, scale bar, sides.
#pragma once

#include "view/slice.h"

G_BEGIN_DECLS

void hp_slice_draw_marks(const HpSliceView *view, const HpSliceFrame *frame, HpPicture *picture);

G_END_DECLS
