// SPDX-License-Identifier: Apache-2.0
// Opens a DICOM file: its preamble, transfer syntax and encoding, then its header.
//
// Runs in the decoding child (io/child.h).
#pragma once

#include "io/dicom_record.h"

G_BEGIN_DECLS

typedef struct {
    HpDicomImage image;
    GArray *frames;      // of HpDicomFrame, image.frames of them
    const uint8_t *data; // the data set that image.pixel_offset counts in: the file, or `inflated`
    size_t size;
    uint8_t *inflated; // owned; NULL unless the file is deflated
} HpDicomFile;

// Reads the file of `size` bytes at `bytes`, which must stay until hp_dicom_file_clear().
// HP_ERROR_BAD_FILE for what is broken, HP_ERROR_UNSUPPORTED for what is well-formed but no grey
// picture (colour, no pixels, an unknown transfer syntax). After failure only clear() it.
bool hp_dicom_file_read(HpDicomFile *file, const uint8_t *bytes, size_t size, GError **error);

// Makes `data` valid again for an image that was read before, without reading its header.
bool hp_dicom_file_reopen(HpDicomFile *file, const HpDicomImage *image, const uint8_t *bytes,
                          size_t size, GError **error);

void hp_dicom_file_clear(HpDicomFile *file);

// Calls `file_cb` for each file a DICOMDIR names, as a path with '/' between its parts; false if it
// cannot be read, or is no DICOMDIR (HP_ERROR_BAD_FILE).
typedef void (*HpDicomdirCb)(const char *path, void *data);
bool hp_dicomdir_read(const uint8_t *bytes, size_t size, HpDicomdirCb file_cb, void *data,
                      GError **error);

G_END_DECLS
