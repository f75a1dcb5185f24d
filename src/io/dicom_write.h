// SPDX-License-Identifier: Apache-2.0
// Writes a CT as a DICOM series: one explicit little endian file a slice, all or nothing.
//
// The files are CT Image Storage with BitsStored 16, unsigned, slope 1. UIDs are made from
// `identity` and the geometry alone, so the same series is the same bytes whenever it is written.
// Files are called IM0001.dcm ..., in ascending order along the grid's k.
#pragma once

#include "core/task.h"
#include "core/volume.h"

G_BEGIN_DECLS

// What a series says about itself. Strings are UTF-8, at most 64 bytes; NULL leaves the attribute
// empty. Borrowed while the writer lives.
typedef struct {
    const char *identity;     // any text; the same text and geometry give the same UIDs
    const char *patient_name; // "Family^Given"
    const char *patient_id;
    const char *patient_sex; // "M", "F", "O"
    const char *study_description;
    const char *series_description;
    const char *contrast; // agent and phase
    int series_number;
    int lowest_hu; // smallest value that will be written; the rescale intercept. -1024 for CT
    // A tilted gantry moves each slice against the one before it: `drift_mm` along the grid's i and
    // j, added to the step along k. The files then hold a sheared stack, as scanners write it.
    double drift_mm[2];
    double tilt_deg;                          // what GantryDetectorTilt says; 0 if not tilted
    double slice_thickness_mm;                // 0: the spacing of the slices
    double window_centre_hu, window_width_hu; // width 0: none is written
} HpDicomInfo;

// A CT of nobody: identity "hepatica", name "Synthetic^Donor", lowest value -1024, liver window.
HpDicomInfo hp_dicom_info_default(void);

typedef struct HpDicomWriter HpDicomWriter;

// Begins a series in `dir`, which must not exist or be empty; its parent must exist. Nothing is
// seen in `dir` until hp_dicom_writer_finish. Fails with HP_ERROR_IO, with HP_ERROR_BAD_FILE for
// an impossible grid, and with HP_ERROR_UNSUPPORTED for more than 65535 rows or columns.
HpDicomWriter *hp_dicom_writer_new(const HpGrid *grid, const HpDicomInfo *info, const char *dir,
                                   GError **error);

// Writes slice `k`: size[0] * size[1] values, i fastest. Slices may come in any order, from one
// thread at a time. Fails with HP_ERROR_UNSUPPORTED for a value below `lowest_hu` and HP_ERROR_IO.
bool hp_dicom_writer_slice(HpDicomWriter *writer, int k, const int16_t *hu, GError **error);

// Moves the series into place. Fails with HP_ERROR_IO, and with HP_ERROR_NO_RESULT if a slice is
// missing.
bool hp_dicom_writer_finish(HpDicomWriter *writer, GError **error);

// Removes what was written unless the series was finished. Takes NULL.
void hp_dicom_writer_free(HpDicomWriter *writer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HpDicomWriter, hp_dicom_writer_free)

// A whole volume by the calls above; `lowest_hu` of `info` is lowered to the volume's smallest
// value. Also fails with HP_ERROR_CANCELLED.
bool hp_dicom_write_series(const HpVolume *volume, const HpDicomInfo *info, const char *dir,
                           HpTask *task, GError **error);

G_END_DECLS
