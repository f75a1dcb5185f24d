// SPDX-License-Identifier: Apache-2.0
// Brightness and contrast about the centre of a window.
#pragma once

#include "image/curve.h"

G_BEGIN_DECLS

// The curve v' = contrast (v - m) + m + brightness_hu, m the centre of [low_hu, high_hu]; contrast > 0.
HpCurve *hp_contrast_curve(double low_hu, double high_hu, double contrast, double brightness_hu);

G_END_DECLS
