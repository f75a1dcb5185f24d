// SPDX-License-Identifier: Apache-2.0
// Progress and cancel of a long computation: two atomics that the owner polls.
#pragma once

#include <glib.h>
#include <stdbool.h>

G_BEGIN_DECLS

// Shared between one worker that steps and one owner that reads and cancels. No callback leaves
// the worker. All functions take NULL: a NULL task is never cancelled and nobody sees its progress.
typedef struct {
    gint permille; // private: use the functions
    gint cancelled;
    const char *words; // atomic pointer to a static string
    double from, to;   // the part of the whole that the running stage fills; worker's side only
    double part[2];    // the part of the whole that stages are parts of; worker's side only
} HpTask;

void hp_task_init(HpTask *task);

// Worker: sets the fraction [0, 1] of the running stage. Returns false, with
// HP_ERROR_CANCELLED in `error` (which may be NULL), once the owner has cancelled.
bool hp_task_step(HpTask *task, double fraction, GError **error);

// Worker: all stages from now on fill [from, to] of the whole; at first that is [0, 1]. For whoever
// calls one function with stages after another.
void hp_task_part(HpTask *task, double from, double to);

// Worker: what is being done, a static string; the stage fills [from, to] of the part.
void hp_task_stage(HpTask *task, const char *words, double from, double to);

// Any thread: cheap look at the flag, for inner loops.
bool hp_task_is_cancelled(const HpTask *task);

// Owner.
void hp_task_cancel(HpTask *task);
double hp_task_get_fraction(const HpTask *task);
const char *hp_task_get_words(const HpTask *task); // "" before the first stage

G_END_DECLS
