// SPDX-License-Identifier: Apache-2.0
// Letters that choose tools and change the view, wherever in the window no other widget wants them.
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

// Adds them to `widget`, after what has the focus: a field keeps its letters, the 3-D pane its views.
void hp_pane_keys_add(GtkWidget *widget);

G_END_DECLS
