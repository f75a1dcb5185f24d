// SPDX-License-Identifier: Apache-2.0
// The one window: stages at the left, four panes, the numbers at the right, one status line.
#pragma once

#include "case/document.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define HP_TYPE_WINDOW (hp_window_get_type())
G_DECLARE_FINAL_TYPE(HpWindow, hp_window, HP, WINDOW, AdwApplicationWindow)

HpWindow *hp_window_new(AdwApplication *application);
void hp_window_open(HpWindow *window, const char *path);

G_END_DECLS
