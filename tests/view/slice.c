// SPDX-License-Identifier: Apache-2.0
// Slices pixel by pixel: sides, shape, window, mask, contours.
#include "core/error.h"
#include "core/parallel.h"
#include "support/picture.h"
#include "view/palette.h"
#include "view/panes.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

// A volume whose value tells its place in the patient: 100 x + 10 y + z, in whole mm from 0,
// whatever way the axes of its grid run.
static HpVolume *places(HpGrid grid)
{
    HpVolume *volume = hp_volume_new(&grid, NULL);
    for (int k = 0; k < grid.size[2]; k++)
        for (int j = 0; j < grid.size[1]; j++)
            for (int i = 0; i < grid.size[0]; i++) {
                double mm[3];
                hp_grid_to_mm(&grid, (double[3]){i, j, k}, mm);
                volume->hu[hp_grid_offset(&grid, i, j, k)] =
                    (int16_t)lround(100 * mm[0] + 10 * mm[1] + mm[2]);
            }
    return volume;
}

// 2 x 3 x 4 voxels of 1 mm that fill x 0..1, y 0..2, z 0..3 (a 4 x 2 x 3 grid where turned).
static HpGrid plain_grid(void)
{
    return hp_grid_new(2, 3, 4, 1, 1, 1);
}

static HpGrid turned_grid(void)
{
    HpGrid grid = hp_grid_new(4, 2, 3, 1, 1, 1);
    const double turned[9] = {0, -1, 0, 0, 0, -1, -1, 0, 0}; // i to the feet, j right, k front
    const double origin[3] = {1, 2, 3};
    memcpy(grid.directions, turned, sizeof turned);
    memcpy(grid.origin_mm, origin, sizeof origin);
    return grid;
}

static HpSliceView bare(const HpVolume *volume, HpPlane plane, int slice)
{
    HpSliceView view = hp_slice_view_default(volume, plane);
    view.letters = view.scale_bar = view.title = false;
    view.slice = slice;
    view.low_hu = 0;
    view.high_hu = 255;
    view.outline = 0;
    return view;
}

// The grey values as text: rows of numbers.
static char *greys(const HpSliceView *view, int width, int height)
{
    g_autoptr(HpPicture) picture = hp_slice_compose(view, width, height, NULL);
    GString *text = g_string_new(NULL);
    for (int y = 0; y < height; y++)
        for (int x = 0; x < width; x++) {
            const uint8_t *pixel = hp_picture_at(picture, x, y);
            g_assert_true(pixel[0] == pixel[1] && pixel[1] == pixel[2]);
            g_string_append_printf(text, "%d%c", pixel[0], x + 1 < width ? ' ' : '\n');
        }
    return g_string_free(text, FALSE);
}

static void assert_greys(const HpSliceView *view, int width, int height, const char *expected)
{
    g_autofree char *got = greys(view, width, height);
    g_assert_cmpstr(got, ==, expected);
}

static void each_plane_shows_its_sides_whatever_the_grid(void)
{
    g_autoptr(HpVolume) plain = places(plain_grid());
    g_autoptr(HpVolume) turned = places(turned_grid());
    // Axial at z 0: x (to the left side) along the picture, y (to the back) down it.
    const char *axial = "0 100\n10 110\n20 120\n";
    // Coronal at y 0: z upwards. Sagittal at x 0: y (to the back) along, z upwards.
    const char *coronal = "3 103\n2 102\n1 101\n0 100\n";
    const char *sagittal = "3 13 23\n2 12 22\n1 11 21\n0 10 20\n";
    HpSliceView view = bare(plain, HP_PLANE_AXIAL, 0);
    assert_greys(&view, 2, 3, axial);
    view = bare(plain, HP_PLANE_CORONAL, 0);
    assert_greys(&view, 2, 4, coronal);
    view = bare(plain, HP_PLANE_SAGITTAL, 0);
    assert_greys(&view, 3, 4, sagittal);
    view = bare(turned, HP_PLANE_AXIAL, 3);
    assert_greys(&view, 2, 3, axial);
    view = bare(turned, HP_PLANE_CORONAL, 2);
    assert_greys(&view, 2, 4, coronal);
    view = bare(turned, HP_PLANE_SAGITTAL, 1);
    assert_greys(&view, 3, 4, sagittal);
}

