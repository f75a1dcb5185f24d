// SPDX-License-Identifier: Apache-2.0
// One case as a person works on it: the plan they edit, the results that follow from it, one job.
#include "case/document.h"

#include "case/export.h"
#include "case/pipeline.h"
#include "case/preview.h"
#include "case/seeds.h"
#include "core/error.h"
#include "io/image_file.h"
#include "segment/seed.h"

#include <gio/gio.h>
#include <math.h>
#include <string.h>

// A state of the plan and the name of the edit that led to it.
typedef struct {
    HpPlan *plan;
    char *name;
} State;

// What a job leaves for the main thread: references, so that the pipeline may run again.
typedef struct {
    HpSeries *series;
    HpVolume *volume;
    HpMask *mask;
    GPtrArray *contours;
    HpMesh *mesh;
    HpNumbers numbers;
} Results;

// A run of the pipeline on a worker, with the plan as it was when it began.
typedef struct {
    HpPipeline *pipeline; // owned while the job runs, given back with it
    HpPlan *plan;
    HpStage last;
    HpTask task;
    Results results;
} Job;

struct _HpDocument {
    GObject parent_instance;
    HpPipeline *pipeline; // NULL before a case is opened, and while a job has it
    char *path;
    GArray *states; // of State; the plan is the one at `current`
    guint current;
    Job *job;          // under way, borrowed from its GTask
    int pending;       // HpGoal to pursue when the job ends; -1: none
    bool is_reopening; // the pending goal is for `path`, not for the pipeline of the job
    bool is_stale;
    Results results;
    GError *error;
    GHashTable *previews; // HpContour (a seed's points) -> HpPreview
    GPtrArray *previewed; // HpContour, of the current plan
    double band_hu[2];    // low and high, of the first seed's preview; NAN without one
};

G_DEFINE_FINAL_TYPE(HpDocument, hp_document, G_TYPE_OBJECT)

static guint changed_signal;

static void results_clear(Results *results)
{
    g_clear_pointer(&results->series, hp_series_unref);
    g_clear_pointer(&results->volume, hp_volume_unref);
    g_clear_pointer(&results->mask, hp_mask_unref);
    g_clear_pointer(&results->contours, g_ptr_array_unref);
    g_clear_pointer(&results->mesh, hp_mesh_unref);
    results->numbers = (HpNumbers){NAN, NAN, NAN, NAN, NAN, NAN, NAN, false};
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
    hp_pipeline_free(job->pipeline);
    hp_plan_free(job->plan);
    results_clear(&job->results);
    g_free(job);
}

static void emit(HpDocument *document, HpChange change)
{
    g_signal_emit(document, changed_signal, 0, (guint)change);
}

static State *current(const HpDocument *document)
{
    return &g_array_index(document->states, State, document->current);
}

// Runs on the worker: the pipeline, then references to what it made.
static void work_cb(GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
    (void)source, (void)cancellable;
    Job *job = data;
    GError *error = NULL;
    const bool is_done = hp_pipeline_run(job->pipeline, job->plan, job->last, &job->task, &error);
    Results *results = &job->results;
    results_clear(results);
    const HpSeries *series = hp_pipeline_get_series(job->pipeline);
    const HpVolume *volume = hp_pipeline_get_volume(job->pipeline);
    const HpOrgan *organ = hp_pipeline_get_organ(job->pipeline);
    const HpModel *model = hp_pipeline_get_model(job->pipeline);
    if (series != NULL)
        results->series = hp_series_ref((HpSeries *)series);
    if (volume != NULL)
        results->volume = hp_volume_ref((HpVolume *)volume);
    if (is_done && job->last == HP_STAGE_MODEL) {
        results->mask = hp_mask_ref(organ->mask);
        results->contours = g_ptr_array_ref(organ->contours);
        results->mesh = hp_mesh_ref(model->mesh);
        results->numbers =
            (HpNumbers){model->mask_ml,  model->mesh_ml, model->low_ml,  model->high_ml,
                        model->area_mm2, organ->low_hu,  organ->high_hu, organ->lower_bound};
    }
    if (is_done)
        g_task_return_boolean(task, TRUE);
    else
        g_task_return_error(task, error);
}

