// SPDX-License-Identifier: Apache-2.0
// An organ that a person steers: strokes against leaks and for lesions, and further seeds.
#include "segment/belly.h"

#include "core/contour.h"
#include "core/error.h"
#include "core/parallel.h"
#include "segment/compare.h"
#include "segment/strokes.h"

#include <math.h>
#include <string.h>

static void stroke(GPtrArray *strokes, const HpGrid *grid, HpStrokeKind kind, HpPlane plane,
                   double radius, const double from[3], const double to[3])
{
    g_autoptr(HpStroke) drawn = hp_stroke_new(kind, plane, radius, 2);
    memcpy(drawn->mm[0], from, sizeof drawn->mm[0]);
    memcpy(drawn->mm[1], to, sizeof drawn->mm[1]);
    g_autoptr(GError) error = NULL;
    g_ptr_array_add(strokes, hp_stroke_place(drawn, grid, &error));
    g_assert_no_error(error);
}

// The belly's own axes: x, y, z in mm from the middle of the liver's section.
#define MM(x, y, z) ((const double[3]){(x)-1.5, (y) + 298.5, (z) + 16})

static void stroked(Belly *belly, GPtrArray *strokes, HpStrokeKind kind, HpPlane plane,
                    double radius, const double from[3], const double to[3])
{
    stroke(strokes, &belly->volume->grid, kind, plane, radius, from, to);
}

// Instead of the stomach a bowel loop with the liver's values that opens into the liver through a
// tube 20 mm wide: without help the method runs out into it.
static Belly belly_with_a_leak(void)
{
    Belly belly = belly_new(36);
    const HpGrid *grid = &belly.volume->grid;
    g_autoptr(GRand) random = g_rand_new_with_seed(9);
    for (int k = 0; k < 36; k++)
        for (int j = 0; j < 64; j++)
            for (int i = 0; i < 80; i++) {
                const double x = (i - 39.5) * 3, y = (j - 31.5) * 3, z = (k - 17.5) * 4;
                if (hp_mask_get(belly.truth, i, j, k) || egg(x, y, 0, 96, 72, 1) > 1)
                    continue;
                const bool is_leak = (x > 0 && x < 70 && egg(0, y, z, 1, 11, 11) < 1) ||
                                     egg(x - 78, y, z, 17, 24, 24) < 1;
                belly.volume->hu[hp_grid_offset(grid, i, j, k)] =
                    (int16_t)((is_leak ? 105 : -90) + g_rand_double_range(random, -20, 20));
            }
    return belly;
}

// Voxels of the mask in the bowel loop.
static int leaked(const HpMask *mask)
{
    int voxels = 0;
    for (int k = 0; k < 36; k++)
        for (int j = 0; j < 64; j++)
            for (int i = 62; i < 80; i++) // x > 67 mm
                voxels += hp_mask_get(mask, i, j, k) != 0;
    return voxels;
}

static HpOrgan *steered(const Belly *belly, const GPtrArray *strokes, const HpParams *params)
{
    const HpOrganInput input = {.strokes = strokes};
    return segmented(belly, &input, params);
}

// In every plane, 6 mm beside the liver, where the tube leaves it.
static void a_barrier_across_a_leak_removes_it(void)
{
    g_auto(Belly) belly = belly_with_a_leak();
    g_autoptr(HpOrgan) open = steered(&belly, NULL, NULL);
    g_assert_cmpint(leaked(open->mask), >, 400);
    for (int plane = 0; plane < HP_PLANE_COUNT; plane++) {
        g_autoptr(GPtrArray) strokes = hp_strokes_new();
        const bool is_coronal = plane == HP_PLANE_CORONAL;
        stroked(&belly, strokes, HP_STROKE_BARRIER, plane, 9,
                is_coronal ? MM(62, 0, -14) : MM(62, -14, 0),
                is_coronal ? MM(62, 0, 14) : MM(62, 14, 0));
        g_autoptr(HpOrgan) shut = steered(&belly, strokes, NULL);
        HpAgreement got;
        g_assert_true(hp_compare(shut->mask, belly.truth, 0, &got, NULL, NULL));
        g_test_message("%s: %d voxels leaked, %d without; Dice %.4f", hp_plane_name(plane),
                       leaked(shut->mask), leaked(open->mask), got.dice);
        g_assert_cmpint(leaked(shut->mask), ==, 0);
        g_assert_cmpfloat(got.dice, >, 0.95);
    }
}

