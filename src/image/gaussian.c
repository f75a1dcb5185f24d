// SPDX-License-Identifier: Apache-2.0
// Blurs by a Gaussian, its standard deviation in millimetres on every axis.
#include "image/gaussian.h"

#include "image/separable.h"

static bool blur(HpSeparable *filter, const HpGrid *grid, double sigma_mm, HpTask *task,
                 GError **error)
{
    HpAxisMap *map[3];
    for (int axis = 0; axis < 3; axis++)
        filter->map[axis] = map[axis] =
            hp_axis_map_gaussian(grid->size[axis], sigma_mm / grid->spacing_mm[axis]);
    const bool is_done = hp_separable_run(filter, task, error);
    for (int axis = 0; axis < 3; axis++)
        hp_axis_map_free(map[axis]);
    return is_done;
}

HpField *hp_gaussian(const HpField *in, double sigma_mm, HpTask *task, GError **error)
{
    g_autoptr(HpField) out = hp_field_new(&in->grid, error);
    if (out == NULL)
        return NULL;
    HpSeparable filter = {.value = in->value, .to_value = out->value};
    return blur(&filter, &in->grid, sigma_mm, task, error) ? g_steal_pointer(&out) : NULL;
}

HpField *hp_gaussian_volume(const HpVolume *in, double sigma_mm, HpTask *task, GError **error)
{
    g_autoptr(HpField) out = hp_field_new(&in->grid, error);
    if (out == NULL)
        return NULL;
    HpSeparable filter = {.hu = in->hu, .to_value = out->value};
    return blur(&filter, &in->grid, sigma_mm, task, error) ? g_steal_pointer(&out) : NULL;
}

bool hp_gaussian_into(const HpVolume *in, double sigma_mm, HpVolume *out, HpTask *task,
                      GError **error)
{
    g_assert(hp_grid_count(&in->grid) == hp_grid_count(&out->grid));
    HpSeparable filter = {.hu = in->hu, .to_hu = out->hu};
    return blur(&filter, &in->grid, sigma_mm, task, error);
}
