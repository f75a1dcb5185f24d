// SPDX-License-Identifier: Apache-2.0
// A pane that shows one plane of the case and is drawn, scrolled and windowed on.
#include "app/slice_pane.h"

#include "view/palette.h"
#include "view/slice.h"

#include <glib/gi18n.h>
#include <math.h>

struct _HpSlicePane {
    GtkWidget parent_instance;
    HpDocument *document;
    HpLens *lens;
    HpPlane plane;
    cairo_surface_t *shown; // the composed slice at the pane's size in device pixels; NULL: stale
    GArray *stroke;         // double[2] in logical pixels: the seed being drawn
    double pointer[2];      // where it was last
    bool is_inside;         // and still is
    double window_at_press[2];
    double pan_mm[2]; // of the slice, along the pane's x and y
    double pan_at_press[2];
    double scrolled; // part of a slice that a smooth wheel has left over
};

G_DEFINE_FINAL_TYPE(HpSlicePane, hp_slice_pane, GTK_TYPE_WIDGET)

static guint hovered_signal;

enum { CURVES = 3, CLICK_POINTS = 24 };

#define CLICK_MM 8.0 // radius of the seed a click stands for

// What is shown now. `curves` has room for all kinds.
static bool describe(HpSlicePane *pane, HpSliceView *view, HpSliceCurves *curves)
{
    const HpVolume *volume = hp_document_get_volume(pane->document);
    if (volume == NULL)
        return false;
    const HpLens *lens = pane->lens;
    *view = hp_slice_view_default(volume, pane->plane);
    view->slice = hp_lens_get_slice(lens, pane->plane);
    if (lens->prepared != NULL)
        view->prepared = hp_prepared_get_slice(lens->prepared, pane->plane, view->slice);
    view->low_hu = lens->low_hu;
    view->high_hu = lens->high_hu;
    view->mask = hp_document_get_mask(pane->document);
    view->opacity = lens->opacity;
    view->zoom = lens->zoom;
    view->pan_mm[0] = pane->pan_mm[0];
    view->pan_mm[1] = pane->pan_mm[1];
    view->cross_mm = lens->shows_cross ? lens->cross_mm : NULL;
    curves[0] = (HpSliceCurves){hp_document_get_plan(pane->document)->seeds,
                                {hp_palette_seed[0], hp_palette_seed[1], hp_palette_seed[2]},
                                1.5,
                                true,
                                true};
    view->curves = curves;
    curves[1] =
        (HpSliceCurves){hp_document_get_previews(pane->document), {255, 150, 130}, 2, false, false};
    view->curves_count = 2;
    if (lens->shows_contours && hp_document_get_contours(pane->document) != NULL)
        curves[view->curves_count++] = (HpSliceCurves){
            hp_document_get_contours(pane->document), {200, 200, 210}, 1, false, false};
    return true;
}

// The frame of the slice in logical pixels.
static bool frame_of(HpSlicePane *pane, HpSliceFrame *frame)
{
    HpSliceView view;
    HpSliceCurves curves[CURVES];
    if (!describe(pane, &view, curves))
        return false;
    *frame = hp_slice_view_frame(&view, gtk_widget_get_width(GTK_WIDGET(pane)),
                                 gtk_widget_get_height(GTK_WIDGET(pane)));
    return true;
}

static void drop_picture(HpSlicePane *pane)
{
    g_clear_pointer(&pane->shown, cairo_surface_destroy);
    gtk_widget_queue_draw(GTK_WIDGET(pane));
}

// Composes the slice into a cairo surface at device resolution, to be drawn 1:1: under a renderer
// without hardware that is many times faster than a scaled texture.
static cairo_surface_t *compose(HpSlicePane *pane, int width, int height)
{
    HpSliceView view;
    HpSliceCurves curves[CURVES];
    if (!describe(pane, &view, curves))
        return NULL;
    g_autoptr(HpPicture) picture = hp_slice_compose(&view, width, height, NULL);
    if (picture == NULL)
        return NULL;
    cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, width, height);
    hp_picture_to_rgb24(picture, cairo_image_surface_get_data(surface),
                        cairo_image_surface_get_stride(surface));
    cairo_surface_mark_dirty(surface);
    return surface;
}

