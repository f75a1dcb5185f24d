// SPDX-License-Identifier: Apache-2.0
// The 3-D contour: the globally best region for a map of costs and a map of edges.
#include "segment/geodesic.h"

#include "core/error.h"
#include "core/kernel.h"
#include "core/parallel.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#define SLAB_VOXELS 32768 // about; less is not worth waking a thread for
#define REST_WINDOW 10    // iterations over which the volume must rest

struct HpGeodesic {
    HpGeodesicParams params;
    HpField *cost, *edge; // references
    HpField *u;
    float *ahead;   // 2 u_new - u_old, what the dual step reads
    float *dual[3]; // along i, j, k; |dual| <= alpha w
    float *zero;    // a row of zeros: the dual before the first row or slice
    float scale[3]; // 1 / spacing
    float sigma, tau;
    int grain;      // slices a slab: from the grid alone, not from the threads
    size_t *inside; // per slab: voxels with u > 1/2
    size_t volume_then;
    int iterations;
    bool is_resting;
    const HpTask
        *task; // of hp_geodesic_run(); a step on a large grid takes longer than a cancel may
};

HpGeodesicParams hp_geodesic_params_default(void)
{
    return (HpGeodesicParams){.alpha_mm = 2.1f, .kappa = 0, .max_iterations = 400, .rest = 0.0005f};
}

void hp_geodesic_free(HpGeodesic *geodesic)
{
    if (geodesic == NULL)
        return;
    hp_field_unref(geodesic->cost);
    hp_field_unref(geodesic->edge);
    hp_field_unref(geodesic->u);
    g_free(geodesic->ahead);
    for (int axis = 0; axis < 3; axis++)
        g_free(geodesic->dual[axis]);
    g_free(geodesic->zero);
    g_free(geodesic->inside);
    g_free(geodesic);
}

typedef struct {
    HpGeodesic *geodesic;
    const HpField *start;
} Start;

static void start_cb(int begin, int end, int slab, void *data)
{
    const Start *job = data;
    const HpGeodesic *geodesic = job->geodesic;
    const size_t plane =
        (size_t)geodesic->cost->grid.size[0] * (size_t)geodesic->cost->grid.size[1];
    float *u = geodesic->u->value;
    (void)slab;
    for (size_t at = plane * (size_t)begin; at < plane * (size_t)end; at++) {
        const float r = geodesic->cost->value[at];
        u[at] = job->start != NULL           ? job->start->value[at]
                : r < geodesic->params.kappa ? 1.0f
                                             : 0.0f;
        if (fabsf(r) >= HP_GEODESIC_HARD)
            u[at] = r < 0 ? 1.0f : 0.0f;
        geodesic->ahead[at] = u[at];
    }
}

HpGeodesic *hp_geodesic_new(HpField *cost, HpField *edge, const HpField *start,
                            const HpGeodesicParams *params, GError **error)
{
    const HpGrid *grid = &cost->grid;
    if (!hp_grid_equal(grid, &edge->grid, 1e-3) ||
        (start != NULL && !hp_grid_equal(grid, &start->grid, 1e-3))) {
        g_set_error_literal(error, HP_ERROR, HP_ERROR_GRID_MISMATCH,
                            _("cost, edge and start of a contour lie on different grids"));
        return NULL;
    }
    const size_t count = hp_grid_count(grid);
    g_autoptr(HpGeodesic) geodesic = g_new0(HpGeodesic, 1);
    geodesic->params = *params;
    geodesic->cost = hp_field_ref(cost);
    geodesic->edge = hp_field_ref(edge);
    geodesic->u = hp_field_new(grid, error);
    geodesic->ahead = geodesic->u ? hp_try_alloc(count, sizeof(float), "contour", error) : NULL;
    for (int axis = 0; axis < 3 && geodesic->ahead != NULL; axis++) {
        geodesic->dual[axis] = hp_try_alloc(count, sizeof(float), "contour", error);
        if (geodesic->dual[axis] == NULL)
            return NULL;
    }
    if (geodesic->ahead == NULL)
        return NULL;
    geodesic->zero = g_new0(float, grid->size[0]);
    geodesic->grain = MAX(1, SLAB_VOXELS / (grid->size[0] * grid->size[1]));
    geodesic->inside = g_new0(size_t, hp_parallel_slabs(grid->size[2], geodesic->grain));

    // |K|^2 <= 4 sum 1/h_i^2 for forward differences; both steps equal.
    double norm2 = 0;
    for (int axis = 0; axis < 3; axis++) {
        geodesic->scale[axis] = (float)(1 / grid->spacing_mm[axis]);
        norm2 += 4 / (grid->spacing_mm[axis] * grid->spacing_mm[axis]);
    }
    geodesic->tau = geodesic->sigma = (float)(0.999 / sqrt(norm2));
    hp_parallel_for(grid->size[2], geodesic->grain, start_cb, &(Start){geodesic, start});
    return g_steal_pointer(&geodesic);
}

