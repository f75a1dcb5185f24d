// SPDX-License-Identifier: Apache-2.0
// Shows the progress of a task on a terminal's stderr.
#include "cli/progress.h"

#include <stdio.h>
#include <unistd.h>

struct HpProgress {
    const HpTask *task;
    GThread *thread;
    GMutex mutex;
    GCond ended;
    bool is_over;
};

static void draw(const HpTask *task)
{
    enum { WIDTH = 24 };
    const double fraction = hp_task_get_fraction(task);
    char bar[3 * WIDTH + 1] = "";
    for (int at = 0; at < WIDTH; at++)
        g_strlcat(bar, at < (int)(WIDTH * fraction + 0.5) ? "━" : " ", sizeof bar);
    fprintf(stderr, "\r\033[K%s  %3.0f %%  %s", bar, 100 * fraction, hp_task_get_words(task));
    fflush(stderr);
}

static gpointer show(gpointer data)
{
    HpProgress *progress = data;
    g_mutex_lock(&progress->mutex);
    while (!progress->is_over) {
        const gint64 until = g_get_monotonic_time() + 100 * G_TIME_SPAN_MILLISECOND;
        g_cond_wait_until(&progress->ended, &progress->mutex, until);
        if (!progress->is_over && hp_task_get_words(progress->task)[0] != '\0')
            draw(progress->task);
    }
    g_mutex_unlock(&progress->mutex);
    fputs("\r\033[K", stderr);
    return NULL;
}

HpProgress *hp_progress_start(const HpTask *task)
{
    if (!isatty(STDERR_FILENO))
        return NULL;
    HpProgress *progress = g_new0(HpProgress, 1);
    progress->task = task;
    g_mutex_init(&progress->mutex);
    g_cond_init(&progress->ended);
    progress->thread = g_thread_new("progress", show, progress);
    return progress;
}

void hp_progress_stop(HpProgress *progress)
{
    if (progress == NULL)
        return;
    g_mutex_lock(&progress->mutex);
    progress->is_over = true;
    g_cond_signal(&progress->ended);
    g_mutex_unlock(&progress->mutex);
    g_thread_join(progress->thread);
    g_mutex_clear(&progress->mutex);
    g_cond_clear(&progress->ended);
    g_free(progress);
}
