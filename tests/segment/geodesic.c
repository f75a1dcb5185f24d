// SPDX-License-Identifier: Apache-2.0
// The convex contour against a slow reference, against every labelling, and by its laws.
#include "core/error.h"
#include "core/parallel.h"
#include "segment/geodesic.h"

#include <math.h>
#include <string.h>

static HpField *field_of(const HpGrid *grid, float value)
{
    HpField *field = hp_field_new(grid, NULL);
    for (size_t at = 0; at < hp_grid_count(grid); at++)
        field->value[at] = value;
    return field;
}

static HpField *random_field(const HpGrid *grid, guint32 seed, double low, double high)
{
    g_autoptr(GRand) random = g_rand_new_with_seed(seed);
    HpField *field = hp_field_new(grid, NULL);
    for (size_t at = 0; at < hp_grid_count(grid); at++)
        field->value[at] = (float)g_rand_double_range(random, low, high);
    return field;
}

static HpGeodesic *solved(HpField *cost, HpField *edge, HpGeodesicParams params)
{
    HpGeodesic *geodesic = hp_geodesic_new(cost, edge, NULL, &params, NULL);
    g_assert_true(hp_geodesic_run(geodesic, NULL, NULL));
    return geodesic;
}

static const HpGeodesicParams exact = {
    .alpha_mm = 1, .kappa = 0, .max_iterations = 20000, .rest = -1};

// On a line the surface counts ends, so the relaxed optimum is the best of all labellings.
static void a_line_gets_the_best_of_all_labellings(void)
{
    const HpGrid grid = hp_grid_new(12, 1, 1, 2, 1, 1);
    HpGeodesicParams params = exact;
    params.alpha_mm = 2;
    for (guint32 seed = 0; seed < 10; seed++) {
        g_autoptr(HpField) cost = random_field(&grid, seed, -1, 1);
        g_autoptr(HpField) edge = random_field(&grid, seed + 100, 0.2, 1);
        g_autoptr(HpGeodesic) geodesic = solved(cost, edge, params);
        double best = INFINITY;
        for (int labelling = 0; labelling < 1 << 12; labelling++) {
            float u[12];
            for (int at = 0; at < 12; at++)
                u[at] = (float)(labelling >> at & 1);
            best = MIN(best, hp_geodesic_energy(geodesic, u));
        }
        float cut[12];
        for (int at = 0; at < 12; at++)
            cut[at] = hp_geodesic_get_u(geodesic)->value[at] > 0.5f ? 1 : 0;
        g_assert_cmpfloat_with_epsilon(hp_geodesic_energy(geodesic, cut), best, 1e-3);
    }
}

// In space the relaxation may only be lower than the best labelling, never higher.
static void no_labelling_of_a_block_is_better(void)
{
    const HpGrid grid = hp_grid_new(3, 3, 2, 1, 1.5, 2);
    for (guint32 seed = 0; seed < 4; seed++) {
        g_autoptr(HpField) cost = random_field(&grid, seed, -2, 2);
        g_autoptr(HpField) edge = random_field(&grid, seed + 9, 0.1, 1);
        g_autoptr(HpGeodesic) geodesic = solved(cost, edge, exact);
        const double reached = hp_geodesic_energy(geodesic, hp_geodesic_get_u(geodesic)->value);
        for (int labelling = 0; labelling < 1 << 18; labelling++) {
            float u[18];
            for (int at = 0; at < 18; at++)
                u[at] = (float)(labelling >> at & 1);
            g_assert_cmpfloat(reached, <=, hp_geodesic_energy(geodesic, u) + 1e-3);
        }
    }
}

