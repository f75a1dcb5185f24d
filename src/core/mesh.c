// SPDX-License-Identifier: Apache-2.0
// A triangle mesh in LPS millimetres: counted, read-only once shared.
#include "core/mesh.h"

#include "core/error.h"

#include <math.h>
#include <string.h>

HpMesh *hp_mesh_new(size_t vertices, size_t triangles, GError **error)
{
    g_autofree float *mm = hp_try_alloc(vertices, 3 * sizeof *mm, "vertices", error);
    if (mm == NULL)
        return NULL;
    g_autofree float *normal = hp_try_alloc(vertices, 3 * sizeof *normal, "normals", error);
    if (normal == NULL)
        return NULL;
    g_autofree uint32_t *index = hp_try_alloc(triangles, 3 * sizeof *index, "triangles", error);
    if (index == NULL)
        return NULL;
    HpMesh *mesh = g_new0(HpMesh, 1);
    *mesh = (HpMesh){.vertices = vertices,
                     .triangles = triangles,
                     .mm = g_steal_pointer(&mm),
                     .normal = g_steal_pointer(&normal),
                     .index = g_steal_pointer(&index),
                     .refs = 1};
    return mesh;
}

HpMesh *hp_mesh_copy(const HpMesh *mesh, GError **error)
{
    HpMesh *copy = hp_mesh_new(mesh->vertices, mesh->triangles, error);
    if (copy == NULL)
        return NULL;
    memcpy(copy->mm, mesh->mm, mesh->vertices * 3 * sizeof *mesh->mm);
    memcpy(copy->normal, mesh->normal, mesh->vertices * 3 * sizeof *mesh->normal);
    memcpy(copy->index, mesh->index, mesh->triangles * 3 * sizeof *mesh->index);
    return copy;
}

HpMesh *hp_mesh_ref(HpMesh *mesh)
{
    g_atomic_int_inc(&mesh->refs);
    return mesh;
}

void hp_mesh_unref(HpMesh *mesh)
{
    if (mesh == NULL || !g_atomic_int_dec_and_test(&mesh->refs))
        return;
    g_free(mesh->mm);
    g_free(mesh->normal);
    g_free(mesh->index);
    g_free(mesh);
}

void hp_mesh_compute_normals(HpMesh *mesh)
{
    memset(mesh->normal, 0, mesh->vertices * 3 * sizeof *mesh->normal);
    for (size_t t = 0; t < mesh->triangles; t++) {
        const uint32_t *corner = mesh->index + 3 * t;
        const float *a = mesh->mm + 3 * (size_t)corner[0];
        const float *b = mesh->mm + 3 * (size_t)corner[1];
        const float *c = mesh->mm + 3 * (size_t)corner[2];
        const float e[3] = {b[0] - a[0], b[1] - a[1], b[2] - a[2]};
        const float f[3] = {c[0] - a[0], c[1] - a[1], c[2] - a[2]};
        const float n[3] = {e[1] * f[2] - e[2] * f[1], e[2] * f[0] - e[0] * f[2],
                            e[0] * f[1] - e[1] * f[0]}; // its length is twice the area
        for (int at = 0; at < 3; at++)
            for (int axis = 0; axis < 3; axis++)
                mesh->normal[3 * (size_t)corner[at] + axis] += n[axis];
    }
    for (size_t v = 0; v < mesh->vertices; v++) {
        float *n = mesh->normal + 3 * v;
        const float length = sqrtf(n[0] * n[0] + n[1] * n[1] + n[2] * n[2]);
        for (int axis = 0; axis < 3; axis++)
            n[axis] = length > 0 ? n[axis] / length : axis == 2;
    }
}
