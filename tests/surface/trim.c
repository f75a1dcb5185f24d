// SPDX-License-Identifier: Apache-2.0
// Planes cut closed meshes into closed parts whose volumes add up, wherever they pass.
#include "surface/trim.h"

#include "core/error.h"
#include "support/picture.h"
#include "surface/cap.h"
#include "surface/extract.h"
#include "surface/measure.h"
#include "surface/parts.h"
#include "surface/shapes.h"
#include "surface/smooth.h"

#include <math.h>

// The voxel faces of the mask, not smoothed.
static HpMesh *net(const HpMask *mask)
{
    HpMesh *mesh = hp_surface_extract(mask, 0, NULL, NULL, NULL);
    g_assert_nonnull(mesh);
    return mesh;
}

static HpMesh *smooth(const HpMask *mask)
{
    HpGrid voxels;
    HpMesh *mesh = hp_surface_extract(mask, 0, &voxels, NULL, NULL);
    g_assert_true(
        hp_surface_smooth(mesh, &voxels, 0.5, 1000 * hp_mask_volume_ml(mask, 0), NULL, NULL, NULL));
    return mesh;
}

// Both sides closed, together the whole; returns what is kept.
static HpMesh *cut(const HpMesh *mesh, HpCut plane, double *removed_mm3)
{
    HpMesh *kept, *removed;
    GError *error = NULL;
    hp_mesh_cut(mesh, &plane, &kept, &removed, &error);
    g_assert_no_error(error);
    g_assert_nonnull(kept);
    g_assert_nonnull(removed);
    g_assert_true(hp_mesh_is_watertight(kept));
    g_assert_true(hp_mesh_is_watertight(removed));
    const double whole = hp_mesh_volume_mm3(mesh);
    *removed_mm3 = hp_mesh_volume_mm3(removed);
    g_assert_cmpfloat_with_epsilon(hp_mesh_volume_mm3(kept) + *removed_mm3, whole, 1e-6 * whole);
    g_assert_cmpfloat_with_epsilon(hp_mesh_kept_mm3(mesh, &plane), whole - *removed_mm3,
                                   1e-6 * whole);
    for (size_t v = 0; v < kept->vertices; v++) {
        const float *at = kept->mm + 3 * v;
        const double height = plane.normal[0] * at[0] + plane.normal[1] * at[1] +
                              plane.normal[2] * at[2] - plane.d_mm;
        g_assert_cmpfloat(height, <, 1e-4);
    }
    hp_mesh_unref(removed);
    return kept;
}

static void a_cube_is_cut_in_half(void)
{
    g_autoptr(HpMask) mask = picture("#\n"); // -0.5 to 0.5
    g_autoptr(HpMesh) mesh = net(mask);
    double removed;
    g_autoptr(HpMesh) half = cut(mesh, (HpCut){{0, 0, 1}, 0.25, false}, &removed);
    g_assert_cmpfloat_with_epsilon(removed, 0.25, 1e-6);
    g_assert_cmpfloat_with_epsilon(hp_mesh_area_mm2(half), 2 + 4 * 0.75, 1e-6);
    g_assert_true(is_manifold(half));
    g_assert_cmpint(hp_mesh_euler(half), ==, 2);
    const double s = sqrt(0.5);
    g_autoptr(HpMesh) wedge =
        cut(mesh, (HpCut){{s, s, 0}, 0, false}, &removed); // through four corners
    g_assert_cmpfloat_with_epsilon(removed, 0.5, 1e-6);
    g_assert_cmpfloat_with_epsilon(hp_mesh_area_mm2(wedge), 3 + sqrt(2), 1e-6);
}

static void a_plane_on_vertices_is_no_special_case(void)
{
    g_autoptr(HpMask) mask = picture("###\n"
                                     "#.#\n"
                                     "###\n"
                                     "\n"
                                     "###\n"
                                     "##.\n"
                                     "###\n");
    g_autoptr(HpMesh) mesh = net(mask);
    for (int axis = 0; axis < 3; axis++)
        for (int sign = -1; sign <= 1; sign += 2) {
            HpCut plane = {{0, 0, 0}, sign * 0.5, false}; // between the first voxels and the second
            double removed;
            plane.normal[axis] = sign;
            g_autoptr(HpMesh) kept = cut(mesh, plane, &removed);
            const double first = axis == 0 ? 6 : axis == 1 ? 6 : 8;
            g_assert_cmpfloat_with_epsilon(sign > 0 ? removed : 16 - removed, 16 - first, 1e-5);
        }
}

