// SPDX-License-Identifier: Apache-2.0
// The stages in order: load, prepare, segment, model.
#include "case/pipeline.h"

#include "case/json.h"
#include "case/seeds.h"
#include "case/statistics.h"
#include "core/error.h"
#include "core/segment.h"
#include "image/presets.h"
#include "io/input.h"
#include "segment/sketch.h"
#include "surface/extract.h"
#include "surface/measure.h"
#include "surface/reduce.h"
#include "surface/smooth.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

// The version of each stage's algorithm: raise it when its result changes for the same input.
static const struct {
    const char *name, *group;
    int version;
    double from, to; // part of the whole, as measured on a donor of 256 x 256 x 130
} stages[HP_STAGE_COUNT] = {
    [HP_STAGE_LOAD] = {"load", NULL, 1, 0, 0.15},
    [HP_STAGE_PREPARE] = {"prepare", "prepare.", 1, 0.15, 0.25},
    [HP_STAGE_SEGMENT] = {"segment", "contour.", 1, 0.25, 0.85},
    [HP_STAGE_MODEL] = {"model", "model.", 1, 0.85, 1},
};

#define HP_SKETCH_TRIANGLES 20000 // what software GL draws while something moves

struct HpPipeline {
    char *path;
    char *key[HP_STAGE_COUNT];
    GPtrArray *found; // HpSeries; kept as long as the pipeline
    HpSeries *series;
    HpVolume *volume, *prepared;
    HpOrgan *organ;
    HpModel *model;
    HpModel *before; // of this organ, by other settings: the next one takes over what still holds
    bool is_draft;   // the model wanted is
    HpSketch *sketch;
    char *sketch_key; // of all it stands on that does not slide
};

HpPipeline *hp_pipeline_new(const char *path)
{
    HpPipeline *pipeline = g_new0(HpPipeline, 1);
    pipeline->path = g_strdup(path);
    return pipeline;
}

// Forgets the result of `first` and of every stage after it.
static void forget(HpPipeline *pipeline, HpStage first)
{
    for (int stage = first; stage < HP_STAGE_COUNT; stage++)
        g_clear_pointer(&pipeline->key[stage], g_free);
    if (first <= HP_STAGE_LOAD) {
        g_clear_pointer(&pipeline->series, hp_series_unref);
        g_clear_pointer(&pipeline->volume, hp_volume_unref);
    }
    if (first <= HP_STAGE_PREPARE) {
        g_clear_pointer(&pipeline->prepared, hp_volume_unref);
        g_clear_pointer(&pipeline->sketch, hp_sketch_free);
        g_clear_pointer(&pipeline->sketch_key, g_free);
    }
    if (first <= HP_STAGE_SEGMENT)
        g_clear_pointer(&pipeline->organ, hp_organ_free);
    if (pipeline->model != NULL) {
        hp_model_free(pipeline->before);
        pipeline->before = g_steal_pointer(&pipeline->model);
    }
    if (first <= HP_STAGE_SEGMENT)
        g_clear_pointer(&pipeline->before, hp_model_free);
}

void hp_pipeline_free(HpPipeline *pipeline)
{
    if (pipeline == NULL)
        return;
    forget(pipeline, HP_STAGE_LOAD);
    if (pipeline->found != NULL)
        g_ptr_array_unref(pipeline->found);
    g_free(pipeline->path);
    g_free(pipeline);
}

