// SPDX-License-Identifier: Apache-2.0
// Fits a rough surface to the nearest edge of the picture: the same solver in a band round it.
#include "segment/refine.h"

#include "core/parallel.h"

#include <math.h>

typedef struct {
    const HpField *hu, *distance, *extra;
    const HpStrokeMap *strokes;
    const HpRefineParams *params;
    HpField *cost, *edge, *start;
    const HpTask *task;
} Job;

static float clipped(const Job *job, size_t at)
{
    return CLAMP(job->hu->value[at], (float)job->params->clip_low_hu,
                 (float)job->params->clip_high_hu);
}

// w = 1 / (1 + (|grad I| / g)^2), forward differences like those of the solver.
static float edge_at(const Job *job, int i, int j, int k, size_t at)
{
    const HpGrid *grid = &job->hu->grid;
    const size_t stride[3] = {1, grid->size[0], (size_t)grid->size[0] * grid->size[1]};
    const int ijk[3] = {i, j, k};
    const float here = clipped(job, at);
    float slope2 = 0;
    for (int axis = 0; axis < 3; axis++)
        if (ijk[axis] + 1 < grid->size[axis]) {
            const float slope =
                (clipped(job, at + stride[axis]) - here) / (float)grid->spacing_mm[axis];
            slope2 += slope * slope;
        }
    const float half = job->params->edge_hu_mm;
    return 1 / (1 + slope2 / (half * half));
}

// What a voxel within the band costs.
static float cost_at(const Job *job, size_t at, uint8_t mark)
{
    const HpRefineParams *params = job->params;
    const float hu = job->hu->value[at], extra = job->extra != NULL ? job->extra->value[at] : 0;
    if (mark & HP_MARK_HOLD)
        return extra;
    const bool is_pushed = mark & HP_MARK_PUSH;
    const bool is_organ = is_pushed || (hu > params->low_hu && hu < params->high_hu);
    float cost = is_organ ? params->inside_cost : params->outside_cost;
    if (job->extra != NULL && is_organ)
        cost += extra;
    return is_pushed ? cost - params->push : cost;
}

static void maps_cb(int begin, int end, int slab, void *data)
{
    const Job *job = data;
    const HpRefineParams *params = job->params;
    const HpGrid *grid = &job->hu->grid;
    for (int k = begin; k < end && !hp_task_is_cancelled(job->task); k++)
        for (int j = 0; j < grid->size[1]; j++)
            for (int i = 0; i < grid->size[0]; i++) {
                const size_t at = hp_grid_offset(grid, i, j, k);
                const float away = job->distance->value[at];
                const uint8_t mark = hp_stroke_map_get(job->strokes, at);
                job->start->value[at] = away < 0 ? 1 : 0;
                if (fabsf(away) >= params->band_mm || mark & HP_MARK_BARRIER) {
                    const bool is_in = away < 0 && !(mark & HP_MARK_BARRIER);
                    job->cost->value[at] = is_in ? -HP_GEODESIC_HARD : HP_GEODESIC_HARD;
                    job->edge->value[at] = 1;
                    continue;
                }
                job->cost->value[at] = cost_at(job, at, mark);
                job->edge->value[at] = mark & HP_MARK_HOLD ? 1 : edge_at(job, i, j, k, at);
            }
    (void)slab;
}

HpField *hp_refine(const HpField *hu, const HpField *distance, const HpField *extra,
                   const HpStrokeMap *strokes, const HpRefineParams *params, int *iterations,
                   HpTask *task, GError **error)
{
    g_autoptr(HpField) cost = hp_field_new(&hu->grid, error);
    g_autoptr(HpField) edge = cost ? hp_field_new(&hu->grid, error) : NULL;
    g_autoptr(HpField) start = edge ? hp_field_new(&hu->grid, error) : NULL;
    if (start == NULL)
        return NULL;
    Job job = {hu, distance, extra, strokes, params, cost, edge, start, task};
    hp_parallel_for(hu->grid.size[2], 1, maps_cb, &job);
    if (!hp_task_step(task, 0, error))
        return NULL;

    HpGeodesicParams solver = hp_geodesic_params_default();
    solver.alpha_mm = params->alpha_mm;
    solver.kappa = params->kappa;
    solver.max_iterations = params->max_iterations;
    g_autoptr(HpGeodesic) geodesic = hp_geodesic_new(cost, edge, start, &solver, error);
    if (geodesic == NULL || !hp_geodesic_run(geodesic, task, error))
        return NULL;
    *iterations = hp_geodesic_get_iterations(geodesic);
    return hp_field_ref((HpField *)hp_geodesic_get_u(geodesic));
}
