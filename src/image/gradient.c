// SPDX-License-Identifier: Apache-2.0
// How fast a picture changes: the length of its gradient, per millimetre.
#include "image/gradient.h"

#include "core/kernel.h"
#include "core/parallel.h"

#include <math.h>

typedef struct {
    const HpField *in;
    HpField *out;
    HpTask *task;
} Gradient;

// 1 / mm between the two neighbours that are compared; 0 if there is only one voxel.
static float per_mm(const HpGrid *grid, int axis, int at)
{
    const int last = grid->size[axis] - 1;
    const int apart = MIN(at + 1, last) - MAX(at - 1, 0);
    return apart > 0 ? (float)(1 / (apart * grid->spacing_mm[axis])) : 0;
}

HP_KERNEL static void gradient_row(const float *restrict row, const float *restrict before_j,
                                   const float *restrict after_j, const float *restrict before_k,
                                   const float *restrict after_k, const float per[3],
                                   float *restrict out, int length)
{
    const float per_i = per[0], per_j = per[1], per_k = per[2];
    for (int i = 1; i < length - 1; i++) {
        const float di = (row[i + 1] - row[i - 1]) * per_i;
        const float dj = (after_j[i] - before_j[i]) * per_j;
        const float dk = (after_k[i] - before_k[i]) * per_k;
        out[i] = sqrtf(di * di + dj * dj + dk * dk);
    }
}

static void rows_cb(int begin, int end, int slab, void *data)
{
    const Gradient *gradient = data;
    const HpGrid *grid = &gradient->in->grid;
    const int ni = grid->size[0], nj = grid->size[1], nk = grid->size[2];
    const float *value = gradient->in->value;
    for (int at = begin; at < end && !hp_task_is_cancelled(gradient->task); at++) {
        const int j = at % nj, k = at / nj;
        const float *row = value + hp_grid_offset(grid, 0, j, k);
        const float *before_j = value + hp_grid_offset(grid, 0, MAX(j - 1, 0), k);
        const float *after_j = value + hp_grid_offset(grid, 0, MIN(j + 1, nj - 1), k);
        const float *before_k = value + hp_grid_offset(grid, 0, j, MAX(k - 1, 0));
        const float *after_k = value + hp_grid_offset(grid, 0, j, MIN(k + 1, nk - 1));
        const float per[3] = {per_mm(grid, 0, 1), per_mm(grid, 1, j), per_mm(grid, 2, k)};
        float *out = gradient->out->value + hp_grid_offset(grid, 0, j, k);
        gradient_row(row, before_j, after_j, before_k, after_k, per, out, ni);
        for (int i = 0; i < ni; i += MAX(ni - 1, 1)) { // the two ends
            const float di = (row[MIN(i + 1, ni - 1)] - row[MAX(i - 1, 0)]) * per_mm(grid, 0, i);
            const float dj = (after_j[i] - before_j[i]) * per[1];
            const float dk = (after_k[i] - before_k[i]) * per[2];
            out[i] = sqrtf(di * di + dj * dj + dk * dk);
        }
    }
}

HpField *hp_gradient(const HpField *in, HpTask *task, GError **error)
{
    g_autoptr(HpField) out = hp_field_new(&in->grid, error);
    if (out == NULL)
        return NULL;
    Gradient gradient = {in, out, task};
    hp_parallel_for(in->grid.size[1] * in->grid.size[2], 64, rows_cb, &gradient);
    return hp_task_step(task, 1, error) ? g_steal_pointer(&out) : NULL;
}
