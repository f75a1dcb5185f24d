// SPDX-License-Identifier: Apache-2.0
// Times our kernels and their peers in one run, in turns, so that a busy machine is shared fairly.
#pragma once

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
    const char *name;
    void (*run_cb)(void *data);
    void *data;
    double seconds,
        cpu_seconds; // out: the medians of the repeats, by the clock and over all threads
} BenchEntry;

// Runs every entry once to warm up and then `repeats` times in turns, and prints a line for each:
// median milliseconds, nanoseconds per item by the clock and of processor time, and the ratios of the
// first entry to it (below 1: the first is faster).
void bench_run(const char *title, BenchEntry *entries, int count, int repeats, size_t items,
               const char *item);

#ifdef __cplusplus
}
#endif