static void start(HpDocument *document, HpGoal goal);
static void preview(HpDocument *document);

// Seeds that came from a file learn which slice they lie on, now that there is a grid; those that
// lie on none are dropped, and the error says so.
static void place_seeds(HpDocument *document)
{
    for (guint at = 0; at < document->states->len; at++) {
        HpPlan *plan = g_array_index(document->states, State, at).plan;
        GPtrArray *placed = hp_contours_place(plan->seeds, &document->results.volume->grid,
                                              document->error == NULL ? &document->error : NULL);
        g_ptr_array_unref(plan->seeds);
        plan->seeds = placed != NULL ? placed : hp_contours_new();
    }
}

static void finished_cb(GObject *source, GAsyncResult *result, gpointer unused)
{
    (void)unused;
    HpDocument *document = HP_DOCUMENT(source);
    Job *job = g_task_get_task_data(G_TASK(result));
    g_autoptr(GError) error = NULL;
    const bool is_done = g_task_propagate_boolean(G_TASK(result), &error);
    guint change = HP_CHANGE_TASK;

    document->job = NULL;
    if (!document->is_reopening) {
        document->pipeline = g_steal_pointer(&job->pipeline);
        if (is_done) {
            if (document->results.volume != job->results.volume)
                change |= HP_CHANGE_IMAGE;
            if (job->results.mask != NULL || change & HP_CHANGE_IMAGE)
                change |= HP_CHANGE_RESULT;
            document->is_stale &= job->last < HP_STAGE_MODEL || document->pending >= 0;
            if (job->results.mask != NULL || change & HP_CHANGE_IMAGE) {
                results_clear(&document->results);
                document->results = job->results;
                job->results = (Results){0};
            }
            // A plan that came with the case shows its seeds' snakes at once.
            if (change & HP_CHANGE_IMAGE && current(document)->plan->seeds->len > 0) {
                place_seeds(document);
                preview(document);
                change |= HP_CHANGE_PLAN;
            }
        } else if (!g_error_matches(error, HP_ERROR, HP_ERROR_CANCELLED)) {
            g_clear_error(&document->error);
            document->error = g_steal_pointer(&error);
        }
    }
    document->is_reopening = false;
    const int pending = document->pending;
    document->pending = -1;
    if (pending >= 0)
        start(document, pending);
    emit(document, change);
}

static void start(HpDocument *document, HpGoal goal)
{
    if (document->pipeline == NULL)
        document->pipeline = hp_pipeline_new(document->path);
    Job *job = g_new0(Job, 1);
    job->pipeline = g_steal_pointer(&document->pipeline);
    job->plan = hp_plan_copy(current(document)->plan);
    job->last = goal == HP_GOAL_IMAGE ? HP_STAGE_LOAD : HP_STAGE_MODEL;
    hp_task_init(&job->task);
    document->job = job;
    g_autoptr(GTask) task = g_task_new(document, NULL, finished_cb, NULL);
    g_task_set_task_data(task, job, job_free);
    g_task_run_in_thread(task, work_cb);
}

HpDocument *hp_document_new(void)
{
    return g_object_new(HP_TYPE_DOCUMENT, NULL);
}

static void forget_states(HpDocument *document, HpPlan *plan)
{
    g_array_set_size(document->states, 0);
    const State state = {plan, g_strdup("")};
    g_array_append_val(document->states, state);
    document->current = 0;
}

