// SPDX-License-Identifier: Apache-2.0
// The stage Case: what the series says of itself, and what is odd about it.
#include "app/stages/case_panel.h"

#include <glib/gi18n.h>

struct _HpCasePanel {
    GtkBox parent_instance;
    HpDocument *document;
    HpLens *lens;
    GtkLabel *case_words;
    bool is_anonymous; // as shown
};

G_DEFINE_FINAL_TYPE(HpCasePanel, hp_case_panel, GTK_TYPE_BOX)

static void show_facts(HpCasePanel *panel, const HpSeries *series)
{
    // People type names into the free text of a series, and a date finds a person in a worklist.
    const struct {
        const char *name, *value;
        bool may_identify;
    } facts[] = {{_("Series"), series->description, true},
                 {_("Modality"), series->modality, false},
                 {_("Phase"), series->phase, true},
                 {_("Kernel"), series->kernel, false},
                 {_("Date"), series->date, true}};
    GString *words = g_string_new(NULL);
    for (size_t at = 0; at < G_N_ELEMENTS(facts); at++)
        if (facts[at].value[0] != '\0' && !(facts[at].may_identify && panel->lens->is_anonymous))
            g_string_append_printf(words, "%s: %s\n", facts[at].name, facts[at].value);
    g_string_append_printf(words, _("Slices: %d"), series->slices);
    for (guint at = 0; series->warnings != NULL && series->warnings[at] != NULL; at++)
        g_string_append_printf(words, "\n\n⚠ %s", series->warnings[at]);
    gtk_label_set_text(panel->case_words, words->str);
    g_string_free(words, TRUE);
}

static void show(HpCasePanel *panel)
{
    const HpSeries *series = hp_document_get_series(panel->document);
    panel->is_anonymous = panel->lens->is_anonymous;
    if (series != NULL)
        show_facts(panel, series);
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
    (void)actions;
    panel->document = g_object_ref(document);
    panel->lens = g_object_ref(lens);
    g_signal_connect_object(document, "changed", G_CALLBACK(document_cb), panel, G_CONNECT_SWAPPED);
    g_signal_connect_object(lens, "changed", G_CALLBACK(lens_cb), panel, G_CONNECT_SWAPPED);
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
    gtk_widget_class_bind_template_child(widget_class, HpCasePanel, case_words);
}

static void hp_case_panel_init(HpCasePanel *self)
{
    gtk_widget_init_template(GTK_WIDGET(self));
}
