// SPDX-License-Identifier: Apache-2.0
// Named states of a mask, for undo and redo: each is a table of bricks shared with its neighbours.
#pragma once

#include "core/mask.h"

G_BEGIN_DECLS

typedef struct HpCommits HpCommits; // one owner

// Starts with `first` (a reference is taken) as the state named `name`.
HpCommits *hp_commits_new(HpMask *first, const char *name);
void hp_commits_free(HpCommits *commits); // takes NULL
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HpCommits, hp_commits_free)

// Makes `mask` (a reference is taken; it is read-only from now on) the current state and drops
// the states that were undone.
void hp_commits_push(HpCommits *commits, HpMask *mask, const char *name);

// The current state and its name; borrowed.
HpMask *hp_commits_get_mask(const HpCommits *commits);
const char *hp_commits_get_name(const HpCommits *commits);

// One state back or forth; false at the end of the list, and then nothing changes.
bool hp_commits_undo(HpCommits *commits);
bool hp_commits_redo(HpCommits *commits);

G_END_DECLS
