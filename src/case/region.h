// SPDX-License-Identifier: Apache-2.0
// What the HU in a circle on one slice are.
#pragma once

#include "core/volume.h"

G_BEGIN_DECLS

typedef struct {
    int voxels;                   // whose centres lie in the circle, its rim included
    double mean_hu, deviation_hu; // of the sample (n - 1); NAN without a voxel, or without a second
    int low_hu, high_hu;
    double area_mm2; // of the circle, not of the voxels
} HpRegion;

// `middle_mm` is dropped onto `slice` of `plane`.
HpRegion hp_region_measure(const HpVolume *volume, HpPlane plane, int slice,
                           const double middle_mm[3], double radius_mm);

G_END_DECLS
