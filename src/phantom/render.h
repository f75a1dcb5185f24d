// SPDX-License-Identifier: Apache-2.0
// Turns the donor's anatomy into slices: values with partial volume and noise, or labels.
#pragma once

#include "phantom/anatomy.h"

G_BEGIN_DECLS

// Where voxels lie: origin + i step[0] + j step[1] + k step[2]. Unlike a grid it may be sheared.
typedef struct {
    int size[3];
    double origin_mm[3], step_mm[3][3];
} HpFrame;

// Slices [first, first + count) in parallel; `hu` holds count * size[0] * size[1] values.
void hp_render_hu(const HpAnatomy *anatomy, const HpFrame *frame, int first, int count,
                  int16_t *hu);

// The label of the tissue at each voxel's centre.
void hp_render_labels(const HpAnatomy *anatomy, const HpFrame *frame, int first, int count,
                      uint8_t *labels);

// A number of slices that keeps the threads busy and fits in the cache.
int hp_render_batch(const HpFrame *frame);

G_END_DECLS
