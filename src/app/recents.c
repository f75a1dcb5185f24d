// SPDX-License-Identifier: Apache-2.0
// Remembers what was open: each case with a picture and its millilitres, for the welcome page.
#include "app/recents.h"

#include "case/recent.h"
#include "view/slice.h"

#include <gtk/gtk.h>
#include <math.h>

enum { WIDTH = 128, HEIGHT = 96 };

#define ZOOM 1.3 // a body fills about three quarters of what a scanner pictures

// The axial slice that holds most of the organ, or the middle one, as PNG; NULL where it cannot be made.
static GBytes *dup_thumbnail(const HpDocument *document)
{
    const HpVolume *volume = hp_document_get_volume(document);
    const HpMask *mask = hp_document_get_mask(document);
    if (volume == NULL)
        return NULL;
    HpSliceView view = hp_slice_view_default(volume, HP_PLANE_AXIAL);
    view.zoom = ZOOM;
    view.letters = view.scale_bar = view.title = false;
    if (mask != NULL) {
        view.mask = mask;
        view.slice = hp_slice_of_most(mask, HP_PLANE_AXIAL, 0);
    }
    g_autoptr(HpPicture) picture = hp_slice_compose(&view, WIDTH, HEIGHT, NULL);
    if (picture == NULL)
        return NULL;
    const gsize stride = 3 * WIDTH;
    g_autoptr(GBytes) pixels = g_bytes_new(picture->rgb, stride * HEIGHT);
    g_autoptr(GdkTexture) texture =
        gdk_memory_texture_new(WIDTH, HEIGHT, GDK_MEMORY_R8G8B8, pixels, stride);
    return gdk_texture_save_to_png_bytes(texture);
}

// A list that cannot be written is no reason to disturb anyone: the case itself is kept elsewhere.
static void changed_cb(HpDocument *document, guint change)
{
    const HpSeries *series = hp_document_get_series(document);
    const char *path = hp_document_get_case_path(document);
    if (path == NULL && series != NULL)
        path = series->path;
    if (path == NULL || !(change & (HP_CHANGE_IMAGE | HP_CHANGE_RESULT)))
        return;
    g_autoptr(GBytes) thumbnail = dup_thumbnail(document);
    g_autofree char *whole = g_canonicalize_filename(path, NULL);
    hp_recent_add(whole, hp_document_get_numbers(document).mask_ml, thumbnail, NULL);
}

void hp_recents_follow(HpDocument *document)
{
    g_signal_connect(document, "changed", G_CALLBACK(changed_cb), NULL);
}
