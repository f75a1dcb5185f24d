// SPDX-License-Identifier: Apache-2.0
// Splits a loop over a fixed pool of threads, with the same result for any number of them.
//
// The partition depends on `count` and `grain` alone, never on the number of threads. A reduction
// writes one partial result per slab and adds them in slab order after the call.
#pragma once

#include <glib.h>

G_BEGIN_DECLS

// Works on items [begin, end); `slab` counts from 0 and owns slot `slab` of a reduction.
typedef void (*HpSlabCb)(int begin, int end, int slab, void *data);

// Calls `slab_cb` for each slab of `grain` (> 0) items out of `count` and returns when all are done.
// Called from inside a slab it runs on the calling thread.
void hp_parallel_for(int count, int grain, HpSlabCb slab_cb, void *data);

// How many slabs hp_parallel_for makes: the length of a table of partial results.
int hp_parallel_slabs(int count, int grain);

// Threads used from now on, at least 1; the default is the number of processors. Call it when no
// hp_parallel_for runs.
void hp_parallel_set_threads(int threads);
int hp_parallel_get_threads(void);

G_END_DECLS
