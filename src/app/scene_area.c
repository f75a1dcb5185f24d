// SPDX-License-Identifier: Apache-2.0
// Shows a scene: by OpenGL, or by the processor where there is none.
#include "app/scene_area.h"

#include "app/gl/painter.h"
#include "view/palette.h"
#include "view/raster.h"

#include <math.h>

struct _HpSceneArea {
    GtkWidget parent_instance;
    GtkWidget *gl;          // a GtkGLArea; hidden where the processor draws
    HpPainter *painter;     // NULL while not realized, or without OpenGL
    char *problem;          // NULL: OpenGL draws
    HpScene scene;          // holds its mesh and volume
    cairo_surface_t *shown; // by the processor; NULL: stale
};

G_DEFINE_FINAL_TYPE(HpSceneArea, hp_scene_area, GTK_TYPE_WIDGET)

static guint means_signal;

static void hold(HpSceneArea *area, const HpScene *scene)
{
    HpMesh *mesh = scene->mesh != NULL ? hp_mesh_ref(scene->mesh) : NULL;
    HpVolume *volume = scene->volume != NULL ? hp_volume_ref(scene->volume) : NULL;
    hp_mesh_unref(area->scene.mesh);
    hp_volume_unref(area->scene.volume);
    area->scene = *scene;
    area->scene.mesh = mesh;
    area->scene.volume = volume;
}

static void draw_again(HpSceneArea *area)
{
    g_clear_pointer(&area->shown, cairo_surface_destroy);
    if (area->problem != NULL)
        gtk_widget_queue_draw(GTK_WIDGET(area));
    else
        gtk_gl_area_queue_render(GTK_GL_AREA(area->gl));
}

void hp_scene_area_show(HpSceneArea *area, const HpScene *scene)
{
    hold(area, scene);
    draw_again(area);
}

bool hp_scene_area_has_gl(HpSceneArea *area)
{
    return area->painter != NULL;
}

bool hp_scene_area_is_slow(HpSceneArea *area)
{
    return area->painter == NULL || hp_painter_is_software(area->painter);
}

const char *hp_scene_area_get_problem(HpSceneArea *area)
{
    return area->problem;
}

static void give_up_gl(HpSceneArea *area, const char *words)
{
    g_free(area->problem);
    area->problem = g_strdup(words);
    gtk_widget_set_visible(area->gl, FALSE);
    gtk_widget_queue_draw(GTK_WIDGET(area));
    g_signal_emit(area, means_signal, 0);
}

static void realized_cb(GtkGLArea *gl, HpSceneArea *area)
{
    g_autoptr(GError) error = NULL;
    gtk_gl_area_make_current(gl);
    const GError *problem = gtk_gl_area_get_error(gl);
    if (problem == NULL) {
        area->painter = hp_painter_new(&error);
        problem = error;
    }
    if (problem != NULL) {
        give_up_gl(area, problem->message);
        return;
    }
    g_signal_emit(area, means_signal, 0);
}

static void unrealize_cb(GtkGLArea *gl, HpSceneArea *area)
{
    gtk_gl_area_make_current(gl);
    if (gtk_gl_area_get_error(gl) == NULL)
        g_clear_pointer(&area->painter, hp_painter_free);
}

// Out of a drawing widget none may be hidden.
static gboolean failed_cb(gpointer data)
{
    HpSceneArea *area = data;
    GError *error = g_object_steal_data(G_OBJECT(area), "failure");
    if (error != NULL)
        give_up_gl(area, error->message);
    g_clear_error(&error);
    return G_SOURCE_REMOVE;
}

// Whenever GTK asks: each of its pictures is a new one, which is empty until it is drawn. It asks only
// after hp_scene_area_show() and when the widget appears or changes its size.
static gboolean render_cb(GtkGLArea *gl, GdkGLContext *context, HpSceneArea *area)
{
    (void)context;
    const int scale = gtk_widget_get_scale_factor(GTK_WIDGET(gl));
    const int width = gtk_widget_get_width(GTK_WIDGET(gl)) * scale;
    const int height = gtk_widget_get_height(GTK_WIDGET(gl)) * scale;
    GError *error = NULL;
    if (area->painter == NULL || width < 1 || height < 1)
        return TRUE;
    if (!hp_painter_draw(area->painter, &area->scene, width, height, &error)) {
        g_object_set_data_full(G_OBJECT(area), "failure", error, (GDestroyNotify)g_error_free);
        g_idle_add_full(G_PRIORITY_DEFAULT, failed_cb, g_object_ref(area), g_object_unref);
    }
    return TRUE;
}

