// SPDX-License-Identifier: Apache-2.0
// Named states of a mask, for undo and redo: each is a table of bricks shared with its neighbours.
#include "core/commit.h"

typedef struct {
    HpMask *mask;
    char *name;
} State;

struct HpCommits {
    GArray *states; // of State
    guint current;
};

static void state_clear_cb(gpointer data)
{
    State *state = data;
    hp_mask_unref(state->mask);
    g_free(state->name);
}

static void append(HpCommits *commits, HpMask *mask, const char *name)
{
    const State state = {hp_mask_ref(mask), g_strdup(name)};
    g_array_append_val(commits->states, state);
    commits->current = commits->states->len - 1;
}

HpCommits *hp_commits_new(HpMask *first, const char *name)
{
    HpCommits *commits = g_new0(HpCommits, 1);
    commits->states = g_array_new(FALSE, FALSE, sizeof(State));
    g_array_set_clear_func(commits->states, state_clear_cb);
    append(commits, first, name);
    return commits;
}

void hp_commits_free(HpCommits *commits)
{
    if (commits == NULL)
        return;
    g_array_unref(commits->states);
    g_free(commits);
}

void hp_commits_push(HpCommits *commits, HpMask *mask, const char *name)
{
    g_array_set_size(commits->states, commits->current + 1);
    append(commits, mask, name);
}

static State *current(const HpCommits *commits)
{
    return &g_array_index(commits->states, State, commits->current);
}

HpMask *hp_commits_get_mask(const HpCommits *commits)
{
    return current(commits)->mask;
}

const char *hp_commits_get_name(const HpCommits *commits)
{
    return current(commits)->name;
}

bool hp_commits_undo(HpCommits *commits)
{
    if (commits->current == 0)
        return false;
    commits->current--;
    return true;
}

bool hp_commits_redo(HpCommits *commits)
{
    if (commits->current + 1 >= commits->states->len)
        return false;
    commits->current++;
    return true;
}
