// SPDX-License-Identifier: Apache-2.0
// hepatica-cli compare: how well a mask agrees with a reference.
#include "cli/commands.h"
#include "io/image_file.h"
#include "segment/compare.h"

static const HpOption options[] = {
    HP_OPTION_LABEL,
    HP_OPTIONS_END,
};

static bool run(HpCall *call, GError **error)
{
    int label = 0;
    if (!hp_call_get_int(call, "label", 0, 255, &label, error))
        return false;
    hp_task_stage(call->task, "reading", 0, 0.3);
    g_autoptr(HpMask) mask = hp_image_file_read_mask(hp_call_argument(call, 0), call->task, error);
    if (mask == NULL)
        return false;
    g_autoptr(HpMask) reference =
        hp_image_file_read_mask(hp_call_argument(call, 1), call->task, error);
    if (reference == NULL)
        return false;
    hp_task_stage(call->task, "comparing", 0.3, 1);
    HpAgreement found;
    if (!hp_compare(mask, reference, (uint8_t)label, &found, call->task, error))
        return false;
    json_object_set_double_member(call->result, "dice", found.dice);
    json_object_set_double_member(call->result, "volume_ml", found.volume_ml);
    json_object_set_double_member(call->result, "reference_ml", found.reference_ml);
    json_object_set_double_member(call->result, "volume_difference_percent",
                                  found.volume_difference_percent);
    json_object_set_double_member(call->result, "assd_mm", found.assd_mm);
    json_object_set_double_member(call->result, "hd95_mm", found.hd95_mm);
    return true;
}

const HpCommand hp_command_compare = {
    .name = "compare",
    .arguments = "MASK REFERENCE",
    .sentence = "Measure how well a mask agrees with a reference on the same grid.",
    .groups = "",
    .options = options,
    .run = run,
};
