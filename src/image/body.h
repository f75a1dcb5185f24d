// SPDX-License-Identifier: Apache-2.0
// Where the patient is: body without table, blankets and the air around.
#pragma once

#include "core/task.h"
#include "core/volume.h"

G_BEGIN_DECLS

// 1 in the body, 0 outside, dense, i fastest, on a grid of the volume's directions with voxels of at
// least 3 mm that is written to `grid`; g_free(). Lungs and bowel gas are part of the body. Empty
// where nothing is denser than fat. Works on windowed CT too. Fails with HP_ERROR_NO_MEMORY and
// HP_ERROR_CANCELLED.
uint8_t *hp_body_find(const HpVolume *volume, HpGrid *grid, HpTask *task, GError **error);

G_END_DECLS
