// SPDX-License-Identifier: Apache-2.0
// Lets cairo draw on a picture.
#include "view/canvas.h"

// cairo keeps a pixel as 0xXXRRGGBB in the machine's byte order.
cairo_surface_t *hp_canvas_begin(const HpPicture *picture)
{
    cairo_surface_t *surface =
        cairo_image_surface_create(CAIRO_FORMAT_RGB24, picture->width, picture->height);
    uint8_t *data = cairo_image_surface_get_data(surface);
    const int stride = cairo_image_surface_get_stride(surface);
    for (int y = 0; data != NULL && y < picture->height; y++) {
        uint32_t *row = (uint32_t *)(void *)(data + (size_t)y * stride);
        for (int x = 0; x < picture->width; x++) {
            const uint8_t *rgb = hp_picture_at(picture, x, y);
            row[x] = (uint32_t)rgb[0] << 16 | (uint32_t)rgb[1] << 8 | rgb[2];
        }
    }
    cairo_surface_mark_dirty(surface);
    return surface;
}

void hp_canvas_end(cairo_surface_t *surface, HpPicture *picture)
{
    cairo_surface_flush(surface);
    const uint8_t *data = cairo_image_surface_get_data(surface);
    const int stride = cairo_image_surface_get_stride(surface);
    for (int y = 0; data != NULL && y < picture->height; y++) {
        const uint32_t *row = (const uint32_t *)(const void *)(data + (size_t)y * stride);
        for (int x = 0; x < picture->width; x++) {
            uint8_t *rgb = hp_picture_at(picture, x, y);
            rgb[0] = (uint8_t)(row[x] >> 16);
            rgb[1] = (uint8_t)(row[x] >> 8);
            rgb[2] = (uint8_t)row[x];
        }
    }
    cairo_surface_destroy(surface);
}

void hp_canvas_set_colour(cairo_t *cairo, const uint8_t colour[3], double alpha)
{
    cairo_set_source_rgba(cairo, colour[0] / 255.0, colour[1] / 255.0, colour[2] / 255.0, alpha);
}
