// SPDX-License-Identifier: Apache-2.0
// The picture of a slice below all lines and letters, kept for as long as it stays the same.
#include "app/slice_ground.h"

struct HpSliceGround {
    HpPicture *plain; // without the band; NULL: nothing is kept
    float *hu;        // at its pixels; NULL until a band is shown
    HpSliceView view; // what it shows
    int width, height;
    cairo_surface_t *surface; // with the band; NULL: to be made of the plain picture
    double band_hu[2];        // of the surface; low above high: none
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
    g_clear_pointer(&ground->plain, hp_picture_free);
    g_clear_pointer(&ground->hu, g_free);
    g_clear_pointer(&ground->surface, cairo_surface_destroy);
}

static bool is_plain_right(const HpSliceGround *ground, const HpSliceView *view, int width,
                           int height)
{
    const HpSliceView *old = &ground->view;
    return ground->plain != NULL && ground->width == width && ground->height == height &&
           old->volume == view->volume && old->prepared == view->prepared &&
           old->mask == view->mask && old->segments == view->segments &&
           old->plane == view->plane && old->slice == view->slice && old->low_hu == view->low_hu &&
           old->high_hu == view->high_hu && old->margin == view->margin &&
           old->zoom == view->zoom && old->pan_mm[0] == view->pan_mm[0] &&
           old->pan_mm[1] == view->pan_mm[1] && old->opacity == view->opacity &&
           old->outline == view->outline && old->shows_voxels == view->shows_voxels;
}

// Brings the picture, tinted where the band lies, to the surface. It has device resolution, to be drawn
// 1:1: under a renderer without hardware that is many times faster than a scaled texture.
static void fill_surface(HpSliceGround *ground, const HpSliceView *view)
{
    g_autoptr(HpPicture) tinted = NULL;
    const HpPicture *picture = ground->plain;
    if (ground->surface == NULL)
        ground->surface =
            cairo_image_surface_create(CAIRO_FORMAT_RGB24, ground->width, ground->height);
    if (view->band_hu != NULL)
        tinted = hp_picture_new(ground->width, ground->height, NULL);
    if (tinted != NULL) {
        if (ground->hu == NULL)
            ground->hu = hp_slice_values(view, ground->width, ground->height);
        hp_picture_place(tinted, ground->plain, 0, 0);
        hp_slice_tint_band(tinted, ground->hu, view->band_hu);
        picture = tinted;
    }
    cairo_surface_flush(ground->surface);
    hp_picture_to_rgb24(picture, cairo_image_surface_get_data(ground->surface),
                        cairo_image_surface_get_stride(ground->surface));
    cairo_surface_mark_dirty(ground->surface);
}

cairo_surface_t *hp_slice_ground_get(HpSliceGround *ground, const HpSliceView *view, int width,
                                     int height)
{
    const double band[2] = {view->band_hu != NULL ? view->band_hu[0] : 1,
                            view->band_hu != NULL ? view->band_hu[1] : 0};
    if (!is_plain_right(ground, view, width, height)) {
        hp_slice_ground_drop(ground);
        ground->plain = hp_slice_compose_ground(view, width, height, NULL);
        if (ground->plain == NULL)
            return NULL;
        ground->view = *view;
        ground->width = width;
        ground->height = height;
    } else if (ground->surface != NULL && ground->band_hu[0] == band[0] &&
               ground->band_hu[1] == band[1]) {
        return ground->surface;
    }
    // A recording of the last frame may still hold the surface's pixels: cairo then copies them.
    fill_surface(ground, view);
    ground->band_hu[0] = band[0];
    ground->band_hu[1] = band[1];
    return ground->surface;
}
