// SPDX-License-Identifier: Apache-2.0
// How well two masks agree: overlap, volumes and the distance between their surfaces.
#pragma once

#include "core/mask.h"
#include "core/task.h"

G_BEGIN_DECLS

typedef struct {
    double dice;                      // 2 |A and B| / (|A| + |B|); 1 if both are empty
    double volume_ml, reference_ml;   //
    double volume_difference_percent; // 100 (volume - reference) / reference; NAN without reference
    double assd_mm;                   // mean over the boundary voxels of both; NAN if one is empty
    double hd95_mm;                   // 95th percentile of the same distances; NAN if one is empty
} HpAgreement;

// Compares the voxels of `label` (any but 0 for `label` 0). Boundary voxels are those with a face
// towards something else or the border; distances run between their centres, exact on any spacing.
// Fails with HP_ERROR_GRID_MISMATCH if the masks lie on unequal grids, HP_ERROR_NO_MEMORY and
// HP_ERROR_CANCELLED.
bool hp_compare(const HpMask *mask, const HpMask *reference, uint8_t label, HpAgreement *agreement,
                HpTask *task, GError **error);

G_END_DECLS
