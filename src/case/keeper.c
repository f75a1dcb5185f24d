// SPDX-License-Identifier: Apache-2.0
// Writes a case on a thread of its own, one thing after another, in the order it is told.
#include "case/keeper.h"

#include "core/error.h"

#include <glib/gi18n.h>
#include <glib/gstdio.h>

typedef enum { OP_STEP, OP_ML, OP_SHOW, OP_FACTS, OP_RESULT, OP_ALL, OP_MOVE, OP_END } OpKind;

// One thing to write; what its kind does not need is empty.
typedef struct {
    OpKind kind;
    gint64 id;
    double ml;
    char *name;
    HpPlan *plan;
    HpStoreFacts facts;
    HpStoreResult *result;
    HpStoreContents *contents;
    bool removes;
    // Of a move: the caller waits for its end.
    bool *is_ended, *is_done;
    GError **error;
} Op;

struct HpKeeper {
    char *path;     // main thread, but during a move
    HpStore *store; // writer's side
    bool is_behind; // writer's side: a write failed, and all must be told anew
    HpKeeperToldCb told_cb;
    gpointer data;
    GThread *thread;
    GMutex mutex; // of what follows
    GCond changed;
    GQueue queue; // of Op
    bool is_writing;
    GError *error;
    guint told; // source that will call told_cb
};

static void op_free(Op *op)
{
    g_free(op->name);
    hp_plan_free(op->plan);
    hp_store_facts_clear(&op->facts);
    hp_store_result_free(op->result);
    hp_store_contents_free(op->contents);
    g_free(op);
}

// --- the writer

static bool put_step(HpStore *store, const Op *op, GError **error)
{
    g_autofree char *text = hp_plan_dup_text(op->plan);
    g_autoptr(HpStoreStep) step = hp_store_step_new(op->id, op->name, text);
    return hp_store_put_step(store, step, error);
}

static bool put_all(HpKeeper *keeper, const Op *op, GError **error)
{
    if (keeper->store == NULL)
        keeper->store = hp_store_create(keeper->path, error);
    return keeper->store != NULL && hp_store_put_all(keeper->store, op->contents, error);
}

static bool move(HpKeeper *keeper, const Op *op, GError **error)
{
    if (hp_store_is_at(keeper->store, op->name))
        return true;
    if (!hp_store_copy(keeper->store, op->name, error))
        return false;
    HpStore *store = hp_store_open(op->name, error);
    if (store == NULL)
        return false;
    hp_store_free(keeper->store);
    if (op->removes)
        g_unlink(keeper->path);
    keeper->store = store;
    g_free(keeper->path);
    keeper->path = g_strdup(op->name);
    return true;
}

static bool write_op(HpKeeper *keeper, const Op *op, GError **error)
{
    switch (op->kind) {
    case OP_STEP:
        return put_step(keeper->store, op, error);
    case OP_ML:
        return hp_store_put_ml(keeper->store, op->id, op->ml, error);
    case OP_SHOW:
        return hp_store_show_step(keeper->store, op->id, error);
    case OP_FACTS:
        return hp_store_put_facts(keeper->store, &op->facts, error);
    case OP_RESULT:
        return hp_store_put_result(keeper->store, op->result, error);
    case OP_ALL:
        return put_all(keeper, op, error);
    case OP_MOVE:
        return move(keeper, op, error);
    default:
        return true;
    }
}

static gboolean tell_cb(gpointer data)
{
    HpKeeper *keeper = data;
    g_mutex_lock(&keeper->mutex);
    keeper->told = 0;
    g_mutex_unlock(&keeper->mutex);
    keeper->told_cb(keeper, keeper->data);
    return G_SOURCE_REMOVE;
}

// With the mutex held: what came of an op.
static void conclude(HpKeeper *keeper, const Op *op, bool is_done, GError *error)
{
    if (op->kind == OP_MOVE) { // its caller is told, and nothing was lost
        *op->is_done = is_done;
        *op->error = error;
        *op->is_ended = true;
    } else if (is_done || error != NULL) {
        g_clear_error(&keeper->error);
        keeper->error = error;
        keeper->is_behind = !is_done;
    }
    keeper->is_writing = false;
    if (keeper->told == 0 && op->kind != OP_END && (!is_done || g_queue_is_empty(&keeper->queue)))
        keeper->told = g_idle_add(tell_cb, keeper);
    g_cond_broadcast(&keeper->changed);
}

static gpointer writer_cb(gpointer data)
{
    HpKeeper *keeper = data;
    bool is_over = false;
    while (!is_over) {
        g_mutex_lock(&keeper->mutex);
        while (g_queue_is_empty(&keeper->queue))
            g_cond_wait(&keeper->changed, &keeper->mutex);
        Op *op = g_queue_pop_head(&keeper->queue);
        keeper->is_writing = true;
        const bool is_kept = keeper->store != NULL && !keeper->is_behind;
        GError *error = NULL;
        if (op->kind == OP_MOVE && !is_kept)
            error = keeper->error != NULL ? g_error_copy(keeper->error)
                                          : g_error_new(HP_ERROR, HP_ERROR_IO,
                                                        _("%s: has not been written"), op->name);
        g_mutex_unlock(&keeper->mutex);

        bool is_done = false;
        if (is_kept || op->kind == OP_ALL)
            is_done = write_op(keeper, op, &error);
        g_mutex_lock(&keeper->mutex);
        conclude(keeper, op, is_done, error);
        g_mutex_unlock(&keeper->mutex);
        is_over = op->kind == OP_END;
        op_free(op);
    }
    return NULL;
}

