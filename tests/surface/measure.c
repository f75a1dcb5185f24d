// SPDX-License-Identifier: Apache-2.0
// Volume, area, closedness and distance of meshes small enough to know by hand.
#include "surface/measure.h"

#include "support/picture.h"
#include "surface/extract.h"

#include <math.h>

// The cube [0, 2]^3, far from the origin where sums of float products would fail.
static HpMesh *cube(void)
{
    static const uint32_t index[36] = {0, 2, 1, 1, 2, 3, 4, 5, 6, 5, 7, 6, 0, 1, 4, 1, 5, 4,
                                       2, 6, 3, 3, 6, 7, 0, 4, 2, 2, 4, 6, 1, 3, 5, 3, 7, 5};
    HpMesh *mesh = hp_mesh_new(8, 12, NULL);
    for (int v = 0; v < 8; v++)
        for (int axis = 0; axis < 3; axis++)
            mesh->mm[3 * v + axis] = 4000.0f + 2 * (v >> axis & 1);
    for (int at = 0; at < 36; at++)
        mesh->index[at] = index[at];
    return mesh;
}

static void a_cube_has_its_numbers(void)
{
    g_autoptr(HpMesh) mesh = cube();
    g_assert_cmpfloat_with_epsilon(hp_mesh_volume_mm3(mesh), 8, 1e-9);
    g_assert_cmpfloat_with_epsilon(hp_mesh_area_mm2(mesh), 24, 1e-9);
    g_assert_cmpint(hp_mesh_euler(mesh), ==, 2);
    g_assert_true(hp_mesh_is_watertight(mesh));
}

static void a_missing_or_turned_triangle_shows(void)
{
    g_autoptr(HpMesh) open = cube(), turned = cube();
    open->triangles--;
    g_assert_false(hp_mesh_is_watertight(open));
    turned->index[0] = 2;
    turned->index[1] = 0;
    g_assert_false(hp_mesh_is_watertight(turned));
}

static void nothing_measures_nothing(void)
{
    g_autoptr(HpMesh) mesh = hp_mesh_new(0, 0, NULL);
    g_assert_cmpfloat(hp_mesh_volume_mm3(mesh), ==, 0);
    g_assert_cmpfloat(hp_mesh_area_mm2(mesh), ==, 0);
    g_assert_cmpint(hp_mesh_euler(mesh), ==, 0);
}

static void a_mask_counts_its_label(void)
{
    g_autoptr(HpMask) mask = picture_spaced("112.\n", 2, 5, 10);
    g_assert_cmpfloat_with_epsilon(hp_mask_volume_ml(mask, 1), 0.2, 1e-12);
    g_assert_cmpfloat_with_epsilon(hp_mask_volume_ml(mask, 0), 0.3, 1e-12);
    g_assert_cmpfloat(hp_mask_volume_ml(mask, 3), ==, 0);
}

static void distance_is_in_voxels(void)
{
    g_autoptr(HpMask) mask = picture_spaced("....\n"
                                            ".##.\n"
                                            "....\n",
                                            2, 1, 1);
    g_autoptr(HpMesh) mesh = hp_surface_extract(mask, 1, NULL, NULL, NULL);
    HpMeshDistance away = hp_mesh_distance(mesh, mask, 1, NULL);
    g_assert_cmpfloat_with_epsilon(away.max_voxels, 0, 1e-6);
    for (size_t v = 0; v < mesh->vertices; v++) // 1 voxel along i, past the end of the mask
        mesh->mm[3 * v] += 2;
    away = hp_mesh_distance(mesh, mask, 1, NULL);
    g_assert_cmpfloat_with_epsilon(away.max_voxels, 1, 1e-5);
    g_assert_cmpfloat(away.mean_voxels, >, 0);
    g_assert_cmpfloat(away.mean_voxels, <, 0.5);
    g_assert_cmpfloat(hp_mesh_distance(mesh, mask, 9, NULL).max_voxels, ==, HP_MESH_DISTANCE_MAX);
}

static void a_difference_over_half_a_percent_is_said(void)
{
    const HpReconciliation near = {1000, 1001, 1003}, far = {1000, 1001, 994};
    const HpReconciliation unwritten = {1000, 1007, NAN}, empty = {0, 0, NAN};
    g_assert_cmpfloat_with_epsilon(hp_reconciliation_percent(&near), 0.3, 1e-9);
    g_assert_null(hp_reconciliation_dup_warning(&near));
    g_autofree char *words = hp_reconciliation_dup_warning(&far);
    g_assert_cmpstr(words, ==,
                    "volumes differ by 0.70 %: mask 1000.00 ml, mesh 1001.00 ml, file 994.00 ml");
    g_autofree char *two = hp_reconciliation_dup_warning(&unwritten);
    g_assert_cmpstr(two, ==, "volumes differ by 0.70 %: mask 1000.00 ml, mesh 1007.00 ml");
    g_assert_null(hp_reconciliation_dup_warning(&empty));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/measure/a_cube_has_its_numbers", a_cube_has_its_numbers);
    g_test_add_func("/measure/a_missing_or_turned_triangle_shows",
                    a_missing_or_turned_triangle_shows);
    g_test_add_func("/measure/nothing_measures_nothing", nothing_measures_nothing);
    g_test_add_func("/measure/a_mask_counts_its_label", a_mask_counts_its_label);
    g_test_add_func("/measure/distance_is_in_voxels", distance_is_in_voxels);
    g_test_add_func("/measure/a_difference_over_half_a_percent_is_said",
                    a_difference_over_half_a_percent_is_said);
    return g_test_run();
}
