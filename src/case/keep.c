// SPDX-License-Identifier: Apache-2.0
// Where a document is kept: its case file, or one among the unsaved cases.
#include "case/checksum.h"
#include "case/document_inside.h"
#include "case/unsaved.h"
#include "core/error.h"

#include <glib/gi18n.h>
#include <string.h>

#define RETRY_S 3 // after a write that failed

static State *state_at(const HpDocument *document, guint at)
{
    return &g_array_index(document->states, State, at);
}

static HpStoreFacts describe_facts(const HpDocument *document)
{
    const Results *results = &document->results;
    HpStoreFacts facts = hp_store_facts_copy(&document->opened);
    g_free(facts.version);
    facts.version = g_strdup(HP_VERSION);
    if (document->path != NULL) {
        g_free(facts.path);
        facts.path = g_canonicalize_filename(document->path, NULL);
    }
    if (results->series != NULL) {
        g_free(facts.series);
        facts.series = g_strdup(results->series->uid);
    }
    if (document->checksum != NULL) {
        g_free(facts.checksum);
        facts.checksum = g_strdup(document->checksum);
    }
    if (results->volume != NULL) {
        facts.grid = results->volume->grid;
        facts.has_grid = true;
    }
    return facts;
}

static HpStoreContents *describe_all(const HpDocument *document)
{
    HpStoreContents *contents = hp_store_contents_new();
    contents->facts = describe_facts(document);
    for (guint at = 0; at < document->states->len; at++) {
        const State *state = state_at(document, at);
        g_autofree char *text = hp_plan_dup_text(state->plan);
        HpStoreStep *step = hp_store_step_new(state->id, state->name, text);
        step->ml = state->ml;
        g_ptr_array_add(contents->steps, step);
    }
    contents->current = (int)document->current;
    // A result that waits for its job is one, too.
    const HpStoreResult *result =
        document->results.stored != NULL ? document->results.stored : document->restored;
    contents->result = result != NULL ? hp_store_result_copy(result) : NULL;
    return contents;
}

static gboolean retry_cb(gpointer data)
{
    HpDocument *document = data;
    document->retry = 0;
    hp_keeper_put_all(document->keeper, describe_all(document));
    return G_SOURCE_REMOVE;
}

static void told_cb(HpKeeper *keeper, gpointer data)
{
    HpDocument *document = data;
    g_autoptr(GError) error = hp_keeper_dup_error(keeper);
    if (error != NULL && document->retry == 0)
        document->retry = g_timeout_add_seconds(RETRY_S, retry_cb, document);
    guint change = HP_CHANGE_CASE;
    const bool has_failed = error != NULL;
    if (has_failed && !document->has_failed && document->error == NULL) {
        document->error = g_steal_pointer(&error);
        change |= HP_CHANGE_TASK;
    }
    document->has_failed = has_failed;
    hp_document_emit(document, change);
}

// --- the checksum of the images

typedef struct {
    GWeakRef document;
    HpVolume *volume;
    HpTask task;
} Hashing;

static void hashing_free(gpointer data)
{
    Hashing *hashing = data;
    g_weak_ref_clear(&hashing->document);
    hp_volume_unref(hashing->volume);
    g_free(hashing);
}

static void hash_cb(GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
    (void)source, (void)cancellable;
    Hashing *hashing = data;
    GError *error = NULL;
    char *checksum = hp_volume_checksum(hashing->volume, &hashing->task, &error);
    if (checksum != NULL)
        g_task_return_pointer(task, checksum, g_free);
    else
        g_task_return_error(task, error);
}

static void distrust_images(HpDocument *document)
{
    // What was found on other images is nothing the pipeline may build on.
    g_clear_pointer(&document->pipeline, hp_pipeline_free);
    document->is_stale = document->results.mask != NULL;
    hp_document_refuse(document,
                       g_error_new(HP_ERROR, HP_ERROR_GRID_MISMATCH,
                                   _("%s: these are not the images that the case was made "
                                     "with: seeds and mask may not fit them"),
                                   document->path));
    hp_document_emit(document, HP_CHANGE_RESULT);
}

