// SPDX-License-Identifier: Apache-2.0
// The shortest way to refuse a file: one line that says what was found and what was expected.
#include "io/bad_file.h"

#include "core/error.h"

bool hp_bad_file(GError **error, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *message = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    g_set_error_literal(error, HP_ERROR, HP_ERROR_BAD_FILE, message);
    return false;
}
