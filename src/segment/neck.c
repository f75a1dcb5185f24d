// SPDX-License-Identifier: Apache-2.0
// Cuts what hangs on an organ by a narrow neck: heart, stomach, vena cava, muscle.
#include "segment/neck.h"

#include "core/error.h"
#include "image/components.h"
#include "image/distance.h"
#include "image/morphology.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

HpNeckParams hp_neck_params_default(void)
{
    return (HpNeckParams){.neck_mm = 4.5f, .core_mm = 9, .reach_mm = 25, .close_mm = 4.5f};
}

static size_t count_of(const uint8_t *labels, size_t count)
{
    size_t voxels = 0;
    for (size_t at = 0; at < count; at++)
        voxels += labels[at] != 0;
    return voxels;
}

// The seed's parts of {depth > radius}; the largest where the seed has none. False on failure.
static bool find_core(const HpField *depth, double radius, const uint8_t *seeds, uint8_t *core,
                      HpTask *task, GError **error)
{
    const size_t count = hp_grid_count(&depth->grid);
    g_autofree uint8_t *whole = hp_try_alloc(count, 1, "core", error);
    if (whole == NULL)
        return false;
    for (size_t at = 0; at < count; at++)
        whole[at] = core[at] = depth->value[at] > radius;
    if (!hp_components_keep_touching(core, &depth->grid, seeds, task, error))
        return false;
    if (count_of(core, count) == 0)
        memcpy(core, whole, count);
    if (count_of(core, count) == 0) // nowhere so thick: the seed itself
        for (size_t at = 0; at < count; at++)
            core[at] = depth->value[at] > 0 && seeds[at];
    return hp_components_keep_largest(core, &depth->grid, task, error);
}

// labels <- labels that lie within `radius` of the core.
static bool keep_near(uint8_t *labels, const uint8_t *core, const HpGrid *grid, double radius,
                      HpTask *task, GError **error)
{
    g_autoptr(HpField) away = hp_distance_outside(core, grid, 1, radius + 1, task, error);
    if (away == NULL)
        return false;
    for (size_t at = 0; at < hp_grid_count(grid); at++)
        labels[at] = labels[at] && away->value[at] <= radius;
    return true;
}

// labels <- labels within `reach` of the core along ways inside the labels. Fronts of steps through
// faces and edges; where spacings differ much a step counts as the mean of them.
static bool keep_within_reach(uint8_t *labels, const uint8_t *core, const HpGrid *grid,
                              double reach, GError **error)
{
    const size_t count = hp_grid_count(grid);
    g_autofree uint8_t *state = hp_try_alloc(count, 1, "reach", error); // 1: may, 2: reached
    if (state == NULL)
        return false;
    g_autoptr(GArray) front = g_array_new(FALSE, FALSE, sizeof(guint32));
    g_autoptr(GArray) next = g_array_new(FALSE, FALSE, sizeof(guint32));
    for (guint32 at = 0; at < count; at++) {
        state[at] = labels[at] ? core[at] ? 2 : 1 : 0;
        if (state[at] == 2)
            g_array_append_val(front, at);
    }
    const int ni = grid->size[0], nj = grid->size[1], nk = grid->size[2];
    const double step = (grid->spacing_mm[0] + grid->spacing_mm[1] + grid->spacing_mm[2]) / 3;
    for (int round = 0; round < (int)lround(reach / step); round++) {
        g_array_set_size(next, 0);
        for (guint place = 0; place < front->len; place++) {
            const guint32 at = g_array_index(front, guint32, place);
            const int i = (int)(at % ni), j = (int)(at / ni % nj), k = (int)(at / ni / nj);
            for (int dk = -1; dk <= 1; dk++)
                for (int dj = -1; dj <= 1; dj++)
                    for (int di = -1; di <= 1; di++) {
                        // Faces alone, then faces and edges: the front grows rounder by taking turns.
                        if (abs(di) + abs(dj) + abs(dk) > (round % 2 ? 1 : 2) || i + di < 0 ||
                            i + di >= ni || j + dj < 0 || j + dj >= nj || k + dk < 0 ||
                            k + dk >= nk)
                            continue;
                        const guint32 to = (guint32)hp_grid_offset(grid, i + di, j + dj, k + dk);
                        if (state[to] == 1) {
                            state[to] = 2;
                            g_array_append_val(next, to);
                        }
                    }
        }
        GArray *swap = front;
        front = next;
        next = swap;
    }
    for (size_t at = 0; at < count; at++)
        labels[at] = state[at] == 2;
    return true;
}

bool hp_neck_cut(uint8_t *labels, const uint8_t *seeds, const HpGrid *grid,
                 const HpNeckParams *params, HpTask *task, GError **error)
{
    const size_t count = hp_grid_count(grid);
    g_autofree uint8_t *core = hp_try_alloc(count, 1, "core", error);
    if (core == NULL)
        return false;
    const double radii[2] = {params->neck_mm, params->core_mm};
    for (int pass = 0; pass < 2; pass++) {
        g_autoptr(HpField) depth =
            hp_distance_inside(labels, grid, 0, params->core_mm + 4, task, error);
        if (depth == NULL || !find_core(depth, radii[pass], seeds, core, task, error))
            return false;
        if (pass == 0 && !keep_near(labels, core, grid, radii[0] + 1, task, error))
            return false;
    }
    g_autofree uint8_t *near_core = g_memdup2(labels, count);
    if (!keep_near(near_core, core, grid, params->core_mm + 1, task, error) ||
        !keep_within_reach(labels, near_core, grid, params->reach_mm, error) ||
        !hp_close(labels, grid, params->close_mm, task, error) ||
        !hp_fill_holes_3d(labels, grid, 1, task, error) ||
        !hp_fill_holes_slices(labels, grid, hp_grid_axis(grid, HP_PLANE_AXIAL), 1, task, error))
        return false;
    if (!hp_components_keep_touching(labels, grid, seeds, task, error) ||
        !hp_components_keep_largest(labels, grid, task, error))
        return false;
    if (count_of(labels, count) > 0)
        return true;
    g_set_error_literal(error, HP_ERROR, HP_ERROR_NO_RESULT,
                        _("nothing like the seed is joined to it"));
    return false;
}
