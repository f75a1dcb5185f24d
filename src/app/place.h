// SPDX-License-Identifier: Apache-2.0
// Where the program's own files lie: found from where the program lies, so that any prefix works and
// the build folder does, too.
#pragma once

#include <glib.h>

G_BEGIN_DECLS

// The folder of the message catalogues (LANGUAGE/LC_MESSAGES/hepatica.mo), and that of the compiled
// settings schema; g_free(). NULL where there is none.
char *hp_place_dup_locales(void);
char *hp_place_dup_schemas(void);

G_END_DECLS
