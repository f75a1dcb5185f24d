// SPDX-License-Identifier: Apache-2.0
// A float32 value per voxel of a grid: counted, read-only once shared.
#pragma once

#include "core/grid.h"

G_BEGIN_DECLS

typedef struct {
    HpGrid grid;
    float *value; // hp_grid_count(&grid) values, i fastest; written only by the sole owner
    gint refs;    // private
} HpField;

// Zeroed. Fails with HP_ERROR_BAD_FILE for an impossible grid and HP_ERROR_NO_MEMORY.
HpField *hp_field_new(const HpGrid *grid, GError **error);
HpField *hp_field_ref(HpField *field);
void hp_field_unref(HpField *field); // takes NULL
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HpField, hp_field_unref)

// Trilinear value at patient coordinates; `outside` beyond the centres of the border voxels
// by more than half a voxel (nearer, the border value is continued).
float hp_field_sample(const HpField *field, const double mm[3], float outside);

G_END_DECLS