void hp_document_open_plan(HpDocument *document, const char *path, HpPlan *plan)
{
    forget_states(document, plan);
    g_free(document->path);
    document->path = g_strdup(path);
    g_clear_pointer(&document->pipeline, hp_pipeline_free);
    results_clear(&document->results);
    g_hash_table_remove_all(document->previews);
    g_ptr_array_set_size(document->previewed, 0);
    document->band_hu[0] = document->band_hu[1] = NAN;
    g_clear_error(&document->error);
    document->is_stale = false;
    document->is_reopening = document->job != NULL;
    hp_document_pursue(document, HP_GOAL_IMAGE);
    emit(document, HP_CHANGE_IMAGE | HP_CHANGE_PLAN | HP_CHANGE_RESULT);
}

void hp_document_open(HpDocument *document, const char *path, const char *uid)
{
    HpPlan *plan = hp_plan_new();
    plan->series = g_strdup(uid);
    hp_document_open_plan(document, path, plan);
}

void hp_document_pursue(HpDocument *document, HpGoal goal)
{
    if (document->path == NULL)
        return;
    g_clear_error(&document->error);
    if (document->job != NULL) {
        document->pending = goal;
        hp_task_cancel(&document->job->task);
        return;
    }
    start(document, goal);
    emit(document, HP_CHANGE_TASK);
}

void hp_document_cancel(HpDocument *document)
{
    document->pending = -1;
    if (document->job != NULL)
        hp_task_cancel(&document->job->task);
}

bool hp_document_is_busy(const HpDocument *document)
{
    return document->job != NULL;
}

const char *hp_document_get_words(const HpDocument *document)
{
    return document->job != NULL ? hp_task_get_words(&document->job->task) : "";
}

double hp_document_get_fraction(const HpDocument *document)
{
    return document->job != NULL ? hp_task_get_fraction(&document->job->task) : 0;
}

const GError *hp_document_get_error(const HpDocument *document)
{
    return document->error;
}

void hp_document_dismiss_error(HpDocument *document)
{
    g_clear_error(&document->error);
    emit(document, HP_CHANGE_TASK);
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
    return document->results.numbers;
}

bool hp_document_is_stale(const HpDocument *document)
{
    return document->is_stale;
}

const HpPlan *hp_document_get_plan(const HpDocument *document)
{
    return current(document)->plan;
}

static guint seed_hash(gconstpointer key)
{
    const HpContour *seed = key;
    g_autoptr(GBytes) bytes = g_bytes_new_static(seed->mm, seed->count * sizeof *seed->mm);
    return g_bytes_hash(bytes) ^ (guint)seed->slice;
}

static gboolean seed_equal(gconstpointer a, gconstpointer b)
{
    const HpContour *one = a, *other = b;
    return one->plane == other->plane && one->slice == other->slice && one->count == other->count &&
           memcmp(one->mm, other->mm, one->count * sizeof *one->mm) == 0;
}

// Lets the snakes of all seeds come to rest on their slices; a few milliseconds each.
static void preview(HpDocument *document)
{
    const HpPlan *plan = current(document)->plan;
    g_ptr_array_set_size(document->previewed, 0);
    document->band_hu[0] = document->band_hu[1] = NAN;
    for (guint at = 0; at < plan->seeds->len && document->results.volume != NULL; at++) {
        const HpContour *seed = plan->seeds->pdata[at];
        HpPreview *one = g_hash_table_lookup(document->previews, seed);
        if (one == NULL) {
            one = hp_preview_new(document->results.volume, seed, NULL);
            if (one == NULL)
                continue;
            g_hash_table_insert(document->previews, hp_contour_copy(seed), one);
        }
        HpContour *contour = hp_preview_evolve(one, &plan->params, NULL);
        if (isnan(document->band_hu[0]))
            hp_preview_get_band(one, &document->band_hu[0], &document->band_hu[1]);
        if (contour != NULL)
            g_ptr_array_add(document->previewed, contour);
    }
}

