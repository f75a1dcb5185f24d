// SPDX-License-Identifier: Apache-2.0
// Closed curves into pixels and back: coverage, signed distance, outlines at a level.
#pragma once

#include "segment/loop.h"

#include <stdint.h>

G_BEGIN_DECLS

// Where the pixels of a slice picture lie: pixel (x, y) is centred at a = a_mm + x da_mm,
// b = b_mm + y db_mm and is stored at y * width + x.
typedef struct {
    int width, height;
    double a_mm, b_mm;
    double da_mm, db_mm; // > 0
} HpRaster;

// The pixels of one slice of `plane`: the voxels of the grid.
HpRaster hp_raster_of_slice(const HpGrid *grid, HpPlane plane);

// The pixels of `raster` that lie within `margin_mm` of the loops, as a raster of its own whose
// pixel (0,0) is pixel (*x, *y) of `raster`; width 0 if there are none.
HpRaster hp_raster_around(const HpRaster *raster, const GPtrArray *loops, double margin_mm, int *x,
                          int *y);

typedef enum {
    HP_FILL_UNION,    // inside any loop, whatever its orientation
    HP_FILL_EVEN_ODD, // inside an odd number of loops: a loop inside another is a hole
} HpFill;

// `coverage` gets the share of each pixel that lies inside the loops (HpLoop *), 0..1: exact where
// at most one loop passes through the pixel.
void hp_raster_cover(const HpRaster *raster, const GPtrArray *loops, HpFill fill, float *coverage);

// Signed distance in mm from pixel centres to the nearest loop: exact, negative inside by `fill`,
// clamped to +-`clamp_mm`. NULL `loops` or none gives +clamp everywhere.
void hp_raster_distance(const HpRaster *raster, const GPtrArray *loops, HpFill fill,
                        double clamp_mm, float *distance);

// The closed curves where `picture`, linear between pixel centres, passes `level`: HpLoop *, those
// round higher values counter-clockwise, holes clockwise. At the border the picture is mirrored
// at the level, so a curve that leaves it is closed half a pixel outside.
GPtrArray *hp_raster_trace(const HpRaster *raster, const float *picture, double level);

// The largest outline of {picture > 1/2} moved in by `inset_mm`; NULL if nothing is left. The
// distance is exact between pixels, so the outline is, too. `picture` is overwritten.
HpLoop *hp_raster_inset(const HpRaster *raster, float *picture, double inset_mm);

// Labels every voxel of `grid` whose centre pixel is covered by half or more by a contour
// (HpContour *) of its nearest slice. The grid need not be the one the contours were drawn on;
// contours of slices outside it are left out. Returns the voxels labelled.
size_t hp_raster_paint(const GPtrArray *contours, const HpGrid *grid, uint8_t label,
                       uint8_t *labels);

G_END_DECLS
