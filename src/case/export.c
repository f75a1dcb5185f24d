// SPDX-License-Identifier: Apache-2.0
// Writes what a case holds as files, and measures what the files hold.
#include "case/export.h"

#include "case/outputs.h"
#include "case/report.h"
#include "core/error.h"
#include "io/image_file.h"
#include "io/mesh_file.h"
#include "surface/measure.h"

#include <gio/gio.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

static const char *const endings[HP_EXPORT_COUNT][3] = {
    [HP_EXPORT_OBJ] = {".obj", ".mtl"}, [HP_EXPORT_STL] = {".stl"},
    [HP_EXPORT_PLY] = {".ply"},         [HP_EXPORT_NIFTI] = {".nii.gz"},
    [HP_EXPORT_NRRD] = {".nrrd"},       [HP_EXPORT_REPORT] = {".html", ".json"},
};

bool hp_export_is_mesh(HpExportFormat format)
{
    return format <= HP_EXPORT_PLY;
}

bool hp_export_is_mask(HpExportFormat format)
{
    return format == HP_EXPORT_NIFTI || format == HP_EXPORT_NRRD;
}

GStrv hp_export_dup_names(const HpExportChoice *choice)
{
    g_autoptr(GStrvBuilder) names = g_strv_builder_new();
    for (int at = 0; endings[choice->format][at] != NULL; at++) {
        g_autofree char *name = g_strconcat(choice->name, endings[choice->format][at], NULL);
        g_strv_builder_add(names, name);
    }
    return g_strv_builder_end(names);
}

static bool measure_mesh(const char *path, double *file_ml, HpTask *task, GError **error)
{
    g_autoptr(HpMesh) read = hp_mesh_file_read(path, task, error);
    if (read == NULL)
        return false;
    *file_ml = hp_mesh_volume_mm3(read) / 1000;
    return true;
}

bool hp_export_mesh(const HpMesh *mesh, const char *path, double *file_ml, HpTask *task,
                    GError **error)
{
    return hp_mesh_file_write(mesh, path, NULL, task, error) &&
           measure_mesh(path, file_ml, task, error);
}

// A slice of a mask without the voxels whose centre a plane cuts off.
static void trim_slice(HpMask *mask, const int lo[3], const int size[3], const HpCut *cut,
                       uint8_t *labels)
{
    const HpGrid *grid = hp_mask_get_grid(mask);
    double corner[3], height, step[2] = {0, 0};
    hp_grid_to_mm(grid, (double[3]){lo[0], lo[1], lo[2]}, corner);
    height = -cut->d_mm;
    for (int row = 0; row < 3; row++) {
        height += cut->normal[row] * corner[row];
        for (int axis = 0; axis < 2; axis++)
            step[axis] +=
                cut->normal[row] * grid->directions[3 * row + axis] * grid->spacing_mm[axis];
    }
    hp_mask_read_box(mask, lo, size, labels);
    for (int j = 0; j < size[1]; j++)
        for (int i = 0; i < size[0]; i++)
            if (height + i * step[0] + j * step[1] >= 0)
                labels[(size_t)j * size[0] + i] = 0;
    hp_mask_write_box(mask, lo, size, labels);
}

// What the planes keep of a mask, voxel by voxel; the mask itself, with one more reference, if none cuts.
static HpMask *trim_mask(HpMask *mask, const GArray *cuts, GError **error)
{
    int lo[3], hi[3];
    if (cuts->len == 0 || !hp_mask_bounds(mask, 0, lo, hi))
        return hp_mask_ref(mask);
    const int size[3] = {hi[0] - lo[0], hi[1] - lo[1], 1};
    const int first = lo[2];
    g_autofree uint8_t *labels = hp_try_alloc((size_t)size[0] * size[1], 1, "a slice", error);
    if (labels == NULL)
        return NULL;
    HpMask *kept = hp_mask_copy(mask);
    for (guint at = 0; at < cuts->len; at++) {
        const HpCut *cut = &g_array_index(cuts, HpCut, at);
        for (lo[2] = first; lo[2] < hi[2] && !cut->is_off; lo[2]++)
            trim_slice(kept, lo, size, cut, labels);
    }
    return kept;
}

