// SPDX-License-Identifier: Apache-2.0
// The scene drawn by OpenGL without a display, beside the renderer that needs none.
#include "app/gl/context.h"
#include "core/volume.h"
#include "support/solids.h"
#include "view/palette.h"
#include "view/png.h"
#include "view/raster.h"

#include <epoxy/gl.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double middle[3] = {40, -180, 1300}; // far from the origin, as scanners place it

static Context context;

// The picture; kept as a file where a person wants to look at it.
static HpPicture *draw(HpPainter *painter, const HpScene *scene, int width, int height,
                       const char *name)
{
    context_draw(&context, painter, scene, width, height);
    HpPicture *picture = context_picture(&context);
    const char *folder = g_getenv("HEPATICA_PICTURES");
    if (folder != NULL) {
        g_autofree char *path = g_strdup_printf("%s/gl-%s.png", folder, name);
        hp_png_write(picture, path, NULL, NULL);
    }
    return picture;
}

static HpPicture *draw_without(const HpScene *scene, int width, int height)
{
    double middle_mm[3];
    hp_camera_middle_mm(&scene->camera, middle_mm);
    const HpRasterView view = {.azimuth_degrees = scene->camera.azimuth_degrees,
                               .elevation_degrees = scene->camera.elevation_degrees,
                               .pixels_per_mm =
                                   hp_camera_pixels_per_mm(&scene->camera, width, height),
                               .middle_mm = middle_mm,
                               .colour = {scene->colour[0], scene->colour[1], scene->colour[2]},
                               .fine = 4};
    return hp_raster_render(scene->mesh, &view, width, height, NULL, NULL);
}

static bool is_ground(const HpPicture *picture, int x, int y)
{
    uint8_t ground[3];
    hp_palette_ground((y + 0.5) / picture->height, ground);
    const uint8_t *pixel = hp_picture_at(picture, x, y);
    for (int part = 0; part < 3; part++)
        if (abs(pixel[part] - ground[part]) > 2)
            return false;
    return true;
}

static HpVolume *volume_new(double dx, double dy, double dz)
{
    HpGrid grid = hp_grid_new(60, 50, 40, dx, dy, dz);
    for (int axis = 0; axis < 3; axis++)
        grid.origin_mm[axis] = middle[axis] - (grid.size[axis] - 1) / 2.0 * grid.spacing_mm[axis];
    return hp_volume_new(&grid, NULL);
}

static HpScene scene_of(HpMesh *mesh, HpVolume *volume)
{
    HpScene scene = hp_scene_default();
    scene.mesh = mesh;
    scene.volume = volume;
    if (mesh != NULL)
        hp_camera_aim_at_mesh(&scene.camera, mesh);
    for (int plane = 0; volume != NULL && plane < HP_PLANE_COUNT; plane++)
        scene.slices[plane] = volume->grid.size[hp_grid_axis(&volume->grid, plane)] / 2;
    return scene;
}

// Silhouettes: the share of the pixels seen in either that are seen in both. Light: the mean
// difference of what both see.
static void both_renderers_agree(void)
{
    static const double views[][4] = {{-12, 12, 1, 0}, {130, -40, 1, 0}, {10, 85, 2.5, 20}};
    g_autoptr(HpMesh) mesh = solid_lump(middle, 80, 90);
    g_autoptr(HpPainter) painter = hp_painter_new(NULL);
    for (size_t at = 0; at < G_N_ELEMENTS(views); at++) {
        HpScene scene = scene_of(mesh, NULL);
        scene.camera.azimuth_degrees = views[at][0];
        scene.camera.elevation_degrees = views[at][1];
        scene.camera.zoom = views[at][2];
        scene.camera.pan_mm[0] = views[at][3];
        g_autoptr(HpPicture) one = draw(painter, &scene, 420, 300, "mesh");
        g_autoptr(HpPicture) other = draw_without(&scene, 420, 300);
        int both = 0, either = 0;
        double difference = 0;
        for (int y = 0; y < 300; y++)
            for (int x = 0; x < 420; x++) {
                const bool in_one = !is_ground(one, x, y), in_other = !is_ground(other, x, y);
                either += in_one || in_other;
                both += in_one && in_other;
                for (int part = 0; part < 3 && in_one && in_other; part++)
                    difference +=
                        abs(hp_picture_at(one, x, y)[part] - hp_picture_at(other, x, y)[part]) /
                        3.0;
            }
        g_test_message("silhouettes %.4f, light %.2f of 255", (double)both / either,
                       difference / both);
        g_assert_cmpfloat((double)both / either, >, 0.99);
        g_assert_cmpfloat(difference / both, <, 3);
    }
}

