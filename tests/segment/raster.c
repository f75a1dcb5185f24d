// SPDX-License-Identifier: Apache-2.0
// Curves into pixels and back: coverage against the formula and against counting, distance, outlines.
#include "segment/raster.h"

#include <math.h>
#include <string.h>

// A star-shaped loop with `points` corners at random radii, counter-clockwise.
static HpLoop *star(GRand *random, int points, double a, double b, double low, double high)
{
    HpLoop *loop = hp_loop_new(points);
    for (int at = 0; at < points; at++) {
        const double radius = g_rand_double_range(random, low, high), turn = 2 * G_PI * at / points;
        hp_loop_append(loop, a + radius * cos(turn), b + radius * sin(turn));
    }
    return loop;
}

static HpLoop *rectangle(double a0, double b0, double a1, double b1)
{
    HpLoop *loop = hp_loop_new(4);
    hp_loop_append(loop, a0, b0);
    hp_loop_append(loop, a1, b0);
    hp_loop_append(loop, a1, b1);
    hp_loop_append(loop, a0, b1);
    return loop;
}

static double covered_mm2(const HpRaster *raster, GPtrArray *loops, HpFill fill)
{
    const int count = raster->width * raster->height;
    g_autofree float *coverage = g_new(float, count);
    hp_raster_cover(raster, loops, fill, coverage);
    double sum = 0;
    for (int at = 0; at < count; at++) {
        g_assert_cmpfloat(coverage[at], >=, 0);
        g_assert_cmpfloat(coverage[at], <=, 1);
        sum += coverage[at];
    }
    return sum * raster->da_mm * raster->db_mm;
}

static bool is_inside(const HpLoop *loop, double a, double b)
{
    bool inside = false;
    for (int at = 0; at < loop->count; at++) {
        const double *p = loop->ab[at], *q = loop->ab[(at + 1) % loop->count];
        if ((p[1] > b) != (q[1] > b) && a < p[0] + (b - p[1]) / (q[1] - p[1]) * (q[0] - p[0]))
            inside = !inside;
    }
    return inside;
}

static void coverage_sums_to_the_area(void)
{
    g_autoptr(GRand) random = g_rand_new_with_seed(1);
    const HpRaster raster = {64, 48, -20, -15, 0.7, 1.1};
    for (int round = 0; round < 50; round++) {
        g_autoptr(GPtrArray) loops = hp_loops_new();
        HpLoop *loop = star(random, 5 + round, 2, 9, 3, 20);
        const double area = hp_loop_area_mm2(loop);
        if (round % 2)
            hp_loop_reverse(loop); // clockwise is as good
        g_ptr_array_add(loops, loop);
        g_assert_cmpfloat_with_epsilon(covered_mm2(&raster, loops, HP_FILL_UNION), area, 2e-3);
    }
}

static void a_loop_that_leaves_the_picture_covers_what_it_should(void)
{
    g_autoptr(GRand) random = g_rand_new_with_seed(2);
    const HpRaster raster = {20, 16, 0, 0, 1, 1};
    enum { FINE = 32 };
    for (int round = 0; round < 12; round++) {
        g_autoptr(GPtrArray) loops = hp_loops_new();
        HpLoop *loop = star(random, 9, g_rand_double_range(random, -5, 25),
                            g_rand_double_range(random, -5, 21), 4, 25);
        g_ptr_array_add(loops, loop);
        float coverage[20 * 16];
        hp_raster_cover(&raster, loops, HP_FILL_UNION, coverage);
        for (int at = 0; at < 20 * 16; at++) {
            double count = 0;
            for (int sub = 0; sub < FINE * FINE; sub++)
                count += is_inside(loop, at % 20 - 0.5 + (sub % FINE + 0.5) / FINE,
                                   at / 20 - 0.5 + (sub / FINE + 0.5) / FINE);
            // A pixel cut by a few straight edges: each costs at most one row of samples.
            g_assert_cmpfloat_with_epsilon(coverage[at], count / (FINE * FINE), 3.0 / FINE);
        }
    }
}

static void overlaps_count_once_and_inner_loops_are_holes_when_asked(void)
{
    const HpRaster raster = {40, 40, 0, 0, 1, 1};
    g_autoptr(GPtrArray) loops = hp_loops_new();
    g_ptr_array_add(loops, rectangle(5.25, 5, 20.25, 20));
    g_ptr_array_add(loops, rectangle(10.75, 10, 30.75, 30));
    // Not exact in the pixels where the outlines cross.
    g_assert_cmpfloat_with_epsilon(covered_mm2(&raster, loops, HP_FILL_UNION), 225 + 400 - 9.5 * 10,
                                   0.5);
    g_assert_cmpfloat_with_epsilon(covered_mm2(&raster, loops, HP_FILL_EVEN_ODD),
                                   225 + 400 - 2 * 9.5 * 10, 1);
    g_assert_cmpfloat(covered_mm2(&raster, NULL, HP_FILL_UNION), ==, 0);
}

