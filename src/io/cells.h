// SPDX-License-Identifier: Apache-2.0
// Turns the stored samples of a frame into values: bits cut out, sign extended, rescaled.
#pragma once

#include "io/dicom_record.h"

G_BEGIN_DECLS

// Padding inside a CT reads as air; inside anything else as 0.
#define HP_PADDING_HU (-1024)

// What was met so far; start with hp_cell_range_none().
typedef struct {
    double low, high; // of the rescaled values, padding left out; low > high: none
    size_t beyond;    // values that do not fit int16
} HpCellRange;

HpCellRange hp_cell_range_none(void);
void hp_cell_range_join(HpCellRange *range, const HpCellRange *other);

// The three write columns * rows values of `frame`, rescaled, and widen `range`. `is_big_endian` is
// the byte order of `cells`. Rounded half to even; int16 saturates and counts what did.
// Padding is replaced (HP_PADDING_HU) but for int32, which keeps it as stored and rescaled.
void hp_cells_to_int16(const HpDicomImage *image, const HpDicomFrame *frame, const void *cells,
                       bool is_big_endian, int16_t *out, HpCellRange *range);
void hp_cells_to_float(const HpDicomImage *image, const HpDicomFrame *frame, const void *cells,
                       bool is_big_endian, float *out, HpCellRange *range);
void hp_cells_to_int32(const HpDicomImage *image, const HpDicomFrame *frame, const void *cells,
                       bool is_big_endian, int32_t *out, HpCellRange *range);

G_END_DECLS
