// SPDX-License-Identifier: Apache-2.0
// One case as a person works on it: the plan they edit, the results that follow from it, one job.
#include "case/document_inside.h"

#include "case/found.h"
#include "case/preview.h"
#include "case/seeds.h"
#include "core/error.h"
#include "core/segment.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

G_DEFINE_FINAL_TYPE(HpDocument, hp_document, G_TYPE_OBJECT)

static guint changed_signal;

static void results_clear(Results *results)
{
    g_clear_pointer(&results->found, g_ptr_array_unref);
    g_clear_pointer(&results->series, hp_series_unref);
    g_clear_pointer(&results->volume, hp_volume_unref);
    g_clear_pointer(&results->mask, hp_mask_unref);
    g_clear_pointer(&results->contours, g_ptr_array_unref);
    g_clear_pointer(&results->mesh, hp_mesh_unref);
    g_clear_pointer(&results->whole, hp_mesh_unref);
    g_clear_pointer(&results->plan, hp_plan_free);
    g_clear_pointer(&results->stored, hp_store_result_free);
    g_clear_pointer(&results->report, json_object_unref);
    results->is_draft = false;
    results->numbers = (HpNumbers){NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN, false};
}

static void state_clear_cb(gpointer data)
{
    State *state = data;
    hp_plan_free(state->plan);
    g_free(state->name);
}

static void job_free(gpointer data)
{
    Job *job = data;
    g_weak_ref_clear(&job->document);
    hp_pipeline_free(job->pipeline);
    hp_plan_free(job->plan);
    hp_mesh_unref(job->sketch);
    hp_store_result_free(job->restored);
    results_clear(&job->results);
    g_free(job);
}

void hp_document_emit(HpDocument *document, HpChange change)
{
    g_signal_emit(document, changed_signal, 0, (guint)change);
}

static State *current(const HpDocument *document)
{
    return &g_array_index(document->states, State, document->current);
}

// Runs on the worker.
static void sketch_cb(GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
    (void)source, (void)cancellable;
    Job *job = data;
    GError *error = NULL;
    job->sketch = hp_pipeline_sketch(job->pipeline, job->plan, &job->task, &error);
    if (job->sketch != NULL)
        g_task_return_boolean(task, TRUE);
    else
        g_task_return_error(task, error);
}

static void take_numbers(Results *results, const HpPlan *plan, const HpOrgan *organ,
                         const HpModel *model)
{
    results->mask = hp_mask_ref(organ->mask);
    results->contours = g_ptr_array_ref(organ->contours);
    results->mesh = hp_mesh_ref(model->mesh);
    results->whole = hp_mesh_ref(model->made.surface);
    results->plan = hp_plan_copy(plan);
    results->numbers = (HpNumbers){.mask_ml = model->mask_ml,
                                   .mesh_ml = model->mesh_ml,
                                   .low_ml = model->low_ml,
                                   .high_ml = model->high_ml,
                                   .whole_ml = model->made.part_ml,
                                   .area_mm2 = model->area_mm2,
                                   .file_ml = NAN,
                                   .low_hu = organ->low_hu,
                                   .high_hu = organ->high_hu,
                                   .lower_bound = organ->lower_bound};
}

// The result as it is kept.
static HpStoreResult *describe(const HpPlan *plan, const HpOrgan *organ, const HpModel *model)
{
    HpStoreResult *stored = hp_store_result_new();
    *stored = (HpStoreResult){hp_plan_dup_text(plan), hp_found_dup_text(organ, model),
                              hp_mask_ref(organ->mask), g_ptr_array_ref(organ->contours)};
    return stored;
}

