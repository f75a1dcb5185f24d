// SPDX-License-Identifier: Apache-2.0
// The steps of the case, newest first, each with the millilitres it changed; a click goes there.
#include "app/history_list.h"

#include <glib/gi18n.h>
#include <math.h>

// A step's row and its two labels, borrowed from the list.
typedef struct {
    GtkWidget *row;
    GtkLabel *name, *change;
} Row;

struct _HpHistoryList {
    GtkBox parent_instance;
    HpDocument *document;
    GtkListBox *list;
    GArray *rows; // Row, by the number of the step
};

G_DEFINE_FINAL_TYPE(HpHistoryList, hp_history_list, GTK_TYPE_BOX)

// A label that already says that is left alone: most do, at every change.
static void say(GtkLabel *label, const char *words)
{
    if (!g_str_equal(gtk_label_get_text(label), words))
        gtk_label_set_text(label, words);
}

// The one parameter in which both plans differ; HP_PARAM_COUNT if it is not one.
static HpParameterId find_changed(const HpPlan *before, const HpPlan *after)
{
    HpParameterId changed = HP_PARAM_COUNT;
    for (int id = 0; id < HP_PARAM_COUNT; id++) {
        const double was = before->params.value[id], is = after->params.value[id];
        if (was == is || (isnan(was) && isnan(is)))
            continue;
        if (changed != HP_PARAM_COUNT)
            return HP_PARAM_COUNT;
        changed = id;
    }
    return changed;
}

static char *dup_value(const HpParameter *parameter, double value)
{
    if (isnan(value))
        return g_strdup(_("auto"));
    if (parameter->choices != NULL)
        return g_strdup(_(parameter->choices[(int)value]));
    const int decimals = parameter->step >= 1 ? 0 : parameter->step >= 0.1 ? 1 : 2;
    return g_strdup_printf("%.*f", decimals, value);
}

// "Smoothness 0.50 → 0.65", or the name of the step.
static char *dup_name(HpDocument *document, guint step)
{
    const HpStep after = hp_document_get_step_at(document, step);
    if (step == 0)
        return g_strdup(_("Opened"));
    const HpStep before = hp_document_get_step_at(document, step - 1);
    const HpParameterId id = find_changed(before.plan, after.plan);
    if (id == HP_PARAM_COUNT || !g_str_equal(hp_parameter_get(id)->label, after.name))
        return g_strdup(_(after.name));
    const HpParameter *parameter = hp_parameter_get(id);
    g_autofree char *was = dup_value(parameter, before.plan->params.value[id]);
    g_autofree char *is = dup_value(parameter, after.plan->params.value[id]);
    return g_strdup_printf("%s  %s → %s", _(parameter->label), was, is);
}

// Against the last step before it whose millilitres are known.
static char *dup_change(HpDocument *document, guint step)
{
    const double ml = hp_document_get_step_at(document, step).ml;
    double before = NAN;
    for (guint at = step; at-- > 0 && isnan(before);)
        before = hp_document_get_step_at(document, at).ml;
    if (isnan(ml))
        return g_strdup("");
    const double change = isnan(before) ? ml : ml - before;
    if (fabs(change) < 0.05)
        return g_strdup("0.0");
    return g_strdup_printf("%s%'.*f", change < 0 ? "−" : "+", fabs(change) < 100, fabs(change));
}

static void add_row(HpHistoryList *self)
{
    GtkWidget *box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 8);
    Row row = {.row = gtk_list_box_row_new(),
               .name = GTK_LABEL(gtk_label_new(NULL)),
               .change = GTK_LABEL(gtk_label_new(NULL))};
    gtk_label_set_xalign(row.name, 0);
    gtk_label_set_ellipsize(row.name, PANGO_ELLIPSIZE_END);
    gtk_widget_set_hexpand(GTK_WIDGET(row.name), TRUE);
    gtk_widget_add_css_class(GTK_WIDGET(row.change), "numeric");
    gtk_box_append(GTK_BOX(box), GTK_WIDGET(row.name));
    gtk_box_append(GTK_BOX(box), GTK_WIDGET(row.change));
    gtk_list_box_row_set_child(GTK_LIST_BOX_ROW(row.row), box);
    gtk_list_box_prepend(self->list, row.row);
    g_array_append_val(self->rows, row);
}

