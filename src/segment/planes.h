// SPDX-License-Identifier: Apache-2.0
// The planar contours as one stage: from seeds to the stacks of three planes and their fusion.
#pragma once

#include "core/field.h"
#include "core/parameter.h"
#include "core/task.h"
#include "segment/fuse.h"

G_BEGIN_DECLS

typedef struct {
    GPtrArray *contours;           // HpContour * of all planes, on the slices of the grid
    HpField *phi;                  // the fused distance, mm, negative inside, within +-10
    double ml;                     // inside phi
    int evolved[HP_PLANE_COUNT];   // contours, those that ended included
    int converged[HP_PLANE_COUNT]; // of them, by resting
    long steps;                    // of all of them
} HpPlanes;

// Evolves `seeds` (HpContour *, drawn on any grid over the same patient; each checked by
// hp_seed_check) on the grid of `picture`: the CT as prepared, in HU, best with voxels of 1.5 to
// 3 mm. `original` is the CT before preparation on the same grid, for the barriers; NULL if it is the
// same. `against` is taken from kappa, 1/mm2, where other evidence speaks against the organ; NULL:
// nowhere. Planes without a seed start from sections of what the seeded ones found. Fails with
// HP_ERROR_BAD_FILE for a bad seed or band, HP_ERROR_GRID_MISMATCH, HP_ERROR_NO_RESULT if no
// contour stays, HP_ERROR_NO_MEMORY and HP_ERROR_CANCELLED.
HpPlanes *hp_planes_evolve(const HpField *picture, const HpField *original, const HpField *against,
                           const GPtrArray *seeds, const HpParams *params, HpTask *task,
                           GError **error);
void hp_planes_free(HpPlanes *planes); // takes NULL
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HpPlanes, hp_planes_free)

G_END_DECLS
