// SPDX-License-Identifier: Apache-2.0
// The line at the bottom: the voxel under the pointer, and the job under way with its cancel.
#pragma once

#include "case/document.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define HP_TYPE_STATUS_LINE (hp_status_line_get_type())
G_DECLARE_FINAL_TYPE(HpStatusLine, hp_status_line, HP, STATUS_LINE, GtkBox)

GtkWidget *hp_status_line_new(HpDocument *document);

void hp_status_line_set_hover(HpStatusLine *line, const char *words);
// Says what was done, until the next job begins.
void hp_status_line_say(HpStatusLine *line, const char *words);

G_END_DECLS