static void letters_name_the_sides(void)
{
    static const char *const expected[HP_PLANE_COUNT] = {"RLAP", "RLSI", "APSI"};
    const HpGrid grids[2] = {plain_grid(), turned_grid()};
    for (int grid = 0; grid < 2; grid++)
        for (int plane = 0; plane < HP_PLANE_COUNT; plane++) {
            char letters[5] = "";
            const HpSliceFrame frame =
                hp_slice_frame_fit(&grids[grid], (HpPlane)plane, 0, 100, 100, 0);
            hp_slice_frame_letters(&frame, &grids[grid], letters);
            g_assert_cmpstr(letters, ==, expected[plane]);
        }
}

static void slices_are_counted_the_same_way_in_any_grid(void)
{
    const HpGrid plain = plain_grid(), turned = turned_grid();
    HpSliceFrame frame = hp_slice_frame_fit(&plain, HP_PLANE_AXIAL, 0, 9, 9, 0);
    g_assert_cmpint(hp_slice_frame_number(&frame, &plain), ==, 1);
    frame = hp_slice_frame_fit(&turned, HP_PLANE_AXIAL, 3, 9, 9, 0);
    g_assert_cmpint(hp_slice_frame_number(&frame, &turned), ==, 1);
}

static void a_pixel_and_its_place_are_two_ways(void)
{
    HpGrid grid = hp_grid_new(20, 30, 40, 0.7, 0.8, 2.5);
    const double c = cos(0.3), s = sin(0.3);
    const double tilted[9] = {1, 0, 0, 0, c, -s, 0, s, c};
    const double origin[3] = {-50, 20, 700};
    memcpy(grid.directions, tilted, sizeof tilted);
    memcpy(grid.origin_mm, origin, sizeof origin);
    for (int plane = 0; plane < HP_PLANE_COUNT; plane++) {
        double mm[3], x, y;
        const HpSliceFrame frame = hp_slice_frame_fit(&grid, (HpPlane)plane, 7, 321, 123, 10);
        hp_slice_frame_to_mm(&frame, &grid, 33.25, 77.5, mm);
        hp_slice_frame_from_mm(&frame, &grid, mm, &x, &y);
        g_assert_cmpfloat_with_epsilon(x, 33.25, 1e-9);
        g_assert_cmpfloat_with_epsilon(y, 77.5, 1e-9);
    }
}

static void the_shape_is_true_where_voxels_are_not_cubes(void)
{
    // Coronal: 2 mm wide and 4 x 3 mm high, in 24 x 24 pixels: 2 pixels a mm, 4 pixels wide.
    HpGrid grid = hp_grid_new(2, 3, 4, 1, 1, 3);
    g_autoptr(HpVolume) volume = hp_volume_new(&grid, NULL);
    for (size_t at = 0; at < hp_grid_count(&grid); at++)
        volume->hu[at] = 1000;
    const HpSliceView view = bare(volume, HP_PLANE_CORONAL, 1);
    g_autoptr(HpPicture) picture = hp_slice_compose(&view, 24, 24, NULL);
    for (int y = 0; y < 24; y++)
        for (int x = 0; x < 24; x++)
            g_assert_cmpint(hp_picture_at(picture, x, y)[0], ==, x >= 10 && x < 14 ? 255 : 0);
}

static void zoom_and_pan_move_the_slice(void)
{
    g_autoptr(HpVolume) volume = places(plain_grid());
    HpSliceView view = bare(volume, HP_PLANE_AXIAL, 0);
    view.pan_mm[0] = 1;
    view.pan_mm[1] = -1;
    assert_greys(&view, 2, 3, "0 10\n0 20\n0 0\n"); // one pixel to the right and one up
    view = bare(volume, HP_PLANE_AXIAL, 0);
    view.zoom = 1.0 / 3;
    g_autofree char *small = greys(&view, 6, 9); // 2 x 3 pixels, in the middle
    g_assert_cmpstr(small, ==,
                    "0 0 0 0 0 0\n0 0 0 0 0 0\n0 0 0 0 0 0\n0 0 0 100 0 0\n0 0 10 110 0 0\n"
                    "0 0 20 120 0 0\n0 0 0 0 0 0\n0 0 0 0 0 0\n0 0 0 0 0 0\n");
}

