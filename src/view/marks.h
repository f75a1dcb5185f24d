// SPDX-License-Identifier: Apache-2.0
// Draws what lies over a slice as lines and letters: contours, cross-hair, scale bar, sides.
#pragma once

#include "view/slice.h"

#include <cairo.h>

G_BEGIN_DECLS

// Draws over a slice that `frame` places in width x height units of `cairo`.
void hp_slice_draw_marks(const HpSliceView *view, const HpSliceFrame *frame, cairo_t *cairo,
                         double width, double height);

G_END_DECLS
