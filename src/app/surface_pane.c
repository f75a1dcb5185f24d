// SPDX-License-Identifier: Apache-2.0
// The pane that shows the organ in 3-D: turned, cut open and picked on with the pointer.
#include "app/surface_pane.h"

#include "app/scene_area.h"
#include "app/trim_handles.h"
#include "case/coarse.h"
#include "view/cube.h"
#include "view/palette.h"

#include <glib/gi18n.h>
#include <math.h>

#define COARSE_TRIANGLES 20000 // drawn by the processor in a frame
#define REST_MS 150            // without motion, until the whole mesh is drawn again
#define LATER_MS 100           // that slices rest, before a slow picture follows them
#define GLIDE_US 260000        // from one view to another
#define CLICK_PIXELS 4.0       // a pointer that moved less was not dragged
#define CUBE 76.0              // side of the orientation cube's square

struct _HpSurfacePane {
    GtkWidget parent_instance;
    HpDocument *document;
    HpLens *lens;
    GtkWidget *overlay, *notice, *controls;
    HpSceneArea *area;

    HpCamera camera;
    HpCamera glide[2]; // from, to
    gint64 glide_begin;
    guint glide_tick; // 0: none

    HpMesh *mesh;   // of the document; NULL: none
    HpMesh *coarse; // of the same shape; NULL: none, or not yet
    GCancellable *coarsening;
    HpTrimHandles *trims;
    HpPick *pick; // of `mesh`; NULL until it is asked

    bool is_moving;
    guint rest, later; // timers; 0: none
    bool chose_slices; // a person did; before that they are shown where there is no mesh
    bool shows_slices;
    int cut;      // HpPlane; -1: not cut
    int last_cut; // where K cuts
    bool keeps_front;

    HpCamera camera_at_press;
    double window_at_press[2];
    double pointer[2];
    int hovered_side; // of the cube; -1: none
};

G_DEFINE_FINAL_TYPE(HpSurfacePane, hp_surface_pane, GTK_TYPE_WIDGET)

enum { PROP_SLICES = 1, PROP_CUT, PROP_KEEPS_FRONT, PROPS };

static GParamSpec *props[PROPS];

static bool shows_slices(const HpSurfacePane *pane)
{
    return pane->chose_slices ? pane->shows_slices : pane->mesh == NULL;
}

static double width_of(HpSurfacePane *pane)
{
    return gtk_widget_get_width(GTK_WIDGET(pane));
}

static double height_of(HpSurfacePane *pane)
{
    return gtk_widget_get_height(GTK_WIDGET(pane));
}

static HpScene scene_of(HpSurfacePane *pane)
{
    const HpLens *lens = pane->lens;
    HpScene scene = hp_scene_default();
    const bool may_be_coarse = pane->is_moving && hp_scene_area_is_slow(pane->area);
    scene.camera = pane->camera;
    scene.is_moving = pane->is_moving;
    scene.mesh = may_be_coarse && pane->coarse != NULL ? pane->coarse : pane->mesh;
    scene.volume = hp_document_get_volume(pane->document);
    scene.low_hu = lens->low_hu;
    scene.high_hu = lens->high_hu;
    if (scene.mesh != NULL)
        hp_trim_handles_fill(pane->trims, &scene);
    if (scene.volume == NULL || !hp_scene_area_has_gl(pane->area))
        return scene;
    for (int plane = 0; plane < HP_PLANE_COUNT; plane++)
        scene.slices[plane] = hp_lens_get_slice(lens, plane);
    scene.shows_slices = shows_slices(pane);
    scene.is_cut = pane->cut >= 0;
    scene.cut = MAX(pane->cut, 0);
    scene.keeps_front = pane->keeps_front;
    return scene;
}

// The side that faces the eye, in words that follow "seen from".
static const char *side_words(HpSide side)
{
    static const char *const words[HP_SIDE_COUNT] = {
        [HP_SIDE_LEFT] = N_("the patient’s left"), [HP_SIDE_RIGHT] = N_("the patient’s right"),
        [HP_SIDE_POSTERIOR] = N_("behind"),        [HP_SIDE_ANTERIOR] = N_("the front"),
        [HP_SIDE_SUPERIOR] = N_("above"),          [HP_SIDE_INFERIOR] = N_("below")};
    return _(words[side]);
}

