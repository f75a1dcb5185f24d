// SPDX-License-Identifier: Apache-2.0
// Lets an organ that was taken follow the sliders: a sketch while they move, the whole once they rest.
#pragma once

#include "case/document.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

// Works as long as `owner` lives. Nothing is sought before the person has taken an organ themselves.
void hp_follow_begin(GtkWidget *owner, HpDocument *document);

G_END_DECLS
