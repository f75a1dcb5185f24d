// SPDX-License-Identifier: Apache-2.0
// How high the belly reaches: a sheet that spans the gap between the bases of the lungs.
//
// Heart and liver lie wall to wall, in some phases at one grey value; but the lungs on either side
// show where the diaphragm is, and between them it runs on like a sheet.
#pragma once

#include "core/field.h"
#include "core/task.h"
#include "core/volume.h"

#include <stdint.h>

G_BEGIN_DECLS

// Millimetres over the sheet (negative below it) at each voxel of `grid`, which lies along the
// volume's axes; `*over` is NULL where the volume shows no lungs. What is darker than `air_hu` is
// air, than `body_hu` no body. Fails with HP_ERROR_NO_MEMORY and HP_ERROR_CANCELLED.
bool hp_ceiling(const HpVolume *volume, const HpGrid *grid, double air_hu, double body_hu,
                HpField **over, HpTask *task, GError **error);

// Nats against liver so far over the sheet.
float hp_ceiling_cost(float over_mm);

G_END_DECLS
