// SPDX-License-Identifier: Apache-2.0
// Reduces a closed mesh to a number of triangles, by quadrics, without changing its volume.
#pragma once

#include "core/mesh.h"
#include "core/task.h"

G_BEGIN_DECLS

typedef struct {
    double error_mm;     // largest distance, by its quadric, of a new triangle from the old surface
    double unlocked_mm3; // volume before it was restored
    double shift_mm;     // that every vertex moved along its normal to restore it
} HpReduction;

// A closed manifold mesh of at most `triangles`, of the same volume. Its vertices are some of the old
// ones, all moved by one shift; normals are half the old, half those of the new triangles. Where so few
// cannot be had (four for each part is the least, and less where the shape would be lost) the result
// has more: see its `triangles`. A mesh that is small enough is returned as it is, with one more
// reference. `reduction` may be NULL. Fails with HP_ERROR_NO_RESULT if `mesh` is not watertight,
// HP_ERROR_NO_MEMORY and HP_ERROR_CANCELLED.
HpMesh *hp_surface_reduce(const HpMesh *mesh, size_t triangles, HpReduction *reduction,
                          HpTask *task, GError **error);

G_END_DECLS
