// SPDX-License-Identifier: Apache-2.0
// Brings a volume, a field or a mask onto another grid.
//
// Along each axis: linear between voxel centres where the target is finer, the mean over the target
// voxel where it is coarser (so nothing is skipped and a share of a mask keeps its volume). Grids with
// the same directions take one axis after the other; any other grid is first averaged along the source's
// axes, then sampled trilinearly. All fail with HP_ERROR_BAD_FILE for an impossible grid,
// HP_ERROR_NO_MEMORY and HP_ERROR_CANCELLED.
#pragma once

#include "core/field.h"
#include "core/task.h"
#include "core/volume.h"

G_BEGIN_DECLS

// Target voxels whose centre lies outside the source's voxels get `outside`.
HpField *hp_resample_volume(const HpVolume *in, const HpGrid *onto, float outside, HpTask *task,
                            GError **error);
HpField *hp_resample_field(const HpField *in, const HpGrid *onto, float outside, HpTask *task,
                           GError **error);

// The same as int16, rounded.
HpVolume *hp_resample_hu(const HpVolume *in, const HpGrid *onto, int16_t outside, HpTask *task,
                         GError **error);

// How much of each target voxel is `label` (any but 0 for `label` 0): 0..1. `labels` are dense, i
// fastest, on `grid`; outside it is nothing. The sum of the shares keeps the volume when `onto` is
// coarser on every axis, has the same directions and covers `grid`.
HpField *hp_resample_labels(const uint8_t *labels, const HpGrid *grid, uint8_t label,
                            const HpGrid *onto, HpTask *task, GError **error);

G_END_DECLS
