// SPDX-License-Identifier: Apache-2.0
// Writes a case on a thread of its own, one thing after another, in the order it is told.
//
// A call only puts its thing into a queue, so it costs the caller nothing to speak of; what is in the
// queue is written whatever becomes of the window. After a write that failed nothing more is written
// until everything is told anew by hp_keeper_put_all(), since steps lean on earlier ones. All calls are
// the main thread's.
#pragma once

#include "case/plan.h"
#include "case/store.h"

G_BEGIN_DECLS

typedef struct HpKeeper HpKeeper; // one owner

// On the main thread, from its loop: the queue has become empty, or a write failed.
typedef void (*HpKeeperToldCb)(HpKeeper *keeper, gpointer data);

// Takes `store`; NULL: a case is made at `path` by the first write, which is then a
// hp_keeper_put_all().
HpKeeper *hp_keeper_new(HpStore *store, const char *path, HpKeeperToldCb told_cb, gpointer data);
// Writes what is in the queue and closes the case. Takes NULL.
void hp_keeper_free(HpKeeper *keeper);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HpKeeper, hp_keeper_free)

// As the calls of case/store.h. Plan, facts and name are copied; result and contents are taken. A step
// that has the number of the last one in the queue takes its place there.
void hp_keeper_put_step(HpKeeper *keeper, gint64 id, const char *name, const HpPlan *plan);
void hp_keeper_put_ml(HpKeeper *keeper, gint64 id, double ml);
void hp_keeper_show_step(HpKeeper *keeper, gint64 id);
void hp_keeper_put_facts(HpKeeper *keeper, const HpStoreFacts *facts);
void hp_keeper_put_result(HpKeeper *keeper, HpStoreResult *result);
void hp_keeper_put_all(HpKeeper *keeper, HpStoreContents *contents);

// Waits for the queue, copies the case to `path` and goes on there. Where it was before is closed, and
// removed if `removes`. After a failure all is as before.
bool hp_keeper_move(HpKeeper *keeper, const char *path, bool removes, GError **error);

// Where it is kept.
const char *hp_keeper_get_path(const HpKeeper *keeper);
// Nothing is left to be written.
bool hp_keeper_is_settled(HpKeeper *keeper);
// Why the last write failed; NULL if it did not. g_error_free().
GError *hp_keeper_dup_error(HpKeeper *keeper);

G_END_DECLS