// The model of what the case kept, of the plan it was kept with. Where the images are there and the plan
// is still that one, the pipeline takes the organ as its own.
static bool restore(Job *job, bool has_image, GError **error)
{
    const HpStoreResult *stored = job->restored;
    g_autoptr(HpPlan) plan = hp_plan_new();
    g_autoptr(HpOrgan) organ =
        hp_found_read(stored->numbers, stored->mask, stored->contours, error);
    if (organ == NULL || !hp_plan_read_text(plan, stored->plan, error))
        return false;
    if (has_image && !hp_grid_equal(hp_mask_get_grid(stored->mask),
                                    &hp_pipeline_get_volume(job->pipeline)->grid, 1e-3)) {
        g_set_error_literal(error, HP_ERROR, HP_ERROR_GRID_MISMATCH,
                            _("the mask that the case kept lies on another grid than its images"));
        return false;
    }
    if (has_image && hp_plan_equal(plan, job->plan)) {
        if (!hp_pipeline_run(job->pipeline, job->plan, HP_STAGE_PREPARE, &job->task, error))
            return false;
        hp_pipeline_adopt(job->pipeline, job->plan, g_steal_pointer(&organ));
        if (!hp_pipeline_run(job->pipeline, job->plan, HP_STAGE_MODEL, &job->task, error))
            return false;
        take_numbers(&job->results, plan, hp_pipeline_get_organ(job->pipeline),
                     hp_pipeline_get_model(job->pipeline));
        job->results.report = hp_pipeline_dup_report(job->pipeline, plan, NAN, NULL);
    } else {
        const HpCut *cuts = (const HpCut *)(void *)plan->trims->data;
        g_autoptr(HpModel) model = hp_model_new(organ->mask, HP_LABEL_LIVER, &plan->params, cuts,
                                                (int)plan->trims->len, &job->task, error);
        if (model == NULL)
            return false;
        take_numbers(&job->results, plan, organ, model);
    }
    job->results.stored = hp_store_result_copy(stored);
    job->has_restored = true;
    return true;
}

static bool run_pipeline(Job *job, HpStage last, GError **error)
{
    if (job->pipeline != NULL) {
        hp_pipeline_want_draft(job->pipeline, job->is_draft);
        return hp_pipeline_run(job->pipeline, job->plan, last, &job->task, error);
    }
    g_set_error_literal(error, HP_ERROR, HP_ERROR_NO_RESULT,
                        _("the case does not tell where its images lie"));
    return false;
}

// References to what the pipeline holds.
static void take_images(Job *job)
{
    Results *results = &job->results;
    GPtrArray *found = hp_pipeline_get_found(job->pipeline);
    const HpSeries *series = hp_pipeline_get_series(job->pipeline);
    const HpVolume *volume = hp_pipeline_get_volume(job->pipeline);
    if (found != NULL)
        results->found = g_ptr_array_ref(found);
    if (series != NULL)
        results->series = hp_series_ref((HpSeries *)series);
    if (volume != NULL)
        results->volume = hp_volume_ref((HpVolume *)volume);
}

// Runs on the worker: the pipeline, or what the case kept; then references to what came of it.
static void work_cb(GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
    (void)source, (void)cancellable;
    Job *job = data;
    GError *error = NULL;
    g_autoptr(GError) lost = NULL;
    const HpStage last = job->goal == HP_GOAL_IMAGE ? HP_STAGE_LOAD : HP_STAGE_MODEL;
    results_clear(&job->results);
    bool is_done = run_pipeline(job, last, &error);
    if (job->pipeline != NULL)
        take_images(job);
    if (is_done && last == HP_STAGE_MODEL) {
        const HpOrgan *organ = hp_pipeline_get_organ(job->pipeline);
        const HpModel *model = hp_pipeline_get_model(job->pipeline);
        take_numbers(&job->results, job->plan, organ, model);
        job->results.is_draft = job->is_draft;
        job->results.stored = job->is_draft ? NULL : describe(job->plan, organ, model);
        if (!job->is_draft)
            job->results.report = hp_pipeline_dup_report(job->pipeline, job->plan, NAN, NULL);
    } else if (job->restored != NULL && !hp_task_is_cancelled(&job->task) &&
               !restore(job, is_done, &lost)) {
        is_done = false;
        if (error == NULL)
            error = g_steal_pointer(&lost);
    }
    if (is_done)
        g_task_return_boolean(task, TRUE);
    else
        g_task_return_error(task, error);
}

