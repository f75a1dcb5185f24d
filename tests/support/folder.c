// SPDX-License-Identifier: Apache-2.0
// A folder of its own for a test that writes files.
#include "support/folder.h"

#include <glib/gstdio.h>

Folder folder_new(void)
{
    g_autoptr(GError) error = NULL;
    Folder folder = {g_dir_make_tmp("hepatica-test-XXXXXX", &error)};
    g_assert_no_error(error);
    return folder;
}

static int each_file(const Folder *folder, bool remove)
{
    GDir *dir = g_dir_open(folder->path, 0, NULL);
    g_assert_nonnull(dir);
    int count = 0;
    for (const char *name = g_dir_read_name(dir); name != NULL; name = g_dir_read_name(dir)) {
        if (remove)
            g_unlink(folder_file(folder, name));
        count++;
    }
    g_dir_close(dir);
    return count;
}

void folder_clear(Folder *folder)
{
    if (folder->path == NULL)
        return;
    each_file(folder, true);
    g_assert_cmpint(g_rmdir(folder->path), ==, 0);
    g_clear_pointer(&folder->path, g_free);
}

const char *folder_file(const Folder *folder, const char *name)
{
    g_autofree char *path = g_build_filename(folder->path, name, NULL);
    return g_intern_string(path);
}

int folder_count(const Folder *folder)
{
    return each_file(folder, false);
}

const char *folder_put(const Folder *folder, const char *name, const void *bytes, size_t size)
{
    g_autoptr(GError) error = NULL;
    const char *path = folder_file(folder, name);
    g_file_set_contents(path, bytes, (gssize)size, &error);
    g_assert_no_error(error);
    return path;
}
