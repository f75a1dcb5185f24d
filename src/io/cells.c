// SPDX-License-Identifier: Apache-2.0
// Turns the stored samples of a frame into values: bits cut out, sign extended, rescaled.
#include "io/cells.h"

#include <math.h>
#include <string.h>

#include "core/kernel.h"

#define CHUNK 4096 // samples; the chunk and its source stay in the first-level cache

HpCellRange hp_cell_range_none(void)
{
    return (HpCellRange){INFINITY, -INFINITY, 0};
}

void hp_cell_range_join(HpCellRange *range, const HpCellRange *other)
{
    range->low = MIN(range->low, other->low);
    range->high = MAX(range->high, other->high);
    range->beyond += other->beyond;
}

// ---- stored values -----------------------------------------------------------------------------

static void swap_words(const uint8_t *cells, size_t count, uint16_t *out)
{
    for (size_t n = 0; n < count; n++)
        out[n] = (uint16_t)(cells[2 * n] << 8 | cells[2 * n + 1]);
}

// Cells of 16 bits: left-align the stored bits, then shift them down with or without the sign.
HP_KERNEL static void unpack_words(const uint16_t *cells, size_t count, int up, int down,
                                   bool is_signed, int32_t *out)
{
    if (is_signed)
        for (size_t n = 0; n < count; n++)
            out[n] = (int16_t)(uint16_t)(cells[n] << up) >> down;
    else
        for (size_t n = 0; n < count; n++)
            out[n] = (uint16_t)(cells[n] << up) >> down;
}

// Cells of 8 bits; in big endian words (OW) each pair of them is turned.
static void unpack_bytes(const uint8_t *cells, size_t count, int up, int down, bool is_signed,
                         bool is_turned, int32_t *out)
{
    for (size_t n = 0; n < count; n++) {
        const uint8_t high = (uint8_t)(cells[is_turned ? n ^ 1 : n] << up);
        out[n] = is_signed ? (int8_t)high >> down : high >> down;
    }
}

// `count` stored values of 8- or 16-bit cells from sample `begin` on.
static void unpack(const HpDicomImage *image, const void *cells, bool is_big_endian, size_t begin,
                   size_t count, int32_t *out)
{
    const int up = image->bits_allocated - 1 - image->high_bit;
    const int down = image->bits_allocated - image->bits_stored;
    if (image->bits_allocated == 8) {
        unpack_bytes((const uint8_t *)cells + begin, count, up, down, image->is_signed,
                     is_big_endian, out);
        return;
    }
    uint16_t words[CHUNK];
    const uint8_t *from = (const uint8_t *)cells + begin * 2;
    if (is_big_endian)
        swap_words(from, count, words);
    else
        memcpy(words, from, count * 2);
    unpack_words(words, count, up, down, image->is_signed, out);
}

static void unpack_wide(const HpDicomImage *image, const void *cells, bool is_big_endian,
                        size_t begin, size_t count, double *out)
{
    const int up = image->bits_allocated - 1 - image->high_bit;
    const int down = image->bits_allocated - image->bits_stored;
    for (size_t n = 0; n < count; n++) {
        const uint8_t *at = (const uint8_t *)cells + (begin + n) * 4;
        const uint32_t cell =
            is_big_endian
                ? (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3]
                : (uint32_t)at[3] << 24 | (uint32_t)at[2] << 16 | (uint32_t)at[1] << 8 | at[0];
        const uint32_t high = cell << up;
        out[n] = image->is_signed ? (double)((int32_t)high >> down) : (double)(high >> down);
    }
}

// ---- values ------------------------------------------------------------------------------------

typedef struct {
    bool is_whole; // slope 1 and a whole intercept: no rounding
    int32_t shift; // the intercept then
    double slope, intercept;
    bool has_padding;
    double padding_low, padding_high; // stored values
    double padding_value;             // what padding becomes
    bool keeps_padding;
} Rescale;

static Rescale rescale_of(const HpDicomImage *image, const HpDicomFrame *frame, bool keeps_padding)
{
    return (Rescale){
        .is_whole = frame->slope == 1 && frame->intercept == rint(frame->intercept) &&
                    fabs(frame->intercept) < 1e8 && image->bits_allocated <= 16,
        .shift = fabs(frame->intercept) < 1e8 ? (int32_t)frame->intercept : 0,
        .slope = frame->slope,
        .intercept = frame->intercept,
        .has_padding = image->has_padding != 0,
        .padding_low = (double)image->padding_low,
        .padding_high = (double)image->padding_high,
        .padding_value = strcmp(image->modality, "CT") == 0 ? HP_PADDING_HU : 0,
        .keeps_padding = keeps_padding,
    };
}

// Rescales in place and widens the range: the plain case of CT, in whole numbers.
HP_KERNEL static void shift_whole(int32_t *stored, size_t count, int32_t shift, int32_t *low,
                                  int32_t *high)
{
    int32_t least = *low, most = *high;
    for (size_t n = 0; n < count; n++) {
        const int32_t value = stored[n] + shift;
        stored[n] = value;
        least = MIN(least, value);
        most = MAX(most, value);
    }
    *low = least;
    *high = most;
}

