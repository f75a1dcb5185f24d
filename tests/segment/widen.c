// SPDX-License-Identifier: Apache-2.0
// A small seed speaks for the section it lies in, and for no more.
#include "segment/widen.h"

#include <math.h>
#include <string.h>

#define NI 60
#define NJ 50

typedef struct {
    HpField *smooth;
    uint8_t *body;
} Scene;

static void scene_clear(Scene *scene)
{
    hp_field_unref(scene->smooth);
    g_free(scene->body);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Scene, scene_clear)

static double disc(const double mm[3], double x, double y, double radius)
{
    return radius - hypot(mm[0] - x, mm[1] - y);
}

// A disc of 60 mm radius at 100 HU in fat; beside it another of 30 mm, joined by a bridge 6 mm wide.
static Scene scene_new(void)
{
    HpGrid grid = hp_grid_new(NI, NJ, 3, 3, 3, 3);
    grid.origin_mm[0] = -70;
    grid.origin_mm[1] = -75;
    Scene scene = {hp_field_new(&grid, NULL), g_malloc(hp_grid_count(&grid))};
    memset(scene.body, 1, hp_grid_count(&grid));
    for (int k = 0; k < 3; k++)
        for (int j = 0; j < NJ; j++)
            for (int i = 0; i < NI; i++) {
                double mm[3];
                hp_grid_to_mm(&grid, (const double[3]){i, j, k}, mm);
                const bool is_bridge = mm[0] > 0 && mm[0] < 80 && fabs(mm[1]) < 3;
                const bool is_organ =
                    disc(mm, 0, 0, 60) > 0 || disc(mm, 95, 0, 30) > 0 || is_bridge;
                const size_t at = hp_grid_offset(&grid, i, j, k);
                scene.smooth->value[at] = is_organ ? 100 + (float)((i + j) % 5) : -90;
            }
    return scene;
}

static HpContour *circle(double radius)
{
    HpContour *seed = hp_contour_new(HP_PLANE_AXIAL, 1, 24);
    for (int at = 0; at < 24; at++) {
        seed->mm[at][0] = radius * cos(at * G_PI / 12);
        seed->mm[at][1] = radius * sin(at * G_PI / 12);
        seed->mm[at][2] = 3;
    }
    return seed;
}

static void a_small_seed_takes_its_section_without_what_hangs_on_it(void)
{
    g_auto(Scene) scene = scene_new();
    g_autoptr(HpContour) seed = circle(8);
    g_autoptr(HpContour) wide = hp_seed_widen(seed, scene.smooth, scene.body, NULL, NULL);
    // Ten millimetres inside a disc of 60; a pixel's width of tolerance on the radius.
    const double radius = sqrt(hp_contour_area_mm2(wide) / G_PI);
    g_assert_cmpfloat_with_epsilon(radius, 50, 3);
    g_assert_cmpint(wide->slice, ==, 1);
    for (int at = 0; at < wide->count; at++) {
        g_assert_cmpfloat(hypot(wide->mm[at][0], wide->mm[at][1]), <, 60);
        g_assert_cmpfloat_with_epsilon(wide->mm[at][2], 3, 1e-6);
    }
}

static void a_seed_of_most_of_a_section_stays_as_drawn(void)
{
    g_auto(Scene) scene = scene_new();
    g_autoptr(HpContour) seed = circle(48);
    g_autoptr(HpContour) wide = hp_seed_widen(seed, scene.smooth, scene.body, NULL, NULL);
    g_assert_cmpint(wide->count, ==, seed->count);
    g_assert_cmpmem(wide->mm, wide->count * sizeof *wide->mm, seed->mm,
                    seed->count * sizeof *seed->mm);
}

static void a_seed_between_voxels_stays_as_drawn(void)
{
    g_auto(Scene) scene = scene_new();
    g_autoptr(HpContour) seed = circle(0.5);
    for (int at = 0; at < seed->count; at++)
        seed->mm[at][0] += 0.5; // half way between the middles of two voxels
    g_autoptr(HpContour) wide = hp_seed_widen(seed, scene.smooth, scene.body, NULL, NULL);
    g_assert_nonnull(wide);
    g_assert_cmpmem(wide->mm, wide->count * sizeof *wide->mm, seed->mm,
                    seed->count * sizeof *seed->mm);
}

static void what_is_not_body_is_not_taken(void)
{
    g_auto(Scene) scene = scene_new();
    const HpGrid *grid = &scene.smooth->grid;
    for (int k = 0; k < 3; k++)
        for (int j = 0; j < NJ; j++)
            for (int i = 0; i < NI; i++)
                if (i > 23) // right of the seed's middle
                    scene.body[hp_grid_offset(grid, i, j, k)] = 0;
    g_autoptr(HpContour) seed = circle(8);
    g_autoptr(HpContour) wide = hp_seed_widen(seed, scene.smooth, scene.body, NULL, NULL);
    for (int at = 0; at < wide->count; at++)
        g_assert_cmpfloat(wide->mm[at][0], <, 10);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/widen/a_small_seed_takes_its_section_without_what_hangs_on_it",
                    a_small_seed_takes_its_section_without_what_hangs_on_it);
    g_test_add_func("/widen/a_seed_of_most_of_a_section_stays_as_drawn",
                    a_seed_of_most_of_a_section_stays_as_drawn);
    g_test_add_func("/widen/a_seed_between_voxels_stays_as_drawn",
                    a_seed_between_voxels_stays_as_drawn);
    g_test_add_func("/widen/what_is_not_body_is_not_taken", what_is_not_body_is_not_taken);
    return g_test_run();
}
