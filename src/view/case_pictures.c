// SPDX-License-Identifier: Apache-2.0
// The pictures of a finished case: a slice of each plane with its contours, and the surface.
#include "view/case_pictures.h"

#include "core/contour.h"
#include "core/segment.h"
#include "view/palette.h"
#include "view/png.h"
#include "view/raster.h"
#include "view/slice.h"

#include <math.h>
#include <string.h>

#define WIDTH 960 // pixels, of each picture

const struct HpCasePicture hp_case_pictures[HP_CASE_PICTURES] = {
    {"Axial, seen from the feet", "axial.png"},
    {"Coronal, from the front", "coronal.png"},
    {"Sagittal, from the left", "sagittal.png"},
    {"Surface, from the front", "surface.png"},
};

static bool write_picture(HpPicture *picture, const char *folder, const char *name, HpTask *task,
                          GError **error)
{
    g_autoptr(HpPicture) owned = picture;
    g_autofree char *path = g_build_filename(folder, name, NULL);
    return owned != NULL && hp_png_write(owned, path, task, error);
}

// The slice that holds most of the organ; of planes with a seed the seed's, which shows its origin.
static int choose_slice(const HpMask *mask, const GPtrArray *seeds, HpPlane plane)
{
    for (guint at = 0; at < seeds->len; at++) {
        const HpContour *seed = seeds->pdata[at];
        if (seed->plane == plane)
            return seed->slice;
    }
    return hp_slice_of_most(mask, plane, HP_LABEL_LIVER);
}

// The planar contours nearest to a slice, put onto it: they were found on slices 3 mm apart. None
// that lie further away than that.
static GPtrArray *contours_near(const HpCaseView *what, HpPlane plane, int slice)
{
    const HpGrid *grid = &what->volume->grid;
    const GPtrArray *all = what->contours;
    const double spacing_mm = grid->spacing_mm[hp_grid_axis(grid, plane)];
    GPtrArray *near = hp_contours_new();
    double nearest = 3 / spacing_mm;
    for (guint at = 0; at < all->len; at++) {
        const HpContour *contour = all->pdata[at];
        double a, b, level;
        hp_slice_from_mm(grid, contour->plane, contour->mm[0], &a, &b, &level);
        const double distance = fabs(level - slice);
        if (contour->plane != plane || distance > nearest + 1e-6)
            continue;
        if (distance < nearest - 1e-6)
            g_ptr_array_set_size(near, 0);
        nearest = distance;
        HpContour *copy = hp_contour_copy(contour);
        copy->slice = slice;
        g_ptr_array_add(near, copy);
    }
    return near;
}

// As high as the slice is in its true shape, within reason.
static int height_of(const HpGrid *grid, HpPlane plane)
{
    int u, v;
    hp_plane_axes(grid, plane, &u, &v);
    const double width_mm = grid->size[u] * grid->spacing_mm[u];
    const double height_mm = grid->size[v] * grid->spacing_mm[v];
    return (int)CLAMP(WIDTH * height_mm / width_mm + 60, WIDTH / 2.0, 1.5 * WIDTH);
}

static HpPicture *compose(const HpCaseView *what, HpPlane plane, GError **error)
{
    HpSliceView view = hp_slice_view_default(what->volume, plane);
    view.slice = choose_slice(what->mask, what->seeds, plane);
    g_autoptr(GPtrArray) planar = contours_near(what, plane, view.slice);
    HpSliceCurves curves[2] = {
        {.contours = planar, .width = 1.5, .dashed = true},
        {.contours = what->seeds, .width = 1.5, .nodes = true},
    };
    memcpy(curves[0].colour, hp_palette_text, 3);
    memcpy(curves[1].colour, hp_palette_seed, 3);
    view.mask = what->mask;
    view.curves = curves;
    view.curves_count = (int)G_N_ELEMENTS(curves);
    return hp_slice_compose(&view, WIDTH, height_of(&what->volume->grid, plane), error);
}

bool hp_case_pictures_write(const HpCaseView *what, const char *folder, HpTask *task,
                            GError **error)
{
    for (int plane = 0; plane < HP_PLANE_COUNT; plane++)
        if (!write_picture(compose(what, plane, error), folder, hp_case_pictures[plane].name, task,
                           error))
            return false;
    const HpRasterView view = hp_raster_view_default();
    HpPicture *surface = hp_raster_render(what->mesh, &view, WIDTH, WIDTH, task, error);
    return write_picture(surface, folder, hp_case_pictures[HP_PLANE_COUNT].name, task, error);
}
