// SPDX-License-Identifier: Apache-2.0
// The pictures of a finished pipeline, for its report.
#pragma once

#include "case/pipeline.h"
#include "case/report.h"
#include "view/case_pictures.h"

G_BEGIN_DECLS

// Writes them into `folder`. Fails as hp_case_pictures_write() does, and with HP_ERROR_BAD_FILE for
// seeds that do not lie on the volume.
bool hp_pictures_write(const HpPipeline *pipeline, const HpPlan *plan, const char *folder,
                       HpTask *task, GError **error);

G_END_DECLS
