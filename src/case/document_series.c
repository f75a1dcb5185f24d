// SPDX-License-Identifier: Apache-2.0
// Finds the series of an input on a worker, for a person to choose from.
#include "case/document_inside.h"

#include "io/input.h"

static void listing_free(gpointer data)
{
    Listing *listing = data;
    g_weak_ref_clear(&listing->document);
    g_free(listing->path);
    g_free(listing);
}

static void list_cb(GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
    (void)source, (void)cancellable;
    Listing *listing = data;
    GError *error = NULL;
    hp_task_stage(&listing->task, "Finding series", 0, 1);
    GPtrArray *found = hp_input_find(listing->path, &listing->task, &error);
    if (found != NULL)
        g_task_return_pointer(task, found, (GDestroyNotify)g_ptr_array_unref);
    else
        g_task_return_error(task, error);
}

static void listed_cb(GObject *source, GAsyncResult *result, gpointer unused)
{
    (void)source, (void)unused;
    Listing *listing = g_task_get_task_data(G_TASK(result));
    g_autoptr(HpDocument) document = g_weak_ref_get(&listing->document);
    if (document == NULL)
        return;
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) found = g_task_propagate_pointer(G_TASK(result), &error);
    if (found != NULL) {
        g_clear_pointer(&document->listed, g_ptr_array_unref);
        document->listed = g_ptr_array_ref(found);
    }
    if (document->listing == listing)
        document->listing = NULL;
    listing->found_cb(document, found, error, listing->data);
    hp_document_emit(document, HP_CHANGE_TASK);
}

void hp_document_list_series(HpDocument *document, const char *path, HpFoundCb found_cb,
                             gpointer data)
{
    if (document->listing != NULL)
        hp_task_cancel(&document->listing->task);
    Listing *listing = g_new0(Listing, 1);
    *listing = (Listing){.path = g_strdup(path), .found_cb = found_cb, .data = data};
    hp_task_init(&listing->task);
    document->listing = listing;
    g_weak_ref_init(&listing->document, document);
    g_autoptr(GTask) task = g_task_new(NULL, NULL, listed_cb, NULL);
    g_task_set_task_data(task, listing, listing_free);
    g_task_run_in_thread(task, list_cb);
    hp_document_emit(document, HP_CHANGE_TASK);
}
