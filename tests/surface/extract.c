// SPDX-License-Identifier: Apache-2.0
// The net of a mask is closed, manifold and encloses the voxels, for any mask on any grid.
#include "surface/extract.h"

#include "core/error.h"
#include "core/parallel.h"
#include "support/picture.h"
#include "surface/cell.h"
#include "surface/measure.h"
#include "surface/shapes.h"

static HpMesh *extract(const HpMask *mask)
{
    GError *error = NULL;
    HpMesh *mesh = hp_surface_extract(mask, 0, NULL, NULL, &error);
    g_assert_no_error(error);
    return mesh;
}

// Closed, manifold, and of the volume of its voxels.
static void assert_sound(const HpMask *mask)
{
    g_autoptr(HpMesh) mesh = extract(mask);
    g_assert_true(hp_mesh_is_watertight(mesh));
    g_assert_true(is_manifold(mesh));
    const double mm3 = 1000 * hp_mask_volume_ml(mask, 0);
    g_assert_cmpfloat_with_epsilon(hp_mesh_volume_mm3(mesh), mm3, 1e-5 * mm3);
}

static void one_voxel_is_a_cube(void)
{
    g_autoptr(HpMask) mask = picture_spaced("#\n", 1, 1.2, 1.4);
    g_autoptr(HpMesh) mesh = extract(mask);
    g_assert_cmpuint(mesh->vertices, ==, 8);
    g_assert_cmpuint(mesh->triangles, ==, 12);
    g_assert_cmpint(hp_mesh_euler(mesh), ==, 2);
    g_assert_cmpfloat_with_epsilon(hp_mesh_volume_mm3(mesh), 1.68, 1e-6);
    g_assert_cmpfloat_with_epsilon(hp_mesh_area_mm2(mesh), 2 * (1.2 + 1.4 + 1.68), 1e-6);
    assert_sound(mask);
}

static void a_loop_passes_at_most_one_face_twice(void)
{
    const HpCell *table = hp_cell_table();
    int risky = 0;
    for (int code = 0; code < 256; code++) {
        g_assert_cmpint(table[code].loops > 0, ==, code != 0 && code != 255);
        if (table[code].twice < 0)
            continue;
        g_assert_cmpint(table[256 + code].twice, ==, -1);
        risky++;
    }
    g_assert_cmpint(risky, ==, 36); // two or three outside corners, two of them across a face
}

// All ways two cells can share a face, along each axis: the one place where four triangles could
// meet at an edge.
static void every_pair_of_cells_is_manifold(void)
{
    for (int axis = 0; axis < 3; axis++)
        for (int code = 1; code < 4096; code++) {
            int size[3] = {2, 2, 2};
            size[axis] = 3;
            const HpGrid grid = hp_grid_new(size[0], size[1], size[2], 1, 1, 1);
            uint8_t label[12];
            for (int at = 0; at < 12; at++)
                label[at] = code >> at & 1;
            g_autoptr(HpMask) mask = hp_mask_new_from_labels(&grid, label, NULL);
            assert_sound(mask);
        }
}

static void noise_and_checkerboards_are_manifold(void)
{
    for (guint32 seed = 1; seed <= 6; seed++) {
        g_autoptr(HpMask) mask = random_mask(17, 9, 13, seed / 7.0, seed);
        assert_sound(mask);
    }
    const HpGrid grid = hp_grid_new(5, 6, 7, 1, 1, 1);
    g_autoptr(HpMask) board = hp_mask_new(&grid, NULL);
    for (int k = 0; k < 7; k++)
        for (int j = 0; j < 6; j++)
            for (int i = 0; i < 5; i++)
                hp_mask_set(board, i, j, k, (i + j + k) % 2);
    assert_sound(board);
    g_autoptr(HpMesh) mesh = extract(board);
    g_assert_cmpint(hp_mesh_euler(mesh), ==, 2 * 105); // one cube per voxel, none joined
}

static void parts_that_touch_at_an_edge_stay_two(void)
{
    g_autoptr(HpMask) mask = picture("##..\n"
                                     "##..\n"
                                     "..##\n"
                                     "..##\n");
    g_autoptr(HpMesh) mesh = extract(mask);
    g_assert_cmpint(hp_mesh_euler(mesh), ==, 4);
    assert_sound(mask);
}

static void a_ring_has_one_handle(void)
{
    g_autoptr(HpMask) mask = picture("###\n"
                                     "#.#\n"
                                     "###\n");
    g_autoptr(HpMesh) mesh = extract(mask);
    g_assert_cmpint(hp_mesh_euler(mesh), ==, 0);
    g_autoptr(HpMask) torus = shape_mask(&(Shape){TORUS, {20, 8}}, 1, 1.1, 1.3, 0.4);
    g_autoptr(HpMesh) around = extract(torus);
    g_assert_cmpint(hp_mesh_euler(around), ==, 0);
    assert_sound(torus);
}

