// SPDX-License-Identifier: Apache-2.0
// Opens the INPUT of a command: finds its series, chooses one, says what is odd about it.
#include "cli/input.h"

#include "case/json.h"
#include "io/image_file.h"
#include "core/error.h"
#include "io/input.h"

#include <string.h>

static HpSeries *hp_series_choose(const GPtrArray *found, const char *uid, GError **error)
{
    for (guint at = 0; at < found->len; at++) {
        HpSeries *series = found->pdata[at];
        if (uid == NULL || strcmp(uid, series->uid) == 0)
            return hp_series_ref(series);
    }
    const HpSeries *first = found->pdata[0];
    g_set_error(error, HP_ERROR, HP_ERROR_NO_RESULT, "%s: holds no series %s", first->path, uid);
    return NULL;
}

static void warn(const HpCall *call, const HpSeries *series, int count, bool is_chosen)
{
    if (count > 1 && !is_chosen)
        hp_call_warn(call, "%s holds %d series; taking the one with most slices, see info",
                     series->path, count);
    for (char **warning = series->warnings; warning != NULL && *warning != NULL; warning++)
        hp_call_warn(call, "%s", *warning);
}

// What --series says, else the plan; NULL: any.
static const char *wanted_series(const HpCall *call)
{
    const char *uid = hp_call_option(call, "series");
    return uid != NULL ? uid : call->plan->series;
}

HpSeries *hp_call_find(const HpCall *call, const char *path, GError **error)
{
    g_autoptr(GPtrArray) found = hp_input_find(path, call->task, error);
    if (found == NULL)
        return NULL;
    HpSeries *series = hp_series_choose(found, wanted_series(call), error);
    if (series != NULL)
        warn(call, series, (int)found->len, wanted_series(call) != NULL);
    return series;
}

HpVolume *hp_call_load(const HpCall *call, const char *path, GError **error)
{
    g_autoptr(HpSeries) series = hp_call_find(call, path, error);
    return series != NULL ? hp_input_load(series, call->task, error) : NULL;
}

const char *hp_call_image(const HpCall *call, const char *name, GError **error)
{
    const char *path = hp_call_option(call, name);
    return hp_image_file_check_name(path, error) ? hp_outputs_file(call->outputs, path, error)
                                                 : NULL;
}

void hp_result_add_grid(JsonObject *object, const HpGrid *grid)
{
    JsonArray *size = json_array_new();
    for (int axis = 0; axis < 3; axis++)
        json_array_add_int_element(size, grid->size[axis]);
    json_object_set_array_member(object, "size", size);
    json_object_set_array_member(object, "spacing", hp_json_numbers(grid->spacing_mm, 3));
    json_object_set_array_member(object, "origin", hp_json_numbers(grid->origin_mm, 3));
    json_object_set_array_member(object, "directions", hp_json_numbers(grid->directions, 9));
}

void hp_result_add_warnings(JsonObject *object, const char *const *warnings)
{
    JsonArray *list = json_array_new();
    for (; warnings != NULL && *warnings != NULL; warnings++)
        json_array_add_string_element(list, *warnings);
    json_object_set_array_member(object, "warnings", list);
}
