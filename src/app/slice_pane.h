// SPDX-License-Identifier: Apache-2.0
// A pane that shows one plane of the case and is drawn, scrolled and windowed on.
#pragma once

#include "app/lens.h"
#include "case/document.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define HP_TYPE_SLICE_PANE (hp_slice_pane_get_type())
G_DECLARE_FINAL_TYPE(HpSlicePane, hp_slice_pane, HP, SLICE_PANE, GtkWidget)

GtkWidget *hp_slice_pane_new(HpDocument *document, HpLens *lens, HpPlane plane);

// The signal "hovered" (GObject's only one here) carries words on the voxel under the pointer, "" when
// it leaves: position in mm and HU.

G_END_DECLS