static void hashed_cb(GObject *source, GAsyncResult *result, gpointer unused)
{
    (void)source, (void)unused;
    Hashing *hashing = g_task_get_task_data(G_TASK(result));
    g_autoptr(HpDocument) document = g_weak_ref_get(&hashing->document);
    g_autofree char *checksum = g_task_propagate_pointer(G_TASK(result), NULL);
    if (document != NULL && document->hashing == &hashing->task)
        document->hashing = NULL;
    if (document == NULL || checksum == NULL || document->results.volume != hashing->volume)
        return;
    const char *was = document->opened.checksum;
    if (was != NULL && strcmp(was, checksum) != 0) {
        distrust_images(document);
        return;
    }
    g_free(document->checksum);
    document->checksum = g_steal_pointer(&checksum);
    if (document->keeper != NULL) {
        g_auto(HpStoreFacts) facts = describe_facts(document);
        hp_keeper_put_facts(document->keeper, &facts);
    }
}

static void stop_hashing(HpDocument *document)
{
    if (document->hashing != NULL)
        hp_task_cancel(document->hashing);
    document->hashing = NULL;
}

static void start_hashing(HpDocument *document)
{
    if (document->results.volume == NULL || document->checksum != NULL)
        return;
    stop_hashing(document);
    Hashing *hashing = g_new0(Hashing, 1);
    g_weak_ref_init(&hashing->document, document);
    hashing->volume = hp_volume_ref(document->results.volume);
    hp_task_init(&hashing->task);
    document->hashing = &hashing->task;
    g_autoptr(GTask) task = g_task_new(NULL, NULL, hashed_cb, NULL);
    g_task_set_task_data(task, hashing, hashing_free);
    g_task_run_in_thread(task, hash_cb);
}

// --- what the document tells

// Begins a case among the unsaved ones with all that there is.
static void begin_apart(HpDocument *document)
{
    GError *error = NULL;
    g_autofree char *path = hp_unsaved_new_path(&error);
    if (path == NULL) {
        if (document->error == NULL)
            document->error = error;
        else
            g_error_free(error);
        return;
    }
    document->keeper = hp_keeper_new(NULL, path, told_cb, document);
    hp_keeper_put_all(document->keeper, describe_all(document));
    start_hashing(document);
}

void hp_keep_state(HpDocument *document)
{
    const State *state = state_at(document, document->current);
    if (document->path == NULL && document->lost == NULL) // there is no case
        return;
    if (document->keeper == NULL)
        begin_apart(document);
    else
        hp_keeper_put_step(document->keeper, state->id, state->name, state->plan);
    hp_document_emit(document, HP_CHANGE_CASE);
}

void hp_keep_shown(HpDocument *document)
{
    if (document->keeper != NULL)
        hp_keeper_show_step(document->keeper, state_at(document, document->current)->id);
}

void hp_keep_ml(HpDocument *document)
{
    const State *state = state_at(document, document->current);
    if (document->keeper != NULL)
        hp_keeper_put_ml(document->keeper, state->id, state->ml);
}

void hp_keep_result(HpDocument *document)
{
    const HpStoreResult *stored = document->results.stored;
    if (document->keeper != NULL)
        hp_keeper_put_result(document->keeper,
                             stored != NULL ? hp_store_result_copy(stored) : NULL);
    else if (stored != NULL)
        begin_apart(document);
}

void hp_keep_image(HpDocument *document)
{
    const char *was = document->opened.series, *is = document->results.series->uid;
    g_clear_pointer(&document->checksum, g_free);
    if (was != NULL && strcmp(was, is) != 0) {
        // The person chose another series, or another came of itself, which they did not ask for.
        if (state_at(document, document->current)->plan->series == NULL)
            distrust_images(document);
        else
            hp_store_facts_clear(&document->opened);
    }
    if (document->keeper != NULL)
        start_hashing(document);
}