static void a_cavity_is_a_second_surface(void)
{
    g_autoptr(HpMask) mask = picture("###\n"
                                     "###\n"
                                     "###\n"
                                     "\n"
                                     "###\n"
                                     "#.#\n"
                                     "###\n"
                                     "\n"
                                     "###\n"
                                     "###\n"
                                     "###\n");
    g_autoptr(HpMesh) mesh = extract(mask);
    g_assert_cmpint(hp_mesh_euler(mesh), ==, 4);
    g_assert_cmpfloat_with_epsilon(hp_mesh_volume_mm3(mesh), 26, 1e-5); // the grid is full: it is
    assert_sound(mask);                                                 // closed at its border
}

static void other_labels_are_outside(void)
{
    g_autoptr(HpMask) mask = picture("1122\n"
                                     "1122\n");
    g_autoptr(HpMesh) both = hp_surface_extract(mask, 0, NULL, NULL, NULL);
    g_autoptr(HpMesh) second = hp_surface_extract(mask, 2, NULL, NULL, NULL);
    g_assert_cmpfloat_with_epsilon(hp_mesh_volume_mm3(both), 8, 1e-5);
    g_assert_cmpfloat_with_epsilon(hp_mesh_volume_mm3(second), 4, 1e-5);
    g_assert_cmpfloat_with_epsilon(second->mm[0], 1.5, 1e-6);
}

static void an_empty_mask_has_no_surface(void)
{
    g_autoptr(HpMask) mask = picture("...\n");
    g_autoptr(GError) error = NULL;
    g_assert_null(hp_surface_extract(mask, 0, NULL, NULL, &error));
    g_assert_error(error, HP_ERROR, HP_ERROR_NO_RESULT);
    g_clear_error(&error);
    g_assert_null(hp_surface_extract(mask, 7, NULL, NULL, &error));
    g_assert_error(error, HP_ERROR, HP_ERROR_NO_RESULT);
    g_assert_cmpstr(error->message, ==, "no voxel carries label 7");
}

static void a_left_handed_grid_is_not_inside_out(void)
{
    HpGrid grid = hp_grid_new(3, 2, 2, 1, 2, 1.2);
    grid.directions[8] = -1;
    grid.origin_mm[0] = -300;
    g_autoptr(HpMask) mask = hp_mask_new(&grid, NULL);
    hp_mask_set(mask, 1, 1, 0, 1);
    hp_mask_set(mask, 1, 1, 1, 1);
    assert_sound(mask);
}

static void one_and_eight_threads_agree_to_the_bit(void)
{
    g_autoptr(HpMask) mask = random_mask(40, 30, 50, 0.4, 3);
    hp_parallel_set_threads(1);
    g_autoptr(HpMesh) one = extract(mask);
    hp_parallel_set_threads(8);
    g_autoptr(HpMesh) eight = extract(mask);
    assert_same_mesh(one, eight);
}

static void cancel_gives_no_mesh(void)
{
    g_autoptr(HpMask) mask = random_mask(40, 30, 50, 0.4, 3);
    g_autoptr(GError) error = NULL;
    HpTask task;
    hp_task_init(&task);
    hp_task_cancel(&task);
    g_assert_null(hp_surface_extract(mask, 1, NULL, &task, &error));
    g_assert_error(error, HP_ERROR, HP_ERROR_CANCELLED);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/extract/one_voxel_is_a_cube", one_voxel_is_a_cube);
    g_test_add_func("/extract/a_loop_passes_at_most_one_face_twice",
                    a_loop_passes_at_most_one_face_twice);
    g_test_add_func("/extract/every_pair_of_cells_is_manifold", every_pair_of_cells_is_manifold);
    g_test_add_func("/extract/noise_and_checkerboards_are_manifold",
                    noise_and_checkerboards_are_manifold);
    g_test_add_func("/extract/parts_that_touch_at_an_edge_stay_two",
                    parts_that_touch_at_an_edge_stay_two);
    g_test_add_func("/extract/a_ring_has_one_handle", a_ring_has_one_handle);
    g_test_add_func("/extract/a_cavity_is_a_second_surface", a_cavity_is_a_second_surface);
    g_test_add_func("/extract/other_labels_are_outside", other_labels_are_outside);
    g_test_add_func("/extract/an_empty_mask_has_no_surface", an_empty_mask_has_no_surface);
    g_test_add_func("/extract/a_left_handed_grid_is_not_inside_out",
                    a_left_handed_grid_is_not_inside_out);
    g_test_add_func("/extract/one_and_eight_threads_agree_to_the_bit",
                    one_and_eight_threads_agree_to_the_bit);
    g_test_add_func("/extract/cancel_gives_no_mesh", cancel_gives_no_mesh);
    return g_test_run();
}
