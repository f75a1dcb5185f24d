// SPDX-License-Identifier: Apache-2.0
// Gathers the elements of a data set that say something of its image, without judging them.
#pragma once

#include "io/dicom_record.h"
#include "io/dicom_value.h"
#include "io/dicom_walk.h"

G_BEGIN_DECLS

// A file says at most so much of itself.
#define HP_DICOM_MAX_FRAMES 100000

// What the walk gathers, before any of it is judged.
typedef struct {
    HpDicomValue character_set, series_uid, sop_uid, sop_class, modality, description, study,
        kernel, agent;
    HpDicomValue image_type, acquisition_date, series_date, study_date;
    HpDicomValue samples, photometric, rows, columns, frames, allocated, stored, high, sign;
    HpDicomValue padding, padding_limit, slope, intercept, series_number, acquisition, instance;
    HpDicomValue location, trigger, temporal, frame_pointer, lut_descriptor, lut_data;
    bool has_lut_element, has_float_pixels, has_pixels, is_undefined;
    bool has_byte_pixels; // of representation OB, which no byte order touches
    size_t pixel_offset, pixel_present;
    uint64_t pixel_declared;
    HpDicomFrame top, shared;
    GArray *frames_array;
    int odd;
} HpDicomElements;

// A frame of which nothing is known.
HpDicomFrame hp_dicom_frame_unknown(void);

// Walks `set` from byte `start`. What functional groups say of frames goes to `frames` (of
// HpDicomFrame). Fails as hp_data_set_walk does; sets HpOdd of what could not be used.
bool hp_dicom_elements_gather(HpDicomElements *header, const HpDataSet *set, size_t start,
                              GArray *frames, GError **error);

G_END_DECLS
