// SPDX-License-Identifier: Apache-2.0
// A slider dragged: the coarse organ and its surface, by the clock and by the processor.
//   bench-sketch [CT MASK]...   besides the synthetic donor of 512 x 512 x 300
#include "io/image_file.h"
#include "phantom/phantom.h"
#include "segment/sketch.h"
#include "segment/compare.h"
#include "segment/seed.h"
#include "surface/extract.h"
#include "surface/measure.h"
#include "surface/reduce.h"
#include "surface/smooth.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { MOVES = 9, MOST_TRIANGLES = 20000 };

typedef struct {
    double wall, busy; // ms
} Spent;

static Spent now(void)
{
    return (Spent){(double)g_get_monotonic_time() / 1000,
                   1000.0 * (double)clock() / CLOCKS_PER_SEC};
}

static Spent since(Spent then)
{
    const Spent at = now();
    return (Spent){at.wall - then.wall, at.busy - then.busy};
}

static int by_wall(const void *a, const void *b)
{
    const double x = ((const Spent *)a)->wall, y = ((const Spent *)b)->wall;
    return (x > y) - (x < y);
}

static HpMesh *surface_of(const HpMask *mask)
{
    HpGrid voxels;
    g_autoptr(HpMesh) net = hp_surface_extract(mask, 0, &voxels, NULL, NULL);
    const double target = hp_mesh_volume_mm3(net);
    hp_surface_smooth(net, &voxels, 0.5, target, NULL, NULL, NULL);
    return hp_surface_reduce(net, MOST_TRIANGLES, NULL, NULL, NULL);
}

static void drag(HpSketch *sketch, HpParameterId id, double from, double to)
{
    Spent organ[MOVES], surface[MOVES];
    size_t triangles = 0;
    for (int at = 0; at < MOVES; at++) {
        HpParams params = hp_params_default();
        params.value[id] = from + (to - from) * at / (MOVES - 1);
        Spent then = now();
        g_autoptr(GError) error = NULL;
        g_autoptr(HpMask) mask = hp_sketch_follow(sketch, &params, NULL, NULL, &error);
        organ[at] = since(then);
        if (mask == NULL) {
            printf("  %s = %g: %s\n", hp_parameter_get(id)->id, params.value[id], error->message);
            return;
        }
        then = now();
        g_autoptr(HpMesh) mesh = surface_of(mask);
        surface[at] = since(then);
        triangles = MAX(triangles, mesh->triangles);
    }
    qsort(organ, MOVES, sizeof *organ, by_wall);
    qsort(surface, MOVES, sizeof *surface, by_wall);
    printf("  %-22s organ %4.0f ms (processor %4.0f, worst %4.0f), surface %3.0f (%3.0f), "
           "%zu triangles\n",
           hp_parameter_get(id)->id, organ[MOVES / 2].wall, organ[MOVES / 2].busy,
           organ[MOVES - 1].wall, surface[MOVES / 2].wall, surface[MOVES / 2].busy, triangles);
}

// How far following is from starting anew at the same place.
static void compare(HpSketch *sketch, HpVolume *volume, const GPtrArray *seeds, HpParameterId id,
                    double value)
{
    HpParams params = hp_params_default();
    params.value[id] = value;
    double followed_ml, fresh_ml;
    g_autoptr(HpMask) followed = hp_sketch_follow(sketch, &params, &followed_ml, NULL, NULL);
    g_autoptr(HpSketch) anew = hp_sketch_new(volume, seeds, NULL, &params, NULL, NULL);
    g_autoptr(HpMask) fresh = anew ? hp_sketch_follow(anew, &params, &fresh_ml, NULL, NULL) : NULL;
    HpAgreement got;
    if (fresh == NULL || !hp_compare(followed, fresh, 0, &got, NULL, NULL))
        return;
    g_autoptr(HpOrgan) organ = hp_organ_segment(volume, seeds, NULL, &params, NULL, NULL);
    printf("  %s = %g: followed %.0f ml, anew %.0f ml (Dice %.4f), fitted in full %.0f ml\n",
           hp_parameter_get(id)->id, value, followed_ml, fresh_ml, got.dice, organ->ml);
}

static void bench(const char *name, HpVolume *volume, const HpMask *truth)
{
    const int *size = volume->grid.size;
    g_autoptr(GPtrArray) seeds = hp_contours_new();
    g_ptr_array_add(seeds, hp_seed_from_mask(truth, 0, NULL));
    const HpParams params = hp_params_default();
    Spent then = now();
    g_autoptr(HpSketch) sketch = hp_sketch_new(volume, seeds, NULL, &params, NULL, NULL);
    const Spent begun = since(then);
    then = now();
    g_autoptr(HpOrgan) organ = hp_organ_segment(volume, seeds, NULL, &params, NULL, NULL);
    const Spent whole = since(then);
    printf("%s, %d x %d x %d: begun in %.0f ms (processor %.0f), in full %.0f ms (%.0f)\n", name,
           size[0], size[1], size[2], begun.wall, begun.busy, whole.wall, whole.busy);
    drag(sketch, HP_PARAM_ALPHA, 0.5, 2);
    drag(sketch, HP_PARAM_BETA, 0.5, 4);
    drag(sketch, HP_PARAM_KAPPA, -0.4, 0.4);
    drag(sketch, HP_PARAM_THRESHOLD_LOW, 40, 80);
    drag(sketch, HP_PARAM_SIGMA, 0.5, 2);
    compare(sketch, volume, seeds, HP_PARAM_KAPPA, 0.3);
    compare(sketch, volume, seeds, HP_PARAM_KAPPA, -0.3);
    compare(sketch, volume, seeds, HP_PARAM_ALPHA, 2);
    compare(sketch, volume, seeds, HP_PARAM_THRESHOLD_LOW, 60);
}

int main(int argc, char **argv)
{
    if (argc < 3) {
        HpPhantomParams params = hp_phantom_params_default();
        params.matrix = 512;
        params.slices = 300;
        params.spacing_mm[0] = params.spacing_mm[1] = 0.725;
        params.spacing_mm[2] = 0.8;
        g_autoptr(HpVolume) volume = hp_phantom_render(&params, NULL, NULL);
        g_autoptr(HpMask) truth = hp_phantom_liver(&params, NULL, NULL);
        bench("synthetic donor", volume, truth);
    }
    for (int at = 1; at + 1 < argc; at += 2) {
        g_autoptr(HpVolume) volume = hp_image_file_read_volume(argv[at], NULL, NULL);
        g_autoptr(HpMask) truth = hp_image_file_read_mask(argv[at + 1], NULL, NULL);
        if (volume != NULL && truth != NULL)
            bench(argv[at], volume, truth);
    }
    return 0;
}