// Tells in words what is shown.
static void describe(HpSurfacePane *pane)
{
    const char *side = side_words(hp_camera_side(&pane->camera));
    g_autofree char *words = NULL;
    if (pane->mesh != NULL) {
        g_autofree char *count = g_strdup_printf("%'" G_GSIZE_FORMAT, pane->mesh->triangles);
        words =
            g_strdup_printf(pane->cut >= 0 ? _("Surface of %s triangles, cut open, seen from %s")
                                           : _("Surface of %s triangles, seen from %s"),
                            count, side);
    } else if (hp_document_get_volume(pane->document) != NULL) {
        words = g_strdup_printf(_("No surface yet; slices seen from %s"), side);
    } else {
        words = g_strdup(_("Nothing to show yet"));
    }
    gtk_accessible_update_property(GTK_ACCESSIBLE(pane), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, words,
                                   -1);
}

static void show(HpSurfacePane *pane)
{
    const HpScene scene = scene_of(pane);
    g_clear_handle_id(&pane->later, g_source_remove);
    hp_scene_area_show(pane->area, &scene);
    gtk_widget_queue_draw(GTK_WIDGET(pane)); // the cube and the mark lie over it
    if (!pane->is_moving)
        describe(pane);
}

static gboolean later_cb(gpointer data)
{
    HpSurfacePane *pane = data;
    pane->later = 0;
    show(pane);
    return G_SOURCE_REMOVE;
}

// The slices come first: where the processor draws this picture, it waits until they rest.
static void show_later(HpSurfacePane *pane)
{
    if (!hp_scene_area_is_slow(pane->area)) {
        show(pane);
        return;
    }
    g_clear_handle_id(&pane->later, g_source_remove);
    pane->later = g_timeout_add_full(G_PRIORITY_LOW, LATER_MS, later_cb, pane, NULL);
}

static gboolean rest_cb(gpointer data)
{
    HpSurfacePane *pane = data;
    pane->rest = 0;
    pane->is_moving = false;
    show(pane);
    return G_SOURCE_REMOVE;
}

// The camera has moved and may move on.
static void moved(HpSurfacePane *pane)
{
    g_clear_handle_id(&pane->rest, g_source_remove);
    pane->rest = g_timeout_add_full(G_PRIORITY_LOW, REST_MS, rest_cb, pane, NULL);
    pane->is_moving = true;
    show(pane);
}

static void stop_gliding(HpSurfacePane *pane)
{
    if (pane->glide_tick != 0)
        gtk_widget_remove_tick_callback(GTK_WIDGET(pane), pane->glide_tick);
    pane->glide_tick = 0;
}

static gboolean glide_cb(GtkWidget *widget, GdkFrameClock *clock, gpointer data)
{
    (void)data;
    HpSurfacePane *pane = HP_SURFACE_PANE(widget);
    const gint64 now = gdk_frame_clock_get_frame_time(clock);
    const double share = CLAMP((double)(now - pane->glide_begin) / GLIDE_US, 0, 1);
    const double rest = 1 - share;
    pane->camera = hp_camera_between(&pane->glide[0], &pane->glide[1], 1 - rest * rest * rest);
    if (share >= 1)
        pane->glide_tick = 0;
    moved(pane);
    return share >= 1 ? G_SOURCE_REMOVE : G_SOURCE_CONTINUE;
}

// Moves to `camera`: in steps that the eye can follow, where steps are cheap and wanted.
static void glide_to(HpSurfacePane *pane, const HpCamera *camera)
{
    gboolean is_animated = TRUE;
    stop_gliding(pane);
    g_object_get(gtk_widget_get_settings(GTK_WIDGET(pane)), "gtk-enable-animations", &is_animated,
                 NULL);
    if (!is_animated || !gtk_widget_get_mapped(GTK_WIDGET(pane)) ||
        !hp_scene_area_has_gl(pane->area)) {
        pane->camera = *camera;
        moved(pane);
        return;
    }
    GdkFrameClock *clock = gtk_widget_get_frame_clock(GTK_WIDGET(pane));
    pane->glide[0] = pane->camera;
    pane->glide[1] = *camera;
    pane->glide_begin = gdk_frame_clock_get_frame_time(clock);
    pane->glide_tick = gtk_widget_add_tick_callback(GTK_WIDGET(pane), glide_cb, NULL, NULL);
}

// What shall fit: the organ, and the whole volume before there is one.
static void aim(const HpSurfacePane *pane, HpCamera *camera)
{
    const HpVolume *volume = hp_document_get_volume(pane->document);
    if (pane->mesh != NULL)
        hp_camera_aim_at_mesh(camera, pane->mesh);
    else if (volume != NULL)
        hp_camera_aim_at_grid(camera, &volume->grid);
}

