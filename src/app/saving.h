// SPDX-License-Identifier: Apache-2.0
// A case and its file: saved by a name, and told where its images lie now.
#pragma once

#include "case/document.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

// Adds the actions save, save-as and find-images to `actions`. What was done is kept all along; saving
// gives it a name and a place. `window` must hold "win.say" and "win.warn".
void hp_saving_begin(GtkWindow *window, HpDocument *document, GActionMap *actions);

G_END_DECLS
