// SPDX-License-Identifier: Apache-2.0
// What the window shows before a case is open: how to open one, and those that were open before.
#pragma once

#include "app/lens.h"
#include "case/document.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define HP_TYPE_WELCOME_PAGE (hp_welcome_page_get_type())
G_DECLARE_FINAL_TYPE(HpWelcomePage, hp_welcome_page, HP, WELCOME_PAGE, GtkWidget)

// The signal "open" carries the path of what a person chose from a list.
GtkWidget *hp_welcome_page_new(HpDocument *document, HpLens *lens);

G_END_DECLS
