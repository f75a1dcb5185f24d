// SPDX-License-Identifier: Apache-2.0
// A smoothed surface keeps the volume of its mask, has the area of the solid, and loses no tip.
#include "surface/smooth.h"

#include "core/error.h"
#include "core/parallel.h"
#include "core/parameter.h"
#include "support/picture.h"
#include "surface/extract.h"
#include "surface/measure.h"
#include "surface/shapes.h"

#include <math.h>

static HpMesh *smooth(const HpMask *mask, double amount, HpLock *lock)
{
    HpGrid voxels;
    GError *error = NULL;
    HpMesh *mesh = hp_surface_extract(mask, 1, &voxels, NULL, &error);
    g_assert_no_error(error);
    hp_surface_smooth(mesh, &voxels, amount, 1000 * hp_mask_volume_ml(mask, 1), lock, NULL, &error);
    g_assert_no_error(error);
    return mesh;
}

static double percent(double got, double wanted)
{
    return 100 * (got / wanted - 1);
}

// One analytic solid at liver size: the checks of the numbers, at the default smoothness.
static void check_solid(const char *name, const Shape *shape, const double spacing[3], double turn)
{
    const bool is_thick = spacing[2] > 1.5;
    const double volume_limit = is_thick ? 0.1 : 0.05, area_limit = is_thick ? 2 : 0.5;
    HpLock lock;
    g_autoptr(HpMask) mask = shape_mask(shape, spacing[0], spacing[1], spacing[2], turn);
    g_autoptr(HpMesh) mesh =
        smooth(mask, hp_params_default().value[HP_PARAM_SURFACE_SMOOTH], &lock);
    const double mask_mm3 = 1000 * hp_mask_volume_ml(mask, 1), mm3 = hp_mesh_volume_mm3(mesh);
    const double of_mask = percent(mask_mm3, shape_volume_mm3(shape));
    const double of_mesh = percent(mm3, shape_volume_mm3(shape));
    const double of_area = percent(hp_mesh_area_mm2(mesh), shape_area_mm2(shape));
    const HpMeshDistance away = hp_mesh_distance(mesh, mask, 1, NULL);
    g_test_message(
        "%s %gx%gx%g mm turned %g: mask %+.4f %%, mesh %+.4f %%, unlocked %+.4f %%, lock "
        "%.3f voxel, area %+.3f %%, to the mask mean %.3f max %.3f voxel",
        name, spacing[0], spacing[1], spacing[2], turn, of_mask, of_mesh,
        percent(lock.unlocked_mm3, mask_mm3), lock.shift_voxels, of_area, away.mean_voxels,
        away.max_voxels);
    g_assert_cmpfloat(fabs(of_mask), <, volume_limit);
    g_assert_cmpfloat(fabs(of_mesh), <, volume_limit);
    g_assert_cmpfloat(fabs(percent(mm3, mask_mm3)), <, 0.001); // promised: 0.02
    g_assert_cmpfloat(fabs(of_area), <, area_limit);
    g_assert_cmpfloat(lock.shift_voxels, <=, 0.3);
    g_assert_cmpfloat(away.mean_voxels, <=, 0.25);
    g_assert_cmpfloat(away.max_voxels, <=, 1);
    g_assert_true(hp_mesh_is_watertight(mesh));
    g_assert_cmpint(hp_mesh_euler(mesh), ==, shape->kind == TORUS ? 0 : 2);
}

static const Shape ball = {ELLIPSOID, {70, 70, 70}}; // 1437 ml
static const Shape egg = {ELLIPSOID, {95, 75, 50}};  // 1492 ml
static const Shape ring = {TORUS, {60, 25}};         // 740 ml
static const Shape wide = {TORUS, {65, 35}};         // 1572 ml

static void solids_on_cubes(void)
{
    check_solid("ball", &ball, (double[3]){1, 1, 1}, 0);
    check_solid("egg", &egg, (double[3]){1.5, 1.5, 1.5}, 0.5);
    check_solid("ring", &ring, (double[3]){1, 1, 1}, 0.5);
}

static void solids_on_bricks(void)
{
    check_solid("ball", &ball, (double[3]){0.9, 0.9, 1.25}, 0.5);
    check_solid("egg", &egg, (double[3]){0.9, 0.9, 1.25}, 0);
    check_solid("ring", &ring, (double[3]){0.9, 0.9, 1.25}, 0.3);
}

static void solids_in_thick_slices(void)
{
    const double thick[3] = {0.75, 0.75, 5};
    check_solid("ball", &ball, thick, 0);
    check_solid("egg", &egg, thick, 0.5);
    check_solid("ring", &wide, thick, 0.9);
}

static void no_smoothing_leaves_the_voxels(void)
{
    g_autoptr(HpMask) mask = picture("##.\n"
                                     "#..\n");
    g_autoptr(HpMesh) plain = hp_surface_extract(mask, 1, NULL, NULL, NULL);
    g_autoptr(HpMesh) mesh = smooth(mask, 0, NULL);
    assert_same_mesh(plain, mesh);
}

