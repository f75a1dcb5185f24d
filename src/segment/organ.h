// SPDX-License-Identifier: Apache-2.0
// The whole of segmentation: from seed contours on a CT to the organ's mask and its numbers.
//
// Coarse to fine: the planar contours and the statistics of the seed give a cost per 3 mm voxel,
// the convex contour its best region, three rounds; then the surface is fitted to the nearest edges at
// 3 mm, 1.5 mm and the volume's own grid.
#pragma once

#include "core/mask.h"
#include "core/parameter.h"
#include "core/task.h"
#include "core/volume.h"

G_BEGIN_DECLS

// What a person adds to the seeds; masks on the volume's grid, each may be NULL.
typedef struct {
    const HpMask *liver;      // painted: these voxels are organ
    const HpMask *not_liver;  // painted: these are not
    const HpMask *locked;     // these keep what `current` says
    const HpMask *current;    // NULL: nothing
    const HpVolume *original; // HU before preparation; NULL: the volume itself
    const GPtrArray *strokes; // HpStroke *, on slices of the grid; barriers beat all of the above
} HpOrganInput;

typedef struct {
    HpMask *mask;              // HP_LABEL_LIVER on the volume's grid
    GPtrArray *contours;       // HpContour *: the planar contours of the three planes
    double ml;                 // of the mask
    double snakes_ml;          // of the planar contours, fused; 0 without them
    double ml_band_narrower;   // with the band 5 HU narrower at both ends
    double ml_band_wider;      // and 5 HU wider
    double ml_half_voxel_less; // with the surface half a voxel farther in
    double ml_half_voxel_more; // and farther out
    bool lower_bound;          // the organ touches the first or last slice
    double low_hu, high_hu;    // the band, from the data where it was not set
    int iterations;            // of the last solve at 3 mm
    bool has_converged;        // it came to rest
} HpOrgan;

void hp_organ_free(HpOrgan *organ); // takes NULL
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HpOrgan, hp_organ_free)

// `seeds` (HpContour *, at least one) lie inside the organ; `input` may be NULL. Fails with
// HP_ERROR_BAD_FILE for a bad seed or band, HP_ERROR_GRID_MISMATCH for masks on another grid,
// HP_ERROR_NO_RESULT if nothing is left, HP_ERROR_NO_MEMORY and HP_ERROR_CANCELLED.
HpOrgan *hp_organ_segment(const HpVolume *volume, const GPtrArray *seeds, const HpOrganInput *input,
                          const HpParams *params, HpTask *task, GError **error);

// True if these can be segmented together; else HP_ERROR_BAD_FILE or HP_ERROR_GRID_MISMATCH as above.
bool hp_organ_check(const HpVolume *volume, const GPtrArray *seeds, const HpOrganInput *input,
                    GError **error);

// Words on what the volume may miss; NULL if nothing. Static.
const char *hp_organ_lower_bound_words(const HpOrgan *organ);

G_END_DECLS
