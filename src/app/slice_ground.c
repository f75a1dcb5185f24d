// SPDX-License-Identifier: Apache-2.0
// The picture of a slice below all lines and letters, kept for as long as it stays the same.
#include "app/slice_ground.h"

struct HpSliceGround {
    cairo_surface_t *surface; // NULL: nothing is kept
    HpSliceView view;         // what it shows; its band is in `band_hu`
    double band_hu[2];
    int width, height;
};

HpSliceGround *hp_slice_ground_new(void)
{
    return g_new0(HpSliceGround, 1);
}

void hp_slice_ground_free(HpSliceGround *ground)
{
    hp_slice_ground_drop(ground);
    g_free(ground);
}

void hp_slice_ground_drop(HpSliceGround *ground)
{
    g_clear_pointer(&ground->surface, cairo_surface_destroy);
}

static bool shows(const HpSliceGround *ground, const HpSliceView *view, int width, int height)
{
    const HpSliceView *old = &ground->view;
    if (ground->surface == NULL || ground->width != width || ground->height != height)
        return false;
    if ((old->band_hu == NULL) != (view->band_hu == NULL) ||
        (view->band_hu != NULL &&
         (ground->band_hu[0] != view->band_hu[0] || ground->band_hu[1] != view->band_hu[1])))
        return false;
    return old->volume == view->volume && old->prepared == view->prepared &&
           old->mask == view->mask && old->segments == view->segments &&
           old->plane == view->plane && old->slice == view->slice && old->low_hu == view->low_hu &&
           old->high_hu == view->high_hu && old->margin == view->margin &&
           old->zoom == view->zoom && old->pan_mm[0] == view->pan_mm[0] &&
           old->pan_mm[1] == view->pan_mm[1] && old->opacity == view->opacity &&
           old->outline == view->outline && old->shows_voxels == view->shows_voxels;
}

// A cairo surface at device resolution, to be drawn 1:1: under a renderer without hardware that is many
// times faster than a scaled texture.
cairo_surface_t *hp_slice_ground_get(HpSliceGround *ground, const HpSliceView *view, int width,
                                     int height)
{
    if (shows(ground, view, width, height))
        return ground->surface;
    hp_slice_ground_drop(ground);
    g_autoptr(HpPicture) picture = hp_slice_compose_ground(view, width, height, NULL);
    if (picture == NULL)
        return NULL;
    ground->surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, width, height);
    hp_picture_to_rgb24(picture, cairo_image_surface_get_data(ground->surface),
                        cairo_image_surface_get_stride(ground->surface));
    cairo_surface_mark_dirty(ground->surface);
    ground->view = *view;
    ground->width = width;
    ground->height = height;
    for (int end = 0; view->band_hu != NULL && end < 2; end++)
        ground->band_hu[end] = view->band_hu[end];
    return ground->surface;
}
