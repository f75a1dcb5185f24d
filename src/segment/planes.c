// SPDX-License-Identifier: Apache-2.0
// The planar contours as one stage: from seeds to the stacks of three planes and their fusion.
#include "segment/planes.h"

#include "core/error.h"
#include "core/parallel.h"
#include "image/gaussian.h"
#include "segment/seed.h"

#include <float.h>
#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

static const double sections_within_mm = 40; // of the seed: what other planes start from
static const double sections_apart_mm = 100;
static const double seed_reach_mm = 20;    // a seed grows this far before it meets resistance
static const double follow_reach_mm = 6;   // what a small move of a slider may add
static const double section_reach_mm = 80; // sections are cut off at the slab's ends

// kappa lost per mm beyond where an organ of the seed's size is likely, 1/mm2; tuned on CT of livers.
static const double distrust_along = 0.06;  // the seed's normal
static const double distrust_across = 0.02; // in its plane
static const double distrust_reach_mm = 80; // in-plane, farther is as far

void hp_planes_free(HpPlanes *planes)
{
    if (planes == NULL)
        return;
    if (planes->contours != NULL)
        g_ptr_array_unref(planes->contours);
    for (int plane = 0; plane < HP_PLANE_COUNT; plane++)
        hp_stack_free(planes->stack[plane]);
    hp_field_unref(planes->phi);
    g_free(planes);
}

typedef struct {
    HpStack *stack[HP_PLANE_COUNT];
} Stacks;

static void stacks_clear(Stacks *stacks)
{
    for (int plane = 0; plane < HP_PLANE_COUNT; plane++)
        hp_stack_free(stacks->stack[plane]);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Stacks, stacks_clear)

static bool check_input(const HpPlanesInput *input, GError **error)
{
    const HpGrid *grid = &input->picture->grid;
    const HpGrid *const others[] = {
        input->original != NULL ? &input->original->grid : grid,
        input->strokes != NULL ? &input->strokes->grid : grid,
        input->against != NULL ? &input->against->grid : grid,
    };
    for (size_t at = 0; at < G_N_ELEMENTS(others); at++) {
        if (hp_grid_equal(grid, others[at], 1e-3))
            continue;
        g_set_error_literal(error, HP_ERROR, HP_ERROR_GRID_MISMATCH,
                            _("the picture and what goes with it lie on different grids"));
        return false;
    }
    if (input->seeds->len == 0) {
        g_set_error_literal(error, HP_ERROR, HP_ERROR_BAD_FILE,
                            _("no seed contour, expected at least one"));
        return false;
    }
    for (guint at = 0; at < input->seeds->len; at++)
        if (!hp_seed_check(input->seeds->pdata[at], grid, error)) {
            g_prefix_error(error, "seed contour %u: ", at + 1);
            return false;
        }
    return true;
}

// The running stage's share [from, to], for one of the calls it is made of.
static void narrow(HpTask *task, const HpTask *whole, double from, double to)
{
    if (task == NULL)
        return;
    task->from = whole->from + (whole->to - whole->from) * from;
    task->to = whole->from + (whole->to - whole->from) * to;
}

// Puts the seeds on their planes; which planes have one.
static void plant(Stacks *stacks, const HpGrid *grid, const GPtrArray *seeds,
                  bool planted[HP_PLANE_COUNT])
{
    for (guint at = 0; at < seeds->len; at++) {
        const HpContour *seed = seeds->pdata[at];
        HpStack *stack = stacks->stack[seed->plane];
        double level;
        g_autoptr(HpLoop) loop = hp_loop_from_contour(seed, grid, &level);
        hp_stack_add_seed(stack, CLAMP((int)floor(level + 0.5), 0, stack->slices - 1), loop);
        planted[seed->plane] = true;
    }
}

// What the seeds alone say of far voxels, the least over the seeds: in-plane distance to the seed
// beyond 15 mm; along its normal beyond 50 mm towards the head and 130 mm towards the feet, which
// is how a liver lies about its largest section, or 90 mm each way from a seed on another plane.
typedef struct {
    HpField *distrust;
    const float *distance; // to the seed, in its plane
    HpPlane plane;
    double level, upward; // of the seed; +1 if slices ascend towards the head, -1, 0 if neither
} Distrust;

