// SPDX-License-Identifier: Apache-2.0
// Draws a seed as a circle, dragged from its middle.
#include "app/tools/round.h"

#include "view/palette.h"

#include <math.h>
#include <string.h>

typedef struct {
    HpTool tool;
    bool is_drawing;
    HpPlane plane;
    int slice;
    double middle_mm[3], radius_mm;
} Round;

#define LEAST_MM 2.0 // smaller is a click; what encloses less than 10 mm2 is no seed

HpContour *hp_round_contour(const HpToolEvent *event, const double middle_mm[3], double radius_mm)
{
    enum { POINTS = 48 };
    double x, y;
    HpContour *circle = hp_contour_new(event->frame.plane, event->frame.slice, POINTS);
    const double radius = radius_mm * event->frame.pixels_per_mm;
    hp_slice_frame_from_mm(&event->frame, event->grid, middle_mm, &x, &y);
    for (int at = 0; at < POINTS; at++) {
        const double angle = 2 * G_PI * at / POINTS;
        hp_slice_frame_to_mm(&event->frame, event->grid, x + radius * cos(angle),
                             y + radius * sin(angle), circle->mm[at]);
    }
    return circle;
}

static bool press_cb(HpTool *tool, const HpToolEvent *event)
{
    Round *self = (Round *)tool;
    if (event->presses == 2) // the panes' own
        return false;
    self->is_drawing = true;
    self->plane = event->frame.plane;
    self->slice = event->frame.slice;
    memcpy(self->middle_mm, event->mm, sizeof self->middle_mm);
    self->radius_mm = 0;
    return true;
}

static void drag_cb(HpTool *tool, const HpToolEvent *event)
{
    Round *self = (Round *)tool;
    self->radius_mm = 0;
    for (int axis = 0; axis < 3; axis++)
        self->radius_mm = hypot(self->radius_mm, event->mm[axis] - self->middle_mm[axis]);
    hp_tool_redraw(tool);
}

static void cancel_cb(HpTool *tool)
{
    ((Round *)tool)->is_drawing = false;
    hp_tool_redraw(tool);
}

static void release_cb(HpTool *tool, const HpToolEvent *event)
{
    Round *self = (Round *)tool;
    if (self->radius_mm >= LEAST_MM)
        hp_document_add_seed(tool->document,
                             hp_round_contour(event, self->middle_mm, self->radius_mm));
    else
        hp_lens_set_cross(tool->lens, event->mm);
    cancel_cb(tool);
}

static void draw_cb(HpTool *tool, const HpToolEvent *slice, cairo_t *cairo)
{
    const Round *self = (Round *)tool;
    if (!self->is_drawing || self->plane != slice->frame.plane || self->slice != slice->frame.slice)
        return;
    double x, y;
    hp_slice_frame_from_mm(&slice->frame, slice->grid, self->middle_mm, &x, &y);
    cairo_arc(cairo, x, y, self->radius_mm * slice->frame.pixels_per_mm, 0, 2 * G_PI);
    cairo_set_source_rgb(cairo, hp_palette_seed[0] / 255.0, hp_palette_seed[1] / 255.0,
                         hp_palette_seed[2] / 255.0);
    cairo_set_line_width(cairo, 2);
    cairo_stroke(cairo);
}

HpTool *hp_round_tool_new(HpDocument *document, HpLens *lens)
{
    static const HpToolKind kind = {.name = "circle",
                                    .cursor = "crosshair",
                                    .press_cb = press_cb,
                                    .drag_cb = drag_cb,
                                    .release_cb = release_cb,
                                    .cancel_cb = cancel_cb,
                                    .draw_cb = draw_cb};
    Round *self = hp_tool_new(&kind, sizeof *self, document, lens);
    return &self->tool;
}
