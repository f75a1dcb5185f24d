// SPDX-License-Identifier: Apache-2.0
// The stage Case: what the series says of itself, and what is odd about it.
#include "app/stages/case_panel.h"

#include "app/remark_row.h"
#include "app/series_words.h"

#include <glib/gi18n.h>
#include <math.h>

struct _HpCasePanel {
    GtkBox parent_instance;
    HpDocument *document;
    HpLens *lens;
    GActionMap *actions; // of the window that holds the panel; borrowed
    GtkGrid *facts;
    GtkBox *remarks;
    GtkWidget *others;
    GtkLabel *others_words;
    int rows;          // of `facts`
    bool is_anonymous; // as shown
};

G_DEFINE_FINAL_TYPE(HpCasePanel, hp_case_panel, GTK_TYPE_BOX)

static void add_fact(HpCasePanel *panel, const char *name, const char *value)
{
    if (value == NULL || value[0] == '\0')
        return;
    GtkWidget *names = gtk_label_new(name), *values = gtk_label_new(value);
    gtk_label_set_xalign(GTK_LABEL(names), 0);
    gtk_widget_set_valign(names, GTK_ALIGN_START);
    gtk_widget_add_css_class(names, "dim-label");
    gtk_label_set_xalign(GTK_LABEL(values), 0);
    gtk_label_set_wrap(GTK_LABEL(values), TRUE);
    gtk_label_set_wrap_mode(GTK_LABEL(values), PANGO_WRAP_WORD_CHAR);
    gtk_label_set_selectable(GTK_LABEL(values), TRUE);
    gtk_widget_set_hexpand(values, TRUE);
    gtk_grid_attach(panel->facts, names, 0, panel->rows, 1, 1);
    gtk_grid_attach(panel->facts, values, 1, panel->rows++, 1, 1);
}

// "portal venous", with what was injected behind it where the scanner says so and it may be read.
static char *dup_phase(const HpSeries *series, bool is_anonymous)
{
    const char *phase = hp_series_words_phase(hp_suitability_phase(series));
    const char *agent = is_anonymous ? "" : series->phase;
    return phase[0] != '\0' && agent[0] != '\0' ? g_strdup_printf("%s, %s", phase, agent)
                                                : g_strdup(phase[0] != '\0' ? phase : agent);
}

static void show_facts(HpCasePanel *panel, const HpSeries *series)
{
    const HpGrid *grid = &series->grid;
    // People type names into the free text of a series, and a date finds a person in a worklist.
    const bool is_anonymous = panel->is_anonymous;
    g_autofree char *phase = dup_phase(series, is_anonymous);
    g_autofree char *date = hp_series_words_date(series->date);
    g_autofree char *thickness =
        isnan(series->thickness_mm) ? NULL : g_strdup_printf(_("%.3g mm"), series->thickness_mm);
    g_autofree char *slices =
        g_strdup_printf(ngettext("%d, %.3g mm apart", "%d, %.3g mm apart", series->slices),
                        series->slices, series->stored.spacing_mm[2]);
    g_autofree char *pixels =
        g_strdup_printf(_("%d × %d, %.3g × %.3g mm"), series->stored.size[0],
                        series->stored.size[1], grid->spacing_mm[0], grid->spacing_mm[1]);
    add_fact(panel, _("Series"), is_anonymous ? NULL : series->description);
    add_fact(panel, _("Date"), is_anonymous ? NULL : date);
    add_fact(panel, _("Modality"), series->modality);
    add_fact(panel, _("Phase"), phase);
    add_fact(panel, _("Kernel"), series->kernel);
    add_fact(panel, _("Thickness"), thickness);
    add_fact(panel, _("Slices"), slices);
    add_fact(panel, _("Pixels"), pixels);
}

