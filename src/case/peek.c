// SPDX-License-Identifier: Apache-2.0
// The middle slice of a series, read on a worker: for a list to choose from.
#include "case/peek.h"

static void read_cb(GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
    (void)source, (void)cancellable;
    const HpSeries *series = data;
    GError *error = NULL;
    HpVolume *slice = hp_series_load_slice(series, series->grid.size[2] / 2, NULL, &error);
    if (slice != NULL)
        g_task_return_pointer(task, slice, (GDestroyNotify)hp_volume_unref);
    else
        g_task_return_error(task, error);
}

void hp_peek_async(HpSeries *series, GCancellable *cancellable, GAsyncReadyCallback done_cb,
                   gpointer data)
{
    g_autoptr(GTask) task = g_task_new(NULL, cancellable, done_cb, data);
    g_task_set_task_data(task, hp_series_ref(series), (GDestroyNotify)hp_series_unref);
    g_task_run_in_thread(task, read_cb);
}

HpVolume *hp_peek_finish(GAsyncResult *result, GError **error)
{
    return g_task_propagate_pointer(G_TASK(result), error);
}
