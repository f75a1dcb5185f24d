// SPDX-License-Identifier: Apache-2.0
// A pane that shows one plane of the case and is drawn, scrolled and windowed on.
#include "app/slice_pane.h"

#include "app/slice_ground.h"
#include "app/slice_surface.h"
#include "app/slice_words.h"
#include "app/tools/tool.h"
#include "view/marks.h"
#include "view/palette.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

struct _HpSlicePane {
    GtkWidget parent_instance;
    HpDocument *document;
    HpLens *lens;
    HpPlane plane;
    HpSliceGround *ground;
    HpTool *held;       // has the drag under way; NULL: the cross-hair has, or nothing
    double pressed[2];  // where the last press was
    guint32 pressed_ms; // and when, by the event's clock
    double pointer[2];  // where it was last
    bool is_inside;     // and still is
    double window_at_press[2];
    double pan_mm[2]; // of the slice, along the pane's x and y
    double pan_at_press[2];
    double pinch_zoom,
        pinch_mm[3]; // at the begin of a pinch: the zoom, and what lay between the fingers
    double scrolled; // part of a slice that a smooth wheel has left over
    guint telling;   // idle source that renews the description; 0: none
    GtkWidget *menu;
};

G_DEFINE_FINAL_TYPE(HpSlicePane, hp_slice_pane, GTK_TYPE_WIDGET)

static guint hovered_signal;

enum { CURVES = 3, PAGE = 10 };

#define CLICK_PX 4.0 // a pointer that moved less was not dragged

// ---- what is shown -----------------------------------------------------------------------------

// The thresholds as they work; false where nothing limits them yet.
static bool find_band(const HpDocument *document, double band_hu[2])
{
    static const HpParameterId ends[2] = {HP_PARAM_THRESHOLD_LOW, HP_PARAM_THRESHOLD_HIGH};
    bool is_limited = false;
    for (int end = 0; end < 2; end++) {
        const HpParameter *parameter = hp_parameter_get(ends[end]);
        const double set = hp_document_get_plan(document)->params.value[ends[end]];
        band_hu[end] = isnan(set) ? hp_document_get_automatic(document, ends[end]) : set;
        is_limited |= band_hu[end] != (end == 0 ? parameter->low : parameter->high);
    }
    return is_limited;
}

typedef struct {
    HpSliceView view;
    HpSliceCurves curves[CURVES];
    double band_hu[2];
} Shown;

static void add_curves(Shown *shown, const GPtrArray *contours, const uint8_t colour[3],
                       double width, bool is_dashed)
{
    if (contours == NULL)
        return;
    HpSliceCurves *curves = &shown->curves[shown->view.curves_count++];
    *curves = (HpSliceCurves){.contours = contours, .width = width, .dashed = is_dashed};
    memcpy(curves->colour, colour, sizeof curves->colour);
}

// What is shown now; false without a volume. The view borrows from `shown`.
static bool describe(HpSlicePane *pane, Shown *shown)
{
    const HpVolume *volume = hp_document_get_volume(pane->document);
    if (volume == NULL)
        return false;
    const HpLens *lens = pane->lens;
    HpSliceView *view = &shown->view;
    *view = hp_slice_view_default(volume, pane->plane);
    view->slice = hp_lens_get_slice(lens, pane->plane);
    if (lens->prepared != NULL)
        view->prepared = hp_prepared_get_slice(lens->prepared, pane->plane, view->slice);
    view->name = hp_plane_words(pane->plane);
    view->low_hu = lens->low_hu;
    view->high_hu = lens->high_hu;
    view->shows_voxels = lens->shows_voxels;
    if ((lens->shows_band || lens->flashes_band) && find_band(pane->document, shown->band_hu))
        view->band_hu = shown->band_hu;
    view->mask = lens->shows_mask ? hp_document_get_mask(pane->document) : NULL;
    view->opacity = lens->opacity;
    view->outline = lens->shows_outline ? 2 * gtk_widget_get_scale_factor(GTK_WIDGET(pane)) : 0;
    view->zoom = lens->zoom;
    view->pan_mm[0] = pane->pan_mm[0];
    view->pan_mm[1] = pane->pan_mm[1];
    view->cross_mm = lens->shows_cross ? lens->cross_mm : NULL;
    view->curves = shown->curves;
    if (lens->shows_contours)
        add_curves(shown, hp_document_get_contours(pane->document), hp_palette_found, 1, false);
    if (lens->shows_seeds) {
        add_curves(shown, hp_document_get_previews(pane->document), hp_palette_live, 2, false);
        add_curves(shown, hp_document_get_plan(pane->document)->seeds, hp_palette_seed, 1.5, true);
    }
    return true;
}