static void a_face_on_the_plane_is_whole(void)
{
    g_autoptr(HpMask) mask = picture("#\n");
    g_autoptr(HpMesh) mesh = net(mask);
    g_autoptr(GError) error = NULL;
    HpMesh *kept, *removed;
    g_assert_true(hp_mesh_cut(mesh, &(HpCut){{0, 0, 1}, 0.5, false}, &kept, &removed, NULL));
    g_assert_true(kept == mesh && removed == NULL);
    hp_mesh_unref(kept);
    g_assert_true(hp_mesh_cut(mesh, &(HpCut){{0, 0, 1}, -0.5, false}, &kept, &removed, NULL));
    g_assert_true(kept == NULL && removed == mesh);
    hp_mesh_unref(removed);
    g_assert_null(hp_surface_trim(mesh, &(HpCut){{1, 0, 0}, -7, false}, 1, NULL, NULL, &error));
    g_assert_error(error, HP_ERROR, HP_ERROR_NO_RESULT);
}

static void a_torus_gets_two_caps_or_a_ring(void)
{
    g_autoptr(HpMask) mask = shape_mask(&(Shape){TORUS, {20, 8}}, 1, 1, 1.2, 0.3);
    g_autoptr(HpMesh) mesh = smooth(mask);
    double removed;
    g_autoptr(HpMesh) half =
        cut(mesh, (HpCut){{1, 0, 0}, 0.3, false}, &removed); // across: two discs
    g_assert_cmpint(hp_mesh_euler(half), ==, 2);
    g_assert_true(is_manifold(half));
    const double half_area = shape_area_mm2(&(Shape){TORUS, {20, 8}}) / 2 + 2 * G_PI * 64;
    g_assert_cmpfloat_with_epsilon(hp_mesh_area_mm2(half), half_area, 0.03 * half_area);
    g_autoptr(HpMesh) lower = cut(mesh, (HpCut){{0, 0, 1}, -0.2, false}, &removed); // flat: a ring
    g_assert_cmpint(hp_mesh_euler(lower), ==, 0);
    g_assert_true(is_manifold(lower));
    const double ring = G_PI * (28 * 28 - 12 * 12);
    const double lower_area = shape_area_mm2(&(Shape){TORUS, {20, 8}}) / 2 + ring;
    g_assert_cmpfloat_with_epsilon(hp_mesh_area_mm2(lower), lower_area, 0.03 * lower_area);
}

static void random_nets_are_cut_anywhere(void)
{
    GRand *dice = g_rand_new_with_seed(5);
    for (guint32 seed = 1; seed <= 12; seed++) {
        g_autoptr(HpMask) mask = random_mask(12, 11, 10, 0.3 + 0.03 * seed, seed);
        g_autoptr(HpMesh) mesh = seed % 2 ? smooth(mask) : net(mask);
        HpCut plane = {
            {g_rand_double(dice) - 0.5, g_rand_double(dice) - 0.5, g_rand_double(dice) - 0.5},
            0,
            false};
        const double length = hypot(hypot(plane.normal[0], plane.normal[1]), plane.normal[2]);
        for (int axis = 0; axis < 3; axis++) {
            plane.normal[axis] /= length;
            plane.d_mm += 5.2 * plane.normal[axis];
        }
        double removed;
        g_autoptr(HpMesh) kept = cut(mesh, plane, &removed);
        g_autoptr(HpMesh) flat =
            cut(mesh, (HpCut){{0, 1, 0}, 5.5, false}, &removed); // all on vertices
        g_assert_true(seed % 2 == 0 || is_manifold(kept));
    }
    g_rand_free(dice);
}

static void planes_follow_each_other(void)
{
    g_autoptr(HpMask) mask = shape_mask(&(Shape){ELLIPSOID, {20, 15, 12}}, 1, 1, 1, 0);
    g_autoptr(HpMesh) mesh = smooth(mask);
    g_autoptr(GPtrArray) removed = g_ptr_array_new_with_free_func((GDestroyNotify)hp_mesh_unref);
    const HpCut cuts[3] = {{{1, 0, 0}, 5, false}, {{0, -1, 0}, 100, false}, {{0, 0, -1}, 3, false}};
    g_autoptr(HpMesh) left = hp_surface_trim(mesh, cuts, 3, removed, NULL, NULL);
    g_assert_true(is_manifold(left));
    g_assert_cmpuint(removed->len, ==, 2); // the second plane cuts nothing
    double sum = hp_mesh_volume_mm3(left);
    for (guint at = 0; at < removed->len; at++)
        sum += hp_mesh_volume_mm3(removed->pdata[at]);
    const double whole = hp_mesh_volume_mm3(mesh);
    g_assert_cmpfloat_with_epsilon(sum, whole, 1e-6 * whole);
}

