// SPDX-License-Identifier: Apache-2.0
// Contours shaped by hand: handles, pulls, insertions, and lines that cross themselves.
#include "case/reshape.h"

#include <math.h>
#include <string.h>

static HpContour *contour_of(const double (*xy)[2], int count)
{
    HpContour *contour = hp_contour_new(HP_PLANE_AXIAL, 3, count);
    for (int at = 0; at < count; at++) {
        const double mm[3] = {xy[at][0], xy[at][1], 3};
        memcpy(contour->mm[at], mm, sizeof mm);
    }
    return contour;
}

// `count` points of a circle of 50 mm.
static HpContour *circle(int count)
{
    HpContour *contour = hp_contour_new(HP_PLANE_AXIAL, 3, count);
    for (int at = 0; at < count; at++) {
        const double mm[3] = {50 * cos(2 * G_PI * at / count), 50 * sin(2 * G_PI * at / count), 3};
        memcpy(contour->mm[at], mm, sizeof mm);
    }
    return contour;
}

static HpGrid grid(void)
{
    return hp_grid_new(200, 200, 10, 1, 1, 1);
}

static void handles_are_few_and_even(void)
{
    g_autoptr(HpContour) round = circle(200); // 314 mm: 14 of them
    g_autoptr(GArray) handles = hp_reshape_handles(round);
    g_assert_cmpuint(handles->len, ==, 14);
    for (guint at = 0; at < handles->len; at++)
        g_assert_cmpint(abs(g_array_index(handles, int, at) - (int)(at * 200 / 14)), <=, 1);
    g_autoptr(HpContour) corners_of_many = circle(24); // 13 mm apart: a polygon
    g_autoptr(GArray) each = hp_reshape_handles(corners_of_many);
    g_assert_cmpuint(each->len, ==, 24);
    const double corners[3][2] = {{0, 0}, {90, 0}, {0, 90}};
    g_autoptr(HpContour) triangle = contour_of(corners, 3);
    g_autoptr(GArray) all = hp_reshape_handles(triangle);
    g_assert_cmpuint(all->len, ==, 3);
}

static void the_nearest_place_lies_between_two_points(void)
{
    const double corners[4][2] = {{0, 0}, {10, 0}, {10, 10}, {0, 10}};
    g_autoptr(HpContour) square = contour_of(corners, 4);
    int after = -1;
    double place[3];
    g_assert_cmpfloat_with_epsilon(
        hp_reshape_nearest(square, (const double[]){-2, 4, 3}, &after, place), 2, 1e-12);
    g_assert_cmpint(after, ==, 3); // the closing segment
    g_assert_cmpfloat_with_epsilon(place[0], 0, 1e-12);
    g_assert_cmpfloat_with_epsilon(place[1], 4, 1e-12);
}

static void inside_is_inside_whatever_the_grid(void)
{
    const double corners[4][2] = {{0, 0}, {10, 0}, {10, 10}, {0, 10}};
    g_autoptr(HpContour) square = contour_of(corners, 4);
    HpGrid turned = grid();
    const double directions[9] = {0, -1, 0, 1, 0, 0, 0, 0, 1};
    memcpy(turned.directions, directions, sizeof directions);
    const HpGrid plain = grid();
    for (int which = 0; which < 2; which++) {
        const HpGrid *one = which == 0 ? &plain : &turned;
        g_assert_true(hp_reshape_contains(square, one, (const double[]){9, 1, 3}));
        g_assert_false(hp_reshape_contains(square, one, (const double[]){11, 1, 3}));
        g_assert_false(hp_reshape_contains(square, one, (const double[]){5, -1, 3}));
    }
}

static void a_pull_moves_the_point_and_fades_to_its_neighbours(void)
{
    g_autoptr(HpContour) round = circle(100); // 3.14 mm between points
    g_autoptr(HpContour) pulled = hp_reshape_pull(round, 0, (const double[]){8, -4, 0}, 31.4, 15.7);
    g_assert_cmpfloat_with_epsilon(pulled->mm[0][0] - round->mm[0][0], 8, 1e-12);
    g_assert_cmpfloat_with_epsilon(pulled->mm[0][1] - round->mm[0][1], -4, 1e-12);
    // Half way to where it ends the pull is half, on either side of its own reach.
    g_assert_cmpfloat_with_epsilon(pulled->mm[95][0] - round->mm[95][0], 4, 0.1);
    for (int at = 5; at <= 90; at++)
        g_assert_cmpmem(pulled->mm[at], 24, round->mm[at], 24);
    for (int at = 0; at < 100; at++)
        g_assert_cmpfloat(pulled->mm[at][2], ==, 3);
}

