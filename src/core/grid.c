// SPDX-License-Identifier: Apache-2.0
// Where voxels lie in the patient: size, spacing, origin and directions, in LPS millimetres.
#include "core/grid.h"

#include "core/error.h"

#include <glib/gi18n.h>
#include <math.h>

HpGrid hp_grid_new(int ni, int nj, int nk, double di_mm, double dj_mm, double dk_mm)
{
    return (HpGrid){.size = {ni, nj, nk},
                    .spacing_mm = {di_mm, dj_mm, dk_mm},
                    .directions = {1, 0, 0, 0, 1, 0, 0, 0, 1}};
}

static double column_dot(const double d[9], int a, int b)
{
    return d[a] * d[b] + d[3 + a] * d[3 + b] + d[6 + a] * d[6 + b];
}

bool hp_grid_validate(const HpGrid *grid, GError **error)
{
    double count = 1;
    for (int axis = 0; axis < 3; axis++) {
        const double spacing = grid->spacing_mm[axis];
        if (grid->size[axis] < 1 || grid->size[axis] > 65535) {
            g_set_error(error, HP_ERROR, HP_ERROR_BAD_FILE,
                        _("size %d along axis %d, expected 1 to 65535"), grid->size[axis], axis);
            return false;
        }
        if (!isfinite(spacing) || spacing < 1e-6 || spacing > 1e5) {
            g_set_error(error, HP_ERROR, HP_ERROR_BAD_FILE,
                        _("spacing %g mm along axis %d, expected 1e-6 to 1e5"), spacing, axis);
            return false;
        }
        if (!isfinite(grid->origin_mm[axis]) || fabs(grid->origin_mm[axis]) > 1e7) {
            g_set_error(error, HP_ERROR, HP_ERROR_BAD_FILE,
                        _("origin %g mm along axis %d, expected within 1e7"), grid->origin_mm[axis],
                        axis);
            return false;
        }
        count *= grid->size[axis];
    }
    if (count > 1e11) {
        g_set_error(error, HP_ERROR, HP_ERROR_BAD_FILE, _("%g voxels, expected at most 1e11"),
                    count);
        return false;
    }
    for (int a = 0; a < 3; a++) {
        for (int b = a; b < 3; b++) {
            const double dot = column_dot(grid->directions, a, b);
            if (!(fabs(dot - (a == b)) < 1e-4)) {
                g_set_error(error, HP_ERROR, HP_ERROR_BAD_FILE,
                            _("directions %d and %d have dot product %g, expected %d"), a, b, dot,
                            a == b);
                return false;
            }
        }
    }
    return true;
}

bool hp_grid_equal(const HpGrid *a, const HpGrid *b, double tolerance_mm)
{
    for (int axis = 0; axis < 3; axis++)
        if (a->size[axis] != b->size[axis])
            return false;
    // An affine map is fixed by four corners.
    for (int corner = 0; corner < 4; corner++) {
        const double ijk[3] = {corner == 1 ? a->size[0] - 1 : 0, corner == 2 ? a->size[1] - 1 : 0,
                               corner == 3 ? a->size[2] - 1 : 0};
        double at_a[3], at_b[3];
        hp_grid_to_mm(a, ijk, at_a);
        hp_grid_to_mm(b, ijk, at_b);
        for (int axis = 0; axis < 3; axis++)
            if (!(fabs(at_a[axis] - at_b[axis]) <= tolerance_mm))
                return false;
    }
    // Spacing along an axis of one voxel shows in no corner, but it does show in every volume.
    for (int axis = 0; axis < 3; axis++)
        if (!(fabs(a->spacing_mm[axis] - b->spacing_mm[axis]) <= tolerance_mm))
            return false;
    return true;
}

size_t hp_grid_count(const HpGrid *grid)
{
    return (size_t)grid->size[0] * grid->size[1] * grid->size[2];
}

double hp_grid_voxel_mm3(const HpGrid *grid)
{
    return grid->spacing_mm[0] * grid->spacing_mm[1] * grid->spacing_mm[2];
}

void hp_grid_to_mm(const HpGrid *grid, const double ijk[3], double mm[3])
{
    const double step[3] = {ijk[0] * grid->spacing_mm[0], ijk[1] * grid->spacing_mm[1],
                            ijk[2] * grid->spacing_mm[2]};
    for (int row = 0; row < 3; row++) {
        const double *d = grid->directions + 3 * row;
        mm[row] = grid->origin_mm[row] + d[0] * step[0] + d[1] * step[1] + d[2] * step[2];
    }
}

void hp_grid_to_ijk(const HpGrid *grid, const double mm[3], double ijk[3])
{
    const double from[3] = {mm[0] - grid->origin_mm[0], mm[1] - grid->origin_mm[1],
                            mm[2] - grid->origin_mm[2]};
    const double *d = grid->directions;
    for (int axis = 0; axis < 3; axis++) // orthonormal: the inverse is the transpose
        ijk[axis] = (d[axis] * from[0] + d[3 + axis] * from[1] + d[6 + axis] * from[2]) /
                    grid->spacing_mm[axis];
}

int hp_grid_axis(const HpGrid *grid, HpPlane plane)
{
    // Of the six ways to give axes to planes, the one with the largest sum of |cosines|; so
    // no two planes share an axis, however oblique the grid is.
    static const int ways[6][3] = {{2, 1, 0}, {1, 2, 0}, {2, 0, 1},
                                   {0, 2, 1}, {1, 0, 2}, {0, 1, 2}};
    static const int normal_row[3] = {2, 1, 0}; // axial: z, coronal: y, sagittal: x
    int best = 0;
    double best_sum = -1;
    for (int way = 0; way < 6; way++) {
        double sum = 0;
        for (int p = 0; p < 3; p++)
            sum += fabs(grid->directions[3 * normal_row[p] + ways[way][p]]);
        if (sum > best_sum + 1e-9) {
            best_sum = sum;
            best = way;
        }
    }
    return ways[best][plane];
}

HpGrid hp_grid_crop(const HpGrid *grid, const int lo[3], const int size[3])
{
    HpGrid part = *grid;
    const double corner[3] = {lo[0], lo[1], lo[2]};
    hp_grid_to_mm(grid, corner, part.origin_mm);
    for (int axis = 0; axis < 3; axis++)
        part.size[axis] = size[axis];
    return part;
}

HpGrid hp_grid_resampled(const HpGrid *grid, const double spacing_mm[3])
{
    HpGrid other = *grid;
    double first[3]; // centre of the new voxel (0,0,0) in voxels of the old grid
    for (int axis = 0; axis < 3; axis++) {
        const double extent = grid->size[axis] * grid->spacing_mm[axis];
        const int size = (int)ceil(extent / spacing_mm[axis] - 1e-6);
        other.size[axis] = MAX(size, 1);
        other.spacing_mm[axis] = spacing_mm[axis];
        first[axis] = (grid->size[axis] - 1) / 2.0 -
                      (other.size[axis] - 1) / 2.0 * spacing_mm[axis] / grid->spacing_mm[axis];
    }
    hp_grid_to_mm(grid, first, other.origin_mm);
    return other;
}

const char *hp_plane_name(HpPlane plane)
{
    static const char *const names[] = {"axial", "coronal", "sagittal"};
    g_assert(plane < HP_PLANE_COUNT);
    return names[plane];
}