static void draw_stroke(HpSlicePane *pane, cairo_t *cairo)
{
    if (pane->stroke->len < 2)
        return;
    const double(*points)[2] = (const double(*)[2])pane->stroke->data;
    cairo_move_to(cairo, points[0][0], points[0][1]);
    for (guint at = 1; at < pane->stroke->len; at++)
        cairo_line_to(cairo, points[at][0], points[at][1]);
    cairo_set_source_rgb(cairo, hp_palette_seed[0] / 255.0, hp_palette_seed[1] / 255.0,
                         hp_palette_seed[2] / 255.0);
    cairo_set_line_width(cairo, 2);
    cairo_set_line_join(cairo, CAIRO_LINE_JOIN_ROUND);
    cairo_stroke(cairo);
}

static void hp_slice_pane_snapshot(GtkWidget *widget, GtkSnapshot *snapshot)
{
    HpSlicePane *pane = HP_SLICE_PANE(widget);
    const int width = gtk_widget_get_width(widget), height = gtk_widget_get_height(widget);
    const int scale = gtk_widget_get_scale_factor(widget);
    if (width < 8 || height < 8)
        return;
    if (pane->shown == NULL)
        pane->shown = compose(pane, width * scale, height * scale);
    cairo_t *cairo = gtk_snapshot_append_cairo(snapshot, &GRAPHENE_RECT_INIT(0, 0, width, height));
    if (pane->shown != NULL) {
        cairo_save(cairo);
        cairo_scale(cairo, 1.0 / scale, 1.0 / scale);
        cairo_set_source_surface(cairo, pane->shown, 0, 0);
        cairo_pattern_set_filter(cairo_get_source(cairo), CAIRO_FILTER_NEAREST);
        cairo_paint(cairo);
        cairo_restore(cairo);
    } else {
        cairo_set_source_rgb(cairo, 0, 0, 0);
        cairo_paint(cairo);
    }
    draw_stroke(pane, cairo);
    cairo_destroy(cairo);
}

static void hp_slice_pane_size_allocate(GtkWidget *widget, int width, int height, int baseline)
{
    (void)width, (void)height, (void)baseline;
    drop_picture(HP_SLICE_PANE(widget));
}

static void document_cb(HpSlicePane *pane, guint change)
{
    if (change & HP_CHANGE_IMAGE)
        pane->pan_mm[0] = pane->pan_mm[1] = 0;
    if (change & ~(guint)HP_CHANGE_TASK)
        drop_picture(pane);
}

// Words on the voxel under the pointer.
static void tell(HpSlicePane *pane, double x, double y)
{
    HpSliceFrame frame;
    g_autofree char *words = g_strdup("");
    if (frame_of(pane, &frame)) {
        const HpVolume *volume = hp_document_get_volume(pane->document);
        double mm[3], ijk[3];
        hp_slice_frame_to_mm(&frame, &volume->grid, x, y, mm);
        hp_grid_to_ijk(&volume->grid, mm, ijk);
        const int at[3] = {(int)lround(ijk[0]), (int)lround(ijk[1]), (int)lround(ijk[2])};
        if (hp_grid_contains(&volume->grid, at[0], at[1], at[2])) {
            g_free(words);
            const HpLens *lens = pane->lens;
            words = g_strdup_printf(
                "%c %.1f  %c %.1f  %c %.1f mm   %d HU   W %.0f  L %.0f", mm[0] >= 0 ? 'L' : 'R',
                fabs(mm[0]), mm[1] >= 0 ? 'P' : 'A', fabs(mm[1]), mm[2] >= 0 ? 'S' : 'I',
                fabs(mm[2]), volume->hu[hp_grid_offset(&volume->grid, at[0], at[1], at[2])],
                lens->high_hu - lens->low_hu, (lens->high_hu + lens->low_hu) / 2);
        }
    }
    g_signal_emit(pane, hovered_signal, 0, words);
}

