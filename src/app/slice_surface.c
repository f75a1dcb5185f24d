// SPDX-License-Identifier: Apache-2.0
// The picture of a slice in the form in which widgets draw it.
#include "app/slice_surface.h"

cairo_surface_t *hp_slice_surface_new(const HpSliceView *view, int width, int height)
{
    g_autoptr(HpPicture) picture = hp_slice_compose(view, width, height, NULL);
    cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, width, height);
    if (picture != NULL)
        hp_picture_to_rgb24(picture, cairo_image_surface_get_data(surface),
                            cairo_image_surface_get_stride(surface));
    cairo_surface_mark_dirty(surface);
    return surface;
}

void hp_slice_surface_draw(cairo_surface_t *surface, cairo_t *cairo, int scale)
{
    cairo_scale(cairo, 1.0 / scale, 1.0 / scale);
    cairo_set_source_surface(cairo, surface, 0, 0);
    cairo_pattern_set_filter(cairo_get_source(cairo), CAIRO_FILTER_NEAREST);
    cairo_paint(cairo);
}