static void a_slice_shows_its_voxels_in_their_place(void)
{
    g_autoptr(HpMesh) mesh = solid_ball(middle, 10, 8);
    g_autoptr(HpVolume) volume = volume_new(2, 3, 4);
    g_autoptr(HpPainter) painter = hp_painter_new(NULL);
    const HpGrid *grid = &volume->grid;
    // One bright row of voxels from front to back through the coronal slice at (45, 25, 8).
    for (int j = 0; j < 50; j++)
        for (int k = 7; k <= 9; k++)
            for (int i = 44; i <= 46; i++)
                volume->hu[hp_grid_offset(grid, i, j, k)] = 500;
    HpScene scene = scene_of(mesh, volume);
    scene.mesh = NULL;
    scene.shows_slices = true;
    hp_camera_aim_at_grid(&scene.camera, grid);
    hp_camera_look_from(&scene.camera, HP_SIDE_ANTERIOR);
    g_autoptr(HpPicture) picture = draw(painter, &scene, 300, 300, "slices");
    const double ijk[3] = {45, 25, 8}, dark[3] = {40, 25, 8}, outside[3] = {62, 25, 8};
    double mm[3], place[3];
    hp_grid_to_mm(grid, ijk, mm);
    hp_camera_project(&scene.camera, 300, 300, mm, place);
    g_assert_cmpint(hp_picture_at(picture, (int)place[0], (int)place[1])[1], ==, 255);
    hp_grid_to_mm(grid, dark, mm);
    hp_camera_project(&scene.camera, 300, 300, mm, place);
    // 0 HU is a third of the way through the window from -100 to 200.
    g_assert_cmpint(abs(hp_picture_at(picture, (int)place[0], (int)place[1])[1] - 85), <=, 1);
    hp_grid_to_mm(grid, outside, mm);
    hp_camera_project(&scene.camera, 300, 300, mm, place);
    g_assert_true(is_ground(picture, (int)place[0], (int)place[1]));
    // Another slice or window than before costs one upload, or none.
    g_assert_cmpuint(hp_painter_get_counts(painter).slices, ==, 3);
    scene.low_hu = -50;
    scene.slices[HP_PLANE_AXIAL]++;
    context_draw(&context, painter, &scene, 300, 300);
    context_draw(&context, painter, &scene, 300, 300);
    g_assert_cmpuint(hp_painter_get_counts(painter).slices, ==, 4);
}

static void an_oblique_slice_keeps_its_place(void)
{
    g_autoptr(HpVolume) volume = volume_new(2, 2, 2);
    g_autoptr(HpPainter) painter = hp_painter_new(NULL);
    const double a = 25 * G_PI / 180;
    const double turned[9] = {cos(a), -sin(a), 0, sin(a), cos(a), 0, 0, 0, 1}; // about the body
    memcpy(volume->grid.directions, turned, sizeof turned);
    for (size_t at = 0; at < hp_grid_count(&volume->grid); at++)
        volume->hu[at] = (int16_t)(at % 60 < 30 ? 300 : -200); // its right half is bright
    HpScene scene = scene_of(NULL, NULL);
    scene.volume = volume;
    scene.shows_slices = true;
    scene.slices[HP_PLANE_AXIAL] = 20;
    scene.slices[HP_PLANE_CORONAL] = 49;
    hp_camera_aim_at_grid(&scene.camera, &volume->grid);
    hp_camera_look_from(&scene.camera, HP_SIDE_INFERIOR);
    g_autoptr(HpPicture) picture = draw(painter, &scene, 240, 240, "oblique");
    for (int j = 5; j < 45; j += 13)
        for (int i = 3; i < 60; i += 9) {
            const double ijk[3] = {i, j, 20};
            double mm[3], place[3];
            hp_grid_to_mm(&volume->grid, ijk, mm);
            hp_camera_project(&scene.camera, 240, 240, mm, place);
            const uint8_t *pixel = hp_picture_at(picture, (int)place[0], (int)place[1]);
            if (i != 30) // the column where they meet
                g_assert_cmpint(pixel[0], ==, i < 30 ? 255 : 0);
        }
}

