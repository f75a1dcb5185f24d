// SPDX-License-Identifier: Apache-2.0
// One case as a person works on it: the plan they edit, the results that follow from it, one job.
//
// The plan (parameters, seeds, trims, series) is all a person decides; every result is a function of
// it, so undo is an older plan. All calls are the main thread's. Work runs on one worker; a newer request
// replaces an older one, and its results appear all at once with the signal "changed". The edits are
// in edit.c.
#pragma once

#include "case/plan.h"
#include "case/preview.h"
#include "core/mask.h"
#include "core/mesh.h"
#include "core/volume.h"
#include "io/series.h"

#include <glib-object.h>
#include <json-glib/json-glib.h>

G_BEGIN_DECLS

#define HP_TYPE_DOCUMENT (hp_document_get_type())
G_DECLARE_FINAL_TYPE(HpDocument, hp_document, HP, DOCUMENT, GObject)

// What a "changed" signal is about (its one argument, guint flags).
typedef enum {
    HP_CHANGE_IMAGE = 1 << 0, // another series: volume and everything after it
    HP_CHANGE_PLAN = 1 << 1,
    HP_CHANGE_RESULT = 1 << 2,  // mask, contours, mesh, numbers
    HP_CHANGE_TASK = 1 << 3,    // a job began or ended
    HP_CHANGE_PREVIEW = 1 << 4, // the snakes alone moved, step by step
    HP_CHANGE_CASE = 1 << 5,    // where the case is kept, or whether all of it is
    HP_CHANGE_SKETCH = 1 << 6,  // a newer sketch
    HP_CHANGE_SURFACE = 1 << 7, // beside RESULT: of the results only surface and numbers are new
} HpChange;

typedef enum {
    HP_GOAL_IMAGE,  // the series is loaded
    HP_GOAL_ORGAN,  // its organ found, its surface and numbers made
    HP_GOAL_SKETCH, // a coarse surface of it, silently, while a slider is dragged
    HP_GOAL_MODEL, // surface and numbers of the organ there is; the document pursues this by itself
} HpGoal;

// The numbers beside the pictures; NAN where there is none. While a trim plane moves, `mesh_ml` is what it
// keeps at every moment; but for `whole_ml` the other numbers follow once it rests.
typedef struct {
    double mask_ml, mesh_ml, low_ml, high_ml;
    double whole_ml; // of the organ before trim planes cut it
    double area_mm2;
    double file_ml;         // of the mesh file written last, parsed again
    double low_hu, high_hu; // the band the organ was found with
    bool lower_bound;       // the organ touches the first or last slice
} HpNumbers;

HpDocument *hp_document_new(void);

// Drops the case and loads the series `uid` (NULL: the largest) of the input at `path`.
void hp_document_open(HpDocument *document, const char *path, const char *uid);
// The same with a plan to begin with (taken), which names the series.
void hp_document_open_plan(HpDocument *document, const char *path, HpPlan *plan);

// Finds the series of the input at `path`, headers only, on a worker of its own; the case stays as it
// is. hp_document_cancel() ends it, a newer call replaces it. What is found is remembered, so that
// opening that input does not read the headers again. `found_cb` gets HpSeries, the one with most
// slices first (take a reference to keep them), or NULL and an error as hp_input_find's.
typedef void (*HpFoundCb)(HpDocument *document, GPtrArray *found, const GError *error,
                          gpointer data);
void hp_document_list_series(HpDocument *document, const char *path, HpFoundCb found_cb,
                             gpointer data);
// The series of the input that is open, as above; NULL before it has loaded. Borrowed.
GPtrArray *hp_document_get_found(const HpDocument *document);
// Takes another series of the input that is open: an undoable step without seeds and trim planes, which
// belong to one series. Its image loads.
void hp_document_choose_series(HpDocument *document, const char *uid);

// Brings the results up to `goal`; a job under way for an older plan is cancelled.
void hp_document_pursue(HpDocument *document, HpGoal goal);
void hp_document_cancel(HpDocument *document);

