// SPDX-License-Identifier: Apache-2.0
// From slice to slice: forks, meetings, ends, seeds that share a stack, seeds on several planes.
#include "core/error.h"
#include "segment/planes.h"

#include <math.h>

// 110 HU inside, -90 HU outside, a pixel of partial volume; `inside_mm` > 0 inside.
static HpField *draw(const HpGrid *grid, double (*inside_mm)(double a, double b, double c))
{
    HpField *field = hp_field_new(grid, NULL);
    for (int k = 0; k < grid->size[2]; k++)
        for (int j = 0; j < grid->size[1]; j++)
            for (int i = 0; i < grid->size[0]; i++) {
                const double mm = inside_mm(i * grid->spacing_mm[0], j * grid->spacing_mm[1],
                                            k * grid->spacing_mm[2]);
                field->value[hp_grid_offset(grid, i, j, k)] =
                    (float)(-90 + 200 * CLAMP(0.5 + mm / 2, 0, 1));
            }
    return field;
}

static void add_seed(GPtrArray *seeds, const HpGrid *grid, HpPlane plane, double a, double b,
                     double radius, int slice)
{
    g_autoptr(HpLoop) loop = hp_loop_new(24);
    for (int at = 0; at < 24; at++)
        hp_loop_append(loop, a + radius * cos(2 * G_PI * at / 24),
                       b + radius * sin(2 * G_PI * at / 24));
    g_ptr_array_add(seeds, hp_loop_to_contour(loop, grid, plane, slice));
}

static HpGrid grid_of_trousers(void)
{
    return hp_grid_new(70, 40, 30, 2, 2, 3);
}

// A trunk of 30 x 18 mm half axes above c = 45 mm, two legs of 15 mm radius below, from 12 to 75 mm.
static double trousers(double a, double b, double c)
{
    const double trunk = 18 * (1 - hypot((a - 70) / 36, (b - 40) / 18));
    const double left = 15 - hypot(a - 50, b - 40), right = 15 - hypot(a - 90, b - 40);
    return MIN(c > 45 ? trunk : MAX(left, right), MIN(c - 12, 75 - c));
}

// Contours per slice of the axial stack.
static int count_on(const HpPlanes *planes, int slice)
{
    int count = 0;
    for (guint at = 0; at < planes->contours->len; at++) {
        const HpContour *contour = planes->contours->pdata[at];
        count += contour->plane == HP_PLANE_AXIAL && contour->slice == slice;
    }
    return count;
}

static HpPlanes *evolve(const HpField *picture, const GPtrArray *seeds)
{
    const HpParams params = hp_params_default();
    g_autoptr(GError) error = NULL;
    HpPlanes *planes = hp_planes_evolve(&(HpPlanesInput){.picture = picture, .seeds = seeds},
                                        &params, NULL, &error);
    g_assert_no_error(error);
    return planes;
}

static void a_trunk_forks_into_its_legs_and_ends_with_them(void)
{
    const HpGrid grid = grid_of_trousers();
    g_autoptr(HpField) picture = draw(&grid, trousers);
    g_autoptr(GPtrArray) seeds = hp_contours_new();
    add_seed(seeds, &grid, HP_PLANE_AXIAL, 70, 40, 12, 20);
    g_autoptr(HpPlanes) planes = evolve(picture, seeds);
    g_assert_cmpint(count_on(planes, 20), ==, 1);
    for (int slice = 5; slice <= 13; slice++)
        g_assert_cmpint(count_on(planes, slice), ==, 2);
    for (int slice = 0; slice <= 2; slice++) // below 9 mm
        g_assert_cmpint(count_on(planes, slice), ==, 0);
    for (int slice = 27; slice < 30; slice++) // above 78 mm
        g_assert_cmpint(count_on(planes, slice), ==, 0);
}

static void two_legs_meet_in_the_trunk(void)
{
    const HpGrid grid = grid_of_trousers();
    g_autoptr(HpField) picture = draw(&grid, trousers);
    g_autoptr(GPtrArray) seeds = hp_contours_new();
    add_seed(seeds, &grid, HP_PLANE_AXIAL, 50, 40, 8, 8);
    add_seed(seeds, &grid, HP_PLANE_AXIAL, 90, 40, 8, 8);
    g_autoptr(HpPlanes) planes = evolve(picture, seeds);
    g_assert_cmpint(count_on(planes, 8), ==, 2);
    g_assert_cmpint(count_on(planes, 20), ==, 1);
}

// Two balls of 20 mm, 60 mm apart along c and 50 mm along a.
static double two_balls(double a, double b, double c)
{
    const double lower = 20 - sqrt((a - 40) * (a - 40) + (b - 40) * (b - 40) + (c - 25) * (c - 25));
    const double upper = 20 - sqrt((a - 90) * (a - 90) + (b - 40) * (b - 40) + (c - 65) * (c - 65));
    return MAX(lower, upper);
}

static double ball_ml(void)
{
    return 4.0 / 3 * G_PI * 20 * 20 * 20 / 1000;
}

static void seeds_on_two_slices_and_on_two_planes_count_together(void)
{
    const HpGrid grid = grid_of_trousers();
    g_autoptr(HpField) picture = draw(&grid, two_balls);
    g_autoptr(GPtrArray) one = hp_contours_new(), slices = hp_contours_new();
    g_autoptr(GPtrArray) three = hp_contours_new();
    add_seed(one, &grid, HP_PLANE_AXIAL, 40, 40, 10, 8);
    g_autoptr(HpPlanes) lower = evolve(picture, one);
    g_assert_cmpfloat_with_epsilon(lower->ml, ball_ml(), 0.1 * ball_ml());

    add_seed(slices, &grid, HP_PLANE_AXIAL, 40, 40, 10, 8);
    add_seed(slices, &grid, HP_PLANE_AXIAL, 90, 40, 10, 22);
    g_autoptr(HpPlanes) both = evolve(picture, slices);
    // The planes without a seed start in one of the balls; tension rounds off what is this small.
    g_assert_cmpfloat_with_epsilon(both->ml, 2 * ball_ml(), 0.4 * ball_ml());

    // One ball seeded on axial, the other on coronal and sagittal.
    add_seed(three, &grid, HP_PLANE_AXIAL, 40, 40, 10, 8);
    add_seed(three, &grid, HP_PLANE_AXIAL, 90, 40, 10, 22);
    add_seed(three, &grid, HP_PLANE_CORONAL, 90, 65, 10, 20);
    add_seed(three, &grid, HP_PLANE_CORONAL, 40, 25, 10, 20);
    add_seed(three, &grid, HP_PLANE_SAGITTAL, 40, 65, 10, 45);
    add_seed(three, &grid, HP_PLANE_SAGITTAL, 40, 25, 10, 20);
    g_autoptr(HpPlanes) all = evolve(picture, three);
    g_assert_cmpfloat_with_epsilon(all->ml, 2 * ball_ml(), 0.3 * ball_ml());
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/propagate/a_trunk_forks_into_its_legs_and_ends_with_them",
                    a_trunk_forks_into_its_legs_and_ends_with_them);
    g_test_add_func("/propagate/two_legs_meet_in_the_trunk", two_legs_meet_in_the_trunk);
    g_test_add_func("/propagate/seeds_on_two_slices_and_on_two_planes_count_together",
                    seeds_on_two_slices_and_on_two_planes_count_together);
    return g_test_run();
}
