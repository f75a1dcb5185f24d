// SPDX-License-Identifier: Apache-2.0
// Connected parts and holes of dense labels: voxels that share a face belong together.
//
// `labels` are dense, i fastest, on `grid`; any value but 0 belongs to the set, and neighbours of
// different values are connected. The calls change `labels` in place. All fail with
// HP_ERROR_NO_MEMORY and HP_ERROR_CANCELLED and leave `labels` untouched then. By runs along i and
// union-find (He, Chao, Suzuki 2008).
#pragma once

#include "core/grid.h"
#include "core/task.h"

#include <stdint.h>

G_BEGIN_DECLS

// Voxels of each part, largest first (of equal ones, first met first); g_free(). `count` may be 0
// and the list is then empty, not NULL.
size_t *hp_components_sizes(const uint8_t *labels, const HpGrid *grid, int *count, HpTask *task,
                            GError **error);

// Keeps the part with most voxels; of equal ones the first met. An empty set stays empty.
bool hp_components_keep_largest(uint8_t *labels, const HpGrid *grid, HpTask *task, GError **error);

// Keeps the parts that share a voxel with `seeds` (any but 0), which lie on the same grid.
bool hp_components_keep_touching(uint8_t *labels, const HpGrid *grid, const uint8_t *seeds,
                                 HpTask *task, GError **error);

// Keeps the parts of at least `voxels`.
bool hp_components_keep_large(uint8_t *labels, const HpGrid *grid, size_t voxels, HpTask *task,
                              GError **error);

// Gives `label` to the 0 voxels that no path of 0 voxels joins to the border of the grid.
bool hp_fill_holes_3d(uint8_t *labels, const HpGrid *grid, uint8_t label, HpTask *task,
                      GError **error);

// The same within each slice across `axis` (0, 1, 2), the border being that of the slice. After a
// failure some slices are filled and some are not.
bool hp_fill_holes_slices(uint8_t *labels, const HpGrid *grid, int axis, uint8_t label,
                          HpTask *task, GError **error);

G_END_DECLS
