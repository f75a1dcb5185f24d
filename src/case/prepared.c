// SPDX-License-Identifier: Apache-2.0
// The CT as the plan's preparation makes it, to be looked at: slices at once, the whole when it is ready.
#include "case/prepared.h"

#include "case/preparation.h"
#include "core/error.h"
#include "image/presets.h"

#include <gio/gio.h>

// Samples and the whole wait until the sliders have been still this long.
enum { QUIET_MS = 200 };

typedef enum { MAKE_SLICES, MAKE_SAMPLES, MAKE_WHOLE, MAKE_NOTHING } Work;

// A snapshot of what is to be made, and what came of it.
typedef struct {
    Work work;
    guint version;
    HpVolume *volume;
    HpPreparation *tool; // owned while the job runs, given back with it
    HpParams params;
    int slice[HP_PLANE_COUNT]; // -1: not this plane
    HpVolume *out[HP_PRESETS]; // slices by plane, samples by preset, or the whole
    HpTask task;
} Job;

typedef struct {
    HpVolume *volume; // of one slice; NULL: none
    int at;
    guint version; // of the settings it was made with
    int wanted;    // slice last asked for; -1: none
} Slice;

struct _HpPrepared {
    GObject parent_instance;
    HpDocument *document;
    HpPreparation *tool; // NULL without a volume, and while a job has it
    HpVolume *volume;
    HpParams params;
    guint version; // counts changes of `volume` and `params`
    Slice slice[HP_PLANE_COUNT];
    HpVolume *sample[HP_PRESETS];
    HpParams sample_params; // they were made with
    int sample_slice, sample_wanted;
    HpVolume *whole;
    guint whole_version;
    Job *job;    // under way, borrowed from its GTask
    guint kick;  // idle source that starts the next job; 0: none
    guint quiet; // timer that ends a flurry of changes; 0: it is quiet
    bool is_active;
    GError *error;
};

G_DEFINE_FINAL_TYPE(HpPrepared, hp_prepared, G_TYPE_OBJECT)

static guint changed_signal;

static void emit(HpPrepared *prepared, guint change)
{
    g_signal_emit(prepared, changed_signal, 0, change);
}

static bool is_same(const HpParams *a, const HpParams *b, HpParameterId first)
{
    for (int id = first; id <= HP_PARAM_DIFFUSION; id++)
        if (a->value[id] != b->value[id])
            return false;
    return true;
}

static void job_free(gpointer data)
{
    Job *job = data;
    hp_volume_unref(job->volume);
    hp_preparation_free(job->tool);
    for (int at = 0; at < HP_PRESETS; at++)
        hp_volume_unref(job->out[at]);
    g_free(job);
}

// ---- on the worker -----------------------------------------------------------------------------

static bool make_slices(Job *job, GError **error)
{
    for (int plane = 0; plane < HP_PLANE_COUNT; plane++) {
        if (job->slice[plane] < 0)
            continue;
        job->out[plane] = hp_preparation_slice(job->tool, &job->params, plane, job->slice[plane],
                                               &job->task, error);
        if (job->out[plane] == NULL)
            return false;
    }
    return true;
}

static bool make_samples(Job *job, GError **error)
{
    for (int preset = 0; preset < HP_PRESETS; preset++) {
        HpParams params = job->params;
        params.value[HP_PARAM_PRESET] = preset;
        job->out[preset] = hp_preparation_slice(job->tool, &params, HP_PLANE_AXIAL,
                                                job->slice[HP_PLANE_AXIAL], &job->task, error);
        if (job->out[preset] == NULL)
            return false;
    }
    return true;
}

static bool make_whole(Job *job, GError **error)
{
    job->out[0] = hp_prepare(job->volume, &job->params, &job->task, error);
    return job->out[0] != NULL;
}

static void work_cb(GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
    (void)source, (void)cancellable;
    static bool (*const make[])(Job *, GError **) = {make_slices, make_samples, make_whole};
    Job *job = data;
    GError *error = NULL;
    if (make[job->work](job, &error))
        g_task_return_boolean(task, TRUE);
    else
        g_task_return_error(task, error);
}