// What a stage depends on besides the stage before it.
static void add_inputs(GChecksum *sum, const HpPipeline *pipeline, HpStage stage,
                       const HpPlan *plan)
{
    g_autoptr(HpPlan) part = hp_plan_new();
    if (stage == HP_STAGE_LOAD) {
        g_checksum_update(sum, (const guchar *)pipeline->path, -1);
        g_free(part->series);
        part->series = g_strdup(plan->series);
    }
    for (int id = 0; id < HP_PARAM_COUNT; id++)
        if (stages[stage].group != NULL &&
            g_str_has_prefix(hp_parameter_get(id)->id, stages[stage].group))
            part->params.value[id] = plan->params.value[id];
    if (stage == HP_STAGE_SEGMENT) {
        for (guint at = 0; at < plan->seeds->len; at++)
            g_ptr_array_add(part->seeds, hp_contour_copy(plan->seeds->pdata[at]));
        g_ptr_array_unref(part->strokes);
        part->strokes = hp_strokes_copy(plan->strokes);
    }
    if (stage == HP_STAGE_MODEL)
        g_array_append_vals(part->trims, plan->trims->data, plan->trims->len);
    g_autofree char *text = hp_plan_dup_text(part);
    g_checksum_update(sum, (const guchar *)text, -1);
    if (stage == HP_STAGE_MODEL && pipeline->is_draft)
        g_checksum_update(sum, (const guchar *)"draft", -1);
}

static char *dup_key(const HpPipeline *pipeline, HpStage stage, const HpPlan *plan)
{
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
    g_autofree char *head = g_strdup_printf("%s %d %s\n", stages[stage].name, stages[stage].version,
                                            stage > 0 ? pipeline->key[stage - 1] : "");
    g_checksum_update(sum, (const guchar *)head, -1);
    add_inputs(sum, pipeline, stage, plan);
    return g_strdup(g_checksum_get_string(sum));
}

HpSeries *hp_series_choose(const GPtrArray *found, const char *uid, GError **error)
{
    for (guint at = 0; at < found->len; at++) {
        HpSeries *series = found->pdata[at];
        if (uid == NULL || strcmp(uid, series->uid) == 0)
            return hp_series_ref(series);
    }
    const HpSeries *first = found->pdata[0];
    g_set_error(error, HP_ERROR, HP_ERROR_NO_RESULT, _("%s: holds no series %s"), first->path, uid);
    return NULL;
}

static bool load(HpPipeline *pipeline, const HpPlan *plan, HpTask *task, GError **error)
{
    if (pipeline->found == NULL)
        pipeline->found = hp_input_find(pipeline->path, task, error);
    if (pipeline->found == NULL)
        return false;
    pipeline->series = hp_series_choose(pipeline->found, plan->series, error);
    if (pipeline->series == NULL)
        return false;
    pipeline->volume = hp_input_load(pipeline->series, task, error);
    return pipeline->volume != NULL;
}

static bool prepare(HpPipeline *pipeline, const HpPlan *plan, HpTask *task, GError **error)
{
    pipeline->prepared = hp_prepare(pipeline->volume, &plan->params, task, error);
    return pipeline->prepared != NULL;
}

// The band is given in original HU; the prepared image has other values where it has been stretched.
static bool map_band(const HpPipeline *pipeline, HpParams *params, HpTask *task, GError **error)
{
    double *low = &params->value[HP_PARAM_THRESHOLD_LOW];
    double *high = &params->value[HP_PARAM_THRESHOLD_HIGH];
    if (pipeline->prepared == pipeline->volume || (isnan(*low) && isnan(*high)))
        return true;
    g_autoptr(HpCurve) curve = hp_prepare_curve(pipeline->volume, params, task, error);
    if (curve == NULL)
        return false;
    *low = hp_curve_map(curve, *low);
    *high = hp_curve_map(curve, *high);
    return true;
}

// What the organ is found from: the plan's seeds and strokes on the volume's slices, and its parameters
// for the prepared image.
typedef struct {
    GPtrArray *seeds, *strokes;
    HpParams params;
    HpOrganInput input;
} Search;

static void search_clear(Search *search)
{
    if (search->seeds != NULL)
        g_ptr_array_unref(search->seeds);
    if (search->strokes != NULL)
        g_ptr_array_unref(search->strokes);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Search, search_clear)

