// SPDX-License-Identifier: Apache-2.0
// The named values of a header that is text, and numbers in them.
#include "io/fields.h"

#include "core/error.h"

#include <math.h>
#include <string.h>

HpFields *hp_fields_new(void)
{
    return g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
}

void hp_fields_put(HpFields *fields, const char *name, size_t name_length, const char *value)
{
    GString *kept = g_string_new(NULL);
    for (size_t at = 0; at < name_length; at++)
        if (!g_ascii_isspace(name[at]))
            g_string_append_c(kept, g_ascii_tolower(name[at]));
    g_hash_table_replace(fields, g_string_free(kept, FALSE), g_strstrip(g_strdup(value)));
}

const char *hp_fields_get(const HpFields *fields, const char *name)
{
    return g_hash_table_lookup((HpFields *)fields, name);
}

static const char *skip_separators(const char *text)
{
    while (*text != '\0' && (g_ascii_isspace(*text) || strchr(",()", *text) != NULL))
        text++;
    return text;
}

bool hp_fields_parse_numbers(const char *text, int count, double *number)
{
    for (int at = 0; at < count; at++) {
        char *end;
        text = skip_separators(text);
        number[at] = g_ascii_strtod(text, &end);
        if (end == text || !isfinite(number[at]))
            return false;
        text = end;
    }
    return *skip_separators(text) == '\0';
}

bool hp_fields_get_whole(const HpFields *fields, const char *name, gint64 low, gint64 high,
                         bool optional, gint64 *number, GError **error)
{
    const char *text = hp_fields_get(fields, name);
    if (text == NULL && optional)
        return true;
    if (text != NULL && g_ascii_string_to_signed(text, 10, low, high, number, NULL))
        return true;
    g_set_error(error, HP_ERROR, HP_ERROR_BAD_FILE,
                "field '%s' is '%.40s', expected a whole number from %" G_GINT64_FORMAT
                " to %" G_GINT64_FORMAT,
                name, text != NULL ? text : "absent", low, high);
    return false;
}
