// SPDX-License-Identifier: Apache-2.0
// Gives a mesh an exact volume by moving its vertices along their normals, all by one distance.
#pragma once

#include "core/mesh.h"
#include "core/task.h"

G_BEGIN_DECLS

// Volume in mm3 of a part of a mesh whose vertices have moved by d mm along their normals: the sum
// of c[n] d^n. Exact, since each tetrahedron's volume is a cubic of d.
typedef struct {
    double c[4];
} HpVolumeOfShift;

// One polynomial for each part; `part` numbers the part of each vertex, NULL: all are part 0.
void hp_lock_measure(const HpMesh *mesh, const uint32_t *part, uint32_t parts,
                     HpVolumeOfShift *volumes);

// The shift that gives `mm3`, the one nearest to 0; NAN if none lies within +-limit_mm.
double hp_lock_solve(const HpVolumeOfShift *volume, double mm3, double limit_mm);

// Moves each vertex by shift_mm[part of the vertex] along its normal.
void hp_lock_shift(HpMesh *mesh, const uint32_t *part, const double *shift_mm);

G_END_DECLS
