// SPDX-License-Identifier: Apache-2.0
// Cuts what hangs on an organ by a narrow neck: heart, stomach, vena cava, muscle.
#pragma once

#include "core/grid.h"
#include "core/task.h"

#include <stdint.h>

G_BEGIN_DECLS

typedef struct {
    float neck_mm;  // a neck that holds no ball of this radius is cut
    float core_mm;  // the organ's bulk holds balls of this radius
    float reach_mm; // and what lies within this way from it, inside the organ, stays
    float close_mm; // gaps in the surface up to twice this wide are closed
} HpNeckParams;

HpNeckParams hp_neck_params_default(void);

// Changes dense `labels` (0 and not 0 on `grid`, 0 and 1 afterwards): keeps the parts of
// {distance to outside > neck} that the seed touches, grown back by as much and 1 mm, of that what lies
// within reach of the core; closes, fills holes (in space, then in axial slices), and keeps the
// part that touches `seeds`. Fails with HP_ERROR_NO_RESULT if nothing is left, HP_ERROR_NO_MEMORY and
// HP_ERROR_CANCELLED; the labels are then undefined.
bool hp_neck_cut(uint8_t *labels, const uint8_t *seeds, const HpGrid *grid,
                 const HpNeckParams *params, HpTask *task, GError **error);

G_END_DECLS
