// SPDX-License-Identifier: Apache-2.0
// The planar contours as one stage: from seeds to the stacks of three planes and their fusion.
#pragma once

#include "core/field.h"
#include "core/parameter.h"
#include "core/task.h"
#include "segment/fuse.h"
#include "segment/strokes.h"

G_BEGIN_DECLS

typedef struct {
    GPtrArray *contours;            // HpContour * of all planes, on the slices of the grid
    HpStack *stack[HP_PLANE_COUNT]; // the same
    HpField *phi;                   // the fused distance, mm, negative inside, within +-10
    double ml;                      // inside phi
    int evolved[HP_PLANE_COUNT];    // contours, those that ended included
    int converged[HP_PLANE_COUNT];  // of them, by resting
    long steps;                     // of all of them
} HpPlanes;

// What the contours are found from, all on one grid; best with voxels of 1.5 to 3 mm.
typedef struct {
    const HpField *picture;     // the CT as prepared, HU
    const HpField *original;    // the CT before that, for air, fat and bone; NULL: the same
    const HpStrokeMap *strokes; // NULL: none
    const HpField
        *against; // taken from kappa, 1/mm2, where other evidence speaks against the organ;
                  // NULL: nowhere
    const GPtrArray *seeds; // HpContour *, drawn on any grid over the same patient; each checked by
                            // hp_seed_check
} HpPlanesInput;

// Planes without a seed start from sections of what the seeded ones found. Fails with
// HP_ERROR_BAD_FILE for a bad seed or band, HP_ERROR_GRID_MISMATCH, HP_ERROR_NO_RESULT if no
// contour stays, HP_ERROR_NO_MEMORY and HP_ERROR_CANCELLED.
HpPlanes *hp_planes_evolve(const HpPlanesInput *input, const HpParams *params, HpTask *task,
                           GError **error);
void hp_planes_free(HpPlanes *planes); // takes NULL

// The planes for other parameters, starting from the contours of `from` on their own slices: some
// times faster, and like what hp_planes_evolve finds where the parameters are near. Otherwise
// as above; `from` lies on the grid of the picture. NULL: as hp_planes_evolve.
HpPlanes *hp_planes_follow(const HpPlanes *from, const HpPlanesInput *input, const HpParams *params,
                           HpTask *task, GError **error);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HpPlanes, hp_planes_free)

G_END_DECLS
