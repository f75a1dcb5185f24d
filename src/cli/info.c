// SPDX-License-Identifier: Apache-2.0
// hepatica-cli info: every image series in a place, its grid, range and checksum.
#include "case/pipeline.h"
#include "cli/commands.h"
#include "cli/input.h"
#include "io/input.h"

#include <math.h>

static const HpOption options[] = {
    {"series", "UID", "Only this series.", false},
    HP_OPTIONS_END,
};

static JsonObject *describe(const HpSeries *series, const HpSeriesValues *values)
{
    JsonObject *object = json_object_new();
    json_object_set_string_member(object, "uid", series->uid);
    json_object_set_string_member(object, "description", series->description);
    json_object_set_string_member(object, "modality", series->modality);
    if (series->phase[0] != '\0')
        json_object_set_string_member(object, "phase", series->phase);
    hp_result_add_grid(object, &series->stored);
    json_object_set_int_member(object, "slices", series->slices);
    json_object_set_double_member(object, "min", values->min);
    json_object_set_double_member(object, "max", values->max);
    json_object_set_string_member(object, "sha256", values->sha256);
    if (!series->is_even) { // what every other command sees
        JsonObject *loaded = json_object_new();
        hp_result_add_grid(loaded, &series->grid);
        json_object_set_object_member(object, "loaded_as", loaded);
    }
    hp_result_add_warnings(object, (const char *const *)series->warnings);
    return object;
}

static bool run(HpCall *call, GError **error)
{
    g_autoptr(GPtrArray) found = hp_input_find(hp_call_argument(call, 0), call->task, error);
    if (found == NULL)
        return false;
    const char *uid = hp_call_option(call, "series");
    g_autoptr(HpSeries) chosen = hp_series_choose(found, uid, error);
    if (chosen == NULL)
        return false;
    JsonArray *list = json_array_new();
    json_object_set_array_member(call->result, "series", list);
    for (guint at = 0; at < found->len; at++) {
        const HpSeries *series = found->pdata[at];
        HpSeriesValues values;
        if (uid != NULL && g_strcmp0(uid, series->uid) != 0)
            continue;
        hp_task_stage(call->task, "reading", (double)at / found->len, (at + 1.0) / found->len);
        if (!hp_input_measure(series, &values, call->task, error))
            return false;
        json_array_add_object_element(list, describe(series, &values));
    }
    return true;
}

const HpCommand hp_command_info = {
    .name = "info",
    .arguments = "INPUT",
    .sentence = "Describe every series: size, spacing, place, range, checksum, warnings.",
    .groups = "",
    .options = options,
    .run = run,
};