void hp_keep_end(HpDocument *document)
{
    stop_hashing(document);
    g_clear_handle_id(&document->retry, g_source_remove);
    document->has_failed = false;
    g_clear_pointer(&document->keeper, hp_keeper_free);
    g_clear_pointer(&document->case_path, g_free);
    g_clear_pointer(&document->checksum, g_free);
    hp_store_facts_clear(&document->opened);
    g_clear_pointer(&document->lost, g_ptr_array_unref);
    g_clear_pointer(&document->restored, hp_store_result_free);
}

// --- saving

HpSaved hp_document_get_saved(const HpDocument *document)
{
    if (document->keeper == NULL)
        return HP_SAVED_NOTHING;
    g_autoptr(GError) error = hp_keeper_dup_error(document->keeper);
    if (error != NULL)
        return HP_SAVED_FAILED;
    if (!hp_keeper_is_settled(document->keeper))
        return HP_SAVED_WRITING;
    return document->case_path != NULL ? HP_SAVED_ALL : HP_SAVED_APART;
}

const char *hp_document_get_saved_words(const HpDocument *document)
{
    static const char *const words[] = {
        [HP_SAVED_NOTHING] = N_("Nothing to save yet"),
        [HP_SAVED_WRITING] = N_("Saving"),
        [HP_SAVED_APART] = N_("Not saved yet; kept in case the program ends"),
        [HP_SAVED_ALL] = N_("All changes saved"),
        [HP_SAVED_FAILED] = N_("The last changes could not be saved"),
    };
    return words[hp_document_get_saved(document)];
}

bool hp_document_is_saved(const HpDocument *document)
{
    const HpSaved saved = hp_document_get_saved(document);
    return saved == HP_SAVED_ALL || saved == HP_SAVED_NOTHING;
}

const char *hp_document_get_case_path(const HpDocument *document)
{
    return document->case_path;
}

bool hp_document_save_as(HpDocument *document, const char *path, GError **error)
{
    if (document->path == NULL && document->lost == NULL) {
        g_set_error_literal(error, HP_ERROR, HP_ERROR_NO_RESULT, _("there is no case to save yet"));
        return false;
    }
    if (document->keeper == NULL) {
        begin_apart(document);
        if (document->keeper == NULL) {
            g_set_error(error, HP_ERROR, HP_ERROR_IO, _("%s: cannot be prepared: %s"), path,
                        document->error->message);
            return false;
        }
    }
    g_autoptr(GError) failed = hp_keeper_dup_error(document->keeper);
    if (failed != NULL)
        hp_keeper_put_all(document->keeper, describe_all(document));
    if (!hp_keeper_move(document->keeper, path, document->case_path == NULL, error))
        return false;
    g_free(document->case_path);
    document->case_path = g_strdup(hp_keeper_get_path(document->keeper));
    hp_document_emit(document, HP_CHANGE_CASE);
    return true;
}

void hp_document_discard(HpDocument *document)
{
    if (document->keeper == NULL || document->case_path != NULL)
        return;
    g_autofree char *path = g_strdup(hp_keeper_get_path(document->keeper));
    g_autoptr(GError) error = NULL;
    g_clear_handle_id(&document->retry, g_source_remove);
    g_clear_pointer(&document->keeper, hp_keeper_free);
    if (!hp_unsaved_remove(path, &error))
        hp_document_refuse(document, g_steal_pointer(&error));
    hp_document_emit(document, HP_CHANGE_CASE);
}

// --- opening

struct Opening {
    GWeakRef document;
    char *path;
    HpTask task;
    HpStore *store;
    HpStoreContents *contents;
    GPtrArray *plans; // HpPlan *, of the steps
};

HpTask *hp_opening_get_task(Opening *opening)
{
    return &opening->task;
}

