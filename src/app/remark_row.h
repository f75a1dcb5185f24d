// SPDX-License-Identifier: Apache-2.0
// A remark on a series: an icon, a line, and what it means.
#pragma once

#include "app/series_words.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

GtkWidget *hp_remark_row_new(const HpRemark *remark);

G_END_DECLS