static void distrust_cb(int begin, int end, int slab, void *data)
{
    const Distrust *job = data;
    const HpGrid *grid = &job->distrust->grid;
    const HpRaster raster = hp_raster_of_slice(grid, job->plane);
    int u, v;
    (void)slab;
    hp_plane_axes(grid, job->plane, &u, &v);
    const int normal = 3 - u - v;
    for (int k = begin; k < end; k++)
        for (int j = 0; j < grid->size[1]; j++)
            for (int i = 0; i < grid->size[0]; i++) {
                const int ijk[3] = {i, j, k};
                const double z = (ijk[normal] - job->level) * grid->spacing_mm[normal];
                const double over = job->upward > 0   ? MAX(z - 50, -z - 130)
                                    : job->upward < 0 ? MAX(-z - 50, z - 130)
                                                      : fabs(z) - 90;
                const double d = job->distance[(size_t)ijk[v] * raster.width + ijk[u]] - 15;
                const float cost =
                    (float)(distrust_along * MAX(over, 0) + distrust_across * MAX(d, 0));
                float *least = &job->distrust->value[hp_grid_offset(grid, i, j, k)];
                *least = MIN(*least, cost);
            }
}

static HpField *find_distrust(const HpGrid *grid, const GPtrArray *seeds, const HpField *against,
                              GError **error)
{
    HpField *distrust = hp_field_new(grid, error);
    if (distrust == NULL)
        return NULL;
    for (size_t at = 0; at < hp_grid_count(grid); at++)
        distrust->value[at] = FLT_MAX;
    for (guint at = 0; at < seeds->len; at++) {
        const HpContour *seed = seeds->pdata[at];
        const HpRaster raster = hp_raster_of_slice(grid, seed->plane);
        g_autofree float *distance = g_new(float, (size_t)raster.width *raster.height);
        g_autoptr(GPtrArray) loops = hp_loops_new();
        double level;
        g_ptr_array_add(loops, hp_loop_from_contour(seed, grid, &level));
        hp_raster_distance(&raster, loops, HP_FILL_UNION, distrust_reach_mm, distance);
        const double cosine = grid->directions[6 + hp_grid_axis(grid, seed->plane)];
        const double upward = seed->plane == HP_PLANE_AXIAL ? cosine : 0;
        hp_parallel_for(grid->size[2], 4, distrust_cb,
                        &(Distrust){distrust, distance, seed->plane, level, upward});
    }
    for (size_t at = 0; against != NULL && at < hp_grid_count(grid); at++)
        distrust->value[at] += against->value[at];
    return distrust;
}

// Evolves the planes with seeds, then the others from sections of those.
static bool evolve(Stacks *stacks, const bool planted[HP_PLANE_COUNT], const HpMapSources *sources,
                   const HpMapRule *rule, HpTask *task, const HpTask *whole, GError **error)
{
    HpStack *seeded[HP_PLANE_COUNT], *other[HP_PLANE_COUNT];
    int seeds = 0, others = 0;
    for (int plane = 0; plane < HP_PLANE_COUNT; plane++) {
        if (planted[plane])
            seeded[seeds++] = stacks->stack[plane];
        else
            other[others++] = stacks->stack[plane];
    }
    narrow(task, whole, 0.05, 0.4);
    if (!hp_propagate(seeded, seeds, sources, rule, seed_reach_mm, task, error))
        return false;
    for (int to = 0; to < others; to++)
        for (int from = 0; from < seeds; from++)
            hp_stack_add_sections(other[to], seeded[from], sections_within_mm, sections_apart_mm);
    narrow(task, whole, 0.4, 0.9);
    return hp_propagate(other, others, sources, rule, section_reach_mm, task, error);
}

