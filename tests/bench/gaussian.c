// SPDX-License-Identifier: Apache-2.0
// Times the Gaussian, the median, resampling and diffusion on CT-sized volumes, beside ITK and OpenCV.
#include "image/gaussian.h"

#include "bench/peers.h"
#include "core/parallel.h"
#include "image/diffusion.h"
#include "image/gradient.h"
#include "image/median.h"
#include "image/resample.h"
#include "support/bench.h"
#include "support/random.h"

#define MOST 6 // entries of a table

typedef struct {
    HpVolume *volume, *out;
    HpField *field;
    double sigma_mm;
    HpGrid coarse;
    PeerCase peer;
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
    hp_field_unref(hp_median(c->field, NULL, NULL));
}

static void gradient_cb(void *data)
{
    Case *c = data;
    hp_field_unref(hp_gradient(c->field, NULL, NULL));
}

static void coarser_cb(void *data)
{
    Case *c = data;
    hp_field_unref(hp_resample_volume(c->volume, &c->coarse, 0, NULL, NULL));
}

static void finer_cb(void *data)
{
    Case *c = data;
    hp_field_unref(hp_resample_field(c->field, &c->volume->grid, 0, NULL, NULL));
}

#define STEPS 20
static double step_mm2(const Case *c)
{
    return 0.0625 * c->volume->grid.spacing_mm[0] * c->volume->grid.spacing_mm[0];
}

static void diffusion_cb(void *data)
{
    Case *c = data;
    hp_diffusion(c->volume, STEPS * step_mm2(c), c->out, NULL, NULL);
}

#ifdef HP_HAVE_ITK
static void itk_gaussian_cb(void *data)
{
    Case *c = data;
    peer_itk_gaussian(&c->peer, c->sigma_mm);
}

static void itk_recursive_cb(void *data)
{
    Case *c = data;
    peer_itk_gaussian_recursive(&c->peer, c->sigma_mm);
}

static void itk_median_cb(void *data)
{
    peer_itk_median(&((Case *)data)->peer);
}

static void itk_diffusion_cb(void *data)
{
    Case *c = data;
    peer_itk_diffusion(&c->peer, STEPS, step_mm2(c));
}
#endif

#ifdef HP_HAVE_OPENCV
static void opencv_gaussian_cb(void *data)
{
    Case *c = data;
    peer_opencv_gaussian(&c->peer, c->sigma_mm);
}

static void opencv_median_cb(void *data)
{
    peer_opencv_median(&((Case *)data)->peer);
}
#endif

static Case case_new(HpGrid grid)
{
    Case c = {.volume = random_volume(&grid, -1024, 2000, 1), .out = random_volume(&grid, 0, 1, 1)};
    c.coarse = hp_grid_resampled(&grid, (double[3]){3, 3, 3});
    c.field = hp_resample_volume(c.volume, &c.coarse, 0, NULL, NULL);
    c.peer = (PeerCase){.hu = c.volume->hu, .threads = hp_parallel_get_threads()};
    c.peer.out = g_new0(float, hp_grid_count(&grid));
    for (int axis = 0; axis < 3; axis++) {
        c.peer.size[axis] = grid.size[axis];
        c.peer.spacing_mm[axis] = grid.spacing_mm[axis];
    }
    return c;
}

static void case_clear(Case *c)
{
    hp_volume_unref(c->volume);
    hp_volume_unref(c->out);
    hp_field_unref(c->field);
    g_free(c->peer.out);
}

static void bench_gaussian(Case *c, double sigma_mm)
{
    c->sigma_mm = sigma_mm;
    BenchEntry entries[MOST];
    int count = 0;
    entries[count++] = (BenchEntry){"to float", field_cb, c, 0, 0};
    entries[count++] = (BenchEntry){"to int16", into_cb, c, 0, 0};
#ifdef HP_HAVE_ITK
    if (sigma_mm <= 1) // seconds, and minutes for a wide one
        entries[count++] = (BenchEntry){"ITK discrete", itk_gaussian_cb, c, 0, 0};
    entries[count++] = (BenchEntry){"ITK recursive", itk_recursive_cb, c, 0, 0};
#endif
#ifdef HP_HAVE_OPENCV
    entries[count++] = (BenchEntry){"OpenCV", opencv_gaussian_cb, c, 0, 0};
#endif
    g_autofree char *title =
        g_strdup_printf("Gaussian of %g mm, voxels of %g x %g x %g mm", sigma_mm,
                        c->peer.spacing_mm[0], c->peer.spacing_mm[1], c->peer.spacing_mm[2]);
    bench_run(title, entries, count, 3, hp_grid_count(&c->volume->grid), "voxel");
}

static void bench_median(Case *c)
{
    BenchEntry entries[MOST];
    int count = 0;
    entries[count++] = (BenchEntry){"3x3x3", median_cb, c, 0, 0};
#ifdef HP_HAVE_ITK
    entries[count++] = (BenchEntry){"ITK", itk_median_cb, c, 0, 0};
#endif
#ifdef HP_HAVE_OPENCV
    entries[count++] = (BenchEntry){"OpenCV, 3x3 in plane only", opencv_median_cb, c, 0, 0};
#endif
    bench_run("Median, int16", entries, count, 3, hp_grid_count(&c->volume->grid), "voxel");
}

static void bench_diffusion(Case *c)
{
    BenchEntry entries[MOST];
    int count = 0;
    entries[count++] = (BenchEntry){"ours", diffusion_cb, c, 0, 0};
#ifdef HP_HAVE_ITK
    entries[count++] = (BenchEntry){"ITK", itk_diffusion_cb, c, 0, 0};
#endif
    bench_run("Curvature diffusion, 20 steps", entries, count, 3,
              STEPS * hp_grid_count(&c->volume->grid), "voxel and step");
}

int main(void)
{
    Case ct = case_new(random_grid(512, 512, 100, 0.7, 0.7, 1));
    const size_t voxels = hp_grid_count(&ct.volume->grid);
    const double sigmas[] = {1, 2, 4, 6};
    for (int at = 0; at < 4; at++)
        bench_gaussian(&ct, sigmas[at]);
    bench_median(&ct);
    BenchEntry grids[] = {{"to 3 mm", coarser_cb, &ct, 0, 0}, {"from 3 mm", finer_cb, &ct, 0, 0}};
    bench_run("Resampling, per fine voxel", grids, 2, 3, voxels, "voxel");
    BenchEntry coarse[] = {{"median", median_field_cb, &ct, 0, 0},
                           {"gradient", gradient_cb, &ct, 0, 0}};
    bench_run("Fields at 3 mm", coarse, 2, 5, hp_grid_count(&ct.coarse), "voxel");
    case_clear(&ct);

    Case small = case_new(random_grid(192, 192, 40, 0.7, 0.7, 1));
    bench_diffusion(&small);
    case_clear(&small);
    return 0;
}
