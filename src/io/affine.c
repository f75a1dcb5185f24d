// SPDX-License-Identifier: Apache-2.0
// Turns the affine map a file states into a grid, and refuses what is no grid.
#include "io/affine.h"

#include "core/error.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

static double column_dot(const double m[9], int a, int b)
{
    return m[a] * m[b] + m[3 + a] * m[3 + b] + m[6 + a] * m[6 + b];
}

// Inverse transpose times determinant: the matrix of cofactors.
static double cofactors(const double m[9], double c[9])
{
    for (int row = 0; row < 3; row++)
        for (int column = 0; column < 3; column++) {
            const int r1 = (row + 1) % 3, r2 = (row + 2) % 3;
            const int c1 = (column + 1) % 3, c2 = (column + 2) % 3;
            c[3 * row + column] = m[3 * r1 + c1] * m[3 * r2 + c2] - m[3 * r1 + c2] * m[3 * r2 + c1];
        }
    return m[0] * c[0] + m[1] * c[1] + m[2] * c[2];
}

// The orthogonal matrix nearest to `m`, whose columns have unit length: the polar factor by
// Newton's iteration m <- (m + m^-T) / 2 (Higham 1986). False for parallel columns.
static bool straighten(double m[9])
{
    for (int step = 0; step < 40; step++) {
        double c[9], change = 0;
        const double determinant = cofactors(m, c);
        if (!(fabs(determinant) > 1e-6))
            return false;
        for (int at = 0; at < 9; at++) {
            const double next = (m[at] + c[at] / determinant) / 2;
            change = fmax(change, fabs(next - m[at]));
            m[at] = next;
        }
        if (change < 1e-15)
            break;
    }
    return true;
}

static bool unit_columns(const HpAffine *affine, double unit[9], double spacing_mm[3],
                         GError **error)
{
    for (int axis = 0; axis < 3; axis++) {
        const double length = sqrt(column_dot(affine->columns, axis, axis));
        if (!isfinite(length) || length < 1e-6) {
            g_set_error(error, HP_ERROR, HP_ERROR_BAD_FILE,
                        _("voxels along axis %d are %g mm apart, expected more than 0"), axis,
                        length);
            return false;
        }
        spacing_mm[axis] = length;
        for (int row = 0; row < 3; row++)
            unit[3 * row + axis] = affine->columns[3 * row + axis] / length;
    }
    return true;
}

// How far a corner of the volume moves when the directions turn from `unit` to the grid's while
// the centre stays.
static double corner_shift_mm(const HpGrid *grid, const double unit[9])
{
    double most = 0;
    for (int corner = 0; corner < 8; corner++) {
        double square = 0;
        for (int row = 0; row < 3; row++) {
            double shift = 0;
            for (int axis = 0; axis < 3; axis++) {
                const double half = grid->size[axis] * grid->spacing_mm[axis] / 2;
                const int at = 3 * row + axis;
                shift += (corner >> axis & 1 ? half : -half) * (grid->directions[at] - unit[at]);
            }
            square += shift * shift;
        }
        most = fmax(most, sqrt(square));
    }
    return most;
}

static bool refuse_shear(const double unit[9], GError **error)
{
    int a = 0, b = 1;
    for (int pair = 1; pair < 3; pair++) {
        const int p = pair - 1, q = 2;
        if (fabs(column_dot(unit, p, q)) > fabs(column_dot(unit, a, b))) {
            a = p;
            b = q;
        }
    }
    const double degrees = acos(CLAMP(column_dot(unit, a, b), -1, 1)) * 180 / G_PI;
    g_set_error(
        error, HP_ERROR, HP_ERROR_UNSUPPORTED,
        _("the volume is sheared: axes %d and %d meet at %.2f degrees, expected 90; resample "
          "it to a rectangular grid first"),
        a, b, degrees);
    return false;
}

// The file's origin is kept where the axes are; where they turn, the volume's centre is.
static void place_origin(const HpAffine *affine, HpGrid *grid)
{
    for (int row = 0; row < 3; row++) {
        double origin = affine->origin_mm[row];
        for (int axis = 0; axis < 3; axis++) {
            const int at = 3 * row + axis;
            const double middle = (grid->size[axis] - 1) / 2.0;
            origin +=
                middle * (affine->columns[at] - grid->directions[at] * grid->spacing_mm[axis]);
        }
        grid->origin_mm[row] = origin;
    }
}

bool hp_affine_to_grid(const HpAffine *affine, const int size[3], HpGrid *grid, char **warning,
                       GError **error)
{
    HpGrid made = {.size = {size[0], size[1], size[2]}};
    double unit[9];
    if (!unit_columns(affine, unit, made.spacing_mm, error))
        return false;
    memcpy(made.directions, unit, sizeof unit);
    memcpy(made.origin_mm, affine->origin_mm, sizeof made.origin_mm);
    if (!straighten(made.directions))
        return refuse_shear(unit, error);
    const double smallest = fmin(fmin(made.spacing_mm[0], made.spacing_mm[1]), made.spacing_mm[2]);
    const double shift = corner_shift_mm(&made, unit);
    // Half a degree is far beyond any rounding, however small the volume is.
    if (!(shift <= smallest / 2) || fabs(column_dot(unit, 0, 1)) > 0.009 ||
        fabs(column_dot(unit, 0, 2)) > 0.009 || fabs(column_dot(unit, 1, 2)) > 0.009)
        return refuse_shear(unit, error);
    if (shift > 1e-9)
        place_origin(affine, &made);
    if (!hp_grid_validate(&made, error))
        return false;
    if (warning != NULL && shift > smallest / 10)
        *warning =
            g_strdup_printf("the axes are not quite at right angles; they were straightened, "
                            "which moves corners by %.2f mm",
                            shift);
    *grid = made;
    return true;
}

HpAffine hp_affine_of_grid(const HpGrid *grid)
{
    HpAffine affine;
    for (int at = 0; at < 9; at++)
        affine.columns[at] = grid->directions[at] * grid->spacing_mm[at % 3];
    memcpy(affine.origin_mm, grid->origin_mm, sizeof affine.origin_mm);
    return affine;
}

void hp_affine_flip_xy(HpAffine *affine)
{
    for (int at = 0; at < 6; at++)
        affine->columns[at] = 0 - affine->columns[at]; // not -0
    affine->origin_mm[0] = 0 - affine->origin_mm[0];
    affine->origin_mm[1] = 0 - affine->origin_mm[1];
}