// Strokes at the liver's rim, through it and in its midst, over the seed and over what was painted.
static void a_barrier_is_never_liver(void)
{
    g_auto(Belly) belly = belly_new(36);
    const HpGrid *grid = &belly.volume->grid;
    HpParams rounded = hp_params_default(), rough = rounded;
    rounded.value[HP_PARAM_MASK_SMOOTH] = 5;
    rough.value[HP_PARAM_EDGE_REFINE] = 0;
    const HpParams *ways[] = {NULL, &rounded, &rough};
    g_autoptr(HpMask) painted =
        box_mask(grid, (const int[3]){20, 20, 10}, (const int[3]){50, 44, 26});
    for (int plane = 0; plane < HP_PLANE_COUNT; plane++) {
        g_autoptr(GPtrArray) strokes = hp_strokes_new();
        stroked(&belly, strokes, HP_STROKE_BARRIER, plane, 5, MM(-90, 0, 0),
                plane == HP_PLANE_SAGITTAL ? MM(-90, 30, 0) : MM(-50, 0, 0));
        stroked(&belly, strokes, HP_STROKE_BARRIER, plane, 4, MM(-20, 0, 0), MM(-20, 0, 0));
        stroked(&belly, strokes, HP_STROKE_BARRIER, plane, 1, MM(0, 10, 2), MM(0, 10, 2));
        stroked(&belly, strokes, HP_STROKE_PUSH, plane, 9, MM(-20, 0, 0), MM(-20, 0, 0));
        g_autoptr(HpStrokeMap) map = hp_stroke_map_new(strokes, grid, NULL);
        const HpOrganInput input = {.strokes = strokes, .liver = plane == 1 ? painted : NULL};
        g_autoptr(HpOrgan) organ = segmented(&belly, &input, ways[plane]);
        g_autofree uint8_t *labels = hp_mask_dup_labels(organ->mask, NULL);
        size_t counts[256];
        int barriers = 0;
        for (size_t at = 0; at < hp_grid_count(grid); at++)
            if (map->mark[at] & HP_MARK_BARRIER) {
                barriers++;
                g_assert_cmpint(labels[at], ==, 0);
            }
        hp_mask_count(organ->mask, counts);
        g_assert_cmpint(barriers, >, 40);
        g_assert_cmpfloat(organ->ml, >, 700);
        g_assert_cmpfloat_with_epsilon(organ->ml, (double)counts[1] * 36 / 1000, 1e-6);
    }
}

static void a_seed_under_a_barrier_has_no_result(void)
{
    g_auto(Belly) belly = belly_new(36);
    g_autoptr(GPtrArray) strokes = hp_strokes_new();
    for (int y = -25; y <= 25; y += 50)
        stroked(&belly, strokes, HP_STROKE_BARRIER, HP_PLANE_AXIAL, 50, MM(-60, y, 0),
                MM(20, y, 0));
    const HpOrganInput input = {.strokes = strokes};
    const HpParams params = hp_params_default();
    g_autoptr(GError) error = NULL;
    g_autoptr(HpOrgan) organ =
        hp_organ_segment(belly.volume, belly.seeds, &input, &params, NULL, &error);
    g_assert_null(organ);
    g_assert_error(error, HP_ERROR, HP_ERROR_NO_RESULT);
    g_assert_cmpstr(error->message, ==, "the seed lies under strokes that say not liver");
}

static double inside(const HpMask *mask, const double middle[3], double radius)
{
    const HpGrid *grid = hp_mask_get_grid(mask);
    int in = 0, all = 0;
    for (int k = 0; k < grid->size[2]; k++)
        for (int j = 0; j < grid->size[1]; j++)
            for (int i = 0; i < grid->size[0]; i++) {
                double mm[3];
                hp_grid_to_mm(grid, (const double[3]){i, j, k}, mm);
                if (egg(mm[0] - middle[0], mm[1] - middle[1], mm[2] - middle[2], radius, radius,
                        radius) > 1)
                    continue;
                all++;
                in += hp_mask_get(mask, i, j, k) != 0;
            }
    return (double)in / all;
}

