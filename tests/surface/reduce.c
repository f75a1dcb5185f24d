// SPDX-License-Identifier: Apache-2.0
// A reduced mesh has few triangles, the old volume, and is still one closed manifold.
#include "surface/reduce.h"

#include "core/error.h"
#include "core/parallel.h"
#include "support/picture.h"
#include "surface/extract.h"
#include "surface/measure.h"
#include "surface/mend.h"
#include "surface/shapes.h"
#include "surface/smooth.h"

#include <math.h>
#include <string.h>

static HpMesh *smooth(const HpMask *mask)
{
    HpGrid voxels;
    HpMesh *mesh = hp_surface_extract(mask, 1, &voxels, NULL, NULL);
    g_assert_true(
        hp_surface_smooth(mesh, &voxels, 0.5, 1000 * hp_mask_volume_ml(mask, 1), NULL, NULL, NULL));
    return mesh;
}

static HpMesh *reduce(const HpMesh *mesh, size_t triangles, HpReduction *reduction)
{
    GError *error = NULL;
    HpMesh *out = hp_surface_reduce(mesh, triangles, reduction, NULL, &error);
    g_assert_no_error(error);
    g_assert_true(hp_mesh_is_watertight(out));
    g_assert_true(is_manifold(out));
    const double mm3 = hp_mesh_volume_mm3(mesh);
    g_assert_cmpfloat_with_epsilon(hp_mesh_volume_mm3(out), mm3, 1e-6 * mm3);
    return out;
}

static void a_liver_size_ball_fits_twenty_thousand(void)
{
    const Shape egg = {ELLIPSOID, {95, 75, 50}};
    g_autoptr(HpMask) mask = shape_mask(&egg, 1, 1, 1.2, 0.3);
    g_autoptr(HpMesh) mesh = smooth(mask);
    HpReduction reduction;
    g_autoptr(HpMesh) out = reduce(mesh, 20000, &reduction);
    g_assert_cmpuint(out->triangles, <=, 20000);
    g_assert_cmpuint(out->triangles, >, 19000);
    g_assert_cmpint(hp_mesh_euler(out), ==, 2);
    g_assert_cmpfloat(reduction.shift_mm, <, 0.1);
    const double area = shape_area_mm2(&egg);
    g_assert_cmpfloat_with_epsilon(hp_mesh_area_mm2(out), area, 0.005 * area);
}

static void a_handle_survives(void)
{
    g_autoptr(HpMask) mask = shape_mask(&(Shape){TORUS, {20, 8}}, 1, 1, 1.2, 0.3);
    g_autoptr(HpMesh) mesh = smooth(mask);
    g_autoptr(HpMesh) out = reduce(mesh, 600, NULL);
    g_assert_cmpuint(out->triangles, <=, 600);
    g_assert_cmpint(hp_mesh_euler(out), ==, 0);
}

static void a_budget_too_small_gives_the_least(void)
{
    g_autoptr(HpMask) mask = shape_mask(&(Shape){ELLIPSOID, {20, 15, 12}}, 1, 1, 1.2, 0.3);
    g_autoptr(HpMesh) mesh = smooth(mask);
    g_autoptr(HpMesh) out = reduce(mesh, 1, NULL);
    g_assert_cmpuint(out->triangles, >=, 4);
    g_assert_cmpuint(out->triangles, <, 200);
}

static void a_small_mesh_stays(void)
{
    g_autoptr(HpMask) mask = picture("##\n");
    g_autoptr(HpMesh) mesh = smooth(mask);
    g_autoptr(HpMesh) out = reduce(mesh, 100, NULL);
    g_assert_true(out == mesh);
}

static void rough_meshes_stay_manifold(void)
{
    for (guint32 seed = 1; seed <= 4; seed++) {
        g_autoptr(HpMask) mask = random_mask(16, 15, 14, 0.3 + 0.1 * seed, seed);
        g_autoptr(HpMesh) mesh = smooth(mask);
        g_autoptr(HpMesh) half = reduce(mesh, mesh->triangles / 2, NULL);
        g_autoptr(HpMesh) tenth = reduce(mesh, mesh->triangles / 10, NULL);
    }
}

