// SPDX-License-Identifier: Apache-2.0
// A linear filter that works on one axis after the other: the engine of blurring and resampling.
//
// Each output along an axis is a weighted sum of consecutive inputs. The slices stream through a
// ring of float slices, so that a whole volume never exists in float32 unless it is the result.
#pragma once

#include "core/grid.h"
#include "core/task.h"

#include <stdint.h>

G_BEGIN_DECLS

// How an axis of `out` values is made from one of `in`. Output o is the sum over t < count[o] of
// weight[at[o] + t] * input[first[o] + t]; with count[o] 0 it is outside. Outputs [even, odd) all
// have the weights of `even`, their inputs moving on by one. `first` never falls.
typedef struct {
    int in, out;
    int *first, *count, *at;
    float *weight;
    int even, odd;
} HpAxisMap;

// A Gaussian of `sigma` voxels, cut off at 4 sigma; weights that fall off the ends are not counted.
HpAxisMap *hp_axis_map_gaussian(int length, double sigma);

// Output o stands at start + o * step of the input, step > 0. Linear between centres for a step up
// to 1, the border value going on for half a voxel; the mean over the output voxel for a longer one.
// What such a voxel misses at the ends is left out of the mean, or counts as 0 if `is_share`.
HpAxisMap *hp_axis_map_resample(int in, int out, double start, double step, bool is_share);

void hp_axis_map_free(HpAxisMap *map); // takes NULL
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HpAxisMap, hp_axis_map_free)

// One of the three sources, one of the two results. A result may be the source itself if it has
// its type and size, and each output needs no input slice more than once the slice has gone by: so
// for a blur, where first[o] + count[o] > o.
typedef struct {
    const float *value;
    const int16_t *hu;
    const uint8_t *label; // read as 1 where it is `wanted` (any but 0 if `wanted` is 0), else 0
    uint8_t wanted;
    const HpAxisMap *map[3]; // of i, j, k
    float outside;
    float *to_value;
    int16_t *to_hu; // rounded and clamped to int16
} HpSeparable;

// Fails with HP_ERROR_NO_MEMORY and HP_ERROR_CANCELLED; the result then holds anything.
bool hp_separable_run(const HpSeparable *filter, HpTask *task, GError **error);

G_END_DECLS
