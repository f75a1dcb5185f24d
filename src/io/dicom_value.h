// SPDX-License-Identifier: Apache-2.0
// A value as it lies in a DICOM file, read as text or number; whatever it is, nothing breaks.
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

G_BEGIN_DECLS

// Borrowed from the data set; `value` NULL: absent.
typedef struct {
    const uint8_t *value;
    size_t length;
    char vr[3];
    bool is_big_endian;
} HpDicomValue;

// One value of a backslash-separated text, without blanks, cut to `room`; false if there is none.
bool hp_dicom_value_part(const HpDicomValue *raw, int index, char *out, size_t room);

bool hp_dicom_value_is_sequence(const HpDicomValue *raw);

// A decimal text (DS) read whole; NAN if absent, empty or not a number.
double hp_dicom_value_decimal(const HpDicomValue *raw, int index);

// Exactly `count` of them, all numbers; else false, and `out` holds NAN among them.
bool hp_dicom_value_decimals(const HpDicomValue *raw, int count, double *out);

// A whole number, in text (IS) or in two or four bytes.
bool hp_dicom_value_whole(const HpDicomValue *raw, bool is_text, int64_t *out);

// One in text, or `otherwise` if it is not readable.
int hp_dicom_value_number_or(const HpDicomValue *raw, int otherwise);

G_END_DECLS
