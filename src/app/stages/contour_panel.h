// SPDX-License-Identifier: Apache-2.0
// The stage Contour: seeds, the sliders of the snake, brushes, and the organ taken.
#pragma once

#include "app/lens.h"
#include "case/document.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define HP_TYPE_CONTOUR_PANEL (hp_contour_panel_get_type())
G_DECLARE_FINAL_TYPE(HpContourPanel, hp_contour_panel, HP, CONTOUR_PANEL, GtkBox)

// Adds the stage's actions (take-organ, clear-seeds, clear-strokes, play, step-evolution, brush) to
// `actions`, and its tools to `lens`.
GtkWidget *hp_contour_panel_new(HpDocument *document, HpLens *lens, GActionMap *actions);

G_END_DECLS