static void the_window_maps_to_black_and_white(void)
{
    const HpGrid grid = hp_grid_new(4, 1, 1, 1, 1, 1);
    g_autoptr(HpVolume) volume = hp_volume_new(&grid, NULL);
    const int16_t hu[4] = {-1000, -100, 50, 3000};
    memcpy(volume->hu, hu, sizeof hu);
    HpSliceView view = bare(volume, HP_PLANE_AXIAL, 0);
    view.low_hu = -100;
    view.high_hu = 200;
    assert_greys(&view, 4, 1, "0 0 128 255\n");
}

static void voxels_are_squares_where_asked(void)
{
    const HpGrid grid = hp_grid_new(3, 1, 1, 1, 1, 1);
    g_autoptr(HpVolume) volume = hp_volume_new(&grid, NULL);
    const int16_t hu[3] = {10, 200, 90};
    memcpy(volume->hu, hu, sizeof hu);
    HpSliceView view = bare(volume, HP_PLANE_AXIAL, 0);
    view.shows_voxels = true;
    assert_greys(&view, 9, 3,
                 "10 10 10 200 200 200 90 90 90\n10 10 10 200 200 200 90 90 90\n"
                 "10 10 10 200 200 200 90 90 90\n");
    assert_greys(&view, 3, 1, "10 200 90\n");
    assert_greys(&view, 1, 1, "100\n"); // all three, so that none is skipped
}

// What is 0.4 of the band's colour over a grey.
static void assert_tinted(const HpPicture *picture, int x, int grey, bool is_tinted)
{
    uint8_t expected[3] = {(uint8_t)grey, (uint8_t)grey, (uint8_t)grey};
    if (is_tinted)
        hp_picture_blend(expected, hp_palette_band, 0.4f);
    g_assert_cmpmem(hp_picture_at(picture, x, 0), 3, expected, 3);
}

static void the_band_tints_what_lies_in_it(void)
{
    const HpGrid grid = hp_grid_new(5, 1, 1, 1, 1, 1);
    g_autoptr(HpVolume) volume = hp_volume_new(&grid, NULL);
    const int16_t hu[5] = {39, 40, 100, 160, 161};
    const double band[2] = {40, 160};
    memcpy(volume->hu, hu, sizeof hu);
    HpSliceView view = bare(volume, HP_PLANE_AXIAL, 0);
    view.shows_voxels = true;
    view.band_hu = band;
    g_autoptr(HpPicture) picture = hp_slice_compose(&view, 5, 1, NULL);
    for (int x = 0; x < 5; x++)
        assert_tinted(picture, x, hu[x], x > 0 && x < 4);
    // The band is of the volume, also where something else is shown in its place.
    g_autoptr(HpVolume) other = hp_volume_new(&grid, NULL);
    for (int x = 0; x < 5; x++)
        other->hu[x] = 7;
    view.prepared = other;
    g_autoptr(HpPicture) prepared = hp_slice_compose(&view, 5, 1, NULL);
    for (int x = 0; x < 5; x++)
        assert_tinted(prepared, x, 7, x > 0 && x < 4);
}

