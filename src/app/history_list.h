// SPDX-License-Identifier: Apache-2.0
// The steps of the case, newest first, each with the millilitres it changed; a click goes there.
#pragma once

#include "case/document.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define HP_TYPE_HISTORY_LIST (hp_history_list_get_type())
G_DECLARE_FINAL_TYPE(HpHistoryList, hp_history_list, HP, HISTORY_LIST, GtkBox)

GtkWidget *hp_history_list_new(HpDocument *document);

G_END_DECLS