static void opening_free(gpointer data)
{
    Opening *opening = data;
    g_weak_ref_clear(&opening->document);
    g_free(opening->path);
    hp_store_free(opening->store);
    hp_store_contents_free(opening->contents);
    g_ptr_array_unref(opening->plans);
    g_free(opening);
}

// The plans of the steps; a step whose text is no plan goes, and is told.
static bool read_plans(Opening *opening, GError **error)
{
    HpStoreContents *contents = opening->contents;
    for (guint at = 0; at < contents->steps->len;) {
        const HpStoreStep *step = contents->steps->pdata[at];
        g_autoptr(GError) local = NULL;
        g_autoptr(HpPlan) plan = hp_plan_new();
        if (!hp_task_step(&opening->task, (double)at / contents->steps->len, error))
            return false;
        if (hp_plan_read_text(plan, step->text, &local)) {
            g_ptr_array_add(opening->plans, g_steal_pointer(&plan));
            at++;
            continue;
        }
        g_ptr_array_add(contents->lost,
                        g_strdup_printf("step %d: %s", (int)step->id, local->message));
        g_ptr_array_remove_index(contents->steps, at);
        contents->current -= contents->current > 0 && contents->current >= (int)at;
    }
    return true;
}

static void open_cb(GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
    (void)source, (void)cancellable;
    Opening *opening = data;
    GError *error = NULL;
    hp_task_stage(&opening->task, "Opening", 0, 1);
    opening->store = hp_store_open(opening->path, &error);
    if (opening->store == NULL) {
        g_task_return_error(task, error);
        return;
    }
    opening->contents = hp_store_read(opening->store);
    if (!read_plans(opening, &error)) {
        g_task_return_error(task, error);
        return;
    }
    if (opening->contents->steps->len == 0 && opening->contents->result == NULL &&
        opening->contents->facts.path == NULL)
        g_task_return_new_error(task, HP_ERROR, HP_ERROR_BAD_FILE,
                                "%s: is damaged: nothing in it can be read", opening->path);
    else
        g_task_return_boolean(task, TRUE);
}

// Where the images are now: beside a case that was moved together with them, too.
static char *find_images(const Opening *opening)
{
    const char *path = opening->contents->facts.path;
    if (path == NULL || g_file_test(path, G_FILE_TEST_EXISTS))
        return g_strdup(path);
    g_autofree char *folder = g_path_get_dirname(opening->path);
    g_autofree char *name = g_path_get_basename(path);
    g_autofree char *beside = g_build_filename(folder, name, NULL);
    return g_strdup(g_file_test(beside, G_FILE_TEST_EXISTS) ? beside : path);
}

static void take_steps(HpDocument *document, Opening *opening)
{
    const HpStoreContents *contents = opening->contents;
    if (contents->steps->len == 0)
        return;
    g_array_set_size(document->states, 0);
    for (guint at = 0; at < contents->steps->len; at++) {
        const HpStoreStep *step = contents->steps->pdata[at];
        const State state = {hp_plan_copy(opening->plans->pdata[at]), g_strdup(step->name), 0,
                             step->ml, step->id};
        g_array_append_val(document->states, state);
    }
    document->current = (guint)contents->current;
}

// Why a case is not written where it was opened; NULL: it is.
static GError *find_reason(const Opening *opening)
{
    const GPtrArray *lost = opening->contents->lost;
    if (lost->len > 0) {
        g_autoptr(GString) list = g_string_new(lost->pdata[0]);
        for (guint at = 1; at < lost->len; at++)
            g_string_append_printf(list, ", %s", (char *)lost->pdata[at]);
        return g_error_new(
            HP_ERROR, HP_ERROR_BAD_FILE,
            _("%s: parts could not be read: %s; the rest is kept apart until you save "
              "it"),
            opening->path, list->str);
    }
    if (hp_store_is_read_only(opening->store))
        return g_error_new(
            HP_ERROR, HP_ERROR_IO,
            _("%s: lies where it cannot be written; changes are kept apart until you "
              "save the case elsewhere"),
            opening->path);
    return NULL;
}