// ---- what to make next -------------------------------------------------------------------------

// Not there with the settings of now, nor to be cut from the whole.
static bool is_missing(const HpPrepared *prepared, const Slice *slice)
{
    const bool has_whole = prepared->whole != NULL && prepared->whole_version == prepared->version;
    return slice->wanted >= 0 && !has_whole &&
           (slice->volume == NULL || slice->at != slice->wanted ||
            slice->version != prepared->version);
}

static bool are_samples_stale(const HpPrepared *prepared)
{
    return prepared->sample_wanted >= 0 &&
           (prepared->sample[0] == NULL || prepared->sample_slice != prepared->sample_wanted ||
            !is_same(&prepared->params, &prepared->sample_params, HP_PARAM_PRESET + 1));
}

static Work choose(const HpPrepared *prepared, int slice[HP_PLANE_COUNT])
{
    Work work = MAKE_NOTHING;
    if (!prepared->is_active || prepared->tool == NULL || prepared->error != NULL)
        return MAKE_NOTHING;
    const bool is_on = hp_prepared_is_on(prepared);
    // One plane at a time, the axial one first: under a slider that is dragged it always follows.
    for (int plane = 0; plane < HP_PLANE_COUNT; plane++) {
        const bool is_due = work == MAKE_NOTHING && is_on &&
                            is_missing(prepared, &prepared->slice[plane]) &&
                            hp_preparation_is_quick(prepared->volume, &prepared->params, plane);
        slice[plane] = is_due ? prepared->slice[plane].wanted : -1;
        work = is_due ? MAKE_SLICES : work;
    }
    if (work != MAKE_NOTHING || prepared->quiet != 0)
        return work;
    if (are_samples_stale(prepared)) {
        slice[HP_PLANE_AXIAL] = prepared->sample_wanted;
        return MAKE_SAMPLES;
    }
    return is_on && (prepared->whole == NULL || prepared->whole_version != prepared->version)
               ? MAKE_WHOLE
               : MAKE_NOTHING;
}

static void kick(HpPrepared *prepared);

static void take(HpPrepared *prepared, Job *job)
{
    guint change = HP_PREPARED_WORK;
    if (job->work == MAKE_SAMPLES) {
        for (int preset = 0; preset < HP_PRESETS; preset++) {
            hp_volume_unref(prepared->sample[preset]);
            prepared->sample[preset] = g_steal_pointer(&job->out[preset]);
        }
        prepared->sample_params = job->params;
        prepared->sample_slice = job->slice[HP_PLANE_AXIAL];
        change |= HP_PREPARED_SAMPLES;
    } else if (job->work == MAKE_WHOLE) {
        hp_volume_unref(prepared->whole);
        prepared->whole = g_steal_pointer(&job->out[0]);
        prepared->whole_version = job->version;
        change |= HP_PREPARED_SLICES;
    }
    for (int plane = 0; job->work == MAKE_SLICES && plane < HP_PLANE_COUNT; plane++) {
        Slice *slice = &prepared->slice[plane];
        if (job->out[plane] == NULL)
            continue;
        hp_volume_unref(slice->volume);
        slice->volume = g_steal_pointer(&job->out[plane]);
        slice->at = job->slice[plane];
        slice->version = job->version;
        change |= HP_PREPARED_SLICES;
    }
    emit(prepared, change);
}

static void finished_cb(GObject *source, GAsyncResult *result, gpointer unused)
{
    (void)unused;
    HpPrepared *prepared = HP_PREPARED(source);
    Job *job = g_task_get_task_data(G_TASK(result));
    g_autoptr(GError) error = NULL;
    const bool is_done = g_task_propagate_boolean(G_TASK(result), &error);
    prepared->job = NULL;
    // Of another volume, or nobody looks any more.
    if (job->volume != prepared->volume || !prepared->is_active)
        return kick(prepared);
    prepared->tool = g_steal_pointer(&job->tool);
    if (is_done) {
        take(prepared, job);
    } else if (!g_error_matches(error, HP_ERROR, HP_ERROR_CANCELLED)) {
        g_clear_error(&prepared->error);
        prepared->error = g_steal_pointer(&error);
        emit(prepared, HP_PREPARED_WORK);
        return; // until something changes: it would only fail again
    }
    kick(prepared);
}

