// SPDX-License-Identifier: Apache-2.0
// The colours of the screen: dark and calm, planes told apart by colour-blind people too.
#pragma once

#include "core/grid.h"
#include "core/stroke.h"

#include <stdint.h>

G_BEGIN_DECLS

extern const uint8_t hp_palette_gap[3];     // between panes
extern const uint8_t hp_palette_text[3];    // letters over pictures
extern const uint8_t hp_palette_seed[3];    // what a person drew
extern const uint8_t hp_palette_live[3];    // the contour as it evolves
extern const uint8_t hp_palette_found[3];   // contours the method propagated
extern const uint8_t hp_palette_band[3];    // values between the thresholds
extern const uint8_t hp_palette_measure[3]; // rulers and measured circles

// The colour of a plane's border, title and cross-hair (Okabe and Ito 2008).
const uint8_t *hp_palette_plane(HpPlane plane);

const uint8_t *hp_palette_stroke(HpStrokeKind kind); // what is painted

// Ground of the 3-D view at height `share` from its top (0) to its bottom (1).
void hp_palette_ground(double share, uint8_t colour[3]);

// A colour as it is drawn over grey pictures: lighter, so that dark ones stand out.
void hp_palette_outline(const uint8_t colour[3], uint8_t outline[3]);

G_END_DECLS
