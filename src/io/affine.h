// SPDX-License-Identifier: Apache-2.0
// Turns the affine map a file states into a grid, and refuses what is no grid.
#pragma once

#include "core/grid.h"

G_BEGIN_DECLS

// Where a file says its voxels lie, in LPS millimetres: `columns` is row-major 3x3, its columns are
// the steps from one voxel to the next along i, j and k.
typedef struct {
    double columns[9];
    double origin_mm[3];
} HpAffine;

// Files state axes with rounding, so they are made orthonormal: the nearest rotation takes their
// place, about the centre of the volume. If a corner moves by more than a tenth of the smallest
// spacing by that, *warning (which may be NULL itself) says so, for the caller to g_free(); by more than
// half of it, the volume is sheared: HP_ERROR_UNSUPPORTED with the angle. HP_ERROR_BAD_FILE for
// steps that are zero or not finite and for what hp_grid_validate refuses.
bool hp_affine_to_grid(const HpAffine *affine, const int size[3], HpGrid *grid, char **warning,
                       GError **error);

// The way back; exact.
HpAffine hp_affine_of_grid(const HpGrid *grid);

// From RAS to LPS or back: x and y change their sign.
void hp_affine_flip_xy(HpAffine *affine);

G_END_DECLS
