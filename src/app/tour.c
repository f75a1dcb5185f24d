// SPDX-License-Identifier: Apache-2.0
// Walks a window through its stages and writes a picture of each, with nobody at the keys.
#include "app/tour.h"

#include "case/document.h"

// How long the window must have been still before its picture is taken.
enum { POLL_MS = 100, STILL_POLLS = 6 };

typedef struct {
    HpWindow *window;
    char *folder;
    guint step;  // next in `steps`
    int stills;  // polls in a row without a job
    bool is_set; // the step's stage is shown and its action done
} Tour;

static const struct {
    const char *stage, *action, *picture;
} steps[] = {
    {"case", NULL, "1-case"},       {"prepare", NULL, "2-prepare"},
    {"contour", NULL, "3-contour"}, {"contour", "win.take-organ", "4-organ"},
    {"model", NULL, "5-model"},
};

static int exit_code = 0;

int hp_tour_get_exit_code(void)
{
    return exit_code;
}

static void fail(const char *words)
{
    g_printerr("hepatica: %s\n", words);
    exit_code = 1;
}

// The window as it is drawn, at the resolution of its screen.
static void take_picture(Tour *tour, const char *name)
{
    GtkWidget *widget = GTK_WIDGET(tour->window);
    const int width = gtk_widget_get_width(widget), height = gtk_widget_get_height(widget);
    const int scale = gtk_widget_get_scale_factor(widget);
    g_autofree char *file = g_strdup_printf("%s.png", name);
    g_autofree char *path = g_build_filename(tour->folder, file, NULL);
    g_autoptr(GdkPaintable) paintable = gtk_widget_paintable_new(widget);
    GtkSnapshot *snapshot = gtk_snapshot_new();
    gtk_snapshot_scale(snapshot, scale, scale);
    gdk_paintable_snapshot(paintable, snapshot, width, height);
    g_autoptr(GskRenderNode) node = gtk_snapshot_free_to_node(snapshot);
    GskRenderer *renderer = gtk_native_get_renderer(GTK_NATIVE(widget));
    g_autoptr(GdkTexture) texture = gsk_renderer_render_texture(
        renderer, node, &GRAPHENE_RECT_INIT(0, 0, width * scale, height * scale));
    if (!gdk_texture_save_to_png(texture, path)) {
        g_autofree char *words = g_strdup_printf("%s: could not be written", path);
        fail(words);
    }
}

// Shows the step's stage and begins its action; false if this window has no such stage.
static bool enter(Tour *tour)
{
    GActionGroup *actions = G_ACTION_GROUP(tour->window);
    const char *stage = steps[tour->step].stage;
    g_action_group_change_action_state(actions, "stage", g_variant_new_string(stage));
    g_autoptr(GVariant) state = g_action_group_get_action_state(actions, "stage");
    if (g_strcmp0(g_variant_get_string(state, NULL), stage) != 0)
        return false;
    if (steps[tour->step].action != NULL)
        gtk_widget_activate_action(GTK_WIDGET(tour->window), steps[tour->step].action, NULL);
    return true;
}

static void end(Tour *tour)
{
    gtk_window_destroy(GTK_WINDOW(tour->window));
    g_object_unref(tour->window);
    g_free(tour->folder);
    g_free(tour);
}

static gboolean poll_cb(gpointer data)
{
    Tour *tour = data;
    HpDocument *document = hp_window_get_document(tour->window);
    const GError *error = hp_document_get_error(document);
    tour->stills = hp_document_is_busy(document) ? 0 : tour->stills + 1;
    if (error != NULL) {
        fail(error->message);
        tour->step = G_N_ELEMENTS(steps);
    } else if (tour->stills < STILL_POLLS) {
        return G_SOURCE_CONTINUE;
    } else if (!tour->is_set) {
        tour->is_set = enter(tour);
        tour->stills = 0;
        tour->step += !tour->is_set;
    } else {
        take_picture(tour, steps[tour->step].picture);
        tour->is_set = false;
        tour->step++;
    }
    if (tour->step < G_N_ELEMENTS(steps))
        return G_SOURCE_CONTINUE;
    end(tour);
    return G_SOURCE_REMOVE;
}

void hp_tour_start(HpWindow *window, const char *folder)
{
    Tour *tour = g_new0(Tour, 1);
    tour->window = g_object_ref(window);
    tour->folder = g_strdup(folder);
    g_timeout_add(POLL_MS, poll_cb, tour);
}
