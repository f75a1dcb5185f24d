// SPDX-License-Identifier: Apache-2.0
// Strokes on grids: which voxels they mark, in which order, and what snakes make of them.
#include "segment/strokes.h"

#include "core/contour.h"
#include "core/error.h"
#include "segment/snake.h"
#include "support/picture.h"

#include <math.h>
#include <string.h>

static void add(GPtrArray *strokes, const HpGrid *grid, HpStrokeKind kind, HpPlane plane, int slice,
                double radius, const double from[2], const double to[2])
{
    HpStroke *stroke = hp_stroke_new(kind, plane, radius, 2);
    hp_slice_to_mm(grid, plane, slice, from[0], from[1], stroke->mm[0]);
    hp_slice_to_mm(grid, plane, slice, to[0], to[1], stroke->mm[1]);
    g_ptr_array_add(strokes, stroke);
}

#define AT(a, b) ((const double[2]){a, b})

static void assert_marks(const GPtrArray *strokes, const HpGrid *grid, const char *expected)
{
    g_autoptr(HpStrokeMap) map = hp_stroke_map_new(strokes, grid, NULL);
    g_autoptr(HpMask) mask = hp_mask_new_from_labels(grid, map->mark, NULL);
    assert_picture(mask, expected);
}

static void a_line_is_as_deep_as_wide(void)
{
    const HpGrid grid = hp_grid_new(9, 5, 4, 1, 1, 1);
    g_autoptr(GPtrArray) strokes = hp_strokes_new();
    add(strokes, &grid, HP_STROKE_BARRIER, HP_PLANE_AXIAL, 1, 1.5, AT(2, 2), AT(5, 2));
    assert_marks(strokes, &grid,
                 ".........\n"
                 "..####...\n"
                 ".######..\n"
                 "..####...\n"
                 ".........\n"
                 "\n"
                 ".........\n"
                 ".######..\n"
                 ".######..\n"
                 ".######..\n"
                 ".........\n"
                 "\n"
                 ".........\n"
                 "..####...\n"
                 ".######..\n"
                 "..####...\n"
                 ".........\n"
                 "\n"
                 ".........\n"
                 ".........\n"
                 ".........\n"
                 ".........\n"
                 ".........\n");
}

static void on_thick_slices_it_stays_where_it_was_painted(void)
{
    const HpGrid grid = hp_grid_new(7, 3, 3, 1, 1, 5);
    g_autoptr(GPtrArray) strokes = hp_strokes_new();
    add(strokes, &grid, HP_STROKE_PUSH, HP_PLANE_AXIAL, 1, 1, AT(2, 1), AT(4, 1));
    assert_marks(strokes, &grid,
                 ".......\n"
                 ".......\n"
                 ".......\n"
                 "\n"
                 "..444..\n"
                 ".44444.\n"
                 "..444..\n"
                 "\n"
                 ".......\n"
                 ".......\n"
                 ".......\n");
}

static void a_thin_line_leaves_no_gap(void)
{
    const HpGrid grid = hp_grid_new(6, 6, 1, 3, 3, 3);
    g_autoptr(GPtrArray) strokes = hp_strokes_new();
    add(strokes, &grid, HP_STROKE_BARRIER, HP_PLANE_AXIAL, 0, 0.5, AT(0, 0), AT(15, 15));
    assert_marks(strokes, &grid,
                 "##....\n"
                 "###...\n"
                 ".###..\n"
                 "..###.\n"
                 "...###\n"
                 "....##\n");
}

static void the_later_stroke_counts(void)
{
    const HpGrid grid = hp_grid_new(9, 1, 1, 1, 1, 1);
    g_autoptr(GPtrArray) strokes = hp_strokes_new();
    add(strokes, &grid, HP_STROKE_HOLD, HP_PLANE_AXIAL, 0, 0.5, AT(0, 0), AT(5, 0));
    add(strokes, &grid, HP_STROKE_PUSH, HP_PLANE_AXIAL, 0, 0.5, AT(3, 0), AT(8, 0));
    assert_marks(strokes, &grid, "222444444\n");
    add(strokes, &grid, HP_STROKE_HOLD, HP_PLANE_AXIAL, 0, 0.5, AT(7, 0), AT(8, 0));
    assert_marks(strokes, &grid, "222444422\n");
    g_autoptr(GPtrArray) other = hp_strokes_new();
    for (guint at = 2; at-- > 0;)
        g_ptr_array_add(other, hp_stroke_copy(strokes->pdata[at]));
    assert_marks(other, &grid, "222222444\n");
}

