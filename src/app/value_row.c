// SPDX-License-Identifier: Apache-2.0
// One parameter as a slider with its number, reset and sentence, bound to the document's plan.
#include "app/value_row.h"

#include <glib/gi18n.h>
#include <math.h>

struct _HpValueRow {
    GtkBox parent_instance;
    HpDocument *document;
    HpParameterId id;
    GtkLabel *label;
    GtkScale *scale;
    GtkSpinButton *number;
    GtkButton *reset;
    bool is_showing; // the plan is being shown; nothing a person did
};

G_DEFINE_FINAL_TYPE(HpValueRow, hp_value_row, GTK_TYPE_BOX)

// Where the slider stands for a value. A logarithmic one has 0 at the left end, then `step` to
// `high` evenly in their logarithm.
static double position_of(const HpParameter *parameter, double value)
{
    if (parameter->scale != HP_SCALE_LOGARITHMIC)
        return value;
    if (value < parameter->step)
        return 0;
    return 0.05 + 0.95 * log(value / parameter->step) / log(parameter->high / parameter->step);
}

static double value_of(const HpParameter *parameter, double position)
{
    if (parameter->scale != HP_SCALE_LOGARITHMIC)
        return position;
    if (position < 0.05)
        return 0;
    const double share = (position - 0.05) / 0.95;
    const double value = parameter->step * pow(parameter->high / parameter->step, share);
    return round(value / parameter->step) * parameter->step;
}

// What the plan says, or what stands for "from the data" on a slider.
static double shown_value(const HpValueRow *row)
{
    const double value = hp_document_get_plan(row->document)->params.value[row->id];
    return isnan(value) ? hp_document_get_automatic(row->document, row->id) : value;
}

static void show(HpValueRow *row)
{
    const HpParameter *parameter = hp_parameter_get(row->id);
    const double value = shown_value(row);
    const double set = hp_document_get_plan(row->document)->params.value[row->id];
    row->is_showing = true;
    gtk_range_set_value(GTK_RANGE(row->scale), position_of(parameter, value));
    gtk_spin_button_set_value(row->number, value);
    gtk_widget_set_opacity(GTK_WIDGET(row->reset),
                           set == parameter->value || (isnan(set) && isnan(parameter->value)) ? 0
                                                                                              : 1);
    row->is_showing = false;
}

static void scale_cb(HpValueRow *row)
{
    if (!row->is_showing)
        hp_document_set_value(
            row->document, row->id,
            value_of(hp_parameter_get(row->id), gtk_range_get_value(GTK_RANGE(row->scale))));
}

static void number_cb(HpValueRow *row)
{
    if (!row->is_showing)
        hp_document_set_value(row->document, row->id, gtk_spin_button_get_value(row->number));
}

static void reset_cb(HpValueRow *row)
{
    hp_document_set_value(row->document, row->id, hp_parameter_get(row->id)->value);
}

static void changed_cb(HpValueRow *row, guint change)
{
    if (change & (HP_CHANGE_PLAN | HP_CHANGE_IMAGE | HP_CHANGE_RESULT))
        show(row);
}

static GtkScale *new_scale(const HpParameter *parameter)
{
    const bool is_log = parameter->scale == HP_SCALE_LOGARITHMIC;
    GtkWidget *scale =
        gtk_scale_new_with_range(GTK_ORIENTATION_HORIZONTAL, is_log ? 0 : parameter->low,
                                 is_log ? 1 : parameter->high, is_log ? 0.01 : parameter->step);
    gtk_scale_set_draw_value(GTK_SCALE(scale), FALSE);
    gtk_range_set_round_digits(GTK_RANGE(scale), -1);
    if (parameter->scale == HP_SCALE_SIGNED)
        gtk_scale_set_has_origin(GTK_SCALE(scale), FALSE);
    gtk_widget_set_hexpand(scale, TRUE);
    return GTK_SCALE(scale);
}

GtkWidget *hp_value_row_new(HpDocument *document, HpParameterId id)
{
    const HpParameter *parameter = hp_parameter_get(id);
    HpValueRow *row =
        g_object_new(HP_TYPE_VALUE_ROW, "orientation", GTK_ORIENTATION_VERTICAL, NULL);
    row->document = g_object_ref(document);
    row->id = id;

    GtkWidget *top = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 6);
    GtkWidget *label = gtk_label_new(_(parameter->label));
    gtk_label_set_xalign(GTK_LABEL(label), 0);
    gtk_widget_set_hexpand(label, TRUE);
    row->reset = GTK_BUTTON(gtk_button_new_from_icon_name("edit-undo-symbolic"));
    gtk_widget_add_css_class(GTK_WIDGET(row->reset), "flat");
    gtk_widget_set_tooltip_text(GTK_WIDGET(row->reset), _("Back to the default"));
    const int digits = parameter->step >= 1 ? 0 : parameter->step >= 0.1 ? 1 : 2;
    row->number = GTK_SPIN_BUTTON(
        gtk_spin_button_new_with_range(parameter->low, parameter->high, parameter->step));
    gtk_spin_button_set_digits(row->number, digits);
    row->scale = new_scale(parameter);
    row->label = GTK_LABEL(label);
    gtk_box_append(GTK_BOX(top), label);
    gtk_box_append(GTK_BOX(top), GTK_WIDGET(row->reset));
    gtk_editable_set_width_chars(GTK_EDITABLE(row->number), 5);
    gtk_box_append(GTK_BOX(top), GTK_WIDGET(row->number));
    if (parameter->unit[0] != '\0') {
        GtkWidget *unit = gtk_label_new(parameter->unit);
        gtk_widget_add_css_class(unit, "dim-label");
        gtk_box_append(GTK_BOX(top), unit);
    }
    gtk_box_append(GTK_BOX(row), top);
    gtk_box_append(GTK_BOX(row), GTK_WIDGET(row->scale));

    gtk_widget_set_tooltip_text(GTK_WIDGET(row), _(parameter->sentence));
    gtk_accessible_update_property(GTK_ACCESSIBLE(row->scale), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                   _(parameter->label), -1);
    gtk_accessible_update_property(GTK_ACCESSIBLE(row->number), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                   _(parameter->label), -1);
    g_signal_connect_swapped(row->scale, "value-changed", G_CALLBACK(scale_cb), row);
    g_signal_connect_swapped(row->number, "value-changed", G_CALLBACK(number_cb), row);
    g_signal_connect_swapped(row->reset, "clicked", G_CALLBACK(reset_cb), row);
    g_signal_connect_object(document, "changed", G_CALLBACK(changed_cb), row, G_CONNECT_SWAPPED);
    show(row);
    return GTK_WIDGET(row);
}

void hp_value_row_set_words(HpValueRow *row, const char *symbol, const char *words)
{
    g_autofree char *markup =
        g_markup_printf_escaped("<b>%s</b>  <span alpha=\"65%%\">%s</span>", symbol, words);
    gtk_label_set_markup(row->label, markup);
    gtk_label_set_ellipsize(row->label, PANGO_ELLIPSIZE_END);
}

static void hp_value_row_finalize(GObject *object)
{
    g_clear_object(&HP_VALUE_ROW(object)->document);
    G_OBJECT_CLASS(hp_value_row_parent_class)->finalize(object);
}

static void hp_value_row_class_init(HpValueRowClass *klass)
{
    G_OBJECT_CLASS(klass)->finalize = hp_value_row_finalize;
}

static void hp_value_row_init(HpValueRow *row)
{
    (void)row;
}
