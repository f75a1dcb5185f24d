// SPDX-License-Identifier: Apache-2.0
// A plane that cuts the organ, as it is seen and grabbed in 3-D: a rectangle with two handles.
//
// One handle, in its middle, moves it along its normal; the other, the tip of a stick on the side
// that is cut off, turns it about the middle.
#pragma once

#include "view/camera.h"

G_BEGIN_DECLS

// What lies at normal . x < d is kept.
typedef struct {
    double normal[3]; // unit, LPS
    double d_mm;
} HpHalf;

typedef struct {
    HpHalf keeps;
    double corner_mm[4][3]; // around
    uint8_t colour[3];
    double opacity;
} HpSheet;

// The part of the plane about its point nearest to `around_mm`, `half_mm` to each side, in the colour
// of cuts. Two of its edges run as upright as they can.
HpSheet hp_sheet_new(const HpHalf *keeps, const double around_mm[3], double half_mm);

void hp_sheet_handles(const HpSheet *sheet, double middle_mm[3], double tip_mm[3]);

// After a drag of the middle by (dx, dy) pixels. Where the normal points at the eye, up is outward.
HpHalf hp_sheet_moved(const HpSheet *sheet, const HpCamera *camera, double width, double height,
                      double dx, double dy);

// With the tip under (x, y), on the side of the middle, towards the eye or away, on which it is.
HpHalf hp_sheet_turned(const HpSheet *sheet, const HpCamera *camera, double width, double height,
                       double x, double y);

G_END_DECLS
