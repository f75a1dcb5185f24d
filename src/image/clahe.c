// SPDX-License-Identifier: Apache-2.0
// Equalises each slice in tiles, its gain limited: contrast-limited adaptive equalisation.
#include "image/clahe.h"

#include "core/kernel.h"
#include "core/parallel.h"

#include <math.h>
#include <string.h>

#define TILES 8

typedef struct {
    const HpVolume *in;
    HpVolume *out;
    int low, high; // HU
    double gain;
    int tiles[2]; // along i and j
    HpTask *task;
} Clahe;

static int first_of_tile(int tile, int tiles, int length)
{
    return (int)((gint64)tile * length / tiles);
}

// Counts into bins[hu - low] what lies strictly between low and high; returns how many.
static guint32 count_tile(const Clahe *clahe, int k, int tile_i, int tile_j, guint32 *bins)
{
    const HpGrid *grid = &clahe->in->grid;
    const int i_from = first_of_tile(tile_i, clahe->tiles[0], grid->size[0]);
    const int i_to = first_of_tile(tile_i + 1, clahe->tiles[0], grid->size[0]);
    const int j_to = first_of_tile(tile_j + 1, clahe->tiles[1], grid->size[1]);
    // One comparison tells both ends: what is below wraps to above.
    const guint32 inside = (guint32)(clahe->high - clahe->low - 1);
    guint32 count = 0;
    memset(bins, 0, (inside + 2) * sizeof *bins);
    for (int j = first_of_tile(tile_j, clahe->tiles[1], grid->size[1]); j < j_to; j++) {
        const int16_t *hu = clahe->in->hu + hp_grid_offset(grid, 0, j, k);
        for (int i = i_from; i < i_to; i++) {
            const guint32 above = (guint32)(hu[i] - clahe->low - 1);
            if (above < inside) {
                bins[above + 1]++;
                count++;
            }
        }
    }
    return count;
}

// What is above the level is spread over all bins. The highest level at which no bin ends above
// `limit`, found by halving: 20 times is a millionth of the limit.
HP_KERNEL static float clip_level(const float *bins, int width, float count, float limit)
{
    float low = 0, high = limit;
    for (int halving = 0; halving < 20; halving++) {
        const float level = 0.5f * (low + high);
        float kept = 0;
        for (int bin = 1; bin < width; bin++)
            kept += bins[bin] < level ? bins[bin] : level;
        if (level + (count - kept) / width > limit)
            high = level;
        else
            low = level;
    }
    return low;
}

// The curve of one tile: what each HU from low to high becomes. `bins` is scratch of the same length.
static void make_curve(const Clahe *clahe, const guint32 *counts, guint32 count, float *bins,
                       float *curve)
{
    const int width = clahe->high - clahe->low;
    for (int bin = 0; bin <= width; bin++)
        bins[bin] = (float)counts[bin];
    // A tile with nothing in the window keeps its values: all weight is spread.
    const float total = MAX((float)count, 1);
    const float level = clip_level(bins, width, total, (float)clahe->gain * total / width);
    double kept = 0;
    for (int bin = 1; bin < width; bin++)
        kept += MIN(bins[bin], level);
    const double spread = (total - kept) / width; // to each bin; half of it to the two ends
    double below = 0.5 * spread;
    curve[0] = (float)clahe->low;
    for (int bin = 1; bin < width; bin++) {
        const double here = MIN(bins[bin], level) + spread;
        curve[bin] = (float)(clahe->low + width * (below + 0.5 * here) / total);
        below += here;
    }
    curve[width] = (float)clahe->high;
}

// Of a voxel: the tile whose centre lies before it, the one after, and the weight of the latter.
typedef struct {
    int before, after;
    float weight;
} Between;

static Between between(int at, int tiles, int length)
{
    const float centre = (at + 0.5f) * tiles / length - 0.5f;
    const int before = (int)floorf(centre);
    return (Between){CLAMP(before, 0, tiles - 1), CLAMP(before + 1, 0, tiles - 1), centre - before};
}