static void a_barrier_yields_to_the_eraser_alone(void)
{
    const HpGrid grid = hp_grid_new(9, 1, 1, 1, 1, 1);
    g_autoptr(GPtrArray) strokes = hp_strokes_new();
    add(strokes, &grid, HP_STROKE_BARRIER, HP_PLANE_AXIAL, 0, 0.5, AT(0, 0), AT(5, 0));
    add(strokes, &grid, HP_STROKE_PUSH, HP_PLANE_AXIAL, 0, 0.5, AT(2, 0), AT(7, 0));
    assert_marks(strokes, &grid, "##555544.\n");
    add(strokes, &grid, HP_STROKE_ERASE, HP_PLANE_AXIAL, 0, 0.5, AT(1, 0), AT(3, 0));
    assert_marks(strokes, &grid, "#...5544.\n");
    add(strokes, &grid, HP_STROKE_BARRIER, HP_PLANE_AXIAL, 0, 0.5, AT(3, 0), AT(3, 0));
    assert_marks(strokes, &grid, "#..#5544.\n");
}

static void the_eraser_takes_all_of_the_same_line(void)
{
    HpGrid grid = hp_grid_new(30, 26, 20, 1.1, 0.9, 2.5);
    grid.origin_mm[1] = -77.3;
    for (int plane = 0; plane < HP_PLANE_COUNT; plane++) {
        g_autoptr(GPtrArray) strokes = hp_strokes_new();
        add(strokes, &grid, HP_STROKE_BARRIER, plane, 9, 4, AT(7, 8), AT(16, 21));
        add(strokes, &grid, HP_STROKE_ERASE, plane, 9, 4, AT(7, 8), AT(16, 21));
        g_autoptr(HpStrokeMap) map = hp_stroke_map_new(strokes, &grid, NULL);
        for (size_t at = 0; at < hp_grid_count(&grid); at++)
            g_assert_cmpint(map->mark[at], ==, 0);
    }
}

// Distance to the line by trying many of its points.
static bool is_within_slowly(const HpStroke *stroke, const HpGrid *grid, int i, int j, int k)
{
    int u, v;
    hp_plane_axes(grid, stroke->plane, &u, &v);
    const int normal = 3 - u - v, ijk[3] = {i, j, k};
    double least = INFINITY;
    for (int at = 0; at <= 4000; at++) {
        double mm[3], line[3];
        for (int axis = 0; axis < 3; axis++)
            mm[axis] =
                stroke->mm[0][axis] + at / 4000.0 * (stroke->mm[1][axis] - stroke->mm[0][axis]);
        hp_grid_to_ijk(grid, mm, line);
        double sum = 0;
        for (int axis = 0; axis < 3; axis++) {
            const double way = (ijk[axis] - line[axis]) * grid->spacing_mm[axis];
            sum += axis == normal && ijk[axis] == (int)floor(line[axis] + 0.5) ? 0 : way * way;
        }
        least = MIN(least, sum);
    }
    return sqrt(least) <= stroke->radius_mm;
}

static void marks_are_those_of_the_slow_way(void)
{
    HpGrid grid = hp_grid_new(15, 13, 11, 1.2, 0.8, 2.1);
    const double c = cos(0.4), s = sin(0.4), turned[9] = {c, -s, 0, s, c, 0, 0, 0, -1};
    memcpy(grid.directions, turned, sizeof turned);
    memcpy(grid.origin_mm, (const double[]){40, -12, 900}, sizeof grid.origin_mm);
    g_autoptr(GRand) random = g_rand_new_with_seed(11);
    for (int round = 0; round < 12; round++) {
        g_autoptr(GPtrArray) strokes = hp_strokes_new();
        const HpPlane plane = round % HP_PLANE_COUNT;
        const int slices = grid.size[hp_grid_axis(&grid, plane)];
        add(strokes, &grid, HP_STROKE_BARRIER, plane, g_rand_int_range(random, 0, slices),
            g_rand_double_range(random, 1.8, 4),
            AT(g_rand_double_range(random, -3, 15), g_rand_double_range(random, -3, 15)),
            AT(g_rand_double_range(random, -3, 15), g_rand_double_range(random, -3, 15)));
        g_autoptr(HpStrokeMap) map = hp_stroke_map_new(strokes, &grid, NULL);
        int wrong = 0;
        for (int k = 0; k < grid.size[2]; k++)
            for (int j = 0; j < grid.size[1]; j++)
                for (int i = 0; i < grid.size[0]; i++)
                    wrong += is_within_slowly(strokes->pdata[0], &grid, i, j, k) !=
                             (hp_stroke_map_get(map, hp_grid_offset(&grid, i, j, k)) != 0);
        g_assert_cmpint(wrong, <=, 1); // the slow way misses ends by a hair
    }
}