// What came from a file learns which slices it lies on, now that there is a grid. Seeds that lie on none
// stay as they are, and the error says so.
static void place_plan(HpPlan *plan, const HpGrid *grid, GError **error)
{
    GPtrArray *seeds = hp_contours_place(plan->seeds, grid, error);
    if (seeds == NULL)
        return;
    g_ptr_array_unref(plan->seeds);
    plan->seeds = seeds;
    GPtrArray *strokes = hp_strokes_place(plan->strokes, grid, error);
    if (strokes == NULL)
        return;
    g_ptr_array_unref(plan->strokes);
    plan->strokes = strokes;
}

// The grid is the volume's, or, with the images gone, the mask's.
static void place_seeds(HpDocument *document)
{
    const Results *results = &document->results;
    const HpGrid *grid = results->volume != NULL ? &results->volume->grid
                         : results->mask != NULL ? hp_mask_get_grid(results->mask)
                                                 : NULL;
    const char *series = current(document)->plan->series;
    for (guint at = 0; grid != NULL && at < document->states->len; at++) {
        HpPlan *plan = g_array_index(document->states, State, at).plan;
        if (g_strcmp0(plan->series, series) == 0)
            place_plan(plan, grid, document->error == NULL ? &document->error : NULL);
    }
}

bool hp_document_has_image(const HpDocument *document)
{
    const Results *results = &document->results;
    if (results->volume == NULL || results->series == NULL)
        return false;
    const char *wanted = current(document)->plan->series;
    const HpSeries *first = results->found != NULL ? results->found->pdata[0] : results->series;
    return g_strcmp0(results->series->uid, wanted != NULL ? wanted : first->uid) == 0;
}

// Whether there is an organ whose model is not the one the plan asks for.
static bool is_model_behind(const HpDocument *document)
{
    const Results *results = &document->results;
    return results->plan != NULL && hp_document_has_image(document) &&
           (results->is_draft || !hp_plan_models_alike(results->plan, current(document)->plan));
}

// `plan` with the model of another.
static HpPlan *copy_with_model(const HpPlan *plan, const HpPlan *other)
{
    HpPlan *copy = hp_plan_copy(plan);
    for (int id = 0; id < HP_PARAM_COUNT; id++)
        if (g_str_has_prefix(hp_parameter_get(id)->id, "model."))
            copy->params.value[id] = other->params.value[id];
    g_array_set_size(copy->trims, 0);
    g_array_append_vals(copy->trims, other->trims->data, other->trims->len);
    return copy;
}

// What the planes keep now, where the results were made with others.
static void measure_kept(HpDocument *document)
{
    const Results *results = &document->results;
    const GArray *cuts = current(document)->plan->trims;
    document->kept_ml = NAN;
    if (results->whole == NULL || hp_cuts_equal(cuts, results->plan->trims))
        return;
    if (document->kept == NULL)
        document->kept = hp_kept_new(results->whole);
    document->kept_ml =
        hp_kept_measure_ml(document->kept, (const HpCut *)(void *)cuts->data, (int)cuts->len);
}

// Notes whether the results are those of the plan, and if so, what they say of it.
static void compare_results(HpDocument *document)
{
    document->is_stale = document->is_following = false;
    if (document->results.plan == NULL)
        return;
    document->is_stale = document->results.is_draft ||
                         !hp_plan_equal(document->results.plan, current(document)->plan);
    document->is_following =
        document->is_stale && hp_plan_seeks_alike(document->results.plan, current(document)->plan);
    const double ml = document->results.numbers.mesh_ml;
    if (document->is_stale || current(document)->ml == ml)
        return;
    current(document)->ml = ml;
    hp_keep_ml(document);
}

// Longer than between two steps of a drag, shorter than a person notices; and how long the processors are
// left to the panes between two drafts.
enum { REST_MS = 150, AGAIN_MS = 80 };

// The change goes on: another draft.
static gboolean again_cb(gpointer data)
{
    HpDocument *document = data;
    document->again = 0;
    if (document->job == NULL && document->rest != 0 && is_model_behind(document))
        hp_document_start(document, HP_GOAL_MODEL, true);
    return G_SOURCE_REMOVE;
}

