// SPDX-License-Identifier: Apache-2.0
// Histogram equalisation inside a window: spreads its grey values evenly, by an amount.
#pragma once

#include "image/curve.h"

G_BEGIN_DECLS

// The curve v' = (1-t) v + t (a + (b-a) F(v)) for a <= v <= b, with t = `amount` in [0,1], a = `low_hu`
// < b = `high_hu` (rounded to whole HU). F is the share of the body's voxels strictly between a and b
// that lie below v, half of those at v counted: 0 at a, 1 at b. Values outside [a,b] stay what they
// are; the curve never falls, and t = 0 is the identity. Voxels at a and b do not count, so that the
// air and bone of a windowed CT do not use up the greys. Fails with HP_ERROR_NO_MEMORY and
// HP_ERROR_CANCELLED.
HpCurve *hp_equalise_curve(const HpVolume *volume, double low_hu, double high_hu, double amount,
                           HpTask *task, GError **error);

G_END_DECLS
