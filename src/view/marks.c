// SPDX-License-Identifier: Apache-2.0
// Draws what lies over a slice as lines and letters: contours, cross-hair, scale bar, sides.
#include "view/marks.h"

#include "view/canvas.h"
#include "view/palette.h"

#include <math.h>

#define NODES 14 // grabbed along a contour

// Everything that scales with the picture is made for panes of 600 pixels.
typedef struct {
    const HpSliceView *view;
    const HpSliceFrame *frame;
    cairo_t *cairo;
    double width, height;
    double unit;
} Marks;

static void node(const Marks *marks, double x, double y, const uint8_t colour[3])
{
    static const uint8_t rim[3] = {20, 20, 22};
    cairo_new_path(marks->cairo);
    cairo_arc(marks->cairo, x, y, 5 * marks->unit, 0, 2 * G_PI);
    hp_canvas_set_colour(marks->cairo, rim, 1);
    cairo_fill(marks->cairo);
    cairo_arc(marks->cairo, x, y, 3.5 * marks->unit, 0, 2 * G_PI);
    hp_canvas_set_colour(marks->cairo, colour, 1);
    cairo_fill(marks->cairo);
}

static void draw_curve(const Marks *marks, const HpContour *contour, const HpSliceCurves *curves)
{
    cairo_t *cairo = marks->cairo;
    double x, y;
    cairo_new_path(cairo);
    for (int at = 0; at < contour->count; at++) {
        hp_slice_frame_from_mm(marks->frame, &marks->view->volume->grid, contour->mm[at], &x, &y);
        cairo_line_to(cairo, x, y);
    }
    cairo_close_path(cairo);
    const double dash[2] = {7 * marks->unit, 5 * marks->unit};
    cairo_set_dash(cairo, dash, curves->dashed ? 2 : 0, 0);
    cairo_set_line_join(cairo, CAIRO_LINE_JOIN_ROUND);
    cairo_set_line_width(cairo, curves->width);
    hp_canvas_set_colour(cairo, curves->colour, 1);
    cairo_stroke(cairo);
    cairo_set_dash(cairo, NULL, 0, 0);
    for (int at = 0; curves->nodes && at < MIN(NODES, contour->count); at++) {
        const int point = (int)((gint64)at * contour->count / MIN(NODES, contour->count));
        hp_slice_frame_from_mm(marks->frame, &marks->view->volume->grid, contour->mm[point], &x,
                               &y);
        node(marks, x, y, curves->colour);
    }
}

static void draw_curves(const Marks *marks)
{
    for (int kind = 0; kind < marks->view->curves_count; kind++) {
        const HpSliceCurves *curves = &marks->view->curves[kind];
        for (guint at = 0; at < curves->contours->len; at++) {
            const HpContour *contour = curves->contours->pdata[at];
            if (contour->plane == marks->view->plane && contour->slice == marks->view->slice &&
                contour->count > 1)
                draw_curve(marks, contour, curves);
        }
    }
}

static void line(const Marks *marks, double x0, double y0, double x1, double y1,
                 const uint8_t colour[3], double alpha)
{
    cairo_new_path(marks->cairo);
    cairo_move_to(marks->cairo, x0, y0);
    cairo_line_to(marks->cairo, x1, y1);
    cairo_set_line_width(marks->cairo, fmax(1, marks->unit));
    hp_canvas_set_colour(marks->cairo, colour, alpha);
    cairo_stroke(marks->cairo);
}

// Each line is where another plane cuts this one, in that plane's colour.
static void draw_cross(const Marks *marks)
{
    static const HpPlane others[HP_PLANE_COUNT][2] = {
        // whose line is upright, whose lies
        [HP_PLANE_AXIAL] = {HP_PLANE_SAGITTAL, HP_PLANE_CORONAL},
        [HP_PLANE_CORONAL] = {HP_PLANE_SAGITTAL, HP_PLANE_AXIAL},
        [HP_PLANE_SAGITTAL] = {HP_PLANE_CORONAL, HP_PLANE_AXIAL}};
    double x, y;
    hp_slice_frame_from_mm(marks->frame, &marks->view->volume->grid, marks->view->cross_mm, &x, &y);
    x = floor(x) + 0.5; // a line of one pixel, not of two grey ones
    y = floor(y) + 0.5;
    const HpPlane *other = others[marks->view->plane];
    line(marks, x, 0, x, marks->height, hp_palette_plane(other[0]), 0.75);
    line(marks, 0, y, marks->width, y, hp_palette_plane(other[1]), 0.75);
}