static bool search_init(Search *search, const HpPipeline *pipeline, const HpPlan *plan,
                        HpTask *task, GError **error)
{
    if (plan->seeds->len == 0) {
        g_set_error_literal(error, HP_ERROR, HP_ERROR_NO_RESULT,
                            _("no seed contour: give one by --seed, --seed-from-mask or a params "
                              "file"));
        return false;
    }
    const HpGrid *grid = &pipeline->volume->grid;
    search->seeds = hp_contours_place(plan->seeds, grid, error);
    search->strokes = search->seeds ? hp_strokes_place(plan->strokes, grid, error) : NULL;
    search->params = plan->params;
    search->input = (HpOrganInput){.original = pipeline->volume, .strokes = search->strokes};
    return search->strokes != NULL && map_band(pipeline, &search->params, task, error);
}

static bool segment(HpPipeline *pipeline, const HpPlan *plan, HpTask *task, GError **error)
{
    g_auto(Search) search = {0};
    if (!search_init(&search, pipeline, plan, task, error))
        return false;
    pipeline->organ = hp_organ_segment(pipeline->prepared, search.seeds, &search.input,
                                       &search.params, task, error);
    return pipeline->organ != NULL;
}

// A sketch of the plan's seeds and strokes: the one there is, or a new one.
static bool renew_sketch(HpPipeline *pipeline, const HpPlan *plan, const Search *search,
                         HpTask *task, GError **error)
{
    g_autoptr(HpPlan) still = hp_plan_copy(plan);
    still->params = hp_params_default();
    g_array_set_size(still->trims, 0);
    g_autofree char *text = hp_plan_dup_text(still);
    if (pipeline->sketch != NULL && strcmp(pipeline->sketch_key, text) == 0)
        return true;
    g_clear_pointer(&pipeline->sketch, hp_sketch_free);
    g_free(pipeline->sketch_key);
    pipeline->sketch_key = g_steal_pointer(&text);
    pipeline->sketch = hp_sketch_new(pipeline->prepared, search->seeds, &search->input,
                                     &search->params, task, error);
    return pipeline->sketch != NULL;
}

HpMesh *hp_pipeline_sketch(HpPipeline *pipeline, const HpPlan *plan, HpTask *task, GError **error)
{
    const double smoothness = 0.5; // of the voxels' steps; the plan's own is for the final surface
    g_auto(Search) search = {0};
    if (!hp_pipeline_run(pipeline, plan, HP_STAGE_PREPARE, task, error) ||
        !search_init(&search, pipeline, plan, task, error) ||
        !renew_sketch(pipeline, plan, &search, task, error))
        return NULL;
    g_autoptr(HpMask) mask = hp_sketch_follow(pipeline->sketch, &search.params, NULL, task, error);
    HpGrid voxels;
    g_autoptr(HpMesh) net = mask ? hp_surface_extract(mask, 0, &voxels, task, error) : NULL;
    if (net == NULL ||
        !hp_surface_smooth(net, &voxels, smoothness, hp_mesh_volume_mm3(net), NULL, task, error))
        return NULL;
    return hp_surface_reduce(net, HP_SKETCH_TRIANGLES, NULL, task, error);
}

static bool model(HpPipeline *pipeline, const HpPlan *plan, HpTask *task, GError **error)
{
    const HpModelInput input = {.mask = pipeline->organ->mask,
                                .label = HP_LABEL_LIVER,
                                .params = &plan->params,
                                .cuts = (const HpCut *)(void *)plan->trims->data,
                                .cut_count = (int)plan->trims->len,
                                .before = pipeline->before,
                                .is_draft = pipeline->is_draft};
    pipeline->model = hp_model_make(&input, task, error);
    if (pipeline->model != NULL)
        g_clear_pointer(&pipeline->before, hp_model_free);
    return pipeline->model != NULL;
}

static bool (*const run_stage[HP_STAGE_COUNT])(HpPipeline *, const HpPlan *, HpTask *,
                                               GError **) = {load, prepare, segment, model};

