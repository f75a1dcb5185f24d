// SPDX-License-Identifier: Apache-2.0
// The eye of the 3-D view: where points fall, what drags do, and that left is never mirrored.
#include "support/solids.h"
#include "view/camera.h"

#include <math.h>

static const double middle[3] = {40, -180, 1300};

static HpCamera camera_at(double azimuth, double elevation)
{
    HpCamera camera = hp_camera_default();
    g_autoptr(HpMesh) mesh = solid_ball(middle, 50, 12);
    hp_camera_aim_at_mesh(&camera, mesh);
    camera.azimuth_degrees = azimuth;
    camera.elevation_degrees = elevation;
    return camera;
}

static void assert_near(double a, double b, double tolerance)
{
    g_assert_cmpfloat_with_epsilon(a, b, tolerance);
}

static void place_of(const HpCamera *camera, double x, double y, double z, double place[3])
{
    const double mm[3] = {middle[0] + x, middle[1] + y, middle[2] + z};
    hp_camera_project(camera, 400, 300, mm, place);
}

static void what_shall_fit_fits(void)
{
    const HpCamera camera = camera_at(33, 20);
    assert_near(camera.reach_mm, 50, 0.7); // the ball's corners lie on it, its middle is the box's
    assert_near(hp_camera_pixels_per_mm(&camera, 400, 300), 0.9 * 300 / 100, 0.05);
    double place[3];
    place_of(&camera, 0, 0, 0, place);
    assert_near(place[0], 200, 1e-3);
    assert_near(place[1], 150, 1e-3);
    assert_near(place[2], 0, 1e-3);
}

// From the front the patient's left is at the right and the head up; from behind, left is left; from
// the feet the front is up, as on axial slices.
static void the_patient_is_never_mirrored(void)
{
    static const struct {
        HpSide side;
        double left[2], back[2], head[2]; // where these point: right and down, in pixels
    } views[] = {
        {HP_SIDE_ANTERIOR, {1, 0}, {0, 0}, {0, -1}}, {HP_SIDE_POSTERIOR, {-1, 0}, {0, 0}, {0, -1}},
        {HP_SIDE_LEFT, {0, 0}, {1, 0}, {0, -1}},     {HP_SIDE_RIGHT, {0, 0}, {-1, 0}, {0, -1}},
        {HP_SIDE_SUPERIOR, {1, 0}, {0, -1}, {0, 0}}, {HP_SIDE_INFERIOR, {1, 0}, {0, 1}, {0, 0}},
    };
    for (size_t at = 0; at < G_N_ELEMENTS(views); at++) {
        HpCamera camera = camera_at(17, 3);
        double origin[3], place[3];
        hp_camera_look_from(&camera, views[at].side);
        g_assert_cmpint(hp_camera_side(&camera), ==, views[at].side);
        assert_near(hp_camera_facing(&camera, views[at].side), 1, 1e-12);
        const double scale = hp_camera_pixels_per_mm(&camera, 400, 300);
        place_of(&camera, 0, 0, 0, origin);
        for (int axis = 0; axis < 3; axis++) {
            const double *wanted = axis == 0   ? views[at].left
                                   : axis == 1 ? views[at].back
                                               : views[at].head;
            place_of(&camera, axis == 0, axis == 1, axis == 2, place);
            assert_near((place[0] - origin[0]) / scale, wanted[0], 1e-9);
            assert_near((place[1] - origin[1]) / scale, wanted[1], 1e-9);
        }
    }
}

static void a_ray_runs_through_what_is_seen_there(void)
{
    HpCamera camera = camera_at(-64, 41);
    camera.zoom = 3;
    camera.pan_mm[0] = 7;
    camera.pan_mm[1] = -4;
    double place[3];
    place_of(&camera, 11, -23, 5, place);
    const HpRay ray = hp_camera_ray(&camera, 400, 300, place[0], place[1]);
    const double mm[3] = {middle[0] + 11, middle[1] - 23, middle[2] + 5};
    for (int axis = 0; axis < 3; axis++) // nearer to the eye is against the ray
        assert_near(ray.from_mm[axis] - place[2] * ray.direction[axis], mm[axis], 1e-5);
}

