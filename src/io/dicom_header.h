// SPDX-License-Identifier: Apache-2.0
// Judges what a data set says of its image, and refuses what cannot be a picture in grey.
//
// The bytes may come from anyone: everything is checked against the bytes present before it is
// believed. Runs in the decoding child (io/child.h).
#pragma once

#include "io/dicom_record.h"
#include "io/dicom_walk.h"

G_BEGIN_DECLS

// Reads the data set from byte `start` on into `image`, whose syntax is known already, and
// image->frames of HpDicomFrame into `frames`, which is empty. `odd` is what was odd so far.
// HP_ERROR_BAD_FILE for what is broken, HP_ERROR_UNSUPPORTED for what is well-formed but no grey
// picture (colour, no pixels, another kind of object).
bool hp_dicom_header_read(HpDicomImage *image, GArray *frames, const HpDataSet *set, size_t start,
                          int odd, GError **error);

G_END_DECLS
