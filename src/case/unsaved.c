// SPDX-License-Identifier: Apache-2.0
// Cases that were never saved: they lie in the user's state folder until they are saved or thrown away.
#include "case/unsaved.h"

#include "case/found.h"
#include "core/error.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>
#include <sys/stat.h>

static char *dup_folder(void)
{
    return g_build_filename(g_get_user_state_dir(), "hepatica", "unsaved", NULL);
}

void hp_unsaved_free(HpUnsaved *unsaved)
{
    if (unsaved == NULL)
        return;
    g_free(unsaved->path);
    g_free(unsaved->images);
    g_free(unsaved->fact);
    g_free(unsaved);
}

// When a file was last written, where it says nothing itself.
static gint64 time_of(const char *path)
{
    struct stat info;
    return stat(path, &info) == 0 ? (gint64)info.st_mtime * G_USEC_PER_SEC : 0;
}

// One case; NULL if a program works on it.
static HpUnsaved *look_at(const char *path)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(HpStore) store = hp_store_open(path, &error);
    if (store == NULL && hp_store_is_open_elsewhere(error))
        return NULL;
    HpUnsaved *unsaved = g_new0(HpUnsaved, 1);
    unsaved->path = g_strdup(path);
    unsaved->time_us = time_of(path);
    unsaved->ml = NAN;
    if (store == NULL) {
        unsaved->fact = g_strdup(error->message);
        return unsaved;
    }
    g_auto(HpStoreSummary) summary = hp_store_summarise(store);
    unsaved->images = g_steal_pointer(&summary.images);
    unsaved->steps = summary.steps;
    unsaved->ml = hp_found_ml(summary.numbers);
    if (summary.time_us > 0)
        unsaved->time_us = summary.time_us;
    return unsaved;
}

static int by_time(gconstpointer a, gconstpointer b)
{
    const HpUnsaved *one = *(HpUnsaved *const *)a, *other = *(HpUnsaved *const *)b;
    return (one->time_us < other->time_us) - (one->time_us > other->time_us);
}

GPtrArray *hp_unsaved_list(void)
{
    GPtrArray *list = g_ptr_array_new_with_free_func((GDestroyNotify)hp_unsaved_free);
    g_autofree char *folder = dup_folder();
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    const char *name;
    while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
        if (!g_str_has_suffix(name, HP_STORE_SUFFIX))
            continue;
        g_autofree char *path = g_build_filename(folder, name, NULL);
        HpUnsaved *unsaved = look_at(path);
        if (unsaved != NULL)
            g_ptr_array_add(list, unsaved);
    }
    g_ptr_array_sort(list, by_time);
    return list;
}

bool hp_unsaved_remove(const char *path, GError **error)
{
    g_assert(hp_unsaved_contains(path));
    g_autoptr(GError) local = NULL;
    g_autoptr(HpStore) store = hp_store_open(path, &local);
    if (store == NULL && hp_store_is_open_elsewhere(local)) {
        g_propagate_error(error, g_steal_pointer(&local));
        return false;
    }
    g_clear_pointer(&store, hp_store_free);
    if (g_unlink(path) == 0 || errno == ENOENT)
        return true;
    g_set_error(error, HP_ERROR, HP_ERROR_IO, _("%s: cannot be removed: %s"), path,
                g_strerror(errno));
    return false;
}

char *hp_unsaved_new_path(GError **error)
{
    g_autofree char *folder = dup_folder();
    if (g_mkdir_with_parents(folder, 0700) != 0) {
        g_set_error(error, HP_ERROR, HP_ERROR_IO, _("%s: cannot be made: %s"), folder,
                    g_strerror(errno));
        return NULL;
    }
    // A random name: one that tells of the images could tell of a patient.
    g_autofree char *random = g_uuid_string_random();
    g_autofree char *name = g_strconcat(random, HP_STORE_SUFFIX, NULL);
    return g_build_filename(folder, name, NULL);
}

bool hp_unsaved_contains(const char *path)
{
    g_autofree char *folder = dup_folder();
    g_autofree char *own = g_canonicalize_filename(folder, NULL);
    g_autofree char *full = g_canonicalize_filename(path, NULL);
    g_autofree char *of_path = g_path_get_dirname(full);
    return strcmp(own, of_path) == 0;
}
