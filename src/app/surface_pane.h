// SPDX-License-Identifier: Apache-2.0
// The pane that shows the organ in 3-D: turned, cut open and picked on with the pointer.
#pragma once

#include "app/lens.h"
#include "case/document.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define HP_TYPE_SURFACE_PANE (hp_surface_pane_get_type())
G_DECLARE_FINAL_TYPE(HpSurfacePane, hp_surface_pane, HP, SURFACE_PANE, GtkWidget)

GtkWidget *hp_surface_pane_new(HpDocument *document, HpLens *lens);

G_END_DECLS