// The same iteration, written the slow way: double, no threads, operators as loops over axes.
static void slow_solve(const HpField *cost, const HpField *edge, double alpha, int iterations,
                       double *u)
{
    const HpGrid *grid = &cost->grid;
    const size_t count = hp_grid_count(grid);
    const size_t stride[3] = {1, grid->size[0], (size_t)grid->size[0] * grid->size[1]};
    g_autofree double *ahead = g_new0(double, count);
    g_autofree double *dual = g_new0(double, 3 * count);
    double norm2 = 0;
    for (int axis = 0; axis < 3; axis++)
        norm2 += 4 / (grid->spacing_mm[axis] * grid->spacing_mm[axis]);
    const double step = 0.999 / sqrt(norm2);
    for (size_t at = 0; at < count; at++)
        ahead[at] = u[at] = cost->value[at] < 0;
    for (int iteration = 0; iteration < iterations; iteration++) {
        for (size_t at = 0; at < count; at++) {
            double length2 = 0;
            for (int axis = 0; axis < 3; axis++) {
                const int place = (int)(at / stride[axis] % grid->size[axis]);
                if (place + 1 < grid->size[axis])
                    dual[3 * at + axis] +=
                        step * (ahead[at + stride[axis]] - ahead[at]) / grid->spacing_mm[axis];
                length2 += dual[3 * at + axis] * dual[3 * at + axis];
            }
            const double shrink = MIN(1, alpha * edge->value[at] / sqrt(length2 + 1e-30));
            for (int axis = 0; axis < 3; axis++)
                dual[3 * at + axis] *= shrink;
        }
        for (size_t at = 0; at < count; at++) {
            double flow = 0;
            for (int axis = 0; axis < 3; axis++) {
                const int place = (int)(at / stride[axis] % grid->size[axis]);
                const double before = place > 0 ? dual[3 * (at - stride[axis]) + axis] : 0;
                flow += (dual[3 * at + axis] - before) / grid->spacing_mm[axis];
            }
            const double now = CLAMP(u[at] + step * (flow - cost->value[at]), 0, 1);
            ahead[at] = 2 * now - u[at];
            u[at] = now;
        }
    }
}

static void the_fast_iteration_is_the_slow_one(void)
{
    const HpGrid grid = hp_grid_new(19, 10, 7, 0.8, 1.3, 4);
    g_autoptr(HpField) cost = random_field(&grid, 1, -1, 1);
    g_autoptr(HpField) edge = random_field(&grid, 2, 0.1, 1);
    g_autofree double *u = g_new0(double, hp_grid_count(&grid));
    slow_solve(cost, edge, 1.7, 60, u);
    const HpGeodesicParams params = {.alpha_mm = 1.7f, .max_iterations = 60, .rest = -1};
    g_autoptr(HpGeodesic) geodesic = solved(cost, edge, params);

    g_assert_cmpint(hp_geodesic_get_iterations(geodesic), ==, 60);
    for (size_t at = 0; at < hp_grid_count(&grid); at++)
        g_assert_cmpfloat_with_epsilon(hp_geodesic_get_u(geodesic)->value[at], u[at], 2e-4);
}

// A ball of cost -1 in +1 loses only what its curvature earns: its radius stays.
static size_t ball(double alpha, double kappa, const double spacing[3])
{
    HpGrid grid = hp_grid_new((int)(60 / spacing[0]), (int)(60 / spacing[1]),
                              (int)(60 / spacing[2]), spacing[0], spacing[1], spacing[2]);
    g_autoptr(HpField) edge = field_of(&grid, 1);
    g_autoptr(HpField) cost = hp_field_new(&grid, NULL);
    for (int k = 0; k < grid.size[2]; k++)
        for (int j = 0; j < grid.size[1]; j++)
            for (int i = 0; i < grid.size[0]; i++) {
                const double x = (i + 0.5) * spacing[0] - 30, y = (j + 0.5) * spacing[1] - 30,
                             z = (k + 0.5) * spacing[2] - 30;
                const double r = sqrt(x * x + y * y + z * z);
                cost->value[hp_grid_offset(&grid, i, j, k)] = (float)CLAMP((r - 18) / 4, -1, 1);
            }
    HpGeodesicParams params = hp_geodesic_params_default();
    params.alpha_mm = (float)alpha;
    params.kappa = (float)kappa;
    params.rest = 1e-5f;
    params.max_iterations = 2000;
    g_autoptr(HpGeodesic) geodesic = solved(cost, edge, params);
    g_assert_true(hp_geodesic_is_resting(geodesic));
    size_t inside = 0;
    for (size_t at = 0; at < hp_grid_count(&grid); at++)
        inside += hp_geodesic_get_u(geodesic)->value[at] > 0.5f;
    return inside;
}

