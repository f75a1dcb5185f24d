// SPDX-License-Identifier: Apache-2.0
// Widens a seed to what its own slice shows: a small circle speaks for the section it lies in.
//
// The method judges by the seed where an organ may lie, which only a seed of most of a section can
// tell. So a smaller one first takes the pixels of its grey values that are joined to it, without
// what hangs on them by a neck, and moves in from their outline as a person's seed would lie.
#pragma once

#include "core/contour.h"
#include "core/field.h"
#include "core/task.h"

#include <stdint.h>

G_BEGIN_DECLS

// A seed on the slice of `smooth` (HU, blurred; voxels about as wide as they are high) nearest to
// `seed`; a copy of `seed` where that already holds most of its section, or is too small to cover a
// voxel. hp_seed_check has passed `seed`. `body` is 1 inside the body, on the grid of `smooth`.
// hp_contour_free(). Fails with HP_ERROR_NO_MEMORY and HP_ERROR_CANCELLED.
HpContour *hp_seed_widen(const HpContour *seed, const HpField *smooth, const uint8_t *body,
                         HpTask *task, GError **error);

G_END_DECLS
