// SPDX-License-Identifier: Apache-2.0
// Brings a volume, a field or a mask onto another grid.
#include "image/resample.h"

#include "core/parallel.h"
#include "image/separable.h"

#include <math.h>

static bool has_same_directions(const HpGrid *a, const HpGrid *b)
{
    // Over 1000 voxels an angle of 1e-6 moves a voxel by a thousandth of its width.
    for (int at = 0; at < 9; at++)
        if (fabs(a->directions[at] - b->directions[at]) > 1e-6)
            return false;
    return true;
}

// `filter` knows source and result; the maps follow from the grids.
static bool run_aligned(HpSeparable *filter, const HpGrid *in, const HpGrid *onto, bool is_share,
                        HpTask *task, GError **error)
{
    double start[3];
    HpAxisMap *map[3];
    hp_grid_to_ijk(in, onto->origin_mm, start);
    for (int axis = 0; axis < 3; axis++)
        filter->map[axis] = map[axis] =
            hp_axis_map_resample(in->size[axis], onto->size[axis], start[axis],
                                 onto->spacing_mm[axis] / in->spacing_mm[axis], is_share);
    const bool is_done = hp_separable_run(filter, task, error);
    for (int axis = 0; axis < 3; axis++)
        hp_axis_map_free(map[axis]);
    return is_done;
}

typedef struct {
    const HpField *from;
    HpField *to;
    float outside;
    HpTask *task;
} Sampling;

static void sample_cb(int begin, int end, int slab, void *data)
{
    const Sampling *sampling = data;
    const HpGrid *grid = &sampling->to->grid;
    for (int row = begin; row < end && !hp_task_is_cancelled(sampling->task); row++) {
        float *out = sampling->to->value + (size_t)row * grid->size[0];
        for (int i = 0; i < grid->size[0]; i++) {
            double mm[3];
            hp_grid_to_mm(grid, (double[3]){i, row % grid->size[1], row / grid->size[1]}, mm);
            out[i] = hp_field_sample(sampling->from, mm, sampling->outside);
        }
    }
}

// Source directions, but no finer than the target along any axis.
static HpGrid averaged_grid(const HpGrid *in, const HpGrid *onto)
{
    double spacing[3];
    for (int axis = 0; axis < 3; axis++) {
        // What a target voxel spans along a source axis, as the deviation of a box has it.
        double squares = 0;
        for (int other = 0; other < 3; other++) {
            double cosine = 0;
            for (int row = 0; row < 3; row++)
                cosine += in->directions[3 * row + axis] * onto->directions[3 * row + other];
            squares += pow(cosine * onto->spacing_mm[other], 2);
        }
        spacing[axis] = MAX(in->spacing_mm[axis], sqrt(squares));
    }
    return hp_grid_resampled(in, spacing);
}

static HpField *run(HpSeparable *filter, const HpGrid *in, const HpGrid *onto, bool is_share,
                    HpTask *task, GError **error)
{
    const bool is_aligned = has_same_directions(in, onto);
    const HpGrid between = is_aligned ? *onto : averaged_grid(in, onto);
    g_autoptr(HpField) field = hp_field_new(&between, error);
    if (field == NULL)
        return NULL;
    filter->to_value = field->value;
    if (!run_aligned(filter, in, &between, is_share, task, error))
        return NULL;
    if (is_aligned)
        return g_steal_pointer(&field);

    g_autoptr(HpField) sampled = hp_field_new(onto, error);
    if (sampled == NULL)
        return NULL;
    Sampling sampling = {field, sampled, filter->outside, task};
    hp_parallel_for(onto->size[1] * onto->size[2], 16, sample_cb, &sampling);
    return hp_task_step(task, 1, error) ? g_steal_pointer(&sampled) : NULL;
}

HpField *hp_resample_volume(const HpVolume *in, const HpGrid *onto, float outside, HpTask *task,
                            GError **error)
{
    HpSeparable filter = {.hu = in->hu, .outside = outside};
    return run(&filter, &in->grid, onto, false, task, error);
}

HpField *hp_resample_field(const HpField *in, const HpGrid *onto, float outside, HpTask *task,
                           GError **error)
{
    HpSeparable filter = {.value = in->value, .outside = outside};
    return run(&filter, &in->grid, onto, false, task, error);
}

HpField *hp_resample_labels(const uint8_t *labels, const HpGrid *grid, uint8_t label,
                            const HpGrid *onto, HpTask *task, GError **error)
{
    HpSeparable filter = {.label = labels, .wanted = label};
    return run(&filter, grid, onto, true, task, error);
}

HpVolume *hp_resample_hu(const HpVolume *in, const HpGrid *onto, int16_t outside, HpTask *task,
                         GError **error)
{
    g_autoptr(HpVolume) out = hp_volume_new(onto, error);
    if (out == NULL)
        return NULL;
    if (has_same_directions(&in->grid, onto)) {
        HpSeparable filter = {.hu = in->hu, .outside = outside, .to_hu = out->hu};
        return run_aligned(&filter, &in->grid, onto, false, task, error) ? g_steal_pointer(&out)
                                                                         : NULL;
    }
    g_autoptr(HpField) field = hp_resample_volume(in, onto, outside, task, error);
    if (field == NULL)
        return NULL;
    for (size_t at = 0; at < hp_grid_count(onto); at++)
        out->hu[at] = (int16_t)CLAMP(lrintf(field->value[at]), INT16_MIN, INT16_MAX);
    return g_steal_pointer(&out);
}