bool hp_pipeline_run(HpPipeline *pipeline, const HpPlan *plan, HpStage last, HpTask *task,
                     GError **error)
{
    for (int stage = 0; stage <= (int)last; stage++) {
        g_autofree char *key = dup_key(pipeline, stage, plan);
        if (g_strcmp0(key, pipeline->key[stage]) == 0)
            continue;
        forget(pipeline, stage);
        const double whole = stages[last].to;
        hp_task_part(task, stages[stage].from / whole, stages[stage].to / whole);
        if (!run_stage[stage](pipeline, plan, task, error)) {
            forget(pipeline, stage);
            return false;
        }
        pipeline->key[stage] = g_steal_pointer(&key);
    }
    hp_task_part(task, 0, 1);
    return true;
}

void hp_pipeline_want_draft(HpPipeline *pipeline, bool is_draft)
{
    pipeline->is_draft = is_draft;
}

void hp_pipeline_adopt(HpPipeline *pipeline, const HpPlan *plan, HpOrgan *organ)
{
    g_assert(pipeline->key[HP_STAGE_PREPARE] != NULL);
    forget(pipeline, HP_STAGE_SEGMENT);
    pipeline->organ = organ;
    pipeline->key[HP_STAGE_SEGMENT] = dup_key(pipeline, HP_STAGE_SEGMENT, plan);
}

int hp_pipeline_get_series_count(const HpPipeline *pipeline)
{
    return pipeline->found != NULL ? (int)pipeline->found->len : 0;
}

void hp_pipeline_set_found(HpPipeline *pipeline, GPtrArray *found)
{
    g_ptr_array_ref(found);
    if (pipeline->found != NULL)
        g_ptr_array_unref(pipeline->found);
    pipeline->found = found;
}

GPtrArray *hp_pipeline_get_found(const HpPipeline *pipeline)
{
    return pipeline->found;
}

const HpSeries *hp_pipeline_get_series(const HpPipeline *pipeline)
{
    return pipeline->series;
}

const HpVolume *hp_pipeline_get_volume(const HpPipeline *pipeline)
{
    return pipeline->volume;
}

const HpVolume *hp_pipeline_get_prepared(const HpPipeline *pipeline)
{
    return pipeline->prepared;
}

const HpOrgan *hp_pipeline_get_organ(const HpPipeline *pipeline)
{
    return pipeline->organ;
}

const HpModel *hp_pipeline_get_model(const HpPipeline *pipeline)
{
    return pipeline->model;
}

const char *hp_pipeline_get_key(const HpPipeline *pipeline, HpStage stage)
{
    return pipeline->key[stage];
}

static JsonObject *describe_input(const HpPipeline *pipeline)
{
    const HpGrid *grid = &pipeline->volume->grid;
    JsonObject *input = json_object_new();
    json_object_set_string_member(input, "description", pipeline->series->description);
    json_object_set_string_member(input, "modality", pipeline->series->modality);
    JsonArray *size = json_array_new();
    for (int axis = 0; axis < 3; axis++)
        json_array_add_int_element(size, grid->size[axis]);
    json_object_set_array_member(input, "size", size);
    json_object_set_array_member(input, "spacing", hp_json_numbers(grid->spacing_mm, 3));
    return input;
}

static JsonObject *describe_agreement(const HpModel *model, double file_ml)
{
    JsonObject *numbers = json_object_new();
    json_object_set_double_member(numbers, "label_ml", model->label_ml);
    json_object_set_double_member(numbers, "mask_ml", model->mask_ml);
    json_object_set_double_member(numbers, "mesh_ml", model->mesh_ml);
    json_object_set_double_member(numbers, "file_ml", file_ml);
    return numbers;
}

