// SPDX-License-Identifier: Apache-2.0
// Letters that choose tools and change the view, wherever in the window no other widget wants them.
#include "app/pane_keys.h"

static const struct {
    guint key;
    const char *action;
} keys[] = {
    {GDK_KEY_d, "win.tool::freehand"},
    {GDK_KEY_p, "win.tool::polygon"},
    {GDK_KEY_o, "win.tool::circle"},
    {GDK_KEY_s, "win.tool::click"},
    {GDK_KEY_v, "win.tool::none"},
    {GDK_KEY_n, "win.tool::barrier"},
    {GDK_KEY_b, "win.tool::hold"},
    {GDK_KEY_u, "win.tool::push"},
    {GDK_KEY_e, "win.tool::erase"},
    {GDK_KEY_m, "win.tool::ruler"},
    {GDK_KEY_r, "win.tool::region"},
    {GDK_KEY_x, "win.cross"},
    {GDK_KEY_c, "win.contours"},
    {GDK_KEY_f, "win.enlarge"},
    {GDK_KEY_l, "win.mask"},
    {GDK_KEY_w, "win.outline"},
    {GDK_KEY_q, "win.voxels"},
    {GDK_KEY_h, "win.band"},
    {GDK_KEY_t, "win.add-cut('sagittal')"},
    {GDK_KEY_space, "win.play"},
    {GDK_KEY_period, "win.step-evolution"},
};

static const struct {
    guint key;
    const char *action;
    double by;
} steps[] = {
    {GDK_KEY_bracketleft, "win.brush", -1},
    {GDK_KEY_bracketright, "win.brush", 1},
    {GDK_KEY_less, "win.opacity", -0.1},
    {GDK_KEY_greater, "win.opacity", 0.1},
};

static void add(GtkShortcutController *controller, guint key, GdkModifierType modifiers,
                const char *name, GVariant *target)
{
    GtkShortcut *shortcut =
        gtk_shortcut_new(gtk_keyval_trigger_new(key, modifiers), gtk_named_action_new(name));
    if (target != NULL)
        gtk_shortcut_set_arguments(shortcut, target);
    gtk_shortcut_controller_add_shortcut(controller, shortcut);
}

void hp_pane_keys_add(GtkWidget *widget)
{
    GtkEventController *controller = gtk_shortcut_controller_new();
    for (size_t at = 0; at < G_N_ELEMENTS(keys); at++) {
        g_autofree char *name = NULL;
        g_autoptr(GVariant) target = NULL;
        if (g_action_parse_detailed_name(keys[at].action, &name, &target, NULL))
            add(GTK_SHORTCUT_CONTROLLER(controller), keys[at].key, 0, name, target);
    }
    for (size_t at = 0; at < G_N_ELEMENTS(steps); at++) {
        // < and > need Shift on most keyboards, and are keys of their own on some.
        add(GTK_SHORTCUT_CONTROLLER(controller), steps[at].key, 0, steps[at].action,
            g_variant_new_double(steps[at].by));
        add(GTK_SHORTCUT_CONTROLLER(controller), steps[at].key, GDK_SHIFT_MASK, steps[at].action,
            g_variant_new_double(steps[at].by));
    }
    gtk_widget_add_controller(widget, controller);
}
