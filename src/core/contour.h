// SPDX-License-Identifier: Apache-2.0
// A closed curve on one slice of a grid: points in LPS millimetres on an anatomical plane.
#pragma once

#include "core/grid.h"

G_BEGIN_DECLS

typedef struct {
    HpPlane plane;
    int slice;       // index along hp_grid_axis(grid, plane)
    int count;       // points; the last is joined to the first
    double (*mm)[3]; // owned
} HpContour;

// `count` points, all zero.
HpContour *hp_contour_new(HpPlane plane, int slice, int count);
HpContour *hp_contour_copy(const HpContour *contour);
void hp_contour_free(HpContour *contour); // takes NULL
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HpContour, hp_contour_free)

// A list of contours (HpContour *) that frees them; g_ptr_array_unref().
GPtrArray *hp_contours_new(void);

double hp_contour_length_mm(const HpContour *contour);
double hp_contour_area_mm2(const HpContour *contour); // >= 0, whatever the orientation

// The in-slice axes of a plane's slices, in ascending order: columns of a slice picture run along
// grid axis *u, its rows along *v.
void hp_plane_axes(const HpGrid *grid, HpPlane plane, int *u, int *v);

// Between points of a slice in mm from voxel (0,0) of that slice (a = voxel index * spacing along
// u, b along v), and patient mm.
void hp_slice_to_mm(const HpGrid *grid, HpPlane plane, int slice, double a, double b, double mm[3]);
void hp_slice_from_mm(const HpGrid *grid, HpPlane plane, const double mm[3], double *a, double *b,
                      double *slice);

G_END_DECLS
