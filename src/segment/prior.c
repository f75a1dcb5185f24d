// SPDX-License-Identifier: Apache-2.0
// Where a liver may be, judged from one of its axial sections alone.
#include "segment/prior.h"

#include "core/error.h"
#include "core/parallel.h"
#include "image/distance.h"

#include <glib/gi18n.h>
#include <math.h>

#define DEPTH_MM 120      // distances beyond do not matter
#define TYPICAL_RADIUS 80 // mm: of a disc with the area of the largest section of a common liver

HpPriorParams hp_prior_params_default(void)
{
    return (HpPriorParams){
        .strength = 1, .most_below = 2.3f, .most_beside = 2.3f, .most_above = 6, .most_gain = 1.5f};
}

bool hp_section_init(HpSection *section, const HpGrid *grid, const uint8_t *labels, int slice,
                     double grow_mm, HpTask *task, GError **error)
{
    const int axis = hp_grid_axis(grid, HP_PLANE_AXIAL);
    int lo[3] = {0}, size[3] = {grid->size[0], grid->size[1], grid->size[2]};
    lo[axis] = slice;
    size[axis] = 1;
    const HpGrid flat = hp_grid_crop(grid, lo, size);
    g_autofree uint8_t *inside = g_new0(uint8_t, hp_grid_count(&flat));
    size_t at = 0, voxels = 0;
    for (int k = lo[2]; k < lo[2] + size[2]; k++)
        for (int j = lo[1]; j < lo[1] + size[1]; j++)
            for (int i = lo[0]; i < lo[0] + size[0]; i++, at++) {
                inside[at] = labels[hp_grid_offset(grid, i, j, k)] != 0;
                voxels += inside[at];
            }
    if (voxels == 0) {
        g_set_error(error, HP_ERROR, HP_ERROR_NO_RESULT, _("slice %d holds no section"), slice);
        return false;
    }
    section->slice = slice;
    section->depth = hp_distance_signed(inside, &flat, 1, DEPTH_MM, task, error);
    if (section->depth == NULL)
        return false;
    for (at = 0; at < hp_grid_count(&flat); at++)
        section->depth->value[at] = (float)grow_mm - section->depth->value[at];
    return true;
}

void hp_section_clear(HpSection *section)
{
    hp_field_unref(section->depth);
    section->depth = NULL;
}

// What the formula needs of one section.
typedef struct {
    double scale;       // TYPICAL_RADIUS / radius of a disc of its area
    double right, left; // ends along the axis from right to left, in voxels
} Shape;

// The anatomical axes of the grid: which runs from right to left and from foot to head, and the sign.
typedef struct {
    int left_axis, up_axis;
    double left_sign, up_sign;
} Axes;

static Axes axes_of(const HpGrid *grid)
{
    Axes axes = {.left_axis = hp_grid_axis(grid, HP_PLANE_SAGITTAL),
                 .up_axis = hp_grid_axis(grid, HP_PLANE_AXIAL)};
    axes.left_sign = grid->directions[axes.left_axis] >= 0 ? 1 : -1;
    axes.up_sign = grid->directions[6 + axes.up_axis] >= 0 ? 1 : -1;
    return axes;
}

static Shape shape_of(const HpSection *section, const Axes *axes)
{
    const HpGrid *flat = &section->depth->grid;
    Shape shape = {.right = INFINITY, .left = -INFINITY};
    size_t at = 0, voxels = 0;
    for (int k = 0; k < flat->size[2]; k++)
        for (int j = 0; j < flat->size[1]; j++)
            for (int i = 0; i < flat->size[0]; i++, at++)
                if (section->depth->value[at] > 0) {
                    const double place = (int[]){i, j, k}[axes->left_axis] * axes->left_sign;
                    shape.right = MIN(shape.right, place);
                    shape.left = MAX(shape.left, place);
                    voxels++;
                }
    const double pixel = hp_grid_voxel_mm3(flat) / flat->spacing_mm[axes->up_axis];
    shape.scale = TYPICAL_RADIUS / sqrt(MAX(1, (double)voxels) * pixel / G_PI);
    return shape;
}

