// SPDX-License-Identifier: Apache-2.0
// Thick slices become thin ones that slope between the outlines and hold the same volume.
#include "surface/terrace.h"

#include "core/mask.h"
#include "core/parallel.h"
#include "support/picture.h"
#include "surface/extract.h"
#include "surface/measure.h"
#include "surface/shapes.h"

#include <math.h>
#include <string.h>

// The whole mask, whose first and last slice along `axis` are empty, in thin slices.
static HpMask *thin(const HpMask *mask, int axis, int factor)
{
    HpGrid fine;
    const HpGrid *grid = hp_mask_get_grid(mask);
    g_autofree uint8_t *labels = hp_mask_dup_labels(mask, NULL);
    g_autofree uint8_t *out = hp_terrace_cut(labels, grid, axis, factor, &fine, NULL, NULL);
    g_assert_nonnull(out);
    return hp_mask_new_from_labels(&fine, out, NULL);
}

static void a_stair_becomes_a_slope(void)
{
    // Each slice ends eight pixels before the one below; the stair is wide, to have no ends.
    const HpGrid grid = hp_grid_new(40, 101, 5, 1, 1, 4);
    g_autoptr(HpMask) mask = hp_mask_new(&grid, NULL);
    for (int k = 1; k < 4; k++)
        for (int j = 0; j < 101; j++)
            for (int i = 0; i < 40 - 8 * k; i++)
                hp_mask_set(mask, i, j, k, 1);
    g_autoptr(HpMask) slope = thin(mask, 2, 4);
    g_assert_cmpint(hp_mask_get_grid(slope)->size[2], ==, 20);
    for (int part = 0; part < 8; part++) { // from the middle of slice 1 to that of slice 3
        int length = 0;
        while (hp_mask_get(slope, length, 50, 6 + part))
            length++;
        g_assert_cmpint(length, ==,
                        31 - 2 * part); // at the middle of each part: 32 - 2 (part + 1/2)
    }
}

// A terrace a pixel or two wide has nothing to slope: it ends half way, where the voxels end.
static void walls_stay(void)
{
    g_autoptr(HpMask) mask = picture_spaced("....\n....\n\n.##.\n.#..\n\n....\n....\n", 1, 1, 2);
    g_autoptr(HpMask) two = thin(mask, 2, 2);
    assert_picture(two, "....\n....\n\n....\n....\n\n.##.\n.#..\n\n.##.\n.#..\n\n....\n....\n\n"
                        "....\n....\n");
    g_autoptr(HpMask) three = thin(mask, 2, 3);
    const double ml = hp_mask_volume_ml(mask, 1);
    g_assert_cmpfloat_with_epsilon(hp_mask_volume_ml(three, 1), ml, 1e-9);
    g_assert_cmpfloat_with_epsilon(hp_mask_get_grid(three)->origin_mm[2], -2.0 / 3, 1e-9);
}

static void a_disc_ends_in_a_paraboloid(void)
{
    const HpGrid grid = hp_grid_new(64, 64, 3, 1, 1, 16);
    g_autoptr(HpMask) mask = hp_mask_new(&grid, NULL);
    for (int j = 0; j < 64; j++)
        for (int i = 0; i < 64; i++)
            hp_mask_set(mask, i, j, 1, hypot(i - 31.5, j - 31.5) < 30);
    g_autoptr(HpMask) dome = thin(mask, 2, 16);
    for (int part = 0; part < 15; part++) {
        int count = 0;
        for (int j = 0; j < 64; j++)
            for (int i = 0; i < 64; i++)
                count += hp_mask_get(dome, i, j, 24 + part);
        const double expected =
            G_PI * 900 * (1 - (part + 0.5) / 16); // where 1 - r^2 / R^2 is more than that part
        g_assert_cmpfloat_with_epsilon(count, expected, 0.03 * G_PI * 900);
    }
    const double ml = hp_mask_volume_ml(mask, 1);
    g_assert_cmpfloat_with_epsilon(hp_mask_volume_ml(dome, 1), ml, 0.01 * ml);
}

