// SPDX-License-Identifier: Apache-2.0
// Smooths inside regions and keeps edges: modified curvature diffusion.
//
// I_t = |grad I| div(g(|grad I|) grad I / |grad I|), g(s) = exp(-(s/K)^2), K = 10 HU/mm: level lines
// that are weak straighten, those that are strong stay. Upwind; Whitaker and Xue, ICIP 2001.
#pragma once

#include "core/task.h"
#include "core/volume.h"

G_BEGIN_DECLS

#define HP_DIFFUSION_K 10.0 // HU/mm at which an edge counts as strong

// Diffuses for `time_mm2` >= 0 in steps of at most 0.0625 of the smallest spacing squared, in float32;
// rounded to int16 at the end (and after each 64 steps, if there are more). `out` has the grid of `in`
// and may be `in`. Scratch: four slices a step, not a volume. Fails with HP_ERROR_NO_MEMORY and
// HP_ERROR_CANCELLED; `out` then holds anything.
bool hp_diffusion(const HpVolume *in, double time_mm2, HpVolume *out, HpTask *task, GError **error);

G_END_DECLS
