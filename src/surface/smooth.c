// SPDX-License-Identifier: Apache-2.0
// Smooths the voxel net of a label without changing its volume.
#include "surface/smooth.h"

#include "core/error.h"
#include "core/parallel.h"
#include "surface/lock.h"
#include "surface/ring.h"

#include <math.h>

#define GRAIN 4096 // vertices per slab: some 100 us of work
#define LOCK_LIMIT_VOXELS 0.3
#define CELL 0.5 // how far from its voxel corner a vertex may go, in voxels

typedef float Vec4 __attribute__((vector_size(16)));

// Positions are in voxel coordinates of the grid: there a cell is a cube, and the filter, being
// linear, gives the same surface as in millimetres.
typedef struct {
    HpMesh *mesh;
    const HpGrid *voxels;
    HpRing ring;
    size_t vertices;
    Vec4 *start;       // where the net began
    Vec4 *from;        // p: where a filter begins
    Vec4 *older, *old; // T[n-1] p, T[n] p
    Vec4 *next;        // T[n+1] p
    Vec4 *sum;         // sum of weight[n] T[n] p
    float weight;      // of `next`
    uint32_t *part, parts;
    HpVolumeOfShift *volume; // of each part
    double *target_mm3;
    double *shift_mm;
    bool *is_stiff; // the lock needs more than it may: to be smoothed less
} Work;

static void work_clear(Work *work)
{
    hp_ring_clear(&work->ring);
    g_free(work->start);
    g_free(work->from);
    g_free(work->older);
    g_free(work->old);
    g_free(work->next);
    g_free(work->sum);
    g_free(work->part);
    g_free(work->volume);
    g_free(work->target_mm3);
    g_free(work->shift_mm);
    g_free(work->is_stiff);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Work, work_clear)

static bool work_init(Work *work, HpMesh *mesh, const HpGrid *voxels, GError **error)
{
    *work = (Work){.mesh = mesh, .voxels = voxels, .vertices = mesh->vertices};
    if (!hp_ring_init(&work->ring, mesh, error))
        return false;
    Vec4 **arrays[] = {&work->start, &work->from, &work->older,
                       &work->old,   &work->next, &work->sum};
    for (size_t at = 0; at < G_N_ELEMENTS(arrays); at++)
        if ((*arrays[at] = hp_try_alloc(mesh->vertices, sizeof(Vec4), "positions", error)) == NULL)
            return false;
    work->part = hp_ring_dup_parts(mesh, &work->parts, error);
    if (work->part == NULL)
        return false;
    work->volume = g_new0(HpVolumeOfShift, work->parts);
    work->target_mm3 = g_new0(double, work->parts);
    work->shift_mm = g_new0(double, work->parts);
    work->is_stiff = g_new0(bool, work->parts);
    return true;
}

static void read_cb(int begin, int end, int slab, void *data)
{
    Work *work = data;
    for (size_t v = begin; v < (size_t)end; v++) {
        const float *at = work->mesh->mm + 3 * v;
        double ijk[3];
        hp_grid_to_ijk(work->voxels, (double[3]){at[0], at[1], at[2]}, ijk);
        work->sum[v] = work->start[v] = (Vec4){(float)ijk[0], (float)ijk[1], (float)ijk[2], 0};
    }
}

static void write_cb(int begin, int end, int slab, void *data)
{
    Work *work = data;
    for (size_t v = begin; v < (size_t)end; v++) {
        double mm[3];
        hp_grid_to_mm(work->voxels, (double[3]){work->sum[v][0], work->sum[v][1], work->sum[v][2]},
                      mm);
        for (int axis = 0; axis < 3; axis++)
            work->mesh->mm[3 * v + axis] = (float)mm[axis];
    }
}

static inline Vec4 mean_of_neighbours(const Work *work, const Vec4 *position, size_t v)
{
    const uint32_t first = work->ring.first[v], end = work->ring.first[v + 1];
    Vec4 sum = {0, 0, 0, 0};
    for (uint32_t at = first; at < end; at++)
        sum += position[work->ring.next[at]];
    return sum / (float)(end - first);
}

// T[n+1] = 2 W T[n] - T[n-1], W the averaging matrix.
static void recur_cb(int begin, int end, int slab, void *data)
{
    Work *work = data;
    for (size_t v = begin; v < (size_t)end; v++) {
        work->next[v] = 2 * mean_of_neighbours(work, work->old, v) - work->older[v];
        work->sum[v] += work->weight * (work->next[v] - work->from[v]);
    }
}

static void first_cb(int begin, int end, int slab, void *data)
{
    Work *work = data;
    for (size_t v = begin; v < (size_t)end; v++) {
        work->older[v] = work->from[v];
        work->old[v] = mean_of_neighbours(work, work->from, v);
        work->sum[v] = work->from[v] + work->weight * (work->old[v] - work->from[v]);
    }
}

static void clamp_cb(int begin, int end, int slab, void *data)
{
    Work *work = data;
    for (size_t v = begin; v < (size_t)end; v++)
        for (int axis = 0; axis < 3; axis++) {
            const float at = work->start[v][axis];
            work->sum[v][axis] = CLAMP(work->sum[v][axis], at - (float)CELL, at + (float)CELL);
        }
}

static void each_vertex(Work *work, HpSlabCb slab_cb)
{
    hp_parallel_for((int)work->vertices, GRAIN, slab_cb, work);
}

