// SPDX-License-Identifier: Apache-2.0
// Slabs cover every item once, give the same sums on any number of threads, and can be cancelled.
#include "core/error.h"
#include "core/parallel.h"
#include "core/task.h"

#include <stdbool.h>

typedef struct {
    gint *touched;
    double *partial;
} Sums;

static void sum_cb(int begin, int end, int slab, void *data)
{
    Sums *sums = data;
    for (int at = begin; at < end; at++) {
        g_atomic_int_inc(&sums->touched[at]);
        sums->partial[slab] += 1.0 / (at + 1);
    }
}

static double harmonic(int threads, int count, int grain)
{
    hp_parallel_set_threads(threads);
    const int slabs = hp_parallel_slabs(count, grain);
    g_autofree gint *touched = g_new0(gint, count);
    g_autofree double *partial = g_new0(double, slabs);
    hp_parallel_for(count, grain, sum_cb, &(Sums){touched, partial});
    double sum = 0;
    for (int slab = 0; slab < slabs; slab++)
        sum += partial[slab];
    for (int at = 0; at < count; at++)
        g_assert_cmpint(touched[at], ==, 1);
    return sum;
}

static void one_and_eight_threads_agree_to_the_bit(void)
{
    for (int count = 1; count < 2000; count += 333) {
        const double one = harmonic(1, count, 7), eight = harmonic(8, count, 7);
        g_assert_true(one == eight);
    }
}

static void outer_cb(int begin, int end, int slab, void *data)
{
    (void)begin, (void)end, (void)slab;
    gint touched[16] = {0};
    double partial[16] = {0};
    hp_parallel_for(16, 1, sum_cb, &(Sums){touched, partial});
    g_atomic_int_add((gint *)data, touched[15]);
}

static void loops_inside_loops_finish(void)
{
    gint done = 0;
    hp_parallel_set_threads(8);
    hp_parallel_for(64, 1, outer_cb, &done);
    g_assert_cmpint(done, ==, 64);
}

static void nothing_to_do_is_done(void)
{
    hp_parallel_for(0, 4, sum_cb, NULL);
    g_assert_cmpint(hp_parallel_slabs(0, 4), ==, 0);
    g_assert_cmpint(hp_parallel_slabs(9, 4), ==, 3);
}

static void stages_of_a_part_stay_within_it(void)
{
    HpTask task;
    hp_task_init(&task);
    hp_task_part(&task, 0.2, 0.6);
    g_assert_true(hp_task_step(&task, 0.5, NULL));
    g_assert_cmpfloat_with_epsilon(hp_task_get_fraction(&task), 0.4, 1e-9);
    hp_task_stage(&task, "Filtering", 0.5, 1);
    g_assert_true(hp_task_step(&task, 0.5, NULL));
    g_assert_cmpfloat_with_epsilon(hp_task_get_fraction(&task), 0.5, 1e-9);
}

static void task_tells_progress_and_hears_cancel(void)
{
    HpTask task;
    hp_task_init(&task);
    hp_task_stage(&task, "Reading", 0.5, 1);
    g_assert_true(hp_task_step(&task, 0.5, NULL));
    g_assert_cmpfloat_with_epsilon(hp_task_get_fraction(&task), 0.75, 1e-9);
    g_assert_cmpstr(hp_task_get_words(&task), ==, "Reading");
    hp_task_cancel(&task);
    g_autoptr(GError) error = NULL;
    g_assert_false(hp_task_step(&task, 0.6, &error));
    g_assert_error(error, HP_ERROR, HP_ERROR_CANCELLED);
    g_assert_true(hp_task_step(NULL, 0.5, NULL));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/parallel/one_and_eight_threads_agree_to_the_bit",
                    one_and_eight_threads_agree_to_the_bit);
    g_test_add_func("/parallel/loops_inside_loops_finish", loops_inside_loops_finish);
    g_test_add_func("/parallel/nothing_to_do_is_done", nothing_to_do_is_done);
    g_test_add_func("/task/stages_of_a_part_stay_within_it", stages_of_a_part_stay_within_it);
    g_test_add_func("/task/task_tells_progress_and_hears_cancel",
                    task_tells_progress_and_hears_cancel);
    return g_test_run();
}
