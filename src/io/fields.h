// SPDX-License-Identifier: Apache-2.0
// The named values of a header that is text, and numbers in them.
#pragma once

#include <glib.h>
#include <stdbool.h>

G_BEGIN_DECLS

#define HP_FIELDS_LINES 1000 // a header of more lines is none

// Names and values, both owned. Names are kept in lower case without spaces, as NRRD and MetaImage
// programs differ in both.
typedef GHashTable HpFields;

HpFields *hp_fields_new(void);
void hp_fields_put(HpFields *fields, const char *name, size_t name_length, const char *value);
// The value without spaces around it; NULL if there is none. `name` as it is kept.
const char *hp_fields_get(const HpFields *fields, const char *name);

// Exactly `count` finite numbers, separated by spaces, commas or brackets, and nothing else.
bool hp_fields_parse_numbers(const char *text, int count, double *number);

// A whole number within [low, high] of a field; HP_ERROR_BAD_FILE naming it if it is none or absent.
// An absent one is `*number` as it was where `optional`.
bool hp_fields_get_whole(const HpFields *fields, const char *name, gint64 low, gint64 high,
                         bool optional, gint64 *number, GError **error);

G_END_DECLS