// Loops as pictures of points: a square with a square hole, and in the hole an island.
static void loops_nest(void)
{
    static const double xy[12][2] = {{0, 0}, {9, 0}, {9, 9}, {0, 9}, {2, 2}, {2, 7},
                                     {7, 7}, {7, 2}, {4, 4}, {5, 4}, {5, 5}, {4, 5}};
    static const guint32 next[12] = {1, 2, 3, 0, 5, 6, 7, 4, 9, 10, 11, 8};
    g_autoptr(GArray) triangles = hp_cap_triangulate(xy, next, 12);
    double area = 0;
    g_assert_cmpuint(triangles->len, ==, 3 * (8 + 2));
    for (guint at = 0; at < triangles->len; at += 3) {
        const guint32 *p = &g_array_index(triangles, guint32, at);
        const double twice = (xy[p[1]][0] - xy[p[0]][0]) * (xy[p[2]][1] - xy[p[0]][1]) -
                             (xy[p[1]][1] - xy[p[0]][1]) * (xy[p[2]][0] - xy[p[0]][0]);
        g_assert_cmpfloat(twice, >, 0);
        area += twice / 2;
    }
    g_assert_cmpfloat_with_epsilon(area, 81 - 25 + 1, 1e-9);
}

static void a_comb_with_many_holes_is_filled(void)
{
    // A disc of 200 points with 12 round holes of 20 points each.
    enum { RIM = 200, HOLES = 12, HOLE = 20, COUNT = RIM + HOLES * HOLE };
    static double xy[COUNT][2];
    static guint32 next[COUNT];
    for (int at = 0; at < RIM; at++) {
        xy[at][0] = 50 * cos(2 * G_PI * at / RIM);
        xy[at][1] = 50 * sin(2 * G_PI * at / RIM);
        next[at] = (at + 1) % RIM;
    }
    for (int h = 0; h < HOLES; h++)
        for (int n = 0; n < HOLE; n++) {
            const int at = RIM + h * HOLE + n;
            xy[at][0] = -30 + 20 * (h % 4) + 5 * cos(-2 * G_PI * n / HOLE);
            xy[at][1] = -20 + 20 * (h / 4) + 5 * sin(-2 * G_PI * n / HOLE);
            next[at] = RIM + h * HOLE + (n + 1) % HOLE;
        }
    g_autoptr(GArray) triangles = hp_cap_triangulate((const double(*)[2])xy, next, COUNT);
    double area = 0, sum = 0;
    g_assert_cmpuint(triangles->len, ==, 3 * (COUNT + 2 * HOLES - 2));
    for (guint at = 0; at < triangles->len; at += 3) {
        const guint32 *p = &g_array_index(triangles, guint32, at);
        const double twice = (xy[p[1]][0] - xy[p[0]][0]) * (xy[p[2]][1] - xy[p[0]][1]) -
                             (xy[p[1]][1] - xy[p[0]][1]) * (xy[p[2]][0] - xy[p[0]][0]);
        area += fabs(twice) / 2; // triangles that overlap would make it more than the sum
        sum += twice / 2;
    }
    g_assert_cmpfloat_with_epsilon(area, sum, 1e-9);
}

static void parts_come_with_their_cavities(void)
{
    // A shell around an island, and a small cube beside them.
    const HpGrid grid = hp_grid_new(24, 13, 13, 1, 1, 1);
    g_autoptr(HpMask) mask = hp_mask_new(&grid, NULL);
    for (int k = 0; k < 13; k++)
        for (int j = 0; j < 13; j++)
            for (int i = 0; i < 13; i++) {
                const int r = MAX(MAX(ABS(i - 6), ABS(j - 6)), ABS(k - 6));
                hp_mask_set(mask, i, j, k, r <= 1 || (r >= 4 && r <= 5));
            }
    for (int i = 20; i < 22; i++)
        hp_mask_set(mask, i, 6, 6, 1);
    g_autoptr(HpMesh) mesh = net(mask);
    g_autoptr(GPtrArray) parts = hp_mesh_split(mesh, NULL);
    const double volumes[3] = {11 * 11 * 11 - 7 * 7 * 7, 27, 2};
    g_assert_cmpuint(parts->len, ==, 3);
    for (int at = 0; at < 3; at++)
        g_assert_cmpfloat_with_epsilon(hp_mesh_volume_mm3(parts->pdata[at]), volumes[at], 1e-3);
    int count;
    g_autoptr(HpMesh) largest = hp_mesh_keep_largest(mesh, &count, NULL);
    g_assert_cmpint(count, ==, 3);
    assert_same_mesh(largest, parts->pdata[0]);
    g_assert_cmpint(hp_mesh_euler(largest), ==, 4);
}

