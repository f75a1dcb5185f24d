// SPDX-License-Identifier: Apache-2.0
// A pane that shows one plane of the case and is drawn, scrolled and windowed on.
#include "app/slice_pane.h"

#include "app/tools/tool.h"
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
    HpTool *held;           // has the drag under way; NULL: the cross-hair has, or nothing
    double pressed[2];      // where the last press was
    guint32 pressed_ms;     // and when, by the event's clock
    double pointer[2];      // where it was last
    bool is_inside;         // and still is
    double window_at_press[2];
    double pan_mm[2]; // of the slice, along the pane's x and y
    double pan_at_press[2];
    double scrolled; // part of a slice that a smooth wheel has left over
};

G_DEFINE_FINAL_TYPE(HpSlicePane, hp_slice_pane, GTK_TYPE_WIDGET)

static guint hovered_signal;

enum { CURVES = 3 };

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

// What a tool learns of the pane, with the pointer at (x, y). False without a volume.
static bool describe_event(HpSlicePane *pane, double x, double y, HpToolEvent *event)
{
    *event = (HpToolEvent){.pane = GTK_WIDGET(pane), .x = x, .y = y};
    if (!frame_of(pane, &event->frame))
        return false;
    event->grid = &hp_document_get_volume(pane->document)->grid;
    hp_slice_frame_to_mm(&event->frame, event->grid, x, y, event->mm);
    return true;
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
    HpToolEvent slice;
    if (describe_event(pane, 0, 0, &slice))
        hp_tools_draw(pane->lens, &slice, cairo);
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

// An event of the pointer: where, with which keys and which end of a pen.
static bool describe_pointer(HpSlicePane *pane, GtkEventController *controller, double x, double y,
                             HpToolEvent *event)
{
    if (!describe_event(pane, x, y, event))
        return false;
    GdkEvent *raw = gtk_event_controller_get_current_event(controller);
    GdkDeviceTool *pen = raw != NULL ? gdk_event_get_device_tool(raw) : NULL;
    event->keys = gtk_event_controller_get_current_event_state(controller);
    event->is_eraser =
        pen != NULL && gdk_device_tool_get_tool_type(pen) == GDK_DEVICE_TOOL_TYPE_ERASER;
    return true;
}

static void motion_cb(GtkEventControllerMotion *motion, double x, double y, HpSlicePane *pane)
{
    pane->pointer[0] = x;
    pane->pointer[1] = y;
    pane->is_inside = true;
    tell(pane, x, y);
    HpToolEvent event;
    if (pane->held == NULL && describe_pointer(pane, GTK_EVENT_CONTROLLER(motion), x, y, &event))
        gtk_widget_set_cursor_from_name(GTK_WIDGET(pane), hp_tools_motion(pane->lens, &event));
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

// 2 for the second press of a double click, counted here because the drag does not.
static int count_presses(HpSlicePane *pane, GtkEventController *controller, double x, double y)
{
    int most_ms, most_px;
    const guint32 now_ms = gtk_event_controller_get_current_event_time(controller);
    g_object_get(gtk_widget_get_settings(GTK_WIDGET(pane)), "gtk-double-click-time", &most_ms,
                 "gtk-double-click-distance", &most_px, NULL);
    const bool is_double = pane->pressed_ms != 0 && now_ms - pane->pressed_ms <= (guint32)most_ms &&
                           hypot(x - pane->pressed[0], y - pane->pressed[1]) <= most_px;
    pane->pressed[0] = x;
    pane->pressed[1] = y;
    pane->pressed_ms = is_double ? 0 : now_ms; // a third press is a first one again
    return is_double ? 2 : 1;
}

static void left_begin_cb(GtkGestureDrag *drag, double x, double y, HpSlicePane *pane)
{
    HpToolEvent event;
    gtk_widget_grab_focus(GTK_WIDGET(pane));
    pane->held = NULL;
    if (!describe_pointer(pane, GTK_EVENT_CONTROLLER(drag), x, y, &event))
        return;
    event.presses = count_presses(pane, GTK_EVENT_CONTROLLER(drag), x, y);
    pane->held = hp_tools_press(pane->lens, &event);
    if (pane->held != NULL)
        return;
    if (event.presses == 2)
        gtk_widget_activate_action(GTK_WIDGET(pane), "win.enlarge", NULL);
    else
        hp_lens_set_cross(pane->lens, event.mm);
}

static void left_update_cb(GtkGestureDrag *drag, double dx, double dy, HpSlicePane *pane)
{
    double x, y;
    HpToolEvent event;
    if (!gtk_gesture_drag_get_start_point(drag, &x, &y) ||
        !describe_pointer(pane, GTK_EVENT_CONTROLLER(drag), x + dx, y + dy, &event))
        return;
    if (pane->held == NULL)
        hp_lens_set_cross(pane->lens, event.mm);
    else if (pane->held->kind->drag_cb != NULL)
        pane->held->kind->drag_cb(pane->held, &event);
}

static void left_end_cb(GtkGestureDrag *drag, double dx, double dy, HpSlicePane *pane)
{
    double x, y;
    HpToolEvent event;
    HpTool *tool = g_steal_pointer(&pane->held);
    if (tool != NULL && tool->kind->release_cb != NULL &&
        gtk_gesture_drag_get_start_point(drag, &x, &y) &&
        describe_pointer(pane, GTK_EVENT_CONTROLLER(drag), x + dx, y + dy, &event))
        tool->kind->release_cb(tool, &event);
}

// Another gesture, as a second finger's, took over.
static void left_cancel_cb(GtkGesture *drag, GdkEventSequence *sequence, HpSlicePane *pane)
{
    (void)drag, (void)sequence;
    HpTool *tool = g_steal_pointer(&pane->held);
    if (tool != NULL && tool->kind->cancel_cb != NULL)
        tool->kind->cancel_cb(tool);
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
    g_signal_connect_object(lens, "marked", G_CALLBACK(gtk_widget_queue_draw), pane,
                            G_CONNECT_SWAPPED);
    gtk_accessible_update_property(GTK_ACCESSIBLE(pane), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                   _(names[plane]), -1);
    return GTK_WIDGET(pane);
}

static void hp_slice_pane_finalize(GObject *object)
{
    HpSlicePane *pane = HP_SLICE_PANE(object);
    g_clear_pointer(&pane->shown, cairo_surface_destroy);
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
    add_drag(pane, GDK_BUTTON_SECONDARY, G_CALLBACK(right_begin_cb), G_CALLBACK(right_update_cb));
    add_drag(pane, GDK_BUTTON_MIDDLE, G_CALLBACK(middle_begin_cb), G_CALLBACK(middle_update_cb));
    GtkGesture *left =
        add_drag(pane, GDK_BUTTON_PRIMARY, G_CALLBACK(left_begin_cb), G_CALLBACK(left_update_cb));
    g_signal_connect(left, "drag-end", G_CALLBACK(left_end_cb), pane);
    g_signal_connect(left, "cancel", G_CALLBACK(left_cancel_cb), pane);
    GtkEventController *scroll =
        gtk_event_controller_scroll_new(GTK_EVENT_CONTROLLER_SCROLL_VERTICAL);
    g_signal_connect(scroll, "scroll", G_CALLBACK(scroll_cb), pane);
    gtk_widget_add_controller(GTK_WIDGET(pane), scroll);
    GtkEventController *motion = gtk_event_controller_motion_new();
    g_signal_connect(motion, "motion", G_CALLBACK(motion_cb), pane);
    g_signal_connect(motion, "leave", G_CALLBACK(leave_cb), pane);
    gtk_widget_add_controller(GTK_WIDGET(pane), motion);
}
