// SPDX-License-Identifier: Apache-2.0
// What a person decided for a case: parameters, seed contours, strokes, trim planes, the series.
//
// As JSON it is the params file: parameter id -> value, and beside them "hepatica" (the version that
// wrote it), "series" (a UID), "contours" (seeds), "strokes" (see case/strokes.h) and "trim" (planes
// nx, ny, nz, d that keep n.x < d; one that is off has "off" as its fifth part). A seed file is a params
// file with contours, or strokes too, alone.
#pragma once

#include "core/contour.h"
#include "core/parameter.h"
#include "core/stroke.h"
#include "surface/trim.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

typedef struct {
    HpParams params;
    GPtrArray *seeds;   // HpContour *; may be empty
    GPtrArray *strokes; // HpStroke *, in their order; may be empty
    GArray *trims;      // HpCut; may be empty
    char *series;       // UID; NULL: the only one, or the largest
} HpPlan;

HpPlan *hp_plan_new(void); // defaults, nothing else
HpPlan *hp_plan_copy(const HpPlan *plan);
void hp_plan_free(HpPlan *plan);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HpPlan, hp_plan_free)

// Whether both have the same text, without making it; whether they do but for the model: its parameters
// and planes.
bool hp_plan_equal(const HpPlan *a, const HpPlan *b);
bool hp_plan_seeks_alike(const HpPlan *a, const HpPlan *b);
// Whether they make the same model of an organ.
bool hp_plan_models_alike(const HpPlan *a, const HpPlan *b);

// Sets what the file names and leaves the rest. A value is a number, the name of a choice, or null
// where it is taken from the data. Fails with HP_ERROR_IO or HP_ERROR_BAD_FILE, naming the file and
// the key; the plan is then partly set.
bool hp_plan_read(HpPlan *plan, const char *path, GError **error);

// The same from the text that hp_plan_dup_text() made; errors name no file.
bool hp_plan_read_text(HpPlan *plan, const char *text, GError **error);

// Writes every parameter and what else is set.
bool hp_plan_write(const HpPlan *plan, const char *path, GError **error);

// The same text as hp_plan_write() writes; g_free(). Equal plans have equal texts.
char *hp_plan_dup_text(const HpPlan *plan);

// The version and every parameter, without seeds, planes and series; json_object_unref().
JsonObject *hp_plan_dup_parameters(const HpPlan *plan);

// Sets one parameter from words: a number, the name of a choice, or "auto".
bool hp_plan_set(HpPlan *plan, HpParameterId id, const char *words, GError **error);

// Adds the trim plane "nx,ny,nz,d"; the normal is scaled to unit length, and d with it.
bool hp_plan_add_trim(HpPlan *plan, const char *words, GError **error);

G_END_DECLS
