// SPDX-License-Identifier: Apache-2.0
// What grey values an organ and its surroundings have, and what each voxel's says of it.
#pragma once

#include "core/field.h"
#include "core/histogram.h"
#include "core/task.h"

#include <stdint.h>

G_BEGIN_DECLS

// HU between which grey values are told apart; those beyond read the end.
#define HP_TISSUE_LOW_HU (-160)
#define HP_TISSUE_HIGH_HU 240

typedef struct {
    double median_hu;
    double deviation_hu; // 1.4826 times the median of absolute deviations, at least 6
} HpTissue;

// Of the voxels with `labels` not 0. Fails with HP_ERROR_NO_RESULT if there are none.
bool hp_tissue_measure(const HpField *smooth, const uint8_t *labels, HpTissue *tissue,
                       GError **error);

// How often each grey value occurs among the voxels with `labels` not 0: bins of 2 HU, smoothed by
// 3 HU, a total of 1 of which 3 % are spread evenly so that nothing is impossible.
HpHistogram *hp_tissue_histogram(const HpField *smooth, const uint8_t *labels);

// ln(p_background / p_organ) of each grey value, within +-limit; adds it to `cost`.
void hp_tissue_add_cost(const HpField *smooth, const HpHistogram *organ,
                        const HpHistogram *background, double limit, HpField *cost);

// 1 where there is a body: the largest part above `air_hu` after the table and the skin have been
// shaved off, holes filled within axial slices. g_free(). All 0 if there is none. Fails with
// HP_ERROR_NO_MEMORY and HP_ERROR_CANCELLED.
uint8_t *hp_tissue_find_body(const HpField *hu, double air_hu, HpTask *task, GError **error);

G_END_DECLS
