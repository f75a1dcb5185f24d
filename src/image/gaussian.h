// SPDX-License-Identifier: Apache-2.0
// Blurs by a Gaussian, its standard deviation in millimetres on every axis.
//
// Separable, cut off at 4 sigma; at the borders the weights of missing voxels are not counted.
// sigma_mm >= 0; 0 copies. Fails with HP_ERROR_NO_MEMORY and HP_ERROR_CANCELLED.
#pragma once

#include "core/field.h"
#include "core/task.h"
#include "core/volume.h"

G_BEGIN_DECLS

HpField *hp_gaussian(const HpField *in, double sigma_mm, HpTask *task, GError **error);
HpField *hp_gaussian_volume(const HpVolume *in, double sigma_mm, HpTask *task, GError **error);

// Into an int16 volume on the grid of `in`, rounded; `out` may be `in`. The only scratch is a ring
// of slices. After a failure `out` holds anything.
bool hp_gaussian_into(const HpVolume *in, double sigma_mm, HpVolume *out, HpTask *task,
                      GError **error);

G_END_DECLS
