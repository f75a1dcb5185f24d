// SPDX-License-Identifier: Apache-2.0
// The renderer on a cube, pixel by pixel, and the pictures and files it leaves.
#include "core/error.h"
#include "core/parallel.h"
#include "support/folder.h"
#include "view/palette.h"
#include "view/png.h"
#include "view/raster.h"

#include <cairo.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

// A box around a place in LPS mm, corners numbered by the bits of x, y, z.
static HpMesh *box(double x, double y, double z, double half)
{
    static const uint32_t face[12][3] = {{0, 2, 1}, {1, 2, 3}, {4, 5, 6}, {5, 7, 6},
                                         {0, 1, 4}, {1, 5, 4}, {2, 6, 3}, {3, 6, 7},
                                         {0, 4, 2}, {2, 4, 6}, {1, 3, 5}, {3, 7, 5}};
    HpMesh *mesh = hp_mesh_new(8, 12, NULL);
    for (int corner = 0; corner < 8; corner++) {
        mesh->mm[3 * corner] = (float)(x + (corner & 1 ? half : -half));
        mesh->mm[3 * corner + 1] = (float)(y + (corner & 2 ? half : -half));
        mesh->mm[3 * corner + 2] = (float)(z + (corner & 4 ? half : -half));
    }
    memcpy(mesh->index, face, sizeof face);
    hp_mesh_compute_normals(mesh);
    return mesh;
}

static HpRasterView straight(double pixels_per_mm)
{
    return (HpRasterView){.pixels_per_mm = pixels_per_mm, .colour = {200, 60, 50}};
}

static bool is_ground(const HpPicture *picture, int x, int y)
{
    uint8_t ground[3];
    hp_palette_ground((y + 0.5) / picture->height, ground);
    const uint8_t *pixel = hp_picture_at(picture, x, y);
    for (int part = 0; part < 3; part++) // once to linear light and back
        if (abs(pixel[part] - ground[part]) > 1)
            return false;
    return true;
}

static void a_cube_from_the_front_is_a_square(void)
{
    g_autoptr(HpMesh) mesh = box(100, -200, 300, 10);
    const HpRasterView view = straight(2);
    g_autoptr(HpPicture) picture = hp_raster_render(mesh, &view, 80, 60, NULL, NULL);
    for (int y = 0; y < 60; y++)
        for (int x = 0; x < 80; x++)
            g_assert_true(is_ground(picture, x, y) == !(x >= 20 && x < 60 && y >= 10 && y < 50));
    const uint8_t *middle = hp_picture_at(picture, 40, 30);
    g_assert_cmpint(middle[0], >, middle[1] + 40); // red above all
}

static void what_is_nearer_hides_what_is_behind(void)
{
    // A small box before the big one, to the patient's left and head: in the picture, upper right.
    g_autoptr(HpMesh) big = box(0, 0, 0, 10);
    g_autoptr(HpMesh) small = box(5, -14, 5, 2);
    g_autoptr(HpMesh) both = hp_mesh_new(16, 24, NULL);
    memcpy(both->mm, big->mm, 8 * 12);
    memcpy(both->mm + 24, small->mm, 8 * 12);
    for (int at = 0; at < 36; at++) {
        both->index[at] = big->index[at];
        both->index[36 + at] = small->index[at] + 8;
    }
    hp_mesh_compute_normals(both);
    const HpRasterView front = straight(2);
    HpRasterView back = straight(2);
    back.azimuth_degrees = 180;
    g_autoptr(HpPicture) alone = hp_raster_render(big, &front, 60, 60, NULL, NULL);
    g_autoptr(HpPicture) before = hp_raster_render(both, &front, 60, 60, NULL, NULL);
    g_autoptr(HpPicture) behind = hp_raster_render(both, &back, 60, 60, NULL, NULL);
    // It darkens the face around it, which lies deeper.
    g_assert_cmpint(hp_picture_at(before, 44, 20)[0], <, hp_picture_at(alone, 44, 20)[0]);
    g_autoptr(HpPicture) hidden = hp_raster_render(big, &back, 60, 60, NULL, NULL);
    for (int at = 0; at < 60 * 60 * 3; at++)
        g_assert_cmpint(abs(behind->rgb[at] - hidden->rgb[at]), <=, 1);
}

static void the_eye_goes_round_the_patient(void)
{
    // A box to the patient's left: at the right from the front, at the left from behind, and in the
    // middle and nearer from the left.
    g_autoptr(HpMesh) mesh = box(0, 0, 0, 1);
    g_autoptr(HpMesh) far = box(20, 0, 0, 1);
    g_autoptr(HpMesh) both = hp_mesh_new(16, 24, NULL);
    memcpy(both->mm, mesh->mm, 8 * 12);
    memcpy(both->mm + 24, far->mm, 8 * 12);
    for (int at = 0; at < 36; at++) {
        both->index[at] = mesh->index[at];
        both->index[36 + at] = mesh->index[at] + 8;
    }
    // Its far end made bigger, to be told apart.
    for (int corner = 8; corner < 16; corner++)
        both->mm[3 * corner + 2] *= 5;
    hp_mesh_compute_normals(both);
    HpRasterView view = straight(2);
    g_autoptr(HpPicture) front = hp_raster_render(both, &view, 80, 80, NULL, NULL);
    g_assert_false(is_ground(front, 60, 34));
    g_assert_true(is_ground(front, 20, 34));
    view.azimuth_degrees = 180;
    g_autoptr(HpPicture) back = hp_raster_render(both, &view, 80, 80, NULL, NULL);
    g_assert_true(is_ground(back, 60, 34));
    g_assert_false(is_ground(back, 20, 34));
    view.azimuth_degrees = 90;
    g_autoptr(HpPicture) left = hp_raster_render(both, &view, 80, 80, NULL, NULL);
    g_assert_false(is_ground(left, 40, 34));
    g_assert_true(is_ground(left, 60, 34));
    view = straight(2);
    view.elevation_degrees = 90; // from above: the front of the patient is down
    g_autoptr(HpPicture) above = hp_raster_render(both, &view, 80, 80, NULL, NULL);
    g_assert_false(is_ground(above, 60, 40));
}

