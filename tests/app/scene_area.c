// SPDX-License-Identifier: Apache-2.0
// The widget of the 3-D picture under a display of its own: shown, taken out, put back, hidden.
#include "app/scene_area.h"

#include "support/solids.h"

#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

enum { WIDTH = 300, HEIGHT = 200, WAIT_MS = 10000 };

static GPid server;

// It ends with this program, however that ends.
static void end_with_parent_cb(gpointer unused)
{
    (void)unused;
    prctl(PR_SET_PDEATHSIG, SIGTERM);
}

// An Xvfb that says its number; false where there is none.
static bool display_begin(void)
{
    char *arguments[] = {"Xvfb",       "-displayfd", "1",   "-screen", "0",
                         "640x480x24", "-nolisten",  "tcp", NULL};
    int output = -1;
    char number[16] = "";
    if (!g_spawn_async_with_pipes(NULL, arguments, NULL,
                                  G_SPAWN_SEARCH_PATH | G_SPAWN_STDERR_TO_DEV_NULL |
                                      G_SPAWN_DO_NOT_REAP_CHILD, // else its parent is soon gone
                                  end_with_parent_cb, NULL, &server, NULL, &output, NULL, NULL))
        return false;
    const ssize_t count = read(output, number, sizeof number - 1);
    if (count <= 0)
        return false;
    g_autofree char *name = g_strdup_printf(":%s", g_strstrip(number));
    g_setenv("DISPLAY", name, TRUE);
    g_setenv("GSK_RENDERER", "cairo", TRUE);
    g_setenv("GTK_A11Y", "none", TRUE);
    g_setenv("GDK_BACKEND", "x11", TRUE);
    return gtk_init_check();
}

static bool is_red(const uint8_t *pixel)
{
    return pixel[2] > 90 && pixel[2] > pixel[0] + 40; // BGRA
}

// How many pixels of the widget show the organ.
static int red_pixels(GtkWidget *area)
{
    g_autoptr(GdkPaintable) paintable = gtk_widget_paintable_new(area);
    GtkSnapshot *snapshot = gtk_snapshot_new();
    gdk_paintable_snapshot(paintable, snapshot, WIDTH, HEIGHT);
    GskRenderNode *node = gtk_snapshot_free_to_node(snapshot);
    if (node == NULL)
        return 0;
    GskRenderer *renderer = gtk_native_get_renderer(gtk_widget_get_native(area));
    g_autoptr(GdkTexture) texture =
        gsk_renderer_render_texture(renderer, node, &GRAPHENE_RECT_INIT(0, 0, WIDTH, HEIGHT));
    gsk_render_node_unref(node);
    g_autofree uint8_t *bytes = g_malloc0(4 * WIDTH * HEIGHT);
    gdk_texture_download(texture, bytes, 4 * WIDTH);
    int count = 0;
    for (int at = 0; at < WIDTH * HEIGHT; at++)
        count += is_red(bytes + 4 * at);
    return count;
}

// Waits until the organ fills about a third of the picture.
static void assert_shows(GtkWidget *area)
{
    const gint64 until = g_get_monotonic_time() + 1000 * WAIT_MS;
    while (red_pixels(area) < WIDTH * HEIGHT / 5) {
        g_assert_cmpint(g_get_monotonic_time(), <, until);
        const gint64 pause = g_get_monotonic_time() + 50000;
        while (g_get_monotonic_time() < pause)
            if (!g_main_context_iteration(NULL, FALSE))
                g_usleep(2000);
    }
}

static void it_shows_again_after_every_absence(void)
{
    static const double middle[3] = {40, -180, 1300};
    g_autoptr(HpMesh) mesh = solid_lump(middle, 50, 40);
    HpScene scene = hp_scene_default();
    scene.mesh = mesh;
    hp_camera_aim_at_mesh(&scene.camera, mesh);
    GtkWidget *window = gtk_window_new(), *area = g_object_ref_sink(hp_scene_area_new());
    gtk_window_set_default_size(GTK_WINDOW(window), WIDTH, HEIGHT);
    gtk_window_set_child(GTK_WINDOW(window), area);
    hp_scene_area_show(HP_SCENE_AREA(area), &scene);
    gtk_window_present(GTK_WINDOW(window));
    assert_shows(area);
    // Taken out of the window its context goes, and what the driver held.
    const bool has_gl = hp_scene_area_has_gl(HP_SCENE_AREA(area));
    gtk_window_set_child(GTK_WINDOW(window), NULL);
    g_assert_false(hp_scene_area_has_gl(HP_SCENE_AREA(area)));
    g_assert_cmpint(mesh->refs, ==, 2); // ours and the scene's
    gtk_window_set_child(GTK_WINDOW(window), area);
    assert_shows(area);
    g_assert_true(hp_scene_area_has_gl(HP_SCENE_AREA(area)) == has_gl);
    // Hidden with its window it keeps its context, but not its picture.
    gtk_widget_set_visible(window, FALSE);
    gtk_widget_set_visible(window, TRUE);
    assert_shows(area);
    gtk_window_destroy(GTK_WINDOW(window));
    g_object_unref(area);
    g_assert_cmpint(mesh->refs, ==, 1);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    if (!display_begin()) {
        g_print("1..0 # SKIP no Xvfb\n");
        return 0;
    }
    g_test_add_func("/scene-area/it_shows_again_after_every_absence",
                    it_shows_again_after_every_absence);
    const int status = g_test_run();
    kill(server, SIGTERM);
    return status;
}
