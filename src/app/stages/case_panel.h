// SPDX-License-Identifier: Apache-2.0
// The stage Case: what the series says of itself, and what is odd about it.
#pragma once

#include "app/lens.h"
#include "case/document.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define HP_TYPE_CASE_PANEL (hp_case_panel_get_type())
G_DECLARE_FINAL_TYPE(HpCasePanel, hp_case_panel, HP, CASE_PANEL, GtkBox)

// `actions` holds choose-series, which the panel enables where there is something to choose.
GtkWidget *hp_case_panel_new(HpDocument *document, HpLens *lens, GActionMap *actions);

G_END_DECLS
