// SPDX-License-Identifier: Apache-2.0
// Where the program's own files lie: found from where the program lies, so that any prefix works and
// the build folder does, too.
#include "app/place.h"

// The first of `places`, relative to the program's folder, that holds `file` ("": that exists).
static char *find(const char *const *places, const char *file)
{
    g_autofree char *self = g_file_read_link("/proc/self/exe", NULL);
    g_autofree char *folder = self == NULL ? g_strdup(".") : g_path_get_dirname(self);
    for (; *places != NULL; places++) {
        g_autofree char *path = g_build_filename(folder, *places, NULL);
        g_autofree char *inside = g_build_filename(path, file, NULL);
        if (g_file_test(inside, G_FILE_TEST_EXISTS))
            return g_steal_pointer(&path);
    }
    return NULL;
}

char *hp_place_dup_locales(void)
{
    // Tests bring a language of their own.
    const char *chosen = g_getenv("HEPATICA_LOCALES");
    static const char *const places[] = {"../../po", "../share/locale", NULL};
    return chosen != NULL ? g_strdup(chosen) : find(places, "");
}

char *hp_place_dup_schemas(void)
{
    static const char *const places[] = {"../../data", "../share/glib-2.0/schemas", NULL};
    return find(places, "gschemas.compiled");
}
