// SPDX-License-Identifier: Apache-2.0
// Walks a window through its stages and writes a picture of each, with nobody at the keys.
#pragma once

#include "app/window.h"

G_BEGIN_DECLS

// Waits for the case to be loaded, then shows each stage, takes the organ where the plan has a seed,
// and writes FOLDER/1-case.png and so on. Then closes the window; the exit code of the program becomes
// 1 if a picture could not be written or the case not be opened.
void hp_tour_start(HpWindow *window, const char *folder);

// What the program should exit with after its tours.
int hp_tour_get_exit_code(void);

G_END_DECLS
