// SPDX-License-Identifier: Apache-2.0
// Files to be written: hidden beside their place until all of them are whole.
#include "case/outputs.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <unistd.h>

#include "core/error.h"

// One hidden folder on the file system of what it will become, so that a move is a rename.
typedef struct {
    char *staging; // PARENT/.hepatica-XXXXXX
    char *parent;
    char *path; // last one handed out
} Stage;

struct HpOutputs {
    GPtrArray *stages; // Stage *
};

static bool fail(GError **error, const char *path)
{
    const int code = errno;
    g_set_error(error, HP_ERROR, HP_ERROR_IO, _("%s: %s"), path, g_strerror(code));
    return false;
}

static void remove_tree(const char *path)
{
    g_autoptr(GDir) folder = g_dir_open(path, 0, NULL);
    const char *name = NULL;
    while (folder != NULL && (name = g_dir_read_name(folder)) != NULL) {
        g_autofree char *inner = g_build_filename(path, name, NULL);
        if (!g_file_test(inner, G_FILE_TEST_IS_SYMLINK) && g_file_test(inner, G_FILE_TEST_IS_DIR))
            remove_tree(inner);
        else
            g_unlink(inner);
    }
    g_rmdir(path);
}

static void stage_free(Stage *stage)
{
    remove_tree(stage->staging);
    g_free(stage->staging);
    g_free(stage->parent);
    g_free(stage->path);
    g_free(stage);
}

HpOutputs *hp_outputs_new(void)
{
    HpOutputs *outputs = g_new0(HpOutputs, 1);
    outputs->stages = g_ptr_array_new_with_free_func((GDestroyNotify)stage_free);
    return outputs;
}

void hp_outputs_free(HpOutputs *outputs)
{
    if (outputs == NULL)
        return;
    g_ptr_array_unref(outputs->stages);
    g_free(outputs);
}

// A stage of its own for each output: two may have the same name in different folders.
static Stage *add_stage(HpOutputs *outputs, const char *path, GError **error)
{
    g_autofree char *parent = g_path_get_dirname(path);
    g_autofree char *name = g_path_get_basename(path);
    g_autofree char *staging = g_build_filename(parent, ".hepatica-XXXXXX", NULL);
    if (g_mkdtemp_full(staging, 0777) == NULL) {
        fail(error, parent);
        return NULL;
    }
    Stage *stage = g_new0(Stage, 1);
    stage->path = g_build_filename(staging, name, NULL);
    stage->staging = g_steal_pointer(&staging);
    stage->parent = g_steal_pointer(&parent);
    g_ptr_array_add(outputs->stages, stage);
    return stage;
}

const char *hp_outputs_file(HpOutputs *outputs, const char *path, GError **error)
{
    if (g_str_has_suffix(path, "/") || g_file_test(path, G_FILE_TEST_IS_DIR)) {
        g_set_error(error, HP_ERROR, HP_ERROR_IO, _("%s is a folder, expected a file"), path);
        return NULL;
    }
    const Stage *stage = add_stage(outputs, path, error);
    return stage != NULL ? stage->path : NULL;
}

const char *hp_outputs_folder(HpOutputs *outputs, const char *path, GError **error)
{
    g_autofree char *whole = g_canonicalize_filename(path, NULL);
    if (g_file_test(whole, G_FILE_TEST_EXISTS) && !g_file_test(whole, G_FILE_TEST_IS_DIR)) {
        g_set_error(error, HP_ERROR, HP_ERROR_IO, _("%s is a file, expected a folder"), path);
        return NULL;
    }
    const Stage *stage = add_stage(outputs, whole, error);
    if (stage == NULL)
        return NULL;
    if (g_mkdir(stage->path, 0777) != 0) {
        fail(error, path);
        return NULL;
    }
    return stage->path;
}

// Renames what lies in `from` into `to`, descending into folders that exist on both sides.
static bool merge(const char *from, const char *to, GError **error)
{
    g_autoptr(GDir) folder = g_dir_open(from, 0, NULL);
    const char *name = NULL;
    while (folder != NULL && (name = g_dir_read_name(folder)) != NULL) {
        g_autofree char *source = g_build_filename(from, name, NULL);
        g_autofree char *target = g_build_filename(to, name, NULL);
        const bool both =
            g_file_test(source, G_FILE_TEST_IS_DIR) && g_file_test(target, G_FILE_TEST_IS_DIR);
        if (both && !merge(source, target, error))
            return false;
        if (!both && g_rename(source, target) != 0)
            return fail(error, target);
    }
    return true;
}

bool hp_outputs_commit(HpOutputs *outputs, GError **error)
{
    for (guint at = 0; at < outputs->stages->len; at++) {
        const Stage *stage = outputs->stages->pdata[at];
        if (!merge(stage->staging, stage->parent, error))
            return false;
    }
    return true;
}
