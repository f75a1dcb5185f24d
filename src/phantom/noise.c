// SPDX-License-Identifier: Apache-2.0
// The noise of a CT: coloured like a filtered back-projection, stronger deep in the body.
//
// White noise per voxel, mixed along z by the slice profile, then filtered in the slice by the sum
// of two Gaussians: the narrow one is the reconstruction kernel, the wide one what iterative
// reconstruction leaves. A voxel holds the mean over its own extent, so that coarse and fine grids
// show one and the same noise.
#include "phantom/noise.h"

#include "core/kernel.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "phantom/lattice.h"

#define MAX_HALF 40 // taps on each side

// Fitted to the liver of portal-venous scans; the test of suite corpus holds it to them.
static const float narrow_mm = 0.52f, wide_mm = 1.3f, wide_share = 0.70f;
static const float profile_mm = 1.15f;    // Gaussian along z
static const float density_hu_mm = 37.0f; // root of the white noise's power: HU sqrt(mm^3)
static const float optics_mm = 0.45f;     // Gaussian of focal spot, detector and kernel

typedef struct {
    int half;
    float tap[2 * MAX_HALF + 1];
} Kernel;

struct HpNoiseMaker {
    int columns, rows;
    double spacing[3];
    uint64_t seed;
    Kernel narrow[2], wide[2], optics[2]; // along x, along y
    Kernel profile;                       // along z
    float *white, *filtered, *narrowed, *row;
};

static Kernel sampled(float sigma)
{
    Kernel kernel = {.half = CLAMP((int)ceilf(3 * sigma), 1, MAX_HALF)};
    float sum = 0;
    for (int at = -kernel.half; at <= kernel.half; at++)
        sum += kernel.tap[MAX_HALF + at] = expf(-0.5f * at * at / (sigma * sigma));
    for (int at = -kernel.half; at <= kernel.half; at++)
        kernel.tap[MAX_HALF + at] /= sum;
    return kernel;
}

// A Gaussian on the grid whose taps have the variance of the Gaussian and, if `is_mean`, of the
// voxel it is averaged over. Sampling alone would lose variance where sigma is under half a voxel.
static Kernel gaussian(float sigma_mm, double spacing_mm, bool is_mean)
{
    const float ratio = sigma_mm / (float)spacing_mm;
    const float wanted = hp_least(ratio * ratio + (is_mean ? 1 / 12.0f : 0), 100);
    float low = 0.05f, high = 12;
    Kernel kernel = sampled(high);
    for (int step = 0; step < 30; step++) {
        const float sigma = (low + high) / 2;
        kernel = sampled(sigma);
        float variance = 0;
        for (int at = -kernel.half; at <= kernel.half; at++)
            variance += kernel.tap[MAX_HALF + at] * at * at;
        *(variance < wanted ? &low : &high) = sigma;
    }
    return kernel;
}

HpNoiseMaker *hp_noise_maker_new(int columns, int rows, const double spacing_mm[3], uint64_t seed)
{
    HpNoiseMaker *maker = g_new0(HpNoiseMaker, 1);
    maker->columns = columns;
    maker->rows = rows;
    maker->seed = seed;
    memcpy(maker->spacing, spacing_mm, sizeof maker->spacing);
    for (int axis = 0; axis < 2; axis++) {
        maker->narrow[axis] = gaussian(narrow_mm, spacing_mm[axis], true);
        maker->wide[axis] = gaussian(wide_mm, spacing_mm[axis], true);
        maker->optics[axis] = gaussian(optics_mm, spacing_mm[axis], false);
    }
    maker->profile = gaussian(profile_mm, spacing_mm[2], false);
    const size_t count = (size_t)columns * rows;
    maker->white = g_new(float, count);
    maker->filtered = g_new(float, count);
    maker->narrowed = g_new(float, count);
    maker->row = g_new(float, columns + 2 * MAX_HALF);
    return maker;
}

void hp_noise_maker_free(HpNoiseMaker *maker)
{
    if (maker == NULL)
        return;
    g_free(maker->white);
    g_free(maker->filtered);
    g_free(maker->narrowed);
    g_free(maker->row);
    g_free(maker);
}

// out[x] = sum of tap[t] padded[x + t]
HP_KERNEL static void convolve_row(float *restrict out, const float *restrict padded, int count,
                                   const Kernel *kernel)
{
    for (int x = 0; x < count; x++)
        out[x] = kernel->tap[MAX_HALF] * padded[x + MAX_HALF];
    for (int t = 1; t <= kernel->half; t++) {
        const float tap = kernel->tap[MAX_HALF + t];
        for (int x = 0; x < count; x++)
            out[x] += tap * (padded[x + MAX_HALF + t] + padded[x + MAX_HALF - t]);
    }
}

