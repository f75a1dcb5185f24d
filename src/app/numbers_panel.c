// SPDX-License-Identifier: Apache-2.0
// The numbers beside the pictures: the volume, large, what it can be checked against, and how it came.
#include "app/numbers_panel.h"

#include "app/history_list.h"

#include <adwaita.h>
#include <glib/gi18n.h>
#include <math.h>

struct _HpNumbersPanel {
    GtkBox parent_instance;
    HpDocument *document;
    GtkLabel *volume_words, *area_words, *width_words, *warning_words;
    GtkLabel *mask_ml, *mesh_ml, *file_ml, *difference, *cut_ml;
    GtkWidget *file_row, *cut_row, *details, *numbers;
    AdwBin *history;
};

G_DEFINE_FINAL_TYPE(HpNumbersPanel, hp_numbers_panel, GTK_TYPE_BOX)

#define DIM 0.45               // opacity of a number that is no longer, or not yet, the plan's
#define PERCENT_TO_WARN_AT 0.5 // volumes of one organ that differ by more do not agree

static void show_number(GtkLabel *label, const char *format, double number)
{
    char words[64];
    g_snprintf(words, sizeof words, format, number);
    gtk_label_set_text(label, words);
}

// The largest difference between the volumes there are, with the sign of the last against the first.
static double difference_percent(const HpNumbers *numbers)
{
    const double ml[3] = {numbers->mask_ml, numbers->mesh_ml, numbers->file_ml};
    double worst = 0;
    for (int a = 0; a < 3; a++)
        for (int b = a + 1; b < 3; b++) {
            const double percent = 100 * (ml[b] - ml[a]) / ml[0];
            if (fabs(percent) > fabs(worst)) // never for one that is not there
                worst = percent;
        }
    return worst;
}

static void show_difference(HpNumbersPanel *panel, const HpNumbers *numbers)
{
    const double percent = difference_percent(numbers);
    const bool agrees = fabs(percent) <= PERCENT_TO_WARN_AT;
    char words[32];
    g_snprintf(words, sizeof words, "%s%.2f %%",
               percent < -0.005  ? "−"
               : percent < 0.005 ? ""
                                 : "+",
               fabs(percent));
    gtk_label_set_text(panel->difference, words);
    gtk_widget_remove_css_class(GTK_WIDGET(panel->difference), agrees ? "hp-warning" : "success");
    gtk_widget_add_css_class(GTK_WIDGET(panel->difference), agrees ? "success" : "hp-warning");
}

static bool has_cuts(const HpNumbersPanel *panel)
{
    const GArray *cuts = hp_document_get_plan(panel->document)->trims;
    for (guint at = 0; at < cuts->len; at++)
        if (!g_array_index(cuts, HpCut, at).is_off)
            return true;
    return false;
}

// What a person must know before they trust the number.
static void show_warnings(HpNumbersPanel *panel, const HpNumbers *numbers)
{
    g_autoptr(GString) words = g_string_new(NULL);
    const double percent = difference_percent(numbers);
    if (hp_document_is_stale(panel->document) && !hp_document_is_following(panel->document))
        g_string_append(words, _("These are the numbers of older settings. Take the organ again."));
    if (fabs(percent) > PERCENT_TO_WARN_AT) {
        g_string_append(words, words->len > 0 ? "\n" : "");
        g_string_append_printf(words, _("The volumes differ by %.1f %%: do not rely on them."),
                               fabs(percent));
    }
    if (numbers->lower_bound) {
        g_string_append(words, words->len > 0 ? "\n" : "");
        g_string_append(words, _("The organ touches the first or last slice: its volume is a lower "
                                 "bound."));
    }
    gtk_label_set_text(panel->warning_words, words->str);
    gtk_widget_set_visible(GTK_WIDGET(panel->warning_words), words->len > 0);
}