static void specks_go(void)
{
    g_autoptr(HpMask) mask = picture("###.#\n"
                                     "###..\n");
    g_autoptr(HpMesh) mesh = net(mask);
    g_autoptr(HpMesh) both = hp_mesh_drop_specks(mesh, 0.5, NULL);
    g_assert_true(both == mesh);
    g_autoptr(HpMesh) one = hp_mesh_drop_specks(mesh, 2, NULL);
    g_assert_cmpfloat_with_epsilon(hp_mesh_volume_mm3(one), 6, 1e-5);
    g_assert_cmpuint(one->vertices, ==, mesh->vertices - 8);
    g_assert_true(is_manifold(one));
}

static void what_is_kept_is_measured_without_a_cut(void)
{
    g_autoptr(HpMask) mask = picture("##\n"); // -0.5 to 1.5
    g_autoptr(HpMesh) mesh = net(mask);
    const double s = sqrt(0.5);
    g_assert_cmpfloat_with_epsilon(hp_mesh_kept_mm3(mesh, &(HpCut){{1, 0, 0}, 0.25, false}), 0.75,
                                   1e-6);
    g_assert_cmpfloat_with_epsilon(hp_mesh_kept_mm3(mesh, &(HpCut){{-1, 0, 0}, -0.25, false}), 1.25,
                                   1e-6);
    g_assert_cmpfloat_with_epsilon(hp_mesh_kept_mm3(mesh, &(HpCut){{s, s, 0}, 0, false}), 0.5,
                                   1e-6);
    g_assert_cmpfloat_with_epsilon(hp_mesh_kept_mm3(mesh, &(HpCut){{0, 1, 0}, 9, false}), 2, 1e-6);
    g_assert_cmpfloat_with_epsilon(hp_mesh_kept_mm3(mesh, &(HpCut){{0, 1, 0}, -9, false}), 0, 1e-6);
}

static void a_plane_that_is_off_cuts_nothing(void)
{
    g_autoptr(HpMask) mask = picture("##\n");
    g_autoptr(HpMesh) mesh = net(mask);
    const HpCut cuts[2] = {{{1, 0, 0}, -7, true}, {{1, 0, 0}, 0.25, false}};
    g_autoptr(HpMesh) kept = hp_surface_trim(mesh, cuts, 2, NULL, NULL, NULL);
    g_assert_cmpfloat_with_epsilon(hp_mesh_volume_mm3(kept), 0.75, 1e-6);
}

static void an_open_mesh_is_refused(void)
{
    g_autoptr(HpMask) mask = picture("##\n");
    g_autoptr(HpMesh) mesh = net(mask);
    g_autoptr(GError) error = NULL;
    HpMesh *kept, *removed;
    for (size_t at = 0; at < 3; at++) // a triangle of the side is turned into a line
        mesh->index[at] = mesh->index[0];
    g_assert_false(
        hp_mesh_cut(mesh, &(HpCut){{0, sqrt(0.5), sqrt(0.5)}, 0, false}, &kept, &removed, &error));
    g_assert_error(error, HP_ERROR, HP_ERROR_NO_RESULT);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/trim/a_cube_is_cut_in_half", a_cube_is_cut_in_half);
    g_test_add_func("/trim/a_plane_on_vertices_is_no_special_case",
                    a_plane_on_vertices_is_no_special_case);
    g_test_add_func("/trim/a_face_on_the_plane_is_whole", a_face_on_the_plane_is_whole);
    g_test_add_func("/trim/a_torus_gets_two_caps_or_a_ring", a_torus_gets_two_caps_or_a_ring);
    g_test_add_func("/trim/random_nets_are_cut_anywhere", random_nets_are_cut_anywhere);
    g_test_add_func("/trim/planes_follow_each_other", planes_follow_each_other);
    g_test_add_func("/trim/what_is_kept_is_measured_without_a_cut",
                    what_is_kept_is_measured_without_a_cut);
    g_test_add_func("/trim/a_plane_that_is_off_cuts_nothing", a_plane_that_is_off_cuts_nothing);
    g_test_add_func("/trim/an_open_mesh_is_refused", an_open_mesh_is_refused);
    g_test_add_func("/cap/loops_nest", loops_nest);
    g_test_add_func("/cap/a_comb_with_many_holes_is_filled", a_comb_with_many_holes_is_filled);
    g_test_add_func("/parts/parts_come_with_their_cavities", parts_come_with_their_cavities);
    g_test_add_func("/parts/specks_go", specks_go);
    return g_test_run();
}
