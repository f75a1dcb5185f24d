// SPDX-License-Identifier: Apache-2.0
// DICOM text, in any of its character sets, as clean UTF-8.
#include "io/dicom_text.h"

#include <string.h>

// PS3.3 C.12.1.1.2: defined terms and what iconv calls them. The terms with code extensions
// ("ISO 2022 IR 100") differ from the plain ones ("ISO_IR 100") in their first letters only.
static const struct {
    const char *term, *iconv;
} character_sets[] = {
    {"IR 100", "ISO-8859-1"}, {"IR 101", "ISO-8859-2"},
    {"IR 109", "ISO-8859-3"}, {"IR 110", "ISO-8859-4"},
    {"IR 144", "ISO-8859-5"}, {"IR 127", "ISO-8859-6"},
    {"IR 126", "ISO-8859-7"}, {"IR 138", "ISO-8859-8"},
    {"IR 148", "ISO-8859-9"}, {"IR 203", "ISO-8859-15"},
    {"IR 13", "SHIFT_JIS"},   {"IR 166", "TIS-620"},
    {"IR 87", "ISO-2022-JP"}, {"IR 159", "ISO-2022-JP-2"},
    {"IR 149", "EUC-KR"},     {"IR 58", "ISO-2022-CN"},
    {"IR 192", "UTF-8"},      {"GB18030", "GB18030"},
    {"GBK", "GBK"},           {"GB2312", "GB2312"},
};

// The richest of the sets named decides: code extensions switch from the first to the others.
static const char *iconv_name(const char *character_set)
{
    const char *last = character_set == NULL ? "" : character_set;
    const char *name = NULL;
    for (size_t n = 0; n < G_N_ELEMENTS(character_sets); n++) {
        const char *at = strstr(last, character_sets[n].term);
        const size_t length = strlen(character_sets[n].term);
        if (at != NULL && !g_ascii_isdigit(at[length]))
            name = character_sets[n].iconv;
    }
    return name;
}

void hp_dicom_text(const uint8_t *bytes, size_t length, const char *character_set, char *out,
                   size_t room)
{
    const uint8_t *zero = memchr(bytes, '\0', length);
    const gssize present = (gssize)(zero == NULL ? length : (size_t)(zero - bytes));
    const char *from = iconv_name(character_set);
    g_autofree char *converted = NULL;
    if (from != NULL && strcmp(from, "UTF-8") != 0)
        converted = g_convert_with_fallback((const char *)bytes, present, "UTF-8", from, "?", NULL,
                                            NULL, NULL);
    g_autofree char *valid = converted != NULL ? g_utf8_make_valid(converted, -1)
                                               : g_utf8_make_valid((const char *)bytes, present);
    for (char *at = valid; *at != '\0'; at = g_utf8_next_char(at))
        if ((unsigned char)*at < 0x20 || *at == 0x7f)
            *at = ' ';
    g_strstrip(valid);
    size_t keep = MIN(strlen(valid), room - 1);
    while (keep > 0 && keep < strlen(valid) && ((unsigned char)valid[keep] & 0xc0) == 0x80)
        keep--;
    memcpy(out, valid, keep);
    out[keep] = '\0';
}