static void reset_cb(GtkWidget *widget, const char *action, GVariant *parameter)
{
    (void)action, (void)parameter;
    HpCamera camera = hp_camera_default();
    aim(HP_SURFACE_PANE(widget), &camera);
    glide_to(HP_SURFACE_PANE(widget), &camera);
}

static void look_from(HpSurfacePane *pane, HpSide side)
{
    HpCamera camera = pane->camera;
    hp_camera_look_from(&camera, side);
    glide_to(pane, &camera);
}

static const char *const side_actions[HP_SIDE_COUNT] = {
    [HP_SIDE_LEFT] = "view.left",           [HP_SIDE_RIGHT] = "view.right",
    [HP_SIDE_POSTERIOR] = "view.posterior", [HP_SIDE_ANTERIOR] = "view.anterior",
    [HP_SIDE_SUPERIOR] = "view.superior",   [HP_SIDE_INFERIOR] = "view.inferior"};

static void side_cb(GtkWidget *widget, const char *action, GVariant *parameter)
{
    (void)parameter;
    for (int side = 0; side < HP_SIDE_COUNT; side++)
        if (g_str_equal(action, side_actions[side]))
            look_from(HP_SURFACE_PANE(widget), side);
}

// By key: pixels that a drag would have moved.
static void turn_cb(GtkWidget *widget, const char *action, GVariant *parameter)
{
    (void)action;
    HpSurfacePane *pane = HP_SURFACE_PANE(widget);
    double dx, dy;
    stop_gliding(pane);
    g_variant_get(parameter, "(dd)", &dx, &dy);
    hp_camera_turn(&pane->camera, dx, dy);
    moved(pane);
}

static void zoom_by(HpSurfacePane *pane, double x, double y, double factor)
{
    stop_gliding(pane);
    hp_camera_zoom(&pane->camera, width_of(pane), height_of(pane), x, y, factor);
    moved(pane);
}

static void zoom_cb(GtkWidget *widget, const char *action, GVariant *parameter)
{
    (void)action;
    HpSurfacePane *pane = HP_SURFACE_PANE(widget);
    zoom_by(pane, width_of(pane) / 2, height_of(pane) / 2, g_variant_get_double(parameter));
}

static void set_slices(HpSurfacePane *pane, bool is_shown)
{
    pane->chose_slices = true;
    pane->shows_slices = is_shown;
    show(pane);
    g_object_notify_by_pspec(G_OBJECT(pane), props[PROP_SLICES]);
}

// Cuts so that the face is seen: what lies towards the eye is left out.
static void set_cut(HpSurfacePane *pane, int cut)
{
    static const HpSide front[HP_PLANE_COUNT] = {[HP_PLANE_AXIAL] = HP_SIDE_INFERIOR,
                                                 [HP_PLANE_CORONAL] = HP_SIDE_ANTERIOR,
                                                 [HP_PLANE_SAGITTAL] = HP_SIDE_LEFT};
    if (cut >= 0) {
        pane->last_cut = cut;
        pane->keeps_front = hp_camera_facing(&pane->camera, front[cut]) < 0;
        g_object_notify_by_pspec(G_OBJECT(pane), props[PROP_KEEPS_FRONT]);
    }
    pane->cut = cut;
    show(pane);
    g_object_notify_by_pspec(G_OBJECT(pane), props[PROP_CUT]);
}

static void toggle_cut_cb(GtkWidget *widget, const char *action, GVariant *parameter)
{
    (void)action, (void)parameter;
    HpSurfacePane *pane = HP_SURFACE_PANE(widget);
    set_cut(pane, pane->cut >= 0 ? -1 : pane->last_cut);
}

static void drop_coarse(HpSurfacePane *pane)
{
    g_cancellable_cancel(pane->coarsening);
    g_clear_object(&pane->coarsening);
    g_clear_pointer(&pane->coarse, hp_mesh_unref);
}

static void coarse_cb(GObject *source, GAsyncResult *result, gpointer data)
{
    (void)source;
    HpSurfacePane *pane = data; // may be gone, if the mesh is no longer wanted
    g_autoptr(GError) error = NULL;
    g_autoptr(HpMesh) coarse = hp_coarse_finish(result, &error);
    GCancellable *cancellable = g_task_get_cancellable(G_TASK(result));
    // A mesh that is not closed cannot be reduced; it is then shown as it is.
    if (coarse == NULL || g_cancellable_is_cancelled(cancellable))
        return;
    pane->coarse = g_steal_pointer(&coarse);
}

