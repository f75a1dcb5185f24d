// SPDX-License-Identifier: Apache-2.0
// Grows and shrinks a set of voxels by a ball of millimetres.
//
// `labels` are dense, i fastest, on `grid`; any value but 0 belongs to the set. The result is 0 and
// 1, in place. Distances are between centres, so the ball of radius 0 changes nothing else. What
// lies beyond the grid neither grows into the set nor eats it. All fail with HP_ERROR_NO_MEMORY and
// HP_ERROR_CANCELLED and leave `labels` as some whole step made them.
#pragma once

#include "core/grid.h"
#include "core/task.h"

#include <stdint.h>

G_BEGIN_DECLS

bool hp_dilate(uint8_t *labels, const HpGrid *grid, double radius_mm, HpTask *task, GError **error);
bool hp_erode(uint8_t *labels, const HpGrid *grid, double radius_mm, HpTask *task, GError **error);

// Erosion, then dilation: takes away what no ball fits into.
bool hp_open(uint8_t *labels, const HpGrid *grid, double radius_mm, HpTask *task, GError **error);

// Dilation, then erosion: fills what no ball outside fits into. Balls may reach over the grid's
// border, so nothing that touches it is eaten.
bool hp_close(uint8_t *labels, const HpGrid *grid, double radius_mm, HpTask *task, GError **error);

G_END_DECLS
