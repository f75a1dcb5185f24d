// SPDX-License-Identifier: Apache-2.0
// The shortest way to refuse a file: one line that says what was found and what was expected.
#pragma once

#include <glib.h>
#include <stdbool.h>

G_BEGIN_DECLS

// Sets HP_ERROR_BAD_FILE with the message and returns false.
bool hp_bad_file(GError **error, const char *format, ...) G_GNUC_PRINTF(2, 3);

G_END_DECLS
