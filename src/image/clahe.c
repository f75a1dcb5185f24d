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

// Counts into bins[hu - low] what lies strictly between low and high.
static void count_tile(const Clahe *clahe, int k, int tile_i, int tile_j, guint32 *bins)
{
    const HpGrid *grid = &clahe->in->grid;
    const int i_from = first_of_tile(tile_i, clahe->tiles[0], grid->size[0]);
    const int i_to = first_of_tile(tile_i + 1, clahe->tiles[0], grid->size[0]);
    const int j_to = first_of_tile(tile_j + 1, clahe->tiles[1], grid->size[1]);
    // One comparison tells both ends: what is below wraps to above.
    const int first = clahe->low + 1;
    const guint32 inside = (guint32)(clahe->high - first);
    memset(bins, 0, (inside + 2) * sizeof *bins);
    for (int j = first_of_tile(tile_j, clahe->tiles[1], grid->size[1]); j < j_to; j++) {
        const int16_t *hu = clahe->in->hu + hp_grid_offset(grid, 0, j, k);
        for (int i = i_from; i < i_to; i++) {
            const guint32 above = (guint32)(hu[i] - first);
            if (above < inside)
                bins[above + 1]++;
        }
    }
}

// Bins higher than `level`, and the sum of the others.
HP_KERNEL static guint32 count_above(const guint32 *bins, int width, float level, guint32 *below)
{
    const guint32 whole = (guint32)level; // a whole number is above exactly if it is above this
    guint32 above = 0, sum = 0;
    for (int bin = 1; bin < width; bin++) {
        above += bins[bin] > whole;
        sum += bins[bin] > whole ? 0 : bins[bin];
    }
    *below = sum;
    return above;
}

// Bins are cut at a level and what is above it is spread over all, evenly. The highest level at
// which no bin ends above `limit`: the zero of level + (total - sum of min(bin, level)) / width -
// limit, which is convex and made of straight pieces, so Newton's steps from above end at it.
static double clip_level(const guint32 *bins, int width, guint32 total, double limit)
{
    double level = limit;
    for (int step = 0; step < 32; step++) {
        guint32 below;
        const guint32 above = count_above(bins, width, (float)level, &below);
        // On this piece: level (1 - above / width) + (total - below) / width = limit.
        const double slope = 1 - (double)above / width;
        const double next = slope > 0 ? (limit - (double)(total - below) / width) / slope : 0;
        if (next <= 0 || next >= level)
            return MAX(MIN(next, level), 0);
        level = next;
    }
    return level;
}

// The curve of one tile: what each HU from low to high becomes.
static void make_curve(const Clahe *clahe, const guint32 *bins, float *curve)
{
    const int width = clahe->high - clahe->low;
    guint32 total;
    count_above(bins, width, (float)G_MAXINT32, &total);
    const double level = clip_level(bins, width, total, clahe->gain * total / width);
    double kept = 0;
    for (int bin = 1; bin < width; bin++)
        kept += MIN(bins[bin], level);
    // Spread to each bin, half of it to the two ends. A tile with nothing in the window spreads one.
    const double spread = (MAX(total, 1) - kept) / width;
    const double scale = (double)width / MAX(total, 1);
    double below = 0.5 * spread;
    curve[0] = (float)clahe->low;
    for (int bin = 1; bin < width; bin++) {
        const double here = MIN(bins[bin], level) + spread;
        curve[bin] = (float)(clahe->low + scale * (below + 0.5 * here));
        below += here;
    }
    curve[width] = (float)clahe->high;
}

// Of a voxel: the tile whose centre lies before it, the one after, and the weight of the latter;
// voxels up to `end` lie between the same two.
typedef struct {
    int before, after, end;
    float weight;
} Between;

static Between *between_tiles(int tiles, int length)
{
    Between *between = g_new(Between, length);
    for (int at = length - 1; at >= 0; at--) {
        const float centre = (at + 0.5f) * tiles / length - 0.5f;
        const int before = (int)floorf(centre);
        between[at] = (Between){CLAMP(before, 0, tiles - 1), CLAMP(before + 1, 0, tiles - 1),
                                at + 1, centre - before};
        if (at + 1 < length && between[at + 1].before == between[at].before &&
            between[at + 1].after == between[at].after)
            between[at].end = between[at + 1].end;
    }
    return between;
}

// Curves between those of two tiles above and below each other.
HP_KERNEL static void blend(const float *restrict above, const float *restrict below, float weight,
                            float *restrict out, size_t count)
{
    for (size_t at = 0; at < count; at++)
        out[at] = above[at] + weight * (below[at] - above[at]);
}

// Voxels [0, length) of a row, between the same two curves.
HP_KERNEL static void map_part(const int16_t *restrict hu, int16_t *restrict out, int length,
                               int low, int width, const float *restrict before,
                               const float *restrict after, const float *restrict weight)
{
    for (int i = 0; i < length; i++) {
        const int at = hu[i] - low;
        const int bin = at < 0 ? 0 : at > width ? width : at;
        const float value = before[bin] + weight[i] * (after[bin] - before[bin]);
        out[i] = (int16_t)(at == bin ? lrintf(value) : hu[i]);
    }
}

// `row_curves` is scratch for the curves of one row: a blend of two rows of tiles.
static void map_slice(const Clahe *clahe, int k, const float *curves, const Between *along,
                      const Between *down, const float *weight, float *row_curves)
{
    const HpGrid *grid = &clahe->in->grid;
    const int ni = grid->size[0], width = clahe->high - clahe->low;
    const size_t entries = (size_t)width + 1, row_entries = entries * clahe->tiles[0];
    for (int j = 0; j < grid->size[1]; j++) {
        blend(curves + down[j].before * row_entries, curves + down[j].after * row_entries,
              down[j].weight, row_curves, row_entries);
        const size_t row = hp_grid_offset(grid, 0, j, k);
        for (int i = 0; i < ni; i = along[i].end)
            map_part(clahe->in->hu + row + i, clahe->out->hu + row + i, along[i].end - i,
                     clahe->low, width, row_curves + along[i].before * entries,
                     row_curves + along[i].after * entries, weight + i);
    }
}

static void slices_cb(int begin, int end, int slab, void *data)
{
    const Clahe *clahe = data;
    const HpGrid *grid = &clahe->in->grid;
    const size_t entries = (size_t)(clahe->high - clahe->low) + 1;
    const int tiles = clahe->tiles[0] * clahe->tiles[1];
    g_autofree float *curves = g_new(float, entries *tiles);
    g_autofree float *row_curves = g_new(float, entries * clahe->tiles[0]);
    g_autofree guint32 *bins = g_new(guint32, entries);
    g_autofree Between *along = between_tiles(clahe->tiles[0], grid->size[0]);
    g_autofree Between *down = between_tiles(clahe->tiles[1], grid->size[1]);
    g_autofree float *weight = g_new(float, grid->size[0]);
    for (int i = 0; i < grid->size[0]; i++)
        weight[i] = along[i].weight;
    for (int k = begin; k < end && !hp_task_is_cancelled(clahe->task); k++) {
        for (int tile = 0; tile < tiles; tile++) {
            count_tile(clahe, k, tile % clahe->tiles[0], tile / clahe->tiles[0], bins);
            make_curve(clahe, bins, curves + tile * entries);
        }
        map_slice(clahe, k, curves, along, down, weight, row_curves);
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
