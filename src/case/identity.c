// SPDX-License-Identifier: Apache-2.0
// Words without what may name a person: for a screen that others see.
#include "case/identity.h"

#include <string.h>

#define HIDDEN "…"

// Shorter texts would take parts of other words with them.
enum { LEAST_TEXT = 3 };

// Where the last ending begins: a dot and 2 to 5 letters ("Dr. Doe" has none, nor has "Doe.1970").
static size_t ending_before(const char *name, size_t length)
{
    size_t at = length;
    while (at > 0 && g_ascii_isalpha(name[at - 1]))
        at--;
    const size_t letters = length - at;
    return at > 1 && name[at - 1] == '.' && letters >= 2 && letters <= 5 ? at - 1 : length;
}

// The ending of a name, ".nii.gz" or ".stl"; its end without one.
static const char *ending(const char *name, size_t length)
{
    const size_t at = ending_before(name, length);
    const bool is_packed = length - at == 3 && strncmp(name + at, ".gz", 3) == 0;
    return name + (is_packed ? ending_before(name, at) : at);
}

char *hp_identity_hide_path(const char *path)
{
    g_autofree char *name = g_path_get_basename(path);
    return g_strconcat(HIDDEN, ending(name, strlen(name)), NULL);
}

static void replace(GString *words, const char *text)
{
    if (text != NULL && strlen(text) >= LEAST_TEXT)
        g_string_replace(words, text, HIDDEN, 0);
}

// Where the name of a file ends that begins at `name`: behind an ending that a space, colon, comma or
// the end follows; else at the first such mark.
static size_t name_length(const char *name)
{
    for (const char *at = name; *at != '\0'; at++) {
        const char *next = at + 1;
        const bool is_last = *next == '\0' || (strchr(" :,;", *next) != NULL);
        const size_t length = next - name;
        if (is_last && ending(name, length) < name + length)
            return length;
    }
    return strcspn(name, " :,;");
}

// Every absolute path, however many folders with spaces it goes through.
static void hide_paths(GString *words)
{
    gsize from = 0;
    for (;;) {
        const char *start = words->str + from;
        while (*start != '\0' && !(*start == '/' && start[1] != ' ' && start[1] != '\0' &&
                                   (start == words->str || strchr(" (\"'", start[-1]) != NULL)))
            start++;
        if (*start == '\0')
            return;
        const char *last = strrchr(start, '/') + 1;
        const size_t length = name_length(last);
        const gsize position = start - words->str;
        g_autofree char *tail =
            g_strndup(ending(last, length), last + length - ending(last, length));
        g_autofree char *shown = g_strconcat(HIDDEN, tail, NULL);
        g_string_erase(words, position, last + length - start);
        g_string_insert(words, position, shown);
        from = position + strlen(shown);
    }
}

static GString *hide(const char *words, const HpSeries *series)
{
    GString *shown = g_string_new(words);
    if (series != NULL) {
        g_autofree char *name = g_path_get_basename(series->path);
        g_autofree char *folder = g_path_get_dirname(series->path);
        g_autofree char *place = g_path_get_basename(folder);
        hide_paths(shown);
        replace(shown, name);
        replace(shown, place);
        replace(shown, series->description);
        replace(shown, series->phase);
    } else {
        hide_paths(shown);
    }
    return shown;
}

char *hp_identity_hide(const char *words, const HpSeries *series)
{
    return g_string_free(hide(words, series), FALSE);
}

char *hp_identity_hide_error(const char *message, const HpSeries *series)
{
    GString *shown = hide(message, series);
    const char *colon = strstr(shown->str, ": ");
    if (colon != NULL) {
        const size_t length = colon - shown->str;
        const char *tail = ending(shown->str, length);
        g_autofree char *name = g_strndup(tail, shown->str + length - tail);
        g_string_erase(shown, 0, length);
        g_string_prepend(shown, name);
        g_string_prepend(shown, HIDDEN);
    }
    return g_string_free(shown, FALSE);
}
