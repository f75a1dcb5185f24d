// SPDX-License-Identifier: Apache-2.0
// The parts of a closed mesh that are not joined: solids with their cavities.
#pragma once

#include "core/mesh.h"

G_BEGIN_DECLS

// A list (HpMesh *, freed with it) of the parts of a watertight mesh, largest volume first. A part is
// one outer surface and the cavities in it, so the volumes of the parts add up to that of the mesh.
// The order of vertices and triangles stays. NULL with HP_ERROR_NO_MEMORY.
GPtrArray *hp_mesh_split(const HpMesh *mesh, GError **error);

// The first of them; the mesh itself with one more reference if there are no others. `count`, which
// may be NULL, becomes the number of parts.
HpMesh *hp_mesh_keep_largest(const HpMesh *mesh, int *count, GError **error);

// The mesh without connected surfaces, outer or of cavities, of less than `mm3`; the mesh itself with one
// more reference if there are none.
HpMesh *hp_mesh_drop_specks(const HpMesh *mesh, double mm3, GError **error);

G_END_DECLS
