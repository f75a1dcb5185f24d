// SPDX-License-Identifier: Apache-2.0
// Where voxels lie in the patient: size, spacing, origin and directions, in LPS millimetres.
//
// ijk are voxel coordinates; whole numbers are voxel centres, voxel (i,j,k) fills i-1/2 .. i+1/2.
// mm are patient coordinates: x to the patient's left, y to the back, z to the head (LPS).
// Directions are orthonormal; a sheared or uneven series is resampled before it gets a grid.
#pragma once

#include <glib.h>
#include <stdbool.h>

G_BEGIN_DECLS

typedef struct {
    int size[3];          // voxels along i, j, k; each >= 1
    double spacing_mm[3]; // > 0
    double origin_mm[3];  // LPS, centre of voxel (0,0,0)
    double directions[9]; // row-major 3x3; its columns are the directions of i, j and k
} HpGrid;

// The anatomical planes, named after the grid axis nearest to their normal.
typedef enum { HP_PLANE_AXIAL, HP_PLANE_CORONAL, HP_PLANE_SAGITTAL, HP_PLANE_COUNT } HpPlane;

// A grid at the patient origin with identity directions, for tests and phantoms.
HpGrid hp_grid_new(int ni, int nj, int nk, double di_mm, double dj_mm, double dk_mm);

// True if sizes, spacings and directions are usable: finite, > 0, orthonormal within 1e-4, right or
// left handed, and the voxel count fits in memory. Else HP_ERROR_BAD_FILE naming the value.
bool hp_grid_validate(const HpGrid *grid, GError **error);

// Same place and size: corner voxels agree within `tolerance_mm`.
bool hp_grid_equal(const HpGrid *a, const HpGrid *b, double tolerance_mm);

size_t hp_grid_count(const HpGrid *grid);     // voxels
double hp_grid_voxel_mm3(const HpGrid *grid); // volume of one voxel

static inline size_t hp_grid_offset(const HpGrid *grid, int i, int j, int k)
{
    return ((size_t)k * grid->size[1] + j) * grid->size[0] + i;
}

static inline bool hp_grid_contains(const HpGrid *grid, int i, int j, int k)
{
    return i >= 0 && i < grid->size[0] && j >= 0 && j < grid->size[1] && k >= 0 &&
           k < grid->size[2];
}

void hp_grid_to_mm(const HpGrid *grid, const double ijk[3], double mm[3]);
void hp_grid_to_ijk(const HpGrid *grid, const double mm[3], double ijk[3]);

// The grid axis (0, 1, 2) along which slices of `plane` are stacked; each plane has another axis.
int hp_grid_axis(const HpGrid *grid, HpPlane plane);

// The part [lo, lo + size) of the grid, as a grid of its own; it may reach outside.
HpGrid hp_grid_crop(const HpGrid *grid, const int lo[3], const int size[3]);

// The same box in patient space with voxels of `spacing_mm`: size is rounded up, the centre stays.
HpGrid hp_grid_resampled(const HpGrid *grid, const double spacing_mm[3]);

const char *hp_plane_name(HpPlane plane); // "axial", "coronal", "sagittal"

G_END_DECLS
