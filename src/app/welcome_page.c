// SPDX-License-Identifier: Apache-2.0
// What the window shows before a case is open: how to open one, and those that were open before.
#include "app/welcome_page.h"

#include "app/welcome_row.h"
#include "case/recent.h"
#include "case/unsaved.h"

#include <adwaita.h>
#include <glib/gi18n.h>

struct _HpWelcomePage {
    GtkWidget parent_instance;
    HpDocument *document;
    HpLens *lens;
    bool is_anonymous; // as shown
    GtkWidget *content, *icon, *unsaved, *recent, *work;
    GtkListBox *unsaved_list, *recent_list;
    GtkLabel *work_words;
    GtkSpinner *spinner;
    guint poll; // timer that shows what the document does; 0: none
};

G_DEFINE_FINAL_TYPE(HpWelcomePage, hp_welcome_page, GTK_TYPE_WIDGET)

enum { POLL_MS = 100 };

static guint open_signal;

static void fill(HpWelcomePage *page);

static void complain(HpWelcomePage *page, const GError *error)
{
    if (error != NULL)
        gtk_widget_activate_action(GTK_WIDGET(page), "win.warn", "s", error->message);
}

static void forget_recent_cb(HpWelcomePage *page, HpWelcomeRow *row)
{
    g_autoptr(GError) error = NULL;
    hp_recent_remove(hp_welcome_row_get_path(row), &error);
    complain(page, error);
    fill(page);
}

static void discarded_cb(AdwMessageDialog *dialog, const char *response, HpWelcomePage *page)
{
    g_autoptr(GError) error = NULL;
    if (g_str_equal(response, "discard"))
        hp_unsaved_remove(g_object_get_data(G_OBJECT(dialog), "path"), &error);
    complain(page, error);
    fill(page);
}

// What a person drew is gone for good then; so this alone asks.
static void forget_unsaved_cb(HpWelcomePage *page, HpWelcomeRow *row)
{
    GtkWidget *dialog = adw_message_dialog_new(
        GTK_WINDOW(gtk_widget_get_root(GTK_WIDGET(page))), _("Throw the Case Away?"),
        _("It was never saved: what was drawn and found in it is lost."));
    adw_message_dialog_add_responses(ADW_MESSAGE_DIALOG(dialog), "cancel", _("_Cancel"), "discard",
                                     _("_Throw Away"), NULL);
    adw_message_dialog_set_response_appearance(ADW_MESSAGE_DIALOG(dialog), "discard",
                                               ADW_RESPONSE_DESTRUCTIVE);
    g_object_set_data_full(G_OBJECT(dialog), "path", g_strdup(hp_welcome_row_get_path(row)),
                           g_free);
    g_signal_connect_object(dialog, "response", G_CALLBACK(discarded_cb), page, 0);
    gtk_window_present(GTK_WINDOW(dialog));
}

static void clear(GtkListBox *list)
{
    GtkListBoxRow *row;
    while ((row = gtk_list_box_get_row_at_index(list, 0)) != NULL)
        gtk_list_box_remove(list, GTK_WIDGET(row));
}

static char *dup_title(const HpWelcomePage *page, const char *path, int number)
{
    return page->is_anonymous || path == NULL ? g_strdup_printf(_("Case %d"), number)
                                              : g_filename_display_basename(path);
}

// The picture of a case that was open lately; borrowed of `recent`.
static GBytes *find_thumbnail(const GPtrArray *recent, const char *path)
{
    for (guint at = 0; at < recent->len; at++) {
        const HpRecent *one = recent->pdata[at];
        if (g_strcmp0(one->path, path) == 0)
            return one->thumbnail;
    }
    return NULL;
}

static void fill_unsaved(HpWelcomePage *page, const GPtrArray *recent)
{
    g_autoptr(GPtrArray) cases = hp_unsaved_list();
    clear(page->unsaved_list);
    gtk_widget_set_visible(page->unsaved, cases->len > 0);
    for (guint at = 0; at < cases->len; at++) {
        const HpUnsaved *one = cases->pdata[at];
        g_autofree char *title = dup_title(page, one->images, (int)at + 1);
        const HpWelcomeCase shown = {
            .path = one->path,
            .title = title,
            .time_us = one->time_us,
            .ml = one->ml,
            .thumbnail = find_thumbnail(recent, one->images),
            .fact = page->is_anonymous && one->fact != NULL ? _("It cannot be opened.") : one->fact,
            .forget = _("Throw it away")};
        GtkWidget *row = hp_welcome_row_new(&shown);
        g_signal_connect_swapped(row, "forget", G_CALLBACK(forget_unsaved_cb), page);
        gtk_list_box_append(page->unsaved_list, row);
    }
}

