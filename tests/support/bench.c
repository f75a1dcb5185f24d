// SPDX-License-Identifier: Apache-2.0
// Times our kernels and their peers in one run, in turns, so that a busy machine is shared fairly.
#include "support/bench.h"

#include <glib.h>
#include <stdlib.h>
#include <time.h>

static int ascending(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y ? 1 : 0;
}

// Of all threads of the process: what a busy machine does not stretch.
static double cpu_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static double median(double *seconds, int count)
{
    qsort(seconds, count, sizeof *seconds, ascending);
    return seconds[count / 2];
}

void bench_run(const char *title, BenchEntry *entries, int count, int repeats, size_t items,
               const char *item)
{
    g_autofree double *wall = g_new0(double, (size_t)count *repeats);
    g_autofree double *cpu = g_new0(double, (size_t)count *repeats);
    for (int at = 0; at < count; at++)
        entries[at].run_cb(entries[at].data);
    for (int repeat = 0; repeat < repeats; repeat++)
        for (int at = 0; at < count; at++) {
            const gint64 start = g_get_monotonic_time();
            const double cpu_start = cpu_seconds();
            entries[at].run_cb(entries[at].data);
            cpu[at * repeats + repeat] = cpu_seconds() - cpu_start;
            wall[at * repeats + repeat] = (double)(g_get_monotonic_time() - start) / 1e6;
        }
    g_print("%s\n", title);
    for (int at = 0; at < count; at++) {
        entries[at].seconds = median(wall + (size_t)at * repeats, repeats);
        entries[at].cpu_seconds = median(cpu + (size_t)at * repeats, repeats);
        g_print("  %-28s %9.2f ms %8.3f ns/%s, cpu %8.3f", entries[at].name,
                1e3 * entries[at].seconds, 1e9 * entries[at].seconds / items, item,
                1e9 * entries[at].cpu_seconds / items);
        if (at > 0)
            g_print("   ratio %.2f, cpu %.2f", entries[0].seconds / entries[at].seconds,
                    entries[0].cpu_seconds / entries[at].cpu_seconds);
        g_print("\n");
    }
}
