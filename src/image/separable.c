// SPDX-License-Identifier: Apache-2.0
// A linear filter that works on one axis after the other: the engine of blurring and resampling.
#include "image/separable.h"

#include "core/error.h"
#include "core/kernel.h"
#include "core/parallel.h"

#include <math.h>
#include <string.h>

#define LANES 8 // floats of one AVX2 register
#define LINE 16 // floats of a cache line
typedef float Lanes __attribute__((vector_size(LANES * sizeof(float)), aligned(4), may_alias));

static HpAxisMap *map_new(int in, int out)
{
    HpAxisMap *map = g_new0(HpAxisMap, 1);
    *map = (HpAxisMap){.in = in, .out = out};
    map->first = g_new0(int, out);
    map->count = g_new0(int, out);
    map->at = g_new0(int, out);
    return map;
}

void hp_axis_map_free(HpAxisMap *map)
{
    if (map == NULL)
        return;
    g_free(map->first);
    g_free(map->count);
    g_free(map->at);
    g_free(map->weight);
    g_free(map);
}

HpAxisMap *hp_axis_map_gaussian(int length, double sigma)
{
    g_assert(length >= 1 && sigma >= 0 && isfinite(sigma));
    const int reach = (int)floor(MIN(4 * sigma, length));
    const int taps = 2 * reach + 1;
    g_autofree double *kernel = g_new(double, taps);
    for (int t = 0; t < taps; t++)
        kernel[t] = sigma > 0 ? exp(-0.5 * pow((t - reach) / sigma, 2)) : 1;

    HpAxisMap *map = map_new(length, length);
    map->even = MIN(reach, length);
    map->odd = MAX(length - reach, map->even);
    map->weight = g_new(float, (size_t)taps *(2 * reach + 1));
    int used = 0;
    for (int o = 0; o < length; o++) {
        const int lo = MAX(o - reach, 0), hi = MIN(o + reach + 1, length);
        map->first[o] = lo;
        map->count[o] = hi - lo;
        map->at[o] = used;
        if (o > map->even && o < map->odd) { // as the one before
            map->at[o] = map->at[o - 1];
            continue;
        }
        double sum = 0;
        for (int q = lo; q < hi; q++)
            sum += kernel[q - o + reach];
        for (int q = lo; q < hi; q++)
            map->weight[used++] = (float)(kernel[q - o + reach] / sum);
    }
    return map;
}

// Weights of the inputs that lie under [centre - step/2, centre + step/2].
static int mean_weights(double centre, double step, int in, int *first, float *weight)
{
    const double from = MAX(centre - step / 2, -0.5), to = MIN(centre + step / 2, in - 0.5);
    int count = 0;
    *first = CLAMP((int)floor(from + 0.5), 0, in);
    for (int q = *first; q < in && q - 0.5 < to; q++)
        weight[count++] = (float)((MIN(q + 0.5, to) - MAX(q - 0.5, from)) / step);
    // Rounding can leave a sliver of a voxel that is not there.
    while (count > 0 && weight[count - 1] <= 1e-7f)
        count--;
    return count;
}

static int linear_weights(double centre, int in, int *first, float *weight)
{
    const double at = CLAMP(centre, 0, in - 1);
    *first = MIN((int)at, MAX(in - 2, 0));
    weight[0] = (float)(1 - (at - *first));
    weight[1] = (float)(at - *first);
    return in > 1 ? 2 : 1;
}

HpAxisMap *hp_axis_map_resample(int in, int out, double start, double step, bool is_share)
{
    g_assert(in >= 1 && out >= 1 && step > 0);
    const bool is_mean = step > 1 + 1e-6;
    const int taps = is_mean ? MIN((int)ceil(step), in) + 2 : 2;
    HpAxisMap *map = map_new(in, out);
    map->weight = g_new0(float, (size_t)taps *out);
    for (int o = 0; o < out; o++) {
        const double centre = start + o * step;
        const bool is_inside = centre >= -0.5 - 1e-6 && centre <= in - 0.5 + 1e-6;
        float *weight = map->weight + (size_t)o * taps;
        map->at[o] = o * taps;
        map->first[o] = centre > 0 ? in : 0;
        if (is_mean && (is_inside || is_share))
            map->count[o] = mean_weights(centre, step, in, &map->first[o], weight);
        else if (is_inside)
            map->count[o] = linear_weights(centre, in, &map->first[o], weight);
        double sum = 0;
        for (int t = 0; t < map->count[o]; t++)
            sum += weight[t];
        for (int t = 0; t < map->count[o] && !is_share; t++)
            weight[t] = (float)(weight[t] / sum);
    }
    return map;
}

