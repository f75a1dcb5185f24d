// SPDX-License-Identifier: Apache-2.0
// The stage Model: how the surface is made of the mask, and its way into a file.
#pragma once

#include "app/lens.h"
#include "case/document.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define HP_TYPE_MODEL_PANEL (hp_model_panel_get_type())
G_DECLARE_FINAL_TYPE(HpModelPanel, hp_model_panel, HP, MODEL_PANEL, GtkBox)

// Adds the actions of the stage (export) to `actions`.
GtkWidget *hp_model_panel_new(HpDocument *document, HpLens *lens, GActionMap *actions);

G_END_DECLS
