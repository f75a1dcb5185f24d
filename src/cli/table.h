// SPDX-License-Identifier: Apache-2.0
// A result as a table for people, made from the same JSON object that --json prints.
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

// A line per member, its unit taken from the end of its name ("volume_ml" becomes
// "volume   1731.20 ml"); objects in lists follow each other, separated by an empty line. g_free().
char *hp_table_dup_text(JsonObject *object);

G_END_DECLS
