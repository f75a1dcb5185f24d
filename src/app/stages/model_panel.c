// SPDX-License-Identifier: Apache-2.0
// The stage Model: how the surface is made of the mask, what cuts it, and its way into a file.
#include "app/stages/model_panel.h"

#include "app/cut_row.h"
#include "app/export_dialog.h"
#include "app/tools/trim.h"
#include "app/value_row.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

struct _HpModelPanel {
    GtkBox parent_instance;
    HpDocument *document;
    HpLens *lens;
    GActionMap *actions; // of the window that holds the panel; borrowed
    HpTool *trim;        // borrowed from the lens
    bool is_showing;     // the case is being shown; nothing a person did
    GtkBox *model_values, *largest_row;
    GtkLabel *mesh_words, *largest_label, *cut_words;
    GtkSwitch *largest;
    GtkListBox *cuts;
    GtkSpinner *spinner;
};

G_DEFINE_FINAL_TYPE(HpModelPanel, hp_model_panel, GTK_TYPE_BOX)

static guint cut_count(const HpModelPanel *panel)
{
    return hp_document_get_plan(panel->document)->trims->len;
}

static void show_mesh(HpModelPanel *panel)
{
    const HpMesh *mesh = hp_document_get_mesh(panel->document);
    g_autofree char *words = mesh != NULL
                                 ? g_strdup_printf(ngettext("%'zu triangle", "%'zu triangles",
                                                            (unsigned long)mesh->triangles),
                                                   mesh->triangles)
                                 : g_strdup(_("Take the organ first: it has no surface yet."));
    gtk_label_set_text(panel->mesh_words, words);
    g_simple_action_set_enabled(
        G_SIMPLE_ACTION(g_action_map_lookup_action(panel->actions, "export")), mesh != NULL);
    gtk_spinner_set_spinning(panel->spinner, hp_document_is_following(panel->document));
}

static void show_chosen(HpModelPanel *panel)
{
    const int chosen = hp_trim_tool_get_chosen(panel->trim);
    panel->is_showing = true;
    gtk_list_box_select_row(
        panel->cuts, chosen >= 0 ? gtk_list_box_get_row_at_index(panel->cuts, chosen) : NULL);
    panel->is_showing = false;
}

static void show_cuts(HpModelPanel *panel)
{
    const guint count = cut_count(panel);
    GtkListBoxRow *row;
    guint rows = 0;
    panel->is_showing = true;
    while ((row = gtk_list_box_get_row_at_index(panel->cuts, (int)rows)) != NULL) {
        if (rows >= count) {
            gtk_list_box_remove(panel->cuts, GTK_WIDGET(row));
            continue;
        }
        hp_cut_row_show(HP_CUT_ROW(row));
        rows++;
    }
    for (; rows < count; rows++)
        gtk_list_box_append(panel->cuts, hp_cut_row_new(panel->document, rows));
    panel->is_showing = false;
    if (hp_trim_tool_get_chosen(panel->trim) >= (int)count)
        hp_trim_tool_choose(panel->trim, (int)count - 1);
    gtk_label_set_text(panel->cut_words,
                       count == 0 ? _("Add one through the cross-hair:")
                                  : _("Drag the line in a slice, turn it by its rings. Arrow keys "
                                      "move it by 1 mm, with Shift by 5."));
    gtk_widget_set_visible(GTK_WIDGET(panel->cuts), count > 0);
    show_chosen(panel);
}

static void show_largest(HpModelPanel *panel)
{
    const HpPlan *plan = hp_document_get_plan(panel->document);
    panel->is_showing = true;
    gtk_switch_set_active(panel->largest, plan->params.value[HP_PARAM_LARGEST_PART] > 0);
    panel->is_showing = false;
}

static void changed_cb(HpModelPanel *panel, guint change)
{
    if (change & HP_CHANGE_PLAN) {
        show_cuts(panel);
        show_largest(panel);
    }
    show_mesh(panel);
}

static void largest_cb(HpModelPanel *panel)
{
    if (!panel->is_showing)
        hp_document_set_value(panel->document, HP_PARAM_LARGEST_PART,
                              gtk_switch_get_active(panel->largest));
}

static void selected_cb(HpModelPanel *panel, GtkListBoxRow *row)
{
    if (!panel->is_showing && row != NULL)
        hp_trim_tool_choose(panel->trim, gtk_list_box_row_get_index(row));
}

// Left and right move the chosen plane, up and down choose another, Delete removes it.
static gboolean key_cb(GtkEventControllerKey *keys, guint key, guint code, GdkModifierType state,
                       HpModelPanel *panel)
{
    (void)keys, (void)code;
    const int chosen = hp_trim_tool_get_chosen(panel->trim);
    const double step_mm = state & GDK_SHIFT_MASK ? 5 : 1;
    if (key == GDK_KEY_Left || key == GDK_KEY_Right)
        hp_trim_tool_nudge(panel->trim, key == GDK_KEY_Left ? -step_mm : step_mm);
    else if (key == GDK_KEY_Delete && chosen >= 0)
        hp_document_remove_trim(panel->document, (guint)chosen);
    else
        return FALSE;
    return TRUE;
}

// Whether most of the surface lies on the side that a plane cuts off.
static bool cuts_most(const HpMesh *mesh, const HpCut *cut)
{
    size_t off = 0;
    for (size_t v = 0; v < mesh->vertices; v++) {
        const float *mm = mesh->mm + 3 * v;
        off +=
            cut->normal[0] * mm[0] + cut->normal[1] * mm[1] + cut->normal[2] * mm[2] >= cut->d_mm;
    }
    return 2 * off > mesh->vertices;
}

