// SPDX-License-Identifier: Apache-2.0
// The laws of the snake: its solver, its balloon, how it grows, rests and stops, and its sliders.
#include "segment/snake.h"

#include <math.h>
#include <string.h>

static HpLoop *circle(double a, double b, double radius, int points)
{
    HpLoop *loop = hp_loop_new(points);
    for (int at = 0; at < points; at++)
        hp_loop_append(loop, a + radius * cos(2 * G_PI * at / points),
                       b + radius * sin(2 * G_PI * at / points));
    return loop;
}

static const HpRaster square = {201, 201, -100, -100, 1, 1};

// Gaussian elimination with pivots on the whole matrix.
static void solve_dense(int count, double *matrix, double (*x)[2])
{
    for (int column = 0; column < count; column++) {
        int pivot = column;
        for (int row = column; row < count; row++)
            if (fabs(matrix[row * count + column]) > fabs(matrix[pivot * count + column]))
                pivot = row;
        for (int at = 0; at < count; at++) {
            const double kept = matrix[column * count + at];
            matrix[column * count + at] = matrix[pivot * count + at];
            matrix[pivot * count + at] = kept;
        }
        for (int axis = 0; axis < 2; axis++) {
            const double kept = x[column][axis];
            x[column][axis] = x[pivot][axis];
            x[pivot][axis] = kept;
        }
        for (int row = 0; row < count; row++) {
            if (row == column)
                continue;
            const double share = matrix[row * count + column] / matrix[column * count + column];
            for (int at = column; at < count; at++)
                matrix[row * count + at] -= share * matrix[column * count + at];
            for (int axis = 0; axis < 2; axis++)
                x[row][axis] -= share * x[column][axis];
        }
    }
    for (int row = 0; row < count; row++)
        for (int axis = 0; axis < 2; axis++)
            x[row][axis] /= matrix[row * count + row];
}

static void solver_equals_the_dense_one(void)
{
    g_autoptr(GRand) random = g_rand_new_with_seed(3);
    for (int count = 6; count < 60; count = count < 12 ? count + 1 : 2 * count) {
        const double tau = 0.7, alpha = 1.3, h = 1.2;
        double beta[64], x[64][2], dense[64][2], scratch[6 * 64];
        g_autofree double *first = g_new0(double, count *count);
        g_autofree double *second = g_new0(double, count *count);
        g_autofree double *matrix = g_new0(double, count *count);
        for (int at = 0; at < count; at++) {
            beta[at] = g_rand_double_range(random, 0, 5);
            for (int axis = 0; axis < 2; axis++)
                x[at][axis] = dense[at][axis] = g_rand_double_range(random, -50, 50);
            first[at * count + at] -= 1;
            first[at * count + (at + 1) % count] += 1;
            second[at * count + (at + count - 1) % count] += 1;
            second[at * count + at] -= 2;
            second[at * count + (at + 1) % count] += 1;
        }
        // A = D1' alpha D1 / h^2 + D2' diag(beta) D2 / h^4, from its definition.
        for (int row = 0; row < count; row++)
            for (int column = 0; column < count; column++) {
                double sum = 0;
                for (int at = 0; at < count; at++)
                    sum += alpha / (h * h) * first[at * count + row] * first[at * count + column] +
                           beta[at] / pow(h, 4) * second[at * count + row] *
                               second[at * count + column];
                matrix[row * count + column] = (row == column) + 2 * tau * sum;
            }
        solve_dense(count, matrix, dense);
        hp_snake_solve(count, tau, alpha, beta, h, x, scratch);
        for (int at = 0; at < count; at++)
            for (int axis = 0; axis < 2; axis++)
                g_assert_cmpfloat_with_epsilon(x[at][axis], dense[at][axis], 1e-9);
    }
}

// iint of the bilinear map inside the loop by Gauss's theorem: the integral of K(a, b) = int kappa da
// along the loop, K and the loop sampled finely.
static double area_integral(const HpMaps *maps, const HpLoop *loop)
{
    enum { PIECES = 400 };
    double sum = 0;
    for (int edge = 0; edge < loop->count; edge++) {
        const double *p = loop->ab[edge], *q = loop->ab[(edge + 1) % loop->count];
        for (int piece = 0; piece < PIECES; piece++) {
            const double t = (piece + 0.5) / PIECES;
            const double a = p[0] + t * (q[0] - p[0]), b = p[1] + t * (q[1] - p[1]);
            const double x = a - maps->raster.a_mm, y = b - maps->raster.b_mm; // 1 mm pixels
            const int i = (int)x, j = (int)y;
            const float *low = maps->balloon + (size_t)j * maps->raster.width;
            const float *high = low + maps->raster.width;
            const double v = y - j;
            double primitive = 0;
            for (int at = 0; at <= i; at++) {
                const double left = low[at] + v * (high[at] - low[at]);
                const double right = low[at + 1] + v * (high[at + 1] - low[at + 1]);
                const double s = at < i ? 1 : x - i;
                primitive += s * left + s * s / 2 * (right - left);
            }
            sum += primitive * (q[1] - p[1]) / PIECES;
        }
    }
    return sum;
}

