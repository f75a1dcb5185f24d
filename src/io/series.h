// SPDX-License-Identifier: Apache-2.0
// Finds the image series below a path, describes them, and loads one as a volume.
//
// Finding reads headers only; every file is parsed once, in a child (io/child.h). Names of patients
// are not read at all, so they cannot reach a log or a message.
#pragma once

#include "core/field.h"
#include "core/task.h"
#include "core/volume.h"

G_BEGIN_DECLS

// Counted and read-only. Texts are UTF-8, "" where the files say nothing.
typedef struct {
    char *path; // what it was found in, as given to hp_series_find
    char *uid;
    char *description;
    char *modality; // "CT"
    char *phase;    // contrast agent as written, or "2 of 3" of a series of several volumes
    char *kernel;
    char *date;          // YYYYMMDD
    double thickness_mm; // of a slice; NAN if not given
    int slices;
    HpGrid stored;   // as the files have it: before straightening and filling
    HpGrid grid;     // as it loads
    bool is_even;    // grid and stored are the same
    GStrv warnings;  // what is odd, each "kind: fact"
    gpointer loader; // private to the reader that found it, as is what frees it
    GDestroyNotify loader_free;
    gint refs; // private
} HpSeries;

// For readers: everything empty, one reference. Texts are then set by their owner.
HpSeries *hp_series_new(const char *path);
HpSeries *hp_series_ref(HpSeries *series);
void hp_series_unref(HpSeries *series); // takes NULL
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HpSeries, hp_series_unref)

// Every series below `path`, the one with most slices first; a GPtrArray of HpSeries that unrefs
// them. `path` is a folder (searched with all below it), a DICOM file, a DICOMDIR or an archive
// (zip, tar). Localizers, duplicates and files that are no DICOM are left out; a broken DICOM file
// is left out with a warning on every series.
// NULL with HP_ERROR_BAD_FILE, HP_ERROR_UNSUPPORTED naming the file and the fact if there is none,
// HP_ERROR_IO, HP_ERROR_CANCELLED.
GPtrArray *hp_series_find(const char *path, HpTask *task, GError **error);

// Loads and, where the slices are uneven or sheared, resamples onto series->grid. Values are
// rescaled and rounded; padding reads as air. HP_ERROR_UNSUPPORTED if they do not fit int16 or if
// rounding would destroy them (a PET in units below one): load them as a field then.
// HP_ERROR_BAD_FILE naming the file and the fact, HP_ERROR_IO, _NO_MEMORY, _CANCELLED.
HpVolume *hp_series_load(const HpSeries *series, HpTask *task, GError **error);
HpField *hp_series_load_field(const HpSeries *series, HpTask *task, GError **error);

// One slice of series->grid, as a volume of its own, to look at: values that do not fit are clamped.
// Of a DICOM series; it reads that slice alone, or the two it is resampled from. Fails as
// hp_series_load does otherwise.
HpVolume *hp_series_load_slice(const HpSeries *series, int k, HpTask *task, GError **error);

// What hp_series_measure tells: of the slices as stored, before any resampling.
typedef struct {
    double min, max; // after rescale, padding left out; both NAN if all is padding
    char sha256[65]; // over int32 little-endian of the rescaled values, rounded half to even
} HpSeriesValues;

// Reads all samples without keeping them. Fails as hp_series_load does.
bool hp_series_measure(const HpSeries *series, HpSeriesValues *values, HpTask *task,
                       GError **error);

G_END_DECLS
