// SPDX-License-Identifier: Apache-2.0
// How fast a picture changes: the length of its gradient, per millimetre.
#pragma once

#include "core/field.h"
#include "core/task.h"

G_BEGIN_DECLS

// Central differences, one-sided at the borders, 0 along an axis of one voxel; blur the picture first
// (image/gaussian.h) for the gradient of the Gaussian. Fails with HP_ERROR_NO_MEMORY and
// HP_ERROR_CANCELLED.
HpField *hp_gradient(const HpField *in, HpTask *task, GError **error);

G_END_DECLS
