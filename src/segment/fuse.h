// SPDX-License-Identifier: Apache-2.0
// The stacks of the three planes as one signed distance.
#pragma once

#include "core/field.h"
#include "segment/propagate.h"

G_BEGIN_DECLS

#define HP_FUSE_CLAMP_MM 10

// phi_f = sum_p w_p phi_p / sum_p w_p on the grid of the stacks (all on one), mm, negative inside,
// within +-HP_FUSE_CLAMP_MM. phi_p is the distance within p's slices, w_p(x) = exp(-mm along p's
// normal to its nearest seeded slice / 40 mm) x the slice's edge confidence. Stacks without a
// contour do not count. Fails with HP_ERROR_NO_MEMORY and HP_ERROR_CANCELLED.
HpField *hp_fuse(HpStack *const *stacks, int count, HpTask *task, GError **error);

// Millilitres where the field is negative, the voxels at its zero level by their share.
double hp_fuse_volume_ml(const HpField *phi);

G_END_DECLS
