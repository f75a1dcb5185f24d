// SPDX-License-Identifier: Apache-2.0
// Decodes one compressed frame with DCMTK: RLE, JPEG and JPEG-LS.
//
// DCMTK is handed a data set made here of checked numbers and the frame's own bytes, so its parser
// and its handling of offset tables and fragments never meet the file. No exception and no type of
// DCMTK leaves the shim.
#pragma once

#include "io/dicom_record.h"

G_BEGIN_DECLS

// Writes hp_dicom_frame_bytes(image) bytes of samples, in the byte order of the machine, to
// `cells`. HP_ERROR_BAD_FILE if the codestream is broken or gives another picture than `image`
// says, HP_ERROR_NO_MEMORY; `cells` is then undefined.
bool hp_dicom_shim_decode(const HpDicomImage *image, const uint8_t *codestream, size_t size,
                          void *cells, GError **error);

G_END_DECLS
