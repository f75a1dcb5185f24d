// SPDX-License-Identifier: Apache-2.0
// Meshes with a formula, for tests and benchmarks of what draws or meets them.
#include "support/solids.h"

#include <math.h>
#include <string.h>

static HpMesh *make(const double middle_mm[3], double radius_mm, int rows, double bump)
{
    const int columns = 2 * rows;
    HpMesh *mesh = hp_mesh_new((size_t)(rows + 1) * columns, 2 * (size_t)rows * columns, NULL);
    for (int row = 0; row <= rows; row++)
        for (int column = 0; column < columns; column++) {
            const double theta = G_PI * row / rows, phi = 2 * G_PI * column / columns;
            const double r =
                radius_mm * (1 + bump * sin(theta) * sin(3 * phi) * cos(4 * theta + phi));
            float *mm = mesh->mm + 3 * ((size_t)row * columns + column);
            mm[0] = (float)(middle_mm[0] + r * sin(theta) * cos(phi));
            mm[1] = (float)(middle_mm[1] + r * sin(theta) * sin(phi));
            mm[2] = (float)(middle_mm[2] + r * cos(theta));
        }
    for (int row = 0; row < rows; row++)
        for (int column = 0; column < columns; column++) {
            const uint32_t a = (uint32_t)(row * columns + column);
            const uint32_t b = (uint32_t)(row * columns + (column + 1) % columns);
            const uint32_t c = a + (uint32_t)columns, d = b + (uint32_t)columns;
            const uint32_t two[6] = {a, c, b, b, c, d};
            memcpy(mesh->index + 6 * (size_t)a, two, sizeof two);
        }
    hp_mesh_compute_normals(mesh);
    return mesh;
}

HpMesh *solid_ball(const double middle_mm[3], double radius_mm, int rows)
{
    return make(middle_mm, radius_mm, rows, 0);
}

HpMesh *solid_lump(const double middle_mm[3], double radius_mm, int rows)
{
    return make(middle_mm, radius_mm, rows, 1.0 / 6);
}
