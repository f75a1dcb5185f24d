// SPDX-License-Identifier: Apache-2.0
// The noise of a CT: coloured like a filtered back-projection, stronger deep in the body.
#pragma once

#include <glib.h>
#include <stdint.h>

G_BEGIN_DECLS

typedef struct HpNoiseMaker HpNoiseMaker; // scratch and kernels for one slice size; one per thread

HpNoiseMaker *hp_noise_maker_new(int columns, int rows, const double spacing_mm[3], uint64_t seed);
void hp_noise_maker_free(HpNoiseMaker *maker); // takes NULL
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HpNoiseMaker, hp_noise_maker_free)

// Blurs a slice as a scanner's optics and kernel do, then adds the noise of slice `k`. x0_mm and
// y0_mm are the place of the first pixel, 0 at the middle of the body.
void hp_noise_maker_expose(HpNoiseMaker *maker, float *hu, int k, float x0_mm, float y0_mm);

G_END_DECLS