static bool write_mask(const HpSnapshot *snapshot, const char *path, double *file_ml, HpTask *task,
                       GError **error)
{
    g_autoptr(HpMask) kept = trim_mask(snapshot->mask, snapshot->plan->trims, error);
    if (kept == NULL)
        return false;
    hp_task_stage(task, "Writing the mask", 0, 0.6);
    if (!hp_image_file_write_mask(kept, path, task, error))
        return false;
    hp_task_stage(task, "Reading it back", 0.6, 1);
    g_autoptr(HpMask) read = hp_image_file_read_mask(path, task, error);
    if (read == NULL)
        return false;
    *file_ml = hp_mask_volume_ml(read, 0);
    return true;
}

static bool write_mesh(const HpSnapshot *snapshot, const HpExportChoice *choice, const char *path,
                       double *file_ml, HpTask *task, GError **error)
{
    hp_task_stage(task, "Writing the surface", 0, 0.6);
    if (!hp_mesh_file_write_axes(snapshot->mesh, path, choice->axes, task, error))
        return false;
    hp_task_stage(task, "Reading it back", 0.6, 1);
    return measure_mesh(path, file_ml, task, error);
}

static void remove_folder(const char *path)
{
    g_autoptr(GDir) folder = g_dir_open(path, 0, NULL);
    const char *name = NULL;
    while (folder != NULL && (name = g_dir_read_name(folder)) != NULL) {
        g_autofree char *file = g_build_filename(path, name, NULL);
        g_unlink(file);
    }
    g_rmdir(path);
}

static char *draw_page(const HpSnapshot *snapshot, const HpExportPictures *pictures, HpTask *task,
                       GError **error)
{
    g_autoptr(GError) system = NULL;
    g_autofree char *folder = g_dir_make_tmp("hepatica-XXXXXX", &system);
    g_autofree HpReportPicture *listed = g_new0(HpReportPicture, (gsize)MAX(pictures->count, 1));
    if (folder == NULL) {
        g_set_error(error, HP_ERROR, HP_ERROR_IO, _("%s"), system->message);
        return NULL;
    }
    for (int at = 0; at < pictures->count; at++)
        listed[at] = (HpReportPicture){pictures->pictures[at].title, pictures->pictures[at].name};
    char *html = NULL;
    if (pictures->draw_cb == NULL || pictures->draw_cb(snapshot, folder, task, error))
        html = hp_report_dup_html(snapshot->report, listed, pictures->count, folder, error);
    remove_folder(folder);
    return html;
}

// The page, and beside it the params file, named as the page.
static bool write_report(const HpSnapshot *snapshot, const HpExportChoice *choice, const char *path,
                         HpTask *task, GError **error)
{
    g_autoptr(GError) system = NULL;
    g_autofree char *stem = g_strndup(path, strlen(path) - strlen(".html"));
    g_autofree char *params = g_strconcat(stem, ".json", NULL);
    if (snapshot->report == NULL) {
        g_set_error_literal(
            error, HP_ERROR, HP_ERROR_NO_RESULT,
            _("a report is made with the organ: take it again, with the images there"));
        return false;
    }
    hp_task_stage(task, "Drawing the report", 0, 0.9);
    g_autofree char *html = draw_page(snapshot, &choice->pictures, task, error);
    if (html == NULL || !hp_task_step(task, 1, error))
        return false;
    if (!g_file_set_contents(path, html, -1, &system)) {
        g_set_error(error, HP_ERROR, HP_ERROR_IO, _("%s"), system->message);
        return false;
    }
    return hp_plan_write(snapshot->plan, params, error);
}

