// SPDX-License-Identifier: Apache-2.0
// The panes of the case: three planes and the surface, two by two, or one of them alone.
#include "app/pane_grid.h"

#include "app/slice_pane.h"
#include "app/surface_pane.h"
#include "app/tools/measure.h"

enum { PANES = 4 };

struct _HpPaneGrid {
    GtkWidget parent_instance;
    GtkWidget *grid;
    GtkWidget *panes[PANES];
    GtkWidget *large; // shown alone; NULL: all are shown
    HpLens *lens;
    GActionMap *actions; // of the window; borrowed
    HpTool *measures[2]; // ruler and circle; the lens owns them
};

G_DEFINE_FINAL_TYPE(HpPaneGrid, hp_pane_grid, GTK_TYPE_WIDGET)

static guint hovered_signal;

static void show_alone(HpPaneGrid *self, GtkWidget *pane)
{
    self->large = pane;
    for (int at = 0; at < PANES; at++)
        gtk_widget_set_visible(self->panes[at], pane == NULL || self->panes[at] == pane);
}

static bool holds_focus(GtkWidget *pane)
{
    return (gtk_widget_get_state_flags(pane) & GTK_STATE_FLAG_FOCUS_WITHIN) != 0;
}

// By key: the pane that was last clicked, the axial one before that.
static void enlarge_cb(GSimpleAction *action, GVariant *state, gpointer data)
{
    HpPaneGrid *self = data;
    GtkWidget *chosen = self->panes[HP_PLANE_AXIAL];
    for (int at = 0; at < PANES; at++)
        if (holds_focus(self->panes[at]))
            chosen = self->panes[at];
    show_alone(self, g_variant_get_boolean(state) ? chosen : NULL);
    g_simple_action_set_state(action, state);
}

static void pressed_cb(GtkGestureClick *click, int presses, double x, double y, GtkWidget *pane)
{
    (void)x, (void)y;
    GtkWidget *self = gtk_widget_get_ancestor(pane, HP_TYPE_PANE_GRID);
    gtk_widget_grab_focus(pane);
    // A slice pane asks its tools first.
    if (presses != 2 || HP_IS_SLICE_PANE(pane))
        return;
    gtk_gesture_set_state(GTK_GESTURE(click), GTK_EVENT_SEQUENCE_CLAIMED);
    gtk_widget_activate_action(self, "win.enlarge", NULL);
}

// A tool that is chosen again is put away, but for those that the stage itself rests on.
static void tool_cb(GSimpleAction *action, GVariant *state, gpointer data)
{
    (void)action;
    HpLens *lens = HP_PANE_GRID(data)->lens;
    const char *name = g_variant_get_string(state, NULL);
    const bool is_again = lens->tool != NULL && g_str_equal(lens->tool->kind->name, name);
    hp_lens_choose_tool(lens, is_again ? lens->home : name);
}

// The action follows the lens, which others choose tools in, too.
static void chosen_cb(HpPaneGrid *self)
{
    const HpTool *tool = self->lens->tool;
    g_simple_action_set_state(G_SIMPLE_ACTION(g_action_map_lookup_action(self->actions, "tool")),
                              g_variant_new_string(tool != NULL ? tool->kind->name : "none"));
}

static void clear_measures_cb(GSimpleAction *action, GVariant *parameter, gpointer data)
{
    (void)action, (void)parameter;
    for (int at = 0; at < 2; at++)
        hp_measure_tool_clear(HP_PANE_GRID(data)->measures[at]);
}

static void marked_cb(HpPaneGrid *self)
{
    GAction *action = g_action_map_lookup_action(self->actions, "clear-measures");
    g_simple_action_set_enabled(G_SIMPLE_ACTION(action),
                                !hp_measure_tool_is_empty(self->measures[0]) ||
                                    !hp_measure_tool_is_empty(self->measures[1]));
}

