// SPDX-License-Identifier: Apache-2.0
// The picture of a slice in the form in which widgets draw it.
#pragma once

#include "view/slice.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

// Black where there is no memory; cairo_surface_destroy().
cairo_surface_t *hp_slice_surface_new(const HpSliceView *view, int width, int height);

// Draws a picture made at `scale` device pixels a unit, pixel by pixel.
void hp_slice_surface_draw(cairo_surface_t *surface, cairo_t *cairo, int scale);

G_END_DECLS
