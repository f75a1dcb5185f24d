// SPDX-License-Identifier: Apache-2.0
// The buttons that are at hand on every stage: ruler, HU in a circle, and what the slices show.
#include "app/view_tools.h"

#include "app/settings.h"

#include <math.h>

struct _HpViewTools {
    GtkBox parent_instance;
    HpLens *lens;
    GtkRange *opacity;
};

G_DEFINE_FINAL_TYPE(HpViewTools, hp_view_tools, GTK_TYPE_BOX)

// The fields of the lens that are switched, by the names of their actions.
static const struct {
    const char *name;
    gsize offset;
} switches[] = {
    {"mask", G_STRUCT_OFFSET(HpLens, shows_mask)},
    {"outline", G_STRUCT_OFFSET(HpLens, shows_outline)},
    {"voxels", G_STRUCT_OFFSET(HpLens, shows_voxels)},
    {"band", G_STRUCT_OFFSET(HpLens, shows_band)},
};

static void switch_cb(GSimpleAction *action, GVariant *state, gpointer data)
{
    HpLens *lens = data;
    for (size_t at = 0; at < G_N_ELEMENTS(switches); at++)
        if (g_str_equal(switches[at].name, g_action_get_name(G_ACTION(action))))
            G_STRUCT_MEMBER(bool, lens, switches[at].offset) = g_variant_get_boolean(state);
    g_simple_action_set_state(action, state);
    hp_lens_changed(lens);
}

static void set_opacity(HpLens *lens, double opacity)
{
    opacity = CLAMP(round(opacity * 100) / 100, 0, 1);
    if (opacity == lens->opacity)
        return;
    lens->opacity = opacity;
    if (hp_settings_get() != NULL)
        g_settings_set_double(hp_settings_get(), "opacity", opacity);
    hp_lens_changed(lens);
}

static void opacity_cb(GSimpleAction *action, GVariant *by, gpointer data)
{
    (void)action;
    set_opacity(data, HP_LENS(data)->opacity + g_variant_get_double(by));
}

static void slid_cb(HpViewTools *self)
{
    set_opacity(self->lens, gtk_range_get_value(self->opacity));
}

static void changed_cb(HpViewTools *self)
{
    gtk_range_set_value(self->opacity, self->lens->opacity);
}

GtkWidget *hp_view_tools_new(HpLens *lens, GActionMap *actions)
{
    HpViewTools *self = g_object_new(HP_TYPE_VIEW_TOOLS, NULL);
    self->lens = g_object_ref(lens);
    for (size_t at = 0; at < G_N_ELEMENTS(switches); at++) {
        const bool is_on = G_STRUCT_MEMBER(bool, lens, switches[at].offset);
        const GActionEntry entry = {.name = switches[at].name,
                                    .state = is_on ? "true" : "false",
                                    .change_state = switch_cb};
        g_action_map_add_action_entries(actions, &entry, 1, lens);
    }
    static const GActionEntry opacity = {
        .name = "opacity", .activate = opacity_cb, .parameter_type = "d"};
    g_action_map_add_action_entries(actions, &opacity, 1, lens);
    changed_cb(self);
    g_signal_connect_swapped(self->opacity, "value-changed", G_CALLBACK(slid_cb), self);
    g_signal_connect_object(lens, "changed", G_CALLBACK(changed_cb), self, G_CONNECT_SWAPPED);
    return GTK_WIDGET(self);
}

static void hp_view_tools_finalize(GObject *object)
{
    g_clear_object(&HP_VIEW_TOOLS(object)->lens);
    G_OBJECT_CLASS(hp_view_tools_parent_class)->finalize(object);
}

static void hp_view_tools_class_init(HpViewToolsClass *klass)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(klass);
    G_OBJECT_CLASS(klass)->finalize = hp_view_tools_finalize;
    gtk_widget_class_set_template_from_resource(widget_class,
                                                "/org/hepatica/Hepatica/view_tools.ui");
    gtk_widget_class_bind_template_child(widget_class, HpViewTools, opacity);
}

static void hp_view_tools_init(HpViewTools *self)
{
    gtk_widget_init_template(GTK_WIDGET(self));
}
