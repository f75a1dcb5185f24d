// SPDX-License-Identifier: Apache-2.0
// How what tools draw looks: one pen for lines, one for the discs that are grabbed, one for words.
#pragma once

#include "app/tools/tool.h"
#include "core/contour.h"

G_BEGIN_DECLS

#define HP_INK_REACH 8.0 // logical pixels from a disc's middle that still grab it

// The line of a contour on its slice; it begins a new path.
void hp_ink_trace(const HpToolEvent *slice, const HpContour *contour, cairo_t *cairo);

// Strokes the path in a colour over a thin dark rim, so that it shows on bone.
void hp_ink_stroke(cairo_t *cairo, const uint8_t colour[3], double width);

// A disc to grab, larger and brighter where the pointer is.
void hp_ink_node(cairo_t *cairo, double x, double y, const uint8_t colour[3], bool is_lit);

// Words (lines of them) on a dark plate with its upper left corner at (x, y), kept within the pane.
void hp_ink_words(const HpToolEvent *slice, cairo_t *cairo, double x, double y,
                  const uint8_t colour[3], const char *words);

G_END_DECLS
