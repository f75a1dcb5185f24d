// SPDX-License-Identifier: Apache-2.0
// hepatica-cli convert: one series as a file.
#include "cli/commands.h"
#include "cli/input.h"
#include "io/image_file.h"

static const HpOption options[] = {HP_OPTION_IMAGE, HP_OPTION_SERIES, HP_OPTIONS_END};

static bool run(HpCall *call, GError **error)
{
    const char *path = hp_call_image(call, "out", error);
    if (path == NULL)
        return false;
    hp_task_stage(call->task, "loading", 0, 0.6);
    g_autoptr(HpVolume) volume = hp_call_load(call, hp_call_argument(call, 0), error);
    if (volume == NULL)
        return false;
    hp_task_stage(call->task, "writing", 0.6, 1);
    hp_result_add_grid(call->result, &volume->grid);
    return hp_image_file_write_volume(volume, path, call->task, error);
}

const HpCommand hp_command_convert = {
    .name = "convert",
    .arguments = "INPUT",
    .sentence = "Write one series as NIfTI or NRRD.",
    .groups = "",
    .options = options,
    .run = run,
};