static void changed_cb(HpSlicePane *pane)
{
    drop_picture(pane);
    if (pane->is_inside)
        tell(pane, pane->pointer[0], pane->pointer[1]);
}

static void motion_cb(GtkEventControllerMotion *motion, double x, double y, HpSlicePane *pane)
{
    (void)motion;
    pane->pointer[0] = x;
    pane->pointer[1] = y;
    pane->is_inside = true;
    tell(pane, x, y);
}

static void leave_cb(GtkEventControllerMotion *motion, HpSlicePane *pane)
{
    (void)motion;
    pane->is_inside = false;
    g_signal_emit(pane, hovered_signal, 0, "");
}

// Zooms all panes; what lies under this one's pointer stays there.
static void zoom_by(HpSlicePane *pane, double factor)
{
    HpSliceFrame frame;
    double mm[3], x, y;
    if (!frame_of(pane, &frame))
        return;
    const HpGrid *grid = &hp_document_get_volume(pane->document)->grid;
    hp_slice_frame_to_mm(&frame, grid, pane->pointer[0], pane->pointer[1], mm);
    pane->lens->zoom = CLAMP(pane->lens->zoom * factor, 0.25, 40);
    frame_of(pane, &frame);
    hp_slice_frame_from_mm(&frame, grid, mm, &x, &y);
    pane->pan_mm[0] += (pane->pointer[0] - x) / frame.pixels_per_mm;
    pane->pan_mm[1] += (pane->pointer[1] - y) / frame.pixels_per_mm;
    hp_lens_changed(pane->lens);
}

static gboolean scroll_cb(GtkEventControllerScroll *scroll, double dx, double dy, HpSlicePane *pane)
{
    (void)dx;
    if (hp_document_get_volume(pane->document) == NULL)
        return FALSE;
    const GdkModifierType keys =
        gtk_event_controller_get_current_event_state(GTK_EVENT_CONTROLLER(scroll));
    if (keys & GDK_CONTROL_MASK) {
        zoom_by(pane, pow(1.15, -dy));
        return TRUE;
    }
    pane->scrolled += dy;
    const int slices = (int)pane->scrolled;
    if (slices != 0) {
        pane->scrolled -= slices;
        // Up on the wheel goes up in the patient on axial slices.
        hp_lens_scroll(pane->lens, pane->plane, pane->plane == HP_PLANE_AXIAL ? -slices : slices);
    }
    return TRUE;
}

static void cross_to(HpSlicePane *pane, double x, double y)
{
    HpSliceFrame frame;
    double mm[3];
    if (!frame_of(pane, &frame))
        return;
    hp_slice_frame_to_mm(&frame, &hp_document_get_volume(pane->document)->grid, x, y, mm);
    hp_lens_set_cross(pane->lens, mm);
}

static void stroke_add(HpSlicePane *pane, double x, double y)
{
    const double point[2] = {x, y};
    const double *last = pane->stroke->len > 0
                             ? (const double *)pane->stroke->data + 2 * (pane->stroke->len - 1)
                             : NULL;
    if (last == NULL || hypot(x - last[0], y - last[1]) > 1.5)
        g_array_append_val(pane->stroke, point);
    gtk_widget_queue_draw(GTK_WIDGET(pane));
}

static void left_begin_cb(GtkGestureDrag *drag, double x, double y, HpSlicePane *pane)
{
    (void)drag;
    if (hp_document_get_volume(pane->document) == NULL)
        return;
    g_array_set_size(pane->stroke, 0);
    if (pane->lens->is_drawing)
        stroke_add(pane, x, y);
    else
        cross_to(pane, x, y);
}