static void make_coarse(HpSurfacePane *pane)
{
    if (pane->mesh == NULL || pane->coarsening != NULL || !hp_scene_area_is_slow(pane->area) ||
        pane->mesh->triangles <= COARSE_TRIANGLES)
        return;
    pane->coarsening = g_cancellable_new();
    hp_coarse_begin(pane->mesh, COARSE_TRIANGLES, pane->coarsening, coarse_cb, pane);
}

// What the sliders make of the organ, while the organ itself is behind them.
static HpMesh *wanted(const HpSurfacePane *pane)
{
    HpMesh *sketch = hp_document_get_sketch(pane->document);
    return sketch != NULL ? sketch : hp_document_get_mesh(pane->document);
}

static void take_mesh(HpSurfacePane *pane)
{
    HpMesh *mesh = wanted(pane);
    if (mesh == pane->mesh)
        return;
    const bool is_first = pane->mesh == NULL || mesh == NULL;
    drop_coarse(pane);
    g_clear_pointer(&pane->pick, hp_pick_free);
    hp_mesh_unref(pane->mesh);
    pane->mesh = mesh != NULL ? hp_mesh_ref(mesh) : NULL;
    make_coarse(pane);
    // A person who has turned and zoomed keeps their view of the next surface.
    HpCamera camera = is_first ? hp_camera_default() : pane->camera;
    if (is_first) {
        aim(pane, &camera);
        pane->camera = camera;
    }
    g_object_notify_by_pspec(G_OBJECT(pane), props[PROP_SLICES]);
}

static void changed_cb(HpSurfacePane *pane, guint change)
{
    if (change & (HP_CHANGE_IMAGE | HP_CHANGE_RESULT) || wanted(pane) != pane->mesh) {
        take_mesh(pane);
        if (change & HP_CHANGE_IMAGE) {
            pane->cut = -1;
            pane->camera = hp_camera_default();
            aim(pane, &pane->camera);
            g_object_notify_by_pspec(G_OBJECT(pane), props[PROP_CUT]);
        }
        show_later(pane);
    } else if (change & HP_CHANGE_PLAN && hp_trim_handles_changed(pane->trims)) {
        moved(pane); // a plane is dragged, here or on a slice
    }
}

static void lens_cb(HpSurfacePane *pane)
{
    gtk_widget_queue_draw(GTK_WIDGET(pane)); // the mark
    if (shows_slices(pane) || pane->cut >= 0)
        show_later(pane);
}

static void means_cb(HpSurfacePane *pane)
{
    gtk_widget_set_visible(pane->notice, hp_scene_area_get_problem(pane->area) != NULL);
    // Slices and cuts are OpenGL's.
    const bool has_gl = hp_scene_area_has_gl(pane->area);
    gtk_widget_action_set_enabled(GTK_WIDGET(pane), "view.slices", has_gl);
    gtk_widget_action_set_enabled(GTK_WIDGET(pane), "view.cut", has_gl);
    gtk_widget_action_set_enabled(GTK_WIDGET(pane), "view.toggle-cut", has_gl);
    gtk_widget_action_set_enabled(GTK_WIDGET(pane), "view.keeps-front", has_gl);
    for (GtkWidget *child = gtk_widget_get_last_child(pane->controls); child != NULL;
         child = gtk_widget_get_prev_sibling(child))
        if (GTK_IS_TOGGLE_BUTTON(child) || GTK_IS_MENU_BUTTON(child))
            gtk_widget_set_visible(child, has_gl);
    make_coarse(pane);
    show(pane);
}

// The tree over the triangles; made when it is first asked, a few milliseconds.
static const HpPick *pick_of(HpSurfacePane *pane)
{
    if (pane->pick == NULL && pane->mesh != NULL)
        pane->pick = hp_pick_new(pane->mesh, NULL);
    return pane->pick;
}

static void pick_at(HpSurfacePane *pane, double x, double y)
{
    const HpScene scene = scene_of(pane);
    double mm[3];
    if (scene.volume != NULL &&
        hp_scene_pick(&scene, pick_of(pane), width_of(pane), height_of(pane), x, y, mm))
        hp_lens_set_cross(pane->lens, mm);
}

// The cube's square lies at the top right.
static int cube_side_at(HpSurfacePane *pane, double x, double y)
{
    return hp_cube_side_at(&pane->camera, CUBE, x - (width_of(pane) - CUBE - 6), y - 6);
}

