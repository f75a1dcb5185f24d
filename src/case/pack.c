// SPDX-License-Identifier: Apache-2.0
// Grids and contours as bytes to keep, and bytes made smaller: the same values are the same bytes.
#include "case/pack.h"

#include <gio/gio.h>
#include <math.h>
#include <stdint.h>
#include <string.h>

#define GRID_NUMBERS 18
#define HEAD_NUMBERS 3 // of a contour: plane, slice, points

static void put(GByteArray *bytes, double value)
{
    guint64 bits;
    memcpy(&bits, &value, sizeof bits);
    bits = GUINT64_TO_LE(bits);
    g_byte_array_append(bytes, (const guint8 *)&bits, sizeof bits);
}

// Number `at` of bytes that hold it.
static double get(const guint8 *bytes, size_t at)
{
    guint64 bits;
    double value;
    memcpy(&bits, bytes + at * sizeof bits, sizeof bits);
    bits = GUINT64_FROM_LE(bits);
    memcpy(&value, &bits, sizeof value);
    return value;
}

// The whole number `at`, if it is one from `low` to `high`.
static bool get_int(const guint8 *bytes, size_t at, int low, int high, int *number)
{
    const double value = get(bytes, at);
    if (!(value >= low && value <= high) || value != floor(value))
        return false;
    *number = (int)value;
    return true;
}

GBytes *hp_pack_grid(const HpGrid *grid)
{
    GByteArray *bytes = g_byte_array_new();
    for (int at = 0; at < 3; at++)
        put(bytes, grid->size[at]);
    for (int at = 0; at < 3; at++)
        put(bytes, grid->spacing_mm[at]);
    for (int at = 0; at < 3; at++)
        put(bytes, grid->origin_mm[at]);
    for (int at = 0; at < 9; at++)
        put(bytes, grid->directions[at]);
    return g_byte_array_free_to_bytes(bytes);
}

bool hp_unpack_grid(GBytes *bytes, HpGrid *grid)
{
    gsize size;
    const guint8 *from = g_bytes_get_data(bytes, &size);
    if (size != GRID_NUMBERS * sizeof(double))
        return false;
    for (int at = 0; at < 3; at++) {
        if (!get_int(from, at, 1, 1 << 20, &grid->size[at]))
            return false;
        grid->spacing_mm[at] = get(from, 3 + at);
        grid->origin_mm[at] = get(from, 6 + at);
    }
    for (int at = 0; at < 9; at++)
        grid->directions[at] = get(from, 9 + at);
    return hp_grid_validate(grid, NULL);
}

GBytes *hp_pack_contours(const GPtrArray *contours)
{
    GByteArray *bytes = g_byte_array_new();
    for (guint at = 0; at < contours->len; at++) {
        const HpContour *contour = contours->pdata[at];
        put(bytes, contour->plane);
        put(bytes, contour->slice);
        put(bytes, contour->count);
        for (int point = 0; point < contour->count; point++)
            for (int axis = 0; axis < 3; axis++)
                put(bytes, contour->mm[point][axis]);
    }
    return g_byte_array_free_to_bytes(bytes);
}

GPtrArray *hp_unpack_contours(GBytes *bytes)
{
    gsize size;
    const guint8 *from = g_bytes_get_data(bytes, &size);
    const size_t numbers = size / sizeof(double);
    g_autoptr(GPtrArray) contours = hp_contours_new();
    for (size_t at = 0; at < numbers;) {
        int plane, slice, count;
        if (numbers - at < HEAD_NUMBERS || !get_int(from, at, 0, HP_PLANE_COUNT - 1, &plane) ||
            !get_int(from, at + 1, -1, 1 << 20, &slice) ||
            !get_int(from, at + 2, 0, 1 << 20, &count) ||
            (numbers - at - HEAD_NUMBERS) / 3 < (size_t)count)
            return NULL;
        at += HEAD_NUMBERS;
        HpContour *contour = hp_contour_new((HpPlane)plane, slice, count);
        g_ptr_array_add(contours, contour);
        for (int point = 0; point < count; point++)
            for (int axis = 0; axis < 3; axis++)
                contour->mm[point][axis] = get(from, at++);
    }
    return size % sizeof(double) == 0 ? g_steal_pointer(&contours) : NULL;
}

// All that `converter` makes of the bytes, up to `most`; NULL if they are not its input.
static GBytes *convert(GConverter *converter, const void *bytes, size_t size, size_t most)
{
    g_autoptr(GByteArray) out = g_byte_array_new();
    guint8 piece[16384];
    const guint8 *from = bytes;
    for (;;) {
        gsize read = 0, written = 0;
        const GConverterResult result =
            g_converter_convert(converter, from, size, piece, sizeof piece,
                                G_CONVERTER_INPUT_AT_END, &read, &written, NULL);
        if (result == G_CONVERTER_ERROR || out->len + written > most)
            return NULL;
        g_byte_array_append(out, piece, (guint)written);
        from += read;
        size -= read;
        if (result == G_CONVERTER_FINISHED)
            return size == 0 ? g_byte_array_free_to_bytes(g_steal_pointer(&out)) : NULL;
    }
}

GBytes *hp_pack_deflate(const void *bytes, size_t size)
{
    g_autoptr(GZlibCompressor) zlib = g_zlib_compressor_new(G_ZLIB_COMPRESSOR_FORMAT_ZLIB, 6);
    return convert(G_CONVERTER(zlib), bytes, size, SIZE_MAX);
}

GBytes *hp_pack_inflate(const void *bytes, size_t size, size_t most)
{
    g_autoptr(GZlibDecompressor) zlib = g_zlib_decompressor_new(G_ZLIB_COMPRESSOR_FORMAT_ZLIB);
    return convert(G_CONVERTER(zlib), bytes, size, most);
}
