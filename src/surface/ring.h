// SPDX-License-Identifier: Apache-2.0
// Which vertices are joined to which, and which belong together, in a closed triangle mesh.
#pragma once

#include "core/mesh.h"

#include <stdbool.h>

G_BEGIN_DECLS

// The neighbours of vertex v are next[first[v]] .. next[first[v + 1] - 1]. Each triangle gives its
// vertex the one that follows, so in a closed manifold every neighbour is there exactly once.
typedef struct {
    uint32_t *first; // vertices + 1
    uint32_t *next;  // 3 * triangles
} HpRing;

// Fails with HP_ERROR_NO_MEMORY; `ring` is then empty.
bool hp_ring_init(HpRing *ring, const HpMesh *mesh, GError **error);
void hp_ring_clear(HpRing *ring); // takes an empty one too
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(HpRing, hp_ring_clear)

// The number of each vertex's connected part, counted from 0 in the order of their first vertex;
// g_free(). NULL with HP_ERROR_NO_MEMORY.
uint32_t *hp_ring_dup_parts(const HpMesh *mesh, uint32_t *parts, GError **error);

G_END_DECLS