static void balloon_is_the_gradient_of_the_area_integral(void)
{
    g_autoptr(HpMaps) maps = hp_maps_new();
    const HpRaster raster = {41, 41, -20, -20, 1, 1};
    hp_maps_make_flat(maps, &raster, 0, 0, 0);
    for (int at = 0; at < 41 * 41; at++) { // smooth, of both signs
        const double a = at % 41 - 20, b = at / 41 - 20;
        maps->balloon[at] = (float)(0.4 + sin(0.11 * a + 0.3) * cos(0.09 * b));
    }
    g_autoptr(HpLoop) loop = circle(1.3, -0.7, 12, 17);
    for (int at = 0; at < loop->count; at += 2)
        loop->ab[at][0] *= 0.9; // not a circle
    double force[32][2];
    hp_snake_balloon(maps, loop, force);
    const double step = 1e-3;
    for (int at = 0; at < loop->count; at++)
        for (int axis = 0; axis < 2; axis++) {
            loop->ab[at][axis] += step;
            const double more = area_integral(maps, loop);
            loop->ab[at][axis] -= 2 * step;
            const double less = area_integral(maps, loop);
            loop->ab[at][axis] += step;
            // 5e-3: kinks of the bilinear map between Gauss's points.
            g_assert_cmpfloat_with_epsilon(force[at][axis], (more - less) / (2 * step), 5e-3);
        }
}

static void constant_balloon_is_half_kappa_times_the_turned_chord(void)
{
    g_autoptr(HpMaps) maps = hp_maps_new();
    hp_maps_make_flat(maps, &square, 0, 0, 0.8);
    g_autoptr(HpLoop) loop = circle(5, 6, 30, 40);
    double force[40][2];
    hp_snake_balloon(maps, loop, force);
    for (int at = 0; at < 40; at++) {
        const double *before = loop->ab[(at + 39) % 40], *after = loop->ab[(at + 1) % 40];
        g_assert_cmpfloat_with_epsilon(force[at][0], 0.4 * (after[1] - before[1]), 1e-6);
        g_assert_cmpfloat_with_epsilon(force[at][1], -0.4 * (after[0] - before[0]), 1e-6);
    }
}

// With nothing but a constant balloon each step moves the disc out by 1 mm: dA = kappa tau length
// means that the area of a step differs from the length times 1 mm by the second order only.
static void a_disc_grows_by_kappa_times_its_perimeter(void)
{
    const double spacings[] = {0.5, 1.5, 3};
    for (int at = 0; at < 3; at++) {
        g_autoptr(HpMaps) maps = hp_maps_new();
        g_autoptr(HpSnake) snake = hp_snake_new();
        g_autoptr(HpLoop) disc = circle(0, 0, 30, 200);
        hp_maps_make_flat(maps, &square, 0, 0, 0.7);
        hp_snake_init(snake, maps, disc, spacings[at], 400);
        double wanted = hp_loop_area_mm2(hp_snake_get_loop(snake));
        for (int step = 0; step < 40; step++) {
            const double length = hp_loop_length_mm(hp_snake_get_loop(snake));
            // The vertices move by exactly tau kappa |chord| / (2 h_i): 1 mm for the fastest.
            wanted += length * 1 + G_PI * 1;
            g_assert_true(hp_snake_step(snake));
        }
        const double area = hp_loop_area_mm2(hp_snake_get_loop(snake));
        g_assert_cmpfloat_with_epsilon(area / wanted, 1, 0.01);
        g_assert_cmpfloat_with_epsilon(sqrt(area / G_PI), 70, 0.3);
    }
}

