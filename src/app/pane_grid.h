// SPDX-License-Identifier: Apache-2.0
// The panes of the case: three planes and the surface, two by two, or one of them alone.
#pragma once

#include "app/lens.h"
#include "case/document.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define HP_TYPE_PANE_GRID (hp_pane_grid_get_type())
G_DECLARE_FINAL_TYPE(HpPaneGrid, hp_pane_grid, HP, PANE_GRID, GtkWidget)

// Adds the actions of the panes (enlarge) to `actions`.
//
// The signal "hovered" carries words on the voxel under the pointer, "" when it leaves.
GtkWidget *hp_pane_grid_new(HpDocument *document, HpLens *lens, GActionMap *actions);

G_END_DECLS
