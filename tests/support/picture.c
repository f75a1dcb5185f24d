// SPDX-License-Identifier: Apache-2.0
// Small masks typed and compared as text: '.' is 0, '#' is 1, digits are labels.
#include "support/picture.h"

#include <string.h>

static uint8_t label_of(char letter)
{
    return letter == '#' ? 1 : letter == '.' ? 0 : (uint8_t)(letter - '0');
}

HpMask *picture_spaced(const char *text, double di_mm, double dj_mm, double dk_mm)
{
    g_auto(GStrv) slices = g_strsplit(text, "\n\n", -1);
    const int nk = (int)g_strv_length(slices);
    const int ni = (int)strcspn(text, "\n");
    int nj = 0;
    for (const char *at = slices[0]; *at != '\0'; at += at[ni] == '\n' ? ni + 1 : ni)
        nj++;
    const HpGrid grid = hp_grid_new(ni, nj, nk, di_mm, dj_mm, dk_mm);
    HpMask *mask = hp_mask_new(&grid, NULL);
    for (int k = 0; k < nk; k++)
        for (int j = 0; j < nj; j++)
            for (int i = 0; i < ni; i++)
                hp_mask_set(mask, i, j, k, label_of(slices[k][(size_t)j * (ni + 1) + i]));
    return mask;
}

HpMask *picture(const char *text)
{
    return picture_spaced(text, 1, 1, 1);
}

char *picture_of(const HpMask *mask)
{
    const HpGrid *grid = hp_mask_get_grid(mask);
    GString *text = g_string_new(NULL);
    for (int k = 0; k < grid->size[2]; k++) {
        if (k > 0)
            g_string_append_c(text, '\n');
        for (int j = 0; j < grid->size[1]; j++) {
            for (int i = 0; i < grid->size[0]; i++) {
                const uint8_t label = hp_mask_get(mask, i, j, k);
                g_string_append_c(text, label == 0 ? '.' : label == 1 ? '#' : (char)('0' + label));
            }
            g_string_append_c(text, '\n');
        }
    }
    return g_string_free(text, FALSE);
}

void assert_picture(const HpMask *mask, const char *expected)
{
    g_autofree char *got = picture_of(mask);
    if (strcmp(got, expected) == 0)
        return;
    g_test_message("got\n%s\nexpected\n%s", got, expected);
    g_test_fail();
}

char *material_dup_path(void)
{
    const char *named = g_getenv("HEPATICA_MATERIAL");
    g_autofree char *beside = g_build_filename(HP_SOURCE_DIR, "..", "shared", "material", NULL);
    const char *path = named != NULL ? named : beside;
    return g_file_test(path, G_FILE_TEST_IS_DIR) ? g_strdup(path) : NULL;
}
