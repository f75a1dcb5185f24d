// SPDX-License-Identifier: Apache-2.0
// Fits a rough surface to the nearest edge of the picture: the same solver in a band round it.
#pragma once

#include "core/field.h"
#include "core/task.h"
#include "segment/geodesic.h"
#include "segment/strokes.h"

G_BEGIN_DECLS

typedef struct {
    double low_hu, high_hu;           // the organ's values
    double clip_low_hu, clip_high_hu; // edges beyond do not count
    float alpha_mm;                   // weight of the surface
    float kappa;                      // balloon
    float band_mm;     // voxels farther than this from the rough surface keep their side
    float inside_cost; // nats of a voxel between low and high, < 0
    float outside_cost;
    float edge_hu_mm; // gradient that halves the surface's weight
    float push;       // nats in favour of voxels that a person pushed
    int max_iterations;
} HpRefineParams;

// `hu` is the picture, a little smoothed; `distance` (mm, negative inside, exact within the band)
// the rough surface; `extra` nats to add to voxels between low and high, or NULL; all on one grid with
// `strokes` (NULL: none). Barriers stay out; values do not count against what was pushed, and where the
// contour is held `extra` alone counts, not the edges. Returns the contour's u, solved (> 1/2
// inside). `iterations` gets how many it took. Fails like hp_geodesic_run.
HpField *hp_refine(const HpField *hu, const HpField *distance, const HpField *extra,
                   const HpStrokeMap *strokes, const HpRefineParams *params, int *iterations,
                   HpTask *task, GError **error);

G_END_DECLS
