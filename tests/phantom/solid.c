// SPDX-License-Identifier: Apache-2.0
// Implicit solids against formulas, and a pared scene against the whole one.
#include "phantom/solid.h"

#include <math.h>

#include "phantom/anatomy.h"
#include "phantom/lattice.h"

static HpPoint at(float x, float y, float z)
{
    return (HpPoint){x, y, z};
}

static void distances_follow_the_formulas(void)
{
    g_autoptr(HpScene) scene = hp_scene_new();
    const int ball = hp_scene_begin(scene, 1, 0);
    hp_scene_ellipsoid(scene, HP_SOLID_ADD, 0, at(1, 2, 3), at(10, 10, 10), at(20, 30, 40));
    const int tube = hp_scene_begin(scene, 2, 0);
    hp_scene_tube(scene, HP_SOLID_ADD, 0, at(0, 0, 0), at(0, 0, 20), 3, 3);
    const int half = hp_scene_begin(scene, 3, 0);
    hp_scene_half(scene, HP_SOLID_ADD, 0, at(0, 0, 5), at(0, 0, 2));
    const int shell = hp_scene_begin(scene, 4, 0);
    hp_scene_organ(scene, HP_SOLID_ADD, 0, ball, 2);
    hp_scene_organ(scene, HP_SOLID_CUT, 0, ball, -2);

    for (uint64_t key = 0; key < 300; key += 3) {
        const HpPoint p = at(40 * hp_hash_unit(key) - 20, 40 * hp_hash_unit(key + 1) - 20,
                             40 * hp_hash_unit(key + 2) - 10);
        const float from_ball =
            sqrtf((p.x - 1) * (p.x - 1) + (p.y - 2) * (p.y - 2) + (p.z - 3) * (p.z - 3)) - 10;
        const float beyond = p.z < 0 ? -p.z : p.z > 20 ? p.z - 20 : 0;
        g_assert_cmpfloat_with_epsilon(hp_scene_distance(scene, ball, p), from_ball, 1e-4);
        g_assert_cmpfloat_with_epsilon(hp_scene_distance(scene, tube, p),
                                       sqrtf(p.x * p.x + p.y * p.y + beyond * beyond) - 3, 1e-4);
        g_assert_cmpfloat_with_epsilon(hp_scene_distance(scene, half, p), p.z - 5, 1e-4);
        g_assert_cmpfloat_with_epsilon(hp_scene_distance(scene, shell, p), fabsf(from_ball) - 2,
                                       1e-3);
    }
}

static void a_turned_ellipsoid_ends_where_its_axes_do(void)
{
    g_autoptr(HpScene) scene = hp_scene_new();
    const int organ = hp_scene_begin(scene, 1, 0);
    hp_scene_ellipsoid(scene, HP_SOLID_ADD, 0, at(5, 0, 0), at(30, 10, 4), at(0, 0, 90));
    // Turned about z by 90 degrees the long axis lies along y.
    g_assert_cmpfloat_with_epsilon(hp_scene_distance(scene, organ, at(5, 30, 0)), 0, 1e-3);
    g_assert_cmpfloat_with_epsilon(hp_scene_distance(scene, organ, at(15, 0, 0)), 0, 1e-3);
    g_assert_cmpfloat_with_epsilon(hp_scene_distance(scene, organ, at(5, 0, 4)), 0, 1e-3);
}

// Compares a focus with the whole scene in balls scattered over two donors.
static void a_focus_changes_no_answer(void)
{
    for (uint64_t donor = 1; donor <= 2; donor++) {
        g_autoptr(HpAnatomy) anatomy = hp_anatomy_new(donor);
        g_autoptr(HpFocus) near = hp_focus_new(anatomy->scene);
        const HpScene *scene = anatomy->scene;
        for (uint64_t ball = 0; ball < 4000; ball++) {
            const uint64_t key = hp_hash(donor) + 64 * ball;
            const float radius = 3 + 12 * hp_hash_unit(key + 9);
            const HpPoint middle =
                at(300 * hp_hash_unit(key) - 150, 240 * hp_hash_unit(key + 1) - 120,
                   300 * hp_hash_unit(key + 2) - 150);
            int filled_by;
            const bool is_filled = hp_focus_set(near, middle, radius, &filled_by);
            for (int sample = 0; sample < 3; sample++) {
                const uint64_t k = key + 16 + 4 * sample;
                const float reach = radius / sqrtf(3);
                const HpPoint p = at(middle.x + reach * (2 * hp_hash_unit(k) - 1),
                                     middle.y + reach * (2 * hp_hash_unit(k + 1) - 1),
                                     middle.z + reach * (2 * hp_hash_unit(k + 2) - 1));
                float inside, clear;
                const int found = hp_focus_probe(near, p, &inside, &clear);
                g_assert_cmpint(found, ==, hp_scene_find(scene, p));
                if (is_filled)
                    g_assert_cmpint(found, ==, filled_by);
                const float liver = hp_scene_distance(scene, anatomy->liver, p);
                if (fabsf(liver) < 2)
                    g_assert_cmpfloat_with_epsilon(hp_focus_distance(near, anatomy->liver, p),
                                                   liver, 1e-3);
            }
        }
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/solid/distances-follow-the-formulas", distances_follow_the_formulas);
    g_test_add_func("/solid/a-turned-ellipsoid-ends-where-its-axes-do",
                    a_turned_ellipsoid_ends_where_its_axes_do);
    g_test_add_func("/solid/a-focus-changes-no-answer", a_focus_changes_no_answer);
    return g_test_run();
}
