// SPDX-License-Identifier: Apache-2.0
// Decodes one JPEG 2000 or HTJ2K codestream with OpenJPEG.
#pragma once

#include "io/dicom_record.h"

G_BEGIN_DECLS

// Writes hp_dicom_frame_bytes(image) bytes of samples, in the byte order of the machine, to
// `cells`, each cut to the cell's width. The codestream may be wrapped in a JP2 file.
//
// Before anything is decoded its size, component and tiles are compared with `image` and with the
// bytes present: OpenJPEG would take all memory for a size that lies, and calls an image whole
// whose tiles are missing. HP_ERROR_BAD_FILE; `cells` is then undefined.
bool hp_codec_decode(const HpDicomImage *image, const uint8_t *codestream, size_t size, void *cells,
                     GError **error);

// The same checks alone, on the codestream's header; what is odd but bearable is added to `*odd`
// (HpOdd).
bool hp_codec_check(const HpDicomImage *image, const uint8_t *codestream, size_t size, int *odd,
                    GError **error);

G_END_DECLS
