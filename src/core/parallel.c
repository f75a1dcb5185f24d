// SPDX-License-Identifier: Apache-2.0
// Splits a loop over a fixed pool of threads, with the same result for any number of them.
#include "core/parallel.h"

#include <stdbool.h>

// One running loop. Slabs are handed out by an atomic counter; which thread takes which slab
// changes from run to run, what a slab computes does not.
typedef struct {
    HpSlabCb slab_cb;
    void *data;
    int count, grain, slabs;
    gint next;
    gint helpers; // helper threads still inside; guarded by `lock`
    GMutex lock;
    GCond left;
} Loop;

static gint chosen_threads;          // 0: not chosen yet
static GThreadPool *pool;            // helpers; the caller is the other thread
static GMutex pool_lock;             // guards `pool`
static _Thread_local bool is_inside; // this thread runs a slab

static void take_slabs(Loop *loop)
{
    const bool was_inside = is_inside;
    is_inside = true;
    for (int slab; (slab = g_atomic_int_add(&loop->next, 1)) < loop->slabs;) {
        const int begin = slab * loop->grain;
        const int end = loop->count - begin < loop->grain ? loop->count : begin + loop->grain;
        loop->slab_cb(begin, end, slab, loop->data);
    }
    is_inside = was_inside;
}

static void help_cb(gpointer pushed, gpointer unused)
{
    Loop *loop = pushed;
    (void)unused;
    take_slabs(loop);
    g_mutex_lock(&loop->lock);
    if (--loop->helpers == 0)
        g_cond_signal(&loop->left);
    g_mutex_unlock(&loop->lock);
}

int hp_parallel_slabs(int count, int grain)
{
    g_assert(grain > 0);
    return count <= 0 ? 0 : (count - 1) / grain + 1;
}

// Pushes the loop to the helpers; returns how many will enter it.
static int call_helpers(Loop *loop, int wanted)
{
    g_mutex_lock(&pool_lock);
    if (pool == NULL)
        pool = g_thread_pool_new(help_cb, NULL, -1, FALSE, NULL);
    loop->helpers = wanted;
    int pushed = 0;
    while (pushed < wanted && g_thread_pool_push(pool, loop, NULL))
        pushed++;
    g_mutex_unlock(&pool_lock);
    return pushed;
}

void hp_parallel_for(int count, int grain, HpSlabCb slab_cb, void *data)
{
    const int slabs = hp_parallel_slabs(count, grain);
    const int threads = is_inside ? 1 : hp_parallel_get_threads();
    Loop loop = {.slab_cb = slab_cb, .data = data, .count = count, .grain = grain, .slabs = slabs};

    const int wanted = MIN(threads, slabs) - 1;
    if (wanted <= 0) {
        take_slabs(&loop);
        return;
    }
    g_mutex_init(&loop.lock);
    g_cond_init(&loop.left);
    const int pushed = call_helpers(&loop, wanted);
    take_slabs(&loop);
    g_mutex_lock(&loop.lock);
    loop.helpers -= wanted - pushed;
    while (loop.helpers > 0)
        g_cond_wait(&loop.left, &loop.lock);
    g_mutex_unlock(&loop.lock);
    g_cond_clear(&loop.left);
    g_mutex_clear(&loop.lock);
}

void hp_parallel_set_threads(int threads)
{
    g_assert(threads >= 1);
    g_atomic_int_set(&chosen_threads, threads);
}

int hp_parallel_get_threads(void)
{
    int chosen = g_atomic_int_get(&chosen_threads);
    if (chosen == 0) { // asked once: the answer is a system call, loops are many
        chosen = (int)g_get_num_processors();
        g_atomic_int_set(&chosen_threads, chosen);
    }
    return chosen;
}