static void make_tool(HpPrepared *prepared)
{
    if (prepared->tool == NULL && prepared->volume != NULL && prepared->job == NULL)
        prepared->tool = hp_preparation_new(prepared->volume);
}

static gboolean start_cb(gpointer data)
{
    HpPrepared *prepared = data;
    int slice[HP_PLANE_COUNT] = {-1, -1, -1};
    prepared->kick = 0;
    make_tool(prepared);
    const Work work = prepared->job == NULL ? choose(prepared, slice) : MAKE_NOTHING;
    if (work == MAKE_NOTHING)
        return G_SOURCE_REMOVE;
    Job *job = g_new0(Job, 1);
    *job = (Job){.work = work,
                 .version = prepared->version,
                 .volume = hp_volume_ref(prepared->volume),
                 .tool = g_steal_pointer(&prepared->tool),
                 .params = prepared->params,
                 .slice = {slice[0], slice[1], slice[2]}};
    hp_task_init(&job->task);
    prepared->job = job;
    g_autoptr(GTask) task = g_task_new(prepared, NULL, finished_cb, NULL);
    g_task_set_task_data(task, job, job_free);
    g_task_run_in_thread(task, work_cb);
    emit(prepared, HP_PREPARED_WORK);
    return G_SOURCE_REMOVE;
}

// In an idle moment, so that all panes have asked before the first job begins.
static void kick(HpPrepared *prepared)
{
    if (prepared->kick == 0 && prepared->is_active)
        prepared->kick = g_idle_add(start_cb, prepared);
}

static gboolean quiet_cb(gpointer data)
{
    HpPrepared *prepared = data;
    prepared->quiet = 0;
    kick(prepared);
    return G_SOURCE_REMOVE;
}

static void begin_flurry(HpPrepared *prepared)
{
    g_clear_handle_id(&prepared->quiet, g_source_remove);
    prepared->quiet = g_timeout_add(QUIET_MS, quiet_cb, prepared);
    g_clear_error(&prepared->error);
    // Slices go on, so that a slider that is dragged shows something; what takes long does not.
    Job *job = prepared->job;
    if (job != NULL && (job->work != MAKE_SLICES || job->params.value[HP_PARAM_DIFFUSION] > 0))
        hp_task_cancel(&job->task);
    kick(prepared);
}

// ---- calls -------------------------------------------------------------------------------------

static void forget(HpPrepared *prepared)
{
    g_clear_pointer(&prepared->whole, hp_volume_unref);
    for (int plane = 0; plane < HP_PLANE_COUNT; plane++) {
        g_clear_pointer(&prepared->slice[plane].volume, hp_volume_unref);
        prepared->slice[plane].wanted = -1;
    }
    for (int preset = 0; preset < HP_PRESETS; preset++)
        g_clear_pointer(&prepared->sample[preset], hp_volume_unref);
    prepared->sample_slice = prepared->sample_wanted = -1;
    g_clear_pointer(&prepared->tool, hp_preparation_free);
    g_clear_error(&prepared->error);
    if (prepared->job != NULL)
        hp_task_cancel(&prepared->job->task);
}

// Takes over what the document has now; true if that is something new.
static bool follow(HpPrepared *prepared)
{
    HpVolume *volume = hp_document_get_volume(prepared->document);
    const HpParams *params = &hp_document_get_plan(prepared->document)->params;
    const bool is_other = volume != prepared->volume;
    if (!is_other && is_same(params, &prepared->params, HP_PARAM_PRESET))
        return false;
    if (is_other) {
        forget(prepared);
        hp_volume_unref(prepared->volume);
        prepared->volume = volume != NULL ? hp_volume_ref(volume) : NULL;
    }
    prepared->params = *params;
    prepared->version++;
    return true;
}

