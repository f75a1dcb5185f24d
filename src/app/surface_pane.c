// SPDX-License-Identifier: Apache-2.0
// The pane that shows the organ's surface in 3-D and is turned with the pointer.
#include "app/surface_pane.h"

#include "view/palette.h"
#include "view/raster.h"

#include <glib/gi18n.h>
#include <math.h>

struct _HpSurfacePane {
    GtkWidget parent_instance;
    HpDocument *document;
    HpRasterView view;
    double view_at_press[2];
    cairo_surface_t *shown; // NULL: stale
    bool is_turning;        // drawn at half the size while it turns
};

G_DEFINE_FINAL_TYPE(HpSurfacePane, hp_surface_pane, GTK_TYPE_WIDGET)

static void drop_picture(HpSurfacePane *pane)
{
    g_clear_pointer(&pane->shown, cairo_surface_destroy);
    gtk_widget_queue_draw(GTK_WIDGET(pane));
}

static cairo_surface_t *render(HpSurfacePane *pane, int width, int height)
{
    HpMesh *mesh = hp_document_get_mesh(pane->document);
    if (mesh == NULL)
        return NULL;
    g_autoptr(HpPicture) picture = hp_raster_render(mesh, &pane->view, width, height, NULL, NULL);
    if (picture == NULL)
        return NULL;
    cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, width, height);
    hp_picture_to_rgb24(picture, cairo_image_surface_get_data(surface),
                        cairo_image_surface_get_stride(surface));
    cairo_surface_mark_dirty(surface);
    return surface;
}

static void paint_ground(cairo_t *cairo, int height)
{
    cairo_pattern_t *ground = cairo_pattern_create_linear(0, 0, 0, height);
    for (int end = 0; end <= 1; end++) {
        uint8_t colour[3];
        hp_palette_ground(end, colour);
        cairo_pattern_add_color_stop_rgb(ground, end, colour[0] / 255.0, colour[1] / 255.0,
                                         colour[2] / 255.0);
    }
    cairo_set_source(cairo, ground);
    cairo_paint(cairo);
    cairo_pattern_destroy(ground);
}

static void hp_surface_pane_snapshot(GtkWidget *widget, GtkSnapshot *snapshot)
{
    HpSurfacePane *pane = HP_SURFACE_PANE(widget);
    const int width = gtk_widget_get_width(widget), height = gtk_widget_get_height(widget);
    const double scale = pane->is_turning ? 0.5 : gtk_widget_get_scale_factor(widget);
    if (width < 8 || height < 8)
        return;
    if (pane->shown == NULL)
        pane->shown = render(pane, (int)(width * scale), (int)(height * scale));
    cairo_t *cairo = gtk_snapshot_append_cairo(snapshot, &GRAPHENE_RECT_INIT(0, 0, width, height));
    paint_ground(cairo, height);
    if (pane->shown != NULL) {
        cairo_scale(cairo, width / floor(width * scale), height / floor(height * scale));
        cairo_set_source_surface(cairo, pane->shown, 0, 0);
        cairo_pattern_set_filter(cairo_get_source(cairo), CAIRO_FILTER_BILINEAR);
        cairo_paint(cairo);
    }
    cairo_destroy(cairo);
}

static void hp_surface_pane_size_allocate(GtkWidget *widget, int width, int height, int baseline)
{
    (void)width, (void)height, (void)baseline;
    drop_picture(HP_SURFACE_PANE(widget));
}

static void changed_cb(HpSurfacePane *pane, guint change)
{
    if (change & HP_CHANGE_RESULT)
        drop_picture(pane);
}

static void turn_begin_cb(GtkGestureDrag *drag, double x, double y, HpSurfacePane *pane)
{
    (void)drag, (void)x, (void)y;
    pane->view_at_press[0] = pane->view.azimuth_degrees;
    pane->view_at_press[1] = pane->view.elevation_degrees;
    pane->is_turning = true;
}

static void turn_update_cb(GtkGestureDrag *drag, double dx, double dy, HpSurfacePane *pane)
{
    (void)drag;
    pane->view.azimuth_degrees = pane->view_at_press[0] - 0.5 * dx;
    pane->view.elevation_degrees = CLAMP(pane->view_at_press[1] + 0.5 * dy, -90, 90);
    drop_picture(pane);
}

static void turn_end_cb(GtkGestureDrag *drag, double dx, double dy, HpSurfacePane *pane)
{
    (void)drag, (void)dx, (void)dy;
    pane->is_turning = false;
    drop_picture(pane);
}

GtkWidget *hp_surface_pane_new(HpDocument *document)
{
    HpSurfacePane *pane = g_object_new(HP_TYPE_SURFACE_PANE, "hexpand", TRUE, "vexpand", TRUE,
                                       "focusable", TRUE, "overflow", GTK_OVERFLOW_HIDDEN, NULL);
    pane->document = g_object_ref(document);
    g_signal_connect_object(document, "changed", G_CALLBACK(changed_cb), pane, G_CONNECT_SWAPPED);
    gtk_accessible_update_property(GTK_ACCESSIBLE(pane), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                   _("Surface in 3-D"), -1);
    return GTK_WIDGET(pane);
}

static void hp_surface_pane_finalize(GObject *object)
{
    HpSurfacePane *pane = HP_SURFACE_PANE(object);
    g_clear_pointer(&pane->shown, cairo_surface_destroy);
    g_clear_object(&pane->document);
    G_OBJECT_CLASS(hp_surface_pane_parent_class)->finalize(object);
}

static void hp_surface_pane_class_init(HpSurfacePaneClass *klass)
{
    G_OBJECT_CLASS(klass)->finalize = hp_surface_pane_finalize;
    GTK_WIDGET_CLASS(klass)->snapshot = hp_surface_pane_snapshot;
    GTK_WIDGET_CLASS(klass)->size_allocate = hp_surface_pane_size_allocate;
    gtk_widget_class_set_accessible_role(GTK_WIDGET_CLASS(klass), GTK_ACCESSIBLE_ROLE_IMG);
}

static void hp_surface_pane_init(HpSurfacePane *pane)
{
    pane->view = hp_raster_view_default();
    pane->view.letter = true;
    GtkGesture *turn = gtk_gesture_drag_new();
    g_signal_connect(turn, "drag-begin", G_CALLBACK(turn_begin_cb), pane);
    g_signal_connect(turn, "drag-update", G_CALLBACK(turn_update_cb), pane);
    g_signal_connect(turn, "drag-end", G_CALLBACK(turn_end_cb), pane);
    gtk_widget_add_controller(GTK_WIDGET(pane), GTK_EVENT_CONTROLLER(turn));
}
