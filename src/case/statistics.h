// SPDX-License-Identifier: Apache-2.0
// What a label holds: its voxels, its millilitres, and the HU of the original image inside it.
#pragma once

#include "core/mask.h"
#include "core/volume.h"

G_BEGIN_DECLS

typedef struct {
    size_t voxels;
    double volume_ml;
    bool is_cut_low, is_cut_high; // it touches the first or last axial slice: a lower bound
    // NAN without an image, or without a voxel.
    double mean_hu, deviation_hu;
    double low_hu, median_hu, high_hu; // quantiles 0.05, 0.5, 0.95
} HpStatistics;

// Of the voxels that carry `label` (any but 0 for `label` 0). `volume` may be NULL. Fails with
// HP_ERROR_GRID_MISMATCH unless both lie on one grid, and HP_ERROR_NO_MEMORY.
bool hp_statistics_measure(const HpMask *mask, uint8_t label, const HpVolume *volume,
                           HpStatistics *statistics, GError **error);

// "lower bound: ..." in words where the label is cut off by the image, else NULL. Static.
const char *hp_statistics_cut_words(const HpStatistics *statistics);

// True if both are one grid; else HP_ERROR_GRID_MISMATCH saying how `what` and `other` differ.
bool hp_grid_check_equal(const HpGrid *a, const char *what, const HpGrid *b, const char *other,
                         GError **error);

G_END_DECLS