// Two tetrahedra that share an edge: four triangles there.
static void a_shared_edge_is_parted(void)
{
    static const float mm[6][3] = {{0, 0, 0}, {0, 0, 1},  {1, 0, 0},
                                   {1, 1, 0}, {-1, 0, 0}, {-1, -1, 0}};
    static const uint32_t index[24] = {1, 0, 2, 0, 1, 3, 2, 0, 3, 3, 1, 2,
                                       1, 0, 4, 0, 1, 5, 4, 0, 5, 5, 1, 4};
    g_autoptr(HpMesh) mesh = hp_mesh_new(6, 8, NULL);
    memcpy(mesh->mm, mm, sizeof mm);
    memcpy(mesh->index, index, sizeof index);
    g_assert_false(hp_mesh_is_watertight(mesh));
    g_assert_false(hp_mesh_is_manifold(mesh));
    g_autoptr(HpMesh) out = hp_mesh_mend(mesh, NULL);
    g_assert_true(hp_mesh_is_manifold(out));
    g_assert_true(is_manifold(out));
    g_assert_cmpint(hp_mesh_euler(out), ==, 4); // two bodies
    g_assert_cmpfloat_with_epsilon(hp_mesh_volume_mm3(out), hp_mesh_volume_mm3(mesh), 0.02);
}

static void flaps_go_and_holes_are_refused(void)
{
    g_autoptr(HpMask) mask = picture("#\n");
    g_autoptr(HpMesh) cube = hp_surface_extract(mask, 1, NULL, NULL, NULL);
    g_autoptr(HpMesh) mesh = hp_mesh_new(cube->vertices + 1, cube->triangles + 2, NULL);
    memcpy(mesh->mm, cube->mm, cube->vertices * 3 * sizeof *mesh->mm);
    memcpy(mesh->index, cube->index, cube->triangles * 3 * sizeof *mesh->index);
    const uint32_t a = cube->index[0], b = cube->index[1], lone = (uint32_t)cube->vertices;
    const uint32_t flap[6] = {a, b, lone, b, a, lone}; // back to back, on an edge of the cube
    memcpy(mesh->index + 36, flap, sizeof flap);
    g_autoptr(HpMesh) out = hp_mesh_mend(mesh, NULL);
    g_assert_cmpuint(out->triangles, ==, 12);
    g_assert_cmpuint(out->vertices, ==, 8);
    g_assert_true(hp_mesh_is_manifold(out));
    mesh->triangles--;
    g_autoptr(GError) error = NULL;
    g_assert_null(hp_mesh_mend(mesh, &error));
    g_assert_error(error, HP_ERROR, HP_ERROR_NO_RESULT);
}

static void one_and_eight_threads_agree_to_the_bit(void)
{
    g_autoptr(HpMask) mask = shape_mask(&(Shape){ELLIPSOID, {60, 50, 40}}, 0.8, 0.8, 0.8, 0.2);
    g_autoptr(HpMesh) mesh = smooth(mask);
    g_assert_cmpuint(mesh->triangles, >, 100000); // enough for several chunks
    hp_parallel_set_threads(1);
    g_autoptr(HpMesh) one = reduce(mesh, 3000, NULL);
    hp_parallel_set_threads(8);
    g_autoptr(HpMesh) eight = reduce(mesh, 3000, NULL);
    assert_same_mesh(one, eight);
}

static void cancel_is_heard(void)
{
    g_autoptr(HpMask) mask = shape_mask(&(Shape){TORUS, {20, 8}}, 1, 1, 1.2, 0.3);
    g_autoptr(HpMesh) mesh = smooth(mask);
    g_autoptr(GError) error = NULL;
    HpTask task;
    hp_task_init(&task);
    hp_task_cancel(&task);
    g_assert_null(hp_surface_reduce(mesh, 100, NULL, &task, &error));
    g_assert_error(error, HP_ERROR, HP_ERROR_CANCELLED);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/reduce/a_liver_size_ball_fits_twenty_thousand",
                    a_liver_size_ball_fits_twenty_thousand);
    g_test_add_func("/reduce/a_handle_survives", a_handle_survives);
    g_test_add_func("/reduce/a_budget_too_small_gives_the_least",
                    a_budget_too_small_gives_the_least);
    g_test_add_func("/reduce/a_small_mesh_stays", a_small_mesh_stays);
    g_test_add_func("/reduce/rough_meshes_stay_manifold", rough_meshes_stay_manifold);
    g_test_add_func("/reduce/one_and_eight_threads_agree_to_the_bit",
                    one_and_eight_threads_agree_to_the_bit);
    g_test_add_func("/reduce/cancel_is_heard", cancel_is_heard);
    g_test_add_func("/mend/a_shared_edge_is_parted", a_shared_edge_is_parted);
    g_test_add_func("/mend/flaps_go_and_holes_are_refused", flaps_go_and_holes_are_refused);
    return g_test_run();
}
