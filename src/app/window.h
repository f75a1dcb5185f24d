// SPDX-License-Identifier: Apache-2.0
// The one window: stages at the left, four panes, the numbers at the right, one status line.
#pragma once

#include "app/lens.h"
#include "case/document.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define HP_TYPE_WINDOW (hp_window_get_type())
G_DECLARE_FINAL_TYPE(HpWindow, hp_window, HP, WINDOW, AdwApplicationWindow)

HpWindow *hp_window_new(AdwApplication *application);
void hp_window_open(HpWindow *window, const char *path);

// Opens the input at `path` with the parameters and seeds of the params file at `params`; one that
// cannot be read is named in the bar, and the input opens without it.
void hp_window_open_with(HpWindow *window, const char *path, const char *params);

HpDocument *hp_window_get_document(const HpWindow *window); // borrowed
HpLens *hp_window_get_lens(const HpWindow *window);         // borrowed

G_END_DECLS
