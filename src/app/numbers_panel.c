// SPDX-License-Identifier: Apache-2.0
// The numbers beside the pictures: the volume, large, and what it can be checked against.
#include "app/numbers_panel.h"

#include <glib/gi18n.h>
#include <math.h>

struct _HpNumbersPanel {
    GtkBox parent_instance;
    HpDocument *document;
    GtkLabel *volume_words, *area_words, *number_words, *mask_ml, *mesh_ml, *difference, *low_ml,
        *high_ml;
    GtkGrid *numbers;
};

G_DEFINE_FINAL_TYPE(HpNumbersPanel, hp_numbers_panel, GTK_TYPE_BOX)

static void show_number(GtkLabel *label, const char *format, double number)
{
    char words[64];
    g_snprintf(words, sizeof words, format, number);
    gtk_label_set_text(label, words);
}

static void show(HpNumbersPanel *panel)
{
    const HpNumbers numbers = hp_document_get_numbers(panel->document);
    const bool is_there = !isnan(numbers.mask_ml);
    gtk_widget_set_visible(GTK_WIDGET(panel->numbers), is_there);
    gtk_label_set_text(panel->area_words, "");
    gtk_label_set_text(panel->volume_words, _("– ml"));
    gtk_label_set_text(panel->number_words, "");
    if (!is_there)
        return;
    // A number of older settings is shown as such, not hidden.
    gtk_widget_set_opacity(GTK_WIDGET(panel->volume_words),
                           hp_document_is_stale(panel->document) ? 0.45 : 1);
    show_number(panel->volume_words, _("%'.0f ml"), numbers.mesh_ml);
    show_number(panel->area_words, _("Liver  ·  %'.0f cm²"), numbers.area_mm2 / 100);
    show_number(panel->mask_ml, "%'.1f", numbers.mask_ml);
    show_number(panel->mesh_ml, "%'.1f", numbers.mesh_ml);
    show_number(panel->difference, "%+.2f %%", 100 * (numbers.mesh_ml / numbers.mask_ml - 1));
    show_number(panel->low_ml, "%'.0f", numbers.low_ml);
    show_number(panel->high_ml, "%'.0f", numbers.high_ml);
    if (numbers.lower_bound)
        gtk_label_set_text(
            panel->number_words,
            _("The organ touches the first or last slice: its volume is a lower bound."));
}

static void changed_cb(HpNumbersPanel *panel, guint change)
{
    if (change & (HP_CHANGE_RESULT | HP_CHANGE_PLAN))
        show(panel);
}

GtkWidget *hp_numbers_panel_new(HpDocument *document)
{
    HpNumbersPanel *panel = g_object_new(HP_TYPE_NUMBERS_PANEL, NULL);
    panel->document = g_object_ref(document);
    g_signal_connect_object(document, "changed", G_CALLBACK(changed_cb), panel, G_CONNECT_SWAPPED);
    show(panel);
    return GTK_WIDGET(panel);
}

static void hp_numbers_panel_dispose(GObject *object)
{
    HpNumbersPanel *self = (HpNumbersPanel *)object;
    g_clear_object(&self->document);
    G_OBJECT_CLASS(hp_numbers_panel_parent_class)->dispose(object);
}

static void hp_numbers_panel_class_init(HpNumbersPanelClass *klass)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(klass);
    G_OBJECT_CLASS(klass)->dispose = hp_numbers_panel_dispose;
    gtk_widget_class_set_template_from_resource(widget_class,
                                                "/org/hepatica/Hepatica/numbers_panel.ui");
    gtk_widget_class_bind_template_child(widget_class, HpNumbersPanel, volume_words);
    gtk_widget_class_bind_template_child(widget_class, HpNumbersPanel, area_words);
    gtk_widget_class_bind_template_child(widget_class, HpNumbersPanel, number_words);
    gtk_widget_class_bind_template_child(widget_class, HpNumbersPanel, mask_ml);
    gtk_widget_class_bind_template_child(widget_class, HpNumbersPanel, mesh_ml);
    gtk_widget_class_bind_template_child(widget_class, HpNumbersPanel, difference);
    gtk_widget_class_bind_template_child(widget_class, HpNumbersPanel, low_ml);
    gtk_widget_class_bind_template_child(widget_class, HpNumbersPanel, high_ml);
    gtk_widget_class_bind_template_child(widget_class, HpNumbersPanel, numbers);
}

static void hp_numbers_panel_init(HpNumbersPanel *self)
{
    gtk_widget_init_template(GTK_WIDGET(self));
}