static void a_ball_rests_where_the_formula_says(void)
{
    // Stationary: 2 alpha / r + (r - 18) / 4 = 0, so r = 9 + sqrt(81 - 8 alpha) = 17.06 for 2.
    const double radius = 9 + sqrt(81 - 16.0), volume = 4.0 / 3 * G_PI * pow(radius, 3);
    const double spacings[3][3] = {{1.5, 1.5, 1.5}, {1, 1, 3}, {2, 1, 1.5}};
    for (int at = 0; at < 3; at++) {
        const double *h = spacings[at];
        const double got = (double)ball(2, 0, h) * h[0] * h[1] * h[2];
        g_assert_cmpfloat_with_epsilon(got / volume, 1,
                                       0.04); // one-sided differences see a little too much surface
    }
}

static void kappa_grows_and_alpha_shrinks_the_ball(void)
{
    const double h[3] = {2, 2, 2};
    size_t before = 0;
    for (double kappa = -0.4; kappa <= 0.8; kappa += 0.4) {
        const size_t now = ball(1, kappa, h);
        g_assert_cmpuint(now, >, before);
        before = now;
    }
    g_assert_cmpuint(ball(3, 0, h), <, ball(1, 0, h));
}

static void more_kappa_never_loses_a_voxel(void)
{
    const HpGrid grid = hp_grid_new(16, 14, 12, 1, 1, 2);
    g_autoptr(HpField) cost = random_field(&grid, 5, -1, 1);
    g_autoptr(HpField) edge = random_field(&grid, 6, 0.1, 1);
    HpGeodesicParams low = {.alpha_mm = 0.5f, .kappa = -0.2f, .max_iterations = 3000, .rest = -1};
    HpGeodesicParams high = low;
    high.kappa = 0.2f;
    g_autoptr(HpGeodesic) less = solved(cost, edge, low);
    g_autoptr(HpGeodesic) more = solved(cost, edge, high);
    for (size_t at = 0; at < hp_grid_count(&grid); at++)
        if (hp_geodesic_get_u(less)->value[at] > 0.6f)
            g_assert_cmpfloat(hp_geodesic_get_u(more)->value[at], >, 0.4f);
}

static void hard_voxels_hold(void)
{
    const HpGrid grid = hp_grid_new(9, 9, 9, 1, 1, 1);
    g_autoptr(HpField) edge = field_of(&grid, 1);
    g_autoptr(HpField) cost = field_of(&grid, 1);
    const size_t in = hp_grid_offset(&grid, 4, 4, 4), out = hp_grid_offset(&grid, 2, 2, 2);
    cost->value[in] = -HP_GEODESIC_HARD;
    HpGeodesicParams params = {.alpha_mm = 50, .max_iterations = 100, .rest = -1};
    g_autoptr(HpGeodesic) alone = solved(cost, edge, params);
    g_assert_true(hp_geodesic_get_u(alone)->value[in] == 1);

    g_autoptr(HpField) eager = field_of(&grid, -1);
    eager->value[out] = HP_GEODESIC_HARD;
    params.kappa = 2;
    g_autoptr(HpGeodesic) all_but_one = solved(eager, edge, params);
    g_assert_true(hp_geodesic_get_u(all_but_one)->value[out] == 0);
}

static void one_and_eight_threads_give_the_same_bytes(void)
{
    const HpGrid grid = hp_grid_new(33, 21, 17, 1, 1, 2);
    g_autoptr(HpField) cost = random_field(&grid, 3, -1, 1);
    g_autoptr(HpField) edge = random_field(&grid, 4, 0.1, 1);
    const HpGeodesicParams params = hp_geodesic_params_default();
    hp_parallel_set_threads(1);
    g_autoptr(HpGeodesic) one = solved(cost, edge, params);
    hp_parallel_set_threads(8);
    g_autoptr(HpGeodesic) eight = solved(cost, edge, params);

    g_assert_cmpint(hp_geodesic_get_iterations(one), ==, hp_geodesic_get_iterations(eight));
    g_assert_cmpmem(hp_geodesic_get_u(one)->value, hp_grid_count(&grid) * sizeof(float),
                    hp_geodesic_get_u(eight)->value, hp_grid_count(&grid) * sizeof(float));
}

