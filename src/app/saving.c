// SPDX-License-Identifier: Apache-2.0
// A case and its file: saved by a name, and told where its images lie now.
#include "app/saving.h"

#include "case/store.h"

#include <glib/gi18n.h>

typedef struct {
    GtkWindow *window; // whose data this is
    HpDocument *document;
    GActionMap *actions;
} Saving;

static void enable(Saving *saving, const char *action, bool is_enabled)
{
    g_simple_action_set_enabled(
        G_SIMPLE_ACTION(g_action_map_lookup_action(saving->actions, action)), is_enabled);
}

static void changed_cb(GtkWindow *window)
{
    Saving *saving = g_object_get_data(G_OBJECT(window), "saving");
    const HpDocument *document = saving->document;
    const bool is_something = hp_document_get_saved(document) != HP_SAVED_NOTHING ||
                              hp_document_get_volume(document) != NULL;
    enable(saving, "save", is_something);
    enable(saving, "save-as", is_something);
    enable(saving, "find-images",
           hp_document_get_volume(document) == NULL && hp_document_get_mask(document) != NULL &&
               !hp_document_is_busy(document));
}

static char *path_of(GtkNativeDialog *chooser)
{
    g_autoptr(GFile) file = gtk_file_chooser_get_file(GTK_FILE_CHOOSER(chooser));
    return file != NULL ? g_file_get_path(file) : NULL;
}

static void saved_cb(GtkNativeDialog *chooser, int response, Saving *saving)
{
    g_autofree char *chosen = response == GTK_RESPONSE_ACCEPT ? path_of(chooser) : NULL;
    g_autoptr(GError) error = NULL;
    g_object_unref(chooser);
    if (chosen == NULL)
        return;
    g_autofree char *path = g_str_has_suffix(chosen, HP_STORE_SUFFIX)
                                ? g_strdup(chosen)
                                : g_strconcat(chosen, HP_STORE_SUFFIX, NULL);
    if (hp_document_save_as(saving->document, path, &error)) {
        g_autofree char *words = g_strdup_printf(_("The case is kept in %s"), path);
        gtk_widget_activate_action(GTK_WIDGET(saving->window), "win.say", "s", words);
    } else {
        gtk_widget_activate_action(GTK_WIDGET(saving->window), "win.warn", "s", error->message);
    }
}

static void save_as_cb(GSimpleAction *action, GVariant *parameter, gpointer data)
{
    (void)action, (void)parameter;
    Saving *saving = data;
    const char *before = hp_document_get_case_path(saving->document);
    GtkFileChooserNative *chooser = gtk_file_chooser_native_new(
        _("Save the case"), saving->window, GTK_FILE_CHOOSER_ACTION_SAVE, NULL, NULL);
    if (before != NULL) {
        g_autoptr(GFile) file = g_file_new_for_path(before);
        gtk_file_chooser_set_file(GTK_FILE_CHOOSER(chooser), file, NULL);
    } else {
        // Nothing of the patient is proposed as a name.
        g_autofree char *name = g_strconcat(_("case"), HP_STORE_SUFFIX, NULL);
        gtk_file_chooser_set_current_name(GTK_FILE_CHOOSER(chooser), name);
    }
    g_signal_connect(chooser, "response", G_CALLBACK(saved_cb), saving);
    gtk_native_dialog_show(GTK_NATIVE_DIALOG(chooser));
}

// A case with a file is saved all the time; one without asks for it.
static void save_cb(GSimpleAction *action, GVariant *parameter, gpointer data)
{
    Saving *saving = data;
    if (hp_document_get_case_path(saving->document) == NULL)
        save_as_cb(action, parameter, data);
    else
        gtk_widget_activate_action(GTK_WIDGET(saving->window), "win.say", "s",
                                   _(hp_document_get_saved_words(saving->document)));
}

static void found_cb(GtkNativeDialog *chooser, int response, Saving *saving)
{
    g_autofree char *path = response == GTK_RESPONSE_ACCEPT ? path_of(chooser) : NULL;
    g_object_unref(chooser);
    if (path != NULL)
        hp_document_set_images(saving->document, path);
}

static void find_images_cb(GSimpleAction *action, GVariant *parameter, gpointer data)
{
    (void)action, (void)parameter;
    Saving *saving = data;
    GtkFileChooserNative *chooser =
        gtk_file_chooser_native_new(_("Where are the images of this case?"), saving->window,
                                    GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER, NULL, NULL);
    g_signal_connect(chooser, "response", G_CALLBACK(found_cb), saving);
    gtk_native_dialog_show(GTK_NATIVE_DIALOG(chooser));
}

static void saving_free(gpointer data)
{
    Saving *saving = data;
    g_object_unref(saving->document);
    g_free(saving);
}

void hp_saving_begin(GtkWindow *window, HpDocument *document, GActionMap *actions)
{
    static const GActionEntry entries[] = {
        {.name = "save", .activate = save_cb},
        {.name = "save-as", .activate = save_as_cb},
        {.name = "find-images", .activate = find_images_cb},
    };
    Saving *saving = g_new0(Saving, 1);
    saving->window = window;
    saving->document = g_object_ref(document);
    saving->actions = actions;
    g_object_set_data_full(G_OBJECT(window), "saving", saving, saving_free);
    g_action_map_add_action_entries(actions, entries, G_N_ELEMENTS(entries), saving);
    g_signal_connect_object(document, "changed", G_CALLBACK(changed_cb), window, G_CONNECT_SWAPPED);
    changed_cb(window);
}
