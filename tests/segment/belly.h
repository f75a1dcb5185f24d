// SPDX-License-Identifier: Apache-2.0
// A small analytic belly: a liver, what leans on it, and its one seed.
#pragma once

#include "core/mask.h"
#include "core/volume.h"
#include "segment/organ.h"

G_BEGIN_DECLS

typedef struct {
    HpVolume *volume;
    HpMask *truth;
    GPtrArray *seeds;
} Belly;

void belly_clear(Belly *belly);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Belly, belly_clear)

// A liver of 105 HU, 150 x 120 x 110 mm with a pointed lobe, in fat and muscle; a stomach of 80 HU leans on it.
// `height` slices of 4 mm; fewer than 36 cut the liver off.
Belly belly_new(int height);

// Below 1 inside an ellipsoid of these half axes.
double egg(double x, double y, double z, double a, double b, double c);

// `params` NULL: the defaults. Fails the test where the method fails.
HpOrgan *segmented(const Belly *belly, const HpOrganInput *input, const HpParams *params);

size_t differing(const HpMask *a, const HpMask *b); // voxels
HpMask *box_mask(const HpGrid *grid, const int lo[3], const int hi[3]);

G_END_DECLS
