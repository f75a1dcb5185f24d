// SPDX-License-Identifier: Apache-2.0
// The window in which a person says what they prefer.
#include "app/preferences.h"

#include "app/settings.h"

struct _HpPreferences {
    AdwPreferencesWindow parent_instance;
    GActionGroup *actions;
    AdwComboRow *style;
    GtkScale *opacity;
    GtkSwitch *cross, *identity;
};

G_DEFINE_FINAL_TYPE(HpPreferences, hp_preferences, ADW_TYPE_PREFERENCES_WINDOW)

// In the order of the row's list.
static const char *const styles[] = {"dark", "light", "system"};

static void show_style(HpPreferences *preferences)
{
    g_autoptr(GVariant) state = g_action_group_get_action_state(preferences->actions, "style");
    for (guint at = 0; at < G_N_ELEMENTS(styles); at++)
        if (g_str_equal(g_variant_get_string(state, NULL), styles[at]))
            adw_combo_row_set_selected(preferences->style, at);
}

static void style_cb(HpPreferences *preferences)
{
    const guint at = adw_combo_row_get_selected(preferences->style);
    g_autoptr(GVariant) state = g_action_group_get_action_state(preferences->actions, "style");
    if (at < G_N_ELEMENTS(styles) && !g_str_equal(g_variant_get_string(state, NULL), styles[at]))
        g_action_group_change_action_state(preferences->actions, "style",
                                           g_variant_new_string(styles[at]));
}

GtkWindow *hp_preferences_new(GtkWindow *parent, GActionGroup *actions)
{
    HpPreferences *preferences =
        g_object_new(HP_TYPE_PREFERENCES, "transient-for", parent, "modal", TRUE, NULL);
    GSettings *settings = hp_settings_get();
    preferences->actions = g_object_ref(actions);
    show_style(preferences);
    g_signal_connect_swapped(preferences->style, "notify::selected", G_CALLBACK(style_cb),
                             preferences);
    const struct {
        const char *key;
        gpointer object;
        const char *property;
    } bound[] = {
        {"opacity", gtk_range_get_adjustment(GTK_RANGE(preferences->opacity)), "value"},
        {"shows-cross", preferences->cross, "active"},
        {"hides-identity", preferences->identity, "active"},
    };
    for (size_t at = 0; settings != NULL && at < G_N_ELEMENTS(bound); at++)
        g_settings_bind(settings, bound[at].key, bound[at].object, bound[at].property,
                        G_SETTINGS_BIND_DEFAULT);
    return GTK_WINDOW(preferences);
}

static void hp_preferences_dispose(GObject *object)
{
    g_clear_object(&HP_PREFERENCES(object)->actions);
    G_OBJECT_CLASS(hp_preferences_parent_class)->dispose(object);
}

static void hp_preferences_class_init(HpPreferencesClass *klass)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(klass);
    G_OBJECT_CLASS(klass)->dispose = hp_preferences_dispose;
    gtk_widget_class_set_template_from_resource(widget_class,
                                                "/org/hepatica/Hepatica/preferences.ui");
    gtk_widget_class_bind_template_child(widget_class, HpPreferences, style);
    gtk_widget_class_bind_template_child(widget_class, HpPreferences, opacity);
    gtk_widget_class_bind_template_child(widget_class, HpPreferences, cross);
    gtk_widget_class_bind_template_child(widget_class, HpPreferences, identity);
}

static void hp_preferences_init(HpPreferences *preferences)
{
    gtk_widget_init_template(GTK_WIDGET(preferences));
}
