// SPDX-License-Identifier: Apache-2.0
// Reduces a closed mesh to a number of triangles, by quadrics, without changing its volume.
#include "surface/reduce.h"

#include "core/error.h"
#include "core/parallel.h"
#include "surface/lock.h"
#include "surface/measure.h"
#include "surface/mend.h"
#include "surface/parts.h"

#include <math.h>
#include <meshoptimizer.h>
#include <string.h>

#define CHUNK 32768 // triangles that the library takes in some 35 ms: it cannot be cancelled inside
#define COARSE 3    // chunks leave that many times the triangles asked for to the last pass; taste
#define SPECK 1e-8  // of the volume: some hundredths of a voxel of a liver
#define NONE UINT32_MAX

// Ranges of triangles, in the order of the mesh, which is that of its layers: compact pieces whose
// common borders are kept. Each writes its result where its triangles stood.
typedef struct {
    const HpMesh *mesh;
    double share; // of the triangles to keep
    unsigned options;
    uint32_t *index; // result
    size_t *count;   // of index entries, in each chunk
    float *error_mm; // of each chunk
    HpTask *task;
} Chunks;

// Numbers the vertices of a range anew, in the order met: the library works on whole vertex arrays.
static size_t gather(const HpMesh *mesh, size_t begin, size_t end, uint32_t *index, float *mm,
                     uint32_t *origin)
{
    g_autofree uint32_t *number = g_new(uint32_t, mesh->vertices);
    memset(number, 0xff, mesh->vertices * sizeof *number); // NONE
    size_t vertices = 0;
    for (size_t at = begin; at < end; at++) {
        const uint32_t v = mesh->index[at];
        if (number[v] == NONE) {
            memcpy(mm + 3 * vertices, mesh->mm + 3 * (size_t)v, 3 * sizeof *mm);
            origin[vertices] = v;
            number[v] = (uint32_t)vertices++;
        }
        index[at - begin] = number[v];
    }
    return vertices;
}

static void reduce_range(Chunks *chunks, size_t begin, size_t end, int chunk)
{
    const size_t length = end - begin, most = MIN(length, chunks->mesh->vertices);
    g_autofree uint32_t *index = g_new(uint32_t, length), *origin = g_new(uint32_t, most);
    g_autofree float *mm = g_new(float, 3 * most);
    const size_t vertices = gather(chunks->mesh, begin, end, index, mm, origin);
    const size_t wanted = 3 * (size_t)ceil(chunks->share * (double)length / 3);
    const float any_error = 1; // of the extent: the number of triangles decides
    float error = 0;
    const size_t left = meshopt_simplify(index, index, length, mm, vertices, 3 * sizeof *mm, wanted,
                                         any_error, chunks->options, &error);
    for (size_t at = 0; at < left; at++)
        chunks->index[begin + at] = origin[index[at]];
    chunks->count[chunk] = left;
    chunks->error_mm[chunk] = error * meshopt_simplifyScale(mm, vertices, 3 * sizeof *mm);
}

static void chunk_cb(int begin, int end, int slab, void *data)
{
    Chunks *chunks = data;
    if (!hp_task_is_cancelled(chunks->task))
        reduce_range(chunks, 3 * (size_t)begin, 3 * (size_t)end, slab);
}

// One pass over the mesh in chunks of `grain` triangles; vertices stay.
static HpMesh *pass(const HpMesh *mesh, size_t triangles, int grain, unsigned options,
                    double *error_mm, HpTask *task, GError **error)
{
    const int slabs = hp_parallel_slabs((int)mesh->triangles, grain);
    HpMesh *out = hp_mesh_copy(mesh, error);
    if (out == NULL)
        return NULL;
    g_autofree size_t *count = g_new0(size_t, slabs);
    g_autofree float *errors = g_new0(float, slabs);
    Chunks chunks = {.mesh = mesh,
                     .share = (double)triangles / (double)mesh->triangles,
                     .options = options,
                     .index = out->index,
                     .count = count,
                     .error_mm = errors,
                     .task = task};
    hp_parallel_for((int)mesh->triangles, grain, chunk_cb, &chunks);
    size_t to = 0;
    for (int slab = 0; slab < slabs; slab++) {
        memmove(out->index + to, out->index + 3 * (size_t)grain * slab,
                count[slab] * sizeof *out->index);
        to += count[slab];
        *error_mm = MAX(*error_mm, errors[slab]);
    }
    out->triangles = to / 3;
    return out;
}

