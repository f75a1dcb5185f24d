// SPDX-License-Identifier: Apache-2.0
// Cuts closed meshes by planes into closed parts.
#pragma once

#include "core/mesh.h"
#include "core/task.h"

#include <stdbool.h>

G_BEGIN_DECLS

// A plane; it keeps what lies at normal . x < d.
typedef struct {
    double normal[3]; // unit, LPS
    double d_mm;
    bool is_off; // a person keeps it at hand, but it cuts nothing
} HpCut;

// Both sides of a plane, each closed by a flat cap whose vertices carry the plane's normal. A vertex
// on the plane counts as cut off. A side that holds nothing is NULL; the other then is the mesh itself
// with one more reference. The volumes of both add up to the whole. Fails with HP_ERROR_NO_RESULT
// where the plane meets an edge that has not two triangles, and with HP_ERROR_NO_MEMORY.
bool hp_mesh_cut(const HpMesh *mesh, const HpCut *cut, HpMesh **kept, HpMesh **removed,
                 GError **error);

// The volume of what a plane keeps of a closed mesh, without making it: a few milliseconds for a liver,
// so that a number can follow a plane that is dragged.
double hp_mesh_kept_mm3(const HpMesh *mesh, const HpCut *cut);

// What `count` planes all keep; those that are off are passed over. Each side cut off is added to `removed` (HpMesh *), which may be
// NULL. Fails as hp_mesh_cut does, with HP_ERROR_NO_RESULT if nothing is left, and with
// HP_ERROR_CANCELLED; `removed` then holds what was cut off so far.
HpMesh *hp_surface_trim(const HpMesh *mesh, const HpCut *cuts, int count, GPtrArray *removed,
                        HpTask *task, GError **error);

G_END_DECLS
