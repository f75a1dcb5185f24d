// SPDX-License-Identifier: Apache-2.0
// A folder of its own for a test that writes files.
#pragma once

#include <glib.h>
#include <stdbool.h>

G_BEGIN_DECLS

typedef struct {
    char *path;
} Folder;

// Makes an empty folder for files that a test writes.
Folder folder_new(void);
// Removes it with all plain files in it.
void folder_clear(Folder *folder);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Folder, folder_clear)

// Its path with a name in it; valid until the folder goes.
const char *folder_file(const Folder *folder, const char *name);
// How many files it holds, hidden ones included.
int folder_count(const Folder *folder);
// Writes bytes to a file in it and returns the path.
const char *folder_put(const Folder *folder, const char *name, const void *bytes, size_t size);

G_END_DECLS
