// SPDX-License-Identifier: Apache-2.0
// What document.c and keep.c share: the inside of a document. Nobody else includes it.
#pragma once

#include "case/document.h"
#include "case/keeper.h"
#include "case/kept.h"
#include "case/pipeline.h"

#include <gio/gio.h>

G_BEGIN_DECLS

// A state of the plan, and the name and joint of the edit that led to it.
typedef struct {
    HpPlan *plan;
    char *name;
    guint joint;
    double ml; // HpStep's
    gint64 id; // in the case file; grows from state to state
} State;

// What a job leaves for the main thread: references, so that the pipeline may run again.
typedef struct {
    GPtrArray *found;
    HpSeries *series;
    HpVolume *volume;
    HpMask *mask;
    GPtrArray *contours;
    HpMesh *mesh;
    HpMesh *whole; // before it was trimmed
    HpNumbers numbers;
    HpPlan *plan; // that made mask and mesh
    bool is_draft;
    JsonObject *report;    // of these; NULL for a draft and for what a case kept
    HpStoreResult *stored; // as the case file has them, of the last that was no draft
} Results;

// Finding the series of an input on a worker.
typedef struct {
    GWeakRef document;
    char *path;
    HpTask task;
    HpFoundCb found_cb;
    gpointer data;
} Listing;

// A run of the pipeline on a worker, with the plan as it was when it began.
typedef struct {
    GWeakRef document;
    HpPipeline *pipeline; // owned while the job runs, given back with it
    HpPlan *plan;
    HpGoal goal;
    bool is_draft;  // of HP_GOAL_MODEL
    HpMesh *sketch; // what HP_GOAL_SKETCH leaves
    HpTask task;
    HpStoreResult *restored; // what the case file had; NULL: no case was opened
    bool has_restored;       // the results are that
    Results results;
} Job;

// Opening a case on a worker.
typedef struct Opening Opening;

struct _HpDocument {
    GObject parent_instance;
    HpPipeline *pipeline; // NULL before a case is opened, and while a job has it
    char *path;
    GArray *states; // of State; the plan is the one at `current`
    guint current;
    Job *job;          // under way, borrowed from its GTask
    int pending;       // HpGoal to pursue when the job ends; -1: none
    guint again;       // timer to the next draft; 0: none
    guint rest;        // timer that ends when the model's part of the plan has rested; 0: none
    HpKept *kept;      // of the whole surface; NULL: not needed yet
    double kept_ml;    // what the trim planes keep; NAN: as the results say
    bool is_reopening; // the pending goal is for `path`, not for the pipeline of the job
    bool is_stale, is_following;
    HpMesh *sketch; // of the organ the sliders ask for; NULL: none, or the results are newer
    Results results;
    GError *error;
    GPtrArray *previews;  // HpPreview, one for each seed of the plan that is shown
    GPtrArray *previewed; // HpContour, of the current plan
    Listing *listing;     // under way, borrowed from its GTask
    GPtrArray *listed;    // HpSeries, of the input last listed; NULL before
    bool is_played;       // the snakes are on their way, not where they rest
    double band_hu[2];    // low and high, of the first seed's preview; NAN without one

    // Where the case is kept (keep.c).
    HpKeeper *keeper;        // NULL: nothing was done yet that could be lost
    char *case_path;         // NULL: never saved
    char *checksum;          // of the volume; NULL: not known yet
    HpStoreFacts opened;     // facts of the case that was opened
    GPtrArray *lost;         // char *: what could not be read of it; NULL: none was opened
    HpStoreResult *restored; // for the next job
    Opening *opening;        // under way, borrowed from its GTask
    HpTask *hashing;         // the same of a checksum
    guint retry;             // source that tells the keeper everything again
    bool has_failed;         // the last write; it was said
};

// document.c
void hp_document_emit(HpDocument *document, HpChange change);
// Drops what the document holds; `plan` (taken) becomes its one state. Nothing is emitted.
void hp_document_reset(HpDocument *document, const char *path, HpPlan *plan);
void hp_document_start(HpDocument *document, HpGoal goal, bool is_draft);
// Whether the image that is loaded is the one that the plan is about.
bool hp_document_has_image(const HpDocument *document);

// document_preview.c: lets the snakes of all seeds come to rest on their slices; a few milliseconds each.
void hp_document_preview(HpDocument *document);

// keep.c: what became of the document, so that it is kept.
void hp_keep_state(HpDocument *document);  // the current state is new
void hp_keep_shown(HpDocument *document);  // it is another one than before
void hp_keep_ml(HpDocument *document);     // what it makes has been measured
void hp_keep_result(HpDocument *document); // the result is another one
void hp_keep_image(HpDocument *document);  // an image was loaded
void hp_keep_end(HpDocument *document);    // the document holds another case now, or none
HpTask *hp_opening_get_task(Opening *opening);

G_END_DECLS
