// SPDX-License-Identifier: Apache-2.0
// Draws a seed corner by corner.
#include "app/tools/polygon.h"

#include "app/tools/ink.h"
#include "app/tools/trace.h"
#include "view/palette.h"

#include <math.h>

typedef struct {
    HpTool tool;
    HpTrace *trace;    // the corners so far
    double pointer[2]; // where the next corner would be, logical pixels of the slice's pane
    bool is_near_first;
} Polygon;

static void clear(Polygon *self)
{
    hp_trace_clear(self->trace);
    self->is_near_first = false;
    hp_tool_redraw(&self->tool);
}

static void cancel_cb(HpTool *tool)
{
    clear((Polygon *)tool);
}

static void finish(Polygon *self)
{
    if (hp_trace_count(self->trace) >= 3)
        hp_document_add_seed(self->tool.document, hp_trace_to_contour(self->trace));
    clear(self);
}

static bool is_at_first(const Polygon *self, const HpToolEvent *event)
{
    double x, y;
    if (hp_trace_count(self->trace) < 3 || !hp_trace_is_on(self->trace, event))
        return false;
    hp_slice_frame_from_mm(&event->frame, event->grid, hp_trace_get_mm(self->trace, 0), &x, &y);
    return hypot(event->x - x, event->y - y) <= HP_INK_REACH;
}

static bool press_cb(HpTool *tool, const HpToolEvent *event)
{
    Polygon *self = (Polygon *)tool;
    self->pointer[0] = event->x;
    self->pointer[1] = event->y;
    if (!hp_trace_is_on(self->trace, event))
        hp_trace_begin(self->trace, event);
    else if (event->presses == 2 || is_at_first(self, event))
        finish(self);
    else
        hp_trace_add(self->trace, event, 1);
    hp_tool_redraw(tool);
    return true;
}

static const char *motion_cb(HpTool *tool, const HpToolEvent *event)
{
    Polygon *self = (Polygon *)tool;
    if (!hp_trace_is_on(self->trace, event))
        return NULL;
    self->pointer[0] = event->x;
    self->pointer[1] = event->y;
    self->is_near_first = is_at_first(self, event);
    hp_tool_redraw(tool);
    return self->is_near_first ? "pointer" : NULL;
}

static void drag_cb(HpTool *tool, const HpToolEvent *event)
{
    motion_cb(tool, event);
}

static bool key_cb(HpTool *tool, const HpToolEvent *event, guint key)
{
    Polygon *self = (Polygon *)tool;
    if (hp_trace_count(self->trace) == 0)
        return false;
    if (key == GDK_KEY_Return || key == GDK_KEY_KP_Enter)
        finish(self);
    else if (key == GDK_KEY_BackSpace)
        hp_trace_drop_last(self->trace);
    else if (key == GDK_KEY_Escape)
        clear(self);
    else
        return false;
    hp_tool_redraw(tool);
    return true;
}

static void draw_cb(HpTool *tool, const HpToolEvent *slice, cairo_t *cairo)
{
    const Polygon *self = (Polygon *)tool;
    if (!hp_trace_is_on(self->trace, slice))
        return;
    const double dash[2] = {5, 4};
    double x, y;
    hp_trace_draw(self->trace, slice, cairo);
    const int count = hp_trace_count(self->trace);
    hp_slice_frame_from_mm(&slice->frame, slice->grid, hp_trace_get_mm(self->trace, count - 1), &x,
                           &y);
    cairo_move_to(cairo, x, y);
    cairo_line_to(cairo, self->pointer[0], self->pointer[1]);
    cairo_set_dash(cairo, dash, 2, 0);
    cairo_set_line_width(cairo, 1.5);
    cairo_stroke(cairo);
    for (int at = 0; at < count; at++) {
        hp_slice_frame_from_mm(&slice->frame, slice->grid, hp_trace_get_mm(self->trace, at), &x,
                               &y);
        hp_ink_node(cairo, x, y, hp_palette_seed, at == 0 && self->is_near_first);
    }
}

static void free_cb(HpTool *tool)
{
    hp_trace_free(((Polygon *)tool)->trace);
}

HpTool *hp_polygon_tool_new(HpDocument *document, HpLens *lens)
{
    static const HpToolKind kind = {.name = "polygon",
                                    .cursor = "crosshair",
                                    .press_cb = press_cb,
                                    .drag_cb = drag_cb,
                                    .cancel_cb = cancel_cb,
                                    .motion_cb = motion_cb,
                                    .key_cb = key_cb,
                                    .draw_cb = draw_cb,
                                    .free_cb = free_cb};
    Polygon *self = hp_tool_new(&kind, sizeof *self, document, lens);
    self->trace = hp_trace_new();
    return &self->tool;
}
