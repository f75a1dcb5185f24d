// SPDX-License-Identifier: Apache-2.0
// Grids and contours as bytes to keep, and bytes made smaller: the same values are the same bytes.
//
// Numbers are doubles, little-endian, bit by bit. What comes back is checked before anything of its size
// is allocated; NULL or false where the bytes are not what they should be.
#pragma once

#include "core/contour.h"

G_BEGIN_DECLS

GBytes *hp_pack_grid(const HpGrid *grid);
bool hp_unpack_grid(GBytes *bytes, HpGrid *grid);

GBytes *hp_pack_contours(const GPtrArray *contours);
GPtrArray *hp_unpack_contours(GBytes *bytes);

// zlib, and back: at most `most` bytes.
GBytes *hp_pack_deflate(const void *bytes, size_t size);
GBytes *hp_pack_inflate(const void *bytes, size_t size, size_t most);

G_END_DECLS