static void show_row(HpHistoryList *self, guint step, guint now)
{
    const Row *row = &g_array_index(self->rows, Row, step);
    g_autofree char *name = dup_name(self->document, step);
    g_autofree char *change = dup_change(self->document, step);
    say(row->name, name);
    say(row->change, change);
    gtk_widget_set_tooltip_text(row->row, name);
    if (step == now)
        gtk_widget_add_css_class(row->row, "hp-now");
    else
        gtk_widget_remove_css_class(row->row, "hp-now");
    gtk_widget_set_opacity(row->row, step > now ? 0.45 : 1); // undone
}

static void show(HpHistoryList *self)
{
    const guint count = hp_document_get_step_count(self->document);
    const guint now = hp_document_get_step(self->document);
    while (self->rows->len > count) {
        gtk_list_box_remove(self->list, g_array_index(self->rows, Row, self->rows->len - 1).row);
        g_array_set_size(self->rows, self->rows->len - 1);
    }
    while (self->rows->len < count)
        add_row(self);
    for (guint step = 0; step < count; step++)
        show_row(self, step, now);
}

static void changed_cb(HpHistoryList *self, guint change)
{
    if (change & (HP_CHANGE_PLAN | HP_CHANGE_RESULT))
        show(self);
}

static void activated_cb(HpHistoryList *self, GtkListBoxRow *row)
{
    const guint step = self->rows->len - 1 - (guint)gtk_list_box_row_get_index(row);
    hp_document_go_to_step(self->document, step);
}

GtkWidget *hp_history_list_new(HpDocument *document)
{
    HpHistoryList *self = g_object_new(HP_TYPE_HISTORY_LIST, NULL);
    self->document = g_object_ref(document);
    g_signal_connect_object(document, "changed", G_CALLBACK(changed_cb), self, G_CONNECT_SWAPPED);
    show(self);
    return GTK_WIDGET(self);
}

static void hp_history_list_finalize(GObject *object)
{
    HpHistoryList *self = HP_HISTORY_LIST(object);
    g_clear_object(&self->document);
    g_array_unref(self->rows);
    G_OBJECT_CLASS(hp_history_list_parent_class)->finalize(object);
}

static void hp_history_list_class_init(HpHistoryListClass *klass)
{
    G_OBJECT_CLASS(klass)->finalize = hp_history_list_finalize;
}

static void hp_history_list_init(HpHistoryList *self)
{
    GtkWidget *scrolled = gtk_scrolled_window_new();
    self->rows = g_array_new(FALSE, FALSE, sizeof(Row));
    self->list = GTK_LIST_BOX(gtk_list_box_new());
    gtk_list_box_set_selection_mode(self->list, GTK_SELECTION_NONE);
    gtk_widget_add_css_class(GTK_WIDGET(self->list), "hp-history");
    gtk_accessible_update_property(GTK_ACCESSIBLE(self->list), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                   _("History"), -1);
    gtk_scrolled_window_set_policy(GTK_SCROLLED_WINDOW(scrolled), GTK_POLICY_NEVER,
                                   GTK_POLICY_AUTOMATIC);
    gtk_scrolled_window_set_child(GTK_SCROLLED_WINDOW(scrolled), GTK_WIDGET(self->list));
    gtk_widget_set_vexpand(scrolled, TRUE);
    gtk_widget_set_hexpand(scrolled, TRUE);
    gtk_box_append(GTK_BOX(self), scrolled);
    g_signal_connect_swapped(self->list, "row-activated", G_CALLBACK(activated_cb), self);
}