// A lesion of 45 HU at the liver's right rim is lost; pushed it is taken; the eraser undoes the push.
static void a_push_takes_a_lesion_and_the_eraser_gives_it_back(void)
{
    g_auto(Belly) belly = belly_new(36);
    const HpGrid *grid = &belly.volume->grid;
    for (int k = 0; k < 36; k++)
        for (int j = 0; j < 64; j++)
            for (int i = 0; i < 80; i++) {
                const double x = (i - 39.5) * 3, y = (j - 31.5) * 3, z = (k - 17.5) * 4;
                if (egg(x + 82, y, z, 22, 22, 22) < 1 && hp_mask_get(belly.truth, i, j, k))
                    belly.volume->hu[hp_grid_offset(grid, i, j, k)] -= 75;
            }
    g_autoptr(HpOrgan) plain = steered(&belly, NULL, NULL);
    g_autoptr(GPtrArray) strokes = hp_strokes_new();
    stroked(&belly, strokes, HP_STROKE_PUSH, HP_PLANE_AXIAL, 16, MM(-76, -8, 0), MM(-76, 8, 0));
    g_autoptr(HpOrgan) pushed = steered(&belly, strokes, NULL);
    const double before = inside(plain->mask, MM(-76, 0, 0), 12),
                 after = inside(pushed->mask, MM(-76, 0, 0), 12);
    g_test_message("of the lesion %.2f, pushed %.2f; %.1f ml, pushed %.1f ml", before, after,
                   plain->ml, pushed->ml);
    g_assert_cmpfloat(before, <, 0.4);
    g_assert_cmpfloat(after, >, 0.9);
    stroked(&belly, strokes, HP_STROKE_ERASE, HP_PLANE_AXIAL, 20, MM(-76, -8, 0), MM(-76, 8, 0));
    g_autoptr(HpOrgan) again = steered(&belly, strokes, NULL);
    g_assert_cmpuint(differing(plain->mask, again->mask), ==, 0);
}

// Where the contour is held it does not grow on: not into the tube, though nothing forbids it.
static void a_hold_stops_what_runs_out(void)
{
    g_auto(Belly) belly = belly_with_a_leak();
    g_autoptr(GPtrArray) strokes = hp_strokes_new();
    stroked(&belly, strokes, HP_STROKE_HOLD, HP_PLANE_AXIAL, 11, MM(62, -12, 0), MM(62, 12, 0));
    g_autoptr(HpOrgan) open = steered(&belly, NULL, NULL);
    g_autoptr(HpOrgan) held = steered(&belly, strokes, NULL);
    g_test_message("%d voxels leaked, %d without", leaked(held->mask), leaked(open->mask));
    g_assert_cmpint(leaked(held->mask), <, leaked(open->mask) / 10);
}

static void strokes_do_not_see_the_threads_and_none_are_none(void)
{
    g_auto(Belly) belly = belly_with_a_leak();
    g_autoptr(GPtrArray) strokes = hp_strokes_new();
    g_autoptr(HpOrgan) plain = segmented(&belly, NULL, NULL);
    g_autoptr(HpOrgan) none = steered(&belly, strokes, NULL);
    g_assert_cmpuint(differing(plain->mask, none->mask), ==, 0);
    stroked(&belly, strokes, HP_STROKE_BARRIER, HP_PLANE_AXIAL, 8, MM(62, -14, 0), MM(62, 14, 0));
    stroked(&belly, strokes, HP_STROKE_PUSH, HP_PLANE_CORONAL, 9, MM(-60, 40, 0), MM(-20, 40, 0));
    stroked(&belly, strokes, HP_STROKE_HOLD, HP_PLANE_SAGITTAL, 9, MM(-20, -70, 0),
            MM(-20, -40, 0));
    hp_parallel_set_threads(1);
    g_autoptr(HpOrgan) one = steered(&belly, strokes, NULL);
    hp_parallel_set_threads(8);
    g_autoptr(HpOrgan) eight = steered(&belly, strokes, NULL);
    g_assert_cmpuint(differing(one->mask, eight->mask), ==, 0);
    g_assert_cmpuint(differing(plain->mask, one->mask), >, 0);
}

