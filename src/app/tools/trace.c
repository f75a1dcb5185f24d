// SPDX-License-Identifier: Apache-2.0
// The line a person is drawing on one slice, in patient millimetres, until it becomes a contour.
#include "app/tools/trace.h"

#include "view/palette.h"

#include <math.h>
#include <string.h>

typedef struct {
    double mm[3];
} Point;

struct HpTrace {
    HpPlane plane;
    int slice;
    GArray *points; // of Point
};

HpTrace *hp_trace_new(void)
{
    HpTrace *trace = g_new0(HpTrace, 1);
    trace->points = g_array_new(FALSE, FALSE, sizeof(Point));
    return trace;
}

void hp_trace_free(HpTrace *trace)
{
    g_array_unref(trace->points);
    g_free(trace);
}

static void append(HpTrace *trace, const HpToolEvent *event)
{
    Point point;
    memcpy(point.mm, event->mm, sizeof point.mm);
    g_array_append_val(trace->points, point);
}

void hp_trace_begin(HpTrace *trace, const HpToolEvent *event)
{
    g_array_set_size(trace->points, 0);
    trace->plane = event->frame.plane;
    trace->slice = event->frame.slice;
    append(trace, event);
}

void hp_trace_add(HpTrace *trace, const HpToolEvent *event, double least_px)
{
    double x, y;
    const double *last = hp_trace_get_mm(trace, hp_trace_count(trace) - 1);
    hp_slice_frame_from_mm(&event->frame, event->grid, last, &x, &y);
    if (hypot(event->x - x, event->y - y) > least_px)
        append(trace, event);
}

void hp_trace_clear(HpTrace *trace)
{
    g_array_set_size(trace->points, 0);
}

void hp_trace_drop_last(HpTrace *trace)
{
    if (trace->points->len > 0)
        g_array_set_size(trace->points, trace->points->len - 1);
}

int hp_trace_count(const HpTrace *trace)
{
    return (int)trace->points->len;
}

const double *hp_trace_get_mm(const HpTrace *trace, int at)
{
    return g_array_index(trace->points, Point, at).mm;
}

bool hp_trace_is_on(const HpTrace *trace, const HpToolEvent *event)
{
    return trace->points->len > 0 && trace->plane == event->frame.plane &&
           trace->slice == event->frame.slice;
}

HpContour *hp_trace_to_contour(const HpTrace *trace)
{
    HpContour *contour = hp_contour_new(trace->plane, trace->slice, hp_trace_count(trace));
    for (int at = 0; at < contour->count; at++)
        memcpy(contour->mm[at], hp_trace_get_mm(trace, at), sizeof *contour->mm);
    return contour;
}

void hp_trace_draw(const HpTrace *trace, const HpToolEvent *slice, cairo_t *cairo)
{
    if (!hp_trace_is_on(trace, slice))
        return;
    for (int at = 0; at < hp_trace_count(trace); at++) {
        double x, y;
        hp_slice_frame_from_mm(&slice->frame, slice->grid, hp_trace_get_mm(trace, at), &x, &y);
        cairo_line_to(cairo, x, y);
    }
    cairo_set_source_rgb(cairo, hp_palette_seed[0] / 255.0, hp_palette_seed[1] / 255.0,
                         hp_palette_seed[2] / 255.0);
    cairo_set_line_width(cairo, 2);
    cairo_set_line_join(cairo, CAIRO_LINE_JOIN_ROUND);
    cairo_set_line_cap(cairo, CAIRO_LINE_CAP_ROUND);
    cairo_stroke(cairo);
}
