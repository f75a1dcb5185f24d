// SPDX-License-Identifier: Apache-2.0
// What a person painted to steer the method: a line with a radius on one slice.
//
// The line goes from point to point in patient mm and stays open; one point is a dab. Strokes are
// kept in the order they were painted: a later one has the last word where it meets an earlier one.
#pragma once

#include "core/grid.h"

G_BEGIN_DECLS

typedef enum {
    HP_STROKE_BARRIER, // "not liver": nothing here ever is
    HP_STROKE_HOLD,    // the contour stays where it comes to this: stiff, without balloon
    HP_STROKE_PUSH,    // the contour grows here: balloon up
    HP_STROKE_ERASE,   // takes away what the strokes before it left
    HP_STROKE_KIND_COUNT
} HpStrokeKind;

#define HP_STROKE_LEAST_MM 0.5
#define HP_STROKE_MOST_MM 50.0

typedef struct {
    HpStrokeKind kind;
    HpPlane plane;    // of the slice it was painted on
    double radius_mm; // HP_STROKE_LEAST_MM to HP_STROKE_MOST_MM
    int count;        // points, at least one
    double (*mm)[3];  // owned
} HpStroke;

// `count` points, all zero.
HpStroke *hp_stroke_new(HpStrokeKind kind, HpPlane plane, double radius_mm, int count);
HpStroke *hp_stroke_copy(const HpStroke *stroke);
void hp_stroke_free(HpStroke *stroke); // takes NULL
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HpStroke, hp_stroke_free)

const char *hp_stroke_kind_name(HpStrokeKind kind); // "barrier", "hold", "push", "erase"

// A list of strokes (HpStroke *) that frees them; g_ptr_array_unref().
GPtrArray *hp_strokes_new(void);
GPtrArray *hp_strokes_copy(const GPtrArray *strokes);
bool hp_strokes_equal(const GPtrArray *a, const GPtrArray *b); // bit for bit, in order

// A copy whose points lie on the slice of `grid` that is nearest to all of them. Fails with
// HP_ERROR_BAD_FILE naming the fact: no point, a radius out of range, a point that is no place or
// lies half a slice from the others' slice, a slice that the grid has not.
HpStroke *hp_stroke_place(const HpStroke *stroke, const HpGrid *grid, GError **error);

// All of them; an error names the stroke, counted from 1.
GPtrArray *hp_strokes_place(const GPtrArray *strokes, const HpGrid *grid, GError **error);

G_END_DECLS
