// SPDX-License-Identifier: Apache-2.0
// Fits the coarse organ to the edges of the picture, level by level down to the volume's own grid.
#pragma once

#include "segment/rounds.h"

G_BEGIN_DECLS

typedef struct {
    uint8_t *labels; // 0 and 1 on `box`
    HpGrid box;      // the part of the volume's grid that holds the organ
    int lo[3];       // its first voxel
    double wider_share,
        narrower_share; // volume with the band 5 HU wider or narrower, to that without
} HpFit;

// The first level alone: the mask of the rounds fitted on their own grid, from what they hold; 0 and 1,
// g_free(). Fails with HP_ERROR_NO_MEMORY and HP_ERROR_CANCELLED.
uint8_t *hp_fit_coarse(const HpRounds *rounds, GError **error);

// Fails with HP_ERROR_NO_RESULT if nothing is left, HP_ERROR_NO_MEMORY and HP_ERROR_CANCELLED.
bool hp_fit(const HpRounds *rounds, HpFit *fit, GError **error);
void hp_fit_clear(HpFit *fit); // may follow a failure
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(HpFit, hp_fit_clear)

G_END_DECLS
