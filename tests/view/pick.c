// SPDX-License-Identifier: Apache-2.0
// Lines of sight against meshes, beside a search through all triangles; what a click on a scene meets.
#include "support/random.h"
#include "support/solids.h"
#include "view/scene.h"

#include <math.h>
#include <string.h>

static const double middle[3] = {40, -180, 1300};

static HpRay ray_at(double x, double y, double z, double dx, double dy, double dz)
{
    const double length = sqrt(dx * dx + dy * dy + dz * dz);
    return (HpRay){{middle[0] + x, middle[1] + y, middle[2] + z},
                   {dx / length, dy / length, dz / length}};
}

static void a_ball_is_met_where_its_formula_says(void)
{
    g_autoptr(HpMesh) mesh = solid_ball(middle, 50, 60);
    g_autoptr(HpPick) pick = hp_pick_new(mesh, NULL);
    HpHit hit;
    HpRay ray = ray_at(10, -200, 20, 0, 1, 0);
    g_assert_true(hp_pick_ray(pick, &ray, -INFINITY, INFINITY, &hit));
    // The chords of 60 rows lie up to 50 (1 - cos(1.5 degrees)) = 0.02 mm within.
    g_assert_cmpfloat_with_epsilon(hit.along_mm, 200 - sqrt(2500 - 500), 0.05);
    g_assert_false(hit.is_inside);
    g_assert_true(hp_pick_ray(pick, &ray, 200, INFINITY, &hit)); // from within
    g_assert_cmpfloat_with_epsilon(hit.along_mm, 200 + sqrt(2500 - 500), 0.05);
    g_assert_true(hit.is_inside);
    g_assert_false(hp_pick_ray(pick, &ray, -INFINITY, 100, &hit));
    ray = ray_at(0, -200, 51, 0, 1, 0);
    g_assert_false(hp_pick_ray(pick, &ray, -INFINITY, INFINITY, &hit));
}

// The ray against each triangle alone, through a tree of one leaf.
static bool slow(const HpMesh *mesh, const HpRay *ray, HpHit *hit)
{
    bool is_found = false;
    for (size_t t = 0; t < mesh->triangles; t++) {
        g_autoptr(HpMesh) one = hp_mesh_new(3, 1, NULL);
        for (int corner = 0; corner < 3; corner++) {
            memcpy(one->mm + 3 * corner, mesh->mm + 3 * (size_t)mesh->index[3 * t + corner],
                   3 * sizeof *mesh->mm);
            one->index[corner] = (uint32_t)corner;
        }
        g_autoptr(HpPick) pick = hp_pick_new(one, NULL);
        HpHit met;
        if (hp_pick_ray(pick, ray, -INFINITY, INFINITY, &met) &&
            (!is_found || met.along_mm < hit->along_mm)) {
            *hit = met;
            hit->triangle = t;
            is_found = true;
        }
    }
    return is_found;
}

static void the_tree_finds_what_a_search_through_all_finds(void)
{
    g_autoptr(HpMesh) mesh = solid_lump(middle, 50, 12);
    g_autoptr(HpPick) pick = hp_pick_new(mesh, NULL);
    guint64 random = 7;
    int hits = 0;
    for (int at = 0; at < 200; at++) {
        const HpRay ray = ray_at(random_unit(&random) * 120 - 60, random_unit(&random) * 120 - 60,
                                 random_unit(&random) * 120 - 60, random_unit(&random) - 0.5,
                                 random_unit(&random) - 0.5, random_unit(&random) - 0.5);
        HpHit one = {0}, other = {0};
        const bool is_met = hp_pick_ray(pick, &ray, -INFINITY, INFINITY, &one);
        g_assert_true(is_met == slow(mesh, &ray, &other));
        if (is_met)
            g_assert_cmpfloat(fabs(one.along_mm - other.along_mm), <=, 1e-9);
        hits += is_met;
    }
    g_assert_cmpint(hits, >, 100);
}

static void no_ray_slips_between_two_triangles(void)
{
    g_autoptr(HpMesh) mesh = solid_ball(middle, 50, 16);
    g_autoptr(HpPick) pick = hp_pick_new(mesh, NULL);
    for (size_t at = 0; at < mesh->vertices; at++) { // straight at every corner
        const float *mm = mesh->mm + 3 * at;
        const HpRay ray = ray_at(0, 0, 0, mm[0] - middle[0], mm[1] - middle[1], mm[2] - middle[2]);
        HpHit hit;
        g_assert_true(hp_pick_ray(pick, &ray, 0, INFINITY, &hit));
    }
}

static void an_empty_mesh_is_never_met(void)
{
    g_autoptr(HpMesh) mesh = hp_mesh_new(0, 0, NULL);
    g_autoptr(HpPick) pick = hp_pick_new(mesh, NULL);
    const HpRay ray = ray_at(0, 0, 0, 0, 1, 0);
    HpHit hit;
    g_assert_false(hp_pick_ray(pick, &ray, -INFINITY, INFINITY, &hit));
}

// A volume of 2 x 3 x 4 mm voxels about the middle, and what shows it.
static HpScene scene_of(HpMesh *mesh, HpVolume **volume)
{
    HpGrid grid = hp_grid_new(60, 50, 40, 2, 3, 4);
    for (int axis = 0; axis < 3; axis++)
        grid.origin_mm[axis] = middle[axis] - grid.size[axis] / 2 * grid.spacing_mm[axis];
    *volume = hp_volume_new(&grid, NULL);
    HpScene scene = hp_scene_default();
    scene.mesh = mesh;
    scene.volume = *volume;
    scene.slices[HP_PLANE_AXIAL] = 20;
    scene.slices[HP_PLANE_CORONAL] = 25;
    scene.slices[HP_PLANE_SAGITTAL] = 30;
    hp_camera_aim_at_grid(&scene.camera, &grid);
    for (int axis = 0; axis < 3; axis++)
        scene.camera.pivot_mm[axis] = middle[axis];
    hp_camera_look_from(&scene.camera, HP_SIDE_ANTERIOR);
    return scene;
}