// phi > 0 at barriers that lie inside a contour all round: a contour has no holes, the organ has.
static void pierce(HpField *phi, const HpStrokeMap *strokes)
{
    const double *spacing = phi->grid.spacing_mm;
    const float half = 0.5f * (float)MIN(spacing[0], MIN(spacing[1], spacing[2]));
    for (size_t at = 0; at < hp_grid_count(&phi->grid); at++)
        if (hp_stroke_map_get(strokes, at) & HP_MARK_BARRIER)
            phi->value[at] = MAX(phi->value[at], half);
}

static HpPlanes *collect(Stacks *stacks, const HpStrokeMap *strokes, HpTask *task, GError **error)
{
    g_autoptr(HpPlanes) planes = g_new0(HpPlanes, 1);
    planes->contours = hp_contours_new();
    for (int plane = 0; plane < HP_PLANE_COUNT; plane++) {
        const HpStack *stack = stacks->stack[plane];
        hp_stack_get_contours(stack, planes->contours);
        planes->evolved[plane] = stack->contours;
        planes->converged[plane] = stack->converged;
        planes->steps += stack->steps;
    }
    memcpy(planes->stack, stacks->stack, sizeof planes->stack);
    memset(stacks->stack, 0, sizeof stacks->stack);
    if (planes->contours->len == 0) {
        g_set_error_literal(error, HP_ERROR, HP_ERROR_NO_RESULT,
                            _("no contour stayed: the seeds enclose too little of the band"));
        return NULL;
    }
    planes->phi = hp_fuse(planes->stack, HP_PLANE_COUNT, task, error);
    if (planes->phi == NULL)
        return NULL;
    pierce(planes->phi, strokes);
    planes->ml = hp_fuse_volume_ml(planes->phi);
    return g_steal_pointer(&planes);
}

// From the seeds, or from what `from` holds.
static HpPlanes *evolve_planes(const HpPlanes *from, const HpPlanesInput *input,
                               const HpParams *params, HpTask *task, const HpTask *whole,
                               GError **error)
{
    const HpGrid *grid = &input->picture->grid;
    narrow(task, whole, 0, 0.05);
    g_autoptr(HpField) smooth =
        hp_gaussian(input->picture, params->value[HP_PARAM_SIGMA], task, error);
    g_autoptr(HpField) distrust =
        smooth != NULL ? find_distrust(grid, input->seeds, input->against, error) : NULL;
    if (distrust == NULL)
        return NULL;
    const HpMapSources sources = {.smooth = smooth,
                                  .original =
                                      input->original != NULL ? input->original : input->picture,
                                  .distrust = distrust,
                                  .strokes = input->strokes};
    HpMapRule rule;
    if (!hp_map_rule_new(&sources, input->seeds, params, &rule, error))
        return NULL;
    g_auto(Stacks) stacks = {{NULL}};
    for (int plane = 0; plane < HP_PLANE_COUNT; plane++)
        stacks.stack[plane] = from ? hp_stack_copy(from->stack[plane]) : hp_stack_new(grid, plane);
    if (from != NULL)
        return hp_propagate_again(stacks.stack, HP_PLANE_COUNT, &sources, &rule, follow_reach_mm,
                                  task, error)
                   ? collect(&stacks, input->strokes, task, error)
                   : NULL;
    bool planted[HP_PLANE_COUNT] = {false};
    plant(&stacks, grid, input->seeds, planted);
    if (!evolve(&stacks, planted, &sources, &rule, task, whole, error))
        return NULL;
    narrow(task, whole, 0.9, 1);
    return collect(&stacks, input->strokes, task, error);
}

HpPlanes *hp_planes_follow(const HpPlanes *from, const HpPlanesInput *input, const HpParams *params,
                           HpTask *task, GError **error)
{
    if (!check_input(input, error))
        return NULL;
    const HpTask whole = task != NULL ? *task : (HpTask){.to = 1};
    HpPlanes *planes = evolve_planes(from, input, params, task, &whole, error);
    narrow(task, &whole, 0, 1);
    return planes;
}

HpPlanes *hp_planes_evolve(const HpPlanesInput *input, const HpParams *params, HpTask *task,
                           GError **error)
{
    return hp_planes_follow(NULL, input, params, task, error);
}
