// SPDX-License-Identifier: Apache-2.0
// A button that shows what a preset makes of the CT.
#pragma once

#include "core/volume.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define HP_TYPE_PRESET_TILE (hp_preset_tile_get_type())
G_DECLARE_FINAL_TYPE(HpPresetTile, hp_preset_tile, HP, PRESET_TILE, GtkToggleButton)

// `words` stand over the picture; `name` says the same to those who do not see it, and on hovering.
HpPresetTile *hp_preset_tile_new(const char *words, const char *name);

// A slice of the CT as one preset makes it.
typedef struct {
    HpVolume *volume;       // the original, for its grid
    HpVolume *prepared;     // one axial slice of voxels
    int slice;              // which one of the volume
    double mm[3];           // in the middle of the picture
    double low_hu, high_hu; // drawn black and white
} HpSample;

// Keeps references to both volumes; NULL: nothing to show yet.
void hp_preset_tile_show(HpPresetTile *tile, const HpSample *sample);

G_END_DECLS
