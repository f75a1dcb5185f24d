// SPDX-License-Identifier: Apache-2.0
// Times the Gaussian and its neighbours on a CT-sized volume.
#include "image/gaussian.h"
#include "image/median.h"
#include "image/resample.h"
#include "support/bench.h"
#include "support/random.h"

typedef struct {
    HpVolume *volume, *out;
    double sigma_mm;
    HpGrid coarse;
    HpField *small;
} Case;

static void field_cb(void *data)
{
    Case *c = data;
    hp_field_unref(hp_gaussian_volume(c->volume, c->sigma_mm, NULL, NULL));
}

static void into_cb(void *data)
{
    Case *c = data;
    hp_gaussian_into(c->volume, c->sigma_mm, c->out, NULL, NULL);
}

static void median_cb(void *data)
{
    Case *c = data;
    hp_volume_unref(hp_median_volume(c->volume, NULL, NULL));
}

static void median_field_cb(void *data)
{
    Case *c = data;
    hp_field_unref(hp_median(c->small, NULL, NULL));
}

static void resample_cb(void *data)
{
    Case *c = data;
    hp_field_unref(hp_resample_volume(c->volume, &c->coarse, 0, NULL, NULL));
}

static void up_cb(void *data)
{
    Case *c = data;
    hp_field_unref(hp_resample_field(c->small, &c->volume->grid, 0, NULL, NULL));
}

int main(void)
{
    const HpGrid grid = random_grid(512, 512, 150, 0.7, 0.7, 1);
    const size_t voxels = hp_grid_count(&grid);
    Case c = {.volume = random_volume(&grid, -1024, 2000, 1), .out = random_volume(&grid, 0, 1, 1)};
    const double sigmas[] = {1, 2, 4, 6};
    for (int at = 0; at < 4; at++) {
        c.sigma_mm = sigmas[at];
        g_autofree char *title = g_strdup_printf("Gaussian, sigma %g mm", sigmas[at]);
        BenchEntry entries[] = {{"to int16", into_cb, &c, 0, 0}, {"to float", field_cb, &c, 0, 0}};
        bench_run(title, entries, 2, 3, voxels, "voxel");
    }
    c.coarse = hp_grid_resampled(&grid, (double[3]){3, 3, 3});
    c.small = hp_resample_volume(c.volume, &c.coarse, 0, NULL, NULL);
    BenchEntry rest[] = {{"median int16", median_cb, &c, 0, 0},
                         {"to 3 mm", resample_cb, &c, 0, 0},
                         {"from 3 mm", up_cb, &c, 0, 0}};
    bench_run("Others", rest, 3, 3, voxels, "voxel");
    BenchEntry small[] = {{"median float", median_field_cb, &c, 0, 0}};
    bench_run("At 3 mm", small, 1, 5, hp_grid_count(&c.coarse), "voxel");
    hp_volume_unref(c.volume);
    hp_volume_unref(c.out);
    hp_field_unref(c.small);
    return 0;
}
