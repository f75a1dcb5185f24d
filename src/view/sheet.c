// SPDX-License-Identifier: Apache-2.0
// A plane that cuts the organ, as it is seen and grabbed in 3-D: a rectangle with two handles.
#include "view/sheet.h"

#include "view/palette.h"

#include <math.h>
#include <string.h>

#define STICK 0.45       // of the rectangle's half side
#define OPACITY 0.16     // the organ is seen through it
#define LEAST_SLANT 0.15 // of a normal to the line of sight, for a drag along its picture

static double dot3(const double a[3], const double b[3])
{
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

// Two unit axes in the plane; the second as upright as can be.
static void axes_of(const double normal[3], double u[3], double v[3])
{
    double up[3] = {0, 0, 1};
    if (fabs(normal[2]) > 0.95) // a plane that lies flat: upright is to the back
        memcpy(up, (double[3]){0, 1, 0}, sizeof up);
    const double along = dot3(up, normal);
    for (int axis = 0; axis < 3; axis++)
        v[axis] = up[axis] - along * normal[axis];
    const double length = sqrt(dot3(v, v));
    for (int axis = 0; axis < 3; axis++)
        v[axis] /= length;
    for (int axis = 0; axis < 3; axis++) {
        const int p = (axis + 1) % 3, q = (axis + 2) % 3;
        u[axis] = v[p] * normal[q] - v[q] * normal[p];
    }
}

HpSheet hp_sheet_new(const HpHalf *keeps, const double around_mm[3], double half_mm)
{
    static const double corner[4][2] = {{-1, -1}, {1, -1}, {1, 1}, {-1, 1}};
    HpSheet sheet = {.keeps = *keeps, .opacity = OPACITY};
    double u[3], v[3];
    const double beyond = dot3(keeps->normal, around_mm) - keeps->d_mm;
    memcpy(sheet.colour, hp_palette_seed, sizeof sheet.colour);
    axes_of(keeps->normal, u, v);
    for (int at = 0; at < 4; at++)
        for (int axis = 0; axis < 3; axis++)
            sheet.corner_mm[at][axis] =
                around_mm[axis] - beyond * keeps->normal[axis] +
                half_mm * (corner[at][0] * u[axis] + corner[at][1] * v[axis]);
    return sheet;
}

static double half_side(const HpSheet *sheet)
{
    double side[3];
    for (int axis = 0; axis < 3; axis++)
        side[axis] = (sheet->corner_mm[1][axis] - sheet->corner_mm[0][axis]) / 2;
    return sqrt(dot3(side, side));
}

void hp_sheet_handles(const HpSheet *sheet, double middle_mm[3], double tip_mm[3])
{
    const double stick = STICK * half_side(sheet);
    for (int axis = 0; axis < 3; axis++) {
        middle_mm[axis] = (sheet->corner_mm[0][axis] + sheet->corner_mm[2][axis]) / 2;
        tip_mm[axis] = middle_mm[axis] + stick * sheet->keeps.normal[axis];
    }
}

HpHalf hp_sheet_moved(const HpSheet *sheet, const HpCamera *camera, double width, double height,
                      double dx, double dy)
{
    const double scale = hp_camera_pixels_per_mm(camera, width, height);
    double basis[3][3];
    HpHalf half = sheet->keeps;
    hp_camera_basis(camera->azimuth_degrees, camera->elevation_degrees, basis);
    const double right = dot3(basis[0], half.normal), up = dot3(basis[1], half.normal);
    const double square = right * right + up * up;
    if (square < LEAST_SLANT * LEAST_SLANT)
        half.d_mm -= dy / scale;
    else
        half.d_mm += (dx * right - dy * up) / (scale * square);
    return half;
}

HpHalf hp_sheet_turned(const HpSheet *sheet, const HpCamera *camera, double width, double height,
                       double x, double y)
{
    const double scale = hp_camera_pixels_per_mm(camera, width, height);
    double basis[3][3], middle_mm[3], tip_mm[3], middle[3];
    HpHalf half;
    hp_camera_basis(camera->azimuth_degrees, camera->elevation_degrees, basis);
    hp_sheet_handles(sheet, middle_mm, tip_mm);
    hp_camera_project(camera, width, height, middle_mm, middle);
    const double stick = STICK * half_side(sheet) * scale;
    double right = (x - middle[0]) / stick, up = (middle[1] - y) / stick;
    const double away = hypot(right, up);
    if (away > 1) {
        right /= away;
        up /= away;
    }
    const double sign = dot3(basis[2], sheet->keeps.normal) < 0 ? -1 : 1;
    const double near = sign * sqrt(fmax(1 - right * right - up * up, 0));
    for (int axis = 0; axis < 3; axis++)
        half.normal[axis] = right * basis[0][axis] + up * basis[1][axis] + near * basis[2][axis];
    half.d_mm = dot3(half.normal, middle_mm);
    return half;
}