static void fill_recent(HpWelcomePage *page, const GPtrArray *cases)
{
    clear(page->recent_list);
    gtk_widget_set_visible(page->recent, cases->len > 0);
    for (guint at = 0; at < cases->len; at++) {
        const HpRecent *one = cases->pdata[at];
        g_autofree char *title = dup_title(page, one->path, (int)at + 1);
        const HpWelcomeCase shown = {.path = one->path,
                                     .title = title,
                                     .time_us = one->time_us,
                                     .ml = one->ml,
                                     .thumbnail = one->thumbnail,
                                     .fact = one->is_missing ? _("It is no longer where it was.")
                                                             : NULL,
                                     .forget = _("Take it off the list")};
        GtkWidget *row = hp_welcome_row_new(&shown);
        g_signal_connect_swapped(row, "forget", G_CALLBACK(forget_recent_cb), page);
        gtk_list_box_append(page->recent_list, row);
    }
}

static void fill(HpWelcomePage *page)
{
    page->is_anonymous = page->lens->is_anonymous;
    g_autoptr(GPtrArray) recent = hp_recent_list();
    fill_unsaved(page, recent);
    fill_recent(page, recent);
}

static void activated_cb(HpWelcomePage *page, HpWelcomeRow *row)
{
    g_autofree char *path = g_strdup(hp_welcome_row_get_path(row));
    g_signal_emit(page, open_signal, 0, path);
}

static gboolean poll_cb(gpointer data)
{
    HpWelcomePage *page = data;
    const char *words = hp_document_get_words(page->document);
    gtk_label_set_text(page->work_words, words[0] != '\0' ? _(words) : _("Opening"));
    return G_SOURCE_CONTINUE;
}

static void document_cb(HpWelcomePage *page)
{
    const bool is_busy = hp_document_is_busy(page->document);
    gtk_widget_set_visible(page->work, is_busy);
    gtk_spinner_set_spinning(page->spinner, is_busy);
    if (is_busy && page->poll == 0)
        page->poll = g_timeout_add(POLL_MS, poll_cb, page);
    if (!is_busy)
        g_clear_handle_id(&page->poll, g_source_remove);
}

static void lens_cb(HpWelcomePage *page)
{
    if (page->is_anonymous != page->lens->is_anonymous)
        fill(page);
}

static void hp_welcome_page_map(GtkWidget *widget)
{
    fill(HP_WELCOME_PAGE(widget));
    GTK_WIDGET_CLASS(hp_welcome_page_parent_class)->map(widget);
}

GtkWidget *hp_welcome_page_new(HpDocument *document, HpLens *lens)
{
    HpWelcomePage *page = g_object_new(HP_TYPE_WELCOME_PAGE, NULL);
    page->document = g_object_ref(document);
    page->lens = g_object_ref(lens);
    g_signal_connect_object(document, "changed", G_CALLBACK(document_cb), page, G_CONNECT_SWAPPED);
    g_signal_connect_object(lens, "changed", G_CALLBACK(lens_cb), page, G_CONNECT_SWAPPED);
    document_cb(page);
    return GTK_WIDGET(page);
}

static void hp_welcome_page_dispose(GObject *object)
{
    HpWelcomePage *page = HP_WELCOME_PAGE(object);
    g_clear_handle_id(&page->poll, g_source_remove);
    g_clear_pointer(&page->content, gtk_widget_unparent);
    g_clear_object(&page->document);
    g_clear_object(&page->lens);
    G_OBJECT_CLASS(hp_welcome_page_parent_class)->dispose(object);
}

static void hp_welcome_page_class_init(HpWelcomePageClass *klass)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(klass);
    G_OBJECT_CLASS(klass)->dispose = hp_welcome_page_dispose;
    widget_class->map = hp_welcome_page_map;
    gtk_widget_class_set_layout_manager_type(widget_class, GTK_TYPE_BIN_LAYOUT);
    gtk_widget_class_set_template_from_resource(widget_class,
                                                "/org/hepatica/Hepatica/welcome_page.ui");
#define CHILD(name) gtk_widget_class_bind_template_child(widget_class, HpWelcomePage, name)
    CHILD(content);
    CHILD(icon);
    CHILD(unsaved);
    CHILD(unsaved_list);
    CHILD(recent);
    CHILD(recent_list);
    CHILD(work);
    CHILD(work_words);
    CHILD(spinner);
#undef CHILD
    open_signal = g_signal_new("open", G_TYPE_FROM_CLASS(klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                               NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void hp_welcome_page_init(HpWelcomePage *page)
{
    gtk_widget_init_template(GTK_WIDGET(page));
    g_signal_connect_swapped(page->unsaved_list, "row-activated", G_CALLBACK(activated_cb), page);
    g_signal_connect_swapped(page->recent_list, "row-activated", G_CALLBACK(activated_cb), page);
    // Where the program runs from its build folder, no theme has its icon.
    GtkIconTheme *theme = gtk_icon_theme_get_for_display(gtk_widget_get_display(GTK_WIDGET(page)));
    gtk_widget_set_visible(page->icon, gtk_icon_theme_has_icon(theme, "org.hepatica.Hepatica"));
}
