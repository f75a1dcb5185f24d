// SPDX-License-Identifier: Apache-2.0
// What a case file holds: facts about the images, steps, one result. Values, without the file.
#pragma once

#include "core/contour.h"
#include "core/mask.h"

G_BEGIN_DECLS

// Where the images came from.
typedef struct {
    char *version;  // of the program that wrote the case
    char *path;     // of the input, in the file system's encoding
    char *series;   // its UID
    char *checksum; // SHA-256 of the voxels, in hexadecimal; NULL: not known yet
    HpGrid grid;
    bool has_grid;
} HpStoreFacts;

HpStoreFacts hp_store_facts_copy(const HpStoreFacts *facts);
void hp_store_facts_clear(HpStoreFacts *facts);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(HpStoreFacts, hp_store_facts_clear)

// One step: the plan's text after it, and the name of the edit.
typedef struct {
    gint64 id; // grows from step to step
    gint64 time_us;
    char *name;
    char *text;
    double ml; // of the surface that this plan makes; NAN: not made yet
} HpStoreStep;

// What a run of the stages found.
typedef struct {
    char *plan;    // the text of the plan that it followed
    char *numbers; // JSON
    HpMask *mask;
    GPtrArray *contours; // HpContour *
} HpStoreResult;

HpStoreResult *hp_store_result_new(void);
HpStoreResult *hp_store_result_copy(const HpStoreResult *result); // shares mask and contours
void hp_store_result_free(HpStoreResult *result);                 // takes NULL
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HpStoreResult, hp_store_result_free)

// Everything in a case.
typedef struct {
    HpStoreFacts facts;
    GPtrArray *steps;      // HpStoreStep *, oldest first
    int current;           // index of the step that is shown; -1 if there is none
    HpStoreResult *result; // NULL: none
    GPtrArray *lost;       // char *: what could not be read, in words; empty if the file is whole
} HpStoreContents;

HpStoreContents *hp_store_contents_new(void);           // empty
void hp_store_contents_free(HpStoreContents *contents); // takes NULL
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HpStoreContents, hp_store_contents_free)

// A step of now, without millilitres.
HpStoreStep *hp_store_step_new(gint64 id, const char *name, const char *text);
void hp_store_step_free(HpStoreStep *step); // takes NULL
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HpStoreStep, hp_store_step_free)

G_END_DECLS
