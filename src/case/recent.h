// SPDX-License-Identifier: Apache-2.0
// The cases that were open lately, to be opened again: a small file in the user's state folder.
#pragma once

#include <glib.h>
#include <stdbool.h>

G_BEGIN_DECLS

#define HP_RECENT_MOST 24               // entries; the oldest go
#define HP_RECENT_THUMBNAIL (64 * 1024) // bytes of a thumbnail, at most

typedef struct {
    char *path;        // of a case file, or of images
    gint64 time_us;    // when it was open last
    double ml;         // NAN: no result
    GBytes *thumbnail; // PNG; NULL: none
    bool is_missing;   // nothing is at `path` now
} HpRecent;

void hp_recent_free(HpRecent *recent); // takes NULL
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HpRecent, hp_recent_free)

// HpRecent *, the newest first; g_ptr_array_unref(). Empty if there are none, or the file cannot be read.
GPtrArray *hp_recent_list(void);

// Puts `path` first, now. A NULL thumbnail, one that is too large or no PNG leaves the one there was;
// so does NAN with the millilitres. Fails with HP_ERROR_IO.
bool hp_recent_add(const char *path, double ml, GBytes *thumbnail, GError **error);

// Takes one out; all for NULL. Fails with HP_ERROR_IO.
bool hp_recent_remove(const char *path, GError **error);

G_END_DECLS