// Makes `plan` (taken) the current state. An edit with the name of the last one replaces it, so that
// dragging one slider is one step.
static void push(HpDocument *document, HpPlan *plan, const char *name, bool may_join)
{
    if (may_join && document->current > 0 && g_str_equal(current(document)->name, name)) {
        hp_plan_free(current(document)->plan);
        current(document)->plan = plan;
        g_array_set_size(document->states, document->current + 1);
    } else {
        g_array_set_size(document->states, document->current + 1);
        const State state = {plan, g_strdup(name)};
        g_array_append_val(document->states, state);
        document->current++;
    }
    document->is_stale = document->results.mask != NULL;
    preview(document);
    emit(document, HP_CHANGE_PLAN);
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

void hp_document_set_value(HpDocument *document, HpParameterId id, double value)
{
    const double old = current(document)->plan->params.value[id];
    if (old == value || (isnan(old) && isnan(value)))
        return;
    HpPlan *plan = hp_plan_copy(current(document)->plan);
    if (hp_params_set(&plan->params, id, value, NULL))
        push(document, plan, hp_parameter_get(id)->label, true);
    else
        hp_plan_free(plan);
}

void hp_document_add_seed(HpDocument *document, HpContour *seed)
{
    g_autoptr(HpContour) taken = seed;
    if (document->results.volume == NULL)
        return;
    g_clear_error(&document->error);
    if (!hp_seed_check(seed, &document->results.volume->grid, &document->error)) {
        emit(document, HP_CHANGE_TASK);
        return;
    }
    HpPlan *plan = hp_plan_copy(current(document)->plan);
    for (guint at = 0; at < plan->seeds->len; at++) {
        const HpContour *other = plan->seeds->pdata[at];
        if (other->plane == seed->plane && other->slice == seed->slice)
            g_ptr_array_remove_index(plan->seeds, at--);
    }
    g_ptr_array_add(plan->seeds, g_steal_pointer(&taken));
    push(document, plan, "Seed", false);
}

void hp_document_clear_seeds(HpDocument *document)
{
    HpPlan *plan = hp_plan_copy(current(document)->plan);
    g_ptr_array_set_size(plan->seeds, 0);
    push(document, plan, "Seeds cleared", false);
}

static bool go(HpDocument *document, bool is_possible, int by)
{
    if (!is_possible)
        return false;
    document->current += by;
    document->is_stale = document->results.mask != NULL;
    preview(document);
    emit(document, HP_CHANGE_PLAN);
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

static bool has_result(const HpDocument *document, GError **error)
{
    if (document->results.mesh != NULL)
        return true;
    g_set_error_literal(error, HP_ERROR, HP_ERROR_NO_RESULT,
                        "there is no organ yet: draw a seed and take the organ first");
    return false;
}

bool hp_document_export_mesh(HpDocument *document, const char *path, double *file_ml,
                             GError **error)
{
    double ml = NAN;
    return has_result(document, error) &&
           hp_export_mesh(document->results.mesh, path, file_ml != NULL ? file_ml : &ml, NULL,
                          error);
}

bool hp_document_export_mask(HpDocument *document, const char *path, GError **error)
{
    return has_result(document, error) &&
           hp_image_file_write_mask(document->results.mask, path, NULL, error);
}

static void hp_document_finalize(GObject *object)
{
    HpDocument *document = HP_DOCUMENT(object);
    g_array_unref(document->states);
    hp_pipeline_free(document->pipeline);
    results_clear(&document->results);
    g_clear_error(&document->error);
    g_free(document->path);
    g_hash_table_unref(document->previews);
    g_ptr_array_unref(document->previewed);
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
    document->previews = g_hash_table_new_full(
        seed_hash, seed_equal, (GDestroyNotify)hp_contour_free, (GDestroyNotify)hp_preview_free);
    document->previewed = hp_contours_new();
    document->band_hu[0] = document->band_hu[1] = NAN;
    results_clear(&document->results);
    forget_states(document, hp_plan_new());
}