static void an_empty_mesh_shows_the_ground(void)
{
    g_autoptr(HpMesh) mesh = hp_mesh_new(0, 0, NULL);
    const HpRasterView view = hp_raster_view_default();
    g_autoptr(HpPicture) picture = hp_raster_render(mesh, &view, 50, 40, NULL, NULL);
    g_assert_true(is_ground(picture, 10, 10));
}

static void any_number_of_threads_makes_the_same_picture(void)
{
    g_autoptr(HpMesh) mesh = box(0, 0, 0, 10);
    const HpRasterView view = hp_raster_view_default();
    hp_parallel_set_threads(1);
    g_autoptr(HpPicture) one = hp_raster_render(mesh, &view, 150, 120, NULL, NULL);
    hp_parallel_set_threads(8);
    g_autoptr(HpPicture) eight = hp_raster_render(mesh, &view, 150, 120, NULL, NULL);
    g_assert_cmpmem(one->rgb, 150 * 120 * 3, eight->rgb, 150 * 120 * 3);
}

static void a_cancelled_picture_is_none(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(HpMesh) mesh = box(0, 0, 0, 10);
    const HpRasterView view = hp_raster_view_default();
    HpTask task;
    hp_task_init(&task);
    hp_task_cancel(&task);
    g_assert_null(hp_raster_render(mesh, &view, 50, 40, &task, &error));
    g_assert_error(error, HP_ERROR, HP_ERROR_CANCELLED);
}

static void a_png_comes_back(void)
{
    g_autoptr(GError) error = NULL;
    g_auto(Folder) folder = folder_new();
    g_autoptr(HpPicture) picture = hp_picture_new(7, 5, NULL);
    for (int at = 0; at < 7 * 5 * 3; at++)
        picture->rgb[at] = (uint8_t)(at * 37);
    g_assert_true(hp_png_write(picture, folder_file(&folder, "a.png"), NULL, NULL));
    cairo_surface_t *read = cairo_image_surface_create_from_png(folder_file(&folder, "a.png"));
    const uint8_t *data = cairo_image_surface_get_data(read);
    for (int y = 0; y < 5; y++)
        for (int x = 0; x < 7; x++) {
            uint32_t word;
            memcpy(&word, data + y * cairo_image_surface_get_stride(read) + 4 * x, 4);
            const uint8_t *pixel = hp_picture_at(picture, x, y);
            g_assert_cmpuint(word & 0xffffff, ==,
                             (uint32_t)pixel[0] << 16 | (uint32_t)pixel[1] << 8 | pixel[2]);
        }
    cairo_surface_destroy(read);
    g_assert_false(hp_png_write(picture, folder_file(&folder, "none/a.png"), NULL, &error));
    g_assert_error(error, HP_ERROR, HP_ERROR_IO);
    g_assert_true(g_str_has_prefix(error->message, "a.png: cannot be written: "));
}

static void a_cancelled_png_leaves_no_file(void)
{
    g_autoptr(GError) error = NULL;
    g_auto(Folder) folder = folder_new();
    g_autoptr(HpPicture) picture = hp_picture_new(7, 5, NULL);
    HpTask task;
    hp_task_init(&task);
    hp_task_cancel(&task);
    g_assert_false(hp_png_write(picture, folder_file(&folder, "a.png"), &task, &error));
    g_assert_error(error, HP_ERROR, HP_ERROR_CANCELLED);
    g_assert_cmpint(folder_count(&folder), ==, 0);
}

static void pictures_are_cut_at_the_borders(void)
{
    g_autoptr(HpPicture) small = hp_picture_new(2, 2, NULL);
    g_autoptr(HpPicture) large = hp_picture_new(4, 3, NULL);
    const uint8_t white[3] = {255, 255, 255}, grey[3] = {9, 9, 9};
    hp_picture_fill(small, -5, -5, 50, 50, white);
    hp_picture_fill(large, 3, 0, 5, 1, grey);
    hp_picture_place(large, small, -1, -1);
    hp_picture_place(large, small, 3, 2);
    hp_picture_place(large, small, 9, 9);
    static const uint8_t expected[12] = {255, 0, 0, 9, 0, 0, 0, 0, 0, 0, 0, 255};
    for (int at = 0; at < 12; at++)
        g_assert_cmpint(large->rgb[3 * at], ==, expected[at]);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define CASE(name) g_test_add_func("/raster/" #name, name)
    CASE(a_cube_from_the_front_is_a_square);
    CASE(what_is_nearer_hides_what_is_behind);
    CASE(the_eye_goes_round_the_patient);
    CASE(an_empty_mesh_shows_the_ground);
    CASE(any_number_of_threads_makes_the_same_picture);
    CASE(a_cancelled_picture_is_none);
    CASE(a_png_comes_back);
    CASE(a_cancelled_png_leaves_no_file);
    CASE(pictures_are_cut_at_the_borders);
    return g_test_run();
}
