// SPDX-License-Identifier: Apache-2.0
// Single slices as preparation makes them, long before the whole volume is prepared.
#include "case/preparation.h"

#include "core/error.h"
#include "image/equalise.h"
#include "image/diffusion.h"
#include "image/presets.h"

#include <math.h>
#include <string.h>

// The largest standard deviation of a preset: slabs that are kept reach as far as any preset asks.
#define PRESET_SIGMA_MM 2.0
// Voxels counted for a histogram to look at: enough that a bin of the liver holds hundreds.
#define COUNTED 500000

struct HpPreparation {
    HpVolume *volume;
    // Equalisation in full (amount 1) of the window [low_hu, high_hu]; weaker ones are blends of it.
    HpCurve *full;
    double low_hu, high_hu;
    // The slab that was diffused last: thumbnails of all presets stand on it.
    HpVolume *diffused;
    HpPlane plane;
    int slice, begin;
    double time_mm2;
};

HpPreparation *hp_preparation_new(HpVolume *volume)
{
    HpPreparation *preparation = g_new0(HpPreparation, 1);
    preparation->volume = hp_volume_ref(volume);
    return preparation;
}

void hp_preparation_free(HpPreparation *preparation)
{
    if (preparation == NULL)
        return;
    hp_volume_unref(preparation->volume);
    hp_volume_unref(preparation->diffused);
    hp_curve_free(preparation->full);
    g_free(preparation);
}

bool hp_preparation_is_quick(const HpVolume *volume, const HpParams *params, HpPlane plane)
{
    return params->value[HP_PARAM_CLAHE] <= 0 || hp_grid_axis(&volume->grid, plane) == 2;
}

// Slices [begin, begin + count) across `axis`, as a volume of their own.
static HpVolume *cut(const HpVolume *volume, int axis, int begin, int count, GError **error)
{
    int lo[3] = {0, 0, 0},
        size[3] = {volume->grid.size[0], volume->grid.size[1], volume->grid.size[2]};
    lo[axis] = begin;
    size[axis] = count;
    const HpGrid grid = hp_grid_crop(&volume->grid, lo, size);
    HpVolume *part = hp_volume_new(&grid, error);
    if (part == NULL)
        return NULL;
    for (int k = 0; k < size[2]; k++)
        for (int j = 0; j < size[1]; j++)
            memcpy(part->hu + hp_grid_offset(&grid, 0, j, k),
                   volume->hu + hp_grid_offset(&volume->grid, lo[0], lo[1] + j, lo[2] + k),
                   sizeof *part->hu * (size_t)size[0]);
    return part;
}

HpVolume *hp_preparation_cut(const HpVolume *volume, HpPlane plane, int slice, GError **error)
{
    return cut(volume, hp_grid_axis(&volume->grid, plane), slice, 1, error);
}

static bool count_window(HpPreparation *preparation, const HpParams *params, HpTask *task,
                         GError **error)
{
    const double low = params->value[HP_PARAM_WINDOW_LOW];
    const double high = params->value[HP_PARAM_WINDOW_HIGH];
    if (preparation->full != NULL && low == preparation->low_hu && high == preparation->high_hu)
        return true;
    HpCurve *full = hp_equalise_curve(preparation->volume, low, high, 1, task, error);
    if (full == NULL)
        return false;
    hp_curve_free(preparation->full);
    preparation->full = full;
    preparation->low_hu = low;
    preparation->high_hu = high;
    return true;
}

// v' = (1-t) v + t full(v); NULL without an error if there is nothing to equalise.
static HpCurve *blend(const HpPreparation *preparation, const HpParams *params)
{
    const double amount = hp_prepare_equalise(params);
    HpCurve *curve = hp_curve_new();
    for (int at = 0; at < HP_CURVE_COUNT; at++)
        curve->hu[at] = (float)((1 - amount) * (at + HP_CURVE_LOW) +
                                amount * (double)preparation->full->hu[at]);
    return curve;
}

