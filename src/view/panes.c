// SPDX-License-Identifier: Apache-2.0
// One picture of four panes: axial, coronal, sagittal and the surface.
#include "view/panes.h"

#include "view/palette.h"

#include <math.h>

HpPanes hp_panes_default(const HpVolume *volume, const HpMask *mask, const HpMesh *mesh)
{
    HpPanes panes = {.slice = hp_slice_view_default(volume, HP_PLANE_AXIAL),
                     .cross = true,
                     .mesh = mesh,
                     .surface = hp_raster_view_default()};
    panes.slice.mask = mask;
    for (int plane = 0; plane < HP_PLANE_COUNT; plane++)
        panes.slices[plane] = mask != NULL ? hp_slice_of_most(mask, (HpPlane)plane, 0)
                                           : hp_slice_view_default(volume, (HpPlane)plane).slice;
    return panes;
}

void hp_panes_cross_mm(const HpPanes *panes, double mm[3])
{
    const HpGrid *grid = &panes->slice.volume->grid;
    double ijk[3];
    for (int plane = 0; plane < HP_PLANE_COUNT; plane++)
        ijk[hp_grid_axis(grid, (HpPlane)plane)] = panes->slices[plane];
    hp_grid_to_mm(grid, ijk, mm);
}

static double scale_that_fits(const HpPanes *panes, HpPlane plane, int width, int height)
{
    const HpSliceFrame frame = hp_slice_frame_fit(&panes->slice.volume->grid, plane, 0, width,
                                                  height, panes->slice.margin);
    return frame.pixels_per_mm;
}

// All planes are drawn at one scale, so that what is as large in the patient is so on the screen.
static HpPicture *compose_slice(const HpPanes *panes, HpPlane plane, int width, int height,
                                GError **error)
{
    double cross_mm[3], least = INFINITY;
    HpSliceView view = panes->slice;
    for (int other = 0; other < HP_PLANE_COUNT; other++)
        least = fmin(least, scale_that_fits(panes, (HpPlane)other, width, height));
    view.zoom =
        (view.zoom > 0 ? view.zoom : 1) * least / scale_that_fits(panes, plane, width, height);
    hp_panes_cross_mm(panes, cross_mm);
    view.plane = plane;
    view.slice = panes->slices[plane];
    view.cross_mm = panes->cross ? cross_mm : NULL;
    return hp_slice_compose(&view, width, height, error);
}

static HpPicture *compose_surface(const HpPanes *panes, int width, int height, HpTask *task,
                                  GError **error)
{
    g_autoptr(HpMesh) empty = hp_mesh_new(0, 0, error);
    if (empty == NULL)
        return NULL;
    HpRasterView view = panes->surface;
    view.letter = view.letter && panes->mesh != NULL;
    return hp_raster_render(panes->mesh != NULL ? panes->mesh : empty, &view, width, height, task,
                            error);
}

HpPicture *hp_panes_compose(const HpPanes *panes, int width, int height, HpTask *task,
                            GError **error)
{
    g_autoptr(HpPicture) whole = hp_picture_new(width, height, error);
    if (whole == NULL)
        return NULL;
    const int gap = MAX(MIN(width, height) / 400, 1);
    const int left = MAX((width - gap) / 2, 1), top = MAX((height - gap) / 2, 1);
    hp_picture_fill(whole, 0, 0, width, height, hp_palette_gap);
    for (int pane = 0; pane < 4; pane++) {
        const int x = pane % 2 == 0 ? 0 : left + gap, y = pane < 2 ? 0 : top + gap;
        const int w = pane % 2 == 0 ? left : MAX(width - x, 1);
        const int h = pane < 2 ? top : MAX(height - y, 1);
        g_autoptr(HpPicture) part = pane < 3 ? compose_slice(panes, (HpPlane)pane, w, h, error)
                                             : compose_surface(panes, w, h, task, error);
        if (part == NULL)
            return NULL;
        hp_picture_place(whole, part, x, y);
        if (!hp_task_step(task, (pane + 1) / 4.0, error))
            return NULL;
    }
    return g_steal_pointer(&whole);
}