// What leans on the liver is its own left lobe, fattier than the rest: one seed on the axial slice does not
// tell, a second in it on a coronal slice does.
static void seeds_on_two_planes_count_together(void)
{
    g_auto(Belly) belly = belly_new(36);
    const HpGrid *grid = &belly.volume->grid;
    for (int k = 0; k < 36; k++)
        for (int j = 0; j < 64; j++)
            for (int i = 0; i < 80; i++)
                if (egg((i - 39.5) * 3 - 65, (j - 31.5) * 3, (k - 17.5) * 4 + 10, 26, 30, 30) < 1)
                    hp_mask_set(belly.truth, i, j, k, 1);
    g_autoptr(HpOrgan) one = steered(&belly, NULL, NULL);
    HpContour *coronal = hp_contour_new(HP_PLANE_CORONAL, 32, 24);
    for (int at = 0; at < 24; at++)
        hp_slice_to_mm(grid, HP_PLANE_CORONAL, 32, 118.5 + 68 + 14 * cos(at * G_PI / 12),
                       70 - 10 + 16 * sin(at * G_PI / 12), coronal->mm[at]);
    g_ptr_array_add(belly.seeds, coronal);
    g_autoptr(HpOrgan) two = steered(&belly, NULL, NULL);
    HpAgreement alone, together;
    g_assert_true(hp_compare(one->mask, belly.truth, 0, &alone, NULL, NULL));
    g_assert_true(hp_compare(two->mask, belly.truth, 0, &together, NULL, NULL));
    g_test_message("Dice %.4f of one seed, %.4f of two; %d and %d voxels of the lobe", alone.dice,
                   together.dice, leaked(one->mask), leaked(two->mask));
    g_assert_cmpfloat(together.dice, >, alone.dice + 0.01);
}

// The axial contours near a slice of the volume: how many, and their area together.
static int section(const GPtrArray *contours, const HpGrid *grid, double level, double *area)
{
    int found = 0;
    *area = 0;
    for (guint at = 0; at < contours->len; at++) {
        const HpContour *contour = contours->pdata[at];
        double a, b, slice;
        if (contour->plane != HP_PLANE_AXIAL)
            continue;
        hp_slice_from_mm(grid, HP_PLANE_AXIAL, contour->mm[0], &a, &b, &slice);
        if (fabs(slice - level) > 0.5)
            continue;
        *area += hp_contour_area_mm2(contour);
        found++;
    }
    return found;
}

// A lesion at the rim is left out on every slice. The contour of one of them, grabbed and drawn round
// the lesion, is a seed: its neighbours follow.
static void a_grabbed_contour_pulls_its_neighbours(void)
{
    g_auto(Belly) belly = belly_new(36);
    const HpGrid *grid = &belly.volume->grid;
    for (int k = 0; k < 36; k++)
        for (int j = 0; j < 64; j++)
            for (int i = 0; i < 80; i++) {
                const double x = (i - 39.5) * 3, y = (j - 31.5) * 3, z = (k - 17.5) * 4;
                if (egg(x + 82, y, z - 10, 30, 30, 30) < 1 && hp_mask_get(belly.truth, i, j, k))
                    belly.volume->hu[hp_grid_offset(grid, i, j, k)] -= 55;
            }
    g_autoptr(HpOrgan) plain = steered(&belly, NULL, NULL);
    HpContour *grabbed = hp_contour_new(HP_PLANE_AXIAL, 21, 60); // 14 mm up: just inside the liver
    for (int at = 0; at < 60; at++)
        hp_slice_to_mm(grid, HP_PLANE_AXIAL, 21, 118.5 - 20 + 69 * cos(at * G_PI / 30),
                       94.5 + 55 * sin(at * G_PI / 30), grabbed->mm[at]);
    g_ptr_array_add(belly.seeds, grabbed);
    g_autoptr(HpOrgan) pulled = steered(&belly, NULL, NULL);
    for (int slice = 18; slice <= 24; slice += 3) { // and what lies 12 mm from it
        double before, after;
        g_assert_cmpint(section(plain->contours, grid, slice, &before), >, 0);
        g_assert_cmpint(section(pulled->contours, grid, slice, &after), >, 0);
        g_test_message("slice %d: %.0f mm2, pulled %.0f mm2", slice, before, after);
        g_assert_cmpfloat(after, >, before + 200);
    }
    const double of_lesion = inside(plain->mask, MM(-76, 0, 10), 12);
    g_test_message("of the lesion %.2f, pulled %.2f", of_lesion,
                   inside(pulled->mask, MM(-76, 0, 10), 12));
    g_assert_cmpfloat(inside(pulled->mask, MM(-76, 0, 10), 12), >, of_lesion + 0.2);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define TEST(name) g_test_add_func("/steer/" #name, name)
    TEST(a_barrier_across_a_leak_removes_it);
    TEST(a_barrier_is_never_liver);
    TEST(a_seed_under_a_barrier_has_no_result);
    TEST(a_push_takes_a_lesion_and_the_eraser_gives_it_back);
    TEST(a_hold_stops_what_runs_out);
    TEST(strokes_do_not_see_the_threads_and_none_are_none);
    TEST(seeds_on_two_planes_count_together);
    TEST(a_grabbed_contour_pulls_its_neighbours);
    return g_test_run();
}
