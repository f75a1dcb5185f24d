// SPDX-License-Identifier: Apache-2.0
// A case as a file: an SQLite database of what was done, and of what came of it.
//
// It holds facts about the images, the steps of the plan as texts it does not look into, and one result.
// Each call that writes is one transaction: a killed program leaves the last whole one. While a store is
// open it is locked against other programs and keeps a journal beside the file, which hp_store_close()
// takes away. One owner; one thread at a time. Errors name the file.
#pragma once

#include "case/contents.h"

G_BEGIN_DECLS

#define HP_STORE_SUFFIX ".hepatica"
#define HP_STORE_FORMAT 1 // raised when an older program could no longer read it

typedef struct HpStore HpStore;

// Makes an empty case. Fails with HP_ERROR_IO, also if the file is there already.
HpStore *hp_store_create(const char *path, GError **error);

// Opens a case. HP_ERROR_BAD_FILE if it is none, or damaged beyond reading; HP_ERROR_UNSUPPORTED if it is
// of a newer program, a database of another program, or open elsewhere; HP_ERROR_IO.
HpStore *hp_store_open(const char *path, GError **error);

// Whether opening failed because another store, here or in another program, has the case open.
bool hp_store_is_open_elsewhere(const GError *error);

// Takes the journal away and unlocks; the store is gone whatever comes of it. What had been written
// stays written. `store` may be NULL.
bool hp_store_close(HpStore *store, GError **error);
void hp_store_free(HpStore *store); // the same without words; takes NULL
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HpStore, hp_store_free)

const char *hp_store_get_path(const HpStore *store);
bool hp_store_is_at(const HpStore *store, const char *path); // by whatever name
// It lies where nothing can be written: every write fails.
bool hp_store_is_read_only(const HpStore *store);

// What can be read of the case; what cannot is in `lost`. Never NULL.
HpStoreContents *hp_store_read(HpStore *store);

// What a list of cases shows of one, without reading all of it.
typedef struct {
    char *images;   // the path of the input; NULL: not known
    char *numbers;  // of the result; NULL: none
    int steps;      // edits, the state that the case began with left out
    gint64 time_us; // of the last of them
} HpStoreSummary;

HpStoreSummary hp_store_summarise(HpStore *store);
void hp_store_summary_clear(HpStoreSummary *summary);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(HpStoreSummary, hp_store_summary_clear)

// Each fails with HP_ERROR_IO (a full disk, say), and the file then is as before.
bool hp_store_put_facts(HpStore *store, const HpStoreFacts *facts, GError **error);
// Puts a step in its place and shows it; steps with a larger id are dropped.
bool hp_store_put_step(HpStore *store, const HpStoreStep *step, GError **error);
// What a step's plan made, once that is known.
bool hp_store_put_ml(HpStore *store, gint64 id, double ml, GError **error);
// Shows an older or newer step.
bool hp_store_show_step(HpStore *store, gint64 id, GError **error);
// Takes the place of the result; NULL: there is none any more.
bool hp_store_put_result(HpStore *store, const HpStoreResult *result, GError **error);
// Everything at once.
bool hp_store_put_all(HpStore *store, const HpStoreContents *contents, GError **error);

// Writes the case to `path` as well, whole or not at all; a file there is replaced, unless it is a case
// that is open. Fails with HP_ERROR_IO, and HP_ERROR_UNSUPPORTED for a case that is open.
bool hp_store_copy(HpStore *store, const char *path, GError **error);

G_END_DECLS
