// SPDX-License-Identifier: Apache-2.0
// The snake of one seed on its own slice, fast enough to follow a slider.
//
// What it needs of the volume is read once for a slice; smoothing and the maps' rule are redone only
// when the parameters they depend on change. As in the method, the snake starts from the seed widened
// to what its slice shows, each time anew: the same settings give the same contour whatever path the
// sliders, or a dragged seed, took.
#pragma once

#include "core/contour.h"
#include "core/parameter.h"
#include "core/volume.h"

G_BEGIN_DECLS

typedef struct HpPreview HpPreview; // one owner, one thread

// `seed` lies on a slice of `volume`, and hp_seed_check has passed it. Fails with HP_ERROR_NO_MEMORY.
HpPreview *hp_preview_new(HpVolume *volume, const HpContour *seed, GError **error);
void hp_preview_free(HpPreview *preview); // takes NULL
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HpPreview, hp_preview_free)

// Another seed on the plane and slice of the one before, which is asserted: a fraction of the time that a
// new preview takes. Fails with HP_ERROR_NO_MEMORY; the old seed then stays.
bool hp_preview_set_seed(HpPreview *preview, const HpContour *seed, GError **error);
const HpContour *hp_preview_get_seed(const HpPreview *preview);

// What the snake starts from: the seed, widened to its section where it is small.
const HpContour *hp_preview_get_start(const HpPreview *preview);

// The contour where the snake rests, on the seed's plane and slice; hp_contour_free(). NULL with
// HP_ERROR_NO_RESULT if it vanished, HP_ERROR_BAD_FILE for an empty band, HP_ERROR_NO_MEMORY.
HpContour *hp_preview_evolve(HpPreview *preview, const HpParams *params, GError **error);

// The band, HU, of the last evolution: what the parameters say, or what the seed's values say where
// those leave it to the data. NAN before the first.
void hp_preview_get_band(const HpPreview *preview, double *low_hu, double *high_hu);

// Steps the last evolution took.
int hp_preview_get_steps(const HpPreview *preview);

G_END_DECLS
