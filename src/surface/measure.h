// SPDX-License-Identifier: Apache-2.0
// The numbers of a surface and of the mask it came from, and whether they agree.
#pragma once

#include "core/mask.h"
#include "core/mesh.h"
#include "core/task.h"

#include <stdbool.h>

G_BEGIN_DECLS

// By the divergence theorem, V = 1/6 sum a . (b x c), in double; < 0 for a mesh turned inside out.
double hp_mesh_volume_mm3(const HpMesh *mesh);
double hp_mesh_area_mm2(const HpMesh *mesh);

// True if every edge has exactly two triangles that pass it in opposite directions. Vertices count
// as the same by number, not by place. An empty mesh is watertight.
bool hp_mesh_is_watertight(const HpMesh *mesh);

// Vertices - edges + triangles of a watertight mesh: 2 for each part less 2 for each handle.
// Vertices that no triangle uses do not count.
long hp_mesh_euler(const HpMesh *mesh);

// Voxels that carry `label` (any but 0 for `label` 0) times the volume of one.
double hp_mask_volume_ml(const HpMask *mask, uint8_t label);

// How far the vertices and triangle centres of a mesh lie from the voxel faces of a label, in voxels
// (each axis divided by its spacing). A place further than `HP_MESH_DISTANCE_MAX` counts as that.
// Once `task` (NULL: none) is cancelled it returns at once, with numbers that mean nothing.
#define HP_MESH_DISTANCE_MAX 4.0
typedef struct {
    double mean_voxels, max_voxels;
} HpMeshDistance;
HpMeshDistance hp_mesh_distance(const HpMesh *mesh, const HpMask *mask, uint8_t label,
                                HpTask *task);

// The same organ measured three ways.
typedef struct {
    double mask_ml, mesh_ml;
    double file_ml; // from the file, parsed again; NAN while there is none
} HpReconciliation;

// Largest difference between any two of them, in percent of the mask; 0 for an empty mask.
double hp_reconciliation_percent(const HpReconciliation *volumes);

// A sentence with the volumes where they differ by more than 0.5 %, else NULL; g_free().
char *hp_reconciliation_dup_warning(const HpReconciliation *volumes);

G_END_DECLS