static gboolean rest_cb(gpointer data)
{
    HpDocument *document = data;
    document->rest = 0;
    if (!is_model_behind(document))
        return G_SOURCE_REMOVE;
    if (document->job == NULL)
        hp_document_start(document, HP_GOAL_MODEL, false);
    else if (document->job->goal == HP_GOAL_MODEL && document->pending < 0)
        document->pending = HP_GOAL_MODEL;
    hp_document_emit(document, HP_CHANGE_TASK);
    return G_SOURCE_REMOVE;
}

// After a step: the surface follows what only concerns it. A search for the organ goes on undisturbed;
// when it ends the surface follows as well.
static void follow(HpDocument *document)
{
    measure_kept(document);
    compare_results(document);
    const Job *job = document->job;
    const bool is_making = job != NULL && job->goal == HP_GOAL_MODEL;
    if (!is_model_behind(document) && !is_making)
        return;
    g_clear_handle_id(&document->rest, g_source_remove);
    document->rest = g_timeout_add(REST_MS, rest_cb, document);
    if (job == NULL && document->again == 0)
        hp_document_start(document, HP_GOAL_MODEL, true);
    else if (is_making && !job->is_draft)
        hp_task_cancel(&document->job->task);
}

// Whether the sketch, not the mesh, is what the plan asks for.
static bool is_sketch_newer(const HpDocument *document)
{
    return document->results.mask == NULL || document->is_stale;
}

// Shows a new sketch; NULL (nothing found, cancelled) leaves the old one.
static HpChange take_sketch(HpDocument *document, HpMesh *sketch)
{
    if (sketch != NULL && !is_sketch_newer(document))
        g_clear_pointer(&sketch, hp_mesh_unref);
    if (sketch == NULL)
        return 0;
    hp_mesh_unref(document->sketch);
    document->sketch = sketch;
    return HP_CHANGE_SKETCH;
}

// Takes over what a job leaves; what has changed by it.
static guint take_job(HpDocument *document, Job *job)
{
    const bool is_new_image = document->results.volume != job->results.volume;
    if (job->results.mask == NULL && !is_new_image)
        return 0;
    // A draft stands for nothing that is to be kept; what was kept before it stays.
    HpStoreResult *before = is_new_image ? NULL : g_steal_pointer(&document->results.stored);
    const bool was_stored = before != NULL || document->results.stored != NULL;
    const bool is_surface_alone = document->results.mask != NULL &&
                                  document->results.mask == job->results.mask &&
                                  document->results.contours == job->results.contours;
    results_clear(&document->results);
    document->results = job->results;
    job->results = (Results){0};
    g_clear_pointer(&document->sketch, hp_mesh_unref);
    if (document->results.is_draft)
        document->results.stored = before;
    else
        hp_store_result_free(before);
    g_clear_pointer(&document->sketch, hp_mesh_unref);
    g_clear_pointer(&document->kept, hp_kept_free);
    guint change = HP_CHANGE_RESULT | (is_surface_alone ? HP_CHANGE_SURFACE : 0);
    // A plan that came with the case shows its seeds' snakes at once.
    if (is_new_image || job->has_restored) {
        g_ptr_array_set_size(document->previews, 0);
        place_seeds(document);
        hp_document_preview(document);
        change = HP_CHANGE_RESULT | HP_CHANGE_IMAGE | HP_CHANGE_PLAN;
    }
    measure_kept(document);
    compare_results(document);
    // What came from the file need not go there; that there is no result any more has to: the mask would
    // come back with other images.
    if (!job->has_restored && !document->results.is_draft &&
        (was_stored || document->results.stored != NULL))
        hp_keep_result(document);
    if (is_new_image && document->results.series != NULL)
        hp_keep_image(document);
    return change;
}

// What it means that the images of a case cannot be read.
static GError *explain_gone(const HpDocument *document, const GError *error)
{
    return g_error_new(error->domain, error->code,
                       "%s: the images cannot be read (%s), so mask and numbers are shown as the "
                       "case kept them",
                       document->path != NULL ? document->path : "this case", error->message);
}

