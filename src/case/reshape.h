// SPDX-License-Identifier: Apache-2.0
// Shapes a closed contour as a hand does: pulled at a point, moved, given a point, rid of one.
//
// Each call gives a new contour, hp_contour_free(); points stay in the plane as long as what moves
// them does. Nothing here looks whether the result crosses itself: hp_document_shape_seed does.
#pragma once

#include "core/contour.h"

G_BEGIN_DECLS

// The points to grab a contour by, as ascending indices (int); g_array_unref(). All corners of a
// polygon, else about one each 22 mm, 10 to 24 of them, evenly along the contour.
GArray *hp_reshape_handles(const HpContour *contour);

// How far `mm` is from the contour; the nearest place on it lies after point `*after`.
double hp_reshape_nearest(const HpContour *contour, const double mm[3], int *after,
                          double place_mm[3]);

// Whether `mm`, dropped onto the slice, lies inside.
bool hp_reshape_contains(const HpContour *contour, const HpGrid *grid, const double mm[3]);

// With one more point, at `mm` and after point `after`.
HpContour *hp_reshape_insert(const HpContour *contour, int after, const double mm[3]);

// With `point` moved by `by_mm` and its neighbours along, less the farther they are: by nothing
// from `before_mm` and `after_mm` along the contour on.
HpContour *hp_reshape_pull(const HpContour *contour, int point, const double by_mm[3],
                           double before_mm, double after_mm);

// Moved as a whole.
HpContour *hp_reshape_move(const HpContour *contour, const double by_mm[3]);

// Straight from point `from` on to point `to`: what lies between has one point less, evenly spaced.
HpContour *hp_reshape_flatten(const HpContour *contour, int from, int to);

// Along the contour from point `from` on to point `to`.
double hp_reshape_length_mm(const HpContour *contour, int from, int to);

// The largest loop of a line that crosses itself, as a hand leaves where it meets its own beginning.
HpContour *hp_reshape_untangle(const HpContour *contour, const HpGrid *grid);

G_END_DECLS
