// SPDX-License-Identifier: Apache-2.0
// The pictures of a finished case: a slice of each plane with its contours, and the surface.
#pragma once

#include "core/mask.h"
#include "core/mesh.h"
#include "core/task.h"
#include "core/volume.h"

G_BEGIN_DECLS

enum { HP_CASE_PICTURES = 4 };

// Their titles and file names, in the order of a report.
extern const struct HpCasePicture {
    const char *title, *name;
} hp_case_pictures[HP_CASE_PICTURES];

// What they show; everything is borrowed.
typedef struct {
    const HpVolume *volume;
    const HpMask *mask;        // on the volume's grid
    const GPtrArray *seeds;    // HpContour, placed on their slices
    const GPtrArray *contours; // HpContour
    const HpMesh *mesh;
} HpCaseView;

// Writes them into `folder`: each plane on the slice of its seed, else on that which holds most of the
// organ, its mask in colour, the planar contours and the seeds over it. `task` may be NULL. Fails as
// hp_slice_compose(), hp_raster_render() and hp_png_write() do.
bool hp_case_pictures_write(const HpCaseView *what, const char *folder, HpTask *task,
                            GError **error);

G_END_DECLS
