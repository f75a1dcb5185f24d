// SPDX-License-Identifier: Apache-2.0
// Analytic solids drawn into masks, and slow obvious checks of a mesh, for the tests of surface.
#pragma once

#include "core/mask.h"
#include "core/mesh.h"

#include <stdbool.h>

// Centred at the patient origin. An ellipsoid has three half axes; a torus the radius of its ring, of
// its tube, and lies in the plane x, y (its third number is unused).
typedef struct {
    enum { ELLIPSOID, TORUS } kind;
    double mm[3];
} Shape;

double shape_volume_mm3(const Shape *shape);
double shape_area_mm2(const Shape *shape); // of an ellipsoid by numeric integration

// Voxels with label 1 where their centre is inside. The grid is `turn` radians oblique about two axes,
// spans 4 mm more than the shape and is off-centre by fractions of a voxel.
HpMask *shape_mask(const Shape *shape, double di_mm, double dj_mm, double dk_mm, double turn);

// A mask of random voxels: each carries label 1 with this probability.
HpMask *random_mask(int ni, int nj, int nk, double probability, guint32 seed);

// True if every vertex in use has one closed fan of triangles: by following each fan around.
bool is_manifold(const HpMesh *mesh);

// Fails the test unless both have the same bytes.
void assert_same_mesh(const HpMesh *a, const HpMesh *b);