// The mean of the normals that the vertices had in the fine mesh, which are smooth, and of those that
// the triangles have now, which fit what is drawn.
static void blend_normals(HpMesh *mesh)
{
    g_autofree float *fine = g_memdup2(mesh->normal, 3 * mesh->vertices * sizeof *fine);
    hp_mesh_compute_normals(mesh);
    for (size_t v = 0; v < mesh->vertices; v++) {
        float *n = mesh->normal + 3 * v;
        float length = 0;
        for (int axis = 0; axis < 3; axis++) {
            fine[3 * v + axis] += n[axis];
            length += fine[3 * v + axis] * fine[3 * v + axis];
        }
        for (int axis = 0; axis < 3 && length > 0.01f; axis++) // they may face away from each other
            n[axis] = fine[3 * v + axis] / sqrtf(length);
    }
}

// The same volume again, by one shift along the normals; false if no small shift gives it.
static bool restore_volume(HpMesh *mesh, double mm3, HpReduction *reduction)
{
    HpVolumeOfShift volume;
    blend_normals(mesh);
    hp_lock_measure(mesh, NULL, 1, &volume);
    const double size_mm = cbrt(fabs(mm3));
    reduction->unlocked_mm3 = volume.c[0];
    reduction->shift_mm = hp_lock_solve(&volume, mm3, 0.05 * size_mm); // beyond, the shape is lost
    if (isnan(reduction->shift_mm))
        return false;
    hp_lock_shift(mesh, NULL, &reduction->shift_mm);
    return true;
}

// Near enough for the last pass to take it whole: at once where the mesh is small or little is asked.
static HpMesh *reduce_chunks(const HpMesh *mesh, size_t triangles, double *error_mm, HpTask *task,
                             GError **error)
{
    const size_t coarse = MAX(COARSE * triangles, CHUNK / 4);
    if (mesh->triangles <= 2 * CHUNK || mesh->triangles <= 2 * coarse)
        return hp_mesh_ref((HpMesh *)mesh);
    HpMesh *out = pass(mesh, coarse, CHUNK, meshopt_SimplifyLockBorder, error_mm, task, error);
    if (hp_task_step(task, 0.6, error))
        return out;
    hp_mesh_unref(out);
    return NULL;
}

// Down to about `triangles` in one piece, mended. Where mending parts what reduction had folded up, a
// speck without volume may come off; it goes.
static HpMesh *reduce_whole(const HpMesh *mesh, size_t triangles, double *error_mm, HpTask *task,
                            GError **error)
{
    g_autoptr(HpMesh) out = pass(mesh, triangles, (int)mesh->triangles, 0, error_mm, task, error);
    if (out == NULL || !hp_task_step(task, 0.9, error))
        return NULL;
    g_autoptr(HpMesh) mended = hp_mesh_mend(out, error);
    if (mended == NULL)
        return NULL;
    return hp_mesh_drop_specks(mended, SPECK * fabs(hp_mesh_volume_mm3(mesh)), error);
}

HpMesh *hp_surface_reduce(const HpMesh *mesh, size_t triangles, HpReduction *reduction,
                          HpTask *task, GError **error)
{
    const double mm3 = hp_mesh_volume_mm3(mesh);
    HpReduction done = {.unlocked_mm3 = mm3};
    g_autoptr(HpMesh) out = NULL, coarse = NULL;
    if (mesh->triangles <= triangles)
        out = hp_mesh_ref((HpMesh *)mesh);
    else if ((coarse = reduce_chunks(mesh, triangles, &done.error_mm, task, error)) == NULL)
        return NULL;
    // Mending may add a few triangles: then ask for fewer. A shape lost: for more.
    size_t wanted = MAX(triangles, 4);
    for (int attempt = 0; out == NULL && attempt < 24; attempt++) {
        g_autoptr(HpMesh) reduced = reduce_whole(coarse, wanted, &done.error_mm, task, error);
        if (reduced == NULL)
            return NULL;
        if (reduced->triangles == 0 || !restore_volume(reduced, mm3, &done))
            wanted = MIN(wanted + wanted / 2, coarse->triangles);
        else if (reduced->triangles <= triangles || attempt > 2)
            out = g_steal_pointer(&reduced);
        else
            wanted -= MIN(wanted / 10, 2 * (reduced->triangles - triangles));
    }
    if (out == NULL) {
        done = (HpReduction){.unlocked_mm3 = mm3};
        out = hp_mesh_ref((HpMesh *)mesh);
    }
    if (reduction != NULL)
        *reduction = done;
    return hp_task_step(task, 1, error) ? g_steal_pointer(&out) : NULL;
}
