// SPDX-License-Identifier: Apache-2.0
// The median of each voxel's 3x3x3 neighbourhood; beyond the border the border voxel is repeated.
//
// The nine values of a column (three rows of three slices) are sorted once and serve three
// neighbours along i. When three sorted columns are put in order rank by rank, only 13 of the 27
// values can be the median, and it is the seventh of them: a value of rank r and place p has at
// least (p+1)(r+1) values at or below it, and (3-p)(9-r) at or above. All steps are minima and
// maxima of whole rows.
#include "image/median.h"

#include "core/kernel.h"
#include "core/parallel.h"

#define VALUE int16_t
#define NAMED(name) name##_hu
#include "image/median_rows.inc"

#define VALUE float
#define NAMED(name) name##_float
#include "image/median_rows.inc"

typedef struct {
    const int *size;
    const int16_t *hu; // source and result of one kind
    int16_t *to_hu;
    const float *value;
    float *to_value;
    HpTask *task;
} Median;

static void rows_cb(int begin, int end, int slab, void *data)
{
    const Median *median = data;
    const int ni = median->size[0], nj = median->size[1], nk = median->size[2];
    g_autofree float *sorted = g_new(float, 9 * ((size_t)ni + 2)); // int16 needs less
    for (int row = begin; row < end && !hp_task_is_cancelled(median->task); row++) {
        const int j = row % nj, k = row / nj;
        size_t near_row[9];
        for (int at = 0; at < 9; at++) {
            const int near_j = CLAMP(j + at % 3 - 1, 0, nj - 1);
            const int near_k = CLAMP(k + at / 3 - 1, 0, nk - 1);
            near_row[at] = ((size_t)near_k * nj + near_j) * ni;
        }
        const size_t to = (size_t)row * ni;
        if (median->hu != NULL) {
            sort_columns_hu(median->hu, near_row, (int16_t *)sorted, ni);
            median_row_hu((int16_t *)sorted, median->to_hu + to, ni);
        } else {
            sort_columns_float(median->value, near_row, sorted, ni);
            median_row_float(sorted, median->to_value + to, ni);
        }
    }
}

static bool run(Median *median, HpTask *task, GError **error)
{
    median->task = task;
    hp_parallel_for(median->size[1] * median->size[2], 64, rows_cb, median);
    return hp_task_step(task, 1, error);
}

HpVolume *hp_median_volume(const HpVolume *in, HpTask *task, GError **error)
{
    g_autoptr(HpVolume) out = hp_volume_new(&in->grid, error);
    if (out == NULL)
        return NULL;
    Median median = {.size = in->grid.size, .hu = in->hu, .to_hu = out->hu};
    return run(&median, task, error) ? g_steal_pointer(&out) : NULL;
}

HpField *hp_median(const HpField *in, HpTask *task, GError **error)
{
    g_autoptr(HpField) out = hp_field_new(&in->grid, error);
    if (out == NULL)
        return NULL;
    Median median = {.size = in->grid.size, .value = in->value, .to_value = out->value};
    return run(&median, task, error) ? g_steal_pointer(&out) : NULL;
}
