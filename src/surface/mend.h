// SPDX-License-Identifier: Apache-2.0
// Makes a closed mesh manifold: each edge two triangles, each vertex one fan.
#pragma once

#include "core/mesh.h"

#include <stdbool.h>

G_BEGIN_DECLS

// True if the mesh is watertight, no two triangles lie back to back and the triangles of every vertex form one closed fan.
bool hp_mesh_is_manifold(const HpMesh *mesh);

// The same surface, manifold. Where more than two triangles meet at an edge they are paired so that
// the solid parts at that edge come apart, and a vertex is split into one for each of its fans, a
// hair apart; where two sheets still share both ends of an edge, each gets a vertex in its middle.
// Two triangles that lie back to back go, and so do vertices that no triangle uses. Normals are kept.
// A mesh that needs nothing is returned with one more reference. Fails with HP_ERROR_NO_RESULT if an edge is not passed as often one way as the
// other, and with HP_ERROR_NO_MEMORY.
HpMesh *hp_mesh_mend(const HpMesh *mesh, GError **error);

G_END_DECLS
