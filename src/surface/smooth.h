// SPDX-License-Identifier: Apache-2.0
// Smooths the voxel net of a label without changing its volume.
//
// Positions pass low-pass filters of the mesh (Taubin, Zhang, Golub 1996: a windowed sinc in
// Chebyshev polynomials of the averaging matrix): one long one flattens voxel steps and leaves longer
// waves as they are, short ones then round off what that leaves of edges and lone voxels. After each,
// vertices go back into their cells, half a voxel each way from the voxel corner they started at, so no
// tip is lost and the surface stays by the mask. What the filters took from or gave to the volume of
// each part is restored by one shift along the normals.
#pragma once

#include "core/grid.h"
#include "core/mesh.h"
#include "core/task.h"

G_BEGIN_DECLS

// What the lock on the volume did.
typedef struct {
    double target_mm3;   // the volume that was to be kept
    double unlocked_mm3; // the volume after the filter, without the lock
    double shift_mm;     // the furthest that the lock moved a vertex
    double shift_voxels; // the same in the smallest voxel spacing; at most 0.3
} HpLock;

// Smooths in place a net fresh from hp_surface_extract, whose faces are those of `voxels`, and sets
// its normals. `amount` 0 leaves the voxel faces, 1 flattens steps up to some thirty voxels apart.
//
// The volume becomes `target_mm3`, that of the voxels in the mask; the parts keep their shares. A part
// too small to be smoothed within the lock's 0.3 voxel is smoothed less. `lock` may be NULL. Fails
// with HP_ERROR_NO_MEMORY and HP_ERROR_CANCELLED; the mesh may then be half done.
bool hp_surface_smooth(HpMesh *mesh, const HpGrid *voxels, double amount, double target_mm3,
                       HpLock *lock, HpTask *task, GError **error);

G_END_DECLS
