// SPDX-License-Identifier: Apache-2.0
// Where a slice of a grid lies in a picture: the radiological convention, in pixels.
#include "view/frame.h"

#include <math.h>

// LPS directions that point right and down on the screen, and along which slices are counted.
static const double screen[HP_PLANE_COUNT][3][3] = {
    [HP_PLANE_AXIAL] = {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}},
    [HP_PLANE_CORONAL] = {{1, 0, 0}, {0, 0, -1}, {0, 1, 0}},
    [HP_PLANE_SAGITTAL] = {{0, 1, 0}, {0, 0, -1}, {1, 0, 0}},
};

// How far a grid axis runs along an LPS direction.
static double along(const HpGrid *grid, int axis, const double direction[3])
{
    const double *d = grid->directions;
    return d[axis] * direction[0] + d[3 + axis] * direction[1] + d[6 + axis] * direction[2];
}

HpSliceFrame hp_slice_frame_fit(const HpGrid *grid, HpPlane plane, int slice, int width, int height,
                                double margin)
{
    HpSliceFrame frame = {.plane = plane, .slice = slice, .centre = {width / 2.0, height / 2.0}};
    const int through = hp_grid_axis(grid, plane);
    const int u = (through + 1) % 3, v = (through + 2) % 3;
    const double *right = screen[plane][0], *down = screen[plane][1];
    const bool straight = fabs(along(grid, u, right)) + fabs(along(grid, v, down)) >=
                          fabs(along(grid, v, right)) + fabs(along(grid, u, down));
    frame.axis[0] = straight ? u : v;
    frame.axis[1] = straight ? v : u;
    const double room[2] = {fmax(width - 2 * margin, 1), fmax(height - 2 * margin, 1)};
    frame.pixels_per_mm = INFINITY;
    for (int at = 0; at < 2; at++) {
        const int axis = frame.axis[at];
        frame.sign[at] = along(grid, axis, screen[plane][at]) < 0 ? -1 : 1;
        frame.pixels_per_mm =
            fmin(frame.pixels_per_mm, room[at] / (grid->size[axis] * grid->spacing_mm[axis]));
    }
    return frame;
}

void hp_slice_frame_to_voxel(const HpSliceFrame *frame, const HpGrid *grid, double x, double y,
                             double voxel[2])
{
    const double pixel[2] = {x, y};
    for (int at = 0; at < 2; at++) {
        const int axis = frame->axis[at];
        const double step = frame->sign[at] * frame->pixels_per_mm * grid->spacing_mm[axis];
        voxel[at] = (grid->size[axis] - 1) / 2.0 + (pixel[at] - frame->centre[at]) / step;
    }
}

void hp_slice_frame_from_voxel(const HpSliceFrame *frame, const HpGrid *grid, const double voxel[2],
                               double *x, double *y)
{
    double pixel[2];
    for (int at = 0; at < 2; at++) {
        const int axis = frame->axis[at];
        const double step = frame->sign[at] * frame->pixels_per_mm * grid->spacing_mm[axis];
        pixel[at] = frame->centre[at] + (voxel[at] - (grid->size[axis] - 1) / 2.0) * step;
    }
    *x = pixel[0];
    *y = pixel[1];
}

void hp_slice_frame_to_mm(const HpSliceFrame *frame, const HpGrid *grid, double x, double y,
                          double mm[3])
{
    double voxel[2], ijk[3];
    hp_slice_frame_to_voxel(frame, grid, x, y, voxel);
    ijk[hp_grid_axis(grid, frame->plane)] = frame->slice;
    ijk[frame->axis[0]] = voxel[0];
    ijk[frame->axis[1]] = voxel[1];
    hp_grid_to_mm(grid, ijk, mm);
}

void hp_slice_frame_from_mm(const HpSliceFrame *frame, const HpGrid *grid, const double mm[3],
                            double *x, double *y)
{
    double ijk[3];
    hp_grid_to_ijk(grid, mm, ijk);
    const double voxel[2] = {ijk[frame->axis[0]], ijk[frame->axis[1]]};
    hp_slice_frame_from_voxel(frame, grid, voxel, x, y);
}

// The letter of the side to which a grid axis runs most.
static char letter(const HpGrid *grid, int axis, double sign)
{
    static const char names[2][3] = {{'L', 'P', 'S'}, {'R', 'A', 'I'}};
    int most = 0;
    for (int row = 1; row < 3; row++)
        if (fabs(grid->directions[3 * row + axis]) > fabs(grid->directions[3 * most + axis]))
            most = row;
    return names[grid->directions[3 * most + axis] * sign < 0][most];
}

void hp_slice_frame_letters(const HpSliceFrame *frame, const HpGrid *grid, char letters[4])
{
    for (int at = 0; at < 2; at++) {
        letters[2 * at] = letter(grid, frame->axis[at], -frame->sign[at]);
        letters[2 * at + 1] = letter(grid, frame->axis[at], frame->sign[at]);
    }
}

int hp_slice_frame_number(const HpSliceFrame *frame, const HpGrid *grid)
{
    const int axis = hp_grid_axis(grid, frame->plane);
    const bool grows = along(grid, axis, screen[frame->plane][2]) >= 0;
    return grows ? frame->slice + 1 : grid->size[axis] - frame->slice;
}
