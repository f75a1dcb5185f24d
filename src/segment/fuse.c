// SPDX-License-Identifier: Apache-2.0
// The stacks of the three planes as one signed distance.
#include "segment/fuse.h"

#include "core/error.h"
#include "core/parallel.h"

#include <math.h>
#include <stdlib.h>

static const double weight_reach_mm = 40;

typedef struct {
    const HpStack *stack;
    const HpTask *task;
    const float *weight; // per slice of the stack
    float *sum;          // of w_p phi_p
    float *total;        // of w_p
} Addition;

// Weight of each slice: it falls with the distance to the nearest seeded one.
static float *weigh_slices(const HpStack *stack)
{
    const double apart = stack->grid.spacing_mm[hp_grid_axis(&stack->grid, stack->plane)];
    float *weight = g_new(float, stack->slices);
    for (int slice = 0; slice < stack->slices; slice++) {
        double nearest = INFINITY;
        float confidence = 1;
        for (int seed = 0; seed < stack->slices; seed++)
            if (stack->is_seed[seed])
                nearest = MIN(nearest, abs(slice - seed) * apart);
        // An empty slice is as sure as the last that was not: its contour ended for a reason.
        for (int reach = 0; reach < stack->slices; reach++) {
            const int below = slice - reach, above = slice + reach;
            const int found = below >= 0 && stack->loops[below] != NULL              ? below
                              : above < stack->slices && stack->loops[above] != NULL ? above
                                                                                     : -1;
            if (found >= 0) {
                confidence = stack->confidence[found];
                break;
            }
        }
        weight[slice] = (float)exp(-nearest / weight_reach_mm) * MAX(confidence, 0.05f);
    }
    return weight;
}

static void add_slices_cb(int begin, int end, int slab, void *data)
{
    const Addition *addition = data;
    const HpStack *stack = addition->stack;
    const HpRaster raster = hp_raster_of_slice(&stack->grid, stack->plane);
    const size_t pixels = (size_t)raster.width * raster.height;
    g_autofree float *distance = g_new(float, pixels);
    int u, v, ijk[3];
    (void)slab;
    hp_plane_axes(&stack->grid, stack->plane, &u, &v);
    for (int slice = begin; slice < end && !hp_task_is_cancelled(addition->task); slice++) {
        hp_raster_distance(&raster, stack->loops[slice], HP_FILL_UNION, HP_FUSE_CLAMP_MM, distance);
        const float weight = addition->weight[slice];
        ijk[3 - u - v] = slice;
        for (int y = 0; y < raster.height; y++)
            for (int x = 0; x < raster.width; x++) {
                ijk[u] = x;
                ijk[v] = y;
                const size_t at = hp_grid_offset(&stack->grid, ijk[0], ijk[1], ijk[2]);
                addition->sum[at] += weight * distance[(size_t)y * raster.width + x];
                addition->total[at] += weight;
            }
    }
}

HpField *hp_fuse(HpStack *const *stacks, int count, HpTask *task, GError **error)
{
    g_assert(count > 0);
    g_autoptr(HpField) phi = hp_field_new(&stacks[0]->grid, error);
    if (phi == NULL)
        return NULL;
    const size_t voxels = hp_grid_count(&phi->grid);
    g_autofree float *total = hp_try_alloc(voxels, sizeof(float), "weights of the planes", error);
    if (total == NULL)
        return NULL;
    for (int at = 0; at < count; at++) {
        if (stacks[at]->contours == 0)
            continue;
        g_autofree float *weight = weigh_slices(stacks[at]);
        hp_parallel_for(stacks[at]->slices, 4, add_slices_cb,
                        &(Addition){stacks[at], task, weight, phi->value, total});
        if (!hp_task_step(task, (at + 1.0) / count, error))
            return NULL;
    }
    for (size_t at = 0; at < voxels; at++)
        phi->value[at] =
            total[at] > 0 ? CLAMP(phi->value[at] / total[at], -HP_FUSE_CLAMP_MM, HP_FUSE_CLAMP_MM)
                          : HP_FUSE_CLAMP_MM;
    return g_steal_pointer(&phi);
}

double hp_fuse_volume_ml(const HpField *phi)
{
    const HpGrid *grid = &phi->grid;
    const double voxel_mm3 = hp_grid_voxel_mm3(grid), edge_mm = cbrt(voxel_mm3);
    const size_t voxels = hp_grid_count(grid);
    double sum = 0;
    for (size_t at = 0; at < voxels; at++)
        sum += CLAMP(0.5 - phi->value[at] / edge_mm, 0, 1);
    return sum * voxel_mm3 / 1000;
}
