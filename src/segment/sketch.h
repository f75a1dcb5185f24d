// SPDX-License-Identifier: Apache-2.0
// The organ in coarse voxels, fast enough to follow a slider while it is dragged.
//
// All that hangs on no slider is done once: the pictures, the rounds before the last and what they
// learnt, within the box that the organ lies in. A move of a slider then lets the planar contours go
// on from where they lay at first, solves once and cuts necks; the edges are not fitted. The result
// depends on the parameters alone, not on the way they took.
#pragma once

#include "segment/organ.h"

G_BEGIN_DECLS

#define HP_SKETCH_MM 4.0

typedef struct HpSketch HpSketch; // one owner, one thread at a time

// As hp_organ_segment, and failing as it does; `params` are where the sliders stand. What `input` holds
// is read now and not again; `volume` is referenced.
HpSketch *hp_sketch_new(HpVolume *volume, const GPtrArray *seeds, const HpOrganInput *input,
                        const HpParams *params, HpTask *task, GError **error);
void hp_sketch_free(HpSketch *sketch); // takes NULL
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HpSketch, hp_sketch_free)

// The organ for other parameters: HP_LABEL_LIVER in cubes of HP_SKETCH_MM, so that its surface has some
// twenty thousand triangles at most; hp_mask_unref(). `ml` (may be NULL) is of the 3 mm voxels it was
// solved on. Fails with HP_ERROR_BAD_FILE for an empty band, HP_ERROR_NO_RESULT if nothing is left,
// HP_ERROR_NO_MEMORY and HP_ERROR_CANCELLED.
HpMask *hp_sketch_follow(HpSketch *sketch, const HpParams *params, double *ml, HpTask *task,
                         GError **error);

G_END_DECLS
