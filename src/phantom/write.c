// SPDX-License-Identifier: Apache-2.0
// Writes the donor as files: the series as a scanner would, the masks, the seed and the truth.
#include "phantom/phantom.h"

#include "core/error.h"
#include "io/dicom_write.h"
#include "io/image_file.h"

#include <errno.h>
#include <math.h>
#include <string.h>

#include <glib/gstdio.h>

#include "phantom/render.h"
#include "segment/seed.h"

// The stack that a tilted gantry scans: slices lean, the table moves straight on.
static void tilted(const HpPhantomParams *params, HpGrid *grid, HpFrame *frame, double *drift_mm)
{
    const double angle = params->tilt_deg * G_PI / 180, c = cos(angle), s = sin(angle);
    const double step = params->spacing_mm[2];
    const double directions[9] = {1, 0, 0, 0, c, s, 0, -s, c}; // columns i, j, k
    *grid = hp_phantom_grid(params);
    memcpy(grid->directions, directions, sizeof directions);
    grid->spacing_mm[2] = step * c; // between slices, along their normal
    *drift_mm = -step * s;          // (0, 0, step) = step c k - step s j
    const double half_j = 0.5 * (grid->size[1] - 1) * grid->spacing_mm[1];
    grid->origin_mm[1] = -half_j * c;
    grid->origin_mm[2] = half_j * s - 0.5 * (grid->size[2] - 1) * step;
    *frame = (HpFrame){.size = {grid->size[0], grid->size[1], grid->size[2]},
                       .step_mm = {{grid->spacing_mm[0], 0, 0},
                                   {0, grid->spacing_mm[1] * c, -grid->spacing_mm[1] * s},
                                   {0, 0, step}}};
    memcpy(frame->origin_mm, grid->origin_mm, sizeof frame->origin_mm);
}

static bool write_slices(const HpPhantomParams *params, const HpFrame *frame, HpDicomWriter *writer,
                         HpTask *task, GError **error)
{
    const size_t slice = (size_t)params->matrix * params->matrix;
    const int batch = hp_render_batch(frame);
    g_autofree int16_t *hu = hp_try_alloc(slice * batch, sizeof *hu, "slices", error);
    if (hu == NULL)
        return false;
    g_autoptr(HpAnatomy) anatomy = hp_anatomy_new(params->seed);
    for (int k = 0; k < params->slices; k += batch) {
        const int count = MIN(batch, params->slices - k);
        if (!hp_task_step(task, (double)k / params->slices, error))
            return false;
        hp_render_hu(anatomy, frame, k, count, hu);
        for (int at = 0; at < count; at++)
            if (!hp_dicom_writer_slice(writer, k + at, hu + slice * at, error))
                return false;
    }
    return true;
}

static void append_number(GString *text, const char *name, double value, const char *end)
{
    char number[G_ASCII_DTOSTR_BUF_SIZE];
    g_ascii_formatd(number, sizeof number, "%.10g", value);
    g_string_append_printf(text, "  \"%s\": %s%s\n", name, number, end);
}

static char *truth_text(const HpPhantomParams *params, const HpPhantomTruth *truth)
{
    GString *text = g_string_new("{\n");
    append_number(text, "seed", (double)params->seed, ",");
    append_number(text, "liver_ml", truth->liver_ml, ",");
    append_number(text, "liver_area_mm2", truth->liver_area_mm2, ",");
    append_number(text, "vessels_ml", truth->vessels_ml, ",");
    append_number(text, "parenchyma_ml", truth->liver_ml - truth->vessels_ml, ",");
    append_number(text, "heart_contact_mm2", truth->heart_mm2, ",");
    append_number(text, "stomach_contact_mm2", truth->stomach_mm2, ",");
    append_number(text, "muscle_contact_mm2", truth->muscle_mm2, "");
    g_string_append(text, "}\n");
    return g_string_free(text, FALSE);
}