static void a_corner_that_is_pulled_leaves_the_others(void)
{
    const double corners[4][2] = {{0, 0}, {10, 0}, {10, 10}, {0, 10}};
    g_autoptr(HpContour) square = contour_of(corners, 4);
    g_autoptr(HpContour) pulled = hp_reshape_pull(square, 2, (const double[]){5, 5, 0}, 10, 10);
    g_assert_cmpfloat(pulled->mm[2][0], ==, 15);
    for (int at = 0; at < 4; at++)
        if (at != 2)
            g_assert_cmpmem(pulled->mm[at], 24, square->mm[at], 24);
}

static void points_come_and_go(void)
{
    const double corners[4][2] = {{0, 0}, {10, 0}, {10, 10}, {0, 10}};
    g_autoptr(HpContour) square = contour_of(corners, 4);
    g_autoptr(HpContour) more = hp_reshape_insert(square, 3, (const double[]){0, 5, 3});
    g_assert_cmpint(more->count, ==, 5);
    g_assert_cmpfloat(more->mm[4][1], ==, 5);
    g_autoptr(HpContour) less = hp_reshape_flatten(more, 3, 0);
    g_assert_cmpint(less->count, ==, 4);
    g_assert_cmpfloat_with_epsilon(hp_contour_area_mm2(less), 100, 1e-9);
    // Of a fine contour, what lies between becomes a chord with nearly as many points.
    g_autoptr(HpContour) round = circle(100);
    g_autoptr(HpContour) cut = hp_reshape_flatten(round, 90, 10);
    g_assert_cmpint(cut->count, ==, 99);
    const double chord = 2 * 50 * sin(2 * G_PI / 10), full = hp_contour_area_mm2(round);
    const double sector = 0.5 * 50 * 50 * (4 * G_PI / 10 - sin(4 * G_PI / 10));
    g_assert_cmpfloat_with_epsilon(hp_contour_area_mm2(cut), full - sector, 3);
    g_assert_cmpfloat_with_epsilon(hp_reshape_length_mm(cut, 80, 0), chord, 1);
}

static void what_is_moved_keeps_its_shape(void)
{
    g_autoptr(HpContour) round = circle(60);
    g_autoptr(HpContour) moved = hp_reshape_move(round, (const double[]){3, 4, 0});
    g_assert_cmpfloat_with_epsilon(hp_contour_area_mm2(moved), hp_contour_area_mm2(round), 1e-9);
    g_assert_cmpfloat_with_epsilon(moved->mm[7][1] - round->mm[7][1], 4, 1e-12);
}

static void an_overshooting_line_is_cut_where_it_meets_itself(void)
{
    // Round a square, then on past the beginning: both ends stick out.
    const double line[7][2] = {{-5, 2}, {10, 2}, {10, 10}, {0, 10}, {0, -3}, {-2, -3}, {-6, -1}};
    const HpGrid one = grid();
    g_autoptr(HpContour) drawn = contour_of(line, 7);
    g_autoptr(HpContour) loop = hp_reshape_untangle(drawn, &one);
    g_assert_cmpfloat_with_epsilon(hp_contour_area_mm2(loop), 80, 1e-9); // 10 x 8
    g_autoptr(HpContour) same = hp_reshape_untangle(loop, &one);
    g_assert_cmpint(same->count, ==, loop->count);
}

static void the_larger_half_of_an_eight_stays(void)
{
    const double line[4][2] = {{0, 0}, {30, 20}, {30, 0}, {0, 10}};
    const HpGrid one = grid();
    g_autoptr(HpContour) eight = contour_of(line, 4);
    g_autoptr(HpContour) loop = hp_reshape_untangle(eight, &one);
    g_assert_cmpint(loop->count, ==, 3);
    g_assert_cmpfloat_with_epsilon(hp_contour_area_mm2(loop), 200, 1e-9); // base 20, height 20
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define CASE(name) g_test_add_func("/reshape/" #name, name)
    CASE(handles_are_few_and_even);
    CASE(the_nearest_place_lies_between_two_points);
    CASE(inside_is_inside_whatever_the_grid);
    CASE(a_pull_moves_the_point_and_fades_to_its_neighbours);
    CASE(a_corner_that_is_pulled_leaves_the_others);
    CASE(points_come_and_go);
    CASE(what_is_moved_keeps_its_shape);
    CASE(an_overshooting_line_is_cut_where_it_meets_itself);
    CASE(the_larger_half_of_an_eight_stays);
    return g_test_run();
}
