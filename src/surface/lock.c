// SPDX-License-Identifier: Apache-2.0
// Gives a mesh an exact volume by moving its vertices along their normals, all by one distance.
#include "surface/lock.h"

#include "core/parallel.h"

#include <math.h>
#include <string.h>

typedef struct {
    double x, y, z;
} Vector;

static double det(Vector a, Vector b, Vector c)
{
    return a.x * (b.y * c.z - b.z * c.y) + a.y * (b.z * c.x - b.x * c.z) +
           a.z * (b.x * c.y - b.y * c.x);
}

static Vector vector(const float *at)
{
    return (Vector){at[0], at[1], at[2]};
}

// Relative to one vertex of the mesh: far from the origin the products would cancel badly.
static Vector from(const float *at, const float *base)
{
    return (Vector){(double)at[0] - base[0], (double)at[1] - base[1], (double)at[2] - base[2]};
}

typedef struct {
    const HpMesh *mesh;
    const uint32_t *part;
    uint32_t parts;
    HpVolumeOfShift *sums; // `parts` for each slab
} Measure;

static void measure_cb(int begin, int end, int slab, void *data)
{
    const Measure *measure = data;
    const HpMesh *mesh = measure->mesh;
    HpVolumeOfShift *volumes = measure->sums + (size_t)slab * measure->parts;
    for (size_t at = 3 * (size_t)begin; at < 3 * (size_t)end; at += 3) {
        const size_t v[3] = {mesh->index[at], mesh->index[at + 1], mesh->index[at + 2]};
        const Vector a = from(mesh->mm + 3 * v[0], mesh->mm);
        const Vector b = from(mesh->mm + 3 * v[1], mesh->mm);
        const Vector c = from(mesh->mm + 3 * v[2], mesh->mm);
        const Vector p = vector(mesh->normal + 3 * v[0]), q = vector(mesh->normal + 3 * v[1]);
        const Vector r = vector(mesh->normal + 3 * v[2]);
        // det(a + d p, b + d q, c + d r) by powers of d
        double *sum = volumes[measure->part != NULL ? measure->part[v[0]] : 0].c;
        sum[0] += det(a, b, c) / 6;
        sum[1] += (det(p, b, c) + det(a, q, c) + det(a, b, r)) / 6;
        sum[2] += (det(p, q, c) + det(p, b, r) + det(a, q, r)) / 6;
        sum[3] += det(p, q, r) / 6;
    }
}

void hp_lock_measure(const HpMesh *mesh, const uint32_t *part, uint32_t parts,
                     HpVolumeOfShift *volumes)
{
    // Many parts in many slabs would be many sums: then fewer slabs. Never by the number of threads.
    const int slabs = CLAMP((int)(100000 / MAX(parts, 1)), 1, 32);
    const int grain = (int)MAX(mesh->triangles / slabs + 1, 8192);
    const int used = hp_parallel_slabs((int)mesh->triangles, grain);
    g_autofree HpVolumeOfShift *sums = g_new0(HpVolumeOfShift, (size_t)used * parts + 1);
    hp_parallel_for((int)mesh->triangles, grain, measure_cb, &(Measure){mesh, part, parts, sums});
    memset(volumes, 0, parts * sizeof *volumes);
    for (int slab = 0; slab < used; slab++)
        for (uint32_t p = 0; p < parts; p++)
            for (int power = 0; power < 4; power++)
                volumes[p].c[power] += sums[(size_t)slab * parts + p].c[power];
}

double hp_lock_solve(const HpVolumeOfShift *volume, double mm3, double limit_mm)
{
    const double *c = volume->c;
    double shift = 0;
    for (int step = 0; step < 32; step++) { // Newton from 0: doubles the digits each step
        const double miss = ((c[3] * shift + c[2]) * shift + c[1]) * shift + c[0] - mm3;
        const double slope = (3 * c[3] * shift + 2 * c[2]) * shift + c[1];
        const double next = shift - miss / slope;
        if (!(fabs(next) <= limit_mm))
            return NAN;
        if (fabs(next - shift) < 1e-12 * limit_mm)
            return next;
        shift = next;
    }
    return NAN;
}

void hp_lock_shift(HpMesh *mesh, const uint32_t *part, const double *shift_mm)
{
    for (size_t v = 0; v < mesh->vertices; v++)
        for (int axis = 0; axis < 3; axis++) {
            const size_t at = 3 * v + axis;
            const double shift = shift_mm[part != NULL ? part[v] : 0];
            mesh->mm[at] = (float)(mesh->mm[at] + shift * mesh->normal[at]);
        }
}
