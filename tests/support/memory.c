// SPDX-License-Identifier: Apache-2.0
// Watches what this process and its children hold in memory, what they share counted once.
#include "support/memory.h"

#include <stdbool.h>
#include <string.h>
#include <unistd.h>

struct MemoryWatch {
    GThread *thread;
    gint is_over;
    size_t most;
};

// The number after "Pss:" in a process's smaps_rollup, in bytes.
static size_t pss_of(const char *process)
{
    g_autofree char *path = g_build_filename("/proc", process, "smaps_rollup", NULL);
    g_autofree char *text = NULL;
    if (!g_file_get_contents(path, &text, NULL, NULL))
        return 0;
    const char *at = strstr(text, "\nPss:");
    return at == NULL ? 0 : (size_t)g_ascii_strtoull(at + 5, NULL, 10) * 1024;
}

static bool is_child(const char *process, pid_t parent)
{
    g_autofree char *path = g_build_filename("/proc", process, "stat", NULL);
    g_autofree char *text = NULL;
    if (!g_ascii_isdigit(process[0]) || !g_file_get_contents(path, &text, NULL, NULL))
        return false;
    const char *at = strrchr(text, ')');
    return at != NULL && strlen(at) > 4 && g_ascii_strtoll(at + 4, NULL, 10) == parent;
}

static size_t pss_with_children(void)
{
    size_t sum = pss_of("self");
    g_autoptr(GDir) processes = g_dir_open("/proc", 0, NULL);
    for (const char *name; processes != NULL && (name = g_dir_read_name(processes)) != NULL;)
        if (is_child(name, getpid()))
            sum += pss_of(name);
    return sum;
}

static gpointer watch_cb(gpointer data)
{
    MemoryWatch *watch = data;
    while (!g_atomic_int_get(&watch->is_over)) {
        watch->most = MAX(watch->most, pss_with_children());
        g_usleep(2000);
    }
    return NULL;
}

MemoryWatch *memory_watch_new(void)
{
    MemoryWatch *watch = g_new0(MemoryWatch, 1);
    watch->thread = g_thread_new("memory", watch_cb, watch);
    return watch;
}

size_t memory_watch_end(MemoryWatch *watch)
{
    g_atomic_int_set(&watch->is_over, 1);
    g_thread_join(watch->thread);
    const size_t most = MAX(watch->most, pss_with_children());
    g_free(watch);
    return most;
}
