// SPDX-License-Identifier: Apache-2.0
// One parameter as a slider with its number, reset and sentence, bound to the document's plan.
#pragma once

#include "case/document.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define HP_TYPE_VALUE_ROW (hp_value_row_get_type())
G_DECLARE_FINAL_TYPE(HpValueRow, hp_value_row, HP, VALUE_ROW, GtkBox)

// Everything shown comes from the table of parameters.
GtkWidget *hp_value_row_new(HpDocument *document, HpParameterId id);

// Instead of the parameter's label: its symbol, and in words what the ends of the slider do. The label stays
// the accessible name.
void hp_value_row_set_words(HpValueRow *row, const char *symbol, const char *words);

G_END_DECLS
