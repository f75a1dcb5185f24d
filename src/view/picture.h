// SPDX-License-Identifier: Apache-2.0
// A picture in memory: 8-bit sRGB, rows from the top.
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

G_BEGIN_DECLS

typedef struct {
    int width, height;
    uint8_t *rgb; // owned; 3 a pixel, rows without padding
} HpPicture;

// Black. HP_ERROR_NO_MEMORY; sizes are 1 to 32767.
HpPicture *hp_picture_new(int width, int height, GError **error);
void hp_picture_free(HpPicture *picture); // takes NULL
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HpPicture, hp_picture_free)

// The pixel at (x, y), which lies within.
static inline uint8_t *hp_picture_at(const HpPicture *picture, int x, int y)
{
    return picture->rgb + 3 * ((size_t)y * picture->width + x);
}

// Lays `alpha` (0..1) of a colour over a pixel.
void hp_picture_blend(uint8_t *pixel, const uint8_t colour[3], float alpha);

// Fills a rectangle, cut at the borders.
void hp_picture_fill(HpPicture *picture, int x, int y, int width, int height,
                     const uint8_t colour[3]);

// Copies `other` to (x, y), cut at the borders.
void hp_picture_place(HpPicture *picture, const HpPicture *other, int x, int y);

// Writes the pixels as 32 bits each, 0xRRGGBB in the machine's order, rows `stride` bytes apart: the
// form in which windows take pictures.
void hp_picture_to_rgb24(const HpPicture *picture, uint8_t *data, int stride);

G_END_DECLS
