// SPDX-License-Identifier: Apache-2.0
// Gets the samples of one frame out of a DICOM file, whatever it is packed in.
//
// Runs in the decoding child (io/child.h).
#pragma once

#include "io/dicom_file.h"

G_BEGIN_DECLS

// Where the frames of a compressed file lie; made once for all frames of it.
typedef struct {
    GArray *fragments; // of HpFragment, in file order
    GArray *first;     // of guint: index of a frame's first fragment, frames + 1 of them
} HpFrameIndex;

typedef struct {
    size_t offset, size; // in the data set
} HpFragment;

// Finds fragments and frames; does nothing for plain samples. Fails with HP_ERROR_BAD_FILE if the
// fragments do not make as many frames as the header says.
bool hp_frame_index(HpFrameIndex *index, const HpDicomFile *file, GError **error);
void hp_frame_index_clear(HpFrameIndex *index);

// Compares the header of a frame's codestream with that of the file: what must be known before a
// decoder is let near it. Adds to `*odd`.
bool hp_frame_check(const HpFrameIndex *index, const HpDicomFile *file, int frame, int *odd,
                    GError **error);

// Writes hp_dicom_frame_bytes() bytes to `cells`: plain samples in the byte order of the file,
// decoded ones in that of the machine. HP_ERROR_BAD_FILE, HP_ERROR_NO_MEMORY.
bool hp_frame_decode(const HpFrameIndex *index, const HpDicomFile *file, int frame, void *cells,
                     GError **error);

G_END_DECLS
