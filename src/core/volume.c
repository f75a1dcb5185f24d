// SPDX-License-Identifier: Apache-2.0
// A CT in Hounsfield units on a grid: int16, contiguous, counted, read-only once shared.
#include "core/volume.h"

#include "core/error.h"
#include "core/parallel.h"

HpVolume *hp_volume_new_take(const HpGrid *grid, int16_t *hu, GDestroyNotify free_cb,
                             void *free_data)
{
    HpVolume *volume = g_new0(HpVolume, 1);
    *volume =
        (HpVolume){.grid = *grid, .hu = hu, .refs = 1, .free_cb = free_cb, .free_data = free_data};
    return volume;
}

HpVolume *hp_volume_new(const HpGrid *grid, GError **error)
{
    if (!hp_grid_validate(grid, error))
        return NULL;
    int16_t *hu = hp_try_alloc(hp_grid_count(grid), sizeof *hu, "a volume", error);
    return hu == NULL ? NULL : hp_volume_new_take(grid, hu, g_free, hu);
}

HpVolume *hp_volume_ref(HpVolume *volume)
{
    g_atomic_int_inc(&volume->refs);
    return volume;
}

void hp_volume_unref(HpVolume *volume)
{
    if (volume == NULL || !g_atomic_int_dec_and_test(&volume->refs))
        return;
    if (volume->free_cb != NULL)
        volume->free_cb(volume->free_data);
    g_free(volume);
}

typedef struct {
    const HpVolume *volume;
    int16_t *low, *high; // one per slab
} Range;

static void range_cb(int begin, int end, int slab, void *data)
{
    Range *range = data;
    const size_t plane = (size_t)range->volume->grid.size[0] * range->volume->grid.size[1];
    const int16_t *hu = range->volume->hu;
    int16_t low = hu[begin * plane], high = low;
    for (size_t at = begin * plane; at < end * plane; at++) {
        low = MIN(low, hu[at]);
        high = MAX(high, hu[at]);
    }
    range->low[slab] = low;
    range->high[slab] = high;
}

void hp_volume_range(const HpVolume *volume, int *min_hu, int *max_hu)
{
    const int slices = volume->grid.size[2], grain = 8;
    const int slabs = hp_parallel_slabs(slices, grain);
    g_autofree int16_t *low = g_new0(int16_t, slabs);
    g_autofree int16_t *high = g_new0(int16_t, slabs);
    hp_parallel_for(slices, grain, range_cb, &(Range){volume, low, high});
    *min_hu = low[0];
    *max_hu = high[0];
    for (int slab = 1; slab < slabs; slab++) {
        *min_hu = MIN(*min_hu, low[slab]);
        *max_hu = MAX(*max_hu, high[slab]);
    }
}

bool hp_volume_is_windowed(const HpVolume *volume, int *low_hu, int *high_hu)
{
    hp_volume_range(volume, low_hu, high_hu);
    // A scan that sees air below -500 HU is whole; one without any air is windowed only if its
    // lowest value fills a share of it that no tissue does. 2 %: measured on windowed liver CT,
    // where air is 20-50 % of the voxels.
    if (*low_hu < -500)
        return false;
    const size_t count = hp_grid_count(&volume->grid);
    size_t at_low = 0;
    for (size_t at = 0; at < count; at++)
        at_low += volume->hu[at] == *low_hu;
    return at_low > count / 50;
}
