// SPDX-License-Identifier: Apache-2.0
// A float32 value per voxel of a grid: counted, read-only once shared.
#include "core/field.h"

#include "core/error.h"

#include <math.h>

HpField *hp_field_new(const HpGrid *grid, GError **error)
{
    if (!hp_grid_validate(grid, error))
        return NULL;
    float *value = hp_try_alloc(hp_grid_count(grid), sizeof *value, "a field", error);
    if (value == NULL)
        return NULL;
    HpField *field = g_new0(HpField, 1);
    *field = (HpField){.grid = *grid, .value = value, .refs = 1};
    return field;
}

HpField *hp_field_ref(HpField *field)
{
    g_atomic_int_inc(&field->refs);
    return field;
}

void hp_field_unref(HpField *field)
{
    if (field == NULL || !g_atomic_int_dec_and_test(&field->refs))
        return;
    g_free(field->value);
    g_free(field);
}

float hp_field_sample(const HpField *field, const double mm[3], float outside)
{
    double ijk[3], part[3];
    int low[3], high[3];
    hp_grid_to_ijk(&field->grid, mm, ijk);
    for (int axis = 0; axis < 3; axis++) {
        const int last = field->grid.size[axis] - 1;
        if (!(ijk[axis] >= -0.5 && ijk[axis] <= last + 0.5))
            return outside;
        const double at = CLAMP(ijk[axis], 0, last);
        low[axis] = MIN((int)at, MAX(last - 1, 0));
        high[axis] = MIN(low[axis] + 1, last);
        part[axis] = at - low[axis];
    }
    double sum = 0;
    for (int corner = 0; corner < 8; corner++) {
        const int i = corner & 1 ? high[0] : low[0];
        const int j = corner & 2 ? high[1] : low[1];
        const int k = corner & 4 ? high[2] : low[2];
        const double weight = (corner & 1 ? part[0] : 1 - part[0]) *
                              (corner & 2 ? part[1] : 1 - part[1]) *
                              (corner & 4 ? part[2] : 1 - part[2]);
        sum += weight * field->value[hp_grid_offset(&field->grid, i, j, k)];
    }
    return (float)sum;
}