// The job under way: whether there is one, its words and fraction, for a timer that polls.
bool hp_document_is_busy(const HpDocument *document);
const char *hp_document_get_words(const HpDocument *document);
double hp_document_get_fraction(const HpDocument *document);
// Why the last job failed; NULL if it did not. Borrowed.
const GError *hp_document_get_error(const HpDocument *document);
void hp_document_dismiss_error(HpDocument *document);
// Shows why an edit was refused; takes `error`, NULL clears the old one without a signal.
void hp_document_refuse(HpDocument *document, GError *error);

// Results: borrowed, read-only, NULL where there is none. `is_stale`: the plan has changed since, or they are
// a draft. Where only the "model" part of the plan or its trim planes changed, the surface follows by
// itself: drafts of it while the change goes on, the whole once it rests; the organ is not sought again.
HpSeries *hp_document_get_series(const HpDocument *document);
HpVolume *hp_document_get_volume(const HpDocument *document);
HpMask *hp_document_get_mask(const HpDocument *document);
GPtrArray *hp_document_get_contours(const HpDocument *document);
// The snakes of the plan's seeds on their own slices, as the parameters are now; from the widened
// seeds, as in the method.
GPtrArray *hp_document_get_previews(const HpDocument *document);
HpMesh *hp_document_get_mesh(const HpDocument *document);
// What the sliders make of the organ, roughly, for as long as the mesh is stale or there is none; NULL
// before HP_GOAL_SKETCH was reached. To pursue that at every move is right: one job follows the other
// without a cancel, each for the newest plan.
HpMesh *hp_document_get_sketch(const HpDocument *document);
HpNumbers hp_document_get_numbers(const HpDocument *document);
bool hp_document_is_stale(const HpDocument *document);
// Stale, but in nothing that does not follow by itself.
bool hp_document_is_following(const HpDocument *document);

// The plan; borrowed.
const HpPlan *hp_document_get_plan(const HpDocument *document);
// What stands for a parameter that is taken from the data: what the last organ used, else what the
// first seed's preview did, else the range's end.
double hp_document_get_automatic(const HpDocument *document, HpParameterId id);

// Makes `plan` (taken) the current one: an undoable step called `name`, in English and marked for
// translation. A step with the `joint` of the one before, if that is not 0, replaces it, so that
// dragging one thing is one step; hp_document_seal() ends such a drag.
void hp_document_push(HpDocument *document, HpPlan *plan, const char *name, guint joint);
void hp_document_seal(HpDocument *document);

void hp_document_set_value(HpDocument *document, HpParameterId id, double value);

// Each takes `seed`, which replaces an older one of its slice and plane. One that hp_seed_check refuses
// changes nothing, and hp_document_get_error says why. Seeds and trim planes are counted from 0 as in
// the plan; replacing and moving the same one again joins into one step.
void hp_document_add_seed(HpDocument *document, HpContour *seed);
void hp_document_replace_seed(HpDocument *document, guint index, HpContour *seed);
// The same for a seed that is dragged, and need not be there yet: the drag is one step, from the first
// call to hp_document_seal.
void hp_document_shape_seed(HpDocument *document, HpContour *seed);
void hp_document_remove_seed(HpDocument *document, guint index);
void hp_document_clear_seeds(HpDocument *document);

// Takes `stroke`, on a slice of the volume; one that hp_stroke_place refuses changes nothing, and
// hp_document_get_error says why. Cleared are the strokes of one kind, for HP_STROKE_KIND_COUNT all.
void hp_document_add_stroke(HpDocument *document, HpStroke *stroke);
void hp_document_clear_strokes(HpDocument *document, HpStrokeKind kind);

// The snakes of the previews, watched: back at their starts, some steps on (from there if they were not
// watched yet; whether one still moves), at rest. Any edit puts them at rest. The evolution is that of all
// seeds together: most steps, largest change.
void hp_document_restart_evolution(HpDocument *document);
bool hp_document_step_evolution(HpDocument *document, int steps);
void hp_document_finish_evolution(HpDocument *document);
HpEvolution hp_document_get_evolution(const HpDocument *document);

// The map of a slice as the snakes use it: its own seed's, else by the first seed's rule.
// hp_map_picture_free(); NULL without a seed.
HpMapPicture *hp_document_dup_map(const HpDocument *document, HpMapKind kind, HpPlane plane,
                                  int slice);

