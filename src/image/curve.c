// SPDX-License-Identifier: Apache-2.0
// A map from grey value to grey value, one entry per HU: what equalisation and contrast are.
#include "image/curve.h"

#include "core/parallel.h"

#include <math.h>

HpCurve *hp_curve_new(void)
{
    HpCurve *curve = g_new(HpCurve, 1);
    for (int at = 0; at < HP_CURVE_COUNT; at++)
        curve->hu[at] = (float)(HP_CURVE_LOW + at);
    return curve;
}

void hp_curve_free(HpCurve *curve)
{
    g_free(curve);
}

double hp_curve_map(const HpCurve *curve, double hu)
{
    if (isnan(hu))
        return hu;
    const double at = CLAMP(hu - HP_CURVE_LOW, 0, HP_CURVE_COUNT - 1);
    const int low = MIN((int)at, HP_CURVE_COUNT - 2);
    return curve->hu[low] + (at - low) * ((double)curve->hu[low + 1] - curve->hu[low]);
}

void hp_curve_append(HpCurve *curve, const HpCurve *next)
{
    for (int at = 0; at < HP_CURVE_COUNT; at++)
        curve->hu[at] = (float)hp_curve_map(next, curve->hu[at]);
}

typedef struct {
    const HpVolume *in;
    HpVolume *out;
    int16_t *to; // entry of HU 0; the table reaches both ways
    HpTask *task;
} Apply;

static void apply_cb(int begin, int end, int slab, void *data)
{
    const Apply *apply = data;
    const size_t row = apply->in->grid.size[0];
    if (hp_task_is_cancelled(apply->task))
        return;
    for (size_t at = begin * row; at < end * row; at++)
        apply->out->hu[at] = apply->to[apply->in->hu[at]];
}

bool hp_curve_apply(const HpCurve *curve, const HpVolume *in, HpVolume *out, HpTask *task,
                    GError **error)
{
    g_assert(hp_grid_count(&in->grid) == hp_grid_count(&out->grid));
    g_autofree int16_t *table = g_new(int16_t, HP_CURVE_COUNT);
    for (int at = 0; at < HP_CURVE_COUNT; at++)
        table[at] = (int16_t)lrintf(CLAMP(curve->hu[at], -32768, 32767));
    Apply apply = {in, out, table - HP_CURVE_LOW, task};
    hp_parallel_for(in->grid.size[1] * in->grid.size[2], 1024, apply_cb, &apply);
    return hp_task_step(task, 1, error);
}
