// SPDX-License-Identifier: Apache-2.0
// Preparation: what is done to a CT before a contour reads it, from the one table of parameters.
//
// In this order: diffusion (while values are true HU), histogram equalisation, local contrast,
// contrast and brightness, Gaussian. A preset is a published set, H equalisation and G Gaussian: set 1
// mild (t = 0.5, sigma = 1 mm), set 2 strong (t = 1, sigma = 2 mm). It comes on top of the single
// values: what equalisation leaves, 1-t, multiplies, and the variances of the Gaussians add up.
#pragma once

#include "core/parameter.h"
#include "core/task.h"
#include "core/volume.h"
#include "image/curve.h"

G_BEGIN_DECLS

// What preset and single values come to: the effective amount and standard deviation.
double hp_prepare_equalise(const HpParams *params);
double hp_prepare_sigma_mm(const HpParams *params);
bool hp_prepare_is_nothing(const HpParams *params); // the prepared volume is the volume

// The prepared volume. With nothing to do it is another reference to `volume`; else one new volume of
// its size, and scratch of some slices. Fails with HP_ERROR_BAD_FILE if the window is empty,
// HP_ERROR_NO_MEMORY and HP_ERROR_CANCELLED.
HpVolume *hp_prepare(const HpVolume *volume, const HpParams *params, HpTask *task, GError **error);

// The same for a part of a volume, whose own histogram would say something else: equalisation goes by
// `curve` (hp_equalise_curve of the whole, with the window and effective amount of `params`); NULL: by
// the part's own.
HpVolume *hp_prepare_part(const HpVolume *part, const HpCurve *curve, const HpParams *params,
                          HpTask *task, GError **error);

// Where a grey value of `volume` goes by equalisation, contrast and brightness: for a band that a person
// gives in original HU. Local contrast, which has no one curve, is left out. Fails as hp_prepare.
HpCurve *hp_prepare_curve(const HpVolume *volume, const HpParams *params, HpTask *task,
                          GError **error);

G_END_DECLS