static void show_others(HpCasePanel *panel)
{
    const GPtrArray *found = hp_document_get_found(panel->document);
    const guint others = found != NULL ? found->len - 1 : 0;
    GAction *action = g_action_map_lookup_action(panel->actions, "choose-series");
    g_autofree char *words =
        g_strdup_printf(ngettext("%u other series here", "%u other series here", others), others);
    gtk_label_set_text(panel->others_words, words);
    gtk_widget_set_visible(panel->others, others > 0);
    g_simple_action_set_enabled(G_SIMPLE_ACTION(action), others > 0);
}

static void forget(GtkWidget *parent, void (*remove)(GtkWidget *parent, GtkWidget *child))
{
    GtkWidget *child;
    while ((child = gtk_widget_get_first_child(parent)) != NULL)
        remove(parent, child);
}

static void grid_remove(GtkWidget *parent, GtkWidget *child)
{
    gtk_grid_remove(GTK_GRID(parent), child);
}

static void box_remove(GtkWidget *parent, GtkWidget *child)
{
    gtk_box_remove(GTK_BOX(parent), child);
}

static void show_remarks(HpCasePanel *panel, const HpSeries *series)
{
    g_autoptr(GPtrArray) remarks = hp_series_words_remarks(series, panel->is_anonymous);
    for (guint at = 0; at < remarks->len; at++)
        gtk_box_append(panel->remarks, hp_remark_row_new(remarks->pdata[at]));
    gtk_widget_set_visible(GTK_WIDGET(panel->remarks), remarks->len > 0);
}

static void show(HpCasePanel *panel)
{
    const HpSeries *series = hp_document_get_series(panel->document);
    panel->is_anonymous = panel->lens->is_anonymous;
    show_others(panel);
    if (series == NULL)
        return;
    forget(GTK_WIDGET(panel->facts), grid_remove);
    forget(GTK_WIDGET(panel->remarks), box_remove);
    panel->rows = 0;
    show_facts(panel, series);
    show_remarks(panel, series);
}

static void document_cb(HpCasePanel *panel, guint change)
{
    if (change & HP_CHANGE_IMAGE)
        show(panel);
}

static void lens_cb(HpCasePanel *panel)
{
    if (panel->is_anonymous != panel->lens->is_anonymous)
        show(panel);
}

GtkWidget *hp_case_panel_new(HpDocument *document, HpLens *lens, GActionMap *actions)
{
    HpCasePanel *panel = g_object_new(HP_TYPE_CASE_PANEL, NULL);
    panel->actions = actions;
    panel->document = g_object_ref(document);
    panel->lens = g_object_ref(lens);
    g_signal_connect_object(document, "changed", G_CALLBACK(document_cb), panel, G_CONNECT_SWAPPED);
    g_signal_connect_object(lens, "changed", G_CALLBACK(lens_cb), panel, G_CONNECT_SWAPPED);
    show(panel);
    return GTK_WIDGET(panel);
}

static void hp_case_panel_dispose(GObject *object)
{
    HpCasePanel *self = (HpCasePanel *)object;
    g_clear_object(&self->document);
    g_clear_object(&self->lens);
    G_OBJECT_CLASS(hp_case_panel_parent_class)->dispose(object);
}

static void hp_case_panel_class_init(HpCasePanelClass *klass)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(klass);
    G_OBJECT_CLASS(klass)->dispose = hp_case_panel_dispose;
    gtk_widget_class_set_template_from_resource(widget_class,
                                                "/org/hepatica/Hepatica/case_panel.ui");
    gtk_widget_class_bind_template_child(widget_class, HpCasePanel, facts);
    gtk_widget_class_bind_template_child(widget_class, HpCasePanel, remarks);
    gtk_widget_class_bind_template_child(widget_class, HpCasePanel, others);
    gtk_widget_class_bind_template_child(widget_class, HpCasePanel, others_words);
}

static void hp_case_panel_init(HpCasePanel *self)
{
    gtk_widget_init_template(GTK_WIDGET(self));
}
