// SPDX-License-Identifier: Apache-2.0
// A closed polygon on one slice, in the slice's own millimetres: what a contour is while it moves.
//
// (a, b) are the millimetres of hp_slice_to_mm. Counter-clockwise means a positive signed area in
// (a, b), whatever way the slice's normal points in the patient; outward is then to the right of
// the way the points go. Inside the module every loop runs counter-clockwise, holes clockwise.
#pragma once

#include "core/contour.h"

G_BEGIN_DECLS

typedef struct {
    int count, room;
    double (*ab)[2]; // owned; the last point is joined to the first
} HpLoop;

HpLoop *hp_loop_new(int room); // empty; grows as points are appended
HpLoop *hp_loop_copy(const HpLoop *loop);
void hp_loop_free(HpLoop *loop); // takes NULL
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HpLoop, hp_loop_free)

GPtrArray *hp_loops_new(void); // of HpLoop *, frees them

void hp_loop_append(HpLoop *loop, double a, double b);
void hp_loop_set(HpLoop *loop, const HpLoop *other);

// The contour projected onto slices of its plane, turned counter-clockwise. `slice` (may be NULL)
// gets the mean slice coordinate of its points: `grid` need not be the one it was drawn on.
HpLoop *hp_loop_from_contour(const HpContour *contour, const HpGrid *grid, double *slice);
HpContour *hp_loop_to_contour(const HpLoop *loop, const HpGrid *grid, HpPlane plane, int slice);

double hp_loop_area_mm2(const HpLoop *loop); // signed: > 0 counter-clockwise
double hp_loop_length_mm(const HpLoop *loop);
void hp_loop_reverse(HpLoop *loop);

// Equally spaced points near `spacing_mm` apart, at least 6, on a cubic through the old ones, then
// moved along the normals by one small step that restores the enclosed area. `scratch` is used up.
void hp_loop_resample(HpLoop *loop, double spacing_mm, HpLoop *scratch);

// Finds an edge that crosses a later one that is not its neighbour, and the point where.
bool hp_loop_find_crossing(const HpLoop *loop, int *edge, int *later, double ab[2]);

// Cuts the loop at its crossings until none is left; of the two parts the one with the larger
// signed area stays, so a curl is lost and an annulus that closes loses its hole. Returns the cuts.
int hp_loop_cut(HpLoop *loop, HpLoop *scratch);

G_END_DECLS