static void draw_cube(HpSurfacePane *pane, GtkSnapshot *snapshot)
{
    const double x = width_of(pane) - CUBE - 6, y = 6;
    cairo_t *cairo = gtk_snapshot_append_cairo(
        snapshot, &GRAPHENE_RECT_INIT((float)x, (float)y, (float)CUBE, (float)CUBE));
    cairo_translate(cairo, x, y);
    hp_cube_draw(&pane->camera, cairo, CUBE, pane->hovered_side);
    cairo_destroy(cairo);
}

// A ring where the planes meet; faint where something hides it.
static void draw_mark(HpSurfacePane *pane, GtkSnapshot *snapshot)
{
    const double size = 26;
    double place[3];
    HpScene scene = scene_of(pane);
    if (!pane->lens->shows_cross || scene.volume == NULL)
        return;
    hp_camera_project(&pane->camera, width_of(pane), height_of(pane), pane->lens->cross_mm, place);
    scene.shows_slices = false; // where they meet they hide nothing
    const double alpha = hp_scene_hides(&scene, pick_of(pane), pane->lens->cross_mm) ? 0.4 : 1;
    cairo_t *cairo = gtk_snapshot_append_cairo(
        snapshot, &GRAPHENE_RECT_INIT((float)(place[0] - size / 2), (float)(place[1] - size / 2),
                                      (float)size, (float)size));
    for (int stroke = 0; stroke < 2; stroke++) { // dark, and light upon it: seen on any ground
        for (int arm = 0; arm < 4; arm++) {
            const double dx = (arm % 2) * (arm - 2), dy = ((arm + 1) % 2) * (arm - 1);
            cairo_move_to(cairo, place[0] + 4 * dx, place[1] + 4 * dy);
            cairo_line_to(cairo, place[0] + 11 * dx, place[1] + 11 * dy);
        }
        cairo_set_source_rgba(cairo, stroke * 0.9, stroke * 0.9, stroke * 0.92,
                              stroke == 0 ? 0.6 * alpha : alpha);
        cairo_set_line_width(cairo, stroke == 0 ? 3.5 : 1.5);
        cairo_stroke(cairo);
    }
    cairo_destroy(cairo);
}

static void hp_surface_pane_snapshot(GtkWidget *widget, GtkSnapshot *snapshot)
{
    HpSurfacePane *pane = HP_SURFACE_PANE(widget);
    GTK_WIDGET_CLASS(hp_surface_pane_parent_class)->snapshot(widget, snapshot);
    if (hp_document_get_volume(pane->document) == NULL || width_of(pane) < 2 * CUBE)
        return;
    const HpScene scene = scene_of(pane);
    hp_trim_handles_draw(pane->trims, &scene, width_of(pane), height_of(pane), snapshot);
    draw_mark(pane, snapshot);
    draw_cube(pane, snapshot);
}

static void hold_camera(HpSurfacePane *pane)
{
    stop_gliding(pane);
    pane->camera_at_press = pane->camera;
}

static void left_begin_cb(GtkGestureDrag *drag, double x, double y, HpSurfacePane *pane)
{
    (void)drag;
    hold_camera(pane);
    const HpScene scene = scene_of(pane);
    hp_trim_handles_press(pane->trims, &scene, width_of(pane), height_of(pane), x, y);
}

static void left_update_cb(GtkGestureDrag *drag, double dx, double dy, HpSurfacePane *pane)
{
    (void)drag;
    const HpScene scene = scene_of(pane);
    if (hp_trim_handles_drag(pane->trims, &scene, width_of(pane), height_of(pane), dx, dy) ||
        hypot(dx, dy) < CLICK_PIXELS)
        return;
    HpCamera camera = pane->camera_at_press;
    hp_camera_turn(&camera, dx, dy);
    pane->camera.azimuth_degrees = camera.azimuth_degrees;
    pane->camera.elevation_degrees = camera.elevation_degrees;
    moved(pane);
}

static void left_end_cb(GtkGestureDrag *drag, double dx, double dy, HpSurfacePane *pane)
{
    double x, y;
    if (hp_trim_handles_release(pane->trims) || hypot(dx, dy) >= CLICK_PIXELS ||
        !gtk_gesture_drag_get_start_point(drag, &x, &y))
        return;
    const int side = cube_side_at(pane, x, y);
    if (side >= 0)
        look_from(pane, side);
    else
        pick_at(pane, x, y);
}

static void middle_begin_cb(GtkGestureDrag *drag, double x, double y, HpSurfacePane *pane)
{
    (void)drag, (void)x, (void)y;
    hold_camera(pane);
}

