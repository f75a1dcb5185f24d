// SPDX-License-Identifier: Apache-2.0
// One trim plane in a list: what it keeps, and buttons that turn it off, flip and remove it.
#pragma once

#include "case/document.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define HP_TYPE_CUT_ROW (hp_cut_row_get_type())
G_DECLARE_FINAL_TYPE(HpCutRow, hp_cut_row, HP, CUT_ROW, GtkListBoxRow)

GtkWidget *hp_cut_row_new(HpDocument *document, guint index);
void hp_cut_row_show(HpCutRow *row); // after the plan changed

G_END_DECLS
