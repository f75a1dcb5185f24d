// SPDX-License-Identifier: Apache-2.0
// The numbers of a surface and of the mask it came from, and whether they agree.
#include "surface/measure.h"

#include "core/parallel.h"
#include "surface/ring.h"

#include <math.h>
#include <string.h>

#define GRAIN 8192 // triangles per slab

typedef struct {
    const HpMesh *mesh;
    double *partial;
} Sums;

static double sum_of(const HpMesh *mesh, HpSlabCb slab_cb)
{
    const int slabs = hp_parallel_slabs((int)mesh->triangles, GRAIN);
    g_autofree double *partial = g_new0(double, slabs + 1);
    hp_parallel_for((int)mesh->triangles, GRAIN, slab_cb, &(Sums){mesh, partial});
    double sum = 0;
    for (int slab = 0; slab < slabs; slab++)
        sum += partial[slab];
    return sum;
}

// Corners relative to the first vertex of the mesh: far from the origin the products would cancel.
static void corners_of(const HpMesh *mesh, size_t triangle, double corner[3][3])
{
    for (int c = 0; c < 3; c++)
        for (int axis = 0; axis < 3; axis++)
            corner[c][axis] =
                (double)mesh->mm[3 * (size_t)mesh->index[3 * triangle + c] + axis] - mesh->mm[axis];
}

static void cross(const double a[3], const double b[3], double out[3])
{
    out[0] = a[1] * b[2] - a[2] * b[1];
    out[1] = a[2] * b[0] - a[0] * b[2];
    out[2] = a[0] * b[1] - a[1] * b[0];
}

static void volume_cb(int begin, int end, int slab, void *data)
{
    const Sums *sums = data;
    double sum = 0, p[3][3], n[3];
    for (int t = begin; t < end; t++) {
        corners_of(sums->mesh, t, p);
        cross(p[1], p[2], n);
        sum += p[0][0] * n[0] + p[0][1] * n[1] + p[0][2] * n[2];
    }
    sums->partial[slab] = sum / 6;
}

static void area_cb(int begin, int end, int slab, void *data)
{
    const Sums *sums = data;
    double sum = 0, p[3][3], n[3];
    for (int t = begin; t < end; t++) {
        corners_of(sums->mesh, t, p);
        for (int axis = 0; axis < 3; axis++) {
            p[1][axis] -= p[0][axis];
            p[2][axis] -= p[0][axis];
        }
        cross(p[1], p[2], n);
        sum += sqrt(n[0] * n[0] + n[1] * n[1] + n[2] * n[2]);
    }
    sums->partial[slab] = sum / 2;
}

double hp_mesh_volume_mm3(const HpMesh *mesh)
{
    return sum_of(mesh, volume_cb);
}

double hp_mesh_area_mm2(const HpMesh *mesh)
{
    return sum_of(mesh, area_cb);
}

// How often `to` is among the neighbours that the triangles of `from` name.
static int count_edge(const HpRing *ring, uint32_t from, uint32_t to)
{
    int count = 0;
    for (uint32_t at = ring->first[from]; at < ring->first[from + 1]; at++)
        count += ring->next[at] == to;
    return count;
}

bool hp_mesh_is_watertight(const HpMesh *mesh)
{
    g_auto(HpRing) ring = {0};
    if (!hp_ring_init(&ring, mesh, NULL))
        return false;
    for (uint32_t v = 0; v < mesh->vertices; v++)
        for (uint32_t at = ring.first[v]; at < ring.first[v + 1]; at++)
            if (count_edge(&ring, v, ring.next[at]) != 1 ||
                count_edge(&ring, ring.next[at], v) != 1)
                return false;
    return true;
}

long hp_mesh_euler(const HpMesh *mesh)
{
    g_autofree uint8_t *is_used = g_new0(uint8_t, mesh->vertices + 1);
    for (size_t at = 0; at < 3 * mesh->triangles; at++)
        is_used[mesh->index[at]] = 1;
    long vertices = 0;
    for (size_t v = 0; v < mesh->vertices; v++)
        vertices += is_used[v];
    return vertices - (long)(3 * mesh->triangles / 2) + (long)mesh->triangles;
}

double hp_mask_volume_ml(const HpMask *mask, uint8_t label)
{
    size_t counts[256], voxels = 0;
    hp_mask_count(mask, counts);
    for (int at = 1; at < 256; at++)
        voxels += label == 0 || at == label ? counts[at] : 0;
    return (double)voxels * hp_grid_voxel_mm3(hp_mask_get_grid(mask)) / 1000;
}

// The voxels of a label and one more on each side. Bit `axis` of a voxel is set where just one of it
// and its next voxel along that axis carries the label: there is a face between them.
typedef struct {
    const HpMesh *mesh;
    HpGrid box;
    uint8_t *faces;
    double *sum, *max; // of each slab
    const HpTask *task;
} Search;

// Turns labels into faces; the last voxels along each axis are empty.
static void find_faces(Search *search, uint8_t label)
{
    const HpGrid *box = &search->box;
    uint8_t *at = search->faces;
    const size_t step[3] = {1, box->size[0], (size_t)box->size[0] * box->size[1]};
    for (size_t voxel = 0; voxel < hp_grid_count(box); voxel++)
        at[voxel] = (label == 0 ? at[voxel] != 0 : at[voxel] == label) << 3;
    for (int k = 0; k < box->size[2] && !hp_task_is_cancelled(search->task); k++)
        for (int j = 0; j < box->size[1]; j++)
            for (int i = 0; i < box->size[0]; i++, at++)
                for (int axis = 0; axis < 3; axis++) {
                    const int ijk[3] = {i, j, k};
                    if (ijk[axis] + 1 < box->size[axis] && ((*at ^ at[step[axis]]) & 8))
                        *at |= 1 << axis;
                }
}

