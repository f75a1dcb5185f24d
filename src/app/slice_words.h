// SPDX-License-Identifier: Apache-2.0
// What a slice shows, in words: for people who read, for those who hear, and for tests.
#pragma once

#include "app/lens.h"
#include "case/document.h"

G_BEGIN_DECLS

// "Axial", "Coronal" or "Sagittal"; static.
const char *hp_plane_words(HpPlane plane);

// The number people count a slice by (view/frame.h).
int hp_slice_number(const HpGrid *grid, HpPlane plane, int slice);

// How large the live contour on the slice of `plane` is: "Contour on axial 28: 83.1 cm², 412 mm"; NULL
// without one there. g_free().
char *hp_slice_words_contour(HpDocument *document, const HpLens *lens, HpPlane plane);

// All that a pane shows: plane, slice, seed, contour, what tools drew. g_free().
char *hp_slice_words_pane(HpDocument *document, HpLens *lens, HpPlane plane);

G_END_DECLS
