// SPDX-License-Identifier: Apache-2.0
// Histogram equalisation inside a window: spreads its grey values evenly, by an amount.
#include "image/equalise.h"

#include "core/error.h"
#include "core/parallel.h"
#include "image/body.h"

#include <math.h>
#include <string.h>

#define GRAIN 8 // slices per partial histogram

typedef struct {
    const HpVolume *volume;
    const uint8_t *body; // on `grid`, whose axes are those of the volume
    HpGrid grid;
    bool is_everywhere; // no body was found: count every voxel
    int low, high;      // counts values strictly between
    guint64 *partial;   // high - low + 1 counts per slab
    HpTask *task;
} Count;

// Which voxel of the coarse body a voxel of the volume lies in, along one axis.
static int *nearest(const HpGrid *fine, const HpGrid *coarse, int axis)
{
    double first[3];
    hp_grid_to_ijk(coarse, fine->origin_mm, first);
    int *index = g_new(int, fine->size[axis]);
    for (int at = 0; at < fine->size[axis]; at++) {
        const double to = first[axis] + at * fine->spacing_mm[axis] / coarse->spacing_mm[axis];
        index[at] = CLAMP((int)floor(to + 0.5), 0, coarse->size[axis] - 1);
    }
    return index;
}

static void count_cb(int begin, int end, int slab, void *data)
{
    const Count *count = data;
    const HpGrid *grid = &count->volume->grid;
    guint64 *bins = count->partial + (size_t)slab * (count->high - count->low + 1);
    g_autofree int *to_i = nearest(grid, &count->grid, 0);
    g_autofree int *to_j = nearest(grid, &count->grid, 1);
    g_autofree int *to_k = nearest(grid, &count->grid, 2);
    for (int k = begin; k < end && !hp_task_is_cancelled(count->task); k++)
        for (int j = 0; j < grid->size[1]; j++) {
            const int16_t *hu = count->volume->hu + hp_grid_offset(grid, 0, j, k);
            const uint8_t *body = count->body + hp_grid_offset(&count->grid, 0, to_j[j], to_k[k]);
            for (int i = 0; i < grid->size[0]; i++)
                if (hu[i] > count->low && hu[i] < count->high &&
                    (body[to_i[i]] != 0 || count->is_everywhere))
                    bins[hu[i] - count->low]++;
        }
}

// What F is in the header; NULL if nothing lies in the window.
static double *cumulate(const Count *count, int slabs)
{
    const int bins = count->high - count->low + 1;
    g_autofree double *share = g_new0(double, bins);
    for (int slab = 0; slab < slabs; slab++)
        for (int bin = 0; bin < bins; bin++)
            share[bin] += (double)count->partial[(size_t)slab * bins + bin];
    double total = 0;
    for (int bin = 0; bin < bins; bin++)
        total += share[bin];
    if (total == 0)
        return NULL;
    double below = 0;
    for (int bin = 0; bin < bins; bin++) {
        const double here = share[bin];
        share[bin] = (below + 0.5 * here) / total;
        below += here;
    }
    return g_steal_pointer(&share);
}

HpCurve *hp_equalise_curve(const HpVolume *volume, double low_hu, double high_hu, double amount,
                           HpTask *task, GError **error)
{
    const int low = (int)lrint(CLAMP(low_hu, -32768, 32766));
    const int high = (int)lrint(CLAMP(high_hu, low + 1, 32767));
    g_autoptr(HpCurve) curve = hp_curve_new();
    if (amount <= 0)
        return g_steal_pointer(&curve);

    Count count = {.volume = volume, .low = low, .high = high, .task = task};
    g_autofree uint8_t *body = hp_body_find(volume, &count.grid, task, error);
    if (body == NULL)
        return NULL;
    count.body = body;
    count.is_everywhere = memchr(body, 1, hp_grid_count(&count.grid)) == NULL;
    const int slabs = hp_parallel_slabs(volume->grid.size[2], GRAIN);
    g_autofree guint64 *partial =
        hp_try_alloc((size_t)slabs * (high - low + 1), sizeof *partial, "histograms", error);
    if (partial == NULL)
        return NULL;
    count.partial = partial;
    hp_parallel_for(volume->grid.size[2], GRAIN, count_cb, &count);
    if (!hp_task_step(task, 1, error))
        return NULL;

    g_autofree double *share = cumulate(&count, slabs);
    for (int hu = low; share != NULL && hu <= high; hu++)
        curve->hu[hu - HP_CURVE_LOW] =
            (float)((1 - amount) * hu + amount * (low + (high - low) * share[hu - low]));
    return g_steal_pointer(&curve);
}
