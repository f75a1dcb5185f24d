// SPDX-License-Identifier: Apache-2.0
// The desktop application: opens a window on what it is given.
#include "app/application.h"

#include "app/latency.h"
#include "app/preferences.h"
#include "app/settings.h"
#include "app/tour.h"
#include "app/window.h"

#include <glib/gi18n.h>

struct _HpApplication {
    AdwApplication parent_instance;
};

G_DEFINE_FINAL_TYPE(HpApplication, hp_application, ADW_TYPE_APPLICATION)

// What the command line asked for.
static struct {
    char *params, *pictures;
    gboolean latency;
} options;

static void hp_application_activate(GApplication *application)
{
    GtkWindow *window = gtk_application_get_active_window(GTK_APPLICATION(application));
    if (window == NULL)
        window = GTK_WINDOW(hp_window_new(ADW_APPLICATION(application)));
    gtk_window_present(window);
}

static void hp_application_open(GApplication *application, GFile **files, int count,
                                const char *hint)
{
    (void)hint;
    for (int at = 0; at < count; at++) {
        g_autofree char *path = g_file_get_path(files[at]);
        HpWindow *window = hp_window_new(ADW_APPLICATION(application));
        gtk_window_present(GTK_WINDOW(window));
        if (path != NULL && options.params != NULL)
            hp_window_open_with(window, path, options.params);
        else if (path != NULL)
            hp_window_open(window, path);
        if (options.pictures != NULL)
            hp_tour_start(window, options.pictures);
        if (options.latency)
            hp_latency_start(window);
    }
}

static void about_cb(GSimpleAction *action, GVariant *parameter, gpointer data)
{
    (void)action, (void)parameter;
    GtkWindow *window = gtk_application_get_active_window(GTK_APPLICATION(data));
    adw_show_about_window(
        window, "application-name", "Hepatica", "version", HP_VERSION, "license-type",
        GTK_LICENSE_APACHE_2_0, "comments",
        _("Liver volumetry and surgical planning from CT. A research and planning aid, not a "
          "certified medical device."),
        NULL);
}

static void preferences_cb(GSimpleAction *action, GVariant *parameter, gpointer data)
{
    (void)action, (void)parameter;
    GtkWindow *window = gtk_application_get_active_window(GTK_APPLICATION(data));
    gtk_window_present(hp_preferences_new(window, G_ACTION_GROUP(data)));
}

static void quit_cb(GSimpleAction *action, GVariant *parameter, gpointer data)
{
    (void)action, (void)parameter;
    g_application_quit(G_APPLICATION(data));
}

static void style_cb(GSimpleAction *action, GVariant *state, gpointer data)
{
    static const struct {
        const char *name;
        AdwColorScheme scheme;
    } styles[] = {
        {"dark", ADW_COLOR_SCHEME_FORCE_DARK},
        {"light", ADW_COLOR_SCHEME_FORCE_LIGHT},
        {"system", ADW_COLOR_SCHEME_DEFAULT},
    };
    (void)data;
    const char *name = g_variant_get_string(state, NULL);
    for (size_t at = 0; at < G_N_ELEMENTS(styles); at++) {
        if (!g_str_equal(name, styles[at].name))
            continue;
        adw_style_manager_set_color_scheme(adw_style_manager_get_default(), styles[at].scheme);
        g_simple_action_set_state(action, state);
    }
}

// What the person chose is remembered; nothing is written before.
static void remember_cb(GSimpleAction *action, GVariant *state, gpointer data)
{
    style_cb(action, state, data);
    if (hp_settings_get() != NULL)
        g_settings_set_string(hp_settings_get(), "style", g_variant_get_string(state, NULL));
}

static void hp_application_startup(GApplication *application)
{
    static const GActionEntry actions[] = {
        {.name = "about", .activate = about_cb},
        {.name = "preferences", .activate = preferences_cb},
        {.name = "quit", .activate = quit_cb},
        {.name = "style", .parameter_type = "s", .state = "'dark'", .change_state = remember_cb},
    };
    static const struct {
        const char *action;
        const char *keys[3];
    } keys[] = {
        {"app.quit", {"<Control>q"}},
        {"app.preferences", {"<Control>comma"}},
        {"win.open", {"<Control>o"}},
        {"win.open-file", {"<Control><Shift>o"}},
        {"win.save", {"<Control>s"}},
        {"win.save-as", {"<Control><Shift>s"}},
        {"win.hide-identity", {"F6"}},
        {"win.present", {"F5"}},
        {"win.fullscreen", {"F11"}},
        {"win.show-help-overlay", {"<Control>question", "F1"}},
        {"win.undo", {"<Control>z"}},
        {"win.redo", {"<Control><Shift>z", "<Control>y"}},
        {"win.take-organ", {"<Control>Return"}},
        {"win.export", {"<Control>e"}},
        {"win.numbers", {"F9"}},
        {"win.cancel", {"Escape"}},
    };
    G_APPLICATION_CLASS(hp_application_parent_class)->startup(application);
    // Translators: "default:RTL" in a language that is written from right to left.
    if (g_str_equal(_("default:LTR"), "default:RTL"))
        gtk_widget_set_default_direction(GTK_TEXT_DIR_RTL);
    g_action_map_add_action_entries(G_ACTION_MAP(application), actions, G_N_ELEMENTS(actions),
                                    application);
    for (size_t at = 0; at < G_N_ELEMENTS(keys); at++)
        gtk_application_set_accels_for_action(GTK_APPLICATION(application), keys[at].action,
                                              keys[at].keys);
    // A CT is read in a dark room: dark until the person chooses.
    GSettings *settings = hp_settings_get();
    g_autofree char *style =
        settings != NULL ? g_settings_get_string(settings, "style") : g_strdup("dark");
    g_autoptr(GVariant) state = g_variant_ref_sink(g_variant_new_string(style));
    style_cb(G_SIMPLE_ACTION(g_action_map_lookup_action(G_ACTION_MAP(application), "style")), state,
             application);
}

HpApplication *hp_application_new(void)
{
    return g_object_new(HP_TYPE_APPLICATION, "application-id", "org.hepatica.Hepatica", "flags",
                        G_APPLICATION_HANDLES_OPEN | G_APPLICATION_NON_UNIQUE, NULL);
}

static void hp_application_class_init(HpApplicationClass *klass)
{
    G_APPLICATION_CLASS(klass)->activate = hp_application_activate;
    G_APPLICATION_CLASS(klass)->open = hp_application_open;
    G_APPLICATION_CLASS(klass)->startup = hp_application_startup;
}

static void hp_application_init(HpApplication *application)
{
    const GOptionEntry entries[] = {
        {"params", 0, 0, G_OPTION_ARG_FILENAME, &options.params,
         N_("Begin with the parameters and seeds of this file"), N_("FILE")},
        {"pictures", 0, 0, G_OPTION_ARG_FILENAME, &options.pictures,
         N_("Write a picture of each stage there and quit"), N_("FOLDER")},
        {"latency", 0, G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_NONE, &options.latency,
         "Measure how fast the window answers and quit", NULL},
        {0},
    };
    g_application_add_main_option_entries(G_APPLICATION(application), entries);
    g_application_set_option_context_parameter_string(G_APPLICATION(application), "[INPUT…]");
}
