// SPDX-License-Identifier: Apache-2.0
// Exact Euclidean distance in millimetres to a set of voxels, on any spacing.
//
// `labels` are dense, i fastest, on `grid`; the set is the voxels that are `label`, or any but 0 for
// `label` 0. What lies beyond the grid belongs neither to the set nor to its outside. Distances over
// `max_mm` read `max_mm`, and a small one makes the call cheaper; use INFINITY for no limit: then
// the distance to an empty set is INFINITY. Lower parabolas, axis by axis: Felzenszwalb and
// Huttenlocher 2012. All fail with HP_ERROR_NO_MEMORY and HP_ERROR_CANCELLED.
#pragma once

#include "core/field.h"
#include "core/task.h"

#include <stdint.h>

G_BEGIN_DECLS

// From each voxel's centre to the nearest centre in the set; 0 in the set.
HpField *hp_distance_outside(const uint8_t *labels, const HpGrid *grid, uint8_t label,
                             double max_mm, HpTask *task, GError **error);

// From each centre in the set to the nearest centre outside it; 0 outside.
HpField *hp_distance_inside(const uint8_t *labels, const HpGrid *grid, uint8_t label, double max_mm,
                            HpTask *task, GError **error);

// From each centre to the surface of the set taken as a solid of boxes, negative inside; so two
// neighbours on either side of the surface read plus and minus half the spacing. Within +-max_mm.
HpField *hp_distance_signed(const uint8_t *labels, const HpGrid *grid, uint8_t label, double max_mm,
                            HpTask *task, GError **error);

G_END_DECLS
