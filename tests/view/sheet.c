// SPDX-License-Identifier: Apache-2.0
// Trim planes in 3-D: where their handles are, and that they follow the pointer.
#include "view/sheet.h"

#include <math.h>

static const double around[3] = {40, -180, 1300};

static HpCamera camera_at(double azimuth, double elevation)
{
    HpCamera camera = hp_camera_default();
    for (int axis = 0; axis < 3; axis++)
        camera.pivot_mm[axis] = around[axis];
    camera.reach_mm = 100;
    camera.azimuth_degrees = azimuth;
    camera.elevation_degrees = elevation;
    return camera;
}

static double height_of(const HpHalf *half, const double mm[3])
{
    return half->normal[0] * mm[0] + half->normal[1] * mm[1] + half->normal[2] * mm[2] - half->d_mm;
}

static HpHalf slanted(void)
{
    const HpHalf half = {{0.6, 0, 0.8}, 0.6 * 40 + 0.8 * 1300 + 12};
    return half;
}

static void its_corners_lie_on_the_plane(void)
{
    static const double normals[][3] = {{0.6, 0, 0.8}, {0, 0, -1}, {0, 1, 0}, {0.48, 0.6, 0.64}};
    for (size_t at = 0; at < G_N_ELEMENTS(normals); at++) {
        const HpHalf half = {{normals[at][0], normals[at][1], normals[at][2]}, 900};
        const HpSheet sheet = hp_sheet_new(&half, around, 50);
        double middle[3], tip[3];
        hp_sheet_handles(&sheet, middle, tip);
        for (int corner = 0; corner < 4; corner++) {
            double square = 0;
            g_assert_cmpfloat_with_epsilon(height_of(&half, sheet.corner_mm[corner]), 0, 1e-9);
            for (int axis = 0; axis < 3; axis++)
                square += pow(sheet.corner_mm[corner][axis] - middle[axis], 2);
            g_assert_cmpfloat_with_epsilon(square, 2 * 50 * 50, 1e-6);
        }
        g_assert_cmpfloat(height_of(&half, tip), >, 10); // on the side cut off
    }
}

static void the_middle_follows_the_pointer_along_the_normal(void)
{
    static const double views[][2] = {{0, 0}, {-12, 12}, {60, -40}};
    for (size_t at = 0; at < G_N_ELEMENTS(views); at++) {
        const HpCamera camera = camera_at(views[at][0], views[at][1]);
        const HpHalf half = slanted();
        const HpSheet sheet = hp_sheet_new(&half, around, 50);
        double middle[3], tip[3], before[3], beyond[3];
        hp_sheet_handles(&sheet, middle, tip);
        hp_camera_project(&camera, 400, 300, middle, before);
        hp_camera_project(&camera, 400, 300, tip, beyond);
        // Along the picture of the normal the handle stays under the pointer.
        const double dx = 0.4 * (beyond[0] - before[0]), dy = 0.4 * (beyond[1] - before[1]);
        const HpHalf moved = hp_sheet_moved(&sheet, &camera, 400, 300, dx, dy);
        g_assert_cmpfloat_with_epsilon(moved.d_mm - half.d_mm, 0.4 * 0.45 * 50, 1e-9);
        g_assert_cmpfloat(moved.normal[0], ==, 0.6);
    }
}

static void seen_from_before_up_is_outward(void)
{
    HpCamera camera = camera_at(0, 0);
    const HpHalf half = {{0, -1, 0}, 200};
    const HpSheet sheet = hp_sheet_new(&half, around, 50);
    const double scale = hp_camera_pixels_per_mm(&camera, 400, 300);
    const HpHalf moved = hp_sheet_moved(&sheet, &camera, 400, 300, 50, -scale * 7);
    g_assert_cmpfloat_with_epsilon(moved.d_mm, 207, 1e-9);
}

static void the_tip_follows_the_pointer(void)
{
    const HpCamera camera = camera_at(-30, 20);
    const HpHalf half = slanted();
    const HpSheet sheet = hp_sheet_new(&half, around, 50);
    double middle[3], tip[3], place[3];
    hp_sheet_handles(&sheet, middle, tip);
    hp_camera_project(&camera, 400, 300, tip, place);
    // Where it is, nothing turns; elsewhere it comes to lie under the pointer.
    HpHalf turned = hp_sheet_turned(&sheet, &camera, 400, 300, place[0], place[1]);
    for (int axis = 0; axis < 3; axis++)
        g_assert_cmpfloat_with_epsilon(turned.normal[axis], half.normal[axis], 1e-9);
    turned = hp_sheet_turned(&sheet, &camera, 400, 300, place[0] - 9, place[1] + 6);
    const HpSheet other = hp_sheet_new(&turned, middle, 50);
    double new_middle[3], new_place[3];
    hp_sheet_handles(&other, new_middle, tip);
    hp_camera_project(&camera, 400, 300, tip, new_place);
    g_assert_cmpfloat_with_epsilon(new_place[0], place[0] - 9, 1e-6);
    g_assert_cmpfloat_with_epsilon(new_place[1], place[1] + 6, 1e-6);
    for (int axis = 0; axis < 3; axis++) // about its middle
        g_assert_cmpfloat_with_epsilon(new_middle[axis], middle[axis], 1e-9);
    // Beyond the sphere it lies in the plane of the picture, and is still of unit length.
    turned = hp_sheet_turned(&sheet, &camera, 400, 300, place[0] + 5000, place[1]);
    g_assert_cmpfloat_with_epsilon(
        hypot(hypot(turned.normal[0], turned.normal[1]), turned.normal[2]), 1, 1e-12);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define CASE(name) g_test_add_func("/sheet/" #name, name)
    CASE(its_corners_lie_on_the_plane);
    CASE(the_middle_follows_the_pointer_along_the_normal);
    CASE(seen_from_before_up_is_outward);
    CASE(the_tip_follows_the_pointer);
    return g_test_run();
}
