// SPDX-License-Identifier: Apache-2.0
// DICOM text, in any of its character sets, as clean UTF-8.
#pragma once

#include <glib.h>
#include <stdint.h>

G_BEGIN_DECLS

// Writes `length` bytes of text in `character_set` (the value of SpecificCharacterSet, NULL or ""
// for none) to `out` of `room` bytes as UTF-8 that ends in '\0': padding cut, control characters
// and what cannot be read replaced, cut at a whole character. It never fails.
void hp_dicom_text(const uint8_t *bytes, size_t length, const char *character_set, char *out,
                   size_t room);

G_END_DECLS
