// SPDX-License-Identifier: Apache-2.0
// Small masks typed and compared as text: '.' is 0, '#' is 1, digits are labels.
#pragma once

#include "core/mask.h"

G_BEGIN_DECLS

// A row per line (j down, i to the right), slices separated by an empty line, 1 mm voxels.
HpMask *picture(const char *text);
HpMask *picture_spaced(const char *text, double di_mm, double dj_mm, double dk_mm);

// The text of a mask in the same form; g_free().
char *picture_of(const HpMask *mask);

// Fails the test, printing both pictures, unless they are the same.
void assert_picture(const HpMask *mask, const char *expected);

// Where the shared material lies: $HEPATICA_MATERIAL, else ../shared/material beside the source;
// NULL where it is absent, and then the caller skips, saying so. g_free().
char *material_dup_path(void);

G_END_DECLS
