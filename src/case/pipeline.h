// SPDX-License-Identifier: Apache-2.0
// The stages in order: load, prepare, segment, model. Each is redone only when what it stands on changed.
//
// A stage is a pure function of what stands before it and its parameters, so its result is keyed on
// a hash of those. Nothing here knows a window, a terminal or a file it was not given.
#pragma once

#include "case/plan.h"
#include "core/volume.h"
#include "io/series.h"
#include "segment/organ.h"
#include "surface/model.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

typedef enum {
    HP_STAGE_LOAD,
    HP_STAGE_PREPARE,
    HP_STAGE_SEGMENT,
    HP_STAGE_MODEL,
    HP_STAGE_COUNT
} HpStage;

typedef struct HpPipeline HpPipeline; // one owner

// For the INPUT at `path`: a DICOM folder, file, DICOMDIR or zip, or an image file.
HpPipeline *hp_pipeline_new(const char *path);
void hp_pipeline_free(HpPipeline *pipeline); // takes NULL
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HpPipeline, hp_pipeline_free)

// Brings every stage up to `last` up to date with `plan`; what still holds is kept. Without seed
// contours HP_STAGE_SEGMENT fails with HP_ERROR_NO_RESULT. Fails as the stages do, with the name
// of the input before the message where it is at fault; earlier stages then stay.
bool hp_pipeline_run(HpPipeline *pipeline, const HpPlan *plan, HpStage last, HpTask *task,
                     GError **error);

// Whether models from now on are drafts, whose width and distance are left out, so that they can follow
// a slider.
void hp_pipeline_want_draft(HpPipeline *pipeline, bool is_draft);

// A coarse surface of the organ as `plan` asks for it, of at most some 20000 triangles: fast enough to
// follow a slider, once it has been made for the plan's seeds and strokes. No stage's result is touched
// but those it stands on; trim planes and the model's part of the plan do not count. hp_mesh_unref().
// Fails as the stages do.
HpMesh *hp_pipeline_sketch(HpPipeline *pipeline, const HpPlan *plan, HpTask *task, GError **error);

// Takes `organ` as what HP_STAGE_SEGMENT found for `plan`, so that it is not found again: for a result
// that was kept. The stage before has run for `plan`, and the mask lies on the volume's grid.
void hp_pipeline_adopt(HpPipeline *pipeline, const HpPlan *plan, HpOrgan *organ);

// The series of a list that hp_input_find() gave by its UID, or for NULL the first; unref it. Fails
// with HP_ERROR_NO_RESULT.
HpSeries *hp_series_choose(const GPtrArray *found, const char *uid, GError **error);

// What hp_input_find() gave for this input (a reference is taken), so that it need not be found again.
void hp_pipeline_set_found(HpPipeline *pipeline, GPtrArray *found);
// The series of the input; NULL before they have been found. Borrowed.
GPtrArray *hp_pipeline_get_found(const HpPipeline *pipeline);

// How many series the input holds; 0 before HP_STAGE_LOAD. Without a series in the plan the one with
// most slices is taken.
int hp_pipeline_get_series_count(const HpPipeline *pipeline);

// Results, borrowed until the next run; NULL before their stage has run.
const HpSeries *hp_pipeline_get_series(const HpPipeline *pipeline);
const HpVolume *hp_pipeline_get_volume(const HpPipeline *pipeline);
const HpVolume *hp_pipeline_get_prepared(const HpPipeline *pipeline);
const HpOrgan *hp_pipeline_get_organ(const HpPipeline *pipeline);
const HpModel *hp_pipeline_get_model(const HpPipeline *pipeline);

// The key of a stage's result, a SHA-256 in hexadecimal; NULL before it has run. Equal keys mean
// equal results.
const char *hp_pipeline_get_key(const HpPipeline *pipeline, HpStage stage);

// The numbers of all stages, with warnings in words; `file_ml` is that of the written mesh.
// json_object_unref().
JsonObject *hp_pipeline_dup_report(const HpPipeline *pipeline, const HpPlan *plan, double file_ml,
                                   GError **error);

G_END_DECLS