// Text with its middle at (x, y), or its left edge there; dark around, so that it reads on bone.
static void text(const Marks *marks, const char *words, double x, double y, double size, bool left,
                 const uint8_t colour[3])
{
    static const uint8_t dark[3] = {0, 0, 0};
    cairo_t *cairo = marks->cairo;
    cairo_text_extents_t extents;
    cairo_select_font_face(cairo, "Inter, Cantarell, Noto Sans, DejaVu Sans, sans-serif",
                           CAIRO_FONT_SLANT_NORMAL, CAIRO_FONT_WEIGHT_BOLD);
    cairo_set_font_size(cairo, size * marks->unit);
    cairo_text_extents(cairo, words, &extents);
    cairo_new_path(cairo);
    cairo_move_to(cairo, left ? x : x - extents.x_bearing - extents.width / 2,
                  y - extents.y_bearing - extents.height / 2);
    cairo_text_path(cairo, words);
    cairo_set_line_join(cairo, CAIRO_LINE_JOIN_ROUND);
    cairo_set_line_width(cairo, 3 * marks->unit);
    hp_canvas_set_colour(cairo, dark, 0.5);
    cairo_stroke_preserve(cairo);
    hp_canvas_set_colour(cairo, colour, 1);
    cairo_fill(cairo);
}

static void draw_letters(const Marks *marks)
{
    char letters[4];
    const double edge = 22 * marks->unit;
    hp_slice_frame_letters(marks->frame, &marks->view->volume->grid, letters);
    const double place[4][2] = {{edge, marks->height / 2},
                                {marks->width - edge, marks->height / 2},
                                {marks->width / 2, edge},
                                {marks->width / 2, marks->height - edge}};
    for (int at = 0; at < 4; at++)
        text(marks, (const char[2]){letters[at], '\0'}, place[at][0], place[at][1], 17, false,
             hp_palette_text);
}

// The longest of 1, 2, 5, 10 cm that takes at most a fifth of the width.
static void draw_scale(const Marks *marks)
{
    static const int centimetres[] = {10, 5, 2, 1};
    for (size_t at = 0; at < G_N_ELEMENTS(centimetres); at++) {
        const double length = centimetres[at] * 10 * marks->frame->pixels_per_mm;
        if (length > marks->width / 5 && at + 1 < G_N_ELEMENTS(centimetres))
            continue;
        char words[16];
        g_snprintf(words, sizeof words, "%d cm", centimetres[at]);
        const double right = marks->width - 22 * marks->unit, y = marks->height - 22 * marks->unit;
        cairo_new_path(marks->cairo);
        cairo_move_to(marks->cairo, right - length, y);
        cairo_line_to(marks->cairo, right, y);
        cairo_set_line_width(marks->cairo, 2.5 * marks->unit);
        hp_canvas_set_colour(marks->cairo, hp_palette_text, 1);
        cairo_stroke(marks->cairo);
        text(marks, words, right - length / 2, y - 13 * marks->unit, 14, false, hp_palette_text);
        return;
    }
}

static void draw_title(const Marks *marks)
{
    static const char *const names[HP_PLANE_COUNT] = {"Axial", "Coronal", "Sagittal"};
    const uint8_t *colour = hp_palette_plane(marks->view->plane);
    const char *name = marks->view->name != NULL ? marks->view->name : names[marks->view->plane];
    char words[64];
    g_snprintf(words, sizeof words, "%s %d", name,
               hp_slice_frame_number(marks->frame, &marks->view->volume->grid));
    cairo_rectangle(marks->cairo, 0, 0, marks->width, 3 * marks->unit);
    hp_canvas_set_colour(marks->cairo, colour, 1);
    cairo_fill(marks->cairo);
    text(marks, words, 16 * marks->unit, 22 * marks->unit, 16, true, colour);
}

double hp_slice_marks_unit(double width, double height)
{
    return CLAMP(MIN(width, height) / 600, 0.5, 4);
}

void hp_slice_draw_marks(const HpSliceView *view, const HpSliceFrame *frame, cairo_t *cairo,
                         double width, double height, double unit)
{
    const Marks marks = {.view = view,
                         .frame = frame,
                         .cairo = cairo,
                         .width = width,
                         .height = height,
                         .unit = unit};
    draw_curves(&marks);
    if (view->cross_mm != NULL)
        draw_cross(&marks);
    if (view->letters)
        draw_letters(&marks);
    if (view->scale_bar)
        draw_scale(&marks);
    if (view->title)
        draw_title(&marks);
}