static void add_tools(HpPaneGrid *self, HpDocument *document)
{
    static const GActionEntry entries[] = {
        {.name = "tool", .parameter_type = "s", .state = "'none'", .change_state = tool_cb},
        {.name = "clear-measures", .activate = clear_measures_cb},
    };
    self->measures[0] = hp_ruler_tool_new(document, self->lens);
    self->measures[1] = hp_region_tool_new(document, self->lens);
    for (int at = 0; at < 2; at++)
        hp_lens_add_tool(self->lens, self->measures[at]);
    g_action_map_add_action_entries(self->actions, entries, G_N_ELEMENTS(entries), self);
    g_signal_connect_object(self->lens, "chosen", G_CALLBACK(chosen_cb), self, G_CONNECT_SWAPPED);
    g_signal_connect_object(self->lens, "marked", G_CALLBACK(marked_cb), self, G_CONNECT_SWAPPED);
    marked_cb(self);
}

static void hovered_cb(HpPaneGrid *self, const char *words)
{
    g_signal_emit(self, hovered_signal, 0, words);
}

static void add(HpPaneGrid *self, int at, GtkWidget *pane)
{
    static const int place[PANES][2] = {{0, 0}, {1, 0}, {0, 1}, {1, 1}};
    GtkGesture *click = gtk_gesture_click_new();
    g_signal_connect(click, "pressed", G_CALLBACK(pressed_cb), pane);
    gtk_widget_add_controller(pane, GTK_EVENT_CONTROLLER(click));
    gtk_grid_attach(GTK_GRID(self->grid), pane, place[at][0], place[at][1], 1, 1);
    self->panes[at] = pane;
}

GtkWidget *hp_pane_grid_new(HpDocument *document, HpLens *lens, GActionMap *actions)
{
    static const GActionEntry entries[] = {
        {.name = "enlarge", .state = "false", .change_state = enlarge_cb}};
    HpPaneGrid *self = g_object_new(HP_TYPE_PANE_GRID, "hexpand", TRUE, NULL);
    for (int plane = 0; plane < HP_PLANE_COUNT; plane++) {
        GtkWidget *pane = hp_slice_pane_new(document, lens, plane);
        g_signal_connect_swapped(pane, "hovered", G_CALLBACK(hovered_cb), self);
        add(self, plane, pane);
    }
    add(self, HP_PLANE_COUNT, hp_surface_pane_new(document, lens));
    g_action_map_add_action_entries(actions, entries, G_N_ELEMENTS(entries), self);
    self->lens = g_object_ref(lens);
    self->actions = actions;
    add_tools(self, document);
    return GTK_WIDGET(self);
}

static void hp_pane_grid_dispose(GObject *object)
{
    g_clear_pointer(&HP_PANE_GRID(object)->grid, gtk_widget_unparent);
    g_clear_object(&HP_PANE_GRID(object)->lens);
    G_OBJECT_CLASS(hp_pane_grid_parent_class)->dispose(object);
}

static void hp_pane_grid_class_init(HpPaneGridClass *klass)
{
    G_OBJECT_CLASS(klass)->dispose = hp_pane_grid_dispose;
    gtk_widget_class_set_layout_manager_type(GTK_WIDGET_CLASS(klass), GTK_TYPE_BIN_LAYOUT);
    hovered_signal = g_signal_new("hovered", G_TYPE_FROM_CLASS(klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void hp_pane_grid_init(HpPaneGrid *self)
{
    self->grid = gtk_grid_new();
    // The patient's right stays at the screen's left in every language.
    gtk_widget_set_direction(self->grid, GTK_TEXT_DIR_LTR);
    gtk_grid_set_row_homogeneous(GTK_GRID(self->grid), TRUE);
    gtk_grid_set_column_homogeneous(GTK_GRID(self->grid), TRUE);
    gtk_grid_set_row_spacing(GTK_GRID(self->grid), 2);
    gtk_grid_set_column_spacing(GTK_GRID(self->grid), 2);
    gtk_widget_add_css_class(self->grid, "hp-panes");
    gtk_widget_set_parent(self->grid, GTK_WIDGET(self));
}