static void finished_cb(GObject *source, GAsyncResult *result, gpointer unused)
{
    (void)source, (void)unused;
    Job *job = g_task_get_task_data(G_TASK(result));
    g_autoptr(HpDocument) document = g_weak_ref_get(&job->document);
    if (document == NULL) // nobody waits any more
        return;
    g_autoptr(GError) error = NULL;
    const bool is_done = g_task_propagate_boolean(G_TASK(result), &error);
    guint change = HP_CHANGE_TASK;

    document->job = NULL;
    if (!document->is_reopening) {
        document->pipeline = g_steal_pointer(&job->pipeline);
        if (job->goal == HP_GOAL_SKETCH)
            // What went wrong is said when the organ is sought in full.
            change |= take_sketch(document, g_steal_pointer(&job->sketch));
        else if (is_done || job->results.stored != NULL)
            change |= take_job(document, job);
        else if (job->restored != NULL && document->restored == NULL)
            document->restored = g_steal_pointer(&job->restored); // for the job after this
        const bool is_cancelled = g_error_matches(error, HP_ERROR, HP_ERROR_CANCELLED);
        if (!is_done && !is_cancelled && !job->is_draft && job->goal != HP_GOAL_SKETCH) {
            g_clear_error(&document->error);
            document->error =
                job->has_restored ? explain_gone(document, error) : g_steal_pointer(&error);
        }
    }
    document->is_reopening = false;
    const int pending = document->pending;
    document->pending = -1;
    if (pending >= 0)
        hp_document_start(document, pending, false);
    else if (document->rest != 0 && document->again == 0)
        document->again = g_timeout_add(AGAIN_MS, again_cb, document); // the change may go on
    else if ((job->goal == HP_GOAL_ORGAN || (is_done && job->is_draft)) && document->rest == 0 &&
             is_model_behind(document))
        // A draft that came after the change had rested must not be the last word.
        hp_document_start(document, HP_GOAL_MODEL, false);
    hp_document_emit(document, change);
}

void hp_document_start(HpDocument *document, HpGoal goal, bool is_draft)
{
    if (document->pipeline == NULL && document->path != NULL) {
        document->pipeline = hp_pipeline_new(document->path);
        const HpSeries *first = document->listed != NULL ? document->listed->pdata[0] : NULL;
        if (first != NULL && g_strcmp0(first->path, document->path) == 0)
            hp_pipeline_set_found(document->pipeline, document->listed);
    }
    Job *job = g_new0(Job, 1);
    job->pipeline = g_steal_pointer(&document->pipeline);
    const HpPlan *now = current(document)->plan, *made = document->results.plan;
    // The organ's own stages then find nothing to do.
    job->plan =
        goal == HP_GOAL_MODEL && made != NULL ? copy_with_model(made, now) : hp_plan_copy(now);
    job->goal = goal;
    job->is_draft = is_draft;
    job->restored = g_steal_pointer(&document->restored);
    hp_task_init(&job->task);
    document->job = job;
    g_weak_ref_init(&job->document, document);
    g_autoptr(GTask) task = g_task_new(NULL, NULL, finished_cb, NULL);
    g_task_set_task_data(task, job, job_free);
    g_task_run_in_thread(task, goal == HP_GOAL_SKETCH ? sketch_cb : work_cb);
}

HpDocument *hp_document_new(void)
{
    return g_object_new(HP_TYPE_DOCUMENT, NULL);
}

static void forget_states(HpDocument *document, HpPlan *plan)
{
    g_array_set_size(document->states, 0);
    const State state = {plan, g_strdup(""), 0, NAN, 1};
    g_array_append_val(document->states, state);
    document->current = 0;
}

void hp_document_reset(HpDocument *document, const char *path, HpPlan *plan)
{
    hp_keep_end(document);
    forget_states(document, plan);
    char *taken = g_strdup(path); // it may be the old one
    g_free(document->path);
    document->path = taken;
    g_clear_pointer(&document->pipeline, hp_pipeline_free);
    results_clear(&document->results);
    g_ptr_array_set_size(document->previews, 0);
    g_ptr_array_set_size(document->previewed, 0);
    document->band_hu[0] = document->band_hu[1] = NAN;
    g_clear_error(&document->error);
    g_clear_handle_id(&document->rest, g_source_remove);
    g_clear_handle_id(&document->again, g_source_remove);
    g_clear_pointer(&document->kept, hp_kept_free);
    g_clear_pointer(&document->sketch, hp_mesh_unref);
    document->kept_ml = NAN;
    document->is_stale = document->is_following = false;
    document->is_reopening = document->job != NULL;
}

