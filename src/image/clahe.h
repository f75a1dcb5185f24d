// SPDX-License-Identifier: Apache-2.0
// Equalises each slice in tiles, its gain limited: contrast-limited adaptive equalisation.
//
// Zuiderveld, Graphics Gems IV, 1994. Slices are those across k. Up to 8x8 tiles of a slice have a
// curve each, from a bin per HU between low_hu and high_hu; a voxel takes its value from the curves of
// the four nearest tiles, bilinearly. Values outside the window, and its two ends, stay what they are.
#pragma once

#include "core/task.h"
#include "core/volume.h"

G_BEGIN_DECLS

// `gain` >= 1 is the steepest a tile's curve may get: 1 is the identity. low_hu <
// high_hu, rounded to whole HU. `out` has the grid of `in` and may be `in`. Fails with
// HP_ERROR_CANCELLED; `out` then holds anything.
bool hp_clahe(const HpVolume *in, double low_hu, double high_hu, double gain, HpVolume *out,
              HpTask *task, GError **error);

G_END_DECLS