static void left_update_cb(GtkGestureDrag *drag, double dx, double dy, HpSlicePane *pane)
{
    double x, y;
    if (!gtk_gesture_drag_get_start_point(drag, &x, &y))
        return;
    if (pane->stroke->len > 0)
        stroke_add(pane, x + dx, y + dy);
    else
        cross_to(pane, x + dx, y + dy);
}

// A click stands for a circle round it: the method widens it to the section it lies in.
static void stroke_from_click(HpSlicePane *pane, const HpSliceFrame *frame)
{
    const double radius = CLICK_MM * frame->pixels_per_mm;
    const double(*first)[2] = (const double(*)[2])pane->stroke->data;
    const double x = first[0][0], y = first[0][1];
    g_array_set_size(pane->stroke, 0);
    for (int at = 0; at < CLICK_POINTS; at++) {
        const double angle = 2 * G_PI * at / CLICK_POINTS;
        const double point[2] = {x + radius * cos(angle), y + radius * sin(angle)};
        g_array_append_val(pane->stroke, point);
    }
}

// The stroke becomes a seed.
static void left_end_cb(GtkGestureDrag *drag, double dx, double dy, HpSlicePane *pane)
{
    (void)drag, (void)dx, (void)dy;
    HpSliceFrame frame;
    if (pane->stroke->len > 0 && frame_of(pane, &frame)) {
        if (pane->stroke->len < 6)
            stroke_from_click(pane, &frame);
        const HpVolume *volume = hp_document_get_volume(pane->document);
        g_autoptr(HpContour) seed = hp_contour_new(
            pane->plane, hp_lens_get_slice(pane->lens, pane->plane), (int)pane->stroke->len);
        const double(*points)[2] = (const double(*)[2])pane->stroke->data;
        for (int at = 0; at < seed->count; at++)
            hp_slice_frame_to_mm(&frame, &volume->grid, points[at][0], points[at][1], seed->mm[at]);
        hp_document_add_seed(pane->document, g_steal_pointer(&seed));
    }
    g_array_set_size(pane->stroke, 0);
    gtk_widget_queue_draw(GTK_WIDGET(pane));
}

static void right_begin_cb(GtkGestureDrag *drag, double x, double y, HpSlicePane *pane)
{
    (void)drag, (void)x, (void)y;
    pane->window_at_press[0] = pane->lens->low_hu;
    pane->window_at_press[1] = pane->lens->high_hu;
}

// To the right: wider; up: brighter, as scanners' consoles do it. One pixel is 1 HU.
static void right_update_cb(GtkGestureDrag *drag, double dx, double dy, HpSlicePane *pane)
{
    (void)drag;
    const double level = (pane->window_at_press[0] + pane->window_at_press[1]) / 2 + dy;
    const double width = MAX(pane->window_at_press[1] - pane->window_at_press[0] + 2 * dx, 1);
    hp_lens_set_window(pane->lens, level - width / 2, level + width / 2);
}

static void middle_begin_cb(GtkGestureDrag *drag, double x, double y, HpSlicePane *pane)
{
    (void)drag, (void)x, (void)y;
    pane->pan_at_press[0] = pane->pan_mm[0];
    pane->pan_at_press[1] = pane->pan_mm[1];
}

static void middle_update_cb(GtkGestureDrag *drag, double dx, double dy, HpSlicePane *pane)
{
    (void)drag;
    HpSliceFrame frame;
    if (!frame_of(pane, &frame))
        return;
    pane->pan_mm[0] = pane->pan_at_press[0] + dx / frame.pixels_per_mm;
    pane->pan_mm[1] = pane->pan_at_press[1] + dy / frame.pixels_per_mm;
    drop_picture(pane);
}

