// SPDX-License-Identifier: Apache-2.0
// Paints strokes that steer the method: not liver, hold here, push here, and takes them away.
#include "app/tools/brush.h"

#include "app/tools/ink.h"
#include "app/tools/trace.h"
#include "view/palette.h"

#include <math.h>
#include <string.h>

typedef struct {
    HpTool tool;
    HpStrokeKind kind;
    HpTrace *trace;
    bool is_erasing; // the stroke under way, whatever the kind
    GtkWidget *pane; // the pointer is in it; only compared
    double pointer[2];
} Brush;

#define STEP_PX 2.0

static bool press_cb(HpTool *tool, const HpToolEvent *event)
{
    Brush *self = (Brush *)tool;
    self->is_erasing = event->is_eraser || event->keys & GDK_CONTROL_MASK;
    hp_trace_begin(self->trace, event);
    hp_tool_redraw(tool);
    return true;
}

static void point(Brush *self, const HpToolEvent *event)
{
    self->pane = event->pane;
    self->pointer[0] = event->x;
    self->pointer[1] = event->y;
    hp_tool_redraw(&self->tool);
}

static void drag_cb(HpTool *tool, const HpToolEvent *event)
{
    Brush *self = (Brush *)tool;
    hp_trace_add(self->trace, event, STEP_PX);
    point(self, event);
}

static void cancel_cb(HpTool *tool)
{
    hp_trace_clear(((Brush *)tool)->trace);
    hp_tool_redraw(tool);
}

static void release_cb(HpTool *tool, const HpToolEvent *event)
{
    (void)event;
    Brush *self = (Brush *)tool;
    const int count = hp_trace_count(self->trace);
    HpStroke *stroke = hp_stroke_new(self->is_erasing ? HP_STROKE_ERASE : self->kind,
                                     event->frame.plane, tool->lens->brush_mm, count);
    for (int at = 0; at < count; at++)
        memcpy(stroke->mm[at], hp_trace_get_mm(self->trace, at), sizeof *stroke->mm);
    cancel_cb(tool);
    hp_document_add_stroke(tool->document, stroke);
    if (hp_document_get_mask(tool->document) != NULL)
        hp_document_pursue(tool->document, HP_GOAL_ORGAN);
}

static const char *motion_cb(HpTool *tool, const HpToolEvent *event)
{
    if (hp_tool_is_chosen(tool))
        point((Brush *)tool, event);
    return NULL;
}

static void draw_cb(HpTool *tool, const HpToolEvent *slice, cairo_t *cairo)
{
    const Brush *self = (Brush *)tool;
    const HpStrokeKind kind =
        self->is_erasing && hp_trace_count(self->trace) > 0 ? HP_STROKE_ERASE : self->kind;
    const uint8_t *colour = hp_palette_stroke(kind);
    const double radius = tool->lens->brush_mm * slice->frame.pixels_per_mm;
    if (hp_trace_is_on(self->trace, slice)) {
        cairo_new_path(cairo);
        for (int at = 0; at < hp_trace_count(self->trace); at++) {
            double x, y;
            hp_slice_frame_from_mm(&slice->frame, slice->grid, hp_trace_get_mm(self->trace, at), &x,
                                   &y);
            cairo_line_to(cairo, x, y);
        }
        if (hp_trace_count(self->trace) == 1)
            cairo_close_path(cairo); // a dab: a line of no length has caps all the same
        cairo_set_line_width(cairo, 2 * radius);
        cairo_set_line_cap(cairo, CAIRO_LINE_CAP_ROUND);
        cairo_set_line_join(cairo, CAIRO_LINE_JOIN_ROUND);
        cairo_set_source_rgba(cairo, colour[0] / 255.0, colour[1] / 255.0, colour[2] / 255.0, 0.45);
        cairo_stroke(cairo);
    }
    if (hp_tool_is_chosen(tool) && self->pane == slice->pane) {
        cairo_new_path(cairo);
        cairo_arc(cairo, self->pointer[0], self->pointer[1], MAX(radius, 1), 0, 2 * G_PI);
        hp_ink_stroke(cairo, colour, 1.5);
    }
}

static void free_cb(HpTool *tool)
{
    hp_trace_free(((Brush *)tool)->trace);
}

HpTool *hp_brush_tool_new(HpDocument *document, HpLens *lens, HpStrokeKind kind)
{
#define KIND(NAME)                                                                                 \
    {                                                                                              \
        .name = NAME, .cursor = "none", .press_cb = press_cb, .drag_cb = drag_cb,                  \
        .release_cb = release_cb, .cancel_cb = cancel_cb, .motion_cb = motion_cb,                  \
        .draw_cb = draw_cb, .free_cb = free_cb                                                     \
    }
    static const HpToolKind kinds[HP_STROKE_KIND_COUNT] = {
        [HP_STROKE_BARRIER] = KIND("barrier"),
        [HP_STROKE_HOLD] = KIND("hold"),
        [HP_STROKE_PUSH] = KIND("push"),
        [HP_STROKE_ERASE] = KIND("erase"),
    };
#undef KIND
    Brush *self = hp_tool_new(&kinds[kind], sizeof *self, document, lens);
    self->kind = kind;
    self->trace = hp_trace_new();
    return &self->tool;
}
