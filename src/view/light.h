// SPDX-License-Identifier: Apache-2.0
// The light of the surface view: two lamps, the sky, a dull gloss.
#pragma once

#include <glib.h>
#include <stdint.h>

G_BEGIN_DECLS

// Between 8-bit sRGB and linear light, 0..1 (gamma 2.2).
float hp_light_of_srgb(uint8_t value);
uint8_t hp_light_to_srgb(float light);

// Linear light of a surface of colour `base` (linear) whose unit `normal` is given to the right, up
// and towards the eye. `hollow` (0..1) takes away what does not reach it.
void hp_light_at(const float normal[3], float hollow, const float base[3], float light[3]);

G_END_DECLS