static void the_mask_is_laid_over_its_voxels(void)
{
    // 8 pixels a voxel; label 1 fills the right half, far from its edge the blend is exact.
    g_autoptr(HpMask) mask = picture("....####\n....####\n....####\n....####\n");
    g_autoptr(HpVolume) volume = hp_volume_new(hp_mask_get_grid(mask), NULL);
    for (int at = 0; at < 32; at++)
        volume->hu[at] = 100;
    HpSegments segments = {.count = 1};
    segments.item[0] = (HpSegment){.label = 1, .colour = {200, 0, 100}, .visible = true};
    HpSliceView view = bare(volume, HP_PLANE_AXIAL, 0);
    view.mask = mask;
    view.segments = &segments;
    view.opacity = 0.5;
    g_autoptr(HpPicture) picture = hp_slice_compose(&view, 64, 32, NULL);
    const uint8_t grey[3] = {100, 100, 100}, blend[3] = {150, 50, 100};
    g_assert_cmpmem(hp_picture_at(picture, 28, 16), 3, grey, 3);
    g_assert_cmpmem(hp_picture_at(picture, 30, 16), 3, grey, 3);
    g_assert_cmpmem(hp_picture_at(picture, 33, 16), 3, blend, 3);
    g_assert_cmpmem(hp_picture_at(picture, 60, 16), 3, blend, 3);
    view.outline = 2;
    g_autoptr(HpPicture) lined = hp_slice_compose(&view, 64, 32, NULL);
    const uint8_t line[3] = {255, 51, 152}; // (200, 0, 100) at full value, a fifth towards white
    for (int x = 31; x <= 32; x++)
        for (int part = 0; part < 3; part++) // the distance to the edge is of first order
            g_assert_cmpint(abs(hp_picture_at(lined, x, 16)[part] - line[part]), <=, 1);
    g_assert_cmpmem(hp_picture_at(lined, 28, 16), 3, grey, 3);
    g_assert_cmpmem(hp_picture_at(lined, 60, 16), 3, blend, 3);
    segments.item[0].visible = false;
    g_autoptr(HpPicture) hidden = hp_slice_compose(&view, 64, 32, NULL);
    g_assert_cmpmem(hp_picture_at(hidden, 60, 16), 3, grey, 3);
}

static void a_contour_runs_where_its_points_are(void)
{
    const HpGrid grid = hp_grid_new(10, 10, 3, 1, 1, 1);
    g_autoptr(HpVolume) volume = hp_volume_new(&grid, NULL);
    g_autoptr(GPtrArray) contours = hp_contours_new();
    HpContour *square = hp_contour_new(HP_PLANE_AXIAL, 1, 4);
    static const double corner[4][3] = {{2, 2, 1}, {7, 2, 1}, {7, 7, 1}, {2, 7, 1}};
    memcpy(square->mm, corner, sizeof corner);
    g_ptr_array_add(contours, square);
    const HpSliceCurves curves = {.contours = contours, .colour = {255, 128, 0}, .width = 2};
    HpSliceView view = bare(volume, HP_PLANE_AXIAL, 1);
    view.curves = &curves;
    view.curves_count = 1;
    // 10 pixels a mm: the upper edge lies at y = 25 and is two pixels wide.
    g_autoptr(HpPicture) picture = hp_slice_compose(&view, 100, 100, NULL);
    const uint8_t black[3] = {0, 0, 0};
    g_assert_cmpmem(hp_picture_at(picture, 50, 24), 3, curves.colour, 3);
    g_assert_cmpmem(hp_picture_at(picture, 50, 25), 3, curves.colour, 3);
    g_assert_cmpmem(hp_picture_at(picture, 50, 23), 3, black, 3);
    g_assert_cmpmem(hp_picture_at(picture, 50, 26), 3, black, 3);
    g_assert_cmpmem(hp_picture_at(picture, 25, 50), 3, curves.colour, 3); // the closing edge
    view.slice = 2;
    g_autoptr(HpPicture) other = hp_slice_compose(&view, 100, 100, NULL);
    g_assert_cmpmem(hp_picture_at(other, 50, 25), 3, black, 3);
}

static void a_mask_of_another_grid_is_refused(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(HpVolume) volume = places(plain_grid());
    g_autoptr(HpMask) mask = picture("##\n##\n");
    HpSliceView view = bare(volume, HP_PLANE_AXIAL, 0);
    view.mask = mask;
    g_assert_null(hp_slice_compose(&view, 10, 10, &error));
    g_assert_error(error, HP_ERROR, HP_ERROR_GRID_MISMATCH);
}