static void document_cb(HpPrepared *prepared, guint change)
{
    if (!(change & (HP_CHANGE_IMAGE | HP_CHANGE_PLAN)) || !prepared->is_active || !follow(prepared))
        return;
    begin_flurry(prepared);
    emit(prepared, HP_PREPARED_SLICES | HP_PREPARED_SAMPLES | HP_PREPARED_WORK);
}

HpPrepared *hp_prepared_new(HpDocument *document)
{
    HpPrepared *prepared = g_object_new(HP_TYPE_PREPARED, NULL);
    prepared->document = g_object_ref(document);
    g_signal_connect_object(document, "changed", G_CALLBACK(document_cb), prepared,
                            G_CONNECT_SWAPPED);
    return prepared;
}

void hp_prepared_set_active(HpPrepared *prepared, bool is_active)
{
    if (is_active == prepared->is_active)
        return;
    prepared->is_active = is_active;
    if (is_active) {
        follow(prepared);
        kick(prepared);
        return;
    }
    forget(prepared);
    g_clear_handle_id(&prepared->quiet, g_source_remove);
    g_clear_handle_id(&prepared->kick, g_source_remove);
}

const HpVolume *hp_prepared_get_slice(HpPrepared *prepared, HpPlane plane, int at)
{
    Slice *slice = &prepared->slice[plane];
    slice->wanted = at;
    if (!hp_prepared_is_on(prepared))
        return NULL;
    if (is_missing(prepared, slice))
        kick(prepared);
    else if (slice->volume == NULL || slice->at != at || slice->version != prepared->version) {
        hp_volume_unref(slice->volume);
        slice->volume = hp_preparation_cut(prepared->whole, plane, at, NULL);
        slice->at = at;
        slice->version = prepared->version;
    }
    return slice->at == at ? slice->volume : NULL;
}

void hp_prepared_want_samples(HpPrepared *prepared, int slice)
{
    prepared->sample_wanted = slice;
    if (!are_samples_stale(prepared))
        return;
    if (prepared->sample[0] != NULL) // the first ones come at once
        begin_flurry(prepared);
    kick(prepared);
}

HpVolume *hp_prepared_get_sample(const HpPrepared *prepared, int preset)
{
    return prepared->sample[preset];
}

int hp_prepared_get_sample_slice(const HpPrepared *prepared)
{
    return prepared->sample_slice;
}

bool hp_prepared_is_on(const HpPrepared *prepared)
{
    return prepared->volume != NULL && !hp_prepare_is_nothing(&prepared->params);
}

bool hp_prepared_is_busy(const HpPrepared *prepared)
{
    if (!hp_prepared_is_on(prepared) || prepared->error != NULL)
        return false;
    for (int plane = 0; plane < HP_PLANE_COUNT; plane++)
        if (is_missing(prepared, &prepared->slice[plane]))
            return true;
    return false;
}

const GError *hp_prepared_get_error(const HpPrepared *prepared)
{
    return prepared->error;
}

static void hp_prepared_finalize(GObject *object)
{
    HpPrepared *prepared = HP_PREPARED(object);
    hp_prepared_set_active(prepared, false);
    hp_volume_unref(prepared->volume);
    g_clear_object(&prepared->document);
    G_OBJECT_CLASS(hp_prepared_parent_class)->finalize(object);
}

static void hp_prepared_class_init(HpPreparedClass *klass)
{
    G_OBJECT_CLASS(klass)->finalize = hp_prepared_finalize;
    changed_signal = g_signal_new("changed", HP_TYPE_PREPARED, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                  NULL, G_TYPE_NONE, 1, G_TYPE_UINT);
}

static void hp_prepared_init(HpPrepared *prepared)
{
    prepared->sample_slice = prepared->sample_wanted = -1;
    prepared->params = hp_params_default();
    for (int plane = 0; plane < HP_PLANE_COUNT; plane++)
        prepared->slice[plane].wanted = -1;
}
