// SPDX-License-Identifier: Apache-2.0
// The picture of a slice below all lines and letters, kept for as long as it stays the same.
//
// A cross-hair that moves or a contour that is dragged then costs no more than its lines.
#pragma once

#include "view/slice.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

typedef struct HpSliceGround HpSliceGround; // one owner

HpSliceGround *hp_slice_ground_new(void);
void hp_slice_ground_free(HpSliceGround *ground);

// Forgets the picture: what the view's pointers lead to has changed.
void hp_slice_ground_drop(HpSliceGround *ground);

// The picture for `view` at width x height device pixels; borrowed until the next call. NULL where it
// cannot be made.
cairo_surface_t *hp_slice_ground_get(HpSliceGround *ground, const HpSliceView *view, int width,
                                     int height);

G_END_DECLS
