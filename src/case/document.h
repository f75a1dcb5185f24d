// SPDX-License-Identifier: Apache-2.0
// One case as a person works on it: the plan they edit, the results that follow from it, one job.
//
// The plan (parameters, seeds, trims) is all a person decides; every result is a function of it, so
// undo is an older plan. All calls are the main thread's. Work runs on one worker; a newer request
// replaces an older one, and its results appear all at once with the signal "changed".
#pragma once

#include "case/plan.h"
#include "core/mask.h"
#include "core/mesh.h"
#include "core/volume.h"
#include "io/series.h"

#include <glib-object.h>

G_BEGIN_DECLS

#define HP_TYPE_DOCUMENT (hp_document_get_type())
G_DECLARE_FINAL_TYPE(HpDocument, hp_document, HP, DOCUMENT, GObject)

// What a "changed" signal is about (its one argument, guint flags).
typedef enum {
    HP_CHANGE_IMAGE = 1 << 0, // another series: volume and everything after it
    HP_CHANGE_PLAN = 1 << 1,
    HP_CHANGE_RESULT = 1 << 2, // mask, contours, mesh, numbers
    HP_CHANGE_TASK = 1 << 3,   // a job began or ended
} HpChange;

typedef enum {
    HP_GOAL_IMAGE, // the series is loaded
    HP_GOAL_ORGAN, // its organ found, its surface and numbers made
} HpGoal;

// The numbers beside the pictures; NAN where there is none.
typedef struct {
    double mask_ml, mesh_ml, low_ml, high_ml;
    double area_mm2;
    double low_hu, high_hu; // the band the organ was found with
    bool lower_bound;       // the organ touches the first or last slice
} HpNumbers;

HpDocument *hp_document_new(void);

// Drops the case and loads the series `uid` (NULL: the largest) of the input at `path`.
void hp_document_open(HpDocument *document, const char *path, const char *uid);
// The same with a plan to begin with (taken), which names the series.
void hp_document_open_plan(HpDocument *document, const char *path, HpPlan *plan);

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

// Results: borrowed, read-only, NULL where there is none. `is_stale`: the plan has changed since.
HpSeries *hp_document_get_series(const HpDocument *document);
HpVolume *hp_document_get_volume(const HpDocument *document);
HpMask *hp_document_get_mask(const HpDocument *document);
GPtrArray *hp_document_get_contours(const HpDocument *document);
// The snakes of the plan's seeds on their own slices, as the parameters are now.
GPtrArray *hp_document_get_previews(const HpDocument *document);
HpMesh *hp_document_get_mesh(const HpDocument *document);
HpNumbers hp_document_get_numbers(const HpDocument *document);
bool hp_document_is_stale(const HpDocument *document);

// The plan; borrowed. Each edit is one undoable step with a name.
const HpPlan *hp_document_get_plan(const HpDocument *document);
// What stands for a parameter that is taken from the data: what the last organ used, else what the
// first seed's preview did, else the range's end.
double hp_document_get_automatic(const HpDocument *document, HpParameterId id);
void hp_document_set_value(HpDocument *document, HpParameterId id, double value);
// Takes `seed`; on its slice and plane it replaces an older one. One that hp_seed_check refuses changes
// nothing, and hp_document_get_error says why.
void hp_document_add_seed(HpDocument *document, HpContour *seed);
void hp_document_clear_seeds(HpDocument *document);

bool hp_document_undo(HpDocument *document);
bool hp_document_redo(HpDocument *document);
const char *hp_document_get_undo_name(const HpDocument *document); // NULL: nothing to undo
const char *hp_document_get_redo_name(const HpDocument *document);

// Writes the mesh or the mask in the format of the name. `file_ml` (may be NULL) becomes what the
// mesh file holds when it is parsed again. Fails with HP_ERROR_NO_RESULT before there is one.
bool hp_document_export_mesh(HpDocument *document, const char *path, double *file_ml,
                             GError **error);
bool hp_document_export_mask(HpDocument *document, const char *path, GError **error);

G_END_DECLS
