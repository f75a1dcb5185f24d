// SPDX-License-Identifier: Apache-2.0
// Seed contours: made from points a person drew, or from a reference mask.
#pragma once

#include "core/mask.h"
#include "segment/raster.h"

G_BEGIN_DECLS

// A closed contour from points in patient mm on one slice of `plane`. A last point equal to the
// first is dropped, the points are moved onto the slice. Fails with HP_ERROR_BAD_FILE naming what
// hp_seed_check finds.
HpContour *hp_seed_new(const HpGrid *grid, HpPlane plane, const double (*mm)[3], int count,
                       GError **error);

// True if the contour can start the method on `grid`: at least three points, all finite, within
// half a slice of one slice, inside the volume, at least 10 mm2, crossing itself nowhere. Else
// HP_ERROR_BAD_FILE naming the fact.
bool hp_seed_check(const HpContour *seed, const HpGrid *grid, GError **error);

// The seed that stands for a person's one contour when a method is measured: the axial slice on
// which `label` (0: any label) has the largest area, eroded by 10 mm within the slice; the outline
// of its largest part. Fails with HP_ERROR_NO_RESULT if the mask is empty or nothing is left.
HpContour *hp_seed_from_mask(const HpMask *mask, uint8_t label, GError **error);

G_END_DECLS