// kappa = 1 inside a disc of `radius`, -1 outside, over a soft ramp; an edge valley on the rim.
static void make_disc_maps(HpMaps *maps, double radius, double alpha, double beta_mm, double kappa)
{
    hp_maps_make_flat(maps, &square, alpha, beta_mm, 0);
    for (int at = 0; at < 201 * 201; at++) {
        const double r = hypot(at % 201 - 100, at / 201 - 100);
        maps->balloon[at] = (float)(tanh((radius - r) / 2) + kappa);
        maps->edge[at] = (float)(-exp(-0.5 * (r - radius) * (r - radius) / 4));
    }
}

static HpSnakeReport run(const HpMaps *maps, const HpLoop *start, double spacing)
{
    g_autoptr(HpSnake) snake = hp_snake_new();
    hp_snake_init(snake, maps, start, spacing, HP_SNAKE_MAX_STEPS);
    while (hp_snake_step(snake))
        ;
    return hp_snake_report(snake);
}

static void resting_area_does_not_depend_on_the_spacing(void)
{
    g_autoptr(HpMaps) maps = hp_maps_new();
    make_disc_maps(maps, 40, 1, 4, 0);
    g_autoptr(HpLoop) start = circle(8, -5, 12, 40);
    const HpSnakeReport fine = run(maps, start, 0.5), middle = run(maps, start, 1.5),
                        coarse = run(maps, start, 3);
    g_assert_cmpint(fine.state, ==, HP_SNAKE_RESTS);
    g_assert_cmpint(middle.state, ==, HP_SNAKE_RESTS);
    g_assert_cmpint(coarse.state, ==, HP_SNAKE_RESTS);
    g_assert_cmpfloat_with_epsilon(middle.area_mm2 / fine.area_mm2, 1, 0.003);
    g_assert_cmpfloat_with_epsilon(coarse.area_mm2 / fine.area_mm2, 1, 0.006);
    // tanh vanishes at 40 mm; tension 2/40 moves the rest in by 0.1 mm of that ramp.
    g_assert_cmpfloat_with_epsilon(sqrt(fine.area_mm2 / G_PI), 40, 0.2);
}

static void energy_decreases(void)
{
    g_autoptr(HpMaps) maps = hp_maps_new();
    g_autoptr(HpSnake) snake = hp_snake_new();
    make_disc_maps(maps, 40, 1, 4, 0);
    g_autoptr(HpLoop) start = circle(8, -5, 12, 40);
    hp_snake_init(snake, maps, start, 1.5, HP_SNAKE_MAX_STEPS);
    double before = INFINITY;
    do {
        const HpSnakeReport report = hp_snake_report(snake);
        const double energy = report.edge + report.tension + report.bending + report.balloon;
        // Pixels of the balloon's sum and resampling allow a thousandth.
        g_assert_cmpfloat(energy, <=, before + 1e-3 * fabs(energy));
        before = energy;
    } while (hp_snake_step(snake));
    g_assert_cmpint(hp_snake_get_state(snake), ==, HP_SNAKE_RESTS);
}

static void clockwise_input_is_the_same_contour(void)
{
    g_autoptr(HpMaps) maps = hp_maps_new();
    make_disc_maps(maps, 30, 1, 4, 0);
    g_autoptr(HpLoop) start = circle(3, 2, 12, 40), turned = hp_loop_copy(start);
    hp_loop_reverse(turned);
    const HpSnakeReport one = run(maps, start, 1.5), other = run(maps, turned, 1.5);
    g_assert_cmpfloat(one.area_mm2, >, 0);
    g_assert_cmpfloat_with_epsilon(one.area_mm2 / other.area_mm2, 1, 1e-3);
}

static void a_snake_without_support_vanishes_or_tires_and_says_so(void)
{
    g_autoptr(HpMaps) maps = hp_maps_new();
    g_autoptr(HpLoop) start = circle(0, 0, 12, 40), point = circle(0, 0, 0.5, 8);
    hp_maps_make_flat(maps, &square, 1, 4, -1);
    g_assert_cmpint(run(maps, start, 1.5).state, ==, HP_SNAKE_VANISHED);
    g_assert_cmpint(run(maps, point, 1.5).state, ==, HP_SNAKE_VANISHED);
    // It grows against the picture's sides and stays inside.
    hp_maps_make_flat(maps, &square, 1, 4, 1);
    const HpSnakeReport grown = run(maps, start, 1.5);
    g_assert_cmpfloat(grown.area_mm2, >, 150 * 150);
    g_assert_cmpfloat(grown.area_mm2, <=, 201 * 201);
    g_assert_cmpint(grown.steps, <=, HP_SNAKE_MAX_STEPS);
}