static void none_and_far_ones_mark_nothing(void)
{
    const HpGrid grid = hp_grid_new(9, 9, 9, 1, 1, 1);
    g_autoptr(HpStrokeMap) none = hp_stroke_map_new(NULL, &grid, NULL);
    g_assert_null(none->mark);
    g_autoptr(GPtrArray) strokes = hp_strokes_new();
    add(strokes, &grid, HP_STROKE_BARRIER, HP_PLANE_AXIAL, 30, 4, AT(2, 2), AT(5, 2));
    add(strokes, &grid, HP_STROKE_BARRIER, HP_PLANE_AXIAL, 4, 4, AT(200, 2), AT(300, 2));
    g_autoptr(HpStrokeMap) far = hp_stroke_map_new(strokes, &grid, NULL);
    g_assert_null(far->mark);
    g_assert_true(hp_stroke_map_spread(far, NULL, NULL));
    g_assert_null(far->against);
}

static void a_mask_obeys(void)
{
    g_autoptr(HpMask) mask = picture("######\n"
                                     "######\n"
                                     "######\n");
    const HpGrid *grid = hp_mask_get_grid(mask);
    g_autoptr(GPtrArray) strokes = hp_strokes_new();
    add(strokes, grid, HP_STROKE_BARRIER, HP_PLANE_AXIAL, 0, 0.8, AT(1, 1), AT(4, 1));
    add(strokes, grid, HP_STROKE_ERASE, HP_PLANE_AXIAL, 0, 0.8, AT(4, 1), AT(4, 1));
    add(strokes, grid, HP_STROKE_HOLD, HP_PLANE_AXIAL, 0, 0.8, AT(5, 0), AT(5, 2));
    g_assert_true(hp_strokes_obey(strokes, mask, NULL));
    assert_picture(mask, "######\n"
                         "#...##\n"
                         "######\n");
}

static char *complaint(HpStroke *stroke, const HpGrid *grid)
{
    g_autoptr(HpStroke) taken = stroke;
    g_autoptr(GError) error = NULL;
    g_autoptr(HpStroke) placed = hp_stroke_place(stroke, grid, &error);
    if (placed != NULL)
        return NULL;
    g_assert_error(error, HP_ERROR, HP_ERROR_BAD_FILE);
    return g_strdup(error->message);
}

static void strokes_off_the_grid_are_refused(void)
{
    const HpGrid grid = hp_grid_new(9, 9, 9, 1, 1, 2);
    HpStroke *above = hp_stroke_new(HP_STROKE_PUSH, HP_PLANE_AXIAL, 2, 1);
    above->mm[0][2] = 18;
    g_autofree char *one = complaint(above, &grid);
    g_assert_cmpstr(one, ==, "it lies on axial slice 9.00, expected 0 to 8");
    HpStroke *slanted = hp_stroke_new(HP_STROKE_PUSH, HP_PLANE_AXIAL, 2, 2);
    slanted->mm[1][2] = 6;
    g_autofree char *two = complaint(slanted, &grid);
    g_assert_cmpstr(two, ==, "point 1 lies on axial slice 0.00, the others on 1.50");
    HpStroke *nowhere = hp_stroke_new(HP_STROKE_PUSH, HP_PLANE_AXIAL, 2, 1);
    nowhere->mm[0][0] = NAN;
    g_autofree char *three = complaint(nowhere, &grid);
    g_assert_cmpstr(three, ==, "point 1 is no place");
    g_autofree char *four = complaint(hp_stroke_new(HP_STROKE_PUSH, HP_PLANE_AXIAL, 0.1, 1), &grid);
    g_assert_cmpstr(four, ==, "radius is 0.1 mm, expected 0.5 to 50");
    g_autofree char *five = complaint(hp_stroke_new(HP_STROKE_PUSH, HP_PLANE_AXIAL, 2, 0), &grid);
    g_assert_cmpstr(five, ==, "no point, expected at least one");
    g_autofree char *good = complaint(hp_stroke_new(HP_STROKE_PUSH, HP_PLANE_CORONAL, 2, 1), &grid);
    g_assert_null(good);
}

