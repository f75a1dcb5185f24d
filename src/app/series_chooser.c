// SPDX-License-Identifier: Apache-2.0
// Opens what a person points at; where it holds several series, they choose one from a list.
#include "app/series_chooser.h"

#include "app/series_row.h"
#include "case/suitability.h"
#include "case/unsaved.h"
#include "core/error.h"

#include <adwaita.h>
#include <glib/gi18n.h>

struct _HpSeriesChooser {
    GtkWidget parent_instance;
    HpDocument *document;
    HpLens *lens;
    GPtrArray *found;  // of HpSeries: the list that is shown
    char *path;        // that they were found at; NULL: they are those of the open input
    bool is_anonymous; // as shown
    GtkWidget *content;
    GtkLabel *summary;
    GtkListBox *list;
};

G_DEFINE_FINAL_TYPE(HpSeriesChooser, hp_series_chooser, GTK_TYPE_WIDGET)

static guint choosing_signal;

static void show_summary(HpSeriesChooser *chooser)
{
    const HpSeries *first = chooser->found->pdata[0];
    g_autofree char *name = g_path_get_basename(first->path);
    g_autofree char *words =
        chooser->is_anonymous
            ? g_strdup_printf(
                  ngettext("There is %u series.", "There are %u series.", chooser->found->len),
                  chooser->found->len)
            : g_strdup_printf(
                  ngettext("%s holds %u series.", "%s holds %u series.", chooser->found->len), name,
                  chooser->found->len);
    gtk_label_set_text(chooser->summary, words);
}

static void fill(HpSeriesChooser *chooser)
{
    const HpSeries *open = hp_document_get_series(chooser->document);
    GtkListBoxRow *row;
    chooser->is_anonymous = chooser->lens->is_anonymous;
    while ((row = gtk_list_box_get_row_at_index(chooser->list, 0)) != NULL)
        gtk_list_box_remove(chooser->list, GTK_WIDGET(row));
    if (chooser->found == NULL)
        return;
    show_summary(chooser);
    const int best = hp_suitability_best(chooser->found);
    for (int at = 0; at < (int)chooser->found->len; at++) {
        const HpSeries *series = chooser->found->pdata[at];
        const bool is_open =
            chooser->path == NULL && open != NULL && g_str_equal(open->uid, series->uid);
        gtk_list_box_append(chooser->list, hp_series_row_new(chooser->found, at, at == best,
                                                             is_open, chooser->is_anonymous));
    }
    gtk_list_box_select_row(chooser->list, gtk_list_box_get_row_at_index(chooser->list, best));
}

// Shows the list, with the suggestion under the keyboard's hand; NULL ends it.
static void choose_from(HpSeriesChooser *chooser, GPtrArray *found)
{
    g_clear_pointer(&chooser->found, g_ptr_array_unref);
    chooser->found = found != NULL ? g_ptr_array_ref(found) : NULL;
    fill(chooser);
    g_signal_emit(chooser, choosing_signal, 0, found != NULL);
    GtkListBoxRow *row = gtk_list_box_get_selected_row(chooser->list);
    if (row != NULL)
        gtk_widget_grab_focus(GTK_WIDGET(row));
}

static void found_cb(HpDocument *document, GPtrArray *found, const GError *error, gpointer data)
{
    HpSeriesChooser *chooser = data;
    if (found == NULL) {
        if (!g_error_matches(error, HP_ERROR, HP_ERROR_CANCELLED))
            hp_document_refuse(document, g_error_copy(error));
    } else if (found->len > 1) {
        choose_from(chooser, found);
    } else {
        choose_from(chooser, NULL);
        hp_document_open(document, chooser->path, NULL);
    }
}

void hp_series_chooser_open(HpSeriesChooser *chooser, const char *path)
{
    if (g_str_has_suffix(path, HP_STORE_SUFFIX) || hp_unsaved_contains(path)) {
        choose_from(chooser, NULL);
        hp_document_open_case(chooser->document, path);
        return;
    }
    g_autofree char *copy = g_strdup(path);
    g_free(chooser->path);
    chooser->path = g_steal_pointer(&copy);
    hp_document_list_series(chooser->document, path, found_cb, chooser);
}

void hp_series_chooser_show_again(HpSeriesChooser *chooser)
{
    GPtrArray *found = hp_document_get_found(chooser->document);
    if (found == NULL)
        return;
    g_clear_pointer(&chooser->path, g_free);
    choose_from(chooser, found);
}

static void activated_cb(HpSeriesChooser *chooser, HpSeriesRow *row)
{
    g_autoptr(HpSeries) series = hp_series_ref(hp_series_row_get_series(row));
    g_autofree char *path = g_strdup(chooser->path);
    choose_from(chooser, NULL);
    if (path != NULL)
        hp_document_open(chooser->document, path, series->uid);
    else
        hp_document_choose_series(chooser->document, series->uid);
}

static void back_cb(GtkWidget *widget, const char *action, GVariant *parameter)
{
    (void)action, (void)parameter;
    choose_from(HP_SERIES_CHOOSER(widget), NULL);
}

static void lens_cb(HpSeriesChooser *chooser)
{
    if (chooser->found != NULL && chooser->is_anonymous != chooser->lens->is_anonymous)
        fill(chooser);
}

GtkWidget *hp_series_chooser_new(HpDocument *document, HpLens *lens)
{
    HpSeriesChooser *chooser = g_object_new(HP_TYPE_SERIES_CHOOSER, NULL);
    chooser->document = g_object_ref(document);
    chooser->lens = g_object_ref(lens);
    g_signal_connect_object(lens, "changed", G_CALLBACK(lens_cb), chooser, G_CONNECT_SWAPPED);
    return GTK_WIDGET(chooser);
}

static void hp_series_chooser_dispose(GObject *object)
{
    HpSeriesChooser *chooser = HP_SERIES_CHOOSER(object);
    g_clear_pointer(&chooser->content, gtk_widget_unparent);
    g_clear_pointer(&chooser->found, g_ptr_array_unref);
    g_clear_pointer(&chooser->path, g_free);
    g_clear_object(&chooser->document);
    g_clear_object(&chooser->lens);
    G_OBJECT_CLASS(hp_series_chooser_parent_class)->dispose(object);
}

static void hp_series_chooser_class_init(HpSeriesChooserClass *klass)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(klass);
    G_OBJECT_CLASS(klass)->dispose = hp_series_chooser_dispose;
    gtk_widget_class_set_layout_manager_type(widget_class, GTK_TYPE_BIN_LAYOUT);
    gtk_widget_class_set_template_from_resource(widget_class,
                                                "/org/hepatica/Hepatica/series_chooser.ui");
    gtk_widget_class_install_action(widget_class, "series.back", NULL, back_cb);
    gtk_widget_class_add_binding_action(widget_class, GDK_KEY_Escape, 0, "series.back", NULL);
    gtk_widget_class_bind_template_child(widget_class, HpSeriesChooser, content);
    gtk_widget_class_bind_template_child(widget_class, HpSeriesChooser, summary);
    gtk_widget_class_bind_template_child(widget_class, HpSeriesChooser, list);
    choosing_signal = g_signal_new("choosing", G_TYPE_FROM_CLASS(klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 1, G_TYPE_BOOLEAN);
}

static void hp_series_chooser_init(HpSeriesChooser *chooser)
{
    gtk_widget_init_template(GTK_WIDGET(chooser));
    g_signal_connect_swapped(chooser->list, "row-activated", G_CALLBACK(activated_cb), chooser);
}
