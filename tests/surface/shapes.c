// SPDX-License-Identifier: Apache-2.0
// Analytic solids drawn into masks, and slow obvious checks of a mesh, for the tests of surface.
#include "surface/shapes.h"

#include <math.h>
#include <string.h>

static double square(double x)
{
    return x * x;
}

double shape_volume_mm3(const Shape *shape)
{
    const double *mm = shape->mm;
    return shape->kind == ELLIPSOID ? 4 * G_PI / 3 * mm[0] * mm[1] * mm[2]
                                    : 2 * G_PI * G_PI * mm[0] * square(mm[1]);
}

// The area element of an ellipsoid is a b c |gradient / 2| sin(theta).
static double ellipsoid_area(const double mm[3])
{
    const int steps = 400; // the integrand is smooth and periodic: far more than needed
    double sum = 0;
    for (int t = 0; t < steps; t++)
        for (int p = 0; p < steps; p++) {
            const double theta = G_PI * (t + 0.5) / steps, phi = 2 * G_PI * (p + 0.5) / steps;
            const double n[3] = {sin(theta) * cos(phi) / mm[0], sin(theta) * sin(phi) / mm[1],
                                 cos(theta) / mm[2]};
            sum += sin(theta) * sqrt(square(n[0]) + square(n[1]) + square(n[2]));
        }
    return sum * mm[0] * mm[1] * mm[2] * 2 * square(G_PI / steps);
}

double shape_area_mm2(const Shape *shape)
{
    return shape->kind == ELLIPSOID ? ellipsoid_area(shape->mm)
                                    : 4 * square(G_PI) * shape->mm[0] * shape->mm[1];
}

static bool is_in_shape(const Shape *shape, const double at[3])
{
    const double *mm = shape->mm;
    if (shape->kind == ELLIPSOID)
        return square(at[0] / mm[0]) + square(at[1] / mm[1]) + square(at[2] / mm[2]) < 1;
    return square(sqrt(square(at[0]) + square(at[1])) - mm[0]) + square(at[2]) < square(mm[1]);
}

static HpGrid grid_around(const Shape *shape, const double spacing[3], double turn)
{
    const double *mm = shape->mm;
    const double reach = shape->kind == TORUS ? mm[0] + mm[1] : MAX(MAX(mm[0], mm[1]), mm[2]);
    int size[3];
    for (int axis = 0; axis < 3; axis++)
        size[axis] = (int)ceil(2 * (reach + 2) / spacing[axis]) + 2;
    HpGrid grid = hp_grid_new(size[0], size[1], size[2], spacing[0], spacing[1], spacing[2]);
    const double c = cos(turn), s = sin(turn), e = cos(0.7 * turn), f = sin(0.7 * turn);
    const double directions[9] = {c, -s * e, s * f, s, c * e, -c * f, 0, f, e};
    memcpy(grid.directions, directions, sizeof directions);
    const double middle[3] = {(size[0] - 1) / 2.0 + 0.21, (size[1] - 1) / 2.0 - 0.33,
                              (size[2] - 1) / 2.0 + 0.13};
    double away[3];
    hp_grid_to_mm(&grid, middle, away);
    for (int axis = 0; axis < 3; axis++)
        grid.origin_mm[axis] -= away[axis];
    return grid;
}

HpMask *shape_mask(const Shape *shape, double di_mm, double dj_mm, double dk_mm, double turn)
{
    const HpGrid grid = grid_around(shape, (double[3]){di_mm, dj_mm, dk_mm}, turn);
    g_autofree uint8_t *label = g_new(uint8_t, hp_grid_count(&grid));
    double step[3]; // in mm, of one voxel along i
    for (int row = 0; row < 3; row++)
        step[row] = grid.directions[3 * row] * grid.spacing_mm[0];
    for (int k = 0; k < grid.size[2]; k++)
        for (int j = 0; j < grid.size[1]; j++) {
            double at[3];
            hp_grid_to_mm(&grid, (double[3]){0, j, k}, at);
            for (int i = 0; i < grid.size[0]; i++) {
                label[hp_grid_offset(&grid, i, j, k)] = is_in_shape(shape, at);
                for (int axis = 0; axis < 3; axis++)
                    at[axis] += step[axis];
            }
        }
    return hp_mask_new_from_labels(&grid, label, NULL);
}

HpMask *random_mask(int ni, int nj, int nk, double probability, guint32 seed)
{
    const HpGrid grid = hp_grid_new(ni, nj, nk, 1, 1, 1);
    g_autofree uint8_t *label = g_new(uint8_t, hp_grid_count(&grid));
    GRand *dice = g_rand_new_with_seed(seed);
    for (size_t at = 0; at < hp_grid_count(&grid); at++)
        label[at] = g_rand_double(dice) < probability;
    g_rand_free(dice);
    return hp_mask_new_from_labels(&grid, label, NULL);
}

// The triangles of one vertex, each as the two corners that follow it.
typedef struct {
    uint32_t next, last;
} Pair;

// Whether the pairs, laid end to end, close to one ring.
static bool is_one_ring(const Pair *pair, guint count)
{
    uint32_t at = pair[0].last;
    for (guint walked = 1;; walked++) {
        guint found = 0, ways = 0;
        for (guint p = 0; p < count; p++)
            if (pair[p].next == at) {
                found = p;
                ways++;
            }
        if (ways != 1)
            return false;
        if (found == 0)
            return walked == count;
        at = pair[found].last;
    }
}

bool is_manifold(const HpMesh *mesh)
{
    g_autoptr(GPtrArray) fans = g_ptr_array_new_with_free_func((GDestroyNotify)g_array_unref);
    for (size_t v = 0; v < mesh->vertices; v++)
        g_ptr_array_add(fans, g_array_new(FALSE, FALSE, sizeof(Pair)));
    for (size_t at = 0; at < 3 * mesh->triangles; at += 3)
        for (int c = 0; c < 3; c++) {
            const Pair pair = {mesh->index[at + (c + 1) % 3], mesh->index[at + (c + 2) % 3]};
            g_array_append_val((GArray *)fans->pdata[mesh->index[at + c]], pair);
        }
    for (size_t v = 0; v < mesh->vertices; v++) {
        const GArray *fan = fans->pdata[v];
        if (fan->len > 0 && !is_one_ring((const Pair *)(void *)fan->data, fan->len))
            return false;
    }
    return true;
}

void assert_same_mesh(const HpMesh *a, const HpMesh *b)
{
    g_assert_cmpuint(a->vertices, ==, b->vertices);
    g_assert_cmpuint(a->triangles, ==, b->triangles);
    g_assert_true(memcmp(a->mm, b->mm, a->vertices * 3 * sizeof *a->mm) == 0);
    g_assert_true(memcmp(a->normal, b->normal, a->vertices * 3 * sizeof *a->normal) == 0);
    g_assert_true(memcmp(a->index, b->index, a->triangles * 3 * sizeof *a->index) == 0);
}
