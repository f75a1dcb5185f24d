// SPDX-License-Identifier: Apache-2.0
// Brings a slice of samples to the pixels of a frame.
#pragma once

#include "view/frame.h"

G_BEGIN_DECLS

// The cubic that goes through the samples keeps edges sharp (Catmull and Rom 1974); the cubic
// B-spline smooths, as an outline of labels needs; the box shows each voxel as a square.
typedef enum { HP_FILTER_SHARP, HP_FILTER_SMOOTH, HP_FILTER_BOX } HpFilter;

// `samples` are those of the slice, frame->axis[0] fastest. Gives width x height pixels, NAN beyond
// the edges of the border voxels. Where pixels are larger than voxels, the filter widens, so that no
// voxel is skipped. g_free().
float *hp_slice_resample(const HpGrid *grid, const HpSliceFrame *frame, const float *samples,
                         HpFilter filter, int width, int height);

G_END_DECLS
