// SPDX-License-Identifier: Apache-2.0
// The volume's histogram with the threshold band on it: two handles to drag, or to move by arrow keys.
#pragma once

#include "case/document.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define HP_TYPE_HISTOGRAM_VIEW (hp_histogram_view_get_type())
G_DECLARE_FINAL_TYPE(HpHistogramView, hp_histogram_view, HP, HISTOGRAM_VIEW, GtkBox)

// Edits contour.threshold-low and -high of the document's plan. Ends that are taken from the data are
// drawn as rings on dashed lines; a double click, or the button, gives both back to the data.
GtkWidget *hp_histogram_view_new(HpDocument *document);

G_END_DECLS
