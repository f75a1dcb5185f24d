// SPDX-License-Identifier: Apache-2.0
// The pictures of a finished pipeline, for its report.
#include "cli/pictures.h"

#include "case/seeds.h"

bool hp_pictures_write(const HpPipeline *pipeline, const HpPlan *plan, const char *folder,
                       HpTask *task, GError **error)
{
    const HpVolume *volume = hp_pipeline_get_volume(pipeline);
    const HpOrgan *organ = hp_pipeline_get_organ(pipeline);
    g_autoptr(GPtrArray) seeds = hp_contours_place(plan->seeds, &volume->grid, error);
    const HpCaseView view = {volume, organ->mask, seeds, organ->contours,
                             hp_pipeline_get_model(pipeline)->mesh};
    return seeds != NULL && hp_case_pictures_write(&view, folder, task, error);
}
