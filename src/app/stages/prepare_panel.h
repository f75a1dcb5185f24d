// SPDX-License-Identifier: Apache-2.0
// The stage Prepare: what is done to the CT before a contour reads it, seen while it is chosen.
#pragma once

#include "app/lens.h"
#include "case/document.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define HP_TYPE_PREPARE_PANEL (hp_prepare_panel_get_type())
G_DECLARE_FINAL_TYPE(HpPreparePanel, hp_prepare_panel, HP, PREPARE_PANEL, GtkBox)

// While it shows, the panes draw the prepared CT, and the original as long as Y or the button is held.
GtkWidget *hp_prepare_panel_new(HpDocument *document, HpLens *lens, GActionMap *actions);

G_END_DECLS