// Weights of T[0] .. T[order] for a pass band up to the angle `pass` (0 to pi; a wave of n vertices
// has the angle 2 pi / n), under a Hamming window; their sum is 1, so that constants stay.
static void filter_weights(int order, double pass, double *weight)
{
    double sum = 0;
    for (int n = 0; n <= order; n++) {
        const double window = 0.54 + 0.46 * cos(G_PI * n / (order + 1));
        weight[n] = window * (n == 0 ? pass / G_PI : 2 * sin(n * pass) / (n * G_PI));
        sum += weight[n];
    }
    for (int n = 0; n <= order; n++)
        weight[n] /= sum;
}

// Passes the positions in `sum` through a filter, then back into their cells.
static bool filter(Work *work, int order, double pass, HpTask *task, GError **error)
{
    g_autofree double *weight = g_new(double, order + 1);
    filter_weights(order, pass, weight);
    Vec4 *from = work->from;
    work->from = work->sum;
    work->sum = from;
    // sum = w[0] T[0] + w[1] T[1] + ...; the weights add up to 1, so only differences from the start
    // are weighted, which keeps the rounding small.
    work->weight = (float)weight[1];
    each_vertex(work, first_cb);
    for (int n = 2; n <= order; n++) {
        work->weight = (float)weight[n];
        each_vertex(work, recur_cb);
        Vec4 *spare = work->older;
        work->older = work->old;
        work->old = work->next;
        work->next = spare;
        if (hp_task_is_cancelled(task))
            return hp_task_step(task, 0, error);
    }
    each_vertex(work, clamp_cb);
    return true;
}

// One long filter for the wide steps. Where that would go beyond the cells, at sharp edges and lone
// voxels, their walls show as pimples; short filters, each back into the cells, round those off.
static bool filter_all(Work *work, double amount, HpTask *task, GError **error)
{
    const int rounds = 3; // more than three change nothing to see
    if (!filter(work, 4 + (int)(56 * amount), 2 * G_PI / (4 + 40 * amount), task, error))
        return false;
    for (int round = 0; round < rounds; round++)
        if (!hp_task_step(task, 0.4 + 0.1 * round, error) ||
            !filter(work, 4 + (int)(24 * amount), 2 * G_PI / (3 + 10 * amount), task, error))
            return false;
    return true;
}

static void soften_cb(int begin, int end, int slab, void *data)
{
    Work *work = data;
    for (size_t v = begin; v < (size_t)end; v++)
        if (work->is_stiff[work->part[v]])
            work->sum[v] = work->start[v] + work->weight * (work->sum[v] - work->start[v]);
}

static double smallest_spacing(const HpGrid *grid)
{
    return MIN(MIN(grid->spacing_mm[0], grid->spacing_mm[1]), grid->spacing_mm[2]);
}

// The shift of each part; true if none is stiff.
static bool solve_lock(Work *work)
{
    const double limit = LOCK_LIMIT_VOXELS * smallest_spacing(work->voxels);
    bool is_solved = true;
    for (uint32_t p = 0; p < work->parts; p++) {
        work->shift_mm[p] = hp_lock_solve(&work->volume[p], work->target_mm3[p], limit);
        work->is_stiff[p] = isnan(work->shift_mm[p]);
        is_solved = is_solved && !work->is_stiff[p];
    }
    return is_solved;
}

static double sum_volume(const Work *work)
{
    double sum = 0;
    for (uint32_t p = 0; p < work->parts; p++)
        sum += work->volume[p].c[0];
    return sum;
}

// Moves every part to its volume. Parts the lock cannot move that far go back towards their voxel
// faces, in three steps all the way: those have the volume asked for.
static void lock_volume(Work *work, HpLock *lock)
{
    for (int attempt = 0; attempt < 4; attempt++) {
        each_vertex(work, write_cb);
        hp_mesh_compute_normals(work->mesh);
        hp_lock_measure(work->mesh, work->part, work->parts, work->volume);
        if (attempt == 0)
            lock->unlocked_mm3 = sum_volume(work);
        if (solve_lock(work))
            break;
        work->weight = attempt == 0 ? 0.5f : attempt == 1 ? 0.2f : 0;
        each_vertex(work, soften_cb);
    }
    for (uint32_t p = 0; p < work->parts; p++) {
        work->shift_mm[p] = work->is_stiff[p] ? 0 : work->shift_mm[p];
        lock->shift_mm = MAX(lock->shift_mm, fabs(work->shift_mm[p]));
    }
    lock->shift_voxels = lock->shift_mm / smallest_spacing(work->voxels);
    hp_lock_shift(work->mesh, work->part, work->shift_mm);
    hp_mesh_compute_normals(work->mesh);
}

bool hp_surface_smooth(HpMesh *mesh, const HpGrid *voxels, double amount, double target_mm3,
                       HpLock *lock, HpTask *task, GError **error)
{
    g_auto(Work) work = {0};
    HpLock done = {.target_mm3 = target_mm3};
    if (!work_init(&work, mesh, voxels, error))
        return false;
    each_vertex(&work, read_cb);
    hp_lock_measure(mesh, work.part, work.parts, work.volume);
    const double share = target_mm3 / sum_volume(&work);
    for (uint32_t p = 0; p < work.parts; p++)
        work.target_mm3[p] = share * work.volume[p].c[0];
    if (amount > 0) {
        if (!filter_all(&work, amount, task, error))
            return false;
        lock_volume(&work, &done);
    } else
        hp_mesh_compute_normals(mesh);
    if (lock != NULL)
        *lock = done;
    return hp_task_step(task, 1, error);
}
