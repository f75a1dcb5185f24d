// SPDX-License-Identifier: Apache-2.0
// The buttons that are at hand on every stage: ruler, HU in a circle, and what the slices show.
#pragma once

#include "app/lens.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define HP_TYPE_VIEW_TOOLS (hp_view_tools_get_type())
G_DECLARE_FINAL_TYPE(HpViewTools, hp_view_tools, HP, VIEW_TOOLS, GtkBox)

// Adds the actions of the view (mask, outline, voxels, band, opacity) to `actions`.
GtkWidget *hp_view_tools_new(HpLens *lens, GActionMap *actions);

G_END_DECLS