// Squared distance to the voxel face between `ijk` and its next voxel along `axis`.
static double to_face(const double at[3], const int ijk[3], int axis)
{
    double sum = 0;
    for (int a = 0; a < 3; a++) {
        const double off = a == axis ? fabs(at[a] - ijk[a] - 0.5) : fabs(at[a] - ijk[a]) - 0.5;
        sum += off > 0 ? off * off : 0;
    }
    return sum;
}

// The nearest face among voxels up to `reach` away from the place.
static double nearest(const Search *search, const double at[3], int reach)
{
    double best = INFINITY;
    int low[3], high[3], ijk[3];
    for (int a = 0; a < 3; a++) {
        const double centre = floor(at[a] + 0.5);
        low[a] = (int)CLAMP(centre - reach, 0, search->box.size[a]);
        high[a] = (int)CLAMP(centre + reach, -1, search->box.size[a] - 1);
    }
    for (ijk[2] = low[2]; ijk[2] <= high[2]; ijk[2]++)
        for (ijk[1] = low[1]; ijk[1] <= high[1]; ijk[1]++)
            for (ijk[0] = low[0]; ijk[0] <= high[0]; ijk[0]++) {
                const int faces =
                    search->faces[hp_grid_offset(&search->box, ijk[0], ijk[1], ijk[2])] & 7;
                for (int axis = 0; faces >> axis != 0; axis++)
                    if (faces >> axis & 1)
                        best = MIN(best, to_face(at, ijk, axis));
            }
    return sqrt(best);
}

static double distance_at(const Search *search, const double mm[3])
{
    double at[3], best = INFINITY;
    hp_grid_to_ijk(&search->box, mm, at);
    for (int reach = 1; reach <= (int)HP_MESH_DISTANCE_MAX; reach++) {
        best = nearest(search, at, reach);
        if (best <= reach - 0.5) // no face beyond the voxels looked at is nearer
            break;
    }
    return MIN(best, HP_MESH_DISTANCE_MAX);
}

static void distance_cb(int begin, int end, int slab, void *data)
{
    Search *search = data;
    const HpMesh *mesh = search->mesh;
    if (hp_task_is_cancelled(search->task))
        return;
    for (int at = begin; at < end; at++) {
        double mm[3] = {0, 0, 0};
        if ((size_t)at < mesh->vertices)
            for (int axis = 0; axis < 3; axis++)
                mm[axis] = mesh->mm[3 * (size_t)at + axis];
        else
            for (int c = 0; c < 3; c++)
                for (int axis = 0; axis < 3; axis++) {
                    const size_t t = at - mesh->vertices;
                    mm[axis] += mesh->mm[3 * (size_t)mesh->index[3 * t + c] + axis] / 3.0;
                }
        const double distance = distance_at(search, mm);
        search->sum[slab] += distance;
        search->max[slab] = MAX(search->max[slab], distance);
    }
}

HpMeshDistance hp_mesh_distance(const HpMesh *mesh, const HpMask *mask, uint8_t label, HpTask *task)
{
    int lo[3], hi[3], size[3];
    const int count = (int)(mesh->vertices + mesh->triangles);
    if (count == 0)
        return (HpMeshDistance){0};
    if (!hp_mask_bounds(mask, label, lo, hi))
        return (HpMeshDistance){HP_MESH_DISTANCE_MAX, HP_MESH_DISTANCE_MAX};
    for (int axis = 0; axis < 3; axis++) {
        size[axis] = hi[axis] - lo[axis] + 2;
        lo[axis]--;
    }
    const int slabs = hp_parallel_slabs(count, GRAIN);
    g_autofree uint8_t *faces = g_new(uint8_t, (size_t)size[0] * size[1] * size[2]);
    g_autofree double *sum = g_new0(double, slabs), *max = g_new0(double, slabs);
    Search search = {.mesh = mesh,
                     .box = hp_grid_crop(hp_mask_get_grid(mask), lo, size),
                     .faces = faces,
                     .sum = sum,
                     .max = max,
                     .task = task};
    hp_mask_read_box(mask, lo, size, faces);
    find_faces(&search, label);
    hp_parallel_for(count, GRAIN, distance_cb, &search);
    HpMeshDistance distance = {0};
    for (int slab = 0; slab < slabs; slab++) {
        distance.mean_voxels += sum[slab] / count;
        distance.max_voxels = MAX(distance.max_voxels, max[slab]);
    }
    return distance;
}

double hp_reconciliation_percent(const HpReconciliation *volumes)
{
    double low = MIN(volumes->mask_ml, volumes->mesh_ml);
    double high = MAX(volumes->mask_ml, volumes->mesh_ml);
    if (!isnan(volumes->file_ml)) {
        low = MIN(low, volumes->file_ml);
        high = MAX(high, volumes->file_ml);
    }
    return volumes->mask_ml > 0 ? 100 * (high - low) / volumes->mask_ml : 0;
}

char *hp_reconciliation_dup_warning(const HpReconciliation *volumes)
{
    const double percent = hp_reconciliation_percent(volumes);
    if (!(percent > 0.5))
        return NULL;
    if (isnan(volumes->file_ml))
        return g_strdup_printf("volumes differ by %.2f %%: mask %.2f ml, mesh %.2f ml", percent,
                               volumes->mask_ml, volumes->mesh_ml);
    return g_strdup_printf("volumes differ by %.2f %%: mask %.2f ml, mesh %.2f ml, file %.2f ml",
                           percent, volumes->mask_ml, volumes->mesh_ml, volumes->file_ml);
}
