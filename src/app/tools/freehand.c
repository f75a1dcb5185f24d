// SPDX-License-Identifier: Apache-2.0
// Draws a seed by going round it in one drag.
#include "app/tools/freehand.h"

#include "app/tools/trace.h"
#include "case/reshape.h"

typedef struct {
    HpTool tool;
    HpTrace *trace;
} Freehand;

#define STEP_PX 1.5 // between points: less would be the hand's trembling
#define LEAST_POINTS 6

static bool press_cb(HpTool *tool, const HpToolEvent *event)
{
    if (event->presses == 2) // the panes' own
        return false;
    hp_trace_begin(((Freehand *)tool)->trace, event);
    return true;
}

static void drag_cb(HpTool *tool, const HpToolEvent *event)
{
    hp_trace_add(((Freehand *)tool)->trace, event, STEP_PX);
    hp_tool_redraw(tool);
}

static void cancel_cb(HpTool *tool)
{
    hp_trace_clear(((Freehand *)tool)->trace);
    hp_tool_redraw(tool);
}

static void release_cb(HpTool *tool, const HpToolEvent *event)
{
    HpTrace *trace = ((Freehand *)tool)->trace;
    if (hp_trace_count(trace) < LEAST_POINTS)
        hp_lens_set_cross(tool->lens, event->mm);
    else {
        g_autoptr(HpContour) drawn = hp_trace_to_contour(trace);
        // A hand seldom ends where it began: what sticks out there is no part of the seed.
        hp_document_add_seed(tool->document, hp_reshape_untangle(drawn, event->grid));
    }
    cancel_cb(tool);
}

static void draw_cb(HpTool *tool, const HpToolEvent *slice, cairo_t *cairo)
{
    hp_trace_draw(((Freehand *)tool)->trace, slice, cairo);
}

static void free_cb(HpTool *tool)
{
    hp_trace_free(((Freehand *)tool)->trace);
}

HpTool *hp_freehand_tool_new(HpDocument *document, HpLens *lens)
{
    static const HpToolKind kind = {.name = "freehand",
                                    .cursor = "crosshair",
                                    .press_cb = press_cb,
                                    .drag_cb = drag_cb,
                                    .release_cb = release_cb,
                                    .cancel_cb = cancel_cb,
                                    .draw_cb = draw_cb,
                                    .free_cb = free_cb};
    Freehand *self = hp_tool_new(&kind, sizeof *self, document, lens);
    self->trace = hp_trace_new();
    return &self->tool;
}
