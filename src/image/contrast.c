// SPDX-License-Identifier: Apache-2.0
// Brightness and contrast about the centre of a window.
#include "image/contrast.h"

HpCurve *hp_contrast_curve(double low_hu, double high_hu, double contrast, double brightness_hu)
{
    const double centre = 0.5 * (low_hu + high_hu);
    HpCurve *curve = hp_curve_new();
    for (int at = 0; at < HP_CURVE_COUNT; at++) {
        const double hu = HP_CURVE_LOW + at;
        curve->hu[at] = (float)(contrast * (hu - centre) + centre + brightness_hu);
    }
    return curve;
}
