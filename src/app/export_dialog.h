// SPDX-License-Identifier: Apache-2.0
// Asks what to write, as what and where; writes it, and says what the file holds.
#pragma once

#include "case/document.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define HP_TYPE_EXPORT_DIALOG (hp_export_dialog_get_type())
G_DECLARE_FINAL_TYPE(HpExportDialog, hp_export_dialog, HP, EXPORT_DIALOG, AdwWindow)

// Over `parent`, whose action "win.say" gets the result as well. Enter writes at once what was written
// last, to the same folder.
void hp_export_dialog_present(HpDocument *document, GtkWindow *parent);

G_END_DECLS
