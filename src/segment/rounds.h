// SPDX-License-Identifier: Apache-2.0
// The organ on 3 mm: from seeds, strokes and grey values to a coarse mask in three rounds.
//
// Each round judges where the organ may be from its section, learns the grey values of organ and
// background, solves for the best region and cuts what hangs on it by a neck. The person's sliders
// and the planar contours act in the last.
#pragma once

#include "core/histogram.h"
#include "segment/organ.h"
#include "segment/planes.h"
#include "segment/statistics.h"

G_BEGIN_DECLS

typedef struct {
    const HpVolume *volume;
    const HpParams *params;
    const HpOrganInput *input;
    HpTask *task;
    HpGrid grid;       // 3 mm, round the seeds as far as a liver reaches
    HpField *original; // HU before preparation
    GPtrArray *wide;   // HpContour *: the seeds, widened
    HpField *hu;       // clipped to the soft tissues' values
    HpField *smooth;   // Gauss 1.8 mm of the median
    HpField *edge;
    HpField *prior;
    HpField *cost;
    HpField *over_ceiling; // mm over the sheet between the lungs; NULL without lungs
    HpPlanes *planes;      // NULL without planar contours
    HpHistogram *of_organ, *of_background; // grey values as last learnt
    uint8_t *body, *mask;                  // dense labels on the grid, as those below
    uint8_t *drawn;                        // the person's seeds: organ for certain
    uint8_t *seed;                         // the same, each widened to the section it lies in
    uint8_t *fixed;                        // 1 organ, 2 not organ, by strokes and locks
    HpStrokeMap *strokes;                  // of the input
    HpTissue tissue;                       // of the seeds
    double low_hu, high_hu;                // the band of the edge refinement
    bool is_band_set;                      // by the person
    GArray *seed_slices;                   // int, ascending: axial slices with a seed
    int centre;                            // axial slice of the largest section found, -1 before
    double moved_mm;                       // how far it was from the one before
    int iterations;                        // of the last solve
    bool has_converged;
} HpRounds;

// Fills `rounds`, of which volume, params, input (may be NULL) and task are set, from seeds that
// hp_seed_check passed and strokes on the volume's grid. Fails as hp_organ_segment does.
bool hp_rounds_run(HpRounds *rounds, const GPtrArray *seeds, GError **error);

// The same in two parts. What the first leaves in `cost` and `mask` hangs on no parameter; the second
// makes the mask of them and the parameters. `from` (may be NULL) are planes to start from, of near
// parameters, on the same grid.
bool hp_rounds_begin(HpRounds *rounds, const GPtrArray *seeds, GError **error);
bool hp_rounds_end(HpRounds *rounds, const HpPlanes *from, GError **error);

// Makes `rounds` what hp_rounds_begin left in the box [lo, lo + size) of `from`: enough to end, without
// the input. To be cleared, also after a failure.
bool hp_rounds_crop(HpRounds *rounds, const HpRounds *from, const int lo[3], const int size[3],
                    GError **error);
void hp_rounds_clear(HpRounds *rounds); // may follow a failure
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(HpRounds, hp_rounds_clear)

G_END_DECLS