static cairo_surface_t *render_without_gl(const HpSceneArea *area, int width, int height)
{
    const HpCamera *camera = &area->scene.camera;
    if (area->scene.mesh == NULL)
        return NULL;
    double middle_mm[3];
    hp_camera_middle_mm(camera, middle_mm);
    const HpRasterView view = {
        .azimuth_degrees = camera->azimuth_degrees,
        .elevation_degrees = camera->elevation_degrees,
        .pixels_per_mm = hp_camera_pixels_per_mm(camera, width, height),
        .middle_mm = middle_mm,
        .colour = {area->scene.colour[0], area->scene.colour[1], area->scene.colour[2]},
        .fine = area->scene.is_moving ? 1 : 3};
    g_autoptr(HpPicture) picture =
        hp_raster_render(area->scene.mesh, &view, width, height, NULL, NULL);
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

static void hp_scene_area_snapshot(GtkWidget *widget, GtkSnapshot *snapshot)
{
    HpSceneArea *area = HP_SCENE_AREA(widget);
    const int width = gtk_widget_get_width(widget), height = gtk_widget_get_height(widget);
    // At half the size while it moves: a quarter of the work.
    const double scale = area->scene.is_moving ? 0.5 : gtk_widget_get_scale_factor(widget);
    if (area->problem == NULL) {
        GTK_WIDGET_CLASS(hp_scene_area_parent_class)->snapshot(widget, snapshot);
        return;
    }
    if (width < 8 || height < 8)
        return;
    if (area->shown == NULL)
        area->shown = render_without_gl(area, (int)(width * scale), (int)(height * scale));
    cairo_t *cairo = gtk_snapshot_append_cairo(snapshot, &GRAPHENE_RECT_INIT(0, 0, width, height));
    paint_ground(cairo, height);
    if (area->shown != NULL) {
        cairo_scale(cairo, width / floor(width * scale), height / floor(height * scale));
        cairo_set_source_surface(cairo, area->shown, 0, 0);
        cairo_pattern_set_filter(cairo_get_source(cairo), CAIRO_FILTER_BILINEAR);
        cairo_paint(cairo);
    }
    cairo_destroy(cairo);
}

static void hp_scene_area_size_allocate(GtkWidget *widget, int width, int height, int baseline)
{
    HpSceneArea *area = HP_SCENE_AREA(widget);
    g_clear_pointer(&area->shown, cairo_surface_destroy);
    if (gtk_widget_should_layout(area->gl))
        gtk_widget_allocate(area->gl, width, height, baseline, NULL);
}

GtkWidget *hp_scene_area_new(void)
{
    return g_object_new(HP_TYPE_SCENE_AREA, NULL);
}

static void hp_scene_area_dispose(GObject *object)
{
    g_clear_pointer(&HP_SCENE_AREA(object)->gl, gtk_widget_unparent);
    G_OBJECT_CLASS(hp_scene_area_parent_class)->dispose(object);
}

static void hp_scene_area_finalize(GObject *object)
{
    HpSceneArea *area = HP_SCENE_AREA(object);
    const HpScene nothing = hp_scene_default();
    hold(area, &nothing);
    g_clear_pointer(&area->shown, cairo_surface_destroy);
    g_free(area->problem);
    G_OBJECT_CLASS(hp_scene_area_parent_class)->finalize(object);
}

static void hp_scene_area_class_init(HpSceneAreaClass *klass)
{
    G_OBJECT_CLASS(klass)->dispose = hp_scene_area_dispose;
    G_OBJECT_CLASS(klass)->finalize = hp_scene_area_finalize;
    GTK_WIDGET_CLASS(klass)->snapshot = hp_scene_area_snapshot;
    GTK_WIDGET_CLASS(klass)->size_allocate = hp_scene_area_size_allocate;
    means_signal = g_signal_new("means-changed", G_TYPE_FROM_CLASS(klass), G_SIGNAL_RUN_LAST, 0,
                                NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void hp_scene_area_init(HpSceneArea *area)
{
    area->scene = hp_scene_default();
    area->gl = gtk_gl_area_new();
    gtk_gl_area_set_required_version(GTK_GL_AREA(area->gl), 3, 3);
    g_signal_connect(area->gl, "realize", G_CALLBACK(realized_cb), area);
    g_signal_connect(area->gl, "unrealize", G_CALLBACK(unrealize_cb), area);
    g_signal_connect(area->gl, "render", G_CALLBACK(render_cb), area);
    gtk_widget_set_parent(area->gl, GTK_WIDGET(area));
}