static char *seed_text(const HpContour *seed)
{
    GString *text = g_string_new(NULL);
    g_string_append_printf(text, "{\"contours\": [\n  {\"plane\": \"%s\", \"points_mm\": [",
                           hp_plane_name(seed->plane));
    for (int point = 0; point < seed->count; point++) {
        g_string_append(text, point ? ", [" : "[");
        for (int axis = 0; axis < 3; axis++) {
            char number[G_ASCII_DTOSTR_BUF_SIZE];
            g_ascii_formatd(number, sizeof number, "%.4f", seed->mm[point][axis]);
            g_string_append_printf(text, "%s%s", axis ? ", " : "", number);
        }
        g_string_append(text, "]");
    }
    g_string_append(text, "]}\n]}\n");
    return g_string_free(text, FALSE);
}

static bool write_text(const char *path, const char *text, GError **error)
{
    g_autoptr(GError) why = NULL;
    if (g_file_set_contents(path, text, -1, &why))
        return true;
    g_set_error(error, HP_ERROR, HP_ERROR_IO, "%s", why->message);
    return false;
}

// The files beside the series, in the order they are written.
enum { LIVER, LABELS, SEED, TRUTH, FILES };
static const char *const file_names[FILES] = {"liver.nii.gz", "labels.nii.gz", "seed.json",
                                              "truth.json"};

static bool write_beside(const HpPhantomParams *params, char *const paths[FILES], HpTask *task,
                         GError **error)
{
    hp_task_stage(task, "Writing the masks", 0.70, 0.80);
    g_autoptr(HpMask) liver = hp_phantom_liver(params, task, error);
    if (liver == NULL || !hp_image_file_write_mask(liver, paths[LIVER], NULL, error))
        return false;
    hp_task_stage(task, "Writing the masks", 0.80, 0.90);
    g_autoptr(HpMask) labels = hp_phantom_labels(params, task, error);
    if (labels == NULL || !hp_image_file_write_mask(labels, paths[LABELS], NULL, error))
        return false;

    hp_task_stage(task, "Measuring the truth", 0.90, 1);
    g_autoptr(HpContour) seed = hp_seed_from_mask(liver, 0, error);
    HpPhantomTruth truth;
    if (seed == NULL || !hp_phantom_measure(params->seed, &truth, task, error))
        return false;
    g_autofree char *seed_json = seed_text(seed);
    g_autofree char *truth_json = truth_text(params, &truth);
    return write_text(paths[SEED], seed_json, error) && write_text(paths[TRUTH], truth_json, error);
}

static bool write_all(const HpPhantomParams *params, const char *dir, char *const paths[FILES],
                      HpTask *task, GError **error)
{
    HpGrid grid;
    HpFrame frame;
    g_autofree char *identity = g_strdup_printf("phantom %" G_GUINT64_FORMAT, params->seed);
    HpDicomInfo info = hp_dicom_info_default();
    info.identity = identity;
    info.series_description = "Abdomen portal venous, synthetic";
    info.contrast = "IODINE 1.5 ML/KG, 70 S";
    info.tilt_deg = params->tilt_deg;
    info.slice_thickness_mm = params->spacing_mm[2];
    tilted(params, &grid, &frame, &info.drift_mm[1]);
    g_autofree char *series = g_build_filename(dir, "series", NULL);
    g_autoptr(HpDicomWriter) writer = hp_dicom_writer_new(&grid, &info, series, error);
    hp_task_stage(task, "Scanning the donor", 0, 0.70);
    return writer != NULL && write_slices(params, &frame, writer, task, error) &&
           write_beside(params, paths, task, error) && hp_dicom_writer_finish(writer, error);
}

bool hp_phantom_write(const HpPhantomParams *params, const char *dir, HpTask *task, GError **error)
{
    if (!hp_phantom_params_validate(params, error))
        return false;
    const bool is_new = !g_file_test(dir, G_FILE_TEST_EXISTS);
    if (g_mkdir_with_parents(dir, 0755) != 0) {
        g_set_error(error, HP_ERROR, HP_ERROR_IO, "%s: cannot make the folder: %s", dir,
                    g_strerror(errno));
        return false;
    }
    char *paths[FILES];
    for (int file = 0; file < FILES; file++)
        paths[file] = g_build_filename(dir, file_names[file], NULL);
    const bool is_written = write_all(params, dir, paths, task, error);
    for (int file = 0; file < FILES; file++) {
        if (!is_written)
            g_unlink(paths[file]);
        g_free(paths[file]);
    }
    if (!is_written && is_new)
        g_rmdir(dir);
    return is_written;
}