// The numbers that take longer keep their last text, dimmed, until they are there.
static void show_slow_numbers(HpNumbersPanel *panel, const HpNumbers *numbers)
{
    const bool is_known = !isnan(numbers->mask_ml), has_width = !isnan(numbers->low_ml);
    const bool is_stale = hp_document_is_stale(panel->document);
    const bool is_old = is_stale && !hp_document_is_following(panel->document);
    gtk_widget_set_opacity(panel->numbers, is_known && !is_old ? 1 : DIM);
    gtk_widget_set_opacity(GTK_WIDGET(panel->area_words), is_known && !is_old ? 1 : DIM);
    gtk_widget_set_opacity(GTK_WIDGET(panel->width_words), has_width && !is_old ? 1 : DIM);
    if (is_known) {
        show_number(panel->area_words, _("Liver  ·  %'.0f cm²"), numbers->area_mm2 / 100);
        show_number(panel->mask_ml, "%'.1f", numbers->mask_ml);
        show_difference(panel, numbers);
    }
    if (has_width) {
        g_autofree char *width =
            g_strdup_printf(_("between %'.0f and %'.0f ml"), numbers->low_ml, numbers->high_ml);
        gtk_label_set_text(panel->width_words, width);
    }
}

static void show(HpNumbersPanel *panel)
{
    const HpNumbers numbers = hp_document_get_numbers(panel->document);
    const bool is_there = !isnan(numbers.mesh_ml);
    const bool is_old =
        hp_document_is_stale(panel->document) && !hp_document_is_following(panel->document);
    gtk_widget_set_visible(panel->numbers, is_there);
    gtk_widget_set_visible(GTK_WIDGET(panel->width_words), is_there);
    gtk_widget_set_visible(panel->file_row, !isnan(numbers.file_ml));
    gtk_widget_set_visible(GTK_WIDGET(panel->file_ml), !isnan(numbers.file_ml));
    gtk_widget_set_visible(panel->cut_row, is_there && has_cuts(panel));
    gtk_widget_set_visible(GTK_WIDGET(panel->cut_ml), is_there && has_cuts(panel));
    gtk_widget_set_opacity(GTK_WIDGET(panel->volume_words), is_old ? DIM : 1);
    show_warnings(panel, &numbers);
    if (!is_there) {
        gtk_label_set_text(panel->area_words, _("No organ yet"));
        gtk_label_set_text(panel->volume_words, _("– ml"));
        return;
    }
    show_number(panel->volume_words, _("%'.0f ml"), numbers.mesh_ml);
    show_number(panel->mesh_ml, "%'.1f", numbers.mesh_ml);
    show_number(panel->cut_ml, "%'.1f", numbers.whole_ml - numbers.mesh_ml);
    show_number(panel->file_ml, "%'.1f", numbers.file_ml);
    show_slow_numbers(panel, &numbers);
}

static void changed_cb(HpNumbersPanel *panel, guint change)
{
    if (change & (HP_CHANGE_RESULT | HP_CHANGE_PLAN))
        show(panel);
}

// The volume stays: it is always in sight.
static void numbers_cb(GSimpleAction *action, GVariant *state, gpointer data)
{
    HpNumbersPanel *panel = data;
    const bool is_shown = g_variant_get_boolean(state);
    gtk_widget_set_visible(panel->details, is_shown);
    if (is_shown)
        gtk_widget_remove_css_class(GTK_WIDGET(panel), "hp-folded");
    else
        gtk_widget_add_css_class(GTK_WIDGET(panel), "hp-folded");
    g_simple_action_set_state(action, state);
}

GtkWidget *hp_numbers_panel_new(HpDocument *document, GActionMap *actions)
{
    static const GActionEntry entries[] = {
        {.name = "numbers", .state = "true", .change_state = numbers_cb}};
    HpNumbersPanel *panel = g_object_new(HP_TYPE_NUMBERS_PANEL, NULL);
    panel->document = g_object_ref(document);
    g_action_map_add_action_entries(actions, entries, G_N_ELEMENTS(entries), panel);
    adw_bin_set_child(panel->history, hp_history_list_new(document));
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
#define CHILD(name) gtk_widget_class_bind_template_child(widget_class, HpNumbersPanel, name)
    CHILD(volume_words);
    CHILD(area_words);
    CHILD(width_words);
    CHILD(warning_words);
    CHILD(mask_ml);
    CHILD(mesh_ml);
    CHILD(file_ml);
    CHILD(difference);
    CHILD(cut_ml);
    CHILD(file_row);
    CHILD(cut_row);
    CHILD(details);
    CHILD(numbers);
    CHILD(history);
#undef CHILD
}

static void hp_numbers_panel_init(HpNumbersPanel *self)
{
    gtk_widget_init_template(GTK_WIDGET(self));
}