static double between(double x, double x0, double y0, double x1, double y1)
{
    return x <= x0 ? y0 : x >= x1 ? y1 : y0 + (y1 - y0) * (x - x0) / (x1 - x0);
}

// Nats against a voxel `depth` mm inside the section and `up` mm over it, at `place` from -1
// (right end) to 1 (left end). Log-odds of lying in the height range and of lying in the outline,
// which for a common section (scale 1) are: the right lobe hangs some 75 mm below its largest
// section and the left one 10; the dome rises the higher the deeper inside, some 45 mm in the midst.
static float nats_against(double depth, double up, double place, double scale,
                          const HpPriorParams *params)
{
    const double z = up * scale, e = MAX(0, depth) * scale;
    double height;
    if (z > 0) {
        height = (14 + 0.75 * e - z) / 12;
    } else {
        const double half =
            place < 0.1 ? between(place, -0.6, -75, 0.1, -30) : between(place, 0.1, -30, 1, -8);
        height = (z - half) / between(place, -0.6, 17, 1, 8);
    }
    const double outline = MAX(-4, (depth + 1) / (3.5 + 0.05 * fabs(z)));
    const double odds = 1 / (1 + exp(-CLAMP(height, -6, 6))) / (1 + exp(-outline));
    const double nats = -log(odds / (1 - MIN(odds, 0.999)));
    const double above = between(depth, -10, params->most_beside, 0, params->most_above);
    const double most = between(z, -25, params->most_below, -10, above);
    return (float)(params->strength * CLAMP(nats, -params->most_gain, most));
}

typedef struct {
    HpField *prior;
    const HpSection *sections;
    const Shape *shapes;
    int count;
    const HpPriorParams *params;
    Axes axes;
} Job;

static void prior_cb(int begin, int end, int slab, void *data)
{
    const Job *job = data;
    const HpGrid *grid = &job->prior->grid;
    const int up = job->axes.up_axis, left = job->axes.left_axis;
    const HpGrid *flat = &job->sections[0].depth->grid;
    for (int k = begin; k < end; k++)
        for (int j = 0; j < grid->size[1]; j++)
            for (int i = 0; i < grid->size[0]; i++) {
                int ijk[3] = {i, j, k};
                const int slice = ijk[up];
                const double x = ijk[left] * job->axes.left_sign;
                int before = 0; // the last section at or below in index, else the first
                while (before + 1 < job->count && job->sections[before + 1].slice <= slice)
                    before++;
                const int after = slice > job->sections[before].slice && before + 1 < job->count
                                      ? before + 1
                                      : before;
                const int a = job->sections[before].slice, b = job->sections[after].slice;
                const double t = a == b ? 0 : (double)(slice - a) / (b - a);
                ijk[up] = 0;
                const size_t at = hp_grid_offset(flat, ijk[0], ijk[1], ijk[2]);
                const Shape *shape = &job->shapes[t < 0.5 ? before : after];
                const double depth = (1 - t) * job->sections[before].depth->value[at] +
                                     t * job->sections[after].depth->value[at];
                const double over =
                    a == b ? (slice - a) * job->axes.up_sign * grid->spacing_mm[up] : 0;
                const double middle = (shape->left + shape->right) / 2,
                             half = MAX(1, (shape->left - shape->right) / 2);
                job->prior->value[hp_grid_offset(grid, i, j, k)] = nats_against(
                    depth, over, CLAMP((x - middle) / half, -1, 1), shape->scale, job->params);
            }
    (void)slab;
}

HpField *hp_prior(const HpGrid *grid, const HpSection *sections, int count,
                  const HpPriorParams *params, GError **error)
{
    g_assert(count > 0);
    g_autoptr(HpField) prior = hp_field_new(grid, error);
    if (prior == NULL)
        return NULL;
    g_autofree Shape *shapes = g_new0(Shape, count);
    Job job = {.prior = prior,
               .sections = sections,
               .shapes = shapes,
               .count = count,
               .params = params,
               .axes = axes_of(grid)};
    for (int at = 0; at < count; at++)
        shapes[at] = shape_of(&sections[at], &job.axes);
    hp_parallel_for(grid->size[2], 2, prior_cb, &job);
    return g_steal_pointer(&prior);
}
