// SPDX-License-Identifier: Apache-2.0
// The snake on one 512 x 512 slice, 0.7 mm pixels: maps, a step, a contour until it rests, the slice.
#include "segment/snake.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { SIZE = 512, REPEATS = 15 };

// A liver-like outline of some 600 mm round (256, 256) pixels, 110 HU in fat of -80 HU, 10 HU noise.
static HpField *make_picture(const HpGrid *grid)
{
    g_autoptr(GRand) random = g_rand_new_with_seed(1);
    HpField *field = hp_field_new(grid, NULL);
    for (int j = 0; j < SIZE; j++)
        for (int i = 0; i < SIZE; i++) {
            const double a = 0.7 * (i - 256), b = 0.7 * (j - 256), turn = atan2(b, a);
            const double radius = 80 + 14 * cos(2 * turn) + 7 * sin(5 * turn);
            const double share = CLAMP(0.5 + (radius - hypot(a, b)) / 2, 0, 1);
            double noise = -6;
            for (int at = 0; at < 12; at++)
                noise += g_rand_double(random);
            field->value[(size_t)j * SIZE + i] = (float)(-80 + 190 * share + 10 * noise);
        }
    return field;
}

static HpLoop *circle(double radius)
{
    HpLoop *loop = hp_loop_new(120);
    for (int at = 0; at < 120; at++)
        hp_loop_append(loop, 0.7 * 256 + radius * cos(2 * G_PI * at / 120),
                       0.7 * 256 + radius * sin(2 * G_PI * at / 120));
    return loop;
}

static int compare(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double samples[REPEATS])
{
    qsort(samples, REPEATS, sizeof *samples, compare);
    return samples[REPEATS / 2];
}

int main(void)
{
    const HpGrid grid = hp_grid_new(SIZE, SIZE, 1, 0.7, 0.7, 2);
    g_autoptr(HpField) picture = make_picture(&grid);
    const HpMapSources sources = {.smooth = picture};
    const HpParams params = hp_params_default();
    const HpRaster whole = hp_raster_of_slice(&grid, HP_PLANE_AXIAL);
    g_autoptr(HpLoop) start = circle(60);
    g_autoptr(GPtrArray) seeds = hp_contours_new(), loops = hp_loops_new();
    g_ptr_array_add(seeds, hp_loop_to_contour(start, &grid, HP_PLANE_AXIAL, 0));
    g_ptr_array_add(loops, hp_loop_copy(start));
    HpMapRule rule;
    if (!hp_map_rule_new(&sources, seeds, &params, &rule, NULL))
        return 1;
    g_autoptr(HpMaps) maps = hp_maps_new();
    g_autoptr(HpSnake) snake = hp_snake_new();
    double maps_ms[REPEATS], contour_ms[REPEATS], step_ns[REPEATS], slice_ms[REPEATS];
    int steps = 0, points = 0, x, y;
    const HpRaster part = hp_raster_around(&whole, loops, 40, &x, &y);
    for (int at = 0; at < REPEATS; at++) {
        const gint64 begin = g_get_monotonic_time();
        hp_maps_make(maps, &sources, &rule, HP_PLANE_AXIAL, 0, &part, x, y);
        const gint64 made = g_get_monotonic_time();
        hp_snake_init(snake, maps, start, HP_SNAKE_SPACING_MM, HP_SNAKE_MAX_STEPS);
        while (hp_snake_step(snake))
            ;
        const gint64 end = g_get_monotonic_time();
        steps = hp_snake_get_steps(snake);
        points = hp_snake_get_loop(snake)->count;
        maps_ms[at] = (made - begin) / 1000.0;
        contour_ms[at] = (end - made) / 1000.0;
        slice_ms[at] = (end - begin) / 1000.0;
        step_ns[at] = 1000.0 * (end - made) / steps;
    }
    const HpSnakeReport report = hp_snake_report(snake);
    const double step = median(step_ns);
    printf("snake, %d points at rest after %d steps (%s), %.0f mm2\n", points, steps,
           report.state == HP_SNAKE_RESTS ? "rests" : "does not rest", report.area_mm2);
    printf("step     %8.0f ns, %.1f ns per point\n", step, step / points);
    printf("maps     %8.2f ms, %.1f ns per pixel of %d x %d\n", median(maps_ms),
           1e6 * median(maps_ms) / part.width / part.height, part.width, part.height);
    printf("contour  %8.2f ms\n", median(contour_ms));
    printf("slice    %8.2f ms, maps and contour\n", median(slice_ms));
    return report.state == HP_SNAKE_RESTS ? 0 : 1;
}
