// SPDX-License-Identifier: Apache-2.0
// Where a slice of a grid lies in a picture: the radiological convention, in pixels.
//
// The patient's right is at the left; axial is seen from the feet, coronal from the front, sagittal
// from the left (the front of the patient at the left). Pixel coordinates are continuous: the
// first pixel reaches from 0 to 1.
#pragma once

#include "core/grid.h"

G_BEGIN_DECLS

typedef struct {
    HpPlane plane;
    int slice;      // along hp_grid_axis(grid, plane)
    int axis[2];    // grid axes that run along the picture's x and y
    double sign[2]; // 1 where the voxel index grows with x or y, else -1
    double pixels_per_mm;
    double centre[2]; // pixel at the centre of the slice
} HpSliceFrame;

// The whole slice, centred, as large as fits into width x height less `margin` pixels on each side.
HpSliceFrame hp_slice_frame_fit(const HpGrid *grid, HpPlane plane, int slice, int width, int height,
                                double margin);

// Voxel coordinates along axis[0] and axis[1] at a pixel, and the way back.
void hp_slice_frame_to_voxel(const HpSliceFrame *frame, const HpGrid *grid, double x, double y,
                             double voxel[2]);
void hp_slice_frame_from_voxel(const HpSliceFrame *frame, const HpGrid *grid, const double voxel[2],
                               double *x, double *y);

// Patient millimetres at a pixel of the slice; and the pixel of a point, dropped onto the slice.
void hp_slice_frame_to_mm(const HpSliceFrame *frame, const HpGrid *grid, double x, double y,
                          double mm[3]);
void hp_slice_frame_from_mm(const HpSliceFrame *frame, const HpGrid *grid, const double mm[3],
                            double *x, double *y);

// Letters (R L A P S I) at the left, right, top and bottom edges.
void hp_slice_frame_letters(const HpSliceFrame *frame, const HpGrid *grid, char letters[4]);

// The number people count: axial slices from the feet up, coronal from the front to the back,
// sagittal from the right to the left, from 1.
int hp_slice_frame_number(const HpSliceFrame *frame, const HpGrid *grid);

G_END_DECLS
