// SPDX-License-Identifier: Apache-2.0
// The synthetic donor: a portal-venous CT of a body that nobody has, with its truth.
#include "phantom/phantom.h"

#include "core/error.h"
#include "core/segment.h"

#include <math.h>

#include "phantom/anatomy.h"
#include "phantom/render.h"

HpPhantomParams hp_phantom_params_default(void)
{
    return (HpPhantomParams){
        .matrix = 256, .slices = 130, .spacing_mm = {1.45, 1.45, 1.6}, .seed = 1};
}

static bool refuse(const char *what, double value, double low, double high, GError **error)
{
    if (value >= low && value <= high)
        return false;
    g_set_error(error, HP_ERROR, HP_ERROR_UNSUPPORTED, "%s is %g, expected %g to %g", what, value,
                low, high);
    return true;
}

bool hp_phantom_params_validate(const HpPhantomParams *params, GError **error)
{
    for (int axis = 0; axis < 3; axis++)
        if (refuse("spacing", params->spacing_mm[axis], 0.2, 20, error))
            return false;
    return !refuse("matrix", params->matrix, 16, 2048, error) &&
           !refuse("number of slices", params->slices, 1, 4096, error) &&
           !refuse("tilt", params->tilt_deg, -30, 30, error);
}

HpGrid hp_phantom_grid(const HpPhantomParams *params)
{
    HpGrid grid = hp_grid_new(params->matrix, params->matrix, params->slices, params->spacing_mm[0],
                              params->spacing_mm[1], params->spacing_mm[2]);
    for (int axis = 0; axis < 3; axis++)
        grid.origin_mm[axis] = -0.5 * (grid.size[axis] - 1) * grid.spacing_mm[axis];
    return grid;
}

static HpFrame frame_upright(const HpGrid *grid)
{
    HpFrame frame = {.step_mm = {{grid->spacing_mm[0], 0, 0},
                                 {0, grid->spacing_mm[1], 0},
                                 {0, 0, grid->spacing_mm[2]}}};
    for (int axis = 0; axis < 3; axis++) {
        frame.size[axis] = grid->size[axis];
        frame.origin_mm[axis] = grid->origin_mm[axis];
    }
    return frame;
}

HpVolume *hp_phantom_render(const HpPhantomParams *params, HpTask *task, GError **error)
{
    if (!hp_phantom_params_validate(params, error))
        return NULL;
    const HpGrid grid = hp_phantom_grid(params);
    const HpFrame frame = frame_upright(&grid);
    g_autoptr(HpVolume) volume = hp_volume_new(&grid, error);
    if (volume == NULL)
        return NULL;
    g_autoptr(HpAnatomy) anatomy = hp_anatomy_new(params->seed);
    const int batch = hp_render_batch(&frame);
    for (int k = 0; k < params->slices; k += batch) {
        if (!hp_task_step(task, (double)k / params->slices, error))
            return NULL;
        hp_render_hu(anatomy, &frame, k, MIN(batch, params->slices - k),
                     volume->hu + hp_grid_offset(&grid, 0, 0, k));
    }
    return hp_task_step(task, 1, error) ? g_steal_pointer(&volume) : NULL;
}

// The labels of all organs, or the liver's alone.
static HpMask *render_mask(const HpPhantomParams *params, bool is_liver_only, HpTask *task,
                           GError **error)
{
    if (!hp_phantom_params_validate(params, error))
        return NULL;
    const HpGrid grid = hp_phantom_grid(params);
    const HpFrame frame = frame_upright(&grid);
    g_autoptr(HpMask) mask = hp_mask_new(&grid, error);
    if (mask == NULL)
        return NULL;
    g_autoptr(HpAnatomy) anatomy = hp_anatomy_new(params->seed);
    const size_t slice = (size_t)params->matrix * params->matrix;
    g_autofree uint8_t *labels = g_try_malloc(slice * HP_BRICK);
    if (labels == NULL) {
        g_set_error(error, HP_ERROR, HP_ERROR_NO_MEMORY, "labels of %d slices", HP_BRICK);
        return NULL;
    }
    for (int k = 0; k < params->slices; k += HP_BRICK) {
        if (!hp_task_step(task, (double)k / params->slices, error))
            return NULL;
        const int count = MIN(HP_BRICK, params->slices - k);
        hp_render_labels(anatomy, &frame, k, count, labels);
        if (is_liver_only)
            for (size_t at = 0; at < slice * count; at++)
                labels[at] = labels[at] >= 1 && labels[at] <= 3;
        const int lo[3] = {0, 0, k}, size[3] = {params->matrix, params->matrix, count};
        hp_mask_write_box(mask, lo, size, labels);
    }
    return hp_task_step(task, 1, error) ? g_steal_pointer(&mask) : NULL;
}

HpMask *hp_phantom_labels(const HpPhantomParams *params, HpTask *task, GError **error)
{
    return render_mask(params, false, task, error);
}

HpMask *hp_phantom_liver(const HpPhantomParams *params, HpTask *task, GError **error)
{
    return render_mask(params, true, task, error);
}

const char *hp_phantom_label_name(uint8_t label)
{
    for (int tissue = 0; label != 0 && tissue < HP_TISSUE_COUNT; tissue++)
        if (hp_tissue_label(tissue) == label)
            return hp_tissue_name(tissue);
    return NULL;
}