void hp_document_open_plan(HpDocument *document, const char *path, HpPlan *plan)
{
    hp_document_reset(document, path, plan);
    hp_document_pursue(document, HP_GOAL_IMAGE);
    hp_document_emit(document,
                     HP_CHANGE_IMAGE | HP_CHANGE_PLAN | HP_CHANGE_RESULT | HP_CHANGE_CASE);
}

void hp_document_open(HpDocument *document, const char *path, const char *uid)
{
    HpPlan *plan = hp_plan_new();
    plan->series = g_strdup(uid);
    hp_document_open_plan(document, path, plan);
}

// A search in full that waits to begin, or is under way for this plan, is not put off.
static bool may_sketch(const HpDocument *document)
{
    const HpPlan *plan = current(document)->plan;
    const Job *job = document->job;
    const bool is_sought = job != NULL && job->goal == HP_GOAL_ORGAN && document->pending < 0 &&
                           hp_plan_seeks_alike(job->plan, plan);
    return hp_document_has_image(document) && document->restored == NULL &&
           is_sketch_newer(document) && plan->seeds->len > 0 && !is_sought &&
           document->pending != HP_GOAL_ORGAN && document->pending != HP_GOAL_IMAGE;
}

HpMesh *hp_document_get_sketch(const HpDocument *document)
{
    return is_sketch_newer(document) ? document->sketch : NULL;
}

void hp_document_pursue(HpDocument *document, HpGoal goal)
{
    if (document->path == NULL)
        return;
    if (goal == HP_GOAL_SKETCH && !may_sketch(document))
        return;
    g_clear_error(&document->error);
    Job *job = document->job;
    const bool is_under_way = job != NULL && job->goal == goal && document->pending < 0 &&
                              !hp_task_is_cancelled(&job->task) &&
                              hp_plan_equal(job->plan, current(document)->plan);
    if (is_under_way && goal == HP_GOAL_ORGAN)
        return;
    if (job != NULL) {
        document->pending = goal;
        // A sketch is soon done, and one of every place that the slider passed is wanted.
        if (goal == HP_GOAL_SKETCH && job->goal == HP_GOAL_SKETCH)
            return;
        hp_task_cancel(&job->task);
        return;
    }
    hp_document_start(document, goal, false);
    hp_document_emit(document, HP_CHANGE_TASK);
}

void hp_document_cancel(HpDocument *document)
{
    document->pending = -1;
    if (document->job != NULL)
        hp_task_cancel(&document->job->task);
    if (document->listing != NULL)
        hp_task_cancel(&document->listing->task);
    if (document->opening != NULL)
        hp_task_cancel(hp_opening_get_task(document->opening));
}

// What the status line is about; NULL when nothing runs. Sketches come and go without a word.
static const HpTask *running(const HpDocument *document)
{
    const bool is_silent = document->job == NULL || document->job->goal == HP_GOAL_SKETCH;
    return document->opening != NULL   ? hp_opening_get_task(document->opening)
           : document->listing != NULL ? &document->listing->task
           : is_silent                 ? NULL
                                       : &document->job->task;
}

bool hp_document_is_busy(const HpDocument *document)
{
    return running(document) != NULL;
}

const char *hp_document_get_words(const HpDocument *document)
{
    return hp_task_get_words(running(document));
}

double hp_document_get_fraction(const HpDocument *document)
{
    return hp_task_get_fraction(running(document));
}

const GError *hp_document_get_error(const HpDocument *document)
{
    return document->error;
}

void hp_document_dismiss_error(HpDocument *document)
{
    g_clear_error(&document->error);
    hp_document_emit(document, HP_CHANGE_TASK);
}