static void distance_is_exact_and_clamped(void)
{
    const HpRaster raster = {50, 60, -3, 2, 0.8, 0.6};
    g_autoptr(GPtrArray) loops = hp_loops_new();
    g_ptr_array_add(loops, rectangle(5, 10, 25, 30));
    g_autofree float *distance = g_new(float, 50 * 60);
    hp_raster_distance(&raster, loops, HP_FILL_UNION, 4, distance);
    for (int at = 0; at < 50 * 60; at++) {
        const double a = -3 + 0.8 * (at % 50) - 15, b = 2 + 0.6 * (at / 50) - 20;
        const double da = fabs(a) - 10, db = fabs(b) - 10;
        const double outside = hypot(MAX(da, 0), MAX(db, 0));
        const double wanted = outside > 0 ? outside : MAX(da, db);
        g_assert_cmpfloat_with_epsilon(distance[at], CLAMP(wanted, -4, 4), 1e-4);
    }
    hp_raster_distance(&raster, NULL, HP_FILL_UNION, 4, distance);
    g_assert_cmpfloat(distance[0], ==, 4);
    g_assert_cmpfloat(distance[50 * 60 - 1], ==, 4);
}

static void outlines_of_a_ring_are_two_circles(void)
{
    const HpRaster raster = {80, 70, 1, -4, 0.9, 1.2};
    g_autofree float *picture = g_new(float, 80 * 70);
    for (int at = 0; at < 80 * 70; at++) {
        const double radius = hypot(1 + 0.9 * (at % 80) - 35, -4 + 1.2 * (at / 80) - 38);
        picture[at] = (float)(8 - fabs(radius - 20)); // positive between radius 12 and 28
    }
    g_autoptr(GPtrArray) loops = hp_raster_trace(&raster, picture, 0);
    g_assert_cmpint(loops->len, ==, 2);
    const double p = hp_loop_area_mm2(loops->pdata[0]), q = hp_loop_area_mm2(loops->pdata[1]);
    // Linear interpolation of a distance is off by step^2 / (8 radius): 0.1 mm2 per mm of length.
    g_assert_cmpfloat_with_epsilon(MAX(p, q), G_PI * 28 * 28, 5);
    g_assert_cmpfloat_with_epsilon(MIN(p, q), -G_PI * 12 * 12, 5);
}

static void outline_of_a_full_picture_is_its_border(void)
{
    const HpRaster raster = {4, 3, 0, 0, 1, 1};
    float picture[12];
    for (int at = 0; at < 12; at++)
        picture[at] = 1;
    g_autoptr(GPtrArray) loops = hp_raster_trace(&raster, picture, 0.5);
    g_assert_cmpint(loops->len, ==, 1);
    g_assert_cmpfloat_with_epsilon(hp_loop_area_mm2(loops->pdata[0]), 12 - 0.5,
                                   1e-9); // four corners cut
    memset(picture, 0, sizeof picture);
    g_autoptr(GPtrArray) none = hp_raster_trace(&raster, picture, 0.5);
    g_assert_cmpint(none->len, ==, 0);
}

static void checkerboard_traces_into_closed_curves(void)
{
    const HpRaster raster = {9, 9, 0, 0, 1, 1};
    float picture[81];
    for (int at = 0; at < 81; at++)
        picture[at] = (at % 9 + at / 9) % 2 ? 0.9f : 0.2f;
    g_autoptr(GPtrArray) loops = hp_raster_trace(&raster, picture, 0.5);
    double area = 0;
    for (guint at = 0; at < loops->len; at++)
        area += hp_loop_area_mm2(loops->pdata[at]);
    g_assert_cmpint(loops->len, >, 1);
    g_assert_cmpfloat(area, >, 20);
    g_assert_cmpfloat(area, <, 81);
}