static bool write_staged(const HpSnapshot *snapshot, const HpExportChoice *choice, const char *path,
                         double *file_ml, HpTask *task, GError **error)
{
    if (hp_export_is_mesh(choice->format))
        return write_mesh(snapshot, choice, path, file_ml, task, error);
    if (hp_export_is_mask(choice->format))
        return write_mask(snapshot, path, file_ml, task, error);
    return write_report(snapshot, choice, path, task, error);
}

// A name that leads elsewhere would put the file where nobody looks for it.
static bool check_name(const char *name, GError **error)
{
    if (name[0] != '\0' && name[0] != '.' && strchr(name, '/') == NULL)
        return true;
    g_set_error(error, HP_ERROR, HP_ERROR_IO,
                _("\"%s\" is no name for a file, expected one without / that begins with no dot"),
                name);
    return false;
}

bool hp_export_write(const HpSnapshot *snapshot, const HpExportChoice *choice, double *file_ml,
                     HpTask *task, GError **error)
{
    if (!check_name(choice->name, error))
        return false;
    g_auto(GStrv) names = hp_export_dup_names(choice);
    g_autofree char *path = g_build_filename(choice->folder, names[0], NULL);
    g_autoptr(HpOutputs) outputs = hp_outputs_new();
    *file_ml = NAN;
    const char *staged = hp_outputs_file(outputs, path, error);
    const bool is_done = staged != NULL &&
                         write_staged(snapshot, choice, staged, file_ml, task, error) &&
                         hp_outputs_commit(outputs, error);
    // Rooms below name the file as they know it; a folder's fault has none yet.
    if (!is_done && error != NULL && strstr((*error)->message, names[0]) == NULL)
        g_prefix_error(error, "%s: ", names[0]);
    return is_done;
}

struct HpExport {
    HpSnapshot *snapshot;
    HpExportChoice choice;
    char *folder, *name;
    double file_ml;
    HpTask task;
    HpExportedCb exported_cb;
    gpointer data;
};

static void export_free(gpointer data)
{
    HpExport *job = data;
    hp_snapshot_free(job->snapshot);
    g_free(job->folder);
    g_free(job->name);
    g_free(job);
}

static void export_work_cb(GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
    (void)source, (void)cancellable;
    HpExport *job = data;
    GError *error = NULL;
    if (hp_export_write(job->snapshot, &job->choice, &job->file_ml, &job->task, &error))
        g_task_return_boolean(task, TRUE);
    else
        g_task_return_error(task, error);
}

static void exported_cb(GObject *source, GAsyncResult *result, gpointer unused)
{
    (void)source, (void)unused;
    const HpExport *job = g_task_get_task_data(G_TASK(result));
    g_autoptr(GError) error = NULL;
    g_task_propagate_boolean(G_TASK(result), &error);
    job->exported_cb(job->snapshot, job->file_ml, error, job->data);
}

HpExport *hp_export_start(HpSnapshot *snapshot, const HpExportChoice *choice, HpExportedCb callback,
                          gpointer data)
{
    HpExport *job = g_new0(HpExport, 1);
    *job = (HpExport){.snapshot = snapshot,
                      .choice = *choice,
                      .folder = g_strdup(choice->folder),
                      .name = g_strdup(choice->name),
                      .file_ml = NAN,
                      .exported_cb = callback,
                      .data = data};
    job->choice.folder = job->folder;
    job->choice.name = job->name;
    hp_task_init(&job->task);
    g_autoptr(GTask) task = g_task_new(NULL, NULL, exported_cb, NULL);
    g_task_set_task_data(task, job, export_free);
    g_task_run_in_thread(task, export_work_cb);
    return job;
}

void hp_export_cancel(HpExport *job)
{
    hp_task_cancel(&job->task);
}

double hp_export_get_fraction(const HpExport *job)
{
    return hp_task_get_fraction(&job->task);
}