static void any_axis_may_be_the_thick_one(void)
{
    g_autoptr(HpMask) mask = random_mask(14, 10, 6, 0.6, 9);
    HpMesh *reference = NULL;
    for (int thick = 0; thick < 3; thick++) {
        const int from[3] = {14, 10, 6};
        HpGrid grid = hp_grid_new(1, 1, 1, 1, 1, 1);
        grid.spacing_mm[thick] = 3;
        // Place old axis a at new axis p[a]; the last one becomes the thick one.
        const int p[3] = {thick == 0 ? 1 : 0, thick == 2 ? 1 : 2, thick};
        for (int axis = 0; axis < 3; axis++)
            grid.size[p[axis]] = from[axis];
        g_autoptr(HpMask) turned = hp_mask_new(&grid, NULL);
        for (int k = 0; k < 6; k++)
            for (int j = 0; j < 10; j++)
                for (int i = 0; i < 14; i++) {
                    int at[3];
                    at[p[0]] = i;
                    at[p[1]] = j;
                    at[p[2]] = k;
                    hp_mask_set(turned, at[0], at[1], at[2], hp_mask_get(mask, i, j, k));
                }
        HpMesh *mesh = hp_surface_extract(turned, 1, NULL, NULL, NULL);
        g_assert_true(hp_mesh_is_watertight(mesh));
        if (reference == NULL)
            reference = mesh;
        else {
            g_assert_cmpuint(mesh->triangles, ==, reference->triangles);
            g_assert_cmpfloat_with_epsilon(hp_mesh_volume_mm3(mesh), hp_mesh_volume_mm3(reference),
                                           1e-3);
            hp_mesh_unref(mesh);
        }
    }
    hp_mesh_unref(reference);
}

static void only_thick_slices_are_cut(void)
{
    int axis;
    HpGrid grid = hp_grid_new(9, 9, 9, 0.7, 0.7, 1);
    g_assert_cmpint(hp_terrace_factor(&grid, &axis), ==, 1);
    grid.spacing_mm[2] = 5;
    g_assert_cmpint(hp_terrace_factor(&grid, &axis), ==, 7);
    g_assert_cmpint(axis, ==, 2);
    grid.spacing_mm[0] = 1e4; // whatever a file claims, memory is bounded
    g_assert_cmpint(hp_terrace_factor(&grid, &axis), ==, 16);
    g_assert_cmpint(axis, ==, 0);
}

static void one_and_eight_threads_agree_to_the_bit(void)
{
    g_autoptr(HpMask) mask = random_mask(30, 30, 12, 0.5, 4);
    for (int at = 0; at < 900; at++) {
        hp_mask_set(mask, at % 30, at / 30, 0, 0);
        hp_mask_set(mask, at % 30, at / 30, 11, 0);
    }
    hp_parallel_set_threads(1);
    g_autoptr(HpMask) one = thin(mask, 2, 5);
    hp_parallel_set_threads(8);
    g_autoptr(HpMask) eight = thin(mask, 2, 5);
    g_autofree char *text = picture_of(one);
    assert_picture(eight, text);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/terrace/a_stair_becomes_a_slope", a_stair_becomes_a_slope);
    g_test_add_func("/terrace/walls_stay", walls_stay);
    g_test_add_func("/terrace/a_disc_ends_in_a_paraboloid", a_disc_ends_in_a_paraboloid);
    g_test_add_func("/terrace/any_axis_may_be_the_thick_one", any_axis_may_be_the_thick_one);
    g_test_add_func("/terrace/only_thick_slices_are_cut", only_thick_slices_are_cut);
    g_test_add_func("/terrace/one_and_eight_threads_agree_to_the_bit",
                    one_and_eight_threads_agree_to_the_bit);
    return g_test_run();
}