// Voxels [0, length) of a row between the same four tiles; `weight` runs along the row.
HP_KERNEL static void map_part(const int16_t *restrict hu, int16_t *restrict out, int length,
                               const Clahe *clahe, const float *restrict const curve[4],
                               const Between *along, float weight_j)
{
    const int low = clahe->low, width = clahe->high - clahe->low;
    for (int i = 0; i < length; i++) {
        const int at = hu[i] - low;
        const int bin = at < 0 ? 0 : at > width ? width : at;
        const float top = curve[0][bin] + along[i].weight * (curve[1][bin] - curve[0][bin]);
        const float bottom = curve[2][bin] + along[i].weight * (curve[3][bin] - curve[2][bin]);
        const float value = top + weight_j * (bottom - top);
        const int rounded = (int)(value + (value < 0 ? -0.5f : 0.5f));
        out[i] = (int16_t)(at == bin ? rounded : hu[i]);
    }
}

static void map_slice(const Clahe *clahe, int k, const float *curves, const Between *along)
{
    const HpGrid *grid = &clahe->in->grid;
    const int ni = grid->size[0], width = clahe->high - clahe->low;
    for (int j = 0; j < grid->size[1]; j++) {
        const Between down = between(j, clahe->tiles[1], grid->size[1]);
        const float *above = curves + (size_t)down.before * clahe->tiles[0] * (width + 1);
        const float *below = curves + (size_t)down.after * clahe->tiles[0] * (width + 1);
        const size_t row = hp_grid_offset(grid, 0, j, k);
        for (int i = 0, end; i < ni; i = end) {
            for (end = i + 1; end < ni && along[end].before == along[i].before &&
                              along[end].after == along[i].after;)
                end++;
            const size_t before = (size_t)along[i].before * (width + 1);
            const size_t after = (size_t)along[i].after * (width + 1);
            const float *curve[4] = {above + before, above + after, below + before, below + after};
            map_part(clahe->in->hu + row + i, clahe->out->hu + row + i, end - i, clahe, curve,
                     along + i, down.weight);
        }
    }
}

static void slices_cb(int begin, int end, int slab, void *data)
{
    const Clahe *clahe = data;
    const HpGrid *grid = &clahe->in->grid;
    const size_t entries = (size_t)(clahe->high - clahe->low) + 1;
    const int tiles = clahe->tiles[0] * clahe->tiles[1];
    g_autofree float *curves = g_new(float, entries *tiles);
    g_autofree float *bins = g_new(float, entries);
    g_autofree guint32 *counts = g_new(guint32, entries);
    g_autofree Between *along = g_new(Between, grid->size[0]);
    for (int i = 0; i < grid->size[0]; i++)
        along[i] = between(i, clahe->tiles[0], grid->size[0]);
    for (int k = begin; k < end && !hp_task_is_cancelled(clahe->task); k++) {
        for (int tile = 0; tile < tiles; tile++) {
            const guint32 count =
                count_tile(clahe, k, tile % clahe->tiles[0], tile / clahe->tiles[0], counts);
            make_curve(clahe, counts, count, bins, curves + tile * entries);
        }
        map_slice(clahe, k, curves, along);
    }
}

bool hp_clahe(const HpVolume *in, double low_hu, double high_hu, double gain, HpVolume *out,
              HpTask *task, GError **error)
{
    g_assert(hp_grid_count(&in->grid) == hp_grid_count(&out->grid) && gain >= 1);
    const int low = (int)lrint(CLAMP(low_hu, -32768, 32766));
    const int high = (int)lrint(CLAMP(high_hu, low + 1, 32767));
    Clahe clahe = {in, out, low, high, gain, {0}, task};
    for (int axis = 0; axis < 2; axis++)
        clahe.tiles[axis] = MIN(TILES, in->grid.size[axis]);
    hp_parallel_for(in->grid.size[2], 2, slices_cb, &clahe);
    return hp_task_step(task, 1, error);
}