// One row of the dual step: p <- project(p + sigma grad ahead) onto |p| <= alpha w. `up` and `next`
// are the rows at j + 1 and k + 1; past the border they are `row` itself: no flow leaves the grid.
HP_KERNEL static void dual_row(int n, const float *restrict row, const float *restrict up,
                               const float *restrict next, const float *restrict edge,
                               float *restrict pi, float *restrict pj, float *restrict pk,
                               const float step[3], float alpha)
{
    const float si = step[0], sj = step[1], sk = step[2];
    for (int i = 0; i + 1 < n; i++) {
        const float a = pi[i] + si * (row[i + 1] - row[i]);
        const float b = pj[i] + sj * (up[i] - row[i]);
        const float c = pk[i] + sk * (next[i] - row[i]);
        const float radius = alpha * edge[i];
        const float norm = sqrtf(a * a + b * b + c * c);
        const float shrink = radius / (norm > radius ? norm : radius + 1e-20f);
        pi[i] = a * shrink;
        pj[i] = b * shrink;
        pk[i] = c * shrink;
    }
    const int i = n - 1;
    const float b = pj[i] + sj * (up[i] - row[i]), c = pk[i] + sk * (next[i] - row[i]);
    const float radius = alpha * edge[i], norm = sqrtf(b * b + c * c);
    const float shrink = radius / (norm > radius ? norm : radius + 1e-20f);
    pj[i] = b * shrink;
    pk[i] = c * shrink;
}

// One row of the primal step: u <- clamp(u + tau (div p - R + kappa)), ahead = 2 u_new - u_old.
// `below` and `before` are the duals of the rows at j - 1 and k - 1.
HP_KERNEL static size_t primal_row(int n, float *restrict u, float *restrict ahead,
                                   const float *restrict pi, const float *restrict pj,
                                   const float *restrict below, const float *restrict pk,
                                   const float *restrict before, const float *restrict cost,
                                   const float step[3], float tau, float kappa)
{
    const float si = step[0], sj = step[1], sk = step[2];
    // The first voxel has no left neighbour, and the voxels inside are counted afterwards: in one loop
    // with the rest, either would keep it from being vectorised.
    for (int i = 0; i < n; i++) {
        const float left = i > 0 ? pi[i - 1] : 0.0f;
        ahead[i] = si * (pi[i] - left);
    }
    for (int i = 0; i < n; i++) {
        const float flow = ahead[i] + sj * (pj[i] - below[i]) + sk * (pk[i] - before[i]);
        const float old = u[i];
        float now = old + flow - tau * (cost[i] - kappa);
        now = now > 0.0f ? now : 0.0f;
        now = now < 1.0f ? now : 1.0f;
        u[i] = now;
        ahead[i] = 2.0f * now - old;
    }
    int inside = 0;
    for (int i = 0; i < n; i++)
        inside += u[i] > 0.5f;
    return (size_t)inside;
}

static void dual_cb(int begin, int end, int slab, void *data)
{
    HpGeodesic *g = data;
    const int ni = g->cost->grid.size[0], nj = g->cost->grid.size[1], nk = g->cost->grid.size[2];
    const float step[3] = {g->sigma * g->scale[0], g->sigma * g->scale[1], g->sigma * g->scale[2]};
    (void)slab;
    for (int k = begin; k < end && !hp_task_is_cancelled(g->task); k++)
        for (int j = 0; j < nj; j++) {
            const size_t at = ((size_t)k * nj + j) * ni;
            const float *row = g->ahead + at;
            dual_row(ni, row, j + 1 < nj ? row + ni : row, k + 1 < nk ? row + (size_t)ni * nj : row,
                     g->edge->value + at, g->dual[0] + at, g->dual[1] + at, g->dual[2] + at, step,
                     g->params.alpha_mm);
        }
}