// How many pixels right and left of the middle show what is not the ground.
static void count_sides(const HpPicture *picture, int count[2])
{
    count[0] = count[1] = 0;
    for (int y = 0; y < picture->height; y++)
        for (int x = 0; x < picture->width; x++)
            count[x >= picture->width / 2] += !is_ground(picture, x, y);
}

static void a_cut_removes_the_right_half(void)
{
    g_autoptr(HpMesh) mesh = solid_ball(middle, 30, 40);
    g_autoptr(HpVolume) volume = volume_new(2, 2, 2);
    g_autoptr(HpPainter) painter = hp_painter_new(NULL);
    HpScene scene = scene_of(mesh, volume);
    int count[2];
    hp_camera_look_from(&scene.camera, HP_SIDE_ANTERIOR);
    scene.is_cut = true;
    scene.cut = HP_PLANE_SAGITTAL; // seen from the left: its front is the patient's left
    scene.keeps_front = true;
    g_autoptr(HpPicture) left = draw(painter, &scene, 200, 200, "cut-left");
    count_sides(left, count);          // the patient's left is at the picture's right
    g_assert_cmpint(count[0], <, 400); // the rim
    g_assert_cmpint(count[1], >, 8000);
    scene.keeps_front = false;
    g_autoptr(HpPicture) right = draw(painter, &scene, 200, 200, "cut-right");
    count_sides(right, count);
    g_assert_cmpint(count[0], >, 8000);
    g_assert_cmpint(count[1], <, 1000); // the slice lies half a voxel, 3 pixels, to the left
}

static void the_cut_face_shows_the_slice_within_the_organ_alone(void)
{
    g_autoptr(HpMesh) mesh = solid_ball(middle, 30, 40);
    g_autoptr(HpVolume) volume = volume_new(2, 2, 2);
    g_autoptr(HpPainter) painter = hp_painter_new(NULL);
    HpScene scene = scene_of(mesh, volume);
    for (size_t at = 0; at < hp_grid_count(&volume->grid); at++)
        volume->hu[at] = 350;
    scene.is_cut = true;
    scene.cut = HP_PLANE_CORONAL;
    hp_camera_look_from(&scene.camera, HP_SIDE_ANTERIOR);
    g_autoptr(HpPicture) face = draw(painter, &scene, 200, 200, "face");
    g_assert_cmpint(hp_picture_at(face, 100, 100)[2], ==, 255); // white: no part of the organ is
    g_assert_true(is_ground(face, 100 + 95, 100));
    // The rim in the plane's colour, where the ball of 90 pixels ends.
    const uint8_t *rim = hp_picture_at(face, 100 + 90, 100),
                  *orange = hp_palette_plane(HP_PLANE_CORONAL);
    g_assert_cmpint(abs(rim[0] - orange[0]) + abs(rim[2] - orange[2]), <, 90);
    hp_camera_look_from(&scene.camera, HP_SIDE_POSTERIOR);
    g_autoptr(HpPicture) behind = draw(painter, &scene, 200, 200, "face-behind");
    g_assert_cmpint(hp_picture_at(behind, 100, 100)[2], <, 200);
}

// A shell open towards the eye: what is seen is its inner side, lit, and darker than the outer.
static void the_inner_side_is_shaded(void)
{
    g_autoptr(HpMesh) mesh = solid_ball(middle, 30, 40);
    g_autoptr(HpPainter) painter = hp_painter_new(NULL);
    HpScene scene = scene_of(mesh, NULL);
    hp_camera_look_from(&scene.camera, HP_SIDE_ANTERIOR);
    g_autoptr(HpPicture) outer = draw(painter, &scene, 100, 100, "outer");
    // Turned inside out, and only what lies behind.
    for (size_t t = 0; t < mesh->triangles; t++) {
        uint32_t *corner = mesh->index + 3 * t;
        const uint32_t swapped = corner[1];
        corner[1] = corner[2];
        corner[2] = swapped;
    }
    g_autoptr(HpPainter) fresh = hp_painter_new(NULL);
    g_autoptr(HpPicture) inner = draw(fresh, &scene, 100, 100, "inner");
    const uint8_t *one = hp_picture_at(outer, 40, 40), *other = hp_picture_at(inner, 40, 40);
    g_assert_false(is_ground(inner, 40, 40));
    g_assert_cmpint(other[0], >, other[2] + 20);
    g_assert_cmpint(one[0], >, other[0] + 20);
}

