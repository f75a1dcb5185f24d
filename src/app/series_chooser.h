// SPDX-License-Identifier: Apache-2.0
// Opens what a person points at; where it holds several series, they choose one from a list.
#pragma once

#include "app/lens.h"
#include "case/document.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define HP_TYPE_SERIES_CHOOSER (hp_series_chooser_get_type())
G_DECLARE_FINAL_TYPE(HpSeriesChooser, hp_series_chooser, HP, SERIES_CHOOSER, GtkWidget)

// The signal "choosing" says with a gboolean when the list is to be shown and when no longer.
GtkWidget *hp_series_chooser_new(HpDocument *document, HpLens *lens);

// A case file opens. Else finds the series at `path`: a single one opens, of several a person chooses. The case that is open
// stays until then. What cannot be opened is the document's error.
void hp_series_chooser_open(HpSeriesChooser *chooser, const char *path);

// Shows the series of the input that is open, to take another.
void hp_series_chooser_show_again(HpSeriesChooser *chooser);

G_END_DECLS
