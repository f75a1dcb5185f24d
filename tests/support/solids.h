// SPDX-License-Identifier: Apache-2.0
// Meshes with a formula, for tests and benchmarks of what draws or meets them.
#pragma once

#include "core/mesh.h"

G_BEGIN_DECLS

// A ball of `radius_mm` around a place in LPS, of 4 * rows * rows triangles, some of no area.
HpMesh *solid_ball(const double middle_mm[3], double radius_mm, int rows);

// The same with bumps and hollows of up to a sixth of the radius, the same for any rows.
HpMesh *solid_lump(const double middle_mm[3], double radius_mm, int rows);

G_END_DECLS
