// SPDX-License-Identifier: Apache-2.0
// How what tools draw looks: one pen for lines, one for the discs that are grabbed, one for words.
#include "app/tools/ink.h"

#include <math.h>

#define PLATE_PX 5.0 // of dark round words

static void set_colour(cairo_t *cairo, const uint8_t colour[3])
{
    cairo_set_source_rgb(cairo, colour[0] / 255.0, colour[1] / 255.0, colour[2] / 255.0);
}

void hp_ink_trace(const HpToolEvent *slice, const HpContour *contour, cairo_t *cairo)
{
    cairo_new_path(cairo);
    for (int at = 0; at < contour->count; at++) {
        double x, y;
        hp_slice_frame_from_mm(&slice->frame, slice->grid, contour->mm[at], &x, &y);
        cairo_line_to(cairo, x, y);
    }
    cairo_close_path(cairo);
}

void hp_ink_stroke(cairo_t *cairo, const uint8_t colour[3], double width)
{
    cairo_set_line_join(cairo, CAIRO_LINE_JOIN_ROUND);
    cairo_set_line_cap(cairo, CAIRO_LINE_CAP_ROUND);
    cairo_set_line_width(cairo, width + 2);
    cairo_set_source_rgba(cairo, 0, 0, 0, 0.45);
    cairo_stroke_preserve(cairo);
    cairo_set_line_width(cairo, width);
    set_colour(cairo, colour);
    cairo_stroke(cairo);
}

void hp_ink_node(cairo_t *cairo, double x, double y, const uint8_t colour[3], bool is_lit)
{
    const double radius = is_lit ? 5.5 : 3.5;
    cairo_new_path(cairo);
    cairo_arc(cairo, x, y, radius + 1.5, 0, 2 * G_PI);
    cairo_set_source_rgb(cairo, 0.08, 0.08, 0.09);
    cairo_fill(cairo);
    cairo_arc(cairo, x, y, radius, 0, 2 * G_PI);
    set_colour(cairo, colour);
    cairo_fill(cairo);
}

void hp_ink_words(const HpToolEvent *slice, cairo_t *cairo, double x, double y,
                  const uint8_t colour[3], const char *words)
{
    g_autoptr(PangoLayout) layout = gtk_widget_create_pango_layout(slice->pane, words);
    g_autoptr(PangoAttrList) attributes = pango_attr_list_new();
    pango_attr_list_insert(attributes, pango_attr_scale_new(PANGO_SCALE_SMALL));
    pango_attr_list_insert(attributes, pango_attr_font_features_new("tnum=1"));
    pango_layout_set_attributes(layout, attributes);
    int width, height;
    pango_layout_get_pixel_size(layout, &width, &height);
    const double most_x = gtk_widget_get_width(slice->pane) - width - 2 * PLATE_PX;
    const double most_y = gtk_widget_get_height(slice->pane) - height - 2 * PLATE_PX;
    const double left = round(CLAMP(x, 0, MAX(most_x, 0)));
    const double top = round(CLAMP(y, 0, MAX(most_y, 0)));
    cairo_new_path(cairo);
    cairo_rectangle(cairo, left, top, width + 2 * PLATE_PX, height + 2 * PLATE_PX);
    cairo_set_source_rgba(cairo, 0, 0, 0, 0.62);
    cairo_fill(cairo);
    cairo_move_to(cairo, left + PLATE_PX, top + PLATE_PX);
    set_colour(cairo, colour);
    pango_cairo_show_layout(cairo, layout);
}
