// SPDX-License-Identifier: Apache-2.0
// A CT in Hounsfield units on a grid: int16, contiguous, counted, read-only once shared.
#pragma once

#include "core/grid.h"

#include <stdint.h>

G_BEGIN_DECLS

typedef struct {
    HpGrid grid;
    int16_t *hu; // hp_grid_count(&grid) values, i fastest; written only by the sole owner
    gint refs;   // private
    GDestroyNotify free_cb;
    void *free_data;
} HpVolume;

// Zeroed. Fails with HP_ERROR_BAD_FILE for an impossible grid and HP_ERROR_NO_MEMORY.
HpVolume *hp_volume_new(const HpGrid *grid, GError **error);

// Takes `hu` (shared memory, say): free_cb(free_data) is called when the last reference goes.
HpVolume *hp_volume_new_take(const HpGrid *grid, int16_t *hu, GDestroyNotify free_cb,
                             void *free_data);

HpVolume *hp_volume_ref(HpVolume *volume);
void hp_volume_unref(HpVolume *volume); // takes NULL
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HpVolume, hp_volume_unref)

// Smallest and largest value.
void hp_volume_range(const HpVolume *volume, int *min_hu, int *max_hu);

// True if the values tell of a CT cut to a window (no air below `*low_hu`, no bone above
// `*high_hu`, both ends heavily populated): air and bone then read the window's ends.
bool hp_volume_is_windowed(const HpVolume *volume, int *low_hu, int *high_hu);

G_END_DECLS
