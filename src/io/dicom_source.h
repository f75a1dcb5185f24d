// SPDX-License-Identifier: Apache-2.0
// The DICOM files below a path, with what their headers say.
#pragma once

#include "core/task.h"
#include "io/child.h"

G_BEGIN_DECLS

// One file, on disk or inside an unpacked archive.
typedef struct {
    char *name;            // for messages, below the path that was given: the folders above may
                           // hold a patient's name
    char *path;            // to open; NULL inside an archive
    uint64_t offset, size; // in the file, or in the spool
    HpDicomImage image;
    HpDicomFrame *frames; // NULL: refused
    GError *error;        // why; NULL if it is an image or no DICOM at all
} HpDicomSource;

typedef struct {
    GPtrArray *files; // of HpDicomSource, sorted by name
    int spool;        // descriptor of the unpacked archive; -1
    gint refs;
} HpDicomSources;

// Finds and reads the header of every file at or below `path` (see hp_series_find). Files that are
// refused stay in the list with their error. NULL if there is nothing to look at.
HpDicomSources *hp_dicom_sources_find(const char *path, HpChildren *children, HpTask *task,
                                      GError **error);
HpDicomSources *hp_dicom_sources_ref(HpDicomSources *sources);
void hp_dicom_sources_unref(HpDicomSources *sources); // takes NULL
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HpDicomSources, hp_dicom_sources_unref)

// A descriptor to read the file by, -1 on failure with HP_ERROR_IO; hand it back with _close.
int hp_dicom_source_open(const HpDicomSources *sources, const HpDicomSource *file, GError **error);
void hp_dicom_source_close(const HpDicomSources *sources, int fd);

G_END_DECLS
