// SPDX-License-Identifier: Apache-2.0
// Brings a slice of samples to the pixels of a frame.
#include "view/resample.h"

#include "core/kernel.h"
#include "core/parallel.h"

#include <math.h>

// The voxels that make one pixel along one axis; none beyond the slice.
typedef struct {
    int first, count;
    int weight; // where its weights begin
} Taps;

typedef struct {
    Taps *taps;
    float *weight;
} Axis;

static double sharp(double t) // Catmull-Rom
{
    t = fabs(t);
    if (t < 1)
        return (1.5 * t - 2.5) * t * t + 1;
    return t < 2 ? ((-0.5 * t + 2.5) * t - 4) * t + 2 : 0;
}

static double smooth(double t) // cubic B-spline
{
    t = fabs(t);
    if (t < 1)
        return (0.5 * t - 1) * t * t + 2.0 / 3;
    return t < 2 ? (2 - t) * (2 - t) * (2 - t) / 6 : 0;
}

static void axis_clear(Axis *axis)
{
    g_free(axis->taps);
    g_free(axis->weight);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Axis, axis_clear)

// The taps of `pixels` pixels whose voxel coordinates are start, start + step ...; `voxels` samples.
static Axis axis_new(double start, double step, int pixels, int voxels, HpFilter filter)
{
    const double wide = fmax(1, fabs(step)); // voxels of one unit of the filter
    const int most = (int)ceil(4 * wide) + 1;
    Axis axis = {g_new0(Taps, pixels), g_new0(float, (size_t)pixels *(size_t)most)};
    for (int pixel = 0; pixel < pixels; pixel++) {
        const double at = start + pixel * step;
        if (!(at >= -0.5 && at <= voxels - 0.5))
            continue;
        Taps *taps = &axis.taps[pixel];
        taps->weight = pixel * most;
        // The box is open at its end, so that a pixel between two voxels takes one of them.
        const double reach = filter == HP_FILTER_BOX ? 0.5 * wide : 2 * wide;
        taps->first = (int)ceil(at - reach);
        taps->count = filter == HP_FILTER_BOX ? (int)ceil(at + reach) - taps->first
                                              : (int)floor(at + reach) - taps->first + 1;
        double sum = 0;
        for (int tap = 0; tap < taps->count; tap++) {
            const double t = (taps->first + tap - at) / wide;
            const double w = filter == HP_FILTER_BOX     ? 1
                             : filter == HP_FILTER_SHARP ? sharp(t)
                                                         : smooth(t);
            axis.weight[taps->weight + tap] = (float)w;
            sum += w;
        }
        for (int tap = 0; tap < taps->count; tap++)
            axis.weight[taps->weight + tap] /= (float)sum;
    }
    return axis;
}

typedef struct {
    const float *samples;
    float *rows; // samples brought to the pixels' columns
    float *pixels;
    int voxels[2];
    int width;
    const Axis *across, *down;
} Work;

static void across_cb(int begin, int end, int slab, void *data)
{
    const Work *work = data;
    for (int row = begin; row < end; row++) {
        const float *from = work->samples + (size_t)row * work->voxels[0];
        float *to = work->rows + (size_t)row * work->width;
        for (int x = 0; x < work->width; x++) {
            const Taps *taps = &work->across->taps[x];
            float sum = taps->count > 0 ? 0 : NAN;
            for (int tap = 0; tap < taps->count; tap++) {
                const int voxel = CLAMP(taps->first + tap, 0, work->voxels[0] - 1);
                sum += work->across->weight[taps->weight + tap] * from[voxel];
            }
            to[x] = sum;
        }
    }
}

HP_KERNEL static void add_row(float *to, const float *from, float weight, int width)
{
    for (int x = 0; x < width; x++)
        to[x] += weight * from[x];
}

static void down_cb(int begin, int end, int slab, void *data)
{
    const Work *work = data;
    for (int y = begin; y < end; y++) {
        const Taps *taps = &work->down->taps[y];
        float *to = work->pixels + (size_t)y * work->width;
        for (int x = 0; x < work->width; x++)
            to[x] = taps->count > 0 ? 0 : NAN;
        for (int tap = 0; tap < taps->count; tap++) {
            const int voxel = CLAMP(taps->first + tap, 0, work->voxels[1] - 1);
            add_row(to, work->rows + (size_t)voxel * work->width,
                    work->down->weight[taps->weight + tap], work->width);
        }
    }
}

float *hp_slice_resample(const HpGrid *grid, const HpSliceFrame *frame, const float *samples,
                         HpFilter filter, int width, int height)
{
    double first[2], second[2];
    hp_slice_frame_to_voxel(frame, grid, 0.5, 0.5, first);
    hp_slice_frame_to_voxel(frame, grid, 1.5, 1.5, second);
    const int voxels[2] = {grid->size[frame->axis[0]], grid->size[frame->axis[1]]};
    g_auto(Axis) across = axis_new(first[0], second[0] - first[0], width, voxels[0], filter);
    g_auto(Axis) down = axis_new(first[1], second[1] - first[1], height, voxels[1], filter);
    g_autofree float *rows = g_new(float, (size_t)width *(size_t)voxels[1]);
    float *pixels = g_new(float, (size_t)width *(size_t)height);
    Work work = {.samples = samples,
                 .rows = rows,
                 .pixels = pixels,
                 .voxels = {voxels[0], voxels[1]},
                 .width = width,
                 .across = &across,
                 .down = &down};
    hp_parallel_for(voxels[1], 32, across_cb, &work);
    hp_parallel_for(height, 32, down_cb, &work);
    return pixels;
}
