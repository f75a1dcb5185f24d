// SPDX-License-Identifier: Apache-2.0
// Times the contour in space alone, until it rests, on a liver-sized body; beside ITK's geodesic
// active contour, which starts from a ball inside.
#include "segment/geodesic.h"

#include "bench/peers.h"
#include "core/parallel.h"
#include "image/gaussian.h"
#include "image/gradient.h"
#include "support/bench.h"

#include <math.h>

typedef struct {
    HpField *cost, *edge;
    int iterations;
    double ml;
    PeerCase peer; // `out` is the edges
    float *ball;   // mm from a ball inside; ITK moves it
    float *moved;
    double peer_ml;
} Case;

static double ml_of(const HpGrid *grid, const float *value, bool (*is_in)(float))
{
    size_t count = 0;
    for (size_t at = 0; at < hp_grid_count(grid); at++)
        count += is_in(value[at]);
    return (double)count * hp_grid_voxel_mm3(grid) / 1000;
}

static bool is_more_than_half(float u)
{
    return u > 0.5f;
}

static void ours_cb(void *data)
{
    Case *c = data;
    const HpGeodesicParams params = hp_geodesic_params_default();
    g_autoptr(HpGeodesic) geodesic = hp_geodesic_new(c->cost, c->edge, NULL, &params, NULL);
    hp_geodesic_run(geodesic, NULL, NULL);
    c->iterations = hp_geodesic_get_iterations(geodesic);
    c->ml = ml_of(&c->cost->grid, hp_geodesic_get_u(geodesic)->value, is_more_than_half);
}

#ifdef HP_HAVE_ITK
static bool is_negative(float phi)
{
    return phi < 0;
}

static void itk_cb(void *data)
{
    Case *c = data;
    peer_itk_contour(&c->peer, c->ball, c->moved);
    c->peer_ml = ml_of(&c->cost->grid, c->moved, is_negative);
}
#endif

// 110 HU in 50 HU with 12 HU of noise, blurred by 1.8 mm as the program does it.
static HpField *picture_of_egg(const HpGrid *grid, const double mm[3], float *ball)
{
    g_autoptr(HpField) raw = hp_field_new(grid, NULL);
    GRand *dice = g_rand_new_with_seed(1);
    for (int k = 0; k < grid->size[2]; k++)
        for (int j = 0; j < grid->size[1]; j++)
            for (int i = 0; i < grid->size[0]; i++) {
                const int ijk[3] = {i, j, k};
                double sum = 0, squares = 0, noise = -6;
                for (int axis = 0; axis < 3; axis++) {
                    const double away =
                        (ijk[axis] - (grid->size[axis] - 1) / 2.0) * grid->spacing_mm[axis];
                    sum += away * away / (mm[axis] * mm[axis]);
                    squares += away * away;
                }
                for (int at = 0; at < 12; at++)
                    noise += g_rand_double(dice);
                const size_t at = hp_grid_offset(grid, i, j, k);
                raw->value[at] = (float)((sum < 1 ? 110 : 50) + 12 * noise);
                ball[at] = (float)(sqrt(squares) - 35);
            }
    g_rand_free(dice);
    return hp_gaussian(raw, 1.8, NULL, NULL);
}

static void bench_contour(double spacing_mm, bool with_peer)
{
    const double mm[3] = {95, 75, 50}; // 1492 ml
    int size[3];
    for (int axis = 0; axis < 3; axis++)
        size[axis] = (int)ceil(2 * (mm[axis] + 15) / spacing_mm);
    const HpGrid grid = hp_grid_new(size[0], size[1], size[2], spacing_mm, spacing_mm, spacing_mm);
    const size_t count = hp_grid_count(&grid);
    Case c = {.cost = hp_field_new(&grid, NULL), .edge = hp_field_new(&grid, NULL)};
    c.ball = g_new(float, count);
    c.moved = g_new(float, count);
    c.peer = (PeerCase){.threads = hp_parallel_get_threads(), .out = g_new(float, count)};
    for (int axis = 0; axis < 3; axis++) {
        c.peer.size[axis] = size[axis];
        c.peer.spacing_mm[axis] = spacing_mm;
    }
    g_autoptr(HpField) smooth = picture_of_egg(&grid, mm, c.ball);
    g_autoptr(HpField) slope = hp_gradient(smooth, NULL, NULL);
    for (size_t at = 0; at < count; at++) {
        const float edge = expf(-slope->value[at] * slope->value[at] / 16);
        c.cost->value[at] = CLAMP((80 - smooth->value[at]) / 8, -3.0f, 3.0f);
        c.edge->value[at] = 0.1f + 0.9f * edge;
        c.peer.out[at] = edge;
    }
    BenchEntry entries[2] = {{"ours", ours_cb, &c, 0, 0}};
    int entry_count = 1;
#ifdef HP_HAVE_ITK
    if (with_peer)
        entries[entry_count++] = (BenchEntry){"ITK geodesic active contour", itk_cb, &c, 0, 0};
#endif
    g_autofree char *title = g_strdup_printf("Contour in space, %d x %d x %d voxels of %g mm",
                                             size[0], size[1], size[2], spacing_mm);
    bench_run(title, entries, entry_count, with_peer ? 1 : 5, count, "voxel");
    g_print(
        "  the body has 1492 ml; ours %.0f ml after %d iterations, %.2f ns per voxel and each\n",
        c.ml, c.iterations, 1e9 * entries[0].seconds / (double)count / c.iterations);
    if (entry_count > 1)
        g_print("  ITK %.0f ml\n", c.peer_ml);
    hp_field_unref(c.cost);
    hp_field_unref(c.edge);
    g_free(c.ball);
    g_free(c.moved);
    g_free(c.peer.out);
}

int main(void)
{
    bench_contour(3, true); // a quarter of a minute
    bench_contour(3, false);
    bench_contour(1.5, false);
    return 0;
}
