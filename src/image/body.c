// SPDX-License-Identifier: Apache-2.0
// Where the patient is: body without table, blankets and the air around.
#include "image/body.h"

#include "core/error.h"
#include "image/components.h"
#include "image/morphology.h"
#include "image/resample.h"

// Denser than air and foam, with margin; in CT cut at -160 HU air reads -160. Measured on portal CT.
#define WHOLE_HU (-250)
#define WINDOWED_HU (-150)

uint8_t *hp_body_find(const HpVolume *volume, HpGrid *grid, HpTask *task, GError **error)
{
    double spacing_mm[3];
    for (int axis = 0; axis < 3; axis++)
        spacing_mm[axis] = MAX(volume->grid.spacing_mm[axis], 3);
    *grid = hp_grid_resampled(&volume->grid, spacing_mm);
    g_autoptr(HpField) coarse = hp_resample_volume(volume, grid, -1024, task, error);
    if (coarse == NULL)
        return NULL;
    const size_t count = hp_grid_count(grid);
    g_autofree uint8_t *body = hp_try_alloc(count, 1, "the body", error);
    if (body == NULL)
        return NULL;
    int low_hu, high_hu;
    const bool is_windowed = hp_volume_is_windowed(volume, &low_hu, &high_hu);
    for (size_t at = 0; at < count; at++)
        body[at] = coarse->value[at] > (is_windowed ? WINDOWED_HU : WHOLE_HU);

    // Erosion parts the patient from the table; what is left grows back a little further.
    const int axis = hp_grid_axis(grid, HP_PLANE_AXIAL);
    const bool is_done = hp_erode(body, grid, 4, task, error) &&
                         hp_components_keep_largest(body, grid, task, error) &&
                         hp_dilate(body, grid, 5, task, error) &&
                         hp_fill_holes_slices(body, grid, axis, 1, task, error);
    return is_done ? g_steal_pointer(&body) : NULL;
}
