// SPDX-License-Identifier: Apache-2.0
// The stage Contour: seeds, the sliders of the snake, and the organ taken.
#include "app/stages/contour_panel.h"

#include "app/histogram_view.h"
#include "app/tools/click.h"
#include "app/tools/freehand.h"
#include "app/tools/nodes.h"
#include "app/tools/polygon.h"
#include "app/tools/round.h"
#include "app/value_row.h"

#include <glib/gi18n.h>

struct _HpContourPanel {
    GtkBox parent_instance;
    HpDocument *document;
    HpLens *lens;
    GActionMap *actions; // of the window that holds the panel; borrowed
    GtkLabel *seed_words;
    GtkBox *contour_values;
    HpTool *nodes; // the lens owns it
};

G_DEFINE_FINAL_TYPE(HpContourPanel, hp_contour_panel, GTK_TYPE_BOX)

static void enable(HpContourPanel *panel, const char *action, bool is_enabled)
{
    g_simple_action_set_enabled(G_SIMPLE_ACTION(g_action_map_lookup_action(panel->actions, action)),
                                is_enabled);
}

static void show(HpContourPanel *panel)
{
    const guint seeds = hp_document_get_plan(panel->document)->seeds->len;
    g_autofree char *words = seeds == 0
                                 ? g_strdup(_("No seed yet: draw one inside the liver"))
                                 : g_strdup_printf(ngettext("%u seed", "%u seeds", seeds), seeds);
    gtk_label_set_text(panel->seed_words, words);
    enable(panel, "take-organ", seeds > 0);
    enable(panel, "clear-seeds", seeds > 0);
}

static void changed_cb(HpContourPanel *panel, guint change)
{
    if (change & HP_CHANGE_PLAN)
        show(panel);
}

static void take_cb(GSimpleAction *action, GVariant *parameter, gpointer data)
{
    (void)action, (void)parameter;
    hp_document_pursue(HP_CONTOUR_PANEL(data)->document, HP_GOAL_ORGAN);
}

static void clear_cb(GSimpleAction *action, GVariant *parameter, gpointer data)
{
    (void)action, (void)parameter;
    hp_document_clear_seeds(HP_CONTOUR_PANEL(data)->document);
}

static void tool_cb(GSimpleAction *action, GVariant *state, gpointer data)
{
    (void)action;
    hp_lens_choose_tool(HP_CONTOUR_PANEL(data)->lens, g_variant_get_string(state, NULL));
}

// The action follows the lens, which others choose tools in, too.
static void chosen_cb(HpContourPanel *panel)
{
    const HpTool *tool = panel->lens->tool;
    g_simple_action_set_state(G_SIMPLE_ACTION(g_action_map_lookup_action(panel->actions, "tool")),
                              g_variant_new_string(tool != NULL ? tool->kind->name : "none"));
}

// Tools that draw seeds are at hand while the stage is.
static void map_cb(HpContourPanel *panel)
{
    hp_nodes_tool_set_shown(panel->nodes, true);
    hp_lens_choose_tool(panel->lens, "freehand");
}

static void unmap_cb(HpContourPanel *panel)
{
    hp_nodes_tool_set_shown(panel->nodes, false);
    hp_lens_choose_tool(panel->lens, "none");
}

GtkWidget *hp_contour_panel_new(HpDocument *document, HpLens *lens, GActionMap *actions)
{
    static const GActionEntry entries[] = {
        {.name = "take-organ", .activate = take_cb},
        {.name = "clear-seeds", .activate = clear_cb},
        {.name = "tool", .parameter_type = "s", .state = "'none'", .change_state = tool_cb},
    };
    static const HpParameterId values[] = {HP_PARAM_ALPHA, HP_PARAM_BETA, HP_PARAM_KAPPA,
                                           HP_PARAM_SIGMA};
    HpContourPanel *panel = g_object_new(HP_TYPE_CONTOUR_PANEL, NULL);
    panel->document = g_object_ref(document);
    panel->lens = g_object_ref(lens);
    panel->actions = actions;
    g_action_map_add_action_entries(actions, entries, G_N_ELEMENTS(entries), panel);
    panel->nodes = hp_nodes_tool_new(document, lens);
    hp_lens_add_tool(lens, panel->nodes);
    hp_lens_add_tool(lens, hp_freehand_tool_new(document, lens));
    hp_lens_add_tool(lens, hp_polygon_tool_new(document, lens));
    hp_lens_add_tool(lens, hp_round_tool_new(document, lens));
    hp_lens_add_tool(lens, hp_click_tool_new(document, lens));
    g_signal_connect(panel, "map", G_CALLBACK(map_cb), NULL);
    g_signal_connect(panel, "unmap", G_CALLBACK(unmap_cb), NULL);
    g_signal_connect_object(lens, "chosen", G_CALLBACK(chosen_cb), panel, G_CONNECT_SWAPPED);
    gtk_box_append(panel->contour_values, hp_histogram_view_new(document));
    for (size_t at = 0; at < G_N_ELEMENTS(values); at++)
        gtk_box_append(panel->contour_values, hp_value_row_new(document, values[at]));
    g_signal_connect_object(document, "changed", G_CALLBACK(changed_cb), panel, G_CONNECT_SWAPPED);
    show(panel);
    return GTK_WIDGET(panel);
}

static void hp_contour_panel_dispose(GObject *object)
{
    HpContourPanel *self = (HpContourPanel *)object;
    g_clear_object(&self->document);
    g_clear_object(&self->lens);
    G_OBJECT_CLASS(hp_contour_panel_parent_class)->dispose(object);
}

static void hp_contour_panel_class_init(HpContourPanelClass *klass)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(klass);
    G_OBJECT_CLASS(klass)->dispose = hp_contour_panel_dispose;
    gtk_widget_class_set_template_from_resource(widget_class,
                                                "/org/hepatica/Hepatica/contour_panel.ui");
    gtk_widget_class_bind_template_child(widget_class, HpContourPanel, seed_words);
    gtk_widget_class_bind_template_child(widget_class, HpContourPanel, contour_values);
}

static void hp_contour_panel_init(HpContourPanel *self)
{
    gtk_widget_init_template(GTK_WIDGET(self));
}