// --- the main thread

static void add(HpKeeper *keeper, Op *op)
{
    g_mutex_lock(&keeper->mutex);
    Op *last = g_queue_peek_tail(&keeper->queue);
    if (op->kind == OP_STEP && last != NULL && last->kind == OP_STEP && last->id == op->id)
        op_free(g_queue_pop_tail(&keeper->queue)); // a drag is faster than the disk
    g_queue_push_tail(&keeper->queue, op);
    g_cond_broadcast(&keeper->changed);
    g_mutex_unlock(&keeper->mutex);
}

static Op *op_new(OpKind kind)
{
    Op *op = g_new0(Op, 1);
    op->kind = kind;
    return op;
}

HpKeeper *hp_keeper_new(HpStore *store, const char *path, HpKeeperToldCb told_cb, gpointer data)
{
    HpKeeper *keeper = g_new0(HpKeeper, 1);
    keeper->store = store;
    keeper->path = g_strdup(store != NULL ? hp_store_get_path(store) : path);
    keeper->told_cb = told_cb;
    keeper->data = data;
    g_mutex_init(&keeper->mutex);
    g_cond_init(&keeper->changed);
    g_queue_init(&keeper->queue);
    keeper->thread = g_thread_new("keeper", writer_cb, keeper);
    return keeper;
}

void hp_keeper_free(HpKeeper *keeper)
{
    if (keeper == NULL)
        return;
    add(keeper, op_new(OP_END));
    g_thread_join(keeper->thread);
    if (keeper->told != 0)
        g_source_remove(keeper->told);
    hp_store_free(keeper->store);
    g_clear_error(&keeper->error);
    g_mutex_clear(&keeper->mutex);
    g_cond_clear(&keeper->changed);
    g_free(keeper->path);
    g_free(keeper);
}

void hp_keeper_put_step(HpKeeper *keeper, gint64 id, const char *name, const HpPlan *plan)
{
    Op *op = op_new(OP_STEP);
    op->id = id;
    op->name = g_strdup(name);
    op->plan = hp_plan_copy(plan);
    add(keeper, op);
}

void hp_keeper_put_ml(HpKeeper *keeper, gint64 id, double ml)
{
    Op *op = op_new(OP_ML);
    op->id = id;
    op->ml = ml;
    add(keeper, op);
}

void hp_keeper_show_step(HpKeeper *keeper, gint64 id)
{
    Op *op = op_new(OP_SHOW);
    op->id = id;
    add(keeper, op);
}

void hp_keeper_put_facts(HpKeeper *keeper, const HpStoreFacts *facts)
{
    Op *op = op_new(OP_FACTS);
    op->facts = hp_store_facts_copy(facts);
    add(keeper, op);
}

void hp_keeper_put_result(HpKeeper *keeper, HpStoreResult *result)
{
    Op *op = op_new(OP_RESULT);
    op->result = result;
    add(keeper, op);
}

void hp_keeper_put_all(HpKeeper *keeper, HpStoreContents *contents)
{
    Op *op = op_new(OP_ALL);
    op->contents = contents;
    add(keeper, op);
}

bool hp_keeper_move(HpKeeper *keeper, const char *path, bool removes, GError **error)
{
    bool is_ended = false, is_done = false;
    GError *failure = NULL;
    Op *op = op_new(OP_MOVE);
    op->name = g_strdup(path);
    op->removes = removes;
    op->is_ended = &is_ended;
    op->is_done = &is_done;
    op->error = &failure;
    add(keeper, op);
    g_mutex_lock(&keeper->mutex);
    while (!is_ended)
        g_cond_wait(&keeper->changed, &keeper->mutex);
    g_mutex_unlock(&keeper->mutex);
    if (failure != NULL)
        g_propagate_error(error, failure);
    return is_done;
}

const char *hp_keeper_get_path(const HpKeeper *keeper)
{
    return keeper->path;
}

bool hp_keeper_is_settled(HpKeeper *keeper)
{
    g_mutex_lock(&keeper->mutex);
    const bool is_settled = g_queue_is_empty(&keeper->queue) && !keeper->is_writing;
    g_mutex_unlock(&keeper->mutex);
    return is_settled;
}

GError *hp_keeper_dup_error(HpKeeper *keeper)
{
    g_mutex_lock(&keeper->mutex);
    GError *error = keeper->error != NULL ? g_error_copy(keeper->error) : NULL;
    g_mutex_unlock(&keeper->mutex);
    return error;
}
