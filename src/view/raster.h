// SPDX-License-Identifier: Apache-2.0
// Renders a surface without any graphics hardware: the same picture on every machine of one kind.
//
// Orthographic, z-buffered, two lights, soft contact shadows, smoothed by supersampling.
#pragma once

#include "core/mesh.h"
#include "core/task.h"
#include "view/picture.h"

G_BEGIN_DECLS

// Where the eye stands: at 0, 0 in front of the patient, head up, the patient's right at the left.
// Azimuth turns it to the patient's left (90: from the left), elevation to the head (90: from above).
typedef struct {
    double azimuth_degrees, elevation_degrees;
    double pixels_per_mm;    // 0: the whole mesh fits
    const double *middle_mm; // seen in the middle of the picture; NULL: the mesh's middle; borrowed
    uint8_t colour[3];       // sRGB, of the surface
    bool letter;             // the side that is looked at, at the top right
    int fine; // samples along each side of a pixel, 1 (while it turns) to 4; 0 counts as 3
} HpRasterView;

// From the front and a little from above, in the colour of the liver.
HpRasterView hp_raster_view_default(void);

// HP_ERROR_NO_MEMORY, HP_ERROR_CANCELLED. An empty mesh gives the empty ground.
HpPicture *hp_raster_render(const HpMesh *mesh, const HpRasterView *view, int width, int height,
                            HpTask *task, GError **error);

G_END_DECLS
