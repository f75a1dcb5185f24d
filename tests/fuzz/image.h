// SPDX-License-Identifier: Apache-2.0
// What the targets of the image formats share.
#pragma once

#include "fuzz/fuzz.h"

// Reads the bytes as a mask, a volume and a field; 0 if one of them was loaded, else -1.
int fuzz_image(const uint8_t *data, size_t size);

// 4 x 3 x 2 voxels of int16, little-endian.
extern const uint8_t fuzz_voxels[48];

// `bytes`, which are consumed, from `from` on as a gzip stream.
GByteArray *fuzz_gzip(GByteArray *bytes, size_t from);