static void take_case(HpDocument *document, Opening *opening)
{
    HpStoreContents *contents = opening->contents;
    GError *reason = find_reason(opening);
    g_autofree char *images = find_images(opening);
    hp_document_reset(document, images, hp_plan_new());
    take_steps(document, opening);
    document->opened = hp_store_facts_copy(&contents->facts);
    document->lost = g_ptr_array_ref(contents->lost);
    document->restored = g_steal_pointer(&contents->result);
    if (reason != NULL) {
        begin_apart(document);
    } else {
        if (!hp_unsaved_contains(opening->path))
            document->case_path = g_canonicalize_filename(opening->path, NULL);
        document->keeper = hp_keeper_new(g_steal_pointer(&opening->store), NULL, told_cb, document);
    }
    if (document->job == NULL)
        hp_document_start(document, HP_GOAL_IMAGE, false);
    else
        hp_document_pursue(document, HP_GOAL_IMAGE); // after the job of the case before
    if (reason != NULL && document->error == NULL)
        document->error = reason;
    else
        g_clear_error(&reason);
}

static void opened_cb(GObject *source, GAsyncResult *result, gpointer unused)
{
    (void)source, (void)unused;
    Opening *opening = g_task_get_task_data(G_TASK(result));
    g_autoptr(HpDocument) document = g_weak_ref_get(&opening->document);
    if (document == NULL)
        return;
    g_autoptr(GError) error = NULL;
    const bool is_newest = document->opening == opening;
    if (is_newest)
        document->opening = NULL;
    if (g_task_propagate_boolean(G_TASK(result), &error) && is_newest) {
        take_case(document, opening);
        hp_document_emit(document, HP_CHANGE_IMAGE | HP_CHANGE_PLAN | HP_CHANGE_RESULT |
                                       HP_CHANGE_CASE | HP_CHANGE_TASK);
    } else if (is_newest && !g_error_matches(error, HP_ERROR, HP_ERROR_CANCELLED)) {
        hp_document_refuse(document, g_steal_pointer(&error));
    } else {
        hp_document_emit(document, HP_CHANGE_TASK);
    }
}

void hp_document_open_case(HpDocument *document, const char *path)
{
    if (document->opening != NULL)
        hp_task_cancel(&document->opening->task);
    Opening *opening = g_new0(Opening, 1);
    g_weak_ref_init(&opening->document, document);
    opening->path = g_strdup(path);
    opening->plans = g_ptr_array_new_with_free_func((GDestroyNotify)hp_plan_free);
    hp_task_init(&opening->task);
    document->opening = opening;
    g_autoptr(GTask) task = g_task_new(NULL, NULL, opened_cb, NULL);
    g_task_set_task_data(task, opening, opening_free);
    g_task_run_in_thread(task, open_cb);
    hp_document_emit(document, HP_CHANGE_TASK);
}

const GPtrArray *hp_document_get_lost(const HpDocument *document)
{
    return document->lost;
}

void hp_document_set_images(HpDocument *document, const char *path)
{
    if (document->path == NULL && document->lost == NULL) {
        hp_document_open(document, path, NULL);
        return;
    }
    // What is shown came from the file or is kept there: it goes with the new images as it would with
    // the old ones.
    if (document->results.stored != NULL && document->restored == NULL)
        document->restored = hp_store_result_copy(document->results.stored);
    g_autofree char *taken = g_strdup(path);
    g_free(document->path);
    document->path = g_steal_pointer(&taken);
    g_clear_pointer(&document->pipeline, hp_pipeline_free);
    document->is_reopening = document->job != NULL;
    if (document->keeper != NULL) {
        g_auto(HpStoreFacts) facts = describe_facts(document);
        hp_keeper_put_facts(document->keeper, &facts);
    }
    hp_document_pursue(document, HP_GOAL_IMAGE);
}