// The normal is scaled to unit length, and d with it; a plane without a direction changes nothing.
void hp_document_set_trims(HpDocument *document, const HpCut *cuts, int count);
void hp_document_add_trim(HpDocument *document, const HpCut *cut);
void hp_document_move_trim(HpDocument *document, guint index, const HpCut *cut);
void hp_document_remove_trim(HpDocument *document, guint index);

// --- where it is kept

// Each step and each result is put into the case file as it is finished, on a thread of its own. A case
// that was never saved is kept from its first edit on in the user's state folder (case/unsaved.h), and
// stays there, to be opened again, until it is saved or thrown away.
typedef enum {
    HP_SAVED_NOTHING, // nothing was done yet that could be lost
    HP_SAVED_WRITING,
    HP_SAVED_APART,  // all is kept, but was never saved
    HP_SAVED_ALL,    // all is in the case file
    HP_SAVED_FAILED, // the last could not be written; it is tried again, the error says why
} HpSaved;

HpSaved hp_document_get_saved(const HpDocument *document);
// The same in English, marked for translation.
const char *hp_document_get_saved_words(const HpDocument *document);
// ALL or NOTHING: the window can close without a question.
bool hp_document_is_saved(const HpDocument *document);
const char *hp_document_get_case_path(const HpDocument *document); // NULL: never saved

// Writes the case to `path`, whole or not at all, and keeps it there from now on. Fails with
// HP_ERROR_NO_RESULT if nothing is open, and as hp_store_copy(); it is then kept where it was.
bool hp_document_save_as(HpDocument *document, const char *path, GError **error);
// Throws away a case that was never saved; the document goes on, and is kept again from its next edit.
void hp_document_discard(HpDocument *document);

// Opens a case file, or an unsaved case, on a worker: its steps, with undo and redo; its mask and numbers;
// its images. Where these are gone, or are others than they were, hp_document_get_error says so; the
// volume is NULL without them, but mask, mesh and numbers are there. A damaged case, or one that cannot
// be written, is kept apart from then on, as if it had never been saved. Fails, by the error, as
// hp_store_open(); what was open then stays open.
void hp_document_open_case(HpDocument *document, const char *path);
// What could not be read of the case that was opened: char *; NULL or empty if it was whole. Borrowed.
const GPtrArray *hp_document_get_lost(const HpDocument *document);
// The images of the case lie elsewhere now: they are loaded from there, and compared with what they were.
void hp_document_set_images(HpDocument *document, const char *path);

bool hp_document_undo(HpDocument *document);
bool hp_document_redo(HpDocument *document);
// The names of the steps, in English, for the window to translate. NULL: nothing to undo.
const char *hp_document_get_undo_name(const HpDocument *document);
const char *hp_document_get_redo_name(const HpDocument *document);

// The steps, oldest first; step 0 is the case as it was opened, those after the current one are undone.
typedef struct {
    const char *name;   // in English, for the window to translate; "" for step 0. Borrowed
    double ml;          // of the surface, as that step's plan made it; NAN where it was not made
    const HpPlan *plan; // borrowed
} HpStep;

guint hp_document_get_step_count(const HpDocument *document);
guint hp_document_get_step(const HpDocument *document); // the current one
HpStep hp_document_get_step_at(const HpDocument *document, guint step);
// Undoes or redoes up to there.
void hp_document_go_to_step(HpDocument *document, guint step);

// What there is at one moment, for work that goes on beside the document.
typedef struct {
    HpVolume *volume;
    HpMask *mask;
    HpMesh *mesh;
    GPtrArray *contours;
    HpPlan *plan; // that made mask and mesh
    HpNumbers numbers;
    JsonObject
        *report; // what hp_pipeline_dup_report() says, without a file; NULL: a case kept the result
} HpSnapshot;

// NULL with HP_ERROR_NO_RESULT before there is an organ, and while its surface is but a draft.
HpSnapshot *hp_document_dup_snapshot(const HpDocument *document, GError **error);
void hp_snapshot_free(HpSnapshot *snapshot); // takes NULL
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HpSnapshot, hp_snapshot_free)

// A file of the snapshot's mesh holds that much: HpNumbers says so as long as the mesh is this one.
void hp_document_note_file(HpDocument *document, const HpSnapshot *snapshot, double file_ml);

G_END_DECLS
