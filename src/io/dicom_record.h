// SPDX-License-Identifier: Apache-2.0
// What is known of one DICOM image and its frames: plain records that cross from child to parent.
//
// They are copied as bytes through shared memory, so they hold no pointer. Texts are UTF-8 and end
// in '\0'. A number that the file does not give, or gives unreadably, is NAN.
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

G_BEGIN_DECLS

typedef enum {
    HP_SYNTAX_NATIVE, // samples as they are
    HP_SYNTAX_RLE,
    HP_SYNTAX_JPEG,    // every process of 10918-1, lossy or lossless
    HP_SYNTAX_JPEG_LS, // lossless or near
    HP_SYNTAX_J2K,     // JPEG 2000 and HTJ2K
} HpSyntaxKind;

// What is odd about an image, to be said in the warnings of its series.
typedef enum {
    HP_ODD_SPACING = 1 << 0,     // PixelSpacing absent or unusable: 1 mm is used
    HP_ODD_ORIENTATION = 1 << 1, // orientation unusable: axial is used
    HP_ODD_SKEW = 1 << 2,        // row and column not perpendicular: squared up
    HP_ODD_POSITION = 1 << 3,    // a position is there but unusable
    HP_ODD_FRAMES = 1 << 4,      // fewer frames declared than present
    HP_ODD_PHOTOMETRIC = 1 << 5, // PhotometricInterpretation absent: MONOCHROME2 is used
    HP_ODD_ENCODING = 1 << 6,    // encoded otherwise than declared
    HP_ODD_SIGN = 1 << 7,        // codestream signed, header not
    HP_ODD_LUT = 1 << 8,         // a broken Modality LUT was ignored
    HP_ODD_TIME = 1 << 9,        // frames are moments, not places
    HP_ODD_PER_FRAME = 1 << 10,  // fewer per-frame items than frames
    HP_ODD_CODESTREAM = 1 << 11, // its size was written over, that of its tile is used
    HP_ODD_UNSCALED = 1 << 13,   // neither slope nor intercept is given
    HP_ODD_SLOPE = 1 << 12,      // RescaleSlope present but empty: 1 is used
} HpOdd;

typedef struct {
    char series_uid[72];
    char sop_uid[72];
    char sop_class[72];
    char modality[24];
    char description[256];
    char study_description[256];
    char kernel[72];
    char phase[136]; // contrast agent or acquisition, as found
    char date[16];   // acquisition, else series, else study: YYYYMMDD

    char syntax_uid[72];
    int32_t syntax; // HpSyntaxKind
    int32_t is_deflated;
    int32_t is_big_endian;   // of native samples
    int32_t is_lossy_syntax; // the syntax allows loss
    uint64_t pixel_offset;   // first sample, or first item when encapsulated, in the file or
                             // the inflated data set
    uint64_t pixel_length;   // native: bytes of samples present
    int32_t columns, rows, frames;
    int32_t bits_allocated, bits_stored, high_bit, is_signed;
    int32_t is_monochrome1;
    int32_t has_padding;
    int64_t padding_low, padding_high; // stored values
    int32_t is_localizer;
    int32_t odd; // HpOdd

    int32_t series_number, acquisition_number, instance_number;
    double thickness_mm, spacing_between_mm, slice_location_mm, time;
} HpDicomImage;

typedef struct {
    double position_mm[3]; // NAN in [0]: none
    double orientation[6]; // row then column, orthonormal; NAN in [0]: none
    double spacing_mm[2];  // along columns (x), along rows (y); NAN in [0]: none
    double thickness_mm, spacing_between_mm;
    double slope, intercept;
    double time; // temporal position or trigger, for splitting phases
} HpDicomFrame;

// Bytes of one sample and of one frame of samples.
static inline size_t hp_dicom_cell_bytes(const HpDicomImage *image)
{
    return (size_t)image->bits_allocated / 8;
}

static inline size_t hp_dicom_frame_bytes(const HpDicomImage *image)
{
    return (size_t)image->columns * (size_t)image->rows * hp_dicom_cell_bytes(image);
}

G_END_DECLS