GPtrArray *hp_document_get_found(const HpDocument *document)
{
    return document->results.found;
}

HpSeries *hp_document_get_series(const HpDocument *document)
{
    return document->results.series;
}

HpVolume *hp_document_get_volume(const HpDocument *document)
{
    return document->results.volume;
}

HpMask *hp_document_get_mask(const HpDocument *document)
{
    return document->results.mask;
}

GPtrArray *hp_document_get_contours(const HpDocument *document)
{
    return document->results.contours;
}

GPtrArray *hp_document_get_previews(const HpDocument *document)
{
    return document->previewed;
}

HpMesh *hp_document_get_mesh(const HpDocument *document)
{
    return document->results.mesh;
}

HpNumbers hp_document_get_numbers(const HpDocument *document)
{
    HpNumbers numbers = document->results.numbers;
    if (!isnan(document->kept_ml)) {
        numbers.mesh_ml = document->kept_ml;
        numbers.mask_ml = numbers.low_ml = numbers.high_ml = numbers.area_mm2 = NAN;
        numbers.file_ml = NAN;
    }
    return numbers;
}

bool hp_document_is_stale(const HpDocument *document)
{
    return document->is_stale;
}

bool hp_document_is_following(const HpDocument *document)
{
    return document->is_following;
}

const HpPlan *hp_document_get_plan(const HpDocument *document)
{
    return current(document)->plan;
}

void hp_document_push(HpDocument *document, HpPlan *plan, const char *name, guint joint)
{
    const bool is_search = !hp_plan_seeks_alike(current(document)->plan, plan);
    const bool joins = joint != 0 && document->current > 0 && current(document)->joint == joint;
    g_array_set_size(document->states, document->current + 1);
    if (joins) {
        hp_plan_free(current(document)->plan);
        current(document)->plan = plan;
        current(document)->ml = NAN;
    } else {
        const State state = {plan, g_strdup(name), joint, NAN, current(document)->id + 1};
        g_array_append_val(document->states, state);
        document->current++;
    }
    hp_keep_state(document);
    follow(document);
    if (is_search)
        hp_document_preview(document);
    hp_document_emit(document, HP_CHANGE_PLAN);
}

void hp_document_seal(HpDocument *document)
{
    current(document)->joint = 0;
}

void hp_document_refuse(HpDocument *document, GError *error)
{
    g_clear_error(&document->error);
    document->error = error;
    if (error != NULL)
        hp_document_emit(document, HP_CHANGE_TASK);
}

double hp_document_get_automatic(const HpDocument *document, HpParameterId id)
{
    const HpNumbers *numbers = &document->results.numbers;
    const bool is_low = id == HP_PARAM_THRESHOLD_LOW;
    const double used = is_low ? numbers->low_hu : numbers->high_hu;
    if (!isnan(used))
        return used;
    const double seen = document->band_hu[is_low ? 0 : 1];
    if (!isnan(seen))
        return seen;
    return is_low ? hp_parameter_get(id)->low : hp_parameter_get(id)->high;
}

static bool go(HpDocument *document, bool is_possible, int by)
{
    if (!is_possible)
        return false;
    const HpPlan *before = current(document)->plan;
    hp_document_seal(document);
    document->current += by;
    hp_document_seal(document);
    hp_keep_shown(document);
    follow(document);
    if (!hp_plan_seeks_alike(before, current(document)->plan))
        hp_document_preview(document);
    hp_document_emit(document, HP_CHANGE_PLAN);
    if (document->results.volume != NULL &&
        !hp_document_has_image(document)) // back over a choice of series
        hp_document_pursue(document, HP_GOAL_IMAGE);
    return true;
}

bool hp_document_undo(HpDocument *document)
{
    return go(document, document->current > 0, -1);
}

bool hp_document_redo(HpDocument *document)
{
    return go(document, document->current + 1 < document->states->len, 1);
}

const char *hp_document_get_undo_name(const HpDocument *document)
{
    return document->current > 0 ? current(document)->name : NULL;
}

