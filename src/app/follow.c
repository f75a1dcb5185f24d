// SPDX-License-Identifier: Apache-2.0
// Lets an organ that was taken follow the sliders: a sketch while they move, the whole once they rest.
#include "app/follow.h"

enum {
    REST_MS = 700, // longer than a hand pauses on its way
    PATIENCE = 3,  // rests that a sketch under way is waited for
};

typedef struct {
    HpDocument *document;
    guint rest;  // timer; 0: nothing moves
    int waiting; // rests left to wait for the sketch; 0: it is there
} Follow;

// Whether the organ shown is of other settings, seeds or strokes than the plan's.
static bool is_behind(const HpDocument *document)
{
    return hp_document_get_mask(document) != NULL && hp_document_get_volume(document) != NULL &&
           hp_document_get_plan(document)->seeds->len > 0 && hp_document_is_stale(document) &&
           !hp_document_is_following(document);
}

static gboolean rest_cb(gpointer data)
{
    Follow *follow = data;
    if (follow->waiting > 0 && --follow->waiting > 0)
        return G_SOURCE_CONTINUE;
    follow->rest = 0;
    if (is_behind(follow->document))
        hp_document_pursue(follow->document, HP_GOAL_ORGAN);
    return G_SOURCE_REMOVE;
}

static void changed_cb(GtkWidget *owner, guint change)
{
    Follow *follow = g_object_get_data(G_OBJECT(owner), "follow");
    if (change & HP_CHANGE_SKETCH)
        follow->waiting = 0;
    if (!(change & HP_CHANGE_PLAN))
        return;
    g_clear_handle_id(&follow->rest, g_source_remove);
    if (!is_behind(follow->document))
        return;
    follow->rest = g_timeout_add(REST_MS, rest_cb, follow);
    follow->waiting = PATIENCE;
    hp_document_pursue(follow->document, HP_GOAL_SKETCH);
}

static void follow_free(gpointer data)
{
    Follow *follow = data;
    g_clear_handle_id(&follow->rest, g_source_remove);
    g_object_unref(follow->document);
    g_free(follow);
}

void hp_follow_begin(GtkWidget *owner, HpDocument *document)
{
    Follow *follow = g_new0(Follow, 1);
    follow->document = g_object_ref(document);
    g_object_set_data_full(G_OBJECT(owner), "follow", follow, follow_free);
    g_signal_connect_object(document, "changed", G_CALLBACK(changed_cb), owner, G_CONNECT_SWAPPED);
}