static void middle_update_cb(GtkGestureDrag *drag, double dx, double dy, HpSurfacePane *pane)
{
    (void)drag;
    HpCamera camera = pane->camera_at_press;
    hp_camera_pan(&camera, width_of(pane), height_of(pane), dx, dy);
    pane->camera = camera;
    moved(pane);
}

static void right_begin_cb(GtkGestureDrag *drag, double x, double y, HpSurfacePane *pane)
{
    (void)drag, (void)x, (void)y;
    pane->window_at_press[0] = (pane->lens->low_hu + pane->lens->high_hu) / 2;
    pane->window_at_press[1] = pane->lens->high_hu - pane->lens->low_hu;
}

// Window and level, as in the slices' panes.
static void right_update_cb(GtkGestureDrag *drag, double dx, double dy, HpSurfacePane *pane)
{
    (void)drag;
    const double half = MAX(pane->window_at_press[1] + 2 * dx, 1) / 2;
    const double level_hu = pane->window_at_press[0] + dy;
    hp_lens_set_window(pane->lens, level_hu - half, level_hu + half);
}

static gboolean scroll_cb(GtkEventControllerScroll *scroll, double dx, double dy,
                          HpSurfacePane *pane)
{
    (void)scroll, (void)dx;
    zoom_by(pane, pane->pointer[0], pane->pointer[1], pow(1.15, -dy));
    return TRUE;
}

static void pinch_begin_cb(GtkGesture *pinch, GdkEventSequence *sequence, HpSurfacePane *pane)
{
    (void)sequence;
    hold_camera(pane);
    gtk_gesture_get_bounding_box_center(pinch, &pane->pointer[0], &pane->pointer[1]);
}

static void pinch_cb(GtkGestureZoom *pinch, double scale, HpSurfacePane *pane)
{
    (void)pinch;
    pane->camera = pane->camera_at_press;
    zoom_by(pane, pane->pointer[0], pane->pointer[1], scale);
}

static void hover(HpSurfacePane *pane, int side, const char *cursor)
{
    gtk_widget_set_cursor_from_name(GTK_WIDGET(pane), cursor);
    if (side == pane->hovered_side)
        return;
    pane->hovered_side = side;
    gtk_widget_queue_draw(GTK_WIDGET(pane));
}

static void motion_cb(GtkEventControllerMotion *motion, double x, double y, HpSurfacePane *pane)
{
    (void)motion;
    pane->pointer[0] = x;
    pane->pointer[1] = y;
    const int side = cube_side_at(pane, x, y);
    const HpScene scene = scene_of(pane);
    hover(pane, side,
          side >= 0
              ? "pointer"
              : hp_trim_handles_hover(pane->trims, &scene, width_of(pane), height_of(pane), x, y));
}

static void leave_cb(GtkEventControllerMotion *motion, HpSurfacePane *pane)
{
    (void)motion;
    hover(pane, -1, NULL);
}

static const char *cut_name(const HpSurfacePane *pane)
{
    return pane->cut >= 0 ? hp_plane_name(pane->cut) : "none";
}

static void hp_surface_pane_get_property(GObject *object, guint id, GValue *value, GParamSpec *spec)
{
    const HpSurfacePane *pane = HP_SURFACE_PANE(object);
    if (id == PROP_SLICES)
        g_value_set_boolean(value, shows_slices(pane));
    else if (id == PROP_CUT)
        g_value_set_string(value, cut_name(pane));
    else if (id == PROP_KEEPS_FRONT)
        g_value_set_boolean(value, pane->keeps_front);
    else
        G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, spec);
}

static void hp_surface_pane_set_property(GObject *object, guint id, const GValue *value,
                                         GParamSpec *spec)
{
    HpSurfacePane *pane = HP_SURFACE_PANE(object);
    if (id == PROP_SLICES) {
        set_slices(pane, g_value_get_boolean(value));
    } else if (id == PROP_CUT) {
        int cut = -1;
        for (int plane = 0; plane < HP_PLANE_COUNT; plane++)
            if (g_strcmp0(g_value_get_string(value), hp_plane_name(plane)) == 0)
                cut = plane;
        set_cut(pane, cut);
    } else if (id == PROP_KEEPS_FRONT) {
        pane->keeps_front = g_value_get_boolean(value);
        show(pane);
    } else {
        G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, spec);
    }
}