// How many slices on each side of one reach into it.
static int margin(const HpPreparation *preparation, const HpParams *params, int axis)
{
    const double time_mm2 = params->value[HP_PARAM_DIFFUSION];
    const double sigma_mm = time_mm2 > 0 ? hypot(PRESET_SIGMA_MM, params->value[HP_PARAM_GAUSSIAN])
                                         : hp_prepare_sigma_mm(params);
    const double reach_mm = 4 * sigma_mm + (time_mm2 > 0 ? 3 * sqrt(2 * time_mm2) : 0);
    return (int)ceil(reach_mm / preparation->volume->grid.spacing_mm[axis]);
}

// The slab round a slice after diffusion; borrowed.
static const HpVolume *diffuse(HpPreparation *preparation, const HpParams *params, HpPlane plane,
                               int slice, HpTask *task, GError **error)
{
    const double time_mm2 = params->value[HP_PARAM_DIFFUSION];
    const int axis = hp_grid_axis(&preparation->volume->grid, plane);
    const int begin = MAX(slice - margin(preparation, params, axis), 0);
    const int end =
        MIN(slice + margin(preparation, params, axis) + 1, preparation->volume->grid.size[axis]);
    if (preparation->diffused != NULL && preparation->plane == plane &&
        preparation->slice == slice && preparation->time_mm2 == time_mm2 &&
        preparation->begin == begin && preparation->diffused->grid.size[axis] == end - begin)
        return preparation->diffused;
    g_clear_pointer(&preparation->diffused, hp_volume_unref);
    g_autoptr(HpVolume) slab = cut(preparation->volume, axis, begin, end - begin, error);
    if (slab == NULL || (time_mm2 > 0 && !hp_diffusion(slab, time_mm2, slab, task, error)))
        return NULL;
    preparation->diffused = g_steal_pointer(&slab);
    preparation->plane = plane;
    preparation->slice = slice;
    preparation->begin = begin;
    preparation->time_mm2 = time_mm2;
    return preparation->diffused;
}

HpVolume *hp_preparation_slice(HpPreparation *preparation, const HpParams *params, HpPlane plane,
                               int slice, HpTask *task, GError **error)
{
    const int axis = hp_grid_axis(&preparation->volume->grid, plane);
    g_autoptr(HpCurve) curve = NULL;
    if (hp_prepare_equalise(params) > 0) {
        if (!count_window(preparation, params, task, error))
            return NULL;
        curve = blend(preparation, params);
    }
    const HpVolume *slab = diffuse(preparation, params, plane, slice, task, error);
    if (slab == NULL)
        return NULL;
    HpParams rest = *params;
    rest.value[HP_PARAM_DIFFUSION] = 0; // is done
    g_autoptr(HpVolume) prepared = hp_prepare_part(slab, curve, &rest, task, error);
    return prepared == NULL ? NULL : cut(prepared, axis, slice - preparation->begin, 1, error);
}

void hp_preparation_place(const HpVolume *slice, HpPlane plane, int at, HpVolume *whole)
{
    const HpGrid *grid = &slice->grid;
    int lo[3] = {0, 0, 0};
    lo[hp_grid_axis(&whole->grid, plane)] = at;
    for (int k = 0; k < grid->size[2]; k++)
        for (int j = 0; j < grid->size[1]; j++)
            memcpy(whole->hu + hp_grid_offset(&whole->grid, lo[0], lo[1] + j, lo[2] + k),
                   slice->hu + hp_grid_offset(grid, 0, j, k),
                   sizeof *whole->hu * (size_t)grid->size[0]);
}

HpHistogram *hp_preparation_histogram(const HpVolume *volume)
{
    HpHistogram *histogram = hp_histogram_new(-1024, 3072, 4096);
    const size_t count = hp_grid_count(&volume->grid);
    // Odd, so that it does not fall in step with rows and slices, whose lengths are mostly even.
    const size_t step = (count / COUNTED) | 1;
    for (size_t at = 0; at < count; at += step)
        hp_histogram_add(histogram, volume->hu[at], 1);
    return histogram;
}
