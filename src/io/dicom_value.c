// SPDX-License-Identifier: Apache-2.0
// A value as it lies in a DICOM file, read as text or number; whatever it is, nothing breaks.
#include "io/dicom_value.h"

#include <math.h>
#include <string.h>

#include "io/dicom_walk.h"

bool hp_dicom_value_part(const HpDicomValue *raw, int index, char *out, size_t room)
{
    const char *at = (const char *)raw->value;
    const char *end = at + (at == NULL ? 0 : raw->length);
    for (; index > 0 && at < end; index--) {
        const char *next = memchr(at, '\\', (size_t)(end - at));
        at = next == NULL ? end : next + 1;
    }
    if (at >= end)
        return false;
    const char *stop = memchr(at, '\\', (size_t)(end - at));
    stop = stop == NULL ? end : stop;
    while (at < stop && (*at == ' ' || *at == '\0'))
        at++;
    while (stop > at && (stop[-1] == ' ' || stop[-1] == '\0'))
        stop--;
    const size_t length = MIN((size_t)(stop - at), room - 1);
    memcpy(out, at, length);
    out[length] = '\0';
    return length > 0;
}

bool hp_dicom_value_is_sequence(const HpDicomValue *raw)
{
    return strcmp(raw->vr, "SQ") == 0;
}

double hp_dicom_value_decimal(const HpDicomValue *raw, int index)
{
    char text[64];
    if (hp_dicom_value_is_sequence(raw) || !hp_dicom_value_part(raw, index, text, sizeof text))
        return NAN;
    char *end = NULL;
    const double number = g_ascii_strtod(text, &end);
    return end != text && *end == '\0' && isfinite(number) ? number : NAN;
}

bool hp_dicom_value_decimals(const HpDicomValue *raw, int count, double *out)
{
    char extra[8];
    for (int n = 0; n < count; n++)
        out[n] = hp_dicom_value_decimal(raw, n);
    for (int n = 0; n < count; n++)
        if (isnan(out[n]))
            return false;
    return !hp_dicom_value_part(raw, count, extra, sizeof extra);
}

bool hp_dicom_value_whole(const HpDicomValue *raw, bool is_text, int64_t *out)
{
    if (raw->value == NULL || hp_dicom_value_is_sequence(raw))
        return false;
    if (is_text) {
        char text[32], *end = NULL;
        if (!hp_dicom_value_part(raw, 0, text, sizeof text))
            return false;
        const gint64 number = g_ascii_strtoll(text, &end, 10);
        *out = number;
        return end != text && *end == '\0';
    }
    if (raw->length == 2)
        *out = hp_bytes_u16(raw->value, raw->is_big_endian);
    else if (raw->length == 4)
        *out = hp_bytes_u32(raw->value, raw->is_big_endian);
    return raw->length == 2 || raw->length == 4;
}

int hp_dicom_value_number_or(const HpDicomValue *raw, int otherwise)
{
    int64_t number;
    return hp_dicom_value_whole(raw, true, &number) && ABS(number) <= G_MAXINT32 ? (int)number
                                                                                 : otherwise;
}
