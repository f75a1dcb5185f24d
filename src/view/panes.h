// SPDX-License-Identifier: Apache-2.0
// One picture of four panes: axial, coronal, sagittal and the surface.
#pragma once

#include "core/task.h"
#include "view/raster.h"
#include "view/slice.h"

G_BEGIN_DECLS

typedef struct {
    HpSliceView slice; // what the three planes show; plane, slice and cross are set for each
    int slices[HP_PLANE_COUNT];
    bool cross;         // where the planes cut one another
    const HpMesh *mesh; // NULL: the fourth pane is empty ground
    HpRasterView surface;
} HpPanes;

// The slices with most of the mask (which may be NULL: the middle ones), the cross-hair on them.
HpPanes hp_panes_default(const HpVolume *volume, const HpMask *mask, const HpMesh *mesh);

// Where the three slices meet, in LPS mm.
void hp_panes_cross_mm(const HpPanes *panes, double mm[3]);

// Errors of hp_slice_compose and hp_raster_render.
HpPicture *hp_panes_compose(const HpPanes *panes, int width, int height, HpTask *task,
                            GError **error);

G_END_DECLS
