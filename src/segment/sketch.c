// SPDX-License-Identifier: Apache-2.0
// The organ in coarse voxels, fast enough to follow a slider while it is dragged.
#include "segment/sketch.h"

#include "core/error.h"
#include "core/segment.h"
#include "image/resample.h"
#include "segment/fit.h"
#include "segment/rounds.h"
#include "segment/seed.h"

#include <math.h>
#include <string.h>

static const double margin_mm = 24; // round what was learnt: as far as a slider may make it grow

struct HpSketch {
    HpVolume *volume;
    HpParams params;
    HpRounds rounds;      // in the box; `cost`, `mask` and `planes` are made anew by each move
    float *cost;          // as begun
    uint8_t *mask;        // as begun
    HpPlanes *planes;     // of the first parameters; NULL: not evolved, or they vanished
    HpGrid grid;          // of the result
    HpStrokeMap *strokes; // on it
};

void hp_sketch_free(HpSketch *sketch)
{
    if (sketch == NULL)
        return;
    hp_rounds_clear(&sketch->rounds);
    hp_planes_free(sketch->planes);
    hp_volume_unref(sketch->volume);
    hp_stroke_map_free(sketch->strokes);
    g_free(sketch->cost);
    g_free(sketch->mask);
    g_free(sketch);
}

// The box of the labels, a margin round it, on the grid.
static void find_box(const uint8_t *labels, const HpGrid *grid, int lo[3], int size[3])
{
    int first[3] = {grid->size[0], grid->size[1], grid->size[2]}, last[3] = {0, 0, 0};
    for (int k = 0; k < grid->size[2]; k++)
        for (int j = 0; j < grid->size[1]; j++)
            for (int i = 0; i < grid->size[0]; i++) {
                const int ijk[3] = {i, j, k};
                for (int axis = 0; axis < 3 && labels[hp_grid_offset(grid, i, j, k)]; axis++) {
                    first[axis] = MIN(first[axis], ijk[axis]);
                    last[axis] = MAX(last[axis], ijk[axis]);
                }
            }
    for (int axis = 0; axis < 3; axis++) {
        const int margin = (int)ceil(margin_mm / grid->spacing_mm[axis]);
        lo[axis] = MAX(first[axis] - margin, 0);
        size[axis] = MIN(last[axis] + margin, grid->size[axis] - 1) - lo[axis] + 1;
    }
}

static bool begin(HpSketch *sketch, const GPtrArray *seeds, const HpOrganInput *input, HpTask *task,
                  GError **error)
{
    g_auto(HpRounds)
        whole = {.volume = sketch->volume, .params = &sketch->params, .input = input, .task = task};
    if (!hp_rounds_begin(&whole, seeds, error))
        return false;
    int lo[3], size[3];
    find_box(whole.mask, &whole.grid, lo, size);
    if (!hp_rounds_crop(&sketch->rounds, &whole, lo, size, error))
        return false;
    sketch->rounds.of_organ = g_steal_pointer(&whole.of_organ);
    sketch->rounds.of_background = g_steal_pointer(&whole.of_background);
    return true;
}

HpSketch *hp_sketch_new(HpVolume *volume, const GPtrArray *seeds, const HpOrganInput *input,
                        const HpParams *params, HpTask *task, GError **error)
{
    if (!hp_organ_check(volume, seeds, input, error))
        return NULL;
    g_autoptr(HpSketch) sketch = g_new0(HpSketch, 1);
    sketch->volume = hp_volume_ref(volume);
    sketch->params = *params;
    if (!begin(sketch, seeds, input, task, error))
        return NULL;
    HpRounds *rounds = &sketch->rounds;
    const size_t count = hp_grid_count(&rounds->grid);
    sketch->cost = g_memdup2(rounds->cost->value, count * sizeof *sketch->cost);
    sketch->mask = g_memdup2(rounds->mask, count);
    const double side[3] = {HP_SKETCH_MM, HP_SKETCH_MM, HP_SKETCH_MM};
    sketch->grid = hp_grid_resampled(&rounds->grid, side);
    sketch->strokes =
        hp_stroke_map_new(input != NULL ? input->strokes : NULL, &sketch->grid, error);
    if (sketch->strokes == NULL)
        return NULL;
    // The planar contours as they are at first; without them the sliders' first move evolves them.
    g_autoptr(HpMask) first = hp_sketch_follow(sketch, params, NULL, task, error);
    if (first == NULL)
        return NULL;
    sketch->planes = g_steal_pointer(&rounds->planes);
    return g_steal_pointer(&sketch);
}

static HpMask *mask_of(const HpSketch *sketch, HpTask *task, GError **error)
{
    g_autoptr(HpField) share = hp_resample_labels(sketch->rounds.mask, &sketch->rounds.grid, 1,
                                                  &sketch->grid, task, error);
    if (share == NULL)
        return NULL;
    const size_t count = hp_grid_count(&sketch->grid);
    g_autofree uint8_t *labels = hp_try_alloc(count, 1, "labels", error);
    if (labels == NULL)
        return NULL;
    for (size_t at = 0; at < count; at++)
        labels[at] = share->value[at] >= 0.5f ? HP_LABEL_LIVER : 0;
    hp_stroke_map_clear(sketch->strokes, labels);
    return hp_mask_new_from_labels(&sketch->grid, labels, error);
}

HpMask *hp_sketch_follow(HpSketch *sketch, const HpParams *params, double *ml, HpTask *task,
                         GError **error)
{
    HpRounds *rounds = &sketch->rounds;
    const size_t count = hp_grid_count(&rounds->grid);
    sketch->params = *params;
    rounds->params = &sketch->params;
    rounds->task = task;
    memcpy(rounds->cost->value, sketch->cost, count * sizeof *sketch->cost);
    memcpy(rounds->mask, sketch->mask, count);
    g_clear_pointer(&rounds->planes, hp_planes_free);
    if (!hp_rounds_end(rounds, sketch->planes, error))
        return NULL;
    uint8_t *fitted = hp_fit_coarse(rounds, error);
    if (fitted == NULL)
        return NULL;
    g_free(rounds->mask);
    rounds->mask = fitted;
    size_t voxels = 0;
    for (size_t at = 0; at < count; at++)
        voxels += rounds->mask[at];
    if (ml != NULL)
        *ml = (double)voxels * hp_grid_voxel_mm3(&rounds->grid) / 1000;
    return mask_of(sketch, task, error);
}
