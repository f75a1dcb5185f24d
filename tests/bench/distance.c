// SPDX-License-Identifier: Apache-2.0
// Times distances, parts and holes on a liver-sized ball in a CT-sized grid, and on a 3 mm grid.
#include "image/distance.h"

#include "bench/peers.h"
#include "core/parallel.h"
#include "image/components.h"
#include "image/morphology.h"
#include "support/bench.h"
#include "support/random.h"

#include <math.h>
#include <string.h>

typedef struct {
    HpGrid grid;
    uint8_t *labels, *copy;
    double max_mm;
    PeerCase peer;
} Case;

static void outside_cb(void *data)
{
    Case *c = data;
    hp_field_unref(hp_distance_outside(c->labels, &c->grid, 0, c->max_mm, NULL, NULL));
}

static void inside_cb(void *data)
{
    Case *c = data;
    hp_field_unref(hp_distance_inside(c->labels, &c->grid, 0, c->max_mm, NULL, NULL));
}

static void signed_cb(void *data)
{
    Case *c = data;
    hp_field_unref(hp_distance_signed(c->labels, &c->grid, 0, c->max_mm, NULL, NULL));
}

static void largest_cb(void *data)
{
    Case *c = data;
    memcpy(c->copy, c->labels, hp_grid_count(&c->grid));
    hp_components_keep_largest(c->copy, &c->grid, NULL, NULL);
}

static void holes_cb(void *data)
{
    Case *c = data;
    memcpy(c->copy, c->labels, hp_grid_count(&c->grid));
    hp_fill_holes_3d(c->copy, &c->grid, 1, NULL, NULL);
}

static void slices_cb(void *data)
{
    Case *c = data;
    memcpy(c->copy, c->labels, hp_grid_count(&c->grid));
    hp_fill_holes_slices(c->copy, &c->grid, 0, 1, NULL, NULL);
}

static void close_cb(void *data)
{
    Case *c = data;
    memcpy(c->copy, c->labels, hp_grid_count(&c->grid));
    hp_close(c->copy, &c->grid, 4.5, NULL, NULL);
}

#ifdef HP_HAVE_ITK
static void itk_cb(void *data)
{
    peer_itk_distance(&((Case *)data)->peer);
}
#endif

static void measure(HpGrid grid, int repeats)
{
    Case c = {.grid = grid, .labels = random_labels(&grid, 0.02, 1)};
    c.copy = g_memdup2(c.labels, hp_grid_count(&grid));
    for (int k = 0; k < grid.size[2]; k++)
        for (int j = 0; j < grid.size[1]; j++)
            for (int i = 0; i < grid.size[0]; i++) {
                const double mm[3] = {(i - grid.size[0] * 0.4) * grid.spacing_mm[0],
                                      (j - grid.size[1] * 0.5) * grid.spacing_mm[1],
                                      (k - grid.size[2] * 0.5) * grid.spacing_mm[2]};
                if (hypot(hypot(mm[0], mm[1]), mm[2]) < 75)
                    c.labels[hp_grid_offset(&grid, i, j, k)] ^= 1;
                else if (j % 4 != 0)
                    c.labels[hp_grid_offset(&grid, i, j, k)] = 0;
            }
    c.peer = (PeerCase){.labels = c.labels, .threads = hp_parallel_get_threads()};
    for (int axis = 0; axis < 3; axis++) {
        c.peer.size[axis] = grid.size[axis];
        c.peer.spacing_mm[axis] = grid.spacing_mm[axis];
    }
    const double limits[] = {3, 6, 10, 16, INFINITY};
    for (int at = 0; at < 5; at++) {
        c.max_mm = limits[at];
        g_autofree char *title = g_strdup_printf("Distance up to %g mm, voxels of %g mm",
                                                 limits[at], grid.spacing_mm[0]);
        BenchEntry entries[4];
        int count = 0;
        entries[count++] = (BenchEntry){"signed", signed_cb, &c, 0, 0};
        entries[count++] = (BenchEntry){"outside", outside_cb, &c, 0, 0};
        entries[count++] = (BenchEntry){"inside", inside_cb, &c, 0, 0};
#ifdef HP_HAVE_ITK
        if (isinf(limits[at]))
            entries[count++] = (BenchEntry){"ITK, signed (Maurer)", itk_cb, &c, 0, 0};
#endif
        bench_run(title, entries, count, repeats, hp_grid_count(&grid), "voxel");
    }
    BenchEntry entries[] = {{"keep largest", largest_cb, &c, 0, 0},
                            {"fill holes 3-D", holes_cb, &c, 0, 0},
                            {"fill holes of sagittals", slices_cb, &c, 0, 0},
                            {"close 4.5 mm", close_cb, &c, 0, 0}};
    bench_run("Parts", entries, 4, repeats, hp_grid_count(&grid), "voxel");
    g_free(c.labels);
    g_free(c.copy);
}

int main(void)
{
    measure(random_grid(120, 120, 60, 3, 3, 3), 7);
    measure(random_grid(512, 512, 100, 0.7, 0.7, 2), 3);
    return 0;
}
