// SPDX-License-Identifier: Apache-2.0
// One good synthetic CT slice as a list of elements: a bad case is that slice plus one edit.
//
// The slice has 8 x 6 pixels of 0.8 x 0.7 mm (x, y), 12 bits stored of 16, unsigned, intercept
// -1024; slice k lies at z = 2 k mm, and pixel n (from 0, row by row) holds dicom_stored(n, k).
#pragma once

#include <glib.h>
#include <stddef.h>
#include <stdint.h>

#include "support/folder.h"

#define DICOM_COLUMNS 8
#define DICOM_ROWS 6
#define DICOM_PIXELS (DICOM_COLUMNS * DICOM_ROWS)
#define DICOM_INTERCEPT (-1024)

typedef struct Dicom Dicom;

Dicom *dicom_new(int k);
void dicom_free(Dicom *dicom);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Dicom, dicom_free)

int dicom_stored(int n, int k); // 1000 + 20 n + k

// The edits. `tag` is group << 16 | element; an element that is there is replaced.
void dicom_set_text(Dicom *dicom, uint32_t tag, const char *vr, const char *text);
void dicom_set_number(Dicom *dicom, uint32_t tag, int number); // US
void dicom_set_bytes(Dicom *dicom, uint32_t tag, const char *vr, const void *bytes, size_t size);
void dicom_remove(Dicom *dicom, uint32_t tag);
void dicom_set_place(Dicom *dicom, double x, double y, double z);
// Samples, from a function of the pixel's number.
void dicom_set_pixels(Dicom *dicom, int frames, int (*stored_cb)(int n, int frame));
// Compressed pixel data: `count` fragments after an empty offset table.
typedef struct {
    const uint8_t *bytes;
    size_t size;
} DicomFragment;
void dicom_set_fragments(Dicom *dicom, const char *syntax, const DicomFragment *fragments,
                         int count);

// The pixels of slice 0, compressed by DCMTK and OpenJPEG. "RLE", "JPEG", "JPEG-LS", "J2K".
DicomFragment dicom_fragment(const char *codec);
// The edit that makes the pixels of slice 0 so compressed.
void dicom_compress(Dicom *dicom, const char *codec);

// A sequence of one item with such elements: dicom_set_bytes(outer, tag, "SQ", ...).
GByteArray *dicom_item(const Dicom *inner);
Dicom *dicom_new_empty(void);

// The file, explicit little endian; g_byte_array_unref().
GByteArray *dicom_bytes(const Dicom *dicom);
void dicom_save(const Dicom *dicom, const Folder *folder, const char *name);

// `count` good slices as 0.dcm, 1.dcm, ...; `edit_cb` may be NULL.
void dicom_save_series(const Folder *folder, int count, void (*edit_cb)(Dicom *dicom, int k));
