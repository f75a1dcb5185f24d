// SPDX-License-Identifier: Apache-2.0
// hepatica-cli segment: the mask of the liver from seed contours.
#include "case/pipeline.h"
#include "case/seeds.h"
#include "case/statistics.h"
#include "cli/commands.h"
#include "cli/input.h"
#include "io/image_file.h"

static const HpOption options[] = {
    {"out", "MASK", "Where to write it: .nii, .nii.gz or .nrrd.", true},
    HP_OPTION_SEED,
    HP_OPTION_SEED_MASK,
    HP_OPTION_SERIES,
    {"contours", "FILE", "Write the contours of all three planes as JSON.", false},
    HP_OPTIONS_END,
};

static bool write_results(const HpOrgan *organ, const char *mask, const char *contours,
                          HpTask *task, GError **error)
{
    hp_task_stage(task, "writing", 0.95, 1);
    return hp_image_file_write_mask(organ->mask, mask, task, error) &&
           (contours == NULL || hp_contours_write(organ->contours, contours, task, error));
}

static bool add_result(JsonObject *result, const HpOrgan *organ, double seconds, GError **error)
{
    HpStatistics found;
    if (!hp_statistics_measure(organ->mask, 0, NULL, &found, error))
        return false;
    json_object_set_double_member(result, "volume_ml", found.volume_ml);
    json_object_set_double_member(result, "snakes_ml", organ->snakes_ml);
    json_object_set_boolean_member(result, "lower_bound", found.is_cut_low || found.is_cut_high);
    json_object_set_double_member(result, "seconds", seconds);
    hp_result_add_warnings(result, (const char *const[]){hp_statistics_cut_words(&found), NULL});
    return true;
}

static bool run(HpCall *call, GError **error)
{
    const gint64 start = g_get_monotonic_time();
    const char *contours = hp_call_option(call, "contours");
    const char *mask = hp_call_image(call, "out", error);
    if (mask == NULL)
        return false;
    if (contours != NULL && (contours = hp_outputs_file(call->outputs, contours, error)) == NULL)
        return false;
    g_autoptr(HpPipeline) pipeline = hp_call_pipeline(call, error);
    if (pipeline == NULL ||
        !hp_pipeline_run(pipeline, call->plan, HP_STAGE_SEGMENT, call->task, error))
        return false;
    const HpOrgan *organ = hp_pipeline_get_organ(pipeline);
    const double seconds = (g_get_monotonic_time() - start) / 1e6;
    return write_results(organ, mask, contours, call->task, error) &&
           add_result(call->result, organ, seconds, error);
}

const HpCommand hp_command_segment = {
    .name = "segment",
    .arguments = "INPUT",
    .sentence = "Find the liver from seed contours.",
    .groups = "prepare contour",
    .options = options,
    .run = run,
};
