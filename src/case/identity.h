// SPDX-License-Identifier: Apache-2.0
// Words without what may name a person: for a screen that others see.
//
// Folders and files are named after patients, and people type names into the texts of a series. So
// paths, names of files and those texts are taken out of words that are shown; facts and numbers stay.
#pragma once

#include "io/series.h"

G_BEGIN_DECLS

// A sentence ("Written: /home/me/Doe/liver.stl holds 9 ml" becomes "Written: ….stl holds 9 ml").
// `series` is the one that is open; NULL: none. g_free().
char *hp_identity_hide(const char *words, const HpSeries *series);

// An error's message, which by custom begins with a name and a colon; that name goes, too.
char *hp_identity_hide_error(const char *message, const HpSeries *series);

// A path: the ending alone. g_free().
char *hp_identity_hide_path(const char *path);

G_END_DECLS
