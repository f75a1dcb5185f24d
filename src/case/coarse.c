// SPDX-License-Identifier: Apache-2.0
// A coarser mesh of the same shape, made beside the main thread: what is drawn while it turns.
#include "case/coarse.h"

#include "surface/reduce.h"

typedef struct {
    HpMesh *mesh;
    size_t triangles;
    HpTask task;
} Work;

static void work_free(gpointer data)
{
    Work *work = data;
    hp_mesh_unref(work->mesh);
    g_free(work);
}

static void cancelled_cb(GCancellable *cancellable, gpointer data)
{
    (void)cancellable;
    hp_task_cancel(data);
}

static void work_cb(GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
    (void)source;
    Work *work = data;
    GError *error = NULL;
    const gulong handler =
        cancellable != NULL
            ? g_cancellable_connect(cancellable, G_CALLBACK(cancelled_cb), &work->task, NULL)
            : 0;
    HpMesh *mesh = hp_surface_reduce(work->mesh, work->triangles, NULL, &work->task, &error);
    g_cancellable_disconnect(cancellable, handler);
    if (mesh != NULL)
        g_task_return_pointer(task, mesh, (GDestroyNotify)hp_mesh_unref);
    else
        g_task_return_error(task, error);
}

void hp_coarse_begin(HpMesh *mesh, size_t triangles, GCancellable *cancellable,
                     GAsyncReadyCallback ready_cb, void *data)
{
    Work *work = g_new0(Work, 1);
    work->mesh = hp_mesh_ref(mesh);
    work->triangles = triangles;
    hp_task_init(&work->task);
    g_autoptr(GTask) task = g_task_new(NULL, cancellable, ready_cb, data);
    g_task_set_check_cancellable(task, FALSE); // the reduction says itself how it ended
    g_task_set_task_data(task, work, work_free);
    g_task_run_in_thread(task, work_cb);
}

HpMesh *hp_coarse_finish(GAsyncResult *result, GError **error)
{
    return g_task_propagate_pointer(G_TASK(result), error);
}