GtkWidget *hp_surface_pane_new(HpDocument *document, HpLens *lens)
{
    HpSurfacePane *pane = g_object_new(HP_TYPE_SURFACE_PANE, NULL);
    pane->document = g_object_ref(document);
    pane->trims = hp_trim_handles_new(document);
    pane->lens = g_object_ref(lens);
    g_signal_connect_object(document, "changed", G_CALLBACK(changed_cb), pane, G_CONNECT_SWAPPED);
    g_signal_connect_object(lens, "changed", G_CALLBACK(lens_cb), pane, G_CONNECT_SWAPPED);
    g_signal_connect_object(pane->area, "means-changed", G_CALLBACK(means_cb), pane,
                            G_CONNECT_SWAPPED);
    gtk_accessible_update_property(GTK_ACCESSIBLE(pane), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                   _("Surface in 3-D"), -1);
    return GTK_WIDGET(pane);
}

static void hp_surface_pane_dispose(GObject *object)
{
    HpSurfacePane *pane = HP_SURFACE_PANE(object);
    drop_coarse(pane);
    g_clear_handle_id(&pane->rest, g_source_remove);
    g_clear_handle_id(&pane->later, g_source_remove);
    g_clear_pointer(&pane->overlay, gtk_widget_unparent);
    G_OBJECT_CLASS(hp_surface_pane_parent_class)->dispose(object);
}

static void hp_surface_pane_finalize(GObject *object)
{
    HpSurfacePane *pane = HP_SURFACE_PANE(object);
    g_clear_pointer(&pane->trims, hp_trim_handles_free);
    g_clear_pointer(&pane->pick, hp_pick_free);
    g_clear_pointer(&pane->mesh, hp_mesh_unref);
    g_clear_object(&pane->document);
    g_clear_object(&pane->lens);
    G_OBJECT_CLASS(hp_surface_pane_parent_class)->finalize(object);
}

static void install_properties(GObjectClass *klass)
{
    const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;
    props[PROP_SLICES] = g_param_spec_boolean("shows-slices", NULL, NULL, FALSE, flags);
    props[PROP_CUT] = g_param_spec_string("cut", NULL, NULL, "none", flags);
    props[PROP_KEEPS_FRONT] = g_param_spec_boolean("keeps-front", NULL, NULL, FALSE, flags);
    g_object_class_install_properties(klass, PROPS, props);
}

// Keys work while the pane has the focus. The cube's letters are with Shift: without, some are the
// window's.
static void install_actions(GtkWidgetClass *klass)
{
    static const struct {
        guint key;
        double dx, dy;
    } turns[] = {{GDK_KEY_Left, -37.5, 0}, // 15 degrees
                 {GDK_KEY_Right, 37.5, 0},
                 {GDK_KEY_Up, 0, -37.5},
                 {GDK_KEY_Down, 0, 37.5}};
    static const struct {
        guint key;
        double factor;
    } zooms[] = {{GDK_KEY_plus, 1.25},
                 {GDK_KEY_equal, 1.25}, // plus without Shift
                 {GDK_KEY_KP_Add, 1.25},
                 {GDK_KEY_minus, 0.8},
                 {GDK_KEY_KP_Subtract, 0.8}};
    static const guint keys[HP_SIDE_COUNT] = {GDK_KEY_l, GDK_KEY_r, GDK_KEY_p,
                                              GDK_KEY_a, GDK_KEY_s, GDK_KEY_i};
    for (int side = 0; side < HP_SIDE_COUNT; side++) {
        gtk_widget_class_install_action(klass, side_actions[side], NULL, side_cb);
        gtk_widget_class_add_binding_action(klass, keys[side], GDK_SHIFT_MASK, side_actions[side],
                                            NULL);
    }
    gtk_widget_class_install_action(klass, "view.reset", NULL, reset_cb);
    gtk_widget_class_add_binding_action(klass, GDK_KEY_Home, 0, "view.reset", NULL);
    gtk_widget_class_install_action(klass, "view.turn", "(dd)", turn_cb);
    for (size_t at = 0; at < G_N_ELEMENTS(turns); at++)
        gtk_widget_class_add_binding_action(klass, turns[at].key, 0, "view.turn", "(dd)",
                                            turns[at].dx, turns[at].dy);
    gtk_widget_class_install_action(klass, "view.zoom", "d", zoom_cb);
    for (size_t at = 0; at < G_N_ELEMENTS(zooms); at++)
        gtk_widget_class_add_binding_action(klass, zooms[at].key, 0, "view.zoom", "d",
                                            zooms[at].factor);
    gtk_widget_class_install_property_action(klass, "view.slices", "shows-slices");
    gtk_widget_class_add_binding_action(klass, GDK_KEY_g, 0, "view.slices", NULL);
    gtk_widget_class_install_property_action(klass, "view.cut", "cut");
    gtk_widget_class_install_action(klass, "view.toggle-cut", NULL, toggle_cut_cb);
    gtk_widget_class_add_binding_action(klass, GDK_KEY_k, 0, "view.toggle-cut", NULL);
    gtk_widget_class_install_property_action(klass, "view.keeps-front", "keeps-front");
    gtk_widget_class_add_binding_action(klass, GDK_KEY_k, GDK_SHIFT_MASK, "view.keeps-front", NULL);
}