static void edges_are_smooth(void)
{
    g_autoptr(HpMesh) mesh = solid_ball(middle, 30, 60);
    g_autoptr(HpPainter) painter = hp_painter_new(NULL);
    HpScene scene = scene_of(mesh, NULL);
    int between = 0;
    g_autoptr(HpPicture) picture = draw(painter, &scene, 200, 200, "edge");
    for (int y = 0; y < 200; y++)
        for (int x = 1; x < 100; x++) { // red that is neither the ground's nor the ball's
            const int red = hp_picture_at(picture, x, y)[0];
            between += !is_ground(picture, x, y) && is_ground(picture, x - 1, y) && red < 75;
        }
    g_assert_cmpint(between, >, 40);
}

static void sheets_let_what_is_behind_shine_through(void)
{
    g_autoptr(HpMesh) mesh = solid_ball(middle, 30, 40);
    g_autoptr(HpPainter) painter = hp_painter_new(NULL);
    HpScene scene = scene_of(mesh, NULL);
    hp_camera_look_from(&scene.camera, HP_SIDE_ANTERIOR);
    g_autoptr(HpPicture) without = draw(painter, &scene, 200, 200, "no-sheet");
    HpSheet *sheet = &scene.sheets[scene.sheets_count++];
    *sheet = (HpSheet){.keeps = {{0, 0, 1}, INFINITY}, .colour = {0, 255, 0}, .opacity = 0.3};
    for (int corner = 0; corner < 4; corner++) {
        sheet->corner_mm[corner][0] = middle[0] + (corner == 1 || corner == 2 ? 20 : -20);
        sheet->corner_mm[corner][1] = middle[1] - 31;
        sheet->corner_mm[corner][2] = middle[2] + (corner >= 2 ? 20 : -20);
    }
    g_autoptr(HpPicture) with = draw(painter, &scene, 200, 200, "sheet");
    const int before = hp_picture_at(without, 100, 100)[1],
              after = hp_picture_at(with, 100, 100)[1];
    g_assert_cmpint(abs(after - (int)(0.7 * before + 0.3 * 255)), <=, 2);
    // Behind the ball it is hidden.
    for (int corner = 0; corner < 4; corner++)
        sheet->corner_mm[corner][1] = middle[1] + 31;
    g_autoptr(HpPicture) behind = draw(painter, &scene, 200, 200, "sheet-behind");
    g_assert_cmpint(hp_picture_at(behind, 100, 100)[1], ==, before);
}

// What lies beyond the plane is grey, what lies on this side red, and a line runs between.
static void what_a_sheet_cuts_off_is_pale(void)
{
    g_autoptr(HpMesh) mesh = solid_ball(middle, 30, 40);
    g_autoptr(HpPainter) painter = hp_painter_new(NULL);
    HpScene scene = scene_of(mesh, NULL);
    hp_camera_look_from(&scene.camera, HP_SIDE_ANTERIOR);
    const HpHalf keeps = {{1, 0, 0}, middle[0] + 10}; // the right and the middle
    scene.sheets[scene.sheets_count++] = hp_sheet_new(&keeps, middle, 40);
    g_autoptr(HpPicture) picture = draw(painter, &scene, 200, 200, "pale");
    const uint8_t *kept = hp_picture_at(picture, 100, 100), *off = hp_picture_at(picture, 160, 100);
    g_assert_cmpint(kept[0] - kept[2], >, 60);
    g_assert_cmpint(off[0] - off[2], <, 20);
    const uint8_t *line = hp_picture_at(picture, 130, 80); // 10 mm are 30 pixels
    g_assert_cmpint(line[1], >, 150);
}

