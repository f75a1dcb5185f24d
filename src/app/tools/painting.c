// SPDX-License-Identifier: Apache-2.0
// Shows what was painted: barriers hatched, holds and pushes tinted, as far into depth as they reach.
#include "app/tools/painting.h"

#include "core/stroke.h"
#include "view/palette.h"

#include <math.h>

typedef struct {
    HpTool tool;
    bool is_shown;
} Painting;

#define HATCH_PX 7
#define TINT 0.38

// Adds what a ball of the stroke's radius round `mm` cuts out of the slice.
static void add_ball(const HpToolEvent *slice, const HpStroke *stroke, const double mm[3],
                     cairo_t *cairo)
{
    double ijk[3], x, y;
    const int normal = hp_grid_axis(slice->grid, slice->frame.plane);
    hp_grid_to_ijk(slice->grid, mm, ijk);
    const double off = fabs(ijk[normal] - slice->frame.slice);
    // On its own slice a stroke is as wide as it was painted.
    const bool is_own = stroke->plane == slice->frame.plane && off < 0.5;
    const double off_mm = is_own ? 0 : off * slice->grid->spacing_mm[normal];
    if (off_mm >= stroke->radius_mm)
        return;
    const double radius = sqrt(stroke->radius_mm * stroke->radius_mm - off_mm * off_mm);
    hp_slice_frame_from_mm(&slice->frame, slice->grid, mm, &x, &y);
    cairo_new_sub_path(cairo);
    cairo_arc(cairo, x, y, radius * slice->frame.pixels_per_mm, 0, 2 * G_PI);
}

// The stroke as a path: balls along its line.
static void trace(const HpToolEvent *slice, const HpStroke *stroke, cairo_t *cairo)
{
    cairo_new_path(cairo);
    for (int at = 0; at < stroke->count; at++) {
        const double *from = stroke->mm[at], *to = stroke->mm[MIN(at + 1, stroke->count - 1)];
        const double length = hypot(hypot(to[0] - from[0], to[1] - from[1]), to[2] - from[2]);
        const int steps = 1 + (int)(length / (stroke->radius_mm / 3));
        for (int step = 0; step < steps; step++) {
            double mm[3];
            for (int axis = 0; axis < 3; axis++)
                mm[axis] = from[axis] + (to[axis] - from[axis]) * step / steps;
            add_ball(slice, stroke, mm, cairo);
        }
    }
}

// Fills the strokes in their order; `is_barrier` the barriers and what erases them, else the rest.
static bool fill(const HpTool *tool, const HpToolEvent *slice, bool is_barrier, cairo_t *cairo)
{
    const GPtrArray *strokes = hp_document_get_plan(tool->document)->strokes;
    bool has_any = false;
    for (guint at = 0; at < strokes->len; at++) {
        const HpStroke *stroke = strokes->pdata[at];
        if (stroke->kind != HP_STROKE_ERASE && (stroke->kind == HP_STROKE_BARRIER) != is_barrier)
            continue;
        const uint8_t *colour = hp_palette_stroke(stroke->kind);
        cairo_set_operator(cairo, stroke->kind == HP_STROKE_ERASE ? CAIRO_OPERATOR_CLEAR
                                                                  : CAIRO_OPERATOR_OVER);
        cairo_set_source_rgb(cairo, colour[0] / 255.0, colour[1] / 255.0, colour[2] / 255.0);
        trace(slice, stroke, cairo);
        cairo_fill(cairo);
        has_any |= stroke->kind != HP_STROKE_ERASE;
    }
    return has_any;
}

// Slanting lines, so that a barrier is told from a tint without its colour.
static void hatch(cairo_t *cairo, const HpToolEvent *slice)
{
    const uint8_t *colour = hp_palette_stroke(HP_STROKE_BARRIER);
    const int width = gtk_widget_get_width(slice->pane);
    const int height = gtk_widget_get_height(slice->pane);
    cairo_new_path(cairo);
    for (int x = -height; x < width; x += HATCH_PX) {
        cairo_move_to(cairo, x, height);
        cairo_line_to(cairo, x + height, 0);
    }
    cairo_set_line_width(cairo, 2);
    cairo_set_source_rgb(cairo, colour[0] / 255.0, colour[1] / 255.0, colour[2] / 255.0);
    cairo_stroke(cairo);
}

static void draw_cb(HpTool *tool, const HpToolEvent *slice, cairo_t *cairo)
{
    if (!((Painting *)tool)->is_shown || hp_document_get_plan(tool->document)->strokes->len == 0)
        return;
    cairo_push_group(cairo);
    const bool has_tints = fill(tool, slice, false, cairo);
    cairo_pop_group_to_source(cairo);
    if (has_tints)
        cairo_paint_with_alpha(cairo, TINT);
    cairo_push_group(cairo);
    const bool has_barriers = fill(tool, slice, true, cairo);
    cairo_pattern_t *barriers = cairo_pop_group(cairo);
    if (has_barriers) {
        cairo_set_source(cairo, barriers);
        cairo_paint_with_alpha(cairo, TINT / 2);
        cairo_push_group(cairo);
        hatch(cairo, slice);
        cairo_pop_group_to_source(cairo);
        cairo_mask(cairo, barriers);
    }
    cairo_pattern_destroy(barriers);
}

HpTool *hp_painting_tool_new(HpDocument *document, HpLens *lens)
{
    static const HpToolKind kind = {.is_always = true, .draw_cb = draw_cb};
    Painting *self = hp_tool_new(&kind, sizeof *self, document, lens);
    return &self->tool;
}

void hp_painting_tool_set_shown(HpTool *tool, bool is_shown)
{
    ((Painting *)tool)->is_shown = is_shown;
    hp_tool_redraw(tool);
}