static void hp_surface_pane_class_init(HpSurfacePaneClass *klass)
{
    GObjectClass *object = G_OBJECT_CLASS(klass);
    GtkWidgetClass *widget = GTK_WIDGET_CLASS(klass);
    object->dispose = hp_surface_pane_dispose;
    object->finalize = hp_surface_pane_finalize;
    object->get_property = hp_surface_pane_get_property;
    object->set_property = hp_surface_pane_set_property;
    widget->snapshot = hp_surface_pane_snapshot;
    install_properties(object);
    install_actions(widget);
    g_type_ensure(HP_TYPE_SCENE_AREA);
    gtk_widget_class_set_layout_manager_type(widget, GTK_TYPE_BIN_LAYOUT);
    gtk_widget_class_set_accessible_role(widget, GTK_ACCESSIBLE_ROLE_GROUP);
    gtk_widget_class_set_template_from_resource(widget, "/org/hepatica/Hepatica/surface_pane.ui");
    gtk_widget_class_bind_template_child(widget, HpSurfacePane, overlay);
    gtk_widget_class_bind_template_child(widget, HpSurfacePane, area);
    gtk_widget_class_bind_template_child(widget, HpSurfacePane, controls);
    gtk_widget_class_bind_template_child(widget, HpSurfacePane, notice);
}

static void add_drag(HpSurfacePane *pane, guint button, GCallback begin, GCallback update,
                     GCallback end)
{
    GtkGesture *drag = gtk_gesture_drag_new();
    gtk_gesture_single_set_button(GTK_GESTURE_SINGLE(drag), button);
    g_signal_connect(drag, "drag-begin", begin, pane);
    g_signal_connect(drag, "drag-update", update, pane);
    if (end != NULL)
        g_signal_connect(drag, "drag-end", end, pane);
    gtk_widget_add_controller(GTK_WIDGET(pane), GTK_EVENT_CONTROLLER(drag));
}

static void hp_surface_pane_init(HpSurfacePane *pane)
{
    pane->camera = hp_camera_default();
    pane->cut = -1;
    pane->last_cut = HP_PLANE_CORONAL;
    pane->hovered_side = -1;
    gtk_widget_init_template(GTK_WIDGET(pane));
    // The cube is at the right in every language, as the patient's left is.
    gtk_widget_set_direction(pane->controls, GTK_TEXT_DIR_LTR);
    gtk_widget_set_direction(pane->notice, GTK_TEXT_DIR_LTR);
    add_drag(pane, GDK_BUTTON_PRIMARY, G_CALLBACK(left_begin_cb), G_CALLBACK(left_update_cb),
             G_CALLBACK(left_end_cb));
    add_drag(pane, GDK_BUTTON_MIDDLE, G_CALLBACK(middle_begin_cb), G_CALLBACK(middle_update_cb),
             NULL);
    add_drag(pane, GDK_BUTTON_SECONDARY, G_CALLBACK(right_begin_cb), G_CALLBACK(right_update_cb),
             NULL);
    GtkEventController *scroll =
        gtk_event_controller_scroll_new(GTK_EVENT_CONTROLLER_SCROLL_VERTICAL);
    g_signal_connect(scroll, "scroll", G_CALLBACK(scroll_cb), pane);
    gtk_widget_add_controller(GTK_WIDGET(pane), scroll);
    GtkGesture *pinch = gtk_gesture_zoom_new();
    g_signal_connect(pinch, "begin", G_CALLBACK(pinch_begin_cb), pane);
    g_signal_connect(pinch, "scale-changed", G_CALLBACK(pinch_cb), pane);
    gtk_widget_add_controller(GTK_WIDGET(pane), GTK_EVENT_CONTROLLER(pinch));
    GtkEventController *motion = gtk_event_controller_motion_new();
    g_signal_connect(motion, "motion", G_CALLBACK(motion_cb), pane);
    g_signal_connect(motion, "leave", G_CALLBACK(leave_cb), pane);
    gtk_widget_add_controller(GTK_WIDGET(pane), motion);
}
