// SPDX-License-Identifier: Apache-2.0
// Random pictures that are the same in every run, on grids that are neither cubic nor at the origin.
#pragma once

#include "core/field.h"
#include "core/volume.h"

// Numbers that depend on `seed` alone: whole ones below 2^32, and reals in [0, 1).
guint32 random_next(guint64 *seed);
double random_unit(guint64 *seed);

// Size and spacing as given, with an off-centre origin and tilted directions.
HpGrid random_grid(int ni, int nj, int nk, double di_mm, double dj_mm, double dk_mm);

// 1 with the given chance, else 0; dense, g_free().
uint8_t *random_labels(const HpGrid *grid, double chance, guint64 seed);

// Whole numbers in [low, high).
HpVolume *random_volume(const HpGrid *grid, int low, int high, guint64 seed);
HpField *random_field(const HpGrid *grid, int low, int high, guint64 seed);
