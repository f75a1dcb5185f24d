// SPDX-License-Identifier: Apache-2.0
// Lets cairo draw on a picture.
#pragma once

#include "view/picture.h"

#include <cairo.h>

G_BEGIN_DECLS

// A cairo surface with a copy of the picture; cairo_surface_destroy().
cairo_surface_t *hp_canvas_begin(const HpPicture *picture);

// Brings what was drawn on `surface` back and destroys it.
void hp_canvas_end(cairo_surface_t *surface, HpPicture *picture);

void hp_canvas_set_colour(cairo_t *cairo, const uint8_t colour[3], double alpha);

G_END_DECLS
