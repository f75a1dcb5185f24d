// SPDX-License-Identifier: Apache-2.0
// A triangle mesh in LPS millimetres: counted, read-only once shared.
#pragma once

#include <glib.h>
#include <stdint.h>

G_BEGIN_DECLS

typedef struct {
    size_t vertices;
    size_t triangles;
    float *mm;       // 3 per vertex, LPS
    float *normal;   // 3 per vertex, unit, outward
    uint32_t *index; // 3 per triangle, counter-clockwise seen from outside
    gint refs;       // private
} HpMesh;

// Room for that many, zeroed. Fails with HP_ERROR_NO_MEMORY.
HpMesh *hp_mesh_new(size_t vertices, size_t triangles, GError **error);
HpMesh *hp_mesh_copy(const HpMesh *mesh, GError **error);
HpMesh *hp_mesh_ref(HpMesh *mesh);
void hp_mesh_unref(HpMesh *mesh); // takes NULL
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HpMesh, hp_mesh_unref)

// Sets every normal to the area-weighted mean of its triangles' normals.
void hp_mesh_compute_normals(HpMesh *mesh);

G_END_DECLS
