// SPDX-License-Identifier: Apache-2.0
// One series in a list to choose from: a picture, its facts, what speaks for it and against it.
#pragma once

#include "case/suitability.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define HP_TYPE_SERIES_ROW (hp_series_row_get_type())
G_DECLARE_FINAL_TYPE(HpSeriesRow, hp_series_row, HP, SERIES_ROW, GtkListBoxRow)

// Series `position` of `found`. The picture is read on a worker; a row that goes reads no further.
GtkWidget *hp_series_row_new(GPtrArray *found, int position, bool is_suggested, bool is_open,
                             bool is_anonymous);

HpSeries *hp_series_row_get_series(const HpSeriesRow *row); // borrowed

G_END_DECLS
