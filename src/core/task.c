// SPDX-License-Identifier: Apache-2.0
// Progress and cancel of a long computation: two atomics that the owner polls.
#include "core/task.h"

#include "core/error.h"

#include <glib/gi18n.h>

void hp_task_init(HpTask *task)
{
    *task = (HpTask){.words = "", .from = 0, .to = 1, .part = {0, 1}};
}

bool hp_task_step(HpTask *task, double fraction, GError **error)
{
    if (task == NULL)
        return true;
    const double whole = task->from + (task->to - task->from) * CLAMP(fraction, 0, 1);
    g_atomic_int_set(&task->permille, (gint)(1000 * whole + 0.5));
    if (!g_atomic_int_get(&task->cancelled))
        return true;
    g_set_error_literal(error, HP_ERROR, HP_ERROR_CANCELLED, _("cancelled"));
    return false;
}

void hp_task_part(HpTask *task, double from, double to)
{
    if (task == NULL)
        return;
    task->part[0] = from;
    task->part[1] = to;
    task->from = from;
    task->to = to;
}

void hp_task_stage(HpTask *task, const char *words, double from, double to)
{
    if (task == NULL)
        return;
    g_atomic_pointer_set(&task->words, words);
    const double length = task->part[1] - task->part[0];
    task->from = task->part[0] + length * from;
    task->to = task->part[0] + length * to;
    hp_task_step(task, 0, NULL);
}

bool hp_task_is_cancelled(const HpTask *task)
{
    return task != NULL && g_atomic_int_get(&task->cancelled);
}

void hp_task_cancel(HpTask *task)
{
    if (task != NULL)
        g_atomic_int_set(&task->cancelled, 1);
}

double hp_task_get_fraction(const HpTask *task)
{
    return task != NULL ? g_atomic_int_get(&task->permille) / 1000.0 : 0;
}

const char *hp_task_get_words(const HpTask *task)
{
    return task != NULL ? g_atomic_pointer_get((const char **)&task->words) : "";
}