static GtkGesture *add_drag(HpSlicePane *pane, guint button, GCallback begin, GCallback update)
{
    GtkGesture *drag = gtk_gesture_drag_new();
    gtk_gesture_single_set_button(GTK_GESTURE_SINGLE(drag), button);
    g_signal_connect(drag, "drag-begin", begin, pane);
    g_signal_connect(drag, "drag-update", update, pane);
    gtk_widget_add_controller(GTK_WIDGET(pane), GTK_EVENT_CONTROLLER(drag));
    return drag;
}

GtkWidget *hp_slice_pane_new(HpDocument *document, HpLens *lens, HpPlane plane)
{
    static const char *const names[] = {N_("Axial slice"), N_("Coronal slice"),
                                        N_("Sagittal slice")};
    HpSlicePane *pane = g_object_new(HP_TYPE_SLICE_PANE, "hexpand", TRUE, "vexpand", TRUE,
                                     "focusable", TRUE, "overflow", GTK_OVERFLOW_HIDDEN, NULL);
    pane->document = g_object_ref(document);
    pane->lens = g_object_ref(lens);
    pane->plane = plane;
    g_signal_connect_object(document, "changed", G_CALLBACK(document_cb), pane, G_CONNECT_SWAPPED);
    g_signal_connect_object(lens, "changed", G_CALLBACK(changed_cb), pane, G_CONNECT_SWAPPED);
    gtk_accessible_update_property(GTK_ACCESSIBLE(pane), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                   _(names[plane]), -1);
    return GTK_WIDGET(pane);
}

static void hp_slice_pane_finalize(GObject *object)
{
    HpSlicePane *pane = HP_SLICE_PANE(object);
    g_clear_pointer(&pane->shown, cairo_surface_destroy);
    g_array_unref(pane->stroke);
    g_clear_object(&pane->document);
    g_clear_object(&pane->lens);
    G_OBJECT_CLASS(hp_slice_pane_parent_class)->finalize(object);
}

static void hp_slice_pane_class_init(HpSlicePaneClass *klass)
{
    G_OBJECT_CLASS(klass)->finalize = hp_slice_pane_finalize;
    GTK_WIDGET_CLASS(klass)->snapshot = hp_slice_pane_snapshot;
    GTK_WIDGET_CLASS(klass)->size_allocate = hp_slice_pane_size_allocate;
    gtk_widget_class_set_accessible_role(GTK_WIDGET_CLASS(klass), GTK_ACCESSIBLE_ROLE_IMG);
    hovered_signal = g_signal_new("hovered", G_TYPE_FROM_CLASS(klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void hp_slice_pane_init(HpSlicePane *pane)
{
    pane->stroke = g_array_new(FALSE, FALSE, 2 * sizeof(double));
    add_drag(pane, GDK_BUTTON_SECONDARY, G_CALLBACK(right_begin_cb), G_CALLBACK(right_update_cb));
    add_drag(pane, GDK_BUTTON_MIDDLE, G_CALLBACK(middle_begin_cb), G_CALLBACK(middle_update_cb));
    GtkGesture *left =
        add_drag(pane, GDK_BUTTON_PRIMARY, G_CALLBACK(left_begin_cb), G_CALLBACK(left_update_cb));
    g_signal_connect(left, "drag-end", G_CALLBACK(left_end_cb), pane);
    GtkEventController *scroll =
        gtk_event_controller_scroll_new(GTK_EVENT_CONTROLLER_SCROLL_VERTICAL);
    g_signal_connect(scroll, "scroll", G_CALLBACK(scroll_cb), pane);
    gtk_widget_add_controller(GTK_WIDGET(pane), scroll);
    GtkEventController *motion = gtk_event_controller_motion_new();
    g_signal_connect(motion, "motion", G_CALLBACK(motion_cb), pane);
    g_signal_connect(motion, "leave", G_CALLBACK(leave_cb), pane);
    gtk_widget_add_controller(GTK_WIDGET(pane), motion);
}
