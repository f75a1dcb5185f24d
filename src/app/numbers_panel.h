// SPDX-License-Identifier: Apache-2.0
// The numbers beside the pictures: the volume, large, what it can be checked against, and how it came.
#pragma once

#include "case/document.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define HP_TYPE_NUMBERS_PANEL (hp_numbers_panel_get_type())
G_DECLARE_FINAL_TYPE(HpNumbersPanel, hp_numbers_panel, HP, NUMBERS_PANEL, GtkBox)

// `actions` gets "numbers", which folds all but the volume away.
GtkWidget *hp_numbers_panel_new(HpDocument *document, GActionMap *actions);

G_END_DECLS