static void rescale_any(const Rescale *rescale, const double *stored, size_t count, double *out,
                        HpCellRange *range)
{
    for (size_t n = 0; n < count; n++) {
        const double value = stored[n] * rescale->slope + rescale->intercept;
        const bool is_padding = rescale->has_padding && stored[n] >= rescale->padding_low &&
                                stored[n] <= rescale->padding_high;
        out[n] = is_padding && !rescale->keeps_padding ? rescale->padding_value : value;
        if (!is_padding) {
            range->low = MIN(range->low, value);
            range->high = MAX(range->high, value);
            range->beyond += rint(value) < -32768 || rint(value) > 32767;
        }
    }
}

static size_t count_beyond(const int32_t *values, size_t count)
{
    size_t beyond = 0;
    for (size_t n = 0; n < count; n++)
        beyond += values[n] < -32768 || values[n] > 32767;
    return beyond;
}

// One chunk of rescaled values: whole ones to `whole` (returns true), else to `real`.
static bool read_chunk(const HpDicomImage *image, const Rescale *rescale, const void *cells,
                       bool is_big_endian, size_t begin, size_t count, int32_t *whole, double *real,
                       HpCellRange *range)
{
    if (rescale->is_whole && !rescale->has_padding) {
        int32_t low = G_MAXINT32, high = G_MININT32;
        unpack(image, cells, is_big_endian, begin, count, whole);
        shift_whole(whole, count, rescale->shift, &low, &high);
        range->low = MIN(range->low, low);
        range->high = MAX(range->high, high);
        if (low < -32768 || high > 32767)
            range->beyond += count_beyond(whole, count);
        return true;
    }
    double stored[CHUNK];
    if (image->bits_allocated == 32) {
        unpack_wide(image, cells, is_big_endian, begin, count, stored);
    } else {
        unpack(image, cells, is_big_endian, begin, count, whole);
        for (size_t n = 0; n < count; n++)
            stored[n] = whole[n];
    }
    rescale_any(rescale, stored, count, real, range);
    return false;
}

HP_KERNEL static void narrow_whole(const int32_t *values, size_t count, int16_t *out)
{
    for (size_t n = 0; n < count; n++)
        out[n] = (int16_t)CLAMP(values[n], -32768, 32767);
}

// What values are written as, and where.
typedef struct {
    int16_t *hu;
    float *value;
    int32_t *stored;
} Out;

static void put_real(const Out *out, size_t at, const double *real, size_t count)
{
    for (size_t n = 0; n < count && out->hu != NULL; n++)
        out->hu[at + n] = (int16_t)CLAMP(rint(real[n]), -32768, 32767);
    for (size_t n = 0; n < count && out->value != NULL; n++)
        out->value[at + n] = (float)real[n];
    for (size_t n = 0; n < count && out->stored != NULL; n++)
        out->stored[at + n] = (int32_t)CLAMP(rint(real[n]), (double)G_MININT32, (double)G_MAXINT32);
}

static void put_whole(const Out *out, size_t at, const int32_t *whole, size_t count)
{
    if (out->hu != NULL)
        narrow_whole(whole, count, out->hu + at);
    for (size_t n = 0; n < count && out->value != NULL; n++)
        out->value[at + n] = (float)whole[n];
    if (out->stored != NULL)
        memcpy(out->stored + at, whole, count * sizeof *whole);
}

static void convert(const HpDicomImage *image, const HpDicomFrame *frame, const void *cells,
                    bool is_big_endian, const Out *out, HpCellRange *range)
{
    const Rescale rescale = rescale_of(image, frame, out->stored != NULL);
    const size_t total = (size_t)image->columns * (size_t)image->rows;
    int32_t whole[CHUNK];
    double real[CHUNK];
    for (size_t at = 0; at < total; at += CHUNK) {
        const size_t count = MIN(total - at, (size_t)CHUNK);
        if (read_chunk(image, &rescale, cells, is_big_endian, at, count, whole, real, range))
            put_whole(out, at, whole, count);
        else
            put_real(out, at, real, count);
    }
}

void hp_cells_to_int16(const HpDicomImage *image, const HpDicomFrame *frame, const void *cells,
                       bool is_big_endian, int16_t *out, HpCellRange *range)
{
    convert(image, frame, cells, is_big_endian, &(Out){.hu = out}, range);
}

void hp_cells_to_float(const HpDicomImage *image, const HpDicomFrame *frame, const void *cells,
                       bool is_big_endian, float *out, HpCellRange *range)
{
    convert(image, frame, cells, is_big_endian, &(Out){.value = out}, range);
}

void hp_cells_to_int32(const HpDicomImage *image, const HpDicomFrame *frame, const void *cells,
                       bool is_big_endian, int32_t *out, HpCellRange *range)
{
    convert(image, frame, cells, is_big_endian, &(Out){.stored = out}, range);
}