static void the_near_side_follows_the_pointer(void)
{
    HpCamera camera = camera_at(0, 0);
    double before[3], after[3];
    place_of(&camera, 0, -40, 0, before); // towards the eye
    hp_camera_turn(&camera, 20, 0);
    place_of(&camera, 0, -40, 0, after);
    g_assert_cmpfloat(after[0], >, before[0] + 5);
    hp_camera_turn(&camera, -20, 20);
    place_of(&camera, 0, -40, 0, after);
    g_assert_cmpfloat(after[1], >, before[1] + 5);
}

static void it_stops_at_the_poles_and_goes_round(void)
{
    HpCamera camera = camera_at(0, 0);
    hp_camera_turn(&camera, 0, 10000);
    g_assert_cmpfloat(camera.elevation_degrees, ==, 90);
    hp_camera_turn(&camera, 1000, -100000);
    g_assert_cmpfloat(camera.elevation_degrees, ==, -90);
    g_assert_cmpfloat(fabs(camera.azimuth_degrees), <=, 180);
}

static void zoom_keeps_what_lies_under_the_pointer(void)
{
    HpCamera camera = camera_at(25, -30);
    hp_camera_pan(&camera, 400, 300, 31, -12);
    const HpRay before = hp_camera_ray(&camera, 400, 300, 90, 60);
    hp_camera_zoom(&camera, 400, 300, 90, 60, 2.7);
    const HpRay after = hp_camera_ray(&camera, 400, 300, 90, 60);
    for (int axis = 0; axis < 3; axis++)
        assert_near(after.from_mm[axis], before.from_mm[axis], 1e-9);
    g_assert_cmpfloat(camera.zoom, ==, 2.7);
    for (int at = 0; at < 200; at++)
        hp_camera_zoom(&camera, 400, 300, 0, 0, 2);
    g_assert_cmpfloat(camera.zoom, <=, 50);
}

static void a_pan_moves_the_picture_with_the_pointer(void)
{
    HpCamera camera = camera_at(70, 10);
    double before[3], after[3];
    place_of(&camera, 3, 4, 5, before);
    hp_camera_pan(&camera, 400, 300, 13, -8);
    place_of(&camera, 3, 4, 5, after);
    assert_near(after[0] - before[0], 13, 1e-9);
    assert_near(after[1] - before[1], -8, 1e-9);
}

static void between_goes_the_shorter_way(void)
{
    const HpCamera a = camera_at(170, 0), b = camera_at(-170, 40);
    const HpCamera half = hp_camera_between(&a, &b, 0.5), end = hp_camera_between(&a, &b, 1);
    assert_near(fabs(half.azimuth_degrees), 180, 1e-9);
    assert_near(half.elevation_degrees, 20, 1e-9);
    assert_near(end.azimuth_degrees, -170, 1e-9);
}

static void a_grid_fits_with_its_corners(void)
{
    HpCamera camera = hp_camera_default();
    const HpGrid grid = hp_grid_new(30, 40, 1, 2, 2, 5);
    hp_camera_aim_at_grid(&camera, &grid);
    assert_near(camera.reach_mm, sqrt(30 * 30 + 40 * 40 + 2.5 * 2.5), 1e-9);
    assert_near(camera.pivot_mm[1], 39, 1e-9);
}

static void an_empty_mesh_changes_nothing(void)
{
    HpCamera camera = camera_at(0, 0);
    g_autoptr(HpMesh) mesh = hp_mesh_new(0, 0, NULL);
    hp_camera_aim_at_mesh(&camera, mesh);
    assert_near(camera.reach_mm, 50, 0.7);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define CASE(name) g_test_add_func("/camera/" #name, name)
    CASE(what_shall_fit_fits);
    CASE(the_patient_is_never_mirrored);
    CASE(a_ray_runs_through_what_is_seen_there);
    CASE(the_near_side_follows_the_pointer);
    CASE(it_stops_at_the_poles_and_goes_round);
    CASE(zoom_keeps_what_lies_under_the_pointer);
    CASE(a_pan_moves_the_picture_with_the_pointer);
    CASE(between_goes_the_shorter_way);
    CASE(a_grid_fits_with_its_corners);
    CASE(an_empty_mesh_changes_nothing);
    return g_test_run();
}
