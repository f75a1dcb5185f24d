// SPDX-License-Identifier: Apache-2.0
// A closed curve on one slice of a grid: points in LPS millimetres on an anatomical plane.
#include "core/contour.h"

#include <math.h>
#include <string.h>

HpContour *hp_contour_new(HpPlane plane, int slice, int count)
{
    HpContour *contour = g_new0(HpContour, 1);
    *contour = (HpContour){.plane = plane, .slice = slice, .count = count};
    contour->mm = g_malloc0_n(MAX(count, 1), sizeof *contour->mm);
    return contour;
}

HpContour *hp_contour_copy(const HpContour *contour)
{
    HpContour *copy = hp_contour_new(contour->plane, contour->slice, contour->count);
    memcpy(copy->mm, contour->mm, contour->count * sizeof *copy->mm);
    return copy;
}

void hp_contour_free(HpContour *contour)
{
    if (contour == NULL)
        return;
    g_free(contour->mm);
    g_free(contour);
}

static void free_cb(gpointer contour)
{
    hp_contour_free(contour);
}

GPtrArray *hp_contours_new(void)
{
    return g_ptr_array_new_with_free_func(free_cb);
}

double hp_contour_length_mm(const HpContour *contour)
{
    double length = 0;
    for (int at = 0; at < contour->count; at++) {
        const double *a = contour->mm[at], *b = contour->mm[(at + 1) % contour->count];
        length += sqrt((b[0] - a[0]) * (b[0] - a[0]) + (b[1] - a[1]) * (b[1] - a[1]) +
                       (b[2] - a[2]) * (b[2] - a[2]));
    }
    return length;
}

double hp_contour_area_mm2(const HpContour *contour)
{
    // Half the length of the sum of cross products of a planar polygon, from its first point.
    double sum[3] = {0, 0, 0};
    for (int at = 1; at + 1 < contour->count; at++) {
        double a[3], b[3];
        for (int axis = 0; axis < 3; axis++) {
            a[axis] = contour->mm[at][axis] - contour->mm[0][axis];
            b[axis] = contour->mm[at + 1][axis] - contour->mm[0][axis];
        }
        sum[0] += a[1] * b[2] - a[2] * b[1];
        sum[1] += a[2] * b[0] - a[0] * b[2];
        sum[2] += a[0] * b[1] - a[1] * b[0];
    }
    return 0.5 * sqrt(sum[0] * sum[0] + sum[1] * sum[1] + sum[2] * sum[2]);
}

void hp_plane_axes(const HpGrid *grid, HpPlane plane, int *u, int *v)
{
    const int normal = hp_grid_axis(grid, plane);
    *u = normal == 0 ? 1 : 0;
    *v = normal == 2 ? 1 : 2;
}

void hp_slice_to_mm(const HpGrid *grid, HpPlane plane, int slice, double a, double b, double mm[3])
{
    int u, v;
    double ijk[3];
    hp_plane_axes(grid, plane, &u, &v);
    ijk[u] = a / grid->spacing_mm[u];
    ijk[v] = b / grid->spacing_mm[v];
    ijk[3 - u - v] = slice;
    hp_grid_to_mm(grid, ijk, mm);
}

void hp_slice_from_mm(const HpGrid *grid, HpPlane plane, const double mm[3], double *a, double *b,
                      double *slice)
{
    int u, v;
    double ijk[3];
    hp_plane_axes(grid, plane, &u, &v);
    hp_grid_to_ijk(grid, mm, ijk);
    *a = ijk[u] * grid->spacing_mm[u];
    *b = ijk[v] * grid->spacing_mm[v];
    *slice = ijk[3 - u - v];
}