// A plane through the cross-hair that keeps the larger part.
static HpCut new_cut(const HpModelPanel *panel, const char *name)
{
    const HpLens *lens = panel->lens;
    const HpMesh *mesh = hp_document_get_mesh(panel->document);
    // Upright, from the right at the front to the left at the back, as the plane from the gallbladder to
    // the vena cava lies (Cantlie 1897): a first guess at what parts the lobes.
    HpCut cut = {{0.866, -0.5, 0}, 0, false};
    for (int plane = 0; plane < HP_PLANE_COUNT; plane++) {
        if (!g_str_equal(name, hp_plane_name(plane)))
            continue;
        const int axis = hp_grid_axis(&lens->grid, plane);
        for (int row = 0; row < 3; row++)
            cut.normal[row] = lens->grid.directions[3 * row + axis];
    }
    for (int axis = 0; axis < 3; axis++)
        cut.d_mm += cut.normal[axis] * lens->cross_mm[axis];
    if (mesh == NULL || !cuts_most(mesh, &cut))
        return cut;
    return (HpCut){{-cut.normal[0], -cut.normal[1], -cut.normal[2]}, -cut.d_mm, false};
}

static void add_cut_cb(GSimpleAction *action, GVariant *name, gpointer data)
{
    HpModelPanel *panel = data;
    (void)action;
    if (hp_document_get_volume(panel->document) == NULL)
        return;
    const HpCut cut = new_cut(panel, g_variant_get_string(name, NULL));
    hp_document_add_trim(panel->document, &cut);
    hp_trim_tool_choose(panel->trim, (int)cut_count(panel) - 1);
    gtk_widget_activate_action(GTK_WIDGET(panel), "win.stage", "s", "model");
}

static void export_cb(GSimpleAction *action, GVariant *parameter, gpointer data)
{
    (void)action, (void)parameter;
    HpModelPanel *panel = data;
    hp_export_dialog_present(panel->document, GTK_WINDOW(gtk_widget_get_root(GTK_WIDGET(panel))));
}

// The lines are grabbed while this stage shows, so that they do not stand in the way of others' strokes.
static void mapped_cb(HpModelPanel *panel)
{
    hp_trim_tool_set_active(panel->trim, gtk_widget_get_mapped(GTK_WIDGET(panel)));
}

static void add_largest(HpModelPanel *panel)
{
    const HpParameter *parameter = hp_parameter_get(HP_PARAM_LARGEST_PART);
    gtk_label_set_text(panel->largest_label, _(parameter->label));
    gtk_widget_set_tooltip_text(GTK_WIDGET(panel->largest_row), _(parameter->sentence));
    gtk_accessible_update_property(GTK_ACCESSIBLE(panel->largest), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                   _(parameter->label), -1);
    g_signal_connect_swapped(panel->largest, "notify::active", G_CALLBACK(largest_cb), panel);
}

GtkWidget *hp_model_panel_new(HpDocument *document, HpLens *lens, GActionMap *actions)
{
    static const GActionEntry entries[] = {
        {.name = "export", .activate = export_cb},
        {.name = "add-cut", .activate = add_cut_cb, .parameter_type = "s"}};
    static const HpParameterId values[] = {HP_PARAM_SURFACE_SMOOTH, HP_PARAM_TRIANGLES};
    HpModelPanel *panel = g_object_new(HP_TYPE_MODEL_PANEL, NULL);
    panel->document = g_object_ref(document);
    panel->lens = g_object_ref(lens);
    panel->actions = actions;
    panel->trim = hp_trim_tool_new(document, lens);
    hp_lens_add_tool(lens, panel->trim);
    g_action_map_add_action_entries(actions, entries, G_N_ELEMENTS(entries), panel);
    for (size_t at = 0; at < G_N_ELEMENTS(values); at++)
        gtk_box_append(panel->model_values, hp_value_row_new(document, values[at]));
    add_largest(panel);
    g_signal_connect(panel, "map", G_CALLBACK(mapped_cb), NULL);
    g_signal_connect_after(panel, "unmap", G_CALLBACK(mapped_cb), NULL);
    g_signal_connect_object(document, "changed", G_CALLBACK(changed_cb), panel, G_CONNECT_SWAPPED);
    g_signal_connect_object(lens, "marked", G_CALLBACK(show_chosen), panel, G_CONNECT_SWAPPED);
    changed_cb(panel, HP_CHANGE_PLAN);
    return GTK_WIDGET(panel);
}

static void hp_model_panel_dispose(GObject *object)
{
    HpModelPanel *self = (HpModelPanel *)object;
    g_clear_object(&self->document);
    g_clear_object(&self->lens);
    G_OBJECT_CLASS(hp_model_panel_parent_class)->dispose(object);
}

static void hp_model_panel_class_init(HpModelPanelClass *klass)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(klass);
    G_OBJECT_CLASS(klass)->dispose = hp_model_panel_dispose;
    gtk_widget_class_set_template_from_resource(widget_class,
                                                "/org/hepatica/Hepatica/model_panel.ui");
#define CHILD(name) gtk_widget_class_bind_template_child(widget_class, HpModelPanel, name)
    CHILD(model_values);
    CHILD(largest_row);
    CHILD(mesh_words);
    CHILD(largest_label);
    CHILD(cut_words);
    CHILD(largest);
    CHILD(cuts);
    CHILD(spinner);
#undef CHILD
}

static void hp_model_panel_init(HpModelPanel *self)
{
    gtk_widget_init_template(GTK_WIDGET(self));
    GtkEventController *keys = gtk_event_controller_key_new();
    g_signal_connect(keys, "key-pressed", G_CALLBACK(key_cb), self);
    gtk_widget_add_controller(GTK_WIDGET(self->cuts), keys);
    g_signal_connect_swapped(self->cuts, "row-selected", G_CALLBACK(selected_cb), self);
}