static void a_small_move_of_a_slider_rests_sooner_than_a_new_start(void)
{
    const HpGrid grid = hp_grid_new(40, 40, 40, 1, 1, 1);
    g_autoptr(HpField) edge = field_of(&grid, 1);
    g_autoptr(HpField) cost = random_field(&grid, 8, -0.5, 0.5);
    for (size_t at = 0; at < hp_grid_count(&grid); at++)
        cost->value[at] += at % 40 < 20 ? -0.05f : 0.05f;
    HpGeodesicParams params = hp_geodesic_params_default();
    g_autoptr(HpGeodesic) dragged = solved(cost, edge, params);
    params.kappa = 0.01f;
    hp_geodesic_set_params(dragged, &params);
    g_assert_true(hp_geodesic_run(dragged, NULL, NULL));
    g_autoptr(HpGeodesic) fresh = solved(cost, edge, params);

    g_assert_true(hp_geodesic_is_resting(dragged));
    g_assert_cmpint(hp_geodesic_get_iterations(dragged), <, hp_geodesic_get_iterations(fresh));
}

static void unequal_grids_and_cancel_are_told(void)
{
    const HpGrid grid = hp_grid_new(64, 64, 64, 1, 1, 1), other = hp_grid_new(9, 9, 8, 1, 1, 1);
    g_autoptr(HpField) cost = field_of(&grid, 1);
    g_autoptr(HpField) edge = field_of(&other, 1);
    const HpGeodesicParams params = {.alpha_mm = 1, .max_iterations = 1 << 20, .rest = -1};
    g_autoptr(GError) error = NULL;
    g_assert_null(hp_geodesic_new(cost, edge, NULL, &params, &error));
    g_assert_error(error, HP_ERROR, HP_ERROR_GRID_MISMATCH);
    g_clear_error(&error);

    HpTask task;
    hp_task_init(&task);
    hp_task_cancel(&task);
    g_autoptr(HpGeodesic) geodesic = hp_geodesic_new(cost, cost, NULL, &params, NULL);
    const gint64 then = g_get_monotonic_time();
    g_assert_false(hp_geodesic_run(geodesic, &task, &error));
    g_assert_error(error, HP_ERROR, HP_ERROR_CANCELLED);
    g_assert_cmpint(g_get_monotonic_time() - then, <, 100000);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/geodesic/a_line_gets_the_best_of_all_labellings",
                    a_line_gets_the_best_of_all_labellings);
    g_test_add_func("/geodesic/no_labelling_of_a_block_is_better",
                    no_labelling_of_a_block_is_better);
    g_test_add_func("/geodesic/the_fast_iteration_is_the_slow_one",
                    the_fast_iteration_is_the_slow_one);
    g_test_add_func("/geodesic/a_ball_rests_where_the_formula_says",
                    a_ball_rests_where_the_formula_says);
    g_test_add_func("/geodesic/kappa_grows_and_alpha_shrinks_the_ball",
                    kappa_grows_and_alpha_shrinks_the_ball);
    g_test_add_func("/geodesic/more_kappa_never_loses_a_voxel", more_kappa_never_loses_a_voxel);
    g_test_add_func("/geodesic/hard_voxels_hold", hard_voxels_hold);
    g_test_add_func("/geodesic/one_and_eight_threads_give_the_same_bytes",
                    one_and_eight_threads_give_the_same_bytes);
    g_test_add_func("/geodesic/a_small_move_of_a_slider_rests_sooner_than_a_new_start",
                    a_small_move_of_a_slider_rests_sooner_than_a_new_start);
    g_test_add_func("/geodesic/unequal_grids_and_cancel_are_told",
                    unequal_grids_and_cancel_are_told);
    return g_test_run();
}