// A disc of 30 mm with a spike to the right, as a wider band would show a leak.
static void make_spiked_maps(HpMaps *maps, double alpha, double beta_mm, double kappa)
{
    hp_maps_make_flat(maps, &square, alpha, beta_mm, 0);
    for (int at = 0; at < 201 * 201; at++) {
        const double a = at % 201 - 100, b = at / 201 - 100;
        const double disc = 30 - hypot(a, b), spike = MIN(5 - fabs(b), 55 - a) + (a < 0 ? -99 : 0);
        maps->balloon[at] = (float)(tanh(MAX(disc, spike) / 2) + kappa);
    }
}

// A square of 60 mm: its corners can only be rounded.
static void make_square_maps(HpMaps *maps, double alpha, double beta_mm)
{
    hp_maps_make_flat(maps, &square, alpha, beta_mm, 0);
    for (int at = 0; at < 201 * 201; at++) {
        const double a = at % 201 - 100, b = at / 201 - 100;
        maps->balloon[at] = (float)tanh((30 - MAX(fabs(a), fabs(b))) / 2);
    }
}

static double largest_curvature(const HpMaps *maps, const HpLoop *start)
{
    g_autoptr(HpSnake) snake = hp_snake_new();
    hp_snake_init(snake, maps, start, 1.5, HP_SNAKE_MAX_STEPS);
    while (hp_snake_step(snake))
        ;
    const HpLoop *loop = hp_snake_get_loop(snake);
    double largest = 0;
    for (int at = 0; at < loop->count; at++) { // turning over 4.5 mm each way
        const double *p = loop->ab[(at + loop->count - 3) % loop->count], *q = loop->ab[at];
        const double *r = loop->ab[(at + 3) % loop->count];
        const double x = (q[0] - p[0]) * (r[1] - q[1]) - (q[1] - p[1]) * (r[0] - q[0]);
        const double y = (q[0] - p[0]) * (r[0] - q[0]) + (q[1] - p[1]) * (r[1] - q[1]);
        largest = MAX(largest, fabs(atan2(x, y)) / 4.5);
    }
    return largest;
}

static void sliders_do_what_they_say(void)
{
    g_autoptr(HpMaps) maps = hp_maps_new();
    g_autoptr(HpLoop) start = circle(0, 0, 15, 40);
    double before = 0;
    for (int step = -2; step <= 2; step++) { // kappa up grows
        make_spiked_maps(maps, 1, 4, 0.3 * step);
        const double area = run(maps, start, 1.5).area_mm2;
        g_assert_cmpfloat(area, >, before);
        before = area;
    }
    before = INFINITY;
    for (double alpha = 0.25; alpha < 9; alpha *= 2) { // alpha up shortens
        make_spiked_maps(maps, alpha, 4, 0);
        const double length = run(maps, start, 1.5).length_mm;
        g_assert_cmpfloat(length, <, before);
        before = length;
    }
    before = INFINITY;
    for (double beta = 1; beta < 600; beta *= 6) { // beta up lowers the largest curvature
        make_square_maps(maps, 0.2, beta);
        const double curvature = largest_curvature(maps, start);
        g_test_message("beta %g: %g", beta, curvature);
        g_assert_cmpfloat(curvature, <, before);
        before = curvature;
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/snake/solver_equals_the_dense_one", solver_equals_the_dense_one);
    g_test_add_func("/snake/balloon_is_the_gradient_of_the_area_integral",
                    balloon_is_the_gradient_of_the_area_integral);
    g_test_add_func("/snake/constant_balloon_is_half_kappa_times_the_turned_chord",
                    constant_balloon_is_half_kappa_times_the_turned_chord);
    g_test_add_func("/snake/a_disc_grows_by_kappa_times_its_perimeter",
                    a_disc_grows_by_kappa_times_its_perimeter);
    g_test_add_func("/snake/resting_area_does_not_depend_on_the_spacing",
                    resting_area_does_not_depend_on_the_spacing);
    g_test_add_func("/snake/energy_decreases", energy_decreases);
    g_test_add_func("/snake/clockwise_input_is_the_same_contour",
                    clockwise_input_is_the_same_contour);
    g_test_add_func("/snake/a_snake_without_support_vanishes_or_tires_and_says_so",
                    a_snake_without_support_vanishes_or_tires_and_says_so);
    g_test_add_func("/snake/sliders_do_what_they_say", sliders_do_what_they_say);
    return g_test_run();
}
