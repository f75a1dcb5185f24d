// SPDX-License-Identifier: Apache-2.0
// Grows and shrinks a set of voxels by a ball of millimetres.
#include "image/morphology.h"

#include "core/parallel.h"
#include "image/distance.h"

// Below the last bit of a distance that should be equal to the radius.
#define SLACK 1e-5

typedef struct {
    uint8_t *labels;
    const HpField *distance;
    float radius_mm;
    bool is_within; // the set is what lies within the radius; else what lies beyond
} Threshold;

static void threshold_cb(int begin, int end, int slab, void *data)
{
    const Threshold *threshold = data;
    const size_t row = threshold->distance->grid.size[0];
    for (size_t at = begin * row; at < end * row; at++)
        threshold->labels[at] =
            (threshold->distance->value[at] <= threshold->radius_mm) == threshold->is_within;
}

static bool step(uint8_t *labels, const HpGrid *grid, double radius_mm, bool is_dilation,
                 HpTask *task, GError **error)
{
    g_assert(radius_mm >= 0);
    // Only what lies within the radius is asked; beyond it any larger value will do.
    const double max_mm = radius_mm + 0.01 * grid->spacing_mm[0];
    g_autoptr(HpField) distance = is_dilation
                                      ? hp_distance_outside(labels, grid, 0, max_mm, task, error)
                                      : hp_distance_inside(labels, grid, 0, max_mm, task, error);
    if (distance == NULL)
        return false;
    Threshold threshold = {labels, distance, (float)(radius_mm * (1 + SLACK)), is_dilation};
    hp_parallel_for(grid->size[1] * grid->size[2], 256, threshold_cb, &threshold);
    return true;
}

bool hp_dilate(uint8_t *labels, const HpGrid *grid, double radius_mm, HpTask *task, GError **error)
{
    return step(labels, grid, radius_mm, true, task, error);
}

bool hp_erode(uint8_t *labels, const HpGrid *grid, double radius_mm, HpTask *task, GError **error)
{
    return step(labels, grid, radius_mm, false, task, error);
}

bool hp_open(uint8_t *labels, const HpGrid *grid, double radius_mm, HpTask *task, GError **error)
{
    return hp_erode(labels, grid, radius_mm, task, error) &&
           hp_dilate(labels, grid, radius_mm, task, error);
}

bool hp_close(uint8_t *labels, const HpGrid *grid, double radius_mm, HpTask *task, GError **error)
{
    return hp_dilate(labels, grid, radius_mm, task, error) &&
           hp_erode(labels, grid, radius_mm, task, error);
}