const char *hp_document_get_redo_name(const HpDocument *document)
{
    const guint next = document->current + 1;
    return next < document->states->len ? g_array_index(document->states, State, next).name : NULL;
}

guint hp_document_get_step_count(const HpDocument *document)
{
    return document->states->len;
}

guint hp_document_get_step(const HpDocument *document)
{
    return document->current;
}

HpStep hp_document_get_step_at(const HpDocument *document, guint step)
{
    const State *state = &g_array_index(document->states, State, step);
    return (HpStep){state->name, state->ml, state->plan};
}

void hp_document_go_to_step(HpDocument *document, guint step)
{
    go(document, step < document->states->len && step != document->current,
       (int)step - (int)document->current);
}

HpSnapshot *hp_document_dup_snapshot(const HpDocument *document, GError **error)
{
    const Results *results = &document->results;
    if (results->mesh == NULL || results->is_draft) {
        g_set_error_literal(error, HP_ERROR, HP_ERROR_NO_RESULT,
                            results->mesh == NULL
                                ? "there is no organ yet: draw a seed and take the organ first"
                                : "the surface is still being made");
        return NULL;
    }
    HpSnapshot *snapshot = g_new0(HpSnapshot, 1);
    *snapshot =
        (HpSnapshot){.volume = results->volume != NULL ? hp_volume_ref(results->volume) : NULL,
                     .mask = hp_mask_ref(results->mask),
                     .mesh = hp_mesh_ref(results->mesh),
                     .contours = results->contours != NULL ? g_ptr_array_ref(results->contours)
                                                           : hp_contours_new(),
                     .plan = hp_plan_copy(results->plan),
                     .numbers = results->numbers,
                     .report = results->report != NULL ? json_object_ref(results->report) : NULL};
    return snapshot;
}

void hp_snapshot_free(HpSnapshot *snapshot)
{
    if (snapshot == NULL)
        return;
    hp_volume_unref(snapshot->volume);
    hp_mask_unref(snapshot->mask);
    hp_mesh_unref(snapshot->mesh);
    g_ptr_array_unref(snapshot->contours);
    hp_plan_free(snapshot->plan);
    g_clear_pointer(&snapshot->report, json_object_unref);
    g_free(snapshot);
}

void hp_document_note_file(HpDocument *document, const HpSnapshot *snapshot, double file_ml)
{
    if (document->results.mesh != snapshot->mesh)
        return;
    document->results.numbers.file_ml = file_ml;
    hp_document_emit(document, HP_CHANGE_RESULT);
}

static void hp_document_finalize(GObject *object)
{
    HpDocument *document = HP_DOCUMENT(object);
    hp_document_cancel(document);
    hp_keep_end(document);
    g_clear_handle_id(&document->rest, g_source_remove);
    g_clear_handle_id(&document->again, g_source_remove);
    hp_kept_free(document->kept);
    hp_mesh_unref(document->sketch);
    g_array_unref(document->states);
    hp_pipeline_free(document->pipeline);
    results_clear(&document->results);
    g_clear_error(&document->error);
    g_free(document->path);
    g_ptr_array_unref(document->previews);
    g_ptr_array_unref(document->previewed);
    if (document->listed != NULL)
        g_ptr_array_unref(document->listed);
    G_OBJECT_CLASS(hp_document_parent_class)->finalize(object);
}

static void hp_document_class_init(HpDocumentClass *klass)
{
    G_OBJECT_CLASS(klass)->finalize = hp_document_finalize;
    changed_signal = g_signal_new("changed", HP_TYPE_DOCUMENT, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                  NULL, G_TYPE_NONE, 1, G_TYPE_UINT);
}

static void hp_document_init(HpDocument *document)
{
    document->states = g_array_new(FALSE, FALSE, sizeof(State));
    g_array_set_clear_func(document->states, state_clear_cb);
    document->pending = -1;
    document->kept_ml = NAN;
    document->previews = g_ptr_array_new_with_free_func((GDestroyNotify)hp_preview_free);
    document->previewed = hp_contours_new();
    document->band_hu[0] = document->band_hu[1] = NAN;
    results_clear(&document->results);
    forget_states(document, hp_plan_new());
}