// out[x] = sum over t of weight[t] * row[t][x]: four registers of sums stay put while t runs.
HP_KERNEL static void weigh_rows(float *restrict out, int length, const float *const *row,
                                 const float *weight, int count)
{
    int x = 0;
    for (; x + 4 * LANES <= length; x += 4 * LANES) {
        Lanes a = {0}, b = {0}, c = {0}, d = {0};
        for (int t = 0; t < count; t++) {
            const float *in = row[t] + x;
            a += *(const Lanes *)in * weight[t];
            b += *(const Lanes *)(in + LANES) * weight[t];
            c += *(const Lanes *)(in + 2 * LANES) * weight[t];
            d += *(const Lanes *)(in + 3 * LANES) * weight[t];
        }
        *(Lanes *)(out + x) = a;
        *(Lanes *)(out + x + LANES) = b;
        *(Lanes *)(out + x + 2 * LANES) = c;
        *(Lanes *)(out + x + 3 * LANES) = d;
    }
    for (; x < length; x++) {
        float sum = 0;
        for (int t = 0; t < count; t++)
            sum += row[t][x] * weight[t];
        out[x] = sum;
    }
}

// The same for inputs that follow each other in one row: out[x] = sum of weight[t] * in[x + t].
HP_KERNEL static void weigh_shifts(float *restrict out, int length, const float *restrict in,
                                   const float *weight, int count)
{
    int x = 0;
    for (; x + 4 * LANES <= length; x += 4 * LANES) {
        Lanes a = {0}, b = {0}, c = {0}, d = {0};
        for (int t = 0; t < count; t++) {
            const float *shifted = in + x + t;
            a += *(const Lanes *)shifted * weight[t];
            b += *(const Lanes *)(shifted + LANES) * weight[t];
            c += *(const Lanes *)(shifted + 2 * LANES) * weight[t];
            d += *(const Lanes *)(shifted + 3 * LANES) * weight[t];
        }
        *(Lanes *)(out + x) = a;
        *(Lanes *)(out + x + LANES) = b;
        *(Lanes *)(out + x + 2 * LANES) = c;
        *(Lanes *)(out + x + 3 * LANES) = d;
    }
    for (; x < length; x++) {
        float sum = 0;
        for (int t = 0; t < count; t++)
            sum += in[x + t] * weight[t];
        out[x] = sum;
    }
}

HP_KERNEL static void weigh_along(const HpAxisMap *map, float outside, const float *restrict in,
                                  float *restrict out)
{
    for (int o = 0; o < map->out; o++) {
        if (o == map->even && o < map->odd) {
            weigh_shifts(out + o, map->odd - map->even, in + map->first[o],
                         map->weight + map->at[o], map->count[o]);
            o = map->odd - 1;
            continue;
        }
        const float *weight = map->weight + map->at[o], *from = in + map->first[o];
        float sum = map->count[o] > 0 ? 0 : outside;
        for (int t = 0; t < map->count[o]; t++)
            sum += weight[t] * from[t];
        out[o] = sum;
    }
}

HP_KERNEL static void round_row(const float *restrict in, int16_t *restrict out, int length)
{
    for (int x = 0; x < length; x++) {
        const float hu = MIN(MAX(in[x], -32768.0f), 32767.0f);
        out[x] = (int16_t)(int)(hu + (hu < 0 ? -0.5f : 0.5f));
    }
}

static void fill(float *out, int length, float value)
{
    for (int x = 0; x < length; x++)
        out[x] = value;
}

// What lies outside along i, exactly: a weighted sum of `outside` would be off by a rounding.
static void fill_outside(const HpAxisMap *map, float *out, float outside)
{
    for (int o = 0; o < map->out && map->count[o] == 0; o++)
        out[o] = outside;
    for (int o = map->out - 1; o >= 0 && map->count[o] == 0; o--)
        out[o] = outside;
}

// One batch: which inputs enter the ring and which outputs leave.
typedef struct {
    const HpSeparable *filter;
    HpTask *task;
    float *ring;  // slices of the input, done along i and j; input k is slice k % slots
    size_t pitch; // from a slice of the ring to the next
    int slots, row_taps, slice_taps;
    int in_from, out_from, out_to;
} Batch;

static int most(const HpAxisMap *map)
{
    int count = 1;
    for (int o = 0; o < map->out; o++)
        count = MAX(count, map->count[o]);
    return count;
}

HP_KERNEL static void read_row(const HpSeparable *filter, size_t at, int length,
                               float *restrict row)
{
    if (filter->hu != NULL) {
        for (int x = 0; x < length; x++)
            row[x] = filter->hu[at + x];
    } else if (filter->wanted != 0) {
        for (int x = 0; x < length; x++)
            row[x] = filter->label[at + x] == filter->wanted ? 1 : 0;
    } else {
        for (int x = 0; x < length; x++)
            row[x] = filter->label[at + x] != 0 ? 1 : 0;
    }
}

