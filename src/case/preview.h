// SPDX-License-Identifier: Apache-2.0
// The snake of one seed on its own slice, fast enough to follow a slider.
//
// A thin slab round the slice is read once; smoothing it and the maps' rule are redone only when the
// parameters they depend on change. The contour starts from the seed each time, so the same settings
// give the same contour whatever path the sliders took.
#pragma once

#include "core/contour.h"
#include "core/parameter.h"
#include "core/volume.h"

G_BEGIN_DECLS

typedef struct HpPreview HpPreview; // one owner, one thread

// `seed` lies on a slice of `volume`. Fails with HP_ERROR_NO_MEMORY.
HpPreview *hp_preview_new(const HpVolume *volume, const HpContour *seed, GError **error);
void hp_preview_free(HpPreview *preview); // takes NULL
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HpPreview, hp_preview_free)

// The contour where the snake rests, on the seed's plane and slice; hp_contour_free(). NULL with
// HP_ERROR_NO_RESULT if it vanished, HP_ERROR_BAD_FILE for an empty band, HP_ERROR_NO_MEMORY.
HpContour *hp_preview_evolve(HpPreview *preview, const HpParams *params, GError **error);

// The band, HU, of the last evolution: what the parameters say, or what the seed's values say where
// those leave it to the data. NAN before the first.
void hp_preview_get_band(const HpPreview *preview, double *low_hu, double *high_hu);

// Steps the last evolution took.
int hp_preview_get_steps(const HpPreview *preview);

G_END_DECLS
