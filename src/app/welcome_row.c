// SPDX-License-Identifier: Apache-2.0
// A case in the lists of the welcome page: a picture, what and when it was, and a button to forget it.
#include "app/welcome_row.h"

#include <glib/gi18n.h>
#include <math.h>

struct _HpWelcomeRow {
    GtkListBoxRow parent_instance;
    char *path;
    GtkPicture *thumbnail;
    GtkLabel *title, *line, *fact_words;
    GtkWidget *fact, *forget;
};

G_DEFINE_FINAL_TYPE(HpWelcomeRow, hp_welcome_row, GTK_TYPE_LIST_BOX_ROW)

static guint forget_signal;

static char *dup_time(gint64 time_us)
{
    g_autoptr(GDateTime) then = g_date_time_new_from_unix_local(time_us / G_USEC_PER_SEC);
    g_autoptr(GDateTime) now = g_date_time_new_now_local();
    if (then == NULL)
        return g_strdup("");
    const bool is_today = g_date_time_get_day_of_year(then) == g_date_time_get_day_of_year(now) &&
                          g_date_time_get_year(then) == g_date_time_get_year(now);
    // Translators: a time of today, and a date with its time, as g_date_time_format() writes them.
    return g_date_time_format(then, is_today ? _("today, %H:%M") : _("%-d %B %Y, %H:%M"));
}

static char *dup_line(const HpWelcomeCase *shown)
{
    g_autofree char *time = dup_time(shown->time_us);
    return isnan(shown->ml) ? g_steal_pointer(&time)
                            : g_strdup_printf(_("%s  ·  %'.0f ml"), time, shown->ml);
}

static void forget_cb(HpWelcomeRow *row)
{
    g_signal_emit(row, forget_signal, 0);
}

GtkWidget *hp_welcome_row_new(const HpWelcomeCase *shown)
{
    HpWelcomeRow *row = g_object_new(HP_TYPE_WELCOME_ROW, NULL);
    g_autofree char *line = dup_line(shown);
    row->path = g_strdup(shown->path);
    gtk_label_set_text(row->title, shown->title);
    gtk_label_set_text(row->line, line);
    gtk_label_set_text(row->fact_words, shown->fact != NULL ? shown->fact : "");
    gtk_widget_set_visible(row->fact, shown->fact != NULL);
    gtk_list_box_row_set_activatable(GTK_LIST_BOX_ROW(row), shown->fact == NULL);
    gtk_widget_set_tooltip_text(row->forget, shown->forget);
    gtk_accessible_update_property(GTK_ACCESSIBLE(row->forget), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                   shown->forget, -1);
    gtk_accessible_update_property(GTK_ACCESSIBLE(row), GTK_ACCESSIBLE_PROPERTY_LABEL, shown->title,
                                   -1);
    g_autoptr(GdkTexture) texture =
        shown->thumbnail != NULL ? gdk_texture_new_from_bytes(shown->thumbnail, NULL) : NULL;
    gtk_picture_set_paintable(row->thumbnail, GDK_PAINTABLE(texture));
    gtk_widget_set_opacity(GTK_WIDGET(row->thumbnail), shown->fact == NULL ? 1 : 0.4);
    return GTK_WIDGET(row);
}

const char *hp_welcome_row_get_path(const HpWelcomeRow *row)
{
    return row->path;
}

static void hp_welcome_row_finalize(GObject *object)
{
    g_free(HP_WELCOME_ROW(object)->path);
    G_OBJECT_CLASS(hp_welcome_row_parent_class)->finalize(object);
}

static void hp_welcome_row_class_init(HpWelcomeRowClass *klass)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(klass);
    G_OBJECT_CLASS(klass)->finalize = hp_welcome_row_finalize;
    gtk_widget_class_set_template_from_resource(widget_class,
                                                "/org/hepatica/Hepatica/welcome_row.ui");
    gtk_widget_class_bind_template_child(widget_class, HpWelcomeRow, thumbnail);
    gtk_widget_class_bind_template_child(widget_class, HpWelcomeRow, title);
    gtk_widget_class_bind_template_child(widget_class, HpWelcomeRow, line);
    gtk_widget_class_bind_template_child(widget_class, HpWelcomeRow, fact);
    gtk_widget_class_bind_template_child(widget_class, HpWelcomeRow, fact_words);
    gtk_widget_class_bind_template_child(widget_class, HpWelcomeRow, forget);
    forget_signal = g_signal_new("forget", G_TYPE_FROM_CLASS(klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                 NULL, NULL, G_TYPE_NONE, 0);
}

static void hp_welcome_row_init(HpWelcomeRow *row)
{
    gtk_widget_init_template(GTK_WIDGET(row));
    g_signal_connect_swapped(row->forget, "clicked", G_CALLBACK(forget_cb), row);
}
