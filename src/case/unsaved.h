// SPDX-License-Identifier: Apache-2.0
// Cases that were never saved: they lie in the user's state folder until they are saved or thrown away.
//
// A case that a running program works on is locked (case/store.h), so what can be opened there was left
// by a program that ended, whatever way it did.
#pragma once

#include "case/store.h"

G_BEGIN_DECLS

typedef struct {
    char *path;     // of the case; open it as any other
    char *images;   // what it is about; NULL: not known
    int steps;      // edits
    gint64 time_us; // of the last of them
    double ml;      // NAN: no result
    char *fact;     // why it cannot be opened; NULL: it can
} HpUnsaved;

void hp_unsaved_free(HpUnsaved *unsaved); // takes NULL
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HpUnsaved, hp_unsaved_free)

// HpUnsaved *, the newest first; g_ptr_array_unref(). Empty if there are none.
GPtrArray *hp_unsaved_list(void);

// Throws one away for good. Fails with HP_ERROR_IO, and HP_ERROR_UNSUPPORTED while it is open.
bool hp_unsaved_remove(const char *path, GError **error);

// A name for a new one; its folder is made. Fails with HP_ERROR_IO. g_free().
char *hp_unsaved_new_path(GError **error);

// Whether a case lies among the unsaved ones.
bool hp_unsaved_contains(const char *path);

G_END_DECLS
