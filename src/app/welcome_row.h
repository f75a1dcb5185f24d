// SPDX-License-Identifier: Apache-2.0
// A case in the lists of the welcome page: a picture, what and when it was, and a button to forget it.
#pragma once

#include <gtk/gtk.h>
#include <stdbool.h>

G_BEGIN_DECLS

#define HP_TYPE_WELCOME_ROW (hp_welcome_row_get_type())
G_DECLARE_FINAL_TYPE(HpWelcomeRow, hp_welcome_row, HP, WELCOME_ROW, GtkListBoxRow)

typedef struct {
    const char *path;
    const char *title;
    gint64 time_us;
    double ml;          // NAN: no result
    GBytes *thumbnail;  // PNG; NULL: none
    const char *fact;   // why it cannot be opened; NULL: it can
    const char *forget; // what the button does, as its tooltip
} HpWelcomeCase;

// The signal "forget" says that the button was pressed. What is given is copied.
GtkWidget *hp_welcome_row_new(const HpWelcomeCase *shown);

const char *hp_welcome_row_get_path(const HpWelcomeRow *row);

G_END_DECLS