static void crossings_are_cut_and_the_larger_part_stays(void)
{
    g_autoptr(HpLoop) loop = hp_loop_new(8), scratch = hp_loop_new(8);
    // A square whose corner at the lower left is curled into a small clockwise loop.
    const double curled[][2] = {{1, 0}, {10, 0}, {10, 10}, {0, 10},
                                {0, 1}, {2, -1}, {2, 1},   {0, -1}};
    for (int at = 0; at < 8; at++)
        hp_loop_append(loop, curled[at][0], curled[at][1]);
    g_assert_cmpint(hp_loop_cut(loop, scratch), >=, 1);
    int edge, later;
    double ab[2];
    g_assert_false(hp_loop_find_crossing(loop, &edge, &later, ab));
    g_assert_cmpfloat(hp_loop_area_mm2(loop), >, 90);
    g_assert_cmpint(hp_loop_cut(loop, scratch), ==, 0);
}

static void resampling_keeps_area_and_spaces_evenly(void)
{
    for (double spacing = 0.5; spacing < 4; spacing *= 2) {
        g_autoptr(HpLoop) loop = hp_loop_new(64), scratch = hp_loop_new(64);
        for (int at = 0; at < 90; at++) {
            const double turn = 2 * G_PI * (at + 0.3 * sin(at)) / 90;
            hp_loop_append(loop, 40 * cos(turn), 25 * sin(turn));
        }
        const double area = hp_loop_area_mm2(loop);
        for (int round = 0; round < 50; round++)
            hp_loop_resample(loop, spacing, scratch);
        g_assert_cmpfloat_with_epsilon(hp_loop_area_mm2(loop), area, 1e-3 * area);
        const double mean = hp_loop_length_mm(loop) / loop->count;
        g_assert_cmpfloat_with_epsilon(mean, spacing, 0.05 * spacing);
    }
}

static void contours_paint_voxels_of_another_grid(void)
{
    HpGrid grid = hp_grid_new(40, 30, 20, 1, 2, 3);
    // Oblique: turned about z by 30 degrees, off the origin.
    const double c = cos(0.5), s = sin(0.5), turned[9] = {c, -s, 0, s, c, 0, 0, 0, 1};
    memcpy(grid.directions, turned, sizeof turned);
    grid.origin_mm[0] = -77;
    for (int plane = 0; plane < HP_PLANE_COUNT; plane++) {
        g_autoptr(HpLoop) loop = rectangle(6, 9, 20, 30);
        g_autoptr(GPtrArray) contours = hp_contours_new();
        g_ptr_array_add(contours, hp_loop_to_contour(loop, &grid, plane, 7));
        const double fine[3] = {0.5, 0.5, 3};
        const HpGrid other = hp_grid_resampled(&grid, fine);
        const HpGrid *grids[2] = {&grid, &other};
        for (int at = 0; at < 2; at++) {
            g_autofree uint8_t *labels = g_new0(uint8_t, hp_grid_count(grids[at]));
            const size_t painted = hp_raster_paint(contours, grids[at], 3, labels);
            int u, v;
            hp_plane_axes(grids[at], plane, &u, &v);
            const double pixel = grids[at]->spacing_mm[u] * grids[at]->spacing_mm[v];
            // A border pixel may fall to either side.
            g_assert_cmpfloat_with_epsilon(painted * pixel, 14.0 * 21,
                                           21 * grids[at]->spacing_mm[u] +
                                               14 * grids[at]->spacing_mm[v]);
            g_assert_cmpint(hp_raster_paint(contours, grids[at], 3, labels), ==, 0);
        }
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/raster/coverage_sums_to_the_area", coverage_sums_to_the_area);
    g_test_add_func("/raster/a_loop_that_leaves_the_picture_covers_what_it_should",
                    a_loop_that_leaves_the_picture_covers_what_it_should);
    g_test_add_func("/raster/overlaps_count_once_and_inner_loops_are_holes_when_asked",
                    overlaps_count_once_and_inner_loops_are_holes_when_asked);
    g_test_add_func("/raster/distance_is_exact_and_clamped", distance_is_exact_and_clamped);
    g_test_add_func("/raster/outlines_of_a_ring_are_two_circles",
                    outlines_of_a_ring_are_two_circles);
    g_test_add_func("/raster/outline_of_a_full_picture_is_its_border",
                    outline_of_a_full_picture_is_its_border);
    g_test_add_func("/raster/checkerboard_traces_into_closed_curves",
                    checkerboard_traces_into_closed_curves);
    g_test_add_func("/raster/crossings_are_cut_and_the_larger_part_stays",
                    crossings_are_cut_and_the_larger_part_stays);
    g_test_add_func("/raster/resampling_keeps_area_and_spaces_evenly",
                    resampling_keeps_area_and_spaces_evenly);
    g_test_add_func("/raster/contours_paint_voxels_of_another_grid",
                    contours_paint_voxels_of_another_grid);
    return g_test_run();
}
