// SPDX-License-Identifier: Apache-2.0
// Opens the INPUT of a command: finds its series, chooses one, says what is odd about it.
#include "cli/input.h"

#include "case/json.h"
#include "io/image_file.h"
#include "io/input.h"
#include "segment/seed.h"

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

static bool seed_from_mask(HpCall *call, const char *path, GError **error)
{
    g_autoptr(HpMask) mask = hp_image_file_read_mask(path, call->task, error);
    if (mask == NULL)
        return false;
    HpContour *seed = hp_seed_from_mask(mask, 0, error);
    if (seed == NULL) {
        g_prefix_error(error, "%s: ", path);
        return false;
    }
    g_ptr_array_set_size(call->plan->seeds, 0);
    g_ptr_array_add(call->plan->seeds, seed);
    return true;
}

static bool read_seeds(HpCall *call, GError **error)
{
    const char *file = hp_call_option(call, "seed"), *mask = hp_call_option(call, "seed-from-mask");
    if (file != NULL && mask != NULL) {
        g_set_error_literal(error, HP_USAGE_ERROR, 0,
                            "--seed and --seed-from-mask exclude each "
                            "other");
        return false;
    }
    if (file != NULL && !hp_plan_read(call->plan, file, error))
        return false;
    if (mask != NULL && !seed_from_mask(call, mask, error))
        return false;
    if (call->plan->seeds->len > 0)
        return true;
    g_set_error_literal(error, HP_USAGE_ERROR, 0,
                        "no seed contour: give one by --seed, --seed-from-mask or a params file");
    return false;
}

HpPipeline *hp_call_pipeline(HpCall *call, GError **error)
{
    const char *uid = hp_call_option(call, "series");
    if (uid != NULL) {
        g_free(call->plan->series);
        call->plan->series = g_strdup(uid);
    }
    if (!read_seeds(call, error))
        return NULL;
    g_autoptr(HpPipeline) pipeline = hp_pipeline_new(hp_call_argument(call, 0));
    if (!hp_pipeline_run(pipeline, call->plan, HP_STAGE_LOAD, call->task, error))
        return NULL;
    warn(call, hp_pipeline_get_series(pipeline), hp_pipeline_get_series_count(pipeline),
         call->plan->series != NULL);
    return g_steal_pointer(&pipeline);
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