static bool click(const HpScene *scene, const HpPick *pick, double right_mm, double up_mm,
                  double mm[3])
{
    const double scale = hp_camera_pixels_per_mm(&scene->camera, 200, 200);
    const bool is_met =
        hp_scene_pick(scene, pick, 200, 200, 100 + scale * right_mm, 100 - scale * up_mm, mm);
    for (int axis = 0; axis < 3; axis++)
        mm[axis] -= middle[axis];
    return is_met;
}

static void a_click_meets_the_nearest_of_organ_and_slices(void)
{
    g_autoptr(HpMesh) mesh = solid_ball(middle, 30, 60);
    g_autoptr(HpPick) pick = hp_pick_new(mesh, NULL);
    g_autoptr(HpVolume) volume = NULL;
    HpScene scene = scene_of(mesh, &volume);
    double mm[3];
    g_assert_true(click(&scene, pick, 5, 10, mm));
    g_assert_cmpfloat_with_epsilon(mm[0], 5, 1e-6);
    g_assert_cmpfloat_with_epsilon(mm[2], 10, 1e-6);
    g_assert_cmpfloat_with_epsilon(mm[1], -sqrt(900 - 125), 0.05); // the front
    g_assert_false(click(&scene, pick, 45, 10, mm));
    scene.shows_slices = true;
    g_assert_true(click(&scene, pick, 45, 10, mm)); // the coronal slice behind
    g_assert_cmpfloat_with_epsilon(mm[1], 0, 1e-6);
    g_assert_false(click(&scene, pick, 62, 10, mm)); // beyond its edge
    g_assert_true(click(&scene, pick, 5, 10, mm));
    g_assert_cmpfloat_with_epsilon(mm[1], -sqrt(900 - 125), 0.05);
}

static void a_click_on_the_cut_meets_its_face(void)
{
    g_autoptr(HpMesh) mesh = solid_ball(middle, 30, 60);
    g_autoptr(HpPick) pick = hp_pick_new(mesh, NULL);
    g_autoptr(HpVolume) volume = NULL;
    HpScene scene = scene_of(mesh, &volume);
    double mm[3];
    scene.is_cut = true;
    scene.cut = HP_PLANE_CORONAL;
    scene.slices[HP_PLANE_CORONAL] = 24; // 3 mm to the front
    g_assert_true(click(&scene, pick, 5, 10, mm));
    g_assert_cmpfloat_with_epsilon(mm[1], -3, 1e-6);
    scene.keeps_front = true; // now the front is there, and nothing behind the face
    g_assert_true(click(&scene, pick, 5, 10, mm));
    g_assert_cmpfloat_with_epsilon(mm[1], -sqrt(900 - 125), 0.05);
    scene.slices[HP_PLANE_CORONAL] = 10; // before the ball
    g_assert_false(click(&scene, pick, 5, 10, mm));
}

static void what_lies_within_is_hidden(void)
{
    g_autoptr(HpMesh) mesh = solid_ball(middle, 30, 60);
    g_autoptr(HpPick) pick = hp_pick_new(mesh, NULL);
    g_autoptr(HpVolume) volume = NULL;
    HpScene scene = scene_of(mesh, &volume);
    const double front[3] = {middle[0], middle[1] - 40, middle[2]};
    const double back[3] = {middle[0], middle[1] + 40, middle[2]};
    const double on[3] = {middle[0], middle[1] - 30, middle[2]};
    g_assert_false(hp_scene_hides(&scene, pick, front));
    g_assert_false(hp_scene_hides(&scene, pick, on));
    g_assert_true(hp_scene_hides(&scene, pick, middle));
    g_assert_true(hp_scene_hides(&scene, pick, back));
    scene.is_cut = true;
    scene.cut = HP_PLANE_CORONAL;
    g_assert_false(hp_scene_hides(&scene, pick, middle)); // it lies on the cut's face
    g_assert_true(hp_scene_hides(&scene, pick, back));
}

static void corners_of_a_slice_are_those_of_its_voxels(void)
{
    g_autoptr(HpVolume) volume = NULL;
    HpScene scene = scene_of(NULL, &volume);
    double corner[4][3];
    hp_scene_slice_corners(&scene, HP_PLANE_AXIAL, corner);
    for (int at = 0; at < 4; at++) {
        double ijk[3];
        hp_grid_to_ijk(&volume->grid, corner[at], ijk);
        g_assert_cmpfloat_with_epsilon(ijk[0], at == 1 || at == 2 ? 59.5 : -0.5, 1e-9);
        g_assert_cmpfloat_with_epsilon(ijk[1], at >= 2 ? 49.5 : -0.5, 1e-9);
        g_assert_cmpfloat_with_epsilon(ijk[2], 20, 1e-9);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define CASE(name) g_test_add_func("/pick/" #name, name)
    CASE(a_ball_is_met_where_its_formula_says);
    CASE(the_tree_finds_what_a_search_through_all_finds);
    CASE(no_ray_slips_between_two_triangles);
    CASE(an_empty_mesh_is_never_met);
    CASE(a_click_meets_the_nearest_of_organ_and_slices);
    CASE(a_click_on_the_cut_meets_its_face);
    CASE(what_lies_within_is_hidden);
    CASE(corners_of_a_slice_are_those_of_its_voxels);
    return g_test_run();
}
