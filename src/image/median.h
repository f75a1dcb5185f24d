// SPDX-License-Identifier: Apache-2.0
// The median of each voxel's 3x3x3 neighbourhood; beyond the border the border voxel is repeated.
#pragma once

#include "core/field.h"
#include "core/task.h"
#include "core/volume.h"

G_BEGIN_DECLS

// Both fail with HP_ERROR_NO_MEMORY and HP_ERROR_CANCELLED. Fields hold no NAN.
HpVolume *hp_median_volume(const HpVolume *in, HpTask *task, GError **error);
HpField *hp_median(const HpField *in, HpTask *task, GError **error);

G_END_DECLS
