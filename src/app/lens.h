// SPDX-License-Identifier: Apache-2.0
// How the case is looked at: what all panes share, so that they move together.
#pragma once

#include "case/prepared.h"
#include "core/grid.h"

#include <glib-object.h>

G_BEGIN_DECLS

// The window of a new lens, the liver's.
#define HP_LENS_LOW_HU (-100)
#define HP_LENS_HIGH_HU 200

#define HP_TYPE_LENS (hp_lens_get_type())
G_DECLARE_FINAL_TYPE(HpLens, hp_lens, HP, LENS, GObject)

typedef struct HpTool HpTool; // app/tools/tool.h

// The signal "changed" follows every change; panes then draw again. "marked" says that only what tools
// draw over the pictures has changed, "chosen" that another tool is at hand.
struct _HpLens {
    GObject parent_instance;
    HpGrid grid;            // of the volume; size 0 without one
    double cross_mm[3];     // where the three planes meet
    double low_hu, high_hu; // drawn black and white
    double zoom;            // 1: the slice fits its pane; the same on all planes
    double opacity;         // of the mask's inside
    HpPrepared *prepared;   // drawn in place of the volume where it is ready; NULL: the volume
    bool shows_cross, shows_contours;
    bool shows_seeds;               // and their live contours: while the stage Contour is in sight
    bool shows_mask, shows_outline; // of the mask
    bool shows_voxels;              // as squares, not interpolated
    bool shows_band,
        flashes_band;  // values between the thresholds are tinted: asked for; for a moment
    bool is_anonymous; // nothing on the screen may name the patient
    HpPlane plane;     // that the pointer was over last
    double brush_mm;   // radius of brushes
    const char
        *home; // tool to return to from one that is switched off; static, "none": the cross-hair
    GPtrArray *tools; // HpTool, owned, in the order in which a press is offered to them
    HpTool *tool;     // the chosen one, of `tools`; NULL: a drag moves the cross-hair
};

HpLens *hp_lens_new(void);

// A new volume: the planes meet in its middle, the window is the liver's.
void hp_lens_set_grid(HpLens *lens, const HpGrid *grid);

// Moves the planes; mm are kept within the volume.
void hp_lens_set_cross(HpLens *lens, const double mm[3]);
int hp_lens_get_slice(const HpLens *lens, HpPlane plane);
void hp_lens_scroll(HpLens *lens, HpPlane plane, int slices);

void hp_lens_set_window(HpLens *lens, double low_hu, double high_hu); // at least 1 HU wide
// What the panes draw in place of the volume; NULL: the volume. Takes a reference.
void hp_lens_set_prepared(HpLens *lens, HpPrepared *prepared);
void hp_lens_changed(HpLens *lens); // after setting a field

void hp_lens_add_tool(HpLens *lens, HpTool *tool); // takes it
// By its kind's name; one that does not exist, as "none", leaves the cross-hair.
void hp_lens_choose_tool(HpLens *lens, const char *name);
void hp_lens_marked(HpLens *lens);

G_END_DECLS
