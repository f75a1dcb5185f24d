// SPDX-License-Identifier: Apache-2.0
// The orientation cube: which face lies where, and that its letters are seen.
#include "view/cube.h"

#include <math.h>

static HpCamera from(double azimuth, double elevation)
{
    HpCamera camera = hp_camera_default();
    camera.azimuth_degrees = azimuth;
    camera.elevation_degrees = elevation;
    return camera;
}

static void each_face_lies_where_its_side_points(void)
{
    for (int side = 0; side < HP_SIDE_COUNT; side++) {
        HpCamera camera = from(0, 0);
        hp_camera_look_from(&camera, side);
        g_assert_cmpint(hp_cube_side_at(&camera, 80, 40, 40), ==, side);
        g_assert_cmpint(hp_cube_side_at(&camera, 80, 3, 40), ==, -1);
    }
    // From the front right and above: right at the left, front at the right, head on top.
    const HpCamera camera = from(-45, 30);
    g_assert_cmpint(hp_cube_side_at(&camera, 80, 28, 45), ==, HP_SIDE_RIGHT);
    g_assert_cmpint(hp_cube_side_at(&camera, 80, 52, 45), ==, HP_SIDE_ANTERIOR);
    g_assert_cmpint(hp_cube_side_at(&camera, 80, 40, 18), ==, HP_SIDE_SUPERIOR);
}

// Brightest value of a column or row of the picture, as the letter is light and the face dark.
static int brightest(cairo_surface_t *surface, int x, int y, int width, int height)
{
    int most = 0;
    for (int row = y; row < y + height; row++)
        for (int column = x; column < x + width; column++) {
            const uint8_t *pixel = cairo_image_surface_get_data(surface) +
                                   row * cairo_image_surface_get_stride(surface) + 4 * column;
            most = MAX(most, pixel[1]);
        }
    return most;
}

static cairo_surface_t *draw(const HpCamera *camera, int hovered)
{
    cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, 80, 80);
    cairo_t *cairo = cairo_create(surface);
    hp_cube_draw(camera, cairo, 80, hovered);
    cairo_destroy(cairo);
    cairo_surface_flush(surface);
    return surface;
}

static void a_letter_stands_on_the_face(void)
{
    HpCamera camera = from(0, 0);
    hp_camera_look_from(&camera, HP_SIDE_LEFT); // an L: a stem at the left, a foot below
    cairo_surface_t *surface = draw(&camera, -1);
    g_assert_cmpint(brightest(surface, 30, 28, 9, 10), >, 200);
    g_assert_cmpint(brightest(surface, 42, 28, 9, 10), <, 100);
    g_assert_cmpint(brightest(surface, 42, 44, 9, 10), >, 200);
    cairo_surface_destroy(surface);
    hp_camera_look_from(&camera, HP_SIDE_POSTERIOR); // a P: its bowl above
    surface = draw(&camera, -1);
    g_assert_cmpint(brightest(surface, 42, 28, 8, 12), >, 200);
    g_assert_cmpint(brightest(surface, 43, 46, 8, 8), <, 100);
    cairo_surface_destroy(surface);
}

static void the_face_under_the_pointer_is_lit(void)
{
    const HpCamera camera = from(0, 0);
    cairo_surface_t *plain = draw(&camera, -1), *lit = draw(&camera, HP_SIDE_ANTERIOR);
    g_assert_cmpint(brightest(lit, 20, 20, 4, 40), >, brightest(plain, 20, 20, 4, 40) + 30);
    cairo_surface_destroy(plain);
    cairo_surface_destroy(lit);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define CASE(name) g_test_add_func("/cube/" #name, name)
    CASE(each_face_lies_where_its_side_points);
    CASE(a_letter_stands_on_the_face);
    CASE(the_face_under_the_pointer_is_lit);
    return g_test_run();
}
