// SPDX-License-Identifier: Apache-2.0
// Writes what a case holds as files, and measures what the files hold.
#pragma once

#include "case/document.h"
#include "core/mesh.h"
#include "core/task.h"
#include "io/mesh_axes.h"

G_BEGIN_DECLS

// Writes `mesh` in the format of the name and sets `file_ml` to what the file holds when it is parsed
// again. Fails as hp_mesh_file_write() and hp_mesh_file_read() do.
bool hp_export_mesh(const HpMesh *mesh, const char *path, double *file_ml, HpTask *task,
                    GError **error);

typedef enum {
    HP_EXPORT_OBJ, // with its MTL
    HP_EXPORT_STL,
    HP_EXPORT_PLY,
    HP_EXPORT_NIFTI,  // the mask; of voxels, those whose centre the trim planes keep
    HP_EXPORT_NRRD,   // the same
    HP_EXPORT_REPORT, // a page, and beside it the params that lead to it
    HP_EXPORT_COUNT
} HpExportFormat;

bool hp_export_is_mesh(HpExportFormat format);
bool hp_export_is_mask(HpExportFormat format);

// Puts the pictures of a report into `folder`: PNG files named as in `pictures`.
typedef struct {
    bool (*draw_cb)(const HpSnapshot *snapshot, const char *folder, HpTask *task, GError **error);
    const struct HpExportPicture {
        const char *title, *name;
    } * pictures;
    int count;
} HpExportPictures;

typedef struct {
    HpExportFormat format;
    HpMeshAxes axes; // of a mesh
    const char *folder;
    const char *name;          // without ending
    HpExportPictures pictures; // of a report
} HpExportChoice;

// The names of the files a choice writes, the main one first; g_strfreev().
GStrv hp_export_dup_names(const HpExportChoice *choice);

// Writes them all or none. `file_ml` becomes what the main file holds, read back before it gets its
// name; NAN for a report. Fails with HP_ERROR_IO and HP_ERROR_CANCELLED among others, naming the file.
bool hp_export_write(const HpSnapshot *snapshot, const HpExportChoice *choice, double *file_ml,
                     HpTask *task, GError **error);

// The same on a worker.
typedef struct HpExport HpExport; // a job under way; it ends itself

// `error` is NULL if all went well.
typedef void (*HpExportedCb)(const HpSnapshot *snapshot, double file_ml, const GError *error,
                             gpointer data);

// Takes `snapshot`; what `choice` names is copied, but for the pictures. `exported_cb` is called once, on
// the main thread, and the job is gone after it.
HpExport *hp_export_start(HpSnapshot *snapshot, const HpExportChoice *choice,
                          HpExportedCb exported_cb, gpointer data);
void hp_export_cancel(HpExport *job);
double hp_export_get_fraction(const HpExport *job);

G_END_DECLS
