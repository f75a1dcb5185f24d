// SPDX-License-Identifier: Apache-2.0
// Cuts thick slices of a shape into thinner ones, so that its surface slopes instead of stepping.
//
// Between two neighbouring slices the shape changes where one has it and the other has not: a terrace,
// as seen from above. Its height t above the slice that has it solves a Poisson equation,
// laplace t = -c, with t = 0 along the border to the outside and 1 along the border to what both
// slices have; c is chosen for each connected terrace so that its mean height is 1/2, which keeps the
// volume of the slices. A terrace with no such inner border becomes a dome: where a ball ends, the
// solution is the paraboloid that touches it.
#pragma once

#include "core/grid.h"
#include "core/task.h"

#include <stdint.h>

G_BEGIN_DECLS

// How many slices to make of one, and along which grid axis: 1 unless the largest spacing is at least
// 1.5 times the others; at most 16.
int hp_terrace_factor(const HpGrid *grid, int *axis);

// Dense 0/1 voxels with each slice across `axis` in `factor` parts, on `fine`; the first and the last
// slice of `inside` must be empty. g_free(). NULL with HP_ERROR_NO_MEMORY or HP_ERROR_CANCELLED.
uint8_t *hp_terrace_cut(const uint8_t *inside, const HpGrid *grid, int axis, int factor,
                        HpGrid *fine, HpTask *task, GError **error);

G_END_DECLS