// Air is clear, and what lies behind it is seen.
static void air_hides_nothing(void)
{
    g_autoptr(HpMesh) mesh = solid_ball(middle, 20, 40);
    g_autoptr(HpVolume) volume = volume_new(2, 2, 2);
    g_autoptr(HpPainter) painter = hp_painter_new(NULL);
    HpScene scene = scene_of(mesh, volume);
    scene.shows_slices = true;
    scene.slices[HP_PLANE_CORONAL] = 5; // before the ball
    hp_camera_look_from(&scene.camera, HP_SIDE_ANTERIOR);
    for (size_t at = 0; at < hp_grid_count(&volume->grid); at++)
        volume->hu[at] = at % 60 < 30 ? -1000 : -120; // its right half is air
    for (int is_moving = 0; is_moving < 2; is_moving++) {
        scene.is_moving = is_moving;
        g_autoptr(HpPicture) picture = draw(painter, &scene, 200, 200, "air");
        g_assert_cmpint(hp_picture_at(picture, 80, 80)[0], >, 100); // the ball
        g_assert_cmpint(hp_picture_at(picture, 120, 80)[0], <, 5);  // fat, black in this window
    }
}

// What a widget does that is hidden and shown again: another painter in another context.
static void a_second_context_draws_the_same(void)
{
    g_autoptr(HpMesh) mesh = solid_lump(middle, 40, 30);
    g_autoptr(HpVolume) volume = volume_new(2, 2, 2);
    HpScene scene = scene_of(mesh, volume);
    scene.shows_slices = true;
    HpPainter *painter = hp_painter_new(NULL);
    g_autoptr(HpPicture) first = draw(painter, &scene, 160, 120, "first");
    hp_painter_free(painter);
    g_assert_cmpint(mesh->refs, ==, 1); // nothing is held on to
    g_assert_cmpint(volume->refs, ==, 1);
    Context other;
    const char *words;
    g_assert_true(context_begin(&other, &words));
    painter = hp_painter_new(NULL);
    context_draw(&other, painter, &scene, 160, 120);
    g_autoptr(HpPicture) second = context_picture(&other);
    hp_painter_free(painter);
    g_assert_cmpuint(glGetError(), ==, GL_NO_ERROR);
    g_assert_cmpmem(first->rgb, 160 * 120 * 3, second->rgb, 160 * 120 * 3);
    context_end(&other);
    context_end(&context);
    g_assert_true(context_begin(&context, &words));
}

static void a_mesh_is_brought_once(void)
{
    g_autoptr(HpMesh) fine = solid_ball(middle, 40, 30);
    g_autoptr(HpMesh) coarse = solid_ball(middle, 40, 10);
    g_autoptr(HpPainter) painter = hp_painter_new(NULL);
    HpScene scene = scene_of(fine, NULL);
    for (int at = 0; at < 6; at++) {
        scene.mesh = at % 2 == 0 ? fine : coarse;
        context_draw(&context, painter, &scene, 50, 40 + at);
    }
    g_assert_cmpuint(hp_painter_get_counts(painter).meshes, ==, 2);
    g_assert_cmpuint(hp_painter_get_counts(painter).pictures, ==, 6);
}

static void nothing_is_the_ground(void)
{
    g_autoptr(HpPainter) painter = hp_painter_new(NULL);
    HpScene scene = hp_scene_default();
    scene.shows_slices = scene.is_cut = true; // without a volume there is nothing to show
    g_autoptr(HpPicture) picture = draw(painter, &scene, 60, 40, "nothing");
    for (int y = 0; y < 40; y++)
        for (int x = 0; x < 60; x++)
            g_assert_true(is_ground(picture, x, y));
}

int main(int argc, char **argv)
{
    const char *words;
    g_test_init(&argc, &argv, NULL);
    if (!context_begin(&context, &words)) {
        g_print("1..0 # SKIP %s\n", words);
        return 0;
    }
    g_test_message("%s", context_renderer());
#define CASE(name) g_test_add_func("/painter/" #name, name)
    CASE(both_renderers_agree);
    CASE(a_slice_shows_its_voxels_in_their_place);
    CASE(an_oblique_slice_keeps_its_place);
    CASE(a_cut_removes_the_right_half);
    CASE(the_cut_face_shows_the_slice_within_the_organ_alone);
    CASE(the_inner_side_is_shaded);
    CASE(edges_are_smooth);
    CASE(sheets_let_what_is_behind_shine_through);
    CASE(what_a_sheet_cuts_off_is_pale);
    CASE(air_hides_nothing);
    CASE(a_second_context_draws_the_same);
    CASE(a_mesh_is_brought_once);
    CASE(nothing_is_the_ground);
    const int status = g_test_run();
    context_end(&context);
    return status;
}