// The filter alone would draw a voxel to a point; the lock makes the small parts stiff.
static void small_parts_keep_their_volumes(void)
{
    g_autoptr(HpMask) mask = picture_spaced("#...###..##########\n"
                                            "....###............\n",
                                            0.8, 0.8, 1.1);
    HpLock lock;
    g_autoptr(HpMesh) mesh = smooth(mask, 1, &lock);
    g_assert_cmpint(hp_mesh_euler(mesh), ==, 6);
    g_assert_cmpfloat_with_epsilon(hp_mesh_volume_mm3(mesh), 17 * 0.8 * 0.8 * 1.1, 1e-4);
    g_assert_cmpfloat(lock.shift_voxels, <=, 0.3);
    double sum = 0; // of the first voxel alone: its triangles come before x = 1
    for (size_t t = 0; t < mesh->triangles; t++) {
        const float *a = mesh->mm + 3 * (size_t)mesh->index[3 * t];
        const float *b = mesh->mm + 3 * (size_t)mesh->index[3 * t + 1];
        const float *c = mesh->mm + 3 * (size_t)mesh->index[3 * t + 2];
        if (a[0] < 1)
            sum += (a[0] * (b[1] * c[2] - b[2] * c[1]) + a[1] * (b[2] * c[0] - b[0] * c[2]) +
                    a[2] * (b[0] * c[1] - b[1] * c[0])) /
                   6;
    }
    g_assert_cmpfloat_with_epsilon(sum, 0.8 * 0.8 * 1.1, 1e-4);
}

// A needle one voxel thick keeps its length: its end stays in the cells it began in.
static void a_thin_tip_is_not_lost(void)
{
    const HpGrid grid = hp_grid_new(60, 30, 30, 1, 1, 1);
    g_autoptr(HpMask) mask = hp_mask_new(&grid, NULL);
    for (int k = 5; k < 25; k++)
        for (int j = 5; j < 25; j++)
            for (int i = 2; i < 22; i++)
                hp_mask_set(mask, i, j, k, 1);
    for (int i = 22; i < 55; i++)
        hp_mask_set(mask, i, 15, 15, 1);
    g_autoptr(HpMesh) mesh = smooth(mask, 0.5, NULL);
    float tip = 0;
    for (size_t v = 0; v < mesh->vertices; v++)
        tip = MAX(tip, mesh->mm[3 * v]);
    g_assert_cmpfloat(tip, >, 53.9); // the last voxel spans 53.5 to 54.5
    g_assert_true(is_manifold(mesh));
}

static void cavities_keep_their_volumes(void)
{
    const HpGrid grid = hp_grid_new(24, 24, 24, 1, 1, 1);
    g_autoptr(HpMask) mask = hp_mask_new(&grid, NULL);
    for (int k = 0; k < 24; k++)
        for (int j = 0; j < 24; j++)
            for (int i = 0; i < 24; i++) {
                const double r = hypot(hypot(i - 11.5, j - 11.5), k - 11.5);
                hp_mask_set(mask, i, j, k, r < 11 && r > 5);
            }
    g_autoptr(HpMesh) mesh = smooth(mask, 0.5, NULL);
    const double mm3 = 1000 * hp_mask_volume_ml(mask, 1);
    g_assert_cmpfloat_with_epsilon(hp_mesh_volume_mm3(mesh), mm3, 1e-5 * mm3);
    g_assert_cmpint(hp_mesh_euler(mesh), ==, 4);
}

static void one_and_eight_threads_agree_to_the_bit(void)
{
    g_autoptr(HpMask) mask = shape_mask(&(Shape){TORUS, {20, 9}}, 0.8, 0.8, 1.1, 0.2);
    hp_parallel_set_threads(1);
    g_autoptr(HpMesh) one = smooth(mask, 0.5, NULL);
    hp_parallel_set_threads(8);
    g_autoptr(HpMesh) eight = smooth(mask, 0.5, NULL);
    assert_same_mesh(one, eight);
}

static void cancel_is_heard(void)
{
    g_autoptr(HpMask) mask = shape_mask(&(Shape){TORUS, {20, 9}}, 0.8, 0.8, 1.1, 0.2);
    HpGrid voxels;
    g_autoptr(HpMesh) mesh = hp_surface_extract(mask, 1, &voxels, NULL, NULL);
    g_autoptr(GError) error = NULL;
    HpTask task;
    hp_task_init(&task);
    hp_task_cancel(&task);
    g_assert_false(hp_surface_smooth(mesh, &voxels, 0.5, 1, NULL, &task, &error));
    g_assert_error(error, HP_ERROR, HP_ERROR_CANCELLED);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/smooth/solids_on_cubes", solids_on_cubes);
    g_test_add_func("/smooth/solids_on_bricks", solids_on_bricks);
    g_test_add_func("/smooth/solids_in_thick_slices", solids_in_thick_slices);
    g_test_add_func("/smooth/no_smoothing_leaves_the_voxels", no_smoothing_leaves_the_voxels);
    g_test_add_func("/smooth/small_parts_keep_their_volumes", small_parts_keep_their_volumes);
    g_test_add_func("/smooth/a_thin_tip_is_not_lost", a_thin_tip_is_not_lost);
    g_test_add_func("/smooth/cavities_keep_their_volumes", cavities_keep_their_volumes);
    g_test_add_func("/smooth/one_and_eight_threads_agree_to_the_bit",
                    one_and_eight_threads_agree_to_the_bit);
    g_test_add_func("/smooth/cancel_is_heard", cancel_is_heard);
    return g_test_run();
}
