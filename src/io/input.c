// SPDX-License-Identifier: Apache-2.0
// Finds and loads the images of any kind of input.
#include "io/input.h"

#include <math.h>

#include "io/image_file.h"

// An image file has no loader of its own: its path says everything.
static bool is_image_file(const HpSeries *series)
{
    return series->loader == NULL;
}

static HpSeries *describe(const char *path, const HpImageInfo *info)
{
    HpSeries *series = hp_series_new(path);
    g_autofree char *name = g_path_get_basename(path);
    g_autoptr(GStrvBuilder) warnings = g_strv_builder_new();
    g_strv_builder_add(warnings, "uncalibrated: an image file does not say that its values are "
                                 "Hounsfield units");
    if (info->warning != NULL)
        g_strv_builder_add(warnings, info->warning);
    series->uid = g_strdup("");
    series->description = g_filename_display_name(name);
    series->modality = g_strdup("");
    series->phase = g_strdup("");
    series->kernel = g_strdup("");
    series->date = g_strdup("");
    series->slices = info->grid.size[2];
    series->stored = series->grid = info->grid;
    series->is_even = true;
    series->warnings = g_strv_builder_end(warnings);
    return series;
}

static GPtrArray *find_image_file(const char *path, GError **error)
{
    g_auto(HpImageInfo) info = {0};
    if (!hp_image_file_read_info(path, &info, error))
        return NULL;
    GPtrArray *found = g_ptr_array_new_with_free_func((GDestroyNotify)hp_series_unref);
    g_ptr_array_add(found, describe(path, &info));
    return found;
}

GPtrArray *hp_input_find(const char *path, HpTask *task, GError **error)
{
    const bool is_folder = g_file_test(path, G_FILE_TEST_IS_DIR);
    return !is_folder && hp_image_file_has_name(path) ? find_image_file(path, error)
                                                      : hp_series_find(path, task, error);
}

HpVolume *hp_input_load(const HpSeries *series, HpTask *task, GError **error)
{
    return is_image_file(series) ? hp_image_file_read_volume(series->path, task, error)
                                 : hp_series_load(series, task, error);
}

HpField *hp_input_load_field(const HpSeries *series, HpTask *task, GError **error)
{
    return is_image_file(series) ? hp_image_file_read_field(series->path, task, error)
                                 : hp_series_load_field(series, task, error);
}

typedef struct {
    GChecksum *checksum;
    float low, high;
} Measure;

// Over single precision, as fields hold it.
static void measure_cb(const double *value, size_t count, void *data)
{
    enum { PART = 1024 };
    Measure *measure = data;
    int32_t rounded[PART];
    for (size_t from = 0; from < count; from += PART) {
        const size_t part = MIN(count - from, (size_t)PART);
        for (size_t n = 0; n < part; n++) {
            const float at = (float)value[from + n];
            measure->low = MIN(measure->low, at);
            measure->high = MAX(measure->high, at);
            rounded[n] = (int32_t)CLAMP(rint(at), (double)G_MININT32, (double)G_MAXINT32);
        }
        g_checksum_update(measure->checksum, (const guchar *)rounded,
                          (gssize)(part * sizeof *rounded));
    }
}

bool hp_input_measure(const HpSeries *series, HpSeriesValues *values, HpTask *task, GError **error)
{
    if (!is_image_file(series))
        return hp_series_measure(series, values, task, error);
    g_autoptr(GChecksum) checksum = g_checksum_new(G_CHECKSUM_SHA256);
    Measure measure = {checksum, INFINITY, -INFINITY};
    if (!hp_image_file_visit(series->path, measure_cb, &measure, task, error))
        return false;
    values->min = measure.low;
    values->max = measure.high;
    g_strlcpy(values->sha256, g_checksum_get_string(checksum), sizeof values->sha256);
    return true;
}