static JsonObject *describe_surface(const HpModel *model)
{
    JsonObject *surface = json_object_new();
    json_object_set_double_member(surface, "area_mm2", model->area_mm2);
    json_object_set_int_member(surface, "triangles", (gint64)model->mesh->triangles);
    json_object_set_boolean_member(surface, "watertight", model->is_watertight);
    return surface;
}

static JsonObject *describe_content(const HpStatistics *found)
{
    JsonObject *content = json_object_new();
    json_object_set_double_member(content, "mean_hu", found->mean_hu);
    json_object_set_double_member(content, "deviation_hu", found->deviation_hu);
    json_object_set_double_member(content, "median_hu", found->median_hu);
    return content;
}

static void warn_apart(JsonArray *warnings, double ml, const char *what, double reference_ml,
                       const char *reference)
{
    const double percent = 100 * (ml - reference_ml) / reference_ml;
    if (fabs(percent) <= 0.5)
        return;
    g_autofree char *text =
        g_strdup_printf("%s holds %.1f ml, %.1f %% %s than %s", what, ml, fabs(percent),
                        percent > 0 ? "more" : "less", reference);
    json_array_add_string_element(warnings, text);
}

// How far the number moves with what nobody can know to a hair.
static JsonObject *describe_width(const HpOrgan *organ)
{
    JsonObject *width = json_object_new();
    json_object_set_double_member(width, "band_narrower_ml", organ->ml_band_narrower);
    json_object_set_double_member(width, "band_wider_ml", organ->ml_band_wider);
    json_object_set_double_member(width, "half_voxel_less_ml", organ->ml_half_voxel_less);
    json_object_set_double_member(width, "half_voxel_more_ml", organ->ml_half_voxel_more);
    return width;
}

// Warnings in words: of the series, of an organ that is cut off, of numbers that do not agree.
static JsonArray *list_warnings(const HpPipeline *pipeline, double file_ml)
{
    JsonArray *warnings = json_array_new();
    for (char **at = pipeline->series->warnings; at != NULL && *at != NULL; at++)
        json_array_add_string_element(warnings, *at);
    const char *cut = hp_organ_lower_bound_words(pipeline->organ);
    if (cut != NULL)
        json_array_add_string_element(warnings, cut);
    const HpModel *model = pipeline->model;
    for (guint at = 0; at < model->warnings->len; at++)
        json_array_add_string_element(warnings, model->warnings->pdata[at]);
    warn_apart(warnings, model->mesh_ml, "the mesh", model->mask_ml, "the mask");
    warn_apart(warnings, file_ml, "the written file", model->mesh_ml, "the mesh");
    return warnings;
}

JsonObject *hp_pipeline_dup_report(const HpPipeline *pipeline, const HpPlan *plan, double file_ml,
                                   GError **error)
{
    HpStatistics found;
    const HpModel *model = pipeline->model;
    const HpOrgan *organ = pipeline->organ;
    if (!hp_statistics_measure(organ->mask, HP_LABEL_LIVER, pipeline->volume, &found, error))
        return NULL;
    JsonObject *report = json_object_new();
    json_object_set_string_member(report, "hepatica", HP_VERSION);
    json_object_set_double_member(report, "volume_ml", found.volume_ml);
    if (model->removed->len > 0)
        json_object_set_double_member(report, "kept_ml", model->mesh_ml);
    json_object_set_boolean_member(report, "lower_bound", organ->lower_bound);
    json_object_set_double_member(report, "snakes_ml", organ->snakes_ml);
    json_object_set_object_member(report, "width", describe_width(organ));
    json_object_set_object_member(report, "reconciliation", describe_agreement(model, file_ml));
    json_object_set_object_member(report, "surface", describe_surface(model));
    json_object_set_object_member(report, "content", describe_content(&found));
    json_object_set_object_member(report, "input", describe_input(pipeline));
    json_object_set_array_member(report, "warnings", list_warnings(pipeline, file_ml));
    json_object_set_object_member(report, "parameters", hp_plan_dup_parameters(plan));
    return report;
}