// A picture of one value, 120 x 120 mm, and the snake of a circle in its middle.
typedef struct {
    HpField *smooth;
    HpMaps *maps;
    HpSnake *snake;
} Flat;

static void flat_clear(Flat *flat)
{
    hp_field_unref(flat->smooth);
    hp_maps_free(flat->maps);
    hp_snake_free(flat->snake);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Flat, flat_clear)

static HpLoop *circle(double radius)
{
    HpLoop *loop = hp_loop_new(60);
    for (int at = 0; at < 60; at++)
        hp_loop_append(loop, 60 + radius * cos(at * G_PI / 30), 60 + radius * sin(at * G_PI / 30));
    return loop;
}

// Runs the snake from a circle of 20 mm in values of the organ (or not) under the strokes.
static Flat run(const GPtrArray *strokes, bool is_organ, int steps)
{
    const HpGrid grid = hp_grid_new(120, 120, 1, 1, 1, 1);
    Flat flat = {hp_field_new(&grid, NULL), hp_maps_new(), hp_snake_new()};
    for (size_t at = 0; at < hp_grid_count(&grid); at++)
        flat.smooth->value[at] = is_organ ? 100 : 40;
    g_autoptr(HpStrokeMap) map = hp_stroke_map_new(strokes, &grid, NULL);
    g_assert_true(hp_stroke_map_spread(map, NULL, NULL));
    const HpMapSources sources = {.smooth = flat.smooth, .strokes = map};
    const HpMapRule rule = {.low_hu = 80,
                            .high_hu = 120,
                            .width_hu = 5,
                            .ramp_mm = 1,
                            .barrier_low_hu = -30,
                            .barrier_high_hu = 230,
                            .median_hu = 100,
                            .gradient_hu_mm = 10,
                            .edge = 1,
                            .region = 1,
                            .alpha = 1.5,
                            .beta_mm = 4};
    const HpRaster raster = hp_raster_of_slice(&grid, HP_PLANE_AXIAL);
    hp_maps_make(flat.maps, &sources, &rule, HP_PLANE_AXIAL, 0, &raster, 0, 0);
    g_autoptr(HpLoop) start = circle(20);
    hp_snake_init(flat.snake, flat.maps, start, HP_SNAKE_SPACING_MM, steps);
    while (hp_snake_step(flat.snake))
        continue;
    return flat;
}

// How far the snake reaches from the middle within 15 degrees of a direction.
static double reach(const Flat *flat, double degrees)
{
    const HpLoop *loop = hp_snake_get_loop(flat->snake);
    double farthest = 0;
    for (int at = 0; at < loop->count; at++) {
        const double a = loop->ab[at][0] - 60, b = loop->ab[at][1] - 60;
        const double off = remainder(atan2(b, a) * 180 / G_PI - degrees, 360);
        if (fabs(off) < 15)
            farthest = MAX(farthest, hypot(a, b));
    }
    return farthest;
}

static GPtrArray *on_the_right(HpStrokeKind kind, double radius, double a)
{
    const HpGrid grid = hp_grid_new(120, 120, 1, 1, 1, 1);
    GPtrArray *strokes = hp_strokes_new();
    add(strokes, &grid, kind, HP_PLANE_AXIAL, 0, radius, AT(a, 48), AT(a, 72));
    return strokes;
}

static void hold_keeps_the_contour_where_it_starts(void)
{
    g_autoptr(GPtrArray) strokes = on_the_right(HP_STROKE_HOLD, 10, 78);
    g_auto(Flat) free = run(NULL, true, 40);
    g_auto(Flat) held = run(strokes, true, 40);
    g_test_message("held %.1f mm, free %.1f mm; left %.1f mm", reach(&held, 0), reach(&free, 0),
                   reach(&held, 180));
    g_assert_cmpfloat(reach(&free, 0), >, 50);
    g_assert_cmpfloat(reach(&held, 180), >, 50);
    g_assert_cmpfloat(fabs(reach(&held, 0) - 20), <, 4); // all the rest pulls at it
}