// The frame of the slice in logical pixels.
static bool frame_of(HpSlicePane *pane, HpSliceFrame *frame)
{
    Shown shown;
    if (!describe(pane, &shown))
        return false;
    *frame = hp_slice_view_frame(&shown.view, gtk_widget_get_width(GTK_WIDGET(pane)),
                                 gtk_widget_get_height(GTK_WIDGET(pane)));
    return true;
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

static void draw(HpSlicePane *pane, cairo_t *cairo, int width, int height)
{
    Shown shown;
    const int scale = gtk_widget_get_scale_factor(GTK_WIDGET(pane));
    cairo_set_source_rgb(cairo, 0, 0, 0);
    cairo_surface_t *ground =
        describe(pane, &shown)
            ? hp_slice_ground_get(pane->ground, &shown.view, width * scale, height * scale)
            : NULL;
    if (ground == NULL) {
        cairo_paint(cairo);
        return;
    }
    cairo_save(cairo);
    hp_slice_surface_draw(ground, cairo, scale);
    cairo_restore(cairo);
    HpToolEvent slice;
    describe_event(pane, 0, 0, &slice);
    // On a screen letters are read at one size, however small the pane.
    const double unit = CLAMP(hp_slice_marks_unit(width, height), 0.8, 1.25);
    hp_slice_draw_marks(&shown.view, &slice.frame, cairo, width, height, unit);
    hp_tools_draw(pane->lens, &slice, cairo);
}

static void hp_slice_pane_snapshot(GtkWidget *widget, GtkSnapshot *snapshot)
{
    const int width = gtk_widget_get_width(widget), height = gtk_widget_get_height(widget);
    if (width < 8 || height < 8)
        return;
    cairo_t *cairo = gtk_snapshot_append_cairo(snapshot, &GRAPHENE_RECT_INIT(0, 0, width, height));
    draw(HP_SLICE_PANE(widget), cairo, width, height);
    cairo_destroy(cairo);
}

static void hp_slice_pane_size_allocate(GtkWidget *widget, int width, int height, int baseline)
{
    (void)width, (void)height, (void)baseline;
    HpSlicePane *pane = HP_SLICE_PANE(widget);
    if (pane->menu != NULL)
        gtk_popover_present(GTK_POPOVER(pane->menu));
}

// ---- what is told ------------------------------------------------------------------------------

static gboolean tell_pane_cb(gpointer data)
{
    HpSlicePane *pane = data;
    g_autofree char *words = hp_slice_words_pane(pane->document, pane->lens, pane->plane);
    gtk_accessible_update_property(GTK_ACCESSIBLE(pane), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, words,
                                   -1);
    pane->telling = 0;
    return G_SOURCE_REMOVE;
}

// Draws the pane and says, when there is time, what it shows.
static void show(HpSlicePane *pane)
{
    gtk_widget_queue_draw(GTK_WIDGET(pane));
    if (pane->telling == 0)
        pane->telling = g_idle_add(tell_pane_cb, pane);
}

static void document_cb(HpSlicePane *pane, guint change)
{
    if (change & HP_CHANGE_IMAGE)
        pane->pan_mm[0] = pane->pan_mm[1] = 0;
    if (change & (HP_CHANGE_IMAGE | HP_CHANGE_RESULT) && !(change & HP_CHANGE_SURFACE))
        hp_slice_ground_drop(pane->ground);
    if (change & ~(guint)HP_CHANGE_TASK)
        show(pane);
}

// Words on the voxel under the pointer.
static void tell(HpSlicePane *pane, double x, double y)
{
    HpToolEvent event;
    g_autofree char *words = g_strdup("");
    if (describe_event(pane, x, y, &event)) {
        const HpVolume *volume = hp_document_get_volume(pane->document);
        double ijk[3];
        const double *mm = event.mm;
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

static void lens_cb(HpSlicePane *pane)
{
    if (pane->lens->prepared != NULL) // its slices come and go behind their pointers
        hp_slice_ground_drop(pane->ground);
    show(pane);
    if (pane->is_inside)
        tell(pane, pane->pointer[0], pane->pointer[1]);
}

// ---- the pointer -------------------------------------------------------------------------------

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
    pane->lens->plane = pane->plane;
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

// Pans so that `mm` lies at (x, y).
static void hold(HpSlicePane *pane, const double mm[3], double x, double y)
{
    HpSliceFrame frame;
    double now_x, now_y;
    if (!frame_of(pane, &frame))
        return;
    hp_slice_frame_from_mm(&frame, &hp_document_get_volume(pane->document)->grid, mm, &now_x,
                           &now_y);
    pane->pan_mm[0] += (x - now_x) / frame.pixels_per_mm;
    pane->pan_mm[1] += (y - now_y) / frame.pixels_per_mm;
}

// Zooms all panes; what lies at (x, y) of this one stays there.
static void zoom_to(HpSlicePane *pane, double zoom, double x, double y)
{
    HpToolEvent event;
    if (!describe_event(pane, x, y, &event))
        return;
    pane->lens->zoom = CLAMP(zoom, 0.25, 40);
    hold(pane, event.mm, x, y);
    hp_lens_changed(pane->lens);
}

// `by` slices on in the order in which people count them.
static void step(HpSlicePane *pane, int by)
{
    const HpGrid *grid = &hp_document_get_volume(pane->document)->grid;
    const bool grows =
        hp_slice_number(grid, pane->plane, 1) > hp_slice_number(grid, pane->plane, 0);
    hp_lens_scroll(pane->lens, pane->plane, grows ? by : -by);
}

static gboolean scroll_cb(GtkEventControllerScroll *scroll, double dx, double dy, HpSlicePane *pane)
{
    if (hp_document_get_volume(pane->document) == NULL)
        return FALSE;
    const GdkModifierType keys =
        gtk_event_controller_get_current_event_state(GTK_EVENT_CONTROLLER(scroll));
    if (keys & GDK_CONTROL_MASK) {
        zoom_to(pane, pane->lens->zoom * pow(1.15, -dy), pane->pointer[0], pane->pointer[1]);
        return TRUE;
    }
    // With Shift a wheel turns sideways.
    pane->scrolled += dy != 0 ? dy : dx;
    const int slices = (int)pane->scrolled * (keys & GDK_SHIFT_MASK ? PAGE : 1);
    pane->scrolled -= (int)pane->scrolled;
    // Up on the wheel goes up in the patient on axial slices.
    if (slices != 0)
        step(pane, pane->plane == HP_PLANE_AXIAL ? -slices : slices);
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

static void let_go(HpSlicePane *pane)
{
    HpTool *tool = g_steal_pointer(&pane->held);
    if (tool != NULL && tool->kind->cancel_cb != NULL)
        tool->kind->cancel_cb(tool);
}

static void left_cancel_cb(GtkGesture *drag, GdkEventSequence *sequence, HpSlicePane *pane)
{
    (void)drag, (void)sequence;
    let_go(pane);
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
    if (hypot(dx, dy) < CLICK_PX)
        return;
    const double level = (pane->window_at_press[0] + pane->window_at_press[1]) / 2 + dy;
    const double width = MAX(pane->window_at_press[1] - pane->window_at_press[0] + 2 * dx, 1);
    hp_lens_set_window(pane->lens, level - width / 2, level + width / 2);
}

// A right press that stays where it is asks for the menu.
static void right_end_cb(GtkGestureDrag *drag, double dx, double dy, HpSlicePane *pane)
{
    double x, y;
    if (hypot(dx, dy) >= CLICK_PX || !gtk_gesture_drag_get_start_point(drag, &x, &y) ||
        hp_document_get_volume(pane->document) == NULL)
        return;
    gtk_widget_grab_focus(GTK_WIDGET(pane));
    gtk_popover_set_pointing_to(GTK_POPOVER(pane->menu), &(GdkRectangle){(int)x, (int)y, 1, 1});
    gtk_popover_popup(GTK_POPOVER(pane->menu));
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
    show(pane);
}

// ---- two fingers: the slice follows them -------------------------------------------------------

static void pinch_begin_cb(GtkGesture *pinch, GdkEventSequence *sequence, HpSlicePane *pane)
{
    (void)sequence;
    double x, y;
    HpToolEvent event;
    if (!gtk_gesture_get_bounding_box_center(pinch, &x, &y) || !describe_event(pane, x, y, &event))
        return;
    let_go(pane); // the first finger had begun to draw
    pane->pinch_zoom = pane->lens->zoom;
    memcpy(pane->pinch_mm, event.mm, sizeof pane->pinch_mm);
    gtk_gesture_set_state(pinch, GTK_EVENT_SEQUENCE_CLAIMED);
}

static void pinch_update_cb(GtkGesture *pinch, GdkEventSequence *sequence, HpSlicePane *pane)
{
    (void)sequence;
    double x, y;
    if (!gtk_gesture_get_bounding_box_center(pinch, &x, &y))
        return;
    const double scale = gtk_gesture_zoom_get_scale_delta(GTK_GESTURE_ZOOM(pinch));
    pane->lens->zoom = CLAMP(pane->pinch_zoom * scale, 0.25, 40);
    hold(pane, pane->pinch_mm, x, y);
    hp_lens_changed(pane->lens);
}

// ---- keys --------------------------------------------------------------------------------------

static void fit(HpSlicePane *pane)
{
    pane->pan_mm[0] = pane->pan_mm[1] = 0;
    pane->lens->zoom = 1;
    hp_lens_changed(pane->lens);
}

static gboolean key_cb(GtkEventControllerKey *controller, guint key, guint code,
                       GdkModifierType keys, HpSlicePane *pane)
{
    (void)code;
    HpToolEvent event;
    const double x = gtk_widget_get_width(GTK_WIDGET(pane)) / 2.0;
    const double y = gtk_widget_get_height(GTK_WIDGET(pane)) / 2.0;
    if (!describe_pointer(pane, GTK_EVENT_CONTROLLER(controller), pane->pointer[0],
                          pane->pointer[1], &event))
        return FALSE;
    if (hp_tools_key(pane->lens, &event, key))
        return TRUE;
    if (keys & (GDK_CONTROL_MASK | GDK_ALT_MASK))
        return FALSE;
    switch (key) {
    case GDK_KEY_Up:
    case GDK_KEY_Down:
        step(pane, key == GDK_KEY_Up ? 1 : -1);
        return TRUE;
    case GDK_KEY_Page_Up:
    case GDK_KEY_Page_Down:
        step(pane, key == GDK_KEY_Page_Up ? PAGE : -PAGE);
        return TRUE;
    case GDK_KEY_plus:
    case GDK_KEY_equal: // plus without Shift
    case GDK_KEY_KP_Add:
        zoom_to(pane, pane->lens->zoom * 1.25, x, y);
        return TRUE;
    case GDK_KEY_minus:
    case GDK_KEY_KP_Subtract:
        zoom_to(pane, pane->lens->zoom / 1.25, x, y);
        return TRUE;
    case GDK_KEY_0:
    case GDK_KEY_KP_0:
    case GDK_KEY_Home:
        fit(pane);
        return TRUE;
    case GDK_KEY_Return:
    case GDK_KEY_KP_Enter:
        gtk_widget_activate_action(GTK_WIDGET(pane), "win.take-organ", NULL);
        return TRUE;
    case GDK_KEY_Escape:
        if (pane->lens->tool == NULL)
            return FALSE;
        hp_lens_choose_tool(pane->lens, "none");
        return TRUE;
    default:
        return FALSE;
    }
}

static void remove_seed_cb(GtkWidget *widget, const char *action, GVariant *parameter)
{
    (void)action, (void)parameter;
    HpSlicePane *pane = HP_SLICE_PANE(widget);
    const GPtrArray *seeds = hp_document_get_plan(pane->document)->seeds;
    for (guint at = 0; at < seeds->len; at++) {
        const HpContour *seed = seeds->pdata[at];
        if (seed->plane != pane->plane || seed->slice != hp_lens_get_slice(pane->lens, pane->plane))
            continue;
        hp_document_remove_seed(pane->document, at);
        return;
    }
}

// ---- the widget --------------------------------------------------------------------------------

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
    gtk_widget_add_css_class(GTK_WIDGET(pane), "hp-slice");
    g_signal_connect_object(document, "changed", G_CALLBACK(document_cb), pane, G_CONNECT_SWAPPED);
    g_signal_connect_object(lens, "changed", G_CALLBACK(lens_cb), pane, G_CONNECT_SWAPPED);
    g_signal_connect_object(lens, "marked", G_CALLBACK(show), pane, G_CONNECT_SWAPPED);
    gtk_accessible_update_property(GTK_ACCESSIBLE(pane), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                   _(names[plane]), -1);
    return GTK_WIDGET(pane);
}

static void hp_slice_pane_dispose(GObject *object)
{
    HpSlicePane *pane = HP_SLICE_PANE(object);
    g_clear_handle_id(&pane->telling, g_source_remove);
    g_clear_pointer(&pane->menu, gtk_widget_unparent);
    pane->held = NULL;
    G_OBJECT_CLASS(hp_slice_pane_parent_class)->dispose(object);
}

static void hp_slice_pane_finalize(GObject *object)
{
    HpSlicePane *pane = HP_SLICE_PANE(object);
    hp_slice_ground_free(pane->ground);
    g_clear_object(&pane->document);
    g_clear_object(&pane->lens);
    G_OBJECT_CLASS(hp_slice_pane_parent_class)->finalize(object);
}

static void hp_slice_pane_class_init(HpSlicePaneClass *klass)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(klass);
    G_OBJECT_CLASS(klass)->dispose = hp_slice_pane_dispose;
    G_OBJECT_CLASS(klass)->finalize = hp_slice_pane_finalize;
    widget_class->snapshot = hp_slice_pane_snapshot;
    widget_class->size_allocate = hp_slice_pane_size_allocate;
    gtk_widget_class_set_accessible_role(widget_class, GTK_ACCESSIBLE_ROLE_IMG);
    gtk_widget_class_install_action(widget_class, "pane.remove-seed", NULL, remove_seed_cb);
    hovered_signal = g_signal_new("hovered", G_TYPE_FROM_CLASS(klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void add_menu(HpSlicePane *pane)
{
    g_autoptr(GtkBuilder) builder =
        gtk_builder_new_from_resource("/org/hepatica/Hepatica/slice_menu.ui");
    GMenuModel *model = G_MENU_MODEL(gtk_builder_get_object(builder, "slice_menu"));
    pane->menu = gtk_popover_menu_new_from_model(model);
    gtk_popover_set_has_arrow(GTK_POPOVER(pane->menu), FALSE);
    gtk_widget_set_halign(pane->menu, GTK_ALIGN_START);
    gtk_widget_set_parent(pane->menu, GTK_WIDGET(pane));
}

static void hp_slice_pane_init(HpSlicePane *pane)
{
    pane->ground = hp_slice_ground_new();
    add_menu(pane);
    GtkGesture *right = add_drag(pane, GDK_BUTTON_SECONDARY, G_CALLBACK(right_begin_cb),
                                 G_CALLBACK(right_update_cb));
    g_signal_connect(right, "drag-end", G_CALLBACK(right_end_cb), pane);
    add_drag(pane, GDK_BUTTON_MIDDLE, G_CALLBACK(middle_begin_cb), G_CALLBACK(middle_update_cb));
    GtkGesture *left =
        add_drag(pane, GDK_BUTTON_PRIMARY, G_CALLBACK(left_begin_cb), G_CALLBACK(left_update_cb));
    g_signal_connect(left, "drag-end", G_CALLBACK(left_end_cb), pane);
    g_signal_connect(left, "cancel", G_CALLBACK(left_cancel_cb), pane);
    // Added last it is asked first, so that a second finger ends the drag before the drag ends itself.
    GtkGesture *pinch = gtk_gesture_zoom_new();
    g_signal_connect(pinch, "begin", G_CALLBACK(pinch_begin_cb), pane);
    g_signal_connect(pinch, "update", G_CALLBACK(pinch_update_cb), pane);
    gtk_widget_add_controller(GTK_WIDGET(pane), GTK_EVENT_CONTROLLER(pinch));
    GtkEventController *scroll =
        gtk_event_controller_scroll_new(GTK_EVENT_CONTROLLER_SCROLL_BOTH_AXES);
    g_signal_connect(scroll, "scroll", G_CALLBACK(scroll_cb), pane);
    gtk_widget_add_controller(GTK_WIDGET(pane), scroll);
    GtkEventController *motion = gtk_event_controller_motion_new();
    g_signal_connect(motion, "motion", G_CALLBACK(motion_cb), pane);
    g_signal_connect(motion, "leave", G_CALLBACK(leave_cb), pane);
    gtk_widget_add_controller(GTK_WIDGET(pane), motion);
    GtkEventController *keys = gtk_event_controller_key_new();
    g_signal_connect(keys, "key-pressed", G_CALLBACK(key_cb), pane);
    gtk_widget_add_controller(GTK_WIDGET(pane), keys);
}
