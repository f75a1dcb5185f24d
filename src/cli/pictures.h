// SPDX-License-Identifier: Apache-2.0
// The pictures of a finished pipeline: a slice of each plane with its contours, and the surface.
#pragma once

#include "case/pipeline.h"
#include "case/report.h"

G_BEGIN_DECLS

#define HP_PICTURE_COUNT 4

// Their titles and file names, in the order of the report.
extern const HpReportPicture hp_report_pictures[HP_PICTURE_COUNT];

// Writes them into `folder`: each plane on the slice that holds most of the organ, its mask in
// colour, the planar contours and the seeds over it. Fails as hp_slice_compose(),
// hp_raster_render() and hp_png_write() do.
bool hp_pictures_write(const HpPipeline *pipeline, const HpPlan *plan, const char *folder,
                       HpTask *task, GError **error);

G_END_DECLS
