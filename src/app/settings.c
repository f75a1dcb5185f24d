// SPDX-License-Identifier: Apache-2.0
// What a person prefers on this computer, kept by GSettings.
#include "app/settings.h"

#include "app/place.h"

#define SCHEMA "org.hepatica.Hepatica"

static GSettings *open_settings(void)
{
    g_autofree char *folder = hp_place_dup_schemas();
    GSettingsSchemaSource *general = g_settings_schema_source_get_default();
    g_autoptr(GSettingsSchemaSource) own = NULL;
    if (folder != NULL)
        own = g_settings_schema_source_new_from_directory(folder, general, TRUE, NULL);
    GSettingsSchemaSource *source = own != NULL ? own : general;
    if (source == NULL)
        return NULL;
    g_autoptr(GSettingsSchema) schema = g_settings_schema_source_lookup(source, SCHEMA, TRUE);
    return schema == NULL ? NULL : g_settings_new_full(schema, NULL, NULL);
}

GSettings *hp_settings_get(void)
{
    static GSettings *settings = NULL;
    static bool is_opened = false;
    if (!is_opened)
        settings = open_settings();
    is_opened = true;
    return settings;
}