static void blur_rows(HpNoiseMaker *maker, float *out, const float *in, const Kernel *kernel)
{
    float *padded = maker->row;
    const int count = maker->columns;
    for (int y = 0; y < maker->rows; y++) {
        const float *from = in + (size_t)y * count;
        memcpy(padded + MAX_HALF, from, sizeof(float) * count);
        for (int at = 0; at < MAX_HALF; at++) {
            padded[at] = from[0];
            padded[MAX_HALF + count + at] = from[count - 1];
        }
        convolve_row(out + (size_t)y * count, padded, count, kernel);
    }
}

HP_KERNEL static void add_rows(float *restrict out, const float *restrict a,
                               const float *restrict b, float weight, int count)
{
    for (int x = 0; x < count; x++)
        out[x] += weight * (a[x] + b[x]);
}

// `out` must differ from `in`.
static void blur_columns(HpNoiseMaker *maker, float *out, const float *in, const Kernel *kernel)
{
    const int count = maker->columns, rows = maker->rows;
    for (int y = 0; y < rows; y++) {
        float *to = out + (size_t)y * count;
        for (int x = 0; x < count; x++)
            to[x] = kernel->tap[MAX_HALF] * in[(size_t)y * count + x];
        for (int t = 1; t <= kernel->half; t++)
            add_rows(to, in + (size_t)MAX(y - t, 0) * count,
                     in + (size_t)MIN(y + t, rows - 1) * count, kernel->tap[MAX_HALF + t], count);
    }
}

// Sum of four 16-bit uniforms: near enough to normal once it is filtered. Deviation 1.
static inline float normal(uint64_t key)
{
    const uint64_t h = hp_hash(key);
    const int sum =
        (int)(h & 0xffff) + (int)(h >> 16 & 0xffff) + (int)(h >> 32 & 0xffff) + (int)(h >> 48);
    return ((float)sum - 131070.0f) * (1 / 37837.2f); // 65536 sqrt(4/12)
}

HP_KERNEL static void add_white(float *restrict out, int count, uint64_t key, float weight)
{
    for (int x = 0; x < count; x++)
        out[x] += weight * normal(key + (uint64_t)x);
}

static void make_white(HpNoiseMaker *maker, int k)
{
    const size_t count = (size_t)maker->columns * maker->rows;
    const double voxel = maker->spacing[0] * maker->spacing[1] * maker->spacing[2];
    const float scale = density_hu_mm / (float)sqrt(voxel);
    memset(maker->white, 0, count * sizeof(float));
    for (int dk = -maker->profile.half; dk <= maker->profile.half; dk++) {
        const uint64_t slice = hp_hash(maker->seed + 0x51) + ((uint64_t)(k + dk + 4096) << 32);
        for (int y = 0; y < maker->rows; y++)
            add_white(maker->white + (size_t)y * maker->columns, maker->columns,
                      slice + ((uint64_t)y << 16), scale * maker->profile.tap[MAX_HALF + dk]);
    }
}

// Rays through the middle of the body lose most photons: noise relative to the middle's.
static inline float strength(float x_mm, float y_mm)
{
    const float r2 = x_mm * x_mm / (150 * 150) + y_mm * y_mm / (100 * 100);
    return 0.35f + 0.65f * expf(-0.9f * r2);
}

void hp_noise_maker_expose(HpNoiseMaker *maker, float *hu, int k, float x0_mm, float y0_mm)
{
    const int columns = maker->columns, rows = maker->rows;
    blur_rows(maker, maker->filtered, hu, &maker->optics[0]);
    blur_columns(maker, hu, maker->filtered, &maker->optics[1]);

    make_white(maker, k);
    blur_rows(maker, maker->filtered, maker->white, &maker->narrow[0]);
    blur_columns(maker, maker->narrowed, maker->filtered, &maker->narrow[1]);
    blur_rows(maker, maker->filtered, maker->white, &maker->wide[0]);
    blur_columns(maker, maker->white, maker->filtered, &maker->wide[1]);
    for (int y = 0; y < rows; y++) {
        const size_t row = (size_t)y * columns;
        const float y_mm = y0_mm + y * (float)maker->spacing[1];
        for (int x = 0; x < columns; x++)
            hu[row + x] += strength(x0_mm + x * (float)maker->spacing[0], y_mm) *
                           (maker->narrowed[row + x] + wide_share * maker->white[row + x]);
    }
}
