// SPDX-License-Identifier: Apache-2.0
// A picture in memory: 8-bit sRGB, rows from the top.
#include "view/picture.h"

#include "core/error.h"

#include <string.h>

HpPicture *hp_picture_new(int width, int height, GError **error)
{
    g_assert(width >= 1 && width <= 32767 && height >= 1 && height <= 32767);
    uint8_t *rgb = hp_try_alloc((size_t)width * height, 3, "a picture", error);
    if (rgb == NULL)
        return NULL;
    HpPicture *picture = g_new(HpPicture, 1);
    *picture = (HpPicture){width, height, rgb};
    return picture;
}

void hp_picture_free(HpPicture *picture)
{
    if (picture == NULL)
        return;
    g_free(picture->rgb);
    g_free(picture);
}

void hp_picture_blend(uint8_t *pixel, const uint8_t colour[3], float alpha)
{
    for (int part = 0; part < 3; part++)
        pixel[part] = (uint8_t)((float)pixel[part] +
                                alpha * ((float)colour[part] - (float)pixel[part]) + 0.5f);
}

void hp_picture_fill(HpPicture *picture, int x, int y, int width, int height,
                     const uint8_t colour[3])
{
    const int right = MIN(x + width, picture->width), bottom = MIN(y + height, picture->height);
    for (int row = MAX(y, 0); row < bottom; row++)
        for (int column = MAX(x, 0); column < right; column++)
            memcpy(hp_picture_at(picture, column, row), colour, 3);
}

void hp_picture_place(HpPicture *picture, const HpPicture *other, int x, int y)
{
    const int left = MAX(x, 0), right = MIN(x + other->width, picture->width);
    if (left >= right)
        return;
    for (int row = MAX(y, 0); row < MIN(y + other->height, picture->height); row++)
        memcpy(hp_picture_at(picture, left, row), hp_picture_at(other, left - x, row - y),
               3 * (size_t)(right - left));
}

void hp_picture_to_rgb24(const HpPicture *picture, uint8_t *data, int stride)
{
    for (int y = 0; y < picture->height; y++) {
        uint32_t *row = (uint32_t *)(data + (size_t)y * stride);
        const uint8_t *rgb = hp_picture_at(picture, 0, y);
        for (int x = 0; x < picture->width; x++, rgb += 3)
            row[x] = (uint32_t)rgb[0] << 16 | (uint32_t)rgb[1] << 8 | rgb[2];
    }
}