static void push_grows_it_where_the_values_do_not(void)
{
    g_autoptr(GPtrArray) strokes = on_the_right(HP_STROKE_PUSH, 12, 82);
    g_auto(Flat) shrunk = run(NULL, false, 12);
    g_auto(Flat) pushed = run(strokes, false, 12);
    g_test_message("pushed %.1f mm, not %.1f mm", reach(&pushed, 0), reach(&shrunk, 0));
    g_assert_cmpfloat(reach(&shrunk, 0), <, 15);
    g_assert_cmpfloat(reach(&pushed, 0), >, 22);
}

static void a_barrier_stops_the_snake(void)
{
    g_autoptr(GPtrArray) strokes = on_the_right(HP_STROKE_BARRIER, 3, 88);
    g_auto(Flat) stopped = run(strokes, true, 18);
    g_autoptr(HpLoop) loop = hp_loop_copy(hp_snake_get_loop(stopped.snake));
    const double before = hp_loop_area_mm2(loop);
    hp_maps_carve(stopped.maps, loop);
    g_autoptr(GPtrArray) one = g_ptr_array_new();
    g_ptr_array_add(one, loop);
    g_autofree float *coverage = g_new(float, 120 * 120);
    hp_raster_cover(&stopped.maps->raster, one, HP_FILL_UNION, coverage);
    int barriers = 0;
    for (int at = 0; at < 120 * 120; at++)
        if (stopped.maps->mark[at] & HP_MARK_BARRIER) {
            barriers++;
            g_assert_cmpfloat(coverage[at], <, 0.5);
        }
    g_assert_cmpint(barriers, >, 100);
    g_test_message("right %.1f mm, left %.1f mm", reach(&stopped, 0), reach(&stopped, 180));
    g_assert_cmpfloat(reach(&stopped, 0), <, 26.5);
    g_assert_cmpfloat(reach(&stopped, 180), >, 32);
    g_assert_cmpfloat(hp_loop_area_mm2(loop), >, 0.97 * before);
}

// What lies beyond a barrier right through a contour is another part, and the smaller one goes.
static void carving_keeps_the_larger_side(void)
{
    g_autoptr(GPtrArray) strokes = hp_strokes_new();
    const HpGrid grid = hp_grid_new(120, 120, 1, 1, 1, 1);
    add(strokes, &grid, HP_STROKE_BARRIER, HP_PLANE_AXIAL, 0, 2, AT(70, 20), AT(70, 100));
    g_auto(Flat) flat = run(strokes, true, 1);
    g_autoptr(HpLoop) loop = circle(20);
    hp_maps_carve(flat.maps, loop);
    double right = 0;
    for (int at = 0; at < loop->count; at++)
        right = MAX(right, loop->ab[at][0]);
    g_assert_cmpfloat_with_epsilon(right, 67.5, 0.2);
    // An island stays inside: a loop has no holes. All of it covered leaves nothing.
    g_autoptr(GPtrArray) island = hp_strokes_new();
    add(island, &grid, HP_STROKE_BARRIER, HP_PLANE_AXIAL, 0, 2, AT(60, 60), AT(60, 60));
    g_auto(Flat) dotted = run(island, true, 1);
    g_autoptr(HpLoop) round = circle(20);
    hp_maps_carve(dotted.maps, round);
    g_assert_cmpfloat(fabs(hp_loop_area_mm2(round) - G_PI * 400), <, 10);
    g_autoptr(HpLoop) small = circle(1.2);
    hp_maps_carve(dotted.maps, small);
    g_assert_cmpint(small->count, ==, 0);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define TEST(name) g_test_add_func("/strokes/" #name, name)
    TEST(a_line_is_as_deep_as_wide);
    TEST(on_thick_slices_it_stays_where_it_was_painted);
    TEST(a_thin_line_leaves_no_gap);
    TEST(the_later_stroke_counts);
    TEST(a_barrier_yields_to_the_eraser_alone);
    TEST(the_eraser_takes_all_of_the_same_line);
    TEST(marks_are_those_of_the_slow_way);
    TEST(none_and_far_ones_mark_nothing);
    TEST(a_mask_obeys);
    TEST(strokes_off_the_grid_are_refused);
    TEST(hold_keeps_the_contour_where_it_starts);
    TEST(push_grows_it_where_the_values_do_not);
    TEST(a_barrier_stops_the_snake);
    TEST(carving_keeps_the_larger_side);
    return g_test_run();
}
