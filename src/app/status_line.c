// SPDX-License-Identifier: Apache-2.0
// The line at the bottom: the voxel under the pointer, and the job under way with its cancel.
#include "app/status_line.h"

#include <glib/gi18n.h>

struct _HpStatusLine {
    GtkBox parent_instance;
    HpDocument *document;
    guint poll; // timer that shows the job's progress; 0: none
    GtkLabel *hover_words, *task_words;
    GtkProgressBar *progress;
    GtkWidget *cancel;
};

G_DEFINE_FINAL_TYPE(HpStatusLine, hp_status_line, GTK_TYPE_BOX)

enum { POLL_MS = 50 };

static gboolean poll_cb(gpointer data)
{
    HpStatusLine *line = data;
    const char *words = hp_document_get_words(line->document);
    gtk_label_set_text(line->task_words, words[0] != '\0' ? _(words) : "");
    gtk_progress_bar_set_fraction(line->progress, hp_document_get_fraction(line->document));
    return G_SOURCE_CONTINUE;
}

static void changed_cb(HpStatusLine *line)
{
    const bool is_busy = hp_document_is_busy(line->document);
    gtk_widget_set_visible(GTK_WIDGET(line->progress), is_busy);
    gtk_widget_set_visible(line->cancel, is_busy);
    if (is_busy && line->poll == 0)
        line->poll = g_timeout_add(POLL_MS, poll_cb, line);
    if (!is_busy)
        g_clear_handle_id(&line->poll, g_source_remove);
    if (!is_busy)
        hp_status_line_say(line, hp_document_is_stale(line->document)
                                     ? _("The numbers are of older settings")
                                     : "");
}

void hp_status_line_set_hover(HpStatusLine *line, const char *words)
{
    gtk_label_set_text(line->hover_words, words);
}

void hp_status_line_say(HpStatusLine *line, const char *words)
{
    gtk_label_set_text(line->task_words, words);
}

GtkWidget *hp_status_line_new(HpDocument *document)
{
    HpStatusLine *line = g_object_new(HP_TYPE_STATUS_LINE, NULL);
    line->document = g_object_ref(document);
    g_signal_connect_object(document, "changed", G_CALLBACK(changed_cb), line, G_CONNECT_SWAPPED);
    changed_cb(line);
    return GTK_WIDGET(line);
}

static void hp_status_line_dispose(GObject *object)
{
    HpStatusLine *self = (HpStatusLine *)object;
    g_clear_handle_id(&self->poll, g_source_remove);
    g_clear_object(&self->document);
    G_OBJECT_CLASS(hp_status_line_parent_class)->dispose(object);
}

static void hp_status_line_class_init(HpStatusLineClass *klass)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(klass);
    G_OBJECT_CLASS(klass)->dispose = hp_status_line_dispose;
    gtk_widget_class_set_template_from_resource(widget_class,
                                                "/org/hepatica/Hepatica/status_line.ui");
    gtk_widget_class_bind_template_child(widget_class, HpStatusLine, hover_words);
    gtk_widget_class_bind_template_child(widget_class, HpStatusLine, task_words);
    gtk_widget_class_bind_template_child(widget_class, HpStatusLine, progress);
    gtk_widget_class_bind_template_child(widget_class, HpStatusLine, cancel);
}

static void hp_status_line_init(HpStatusLine *self)
{
    gtk_widget_init_template(GTK_WIDGET(self));
}
