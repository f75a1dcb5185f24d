// SPDX-License-Identifier: Apache-2.0
// The stage Model: how the surface is made of the mask, and its way into a file.
#include "app/stages/model_panel.h"

#include "app/value_row.h"

#include <glib/gi18n.h>
#include <math.h>

struct _HpModelPanel {
    GtkBox parent_instance;
    HpDocument *document;
    GActionMap *actions; // of the window that holds the panel; borrowed
    GtkBox *model_values;
};

G_DEFINE_FINAL_TYPE(HpModelPanel, hp_model_panel, GTK_TYPE_BOX)

static bool is_mesh_name(const char *path)
{
    return g_str_has_suffix(path, ".obj") || g_str_has_suffix(path, ".stl") ||
           g_str_has_suffix(path, ".ply");
}

static void exported_cb(GtkNativeDialog *chooser, int response, HpModelPanel *panel)
{
    if (response == GTK_RESPONSE_ACCEPT) {
        g_autoptr(GFile) file = gtk_file_chooser_get_file(GTK_FILE_CHOOSER(chooser));
        g_autofree char *path = g_file_get_path(file);
        g_autoptr(GError) error = NULL;
        g_autofree char *words = NULL;
        double ml = NAN;
        if (is_mesh_name(path) ? hp_document_export_mesh(panel->document, path, &ml, &error)
                               : hp_document_export_mask(panel->document, path, &error)) {
            words = isnan(ml) ? g_strdup_printf(_("Written: %s"), path)
                              : g_strdup_printf(_("Written: %s holds %'.1f ml"), path, ml);
            gtk_widget_activate_action(GTK_WIDGET(panel), "win.say", "s", words);
        } else {
            gtk_widget_activate_action(GTK_WIDGET(panel), "win.warn", "s", error->message);
        }
    }
    g_object_unref(chooser);
}

static void export_cb(GSimpleAction *action, GVariant *parameter, gpointer data)
{
    (void)action, (void)parameter;
    GtkFileChooserNative *chooser = gtk_file_chooser_native_new(
        _("Export the liver (.obj, .stl, .ply, .nii.gz, .nrrd)"),
        GTK_WINDOW(gtk_widget_get_root(data)), GTK_FILE_CHOOSER_ACTION_SAVE, NULL, NULL);
    gtk_file_chooser_set_current_name(GTK_FILE_CHOOSER(chooser), "liver.obj");
    g_signal_connect(chooser, "response", G_CALLBACK(exported_cb), data);
    gtk_native_dialog_show(GTK_NATIVE_DIALOG(chooser));
}

static void show(HpModelPanel *panel)
{
    g_simple_action_set_enabled(
        G_SIMPLE_ACTION(g_action_map_lookup_action(panel->actions, "export")),
        hp_document_get_mesh(panel->document) != NULL);
}

static void changed_cb(HpModelPanel *panel, guint change)
{
    if (change & HP_CHANGE_RESULT)
        show(panel);
}

GtkWidget *hp_model_panel_new(HpDocument *document, HpLens *lens, GActionMap *actions)
{
    static const GActionEntry entries[] = {{.name = "export", .activate = export_cb}};
    static const HpParameterId values[] = {HP_PARAM_SURFACE_SMOOTH, HP_PARAM_TRIANGLES};
    HpModelPanel *panel = g_object_new(HP_TYPE_MODEL_PANEL, NULL);
    (void)lens;
    panel->document = g_object_ref(document);
    panel->actions = actions;
    g_action_map_add_action_entries(actions, entries, G_N_ELEMENTS(entries), panel);
    for (size_t at = 0; at < G_N_ELEMENTS(values); at++)
        gtk_box_append(panel->model_values, hp_value_row_new(document, values[at]));
    g_signal_connect_object(document, "changed", G_CALLBACK(changed_cb), panel, G_CONNECT_SWAPPED);
    show(panel);
    return GTK_WIDGET(panel);
}

static void hp_model_panel_dispose(GObject *object)
{
    HpModelPanel *self = (HpModelPanel *)object;
    g_clear_object(&self->document);
    G_OBJECT_CLASS(hp_model_panel_parent_class)->dispose(object);
}

static void hp_model_panel_class_init(HpModelPanelClass *klass)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(klass);
    G_OBJECT_CLASS(klass)->dispose = hp_model_panel_dispose;
    gtk_widget_class_set_template_from_resource(widget_class,
                                                "/org/hepatica/Hepatica/model_panel.ui");
    gtk_widget_class_bind_template_child(widget_class, HpModelPanel, model_values);
}

static void hp_model_panel_init(HpModelPanel *self)
{
    gtk_widget_init_template(GTK_WIDGET(self));
}
