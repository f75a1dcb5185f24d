// SPDX-License-Identifier: Apache-2.0
// The window in which a person says what they prefer.
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define HP_TYPE_PREFERENCES (hp_preferences_get_type())
G_DECLARE_FINAL_TYPE(HpPreferences, hp_preferences, HP, PREFERENCES, AdwPreferencesWindow)

// Shown over `parent`; what is set holds at once. `actions` has the application's "style".
GtkWindow *hp_preferences_new(GtkWindow *parent, GActionGroup *actions);

G_END_DECLS
