// SPDX-License-Identifier: Apache-2.0
// Times equalisation, whole and in tiles, beside OpenCV's.
#include "image/clahe.h"

#include "bench/peers.h"
#include "core/parallel.h"
#include "image/body.h"
#include "image/equalise.h"
#include "support/bench.h"
#include "support/random.h"

typedef struct {
    HpVolume *volume, *out;
    HpCurve *curve;
    PeerCase peer;
} Case;

static void clahe_cb(void *data)
{
    Case *c = data;
    hp_clahe(c->volume, -140, 260, 3, c->out, NULL, NULL);
}

static void equalise_cb(void *data)
{
    Case *c = data;
    hp_curve_free(hp_equalise_curve(c->volume, -140, 260, 0.5, NULL, NULL));
}

static void body_cb(void *data)
{
    Case *c = data;
    HpGrid grid;
    g_free(hp_body_find(c->volume, &grid, NULL, NULL));
}

static void apply_cb(void *data)
{
    Case *c = data;
    hp_curve_apply(c->curve, c->volume, c->out, NULL, NULL);
}

#ifdef HP_HAVE_OPENCV
static void opencv_8_cb(void *data)
{
    peer_opencv_clahe(&((Case *)data)->peer, 3, 8);
}

static void opencv_16_cb(void *data)
{
    peer_opencv_clahe(&((Case *)data)->peer, 3, 16);
}
#endif

// A patient's distribution of values: air around, fat and soft tissue with noise within.
static HpVolume *patient(const HpGrid *grid)
{
    HpVolume *volume = random_volume(grid, -20, 21, 1);
    for (int k = 0; k < grid->size[2]; k++)
        for (int j = 0; j < grid->size[1]; j++)
            for (int i = 0; i < grid->size[0]; i++) {
                const double x = (i - 256) / 230.0, y = (j - 256) / 170.0;
                const double radius = x * x + y * y;
                const int hu = radius > 1      ? -980
                               : radius > 0.75 ? -100
                                               : 30 + (i / 40 + j / 50) % 5 * 20;
                volume->hu[hp_grid_offset(grid, i, j, k)] += (int16_t)hu;
            }
    return volume;
}

int main(void)
{
    const HpGrid grid = random_grid(512, 512, 100, 0.7, 0.7, 1);
    const size_t voxels = hp_grid_count(&grid);
    Case c = {.volume = patient(&grid), .out = random_volume(&grid, 0, 1, 1)};
    c.curve = hp_equalise_curve(c.volume, -140, 260, 0.5, NULL, NULL);
    c.peer = (PeerCase){.size = {512, 512, 100}, .hu = c.volume->hu};
    c.peer.threads = hp_parallel_get_threads();
    c.peer.grey = g_new(uint8_t, voxels);
    c.peer.out = g_new0(float, voxels);
    for (size_t at = 0; at < voxels; at++)
        c.peer.grey[at] = (uint8_t)CLAMP((c.volume->hu[at] + 140) * 255 / 400, 0, 255);

    BenchEntry entries[4];
    int count = 0;
    entries[count++] = (BenchEntry){"400 HU of int16", clahe_cb, &c, 0, 0};
#ifdef HP_HAVE_OPENCV
    entries[count++] = (BenchEntry){"OpenCV, 8 bit", opencv_8_cb, &c, 0, 0};
    entries[count++] = (BenchEntry){"OpenCV, 16 bit", opencv_16_cb, &c, 0, 0};
#endif
    bench_run("Equalisation in tiles", entries, count, 5, voxels, "voxel");
    BenchEntry whole[] = {{"curve", equalise_cb, &c, 0, 0},
                          {"of it finding the body", body_cb, &c, 0, 0},
                          {"applying the curve", apply_cb, &c, 0, 0}};
    bench_run("Equalisation", whole, 3, 5, voxels, "voxel");
    hp_volume_unref(c.volume);
    hp_volume_unref(c.out);
    hp_curve_free(c.curve);
    g_free(c.peer.grey);
    g_free(c.peer.out);
    return 0;
}