static void the_slice_of_most_is_found_on_each_plane(void)
{
    g_autoptr(HpMask) mask = picture("....\n.#..\n\n.##.\n.##2\n\n....\n22..\n");
    g_assert_cmpint(hp_slice_of_most(mask, HP_PLANE_AXIAL, 1), ==, 1);
    g_assert_cmpint(hp_slice_of_most(mask, HP_PLANE_AXIAL, 2), ==, 2);
    g_assert_cmpint(hp_slice_of_most(mask, HP_PLANE_CORONAL, 0), ==, 1);
    g_assert_cmpint(hp_slice_of_most(mask, HP_PLANE_SAGITTAL, 1), ==, 1);
    const HpGrid grid = hp_grid_new(4, 4, 9, 1, 1, 1);
    g_autoptr(HpMask) empty = hp_mask_new(&grid, NULL);
    g_assert_cmpint(hp_slice_of_most(empty, HP_PLANE_AXIAL, 0), ==, 4);
}

static void any_number_of_threads_makes_the_same_picture(void)
{
    const HpGrid grid = hp_grid_new(70, 80, 90, 0.7, 0.8, 2.5);
    g_autoptr(HpVolume) volume = hp_volume_new(&grid, NULL);
    for (size_t at = 0; at < hp_grid_count(&grid); at++)
        volume->hu[at] = (int16_t)(at * 7919 % 300 - 100);
    const HpSliceView view = bare(volume, HP_PLANE_CORONAL, 40);
    hp_parallel_set_threads(1);
    g_autoptr(HpPicture) one = hp_slice_compose(&view, 333, 222, NULL);
    hp_parallel_set_threads(8);
    g_autoptr(HpPicture) eight = hp_slice_compose(&view, 333, 222, NULL);
    g_assert_cmpmem(one->rgb, 333 * 222 * 3, eight->rgb, 333 * 222 * 3);
}

static void four_panes_stand_side_by_side(void)
{
    g_autoptr(HpVolume) volume = places(plain_grid());
    HpPanes panes = hp_panes_default(volume, NULL, NULL);
    panes.slice = bare(volume, HP_PLANE_AXIAL, 0);
    panes.cross = false;
    panes.slices[HP_PLANE_AXIAL] = panes.slices[HP_PLANE_CORONAL] = 0;
    panes.slices[HP_PLANE_SAGITTAL] = 0;
    g_autoptr(HpPicture) picture = hp_panes_compose(&panes, 9, 9, NULL, NULL);
    // A line of one pixel between panes of 4 x 4; axial, coronal, sagittal as above.
    g_assert_cmpmem(hp_picture_at(picture, 4, 2), 3, hp_palette_gap, 3);
    g_assert_cmpmem(hp_picture_at(picture, 2, 4), 3, hp_palette_gap, 3);
    for (int y = 0; y < 4; y++) { // coronal fills 2 x 4 voxels of its 4 x 4 pixels
        g_assert_cmpint(hp_picture_at(picture, 6, y)[0], ==, 3 - y);
        g_assert_cmpint(hp_picture_at(picture, 7, y)[0], ==, 103 - y);
        g_assert_cmpint(hp_picture_at(picture, 5, y)[0], ==, 0);
    }
    double mm[3];
    panes.slices[HP_PLANE_AXIAL] = 3;
    panes.slices[HP_PLANE_CORONAL] = 2;
    panes.slices[HP_PLANE_SAGITTAL] = 1;
    hp_panes_cross_mm(&panes, mm);
    for (int axis = 0; axis < 3; axis++)
        g_assert_cmpfloat(mm[axis], ==, axis + 1);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define CASE(name) g_test_add_func("/slice/" #name, name)
    CASE(each_plane_shows_its_sides_whatever_the_grid);
    CASE(letters_name_the_sides);
    CASE(slices_are_counted_the_same_way_in_any_grid);
    CASE(a_pixel_and_its_place_are_two_ways);
    CASE(the_shape_is_true_where_voxels_are_not_cubes);
    CASE(zoom_and_pan_move_the_slice);
    CASE(the_window_maps_to_black_and_white);
    CASE(voxels_are_squares_where_asked);
    CASE(the_band_tints_what_lies_in_it);
    CASE(the_mask_is_laid_over_its_voxels);
    CASE(a_contour_runs_where_its_points_are);
    CASE(a_mask_of_another_grid_is_refused);
    CASE(the_slice_of_most_is_found_on_each_plane);
    CASE(four_panes_stand_side_by_side);
    CASE(any_number_of_threads_makes_the_same_picture);
    return g_test_run();
}
