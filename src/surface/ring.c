// SPDX-License-Identifier: Apache-2.0
// Which vertices are joined to which, and which belong together, in a closed triangle mesh.
#include "surface/ring.h"

#include "core/error.h"

bool hp_ring_init(HpRing *ring, const HpMesh *mesh, GError **error)
{
    *ring = (HpRing){0};
    const size_t corners = 3 * mesh->triangles;
    g_autofree uint32_t *first =
        hp_try_alloc(mesh->vertices + 2, sizeof *first, "neighbours", error);
    if (first == NULL)
        return false;
    ring->next = hp_try_alloc(corners, sizeof *ring->next, "neighbours", error);
    if (ring->next == NULL)
        return false;
    for (size_t at = 0; at < corners; at++)
        first[mesh->index[at] + 2]++;
    for (size_t v = 2; v < mesh->vertices + 2; v++)
        first[v] += first[v - 1];
    // first[v + 1] walks from where v's neighbours begin to where they end, which is where those
    // of v + 1 begin.
    for (size_t at = 0; at < corners; at += 3)
        for (int c = 0; c < 3; c++)
            ring->next[first[mesh->index[at + c] + 1]++] = mesh->index[at + (c + 1) % 3];
    ring->first = g_steal_pointer(&first);
    return true;
}

void hp_ring_clear(HpRing *ring)
{
    g_clear_pointer(&ring->first, g_free);
    g_clear_pointer(&ring->next, g_free);
}

// Root of a vertex's tree; halves the path on the way. A root is its own parent and the smallest
// vertex of its tree.
static uint32_t find_root(uint32_t *parent, uint32_t v)
{
    while (parent[v] != v)
        v = parent[v] = parent[parent[v]];
    return v;
}

uint32_t *hp_ring_dup_parts(const HpMesh *mesh, uint32_t *parts, GError **error)
{
    uint32_t *part = hp_try_alloc(mesh->vertices, sizeof *part, "parts", error);
    if (part == NULL)
        return NULL;
    for (size_t v = 0; v < mesh->vertices; v++)
        part[v] = (uint32_t)v;
    for (size_t at = 0; at < 3 * mesh->triangles; at += 3)
        for (int c = 1; c < 3; c++) {
            const uint32_t a = find_root(part, mesh->index[at]);
            const uint32_t b = find_root(part, mesh->index[at + c]);
            part[MAX(a, b)] = MIN(a, b);
        }
    *parts = 0;
    for (size_t v = 0; v < mesh->vertices; v++) // parents come first and are numbered already
        part[v] = part[v] == v ? (*parts)++ : part[part[v]];
    return part;
}