// From one row or slice to the next: an odd number of cache lines, for taps a power of two apart would
// push each other out of the cache.
static size_t pitch_of(size_t length)
{
    return ((length + LINE - 1) / LINE | 1) * LINE;
}

// Along j and i, for the input slices that enter the ring.
static void enter_cb(int begin, int end, int slab, void *data)
{
    const Batch *batch = data;
    const HpSeparable *filter = batch->filter;
    const HpAxisMap *i_map = filter->map[0], *j_map = filter->map[1];
    const int ni = i_map->in, taps = batch->row_taps;
    const size_t pitch = pitch_of(ni);
    g_autofree float *rows = filter->value == NULL ? g_new(float, taps *pitch) : NULL;
    g_autofree float *blurred = g_new(float, ni);
    g_autofree const float **row = g_new(const float *, taps);
    for (int k = batch->in_from + begin; k < batch->in_from + end; k++) {
        if (hp_task_is_cancelled(batch->task))
            return;
        const size_t slice = (size_t)k * j_map->in * ni;
        float *out = batch->ring + (size_t)(k % batch->slots) * batch->pitch;
        int read = 0; // rows below are in `rows`
        for (int o = 0; o < j_map->out; o++, out += i_map->out) {
            const int first = j_map->first[o], count = j_map->count[o];
            if (count == 0) {
                fill(out, i_map->out, filter->outside);
                continue;
            }
            for (read = MAX(read, first); rows != NULL && read < first + count; read++)
                read_row(filter, slice + (size_t)read * ni, ni,
                         rows + (size_t)(read % taps) * pitch);
            for (int t = 0; t < count; t++)
                row[t] = rows != NULL ? rows + (size_t)((first + t) % taps) * pitch
                                      : filter->value + slice + (size_t)(first + t) * ni;
            weigh_rows(blurred, ni, row, j_map->weight + j_map->at[o], count);
            weigh_along(i_map, filter->outside, blurred, out);
        }
    }
}

// Along k, for rows of the output slices that are ready.
static void leave_cb(int begin, int end, int slab, void *data)
{
    const Batch *batch = data;
    const HpSeparable *filter = batch->filter;
    const HpAxisMap *map = filter->map[2];
    const int ni = filter->map[0]->out, nj = filter->map[1]->out;
    g_autofree const float **row = g_new(const float *, batch->slice_taps);
    g_autofree float *scratch = filter->to_hu != NULL ? g_new(float, ni) : NULL;
    for (int j = begin; j < end; j++)
        for (int o = batch->out_from; o < batch->out_to; o++) {
            const size_t at = ((size_t)o * nj + j) * ni;
            float *out = scratch != NULL ? scratch : filter->to_value + at;
            for (int t = 0; t < map->count[o]; t++) {
                const size_t slot = (map->first[o] + t) % batch->slots;
                row[t] = batch->ring + slot * batch->pitch + (size_t)j * ni;
            }
            if (map->count[o] > 0 && filter->map[1]->count[j] > 0) {
                weigh_rows(out, ni, row, map->weight + map->at[o], map->count[o]);
                fill_outside(filter->map[0], out, filter->outside);
            } else {
                fill(out, ni, filter->outside);
            }
            if (scratch != NULL)
                round_row(scratch, filter->to_hu + at, ni);
        }
}

bool hp_separable_run(const HpSeparable *filter, HpTask *task, GError **error)
{
    const HpAxisMap *map = filter->map[2];
    const size_t plane = (size_t)filter->map[0]->out * filter->map[1]->out;
    // About a million voxels a batch: some milliseconds, and enough to keep the threads busy.
    const int step = CLAMP((int)((1 << 20) / plane), 8, 64);
    Batch batch = {
        .filter = filter, .task = task, .row_taps = most(filter->map[1]), .slice_taps = most(map)};
    for (int from = 0; from < map->out; from += step) {
        const int last = MIN(from + step, map->out) - 1;
        batch.slots = MAX(batch.slots, map->first[last] + map->count[last] - map->first[from]);
    }
    batch.slots = MAX(batch.slots, 1);
    batch.pitch = pitch_of(plane);
    g_autofree float *ring =
        hp_try_alloc(batch.slots * batch.pitch, sizeof *ring, "a filter", error);
    if (ring == NULL)
        return false;
    batch.ring = ring;

    int entered = 0;
    for (int from = 0; from < map->out; from += step) {
        batch.out_from = from;
        batch.out_to = MIN(from + step, map->out);
        batch.in_from = MAX(entered, map->first[from]);
        for (int o = from; o < batch.out_to; o++)
            entered = MAX(entered, map->first[o] + map->count[o]);
        if (!hp_task_step(task, (double)from / map->out, error))
            return false;
        hp_parallel_for(entered - batch.in_from, 1, enter_cb, &batch);
        hp_parallel_for(filter->map[1]->out, 4, leave_cb, &batch);
    }
    return hp_task_step(task, 1, error);
}
