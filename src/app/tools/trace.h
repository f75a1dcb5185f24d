// SPDX-License-Identifier: Apache-2.0
// The line a person is drawing on one slice, in patient millimetres, until it becomes a contour.
#pragma once

#include "app/tools/tool.h"
#include "core/contour.h"

G_BEGIN_DECLS

typedef struct HpTrace HpTrace; // one owner

HpTrace *hp_trace_new(void); // empty
void hp_trace_free(HpTrace *trace);

void hp_trace_begin(HpTrace *trace, const HpToolEvent *event); // its first point, on its slice
// Adds a point unless it lies within `least_px` of the last one.
void hp_trace_add(HpTrace *trace, const HpToolEvent *event, double least_px);
void hp_trace_clear(HpTrace *trace);
void hp_trace_drop_last(HpTrace *trace);

int hp_trace_count(const HpTrace *trace);
const double *hp_trace_get_mm(const HpTrace *trace, int at); // three numbers; borrowed
// Whether it has points and `event` is in a pane that shows their slice.
bool hp_trace_is_on(const HpTrace *trace, const HpToolEvent *event);

// The points as a closed contour; hp_contour_free().
HpContour *hp_trace_to_contour(const HpTrace *trace);

// The open line in the colour of seeds, if it lies on this slice.
void hp_trace_draw(const HpTrace *trace, const HpToolEvent *slice, cairo_t *cairo);

G_END_DECLS
