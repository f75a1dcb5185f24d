// SPDX-License-Identifier: Apache-2.0
// hepatica-cli prepare: the image as the contours see it, after filters and presets.
#include "cli/commands.h"
#include "cli/input.h"
#include "image/presets.h"
#include "io/image_file.h"

static const HpOption options[] = {HP_OPTION_IMAGE, HP_OPTION_SERIES, HP_OPTIONS_END};

static bool run(HpCall *call, GError **error)
{
    const char *path = hp_call_image(call, "out", error);
    if (path == NULL)
        return false;
    hp_task_stage(call->task, "loading", 0, 0.4);
    g_autoptr(HpVolume) volume = hp_call_load(call, hp_call_argument(call, 0), error);
    if (volume == NULL)
        return false;
    hp_task_stage(call->task, "preparing", 0.4, 0.8);
    g_autoptr(HpVolume) prepared = hp_prepare(volume, &call->plan->params, call->task, error);
    if (prepared == NULL)
        return false;
    int low, high;
    hp_volume_range(prepared, &low, &high);
    hp_result_add_grid(call->result, &prepared->grid);
    json_object_set_int_member(call->result, "min", low);
    json_object_set_int_member(call->result, "max", high);
    hp_task_stage(call->task, "writing", 0.8, 1);
    return hp_image_file_write_volume(prepared, path, call->task, error);
}

const HpCommand hp_command_prepare = {
    .name = "prepare",
    .arguments = "INPUT",
    .sentence = "Filter the image: window, equalisation, Gaussian, diffusion, presets.",
    .groups = "prepare",
    .options = options,
    .run = run,
};
