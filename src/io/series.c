// SPDX-License-Identifier: Apache-2.0
// Finds the image series below a path and describes them.
#include "io/series.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#include "core/error.h"
#include "io/series_loader.h"

static void loader_free(gpointer data)
{
    HpSeriesLoader *loader = data;
    hp_dicom_stack_free(loader->stack);
    g_ptr_array_unref(loader->files);
    hp_dicom_sources_unref(loader->sources);
    g_free(loader);
}

HpSeries *hp_series_new(const char *path)
{
    HpSeries *series = g_new0(HpSeries, 1);
    series->path = g_strdup(path);
    series->refs = 1;
    series->thickness_mm = NAN;
    return series;
}

HpSeries *hp_series_ref(HpSeries *series)
{
    g_atomic_int_inc(&series->refs);
    return series;
}

void hp_series_unref(HpSeries *series)
{
    if (series == NULL || !g_atomic_int_dec_and_test(&series->refs))
        return;
    if (series->loader_free != NULL)
        series->loader_free(series->loader);
    g_free(series->path);
    g_free(series->uid);
    g_free(series->description);
    g_free(series->modality);
    g_free(series->phase);
    g_free(series->kernel);
    g_free(series->date);
    g_strfreev(series->warnings);
    g_free(series);
}

// ---- finding -----------------------------------------------------------------------------------

// The files that are images; what is broken is told in `complaints`.
static GPtrArray *keep_images(const HpDicomSources *sources, GPtrArray *complaints)
{
    GPtrArray *images = g_ptr_array_new();
    for (guint n = 0; n < sources->files->len; n++) {
        HpDicomSource *file = g_ptr_array_index(sources->files, n);
        if (file->frames != NULL)
            g_ptr_array_add(images, file);
        else if (g_error_matches(file->error, HP_ERROR, HP_ERROR_BAD_FILE))
            g_ptr_array_add(complaints, g_strdup_printf("left out: %s", file->error->message));
    }
    return images;
}

// Why there is no series: the reason of the one file, or of the first that tells more than that it
// is no DICOM. What `*error` holds already is only given the name.
static void explain(const char *path, const HpDicomSources *sources, GError **error)
{
    const HpDicomSource *told = NULL;
    g_autofree char *name = g_filename_display_basename(path);
    for (guint n = 0; n < sources->files->len; n++) {
        const HpDicomSource *file = g_ptr_array_index(sources->files, n);
        const bool is_foreign =
            file->error != NULL && strstr(file->error->message, "not a DICOM file") != NULL;
        if (file->error != NULL && (told == NULL || !is_foreign)) {
            told = file;
            if (!is_foreign)
                break;
        }
    }
    if (*error != NULL)
        g_prefix_error(error, "%s: ", name);
    else if (told == NULL)
        g_set_error(error, HP_ERROR, HP_ERROR_UNSUPPORTED, _("%s: no file to read"), name);
    else if (strcmp(told->name, name) == 0)
        g_propagate_error(error, g_error_copy(told->error));
    else
        g_set_error(error, HP_ERROR, told->error->code,
                    _("%s: no image series among %u files; for one, %s"), name, sources->files->len,
                    told->error->message);
}

static char *phase_of(const HpDicomImage *image, const HpDicomStack *stack)
{
    if (stack->phase == NULL)
        return g_strdup(image->phase);
    return image->phase[0] == '\0' ? g_strdup(stack->phase)
                                   : g_strdup_printf("%s, %s", image->phase, stack->phase);
}

static GStrv warnings_of(const HpDicomStack *stack, const GPtrArray *complaints)
{
    GStrv all = g_new0(char *, stack->warnings->len + complaints->len + 1);
    guint count = 0;
    for (guint n = 0; n < stack->warnings->len; n++)
        all[count++] = g_strdup(g_ptr_array_index(stack->warnings, n));
    for (guint n = 0; n < complaints->len; n++)
        all[count++] = g_strdup(g_ptr_array_index(complaints, n));
    return all;
}

// Takes `stack`.
static HpSeries *describe(const char *path, HpDicomSources *sources, GPtrArray *files,
                          HpDicomStack *stack, const GPtrArray *complaints)
{
    const HpDicomStackSlice *first = &g_array_index(stack->slices, HpDicomStackSlice, 0);
    const HpDicomSource *file = g_ptr_array_index(files, first->file);
    const HpDicomImage *image = &file->image;
    HpSeriesLoader *loader = g_new0(HpSeriesLoader, 1);
    *loader = (HpSeriesLoader){hp_dicom_sources_ref(sources), g_ptr_array_ref(files), stack};

    HpSeries *series = hp_series_new(path);
    const char *description =
        image->description[0] != '\0' ? image->description : image->study_description;
    series->uid = g_strdup(image->series_uid);
    series->description = g_strdup(description);
    series->modality = g_strdup(image->modality);
    series->phase = phase_of(image, stack);
    series->kernel = g_strdup(image->kernel);
    series->date = g_strdup(image->date);
    series->thickness_mm = file->frames[first->frame].thickness_mm;
    series->slices = stack->stored.size[2];
    series->stored = stack->stored;
    series->grid = stack->grid;
    series->is_even = stack->is_even;
    series->warnings = warnings_of(stack, complaints);
    series->loader = loader;
    series->loader_free = loader_free;
    return series;
}

// Whoever takes the first of several must hear that there are others.
static void tell_of_choice(GPtrArray *found)
{
    for (guint n = 0; n < found->len && found->len > 1; n++) {
        HpSeries *series = g_ptr_array_index(found, n);
        const guint count = g_strv_length(series->warnings);
        series->warnings = g_renew(char *, series->warnings, count + 2);
        series->warnings[count] =
            g_strdup_printf("choice: one of %u series found here", found->len);
        series->warnings[count + 1] = NULL;
    }
}

static GPtrArray *find_stacks(GPtrArray *files)
{
    g_autofree HpDicomStackFile *views = g_new(HpDicomStackFile, MAX(files->len, 1));
    for (guint n = 0; n < files->len; n++) {
        const HpDicomSource *file = g_ptr_array_index(files, n);
        views[n] = (HpDicomStackFile){file->name, &file->image, file->frames};
    }
    return hp_dicom_stacks_find(views, (int)files->len);
}

GPtrArray *hp_series_find(const char *path, HpTask *task, GError **error)
{
    g_autoptr(HpChildren) children = hp_children_new();
    g_autoptr(HpDicomSources) sources = hp_dicom_sources_find(path, children, task, error);
    if (sources == NULL)
        return NULL;
    g_autoptr(GPtrArray) complaints = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GPtrArray) files = keep_images(sources, complaints);
    g_autoptr(GPtrArray) stacks = find_stacks(files);
    g_autoptr(GPtrArray) found = g_ptr_array_new_with_free_func((GDestroyNotify)hp_series_unref);
    g_autoptr(GError) refused = NULL;
    g_ptr_array_set_free_func(stacks, NULL); // each is taken by its series
    for (guint n = 0; n < stacks->len; n++) {
        HpDicomStack *stack = g_ptr_array_index(stacks, n);
        g_autoptr(HpSeries) series = describe(path, sources, files, stack, complaints);
        g_clear_error(&refused);
        if (hp_grid_validate(&series->grid, &refused))
            g_ptr_array_add(found, g_steal_pointer(&series));
    }
    tell_of_choice(found);
    if (found->len > 0)
        return g_steal_pointer(&found);
    explain(path, sources, &refused);
    g_propagate_error(error, g_steal_pointer(&refused));
    return NULL;
}
