// SPDX-License-Identifier: Apache-2.0
// A button that shows what a preset makes of the CT.
#pragma once

#include "app/lens.h"
#include "core/volume.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define HP_TYPE_PRESET_TILE (hp_preset_tile_get_type())
G_DECLARE_FINAL_TYPE(HpPresetTile, hp_preset_tile, HP, PRESET_TILE, GtkToggleButton)

// `words` stand over the picture; `name` says the same to those who do not see it, and on hovering.
HpPresetTile *hp_preset_tile_new(const char *words, const char *name);

// Shows the part of axial slice `slice` round `mm` as `sample` (one slice of voxels; NULL: nothing yet)
// has it, in the lens's window.
void hp_preset_tile_show(HpPresetTile *tile, const HpVolume *volume, const HpVolume *sample,
                         int slice, const double mm[3], const HpLens *lens);

G_END_DECLS