static void primal_cb(int begin, int end, int slab, void *data)
{
    HpGeodesic *g = data;
    const int ni = g->cost->grid.size[0], nj = g->cost->grid.size[1];
    const float step[3] = {g->tau * g->scale[0], g->tau * g->scale[1], g->tau * g->scale[2]};
    g->inside[slab] = 0;
    for (int k = begin; k < end && !hp_task_is_cancelled(g->task); k++)
        for (int j = 0; j < nj; j++) {
            const size_t at = ((size_t)k * nj + j) * ni;
            g->inside[slab] +=
                primal_row(ni, g->u->value + at, g->ahead + at, g->dual[0] + at, g->dual[1] + at,
                           j > 0 ? g->dual[1] + at - ni : g->zero, g->dual[2] + at,
                           k > 0 ? g->dual[2] + at - (size_t)ni * nj : g->zero, g->cost->value + at,
                           step, g->tau, g->params.kappa);
        }
}

// Every REST_WINDOW iterations: did the volume change by less than the share `rest`?
static void look_whether_resting(HpGeodesic *geodesic)
{
    if (geodesic->iterations % REST_WINDOW != 0)
        return;
    size_t volume = 0;
    for (int slab = 0; slab < hp_parallel_slabs(geodesic->u->grid.size[2], geodesic->grain); slab++)
        volume += geodesic->inside[slab];
    const double change = fabs((double)volume - (double)geodesic->volume_then);
    geodesic->is_resting =
        geodesic->iterations > REST_WINDOW && change <= geodesic->params.rest * (double)volume;
    geodesic->volume_then = volume;
}

void hp_geodesic_step(HpGeodesic *geodesic, int iterations)
{
    const int slices = geodesic->u->grid.size[2];
    for (int step = 0; step < iterations; step++) {
        hp_parallel_for(slices, geodesic->grain, dual_cb, geodesic);
        hp_parallel_for(slices, geodesic->grain, primal_cb, geodesic);
        geodesic->iterations++;
        look_whether_resting(geodesic);
    }
}

bool hp_geodesic_is_resting(const HpGeodesic *geodesic)
{
    return geodesic->is_resting;
}

bool hp_geodesic_is_done(const HpGeodesic *geodesic)
{
    return geodesic->is_resting || geodesic->iterations >= geodesic->params.max_iterations;
}

int hp_geodesic_get_iterations(const HpGeodesic *geodesic)
{
    return geodesic->iterations;
}

void hp_geodesic_set_params(HpGeodesic *geodesic, const HpGeodesicParams *params)
{
    geodesic->params = *params;
    geodesic->iterations = 0;
    geodesic->is_resting = false;
}

const HpField *hp_geodesic_get_u(const HpGeodesic *geodesic)
{
    return geodesic->u;
}

bool hp_geodesic_run(HpGeodesic *geodesic, HpTask *task, GError **error)
{
    bool goes_on = true;
    geodesic->task = task;
    while (!hp_geodesic_is_done(geodesic) && goes_on) {
        hp_geodesic_step(geodesic, 1);
        const double done = (double)geodesic->iterations / geodesic->params.max_iterations;
        goes_on = hp_task_step(task, done, error);
    }
    geodesic->task = NULL;
    return goes_on;
}

double hp_geodesic_energy(const HpGeodesic *geodesic, const float *u)
{
    const HpGrid *grid = &geodesic->cost->grid;
    const int ni = grid->size[0], nj = grid->size[1], nk = grid->size[2];
    const float *scale = geodesic->scale;
    double sum = 0;
    for (int k = 0; k < nk; k++)
        for (int j = 0; j < nj; j++)
            for (int i = 0; i < ni; i++) {
                const size_t at = hp_grid_offset(grid, i, j, k);
                const double a = i + 1 < ni ? (u[at + 1] - u[at]) * scale[0] : 0;
                const double b = j + 1 < nj ? (u[at + ni] - u[at]) * scale[1] : 0;
                const double c = k + 1 < nk ? (u[at + (size_t)ni * nj] - u[at]) * scale[2] : 0;
                sum += geodesic->params.alpha_mm * geodesic->edge->value[at] *
                       sqrt(a * a + b * b + c * c);
                sum += ((double)geodesic->cost->value[at] - geodesic->params.kappa) * u[at];
            }
    return sum * hp_grid_voxel_mm3(grid);
}
