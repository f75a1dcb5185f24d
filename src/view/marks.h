// SPDX-License-Identifier: Apache-2.0
// Draws what lies over a slice as lines and letters: contours, cross-hair, scale bar, sides.
#pragma once

#include "view/slice.h"

#include <cairo.h>

G_BEGIN_DECLS

// How large letters and lines are in a picture of this size: 1 for 600 x 600.
double hp_slice_marks_unit(double width, double height);

// Draws over a slice that `frame` places in width x height units of `cairo`.
void hp_slice_draw_marks(const HpSliceView *view, const HpSliceFrame *frame, cairo_t *cairo,
                         double width, double height, double unit);

G_END_DECLS
