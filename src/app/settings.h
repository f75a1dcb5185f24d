// SPDX-License-Identifier: Apache-2.0
// What a person prefers on this computer, kept by GSettings.
#pragma once

#include <gio/gio.h>
#include <stdbool.h>

G_BEGIN_DECLS

// The settings of org.hepatica.Hepatica, whose keys and defaults are in its schema; borrowed, for the
// main thread. NULL where the schema is not installed: nothing is then remembered.
GSettings *hp_settings_get(void);

G_END_DECLS
