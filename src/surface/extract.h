// SPDX-License-Identifier: Apache-2.0
// The closed surface of a label: its voxel faces as a manifold net, ready to be smoothed.
//
// One vertex per place where the surface passes a cell between 2 x 2 x 2 voxel centres, one quad (two
// triangles) per voxel face: surface nets (Gibson 1998). The vertices start at the voxel corners, so
// the net encloses exactly the volume of the voxels; hp_surface_smooth then moves each one within its
// cell. Every edge has two triangles and every vertex one fan, for any mask: see surface/cell.h.
#pragma once

#include "core/mask.h"
#include "core/mesh.h"
#include "core/task.h"

G_BEGIN_DECLS

// The surface of the voxels that carry `label`, or any label but 0 for `label` 0. Voxels that touch
// only along an edge or at a corner are not joined. The volume's border closes the surface.
//
// Slices at least 1.5 times as thick as voxels are wide are cut into thinner ones first
// (surface/terrace.h): the net then has nearly, not exactly, the volume of the voxels.
//
// `voxels`, which may be NULL, becomes the grid whose voxel faces these are, as hp_surface_smooth
// wants it. `task` may be NULL.
// Fails with HP_ERROR_NO_RESULT if no voxel carries the label, HP_ERROR_NO_MEMORY and
// HP_ERROR_CANCELLED.
HpMesh *hp_surface_extract(const HpMask *mask, uint8_t label, HpGrid *voxels, HpTask *task,
                           GError **error);

G_END_DECLS
