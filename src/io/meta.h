// SPDX-License-Identifier: Apache-2.0
// MetaImage (.mha, .mhd with .raw or .zraw): reads it.
//
// The format: https://itk.org/Wiki/MetaIO/Documentation. Its world is LPS, as ITK takes it.
#pragma once

#include "io/voxels.h"

G_BEGIN_DECLS

// Whether a file that starts with these bytes claims to be MetaImage.
bool hp_meta_claims(const uint8_t *first, size_t size);

// Reads the header; `*source` then stands at the first voxel (of another source, where the data lie
// in a file beside the header). Directions come from TransformMatrix, whose rows are those of i, j
// and k; without it from AnatomicalOrientation; without both a warning says so.
bool hp_meta_read_header(HpSource **source, HpLayout *layout, GError **error);

G_END_DECLS
