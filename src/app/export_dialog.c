// SPDX-License-Identifier: Apache-2.0
// Asks what to write, as what and where; writes it, and says what the file holds.
#include "app/export_dialog.h"

#include "case/export.h"
#include "core/error.h"
#include "view/case_pictures.h"

#include <glib/gi18n.h>
#include <math.h>

struct _HpExportDialog {
    AdwWindow parent_instance;
    HpDocument *document;
    HpExport *job; // under way; NULL: none
    guint poll;    // timer that shows its progress; 0: none
    bool is_gone;  // the window has been closed; a job may still be ending
    GtkToggleButton *format[HP_EXPORT_COUNT], *axis[2];

    GtkButton *close, *write, *choose;
    GtkGrid *form;
    GtkBox *formats, *axes;
    GtkLabel *format_words, *axes_words, *ending, *result;
    GtkEntry *name, *folder;
    GtkProgressBar *progress;
};

G_DEFINE_FINAL_TYPE(HpExportDialog, hp_export_dialog, ADW_TYPE_WINDOW)

static const struct {
    int group; // 0 surface, 1 mask, 2 report
    const char *label, *sentence;
} kinds[HP_EXPORT_COUNT] = {
    [HP_EXPORT_OBJ] = {0, N_("_OBJ"),
                       N_("The surface and its colour, for nearly every program. Lengths are in "
                          "millimetres; the format has no field that says so.")},
    [HP_EXPORT_STL] = {0, N_("_STL"),
                       N_("The bare surface, as 3-D printers take it. Lengths are in millimetres; "
                          "the format has no field that says so.")},
    [HP_EXPORT_PLY] = {0, N_("_PLY"),
                       N_("The surface with its normals. Lengths are in millimetres, as its header "
                          "says.")},
    [HP_EXPORT_NIFTI] = {1, N_("_NIfTI"),
                         N_("The mask on the voxels of the CT. Cuts keep the voxels whose centre "
                            "lies on the side kept. Millimetres.")},
    [HP_EXPORT_NRRD] = {1, N_("N_RRD"),
                        N_("The mask on the voxels of the CT. Cuts keep the voxels whose centre "
                           "lies on the side kept. Millimetres.")},
    [HP_EXPORT_REPORT] = {2, N_("Repor_t"),
                          N_("A page with the numbers, pictures and settings, and beside it the "
                             "settings as a file that repeats the case. No name of the patient.")},
};

// What was chosen last, for as long as the program runs.
static struct {
    HpExportFormat format;
    HpMeshAxes axes;
    char *name, *folder;
} last;

static bool draw_cb(const HpSnapshot *snapshot, const char *folder, HpTask *task, GError **error)
{
    const HpCaseView view = {snapshot->volume, snapshot->mask, snapshot->plan->seeds,
                             snapshot->contours, snapshot->mesh};
    return hp_case_pictures_write(&view, folder, task, error);
}

static char *dup_folder(const HpExportDialog *dialog)
{
    const char *words = gtk_editable_get_text(GTK_EDITABLE(dialog->folder));
    if (words[0] == '~' && (words[1] == '/' || words[1] == '\0'))
        return g_build_filename(g_get_home_dir(), words + 1, NULL);
    return g_strdup(words);
}

// What the form says; `folder` is owned by the caller, the name by the form.
static HpExportChoice choice_of(const HpExportDialog *dialog, const char *folder)
{
    static struct HpExportPicture pictures[HP_CASE_PICTURES];
    for (int at = 0; at < HP_CASE_PICTURES; at++)
        pictures[at] =
            (struct HpExportPicture){hp_case_pictures[at].title, hp_case_pictures[at].name};
    return (HpExportChoice){.format = last.format,
                            .axes = last.axes,
                            .folder = folder,
                            .name = gtk_editable_get_text(GTK_EDITABLE(dialog->name)),
                            .pictures = {draw_cb, pictures, HP_CASE_PICTURES}};
}

static void say(HpExportDialog *dialog, const char *words, const char *style)
{
    static const char *const styles[] = {"hp-warning", "error", "success", "dim-label"};
    gtk_label_set_text(dialog->result, words);
    for (size_t at = 0; at < G_N_ELEMENTS(styles); at++)
        gtk_widget_remove_css_class(GTK_WIDGET(dialog->result), styles[at]);
    gtk_widget_add_css_class(GTK_WIDGET(dialog->result), style);
}

static bool is_there(const char *folder, char **names, char **found)
{
    for (; *names != NULL; names++) {
        g_autofree char *path = g_build_filename(folder, *names, NULL);
        *found = *names;
        if (g_file_test(path, G_FILE_TEST_EXISTS))
            return true;
    }
    return false;
}

// What a person should know before they write.
static void show_note(HpExportDialog *dialog)
{
    g_autofree char *folder = dup_folder(dialog);
    const HpExportChoice choice = choice_of(dialog, folder);
    g_auto(GStrv) names = hp_export_dup_names(&choice);
    char *found = NULL;
    if (hp_document_is_stale(dialog->document) && !hp_document_is_following(dialog->document))
        say(dialog,
            _("The organ is of older settings than the case shows: take it again first, or "
              "write it as it is."),
            "hp-warning");
    else if (is_there(folder, names, &found)) {
        g_autofree char *words =
            g_strdup_printf(_("%s is there already and will be replaced."), found);
        say(dialog, words, "hp-warning");
    } else
        say(dialog, "", "dim-label");
}

static void show_form(HpExportDialog *dialog)
{
    g_autofree char *folder = dup_folder(dialog);
    const HpExportChoice choice = choice_of(dialog, folder);
    const HpExportChoice endings = {.format = choice.format, .name = ""};
    g_auto(GStrv) names = hp_export_dup_names(&endings);
    g_autofree char *ending = g_strjoinv(", ", names);
    const bool is_mesh = hp_export_is_mesh(choice.format);
    const char *axes = _("Parts are told by letters, without axes.");
    if (choice.format == HP_EXPORT_NIFTI)
        axes = _("NIfTI’s own: x to the patient’s right, y to the front, z to the head");
    else if (choice.format == HP_EXPORT_NRRD || (is_mesh && choice.axes == HP_MESH_AXES_LPS))
        axes = _("x to the patient’s left, y to the back, z to the head, as in DICOM");
    else if (is_mesh)
        axes = _("x to the patient’s right, y to the front, z to the head, as in NIfTI");
    if (choice.format == HP_EXPORT_REPORT)
        axes = _("none: a page");
    gtk_label_set_text(dialog->format_words, _(kinds[choice.format].sentence));
    gtk_label_set_text(dialog->axes_words, axes);
    gtk_label_set_text(dialog->ending, ending);
    gtk_widget_set_visible(GTK_WIDGET(dialog->axes), is_mesh);
    gtk_widget_set_sensitive(GTK_WIDGET(dialog->write), choice.name[0] != '\0');
    show_note(dialog);
}

static void show_job(HpExportDialog *dialog)
{
    const bool is_writing = dialog->job != NULL;
    gtk_widget_set_sensitive(GTK_WIDGET(dialog->form), !is_writing);
    gtk_widget_set_sensitive(GTK_WIDGET(dialog->write), !is_writing);
    gtk_widget_set_visible(GTK_WIDGET(dialog->progress), is_writing);
    gtk_button_set_label(dialog->close, is_writing ? _("_Cancel") : _("_Close"));
    gtk_button_set_label(dialog->write, _("_Export"));
}

static gboolean poll_cb(gpointer data)
{
    HpExportDialog *dialog = data;
    gtk_progress_bar_set_fraction(dialog->progress, hp_export_get_fraction(dialog->job));
    return G_SOURCE_CONTINUE;
}

// "liver.obj holds 1860.9 ml, the mask 1861.2 ml (-0.02 %)."
static char *dup_result(HpExportFormat format, const char *file, double file_ml,
                        const HpNumbers *numbers, bool *agrees)
{
    const bool is_mesh = hp_export_is_mesh(format);
    const double other_ml = is_mesh ? numbers->mask_ml : numbers->mesh_ml;
    *agrees = true;
    if (format == HP_EXPORT_REPORT)
        return g_strdup_printf(_("%s is written."), file);
    const double percent = 100 * (file_ml / other_ml - 1);
    *agrees = fabs(percent) <= 0.5;
    const char *sign = percent < -0.005 ? "−" : percent < 0.005 ? "" : "+";
    g_autofree char *words =
        is_mesh ? g_strdup_printf(_("%s holds %'.1f ml, the mask %'.1f ml (%s%.2f %%)."), file,
                                  file_ml, other_ml, sign, fabs(percent))
                : g_strdup_printf(_("%s holds %'.1f ml, the surface %'.1f ml (%s%.2f %%)."), file,
                                  file_ml, other_ml, sign, fabs(percent));
    if (*agrees)
        return g_steal_pointer(&words);
    return g_strconcat(words, "\n", _("They differ by more than 0.5 %: do not rely on them."),
                       NULL);
}

static void written(HpExportDialog *dialog, const HpSnapshot *snapshot, double file_ml)
{
    g_autofree char *folder = dup_folder(dialog);
    const HpExportChoice choice = choice_of(dialog, folder);
    g_auto(GStrv) names = hp_export_dup_names(&choice);
    bool agrees;
    g_autofree char *words =
        dup_result(choice.format, names[0], file_ml, &snapshot->numbers, &agrees);
    say(dialog, words, agrees ? "success" : "hp-warning");
    GtkWindow *parent = gtk_window_get_transient_for(GTK_WINDOW(dialog));
    if (parent != NULL)
        gtk_widget_activate_action(GTK_WIDGET(parent), "win.say", "s", words);
    if (hp_export_is_mesh(choice.format))
        hp_document_note_file(dialog->document, snapshot, file_ml);
}

static void exported_cb(const HpSnapshot *snapshot, double file_ml, const GError *error,
                        gpointer data)
{
    g_autoptr(HpExportDialog) dialog = data; // the reference that the job held
    dialog->job = NULL;
    g_clear_handle_id(&dialog->poll, g_source_remove);
    if (dialog->is_gone)
        return;
    show_job(dialog);
    if (error == NULL)
        written(dialog, snapshot, file_ml);
    else if (g_error_matches(error, HP_ERROR, HP_ERROR_CANCELLED))
        say(dialog, _("Cancelled; nothing was written."), "dim-label");
    else
        say(dialog, error->message, "error");
    gtk_widget_grab_focus(GTK_WIDGET(error == NULL ? dialog->close : dialog->write));
}

static void remember(const HpExportDialog *dialog, const HpExportChoice *choice)
{
    g_free(last.folder);
    g_free(last.name);
    last.folder = g_strdup(gtk_editable_get_text(GTK_EDITABLE(dialog->folder)));
    last.name = g_strdup(choice->name);
}

static void write_cb(HpExportDialog *dialog)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *folder = dup_folder(dialog);
    const HpExportChoice choice = choice_of(dialog, folder);
    HpSnapshot *snapshot = hp_document_dup_snapshot(dialog->document, &error);
    if (snapshot == NULL) {
        say(dialog, error->message, "error");
        return;
    }
    remember(dialog, &choice);
    say(dialog, _("Writing…"), "dim-label");
    gtk_widget_grab_focus(GTK_WIDGET(dialog->close)); // before the form, which may have it, is shut
    dialog->job = hp_export_start(snapshot, &choice, exported_cb, g_object_ref(dialog));
    dialog->poll = g_timeout_add(50, poll_cb, dialog);
    show_job(dialog);
}

// Ends what runs, else the dialog.
static void close_cb(HpExportDialog *dialog)
{
    if (dialog->job != NULL)
        hp_export_cancel(dialog->job);
    else
        gtk_window_close(GTK_WINDOW(dialog));
}

static gboolean escape_cb(GtkWidget *widget, GVariant *arguments, gpointer data)
{
    (void)arguments, (void)data;
    close_cb(HP_EXPORT_DIALOG(widget));
    return TRUE;
}

static void format_cb(HpExportDialog *dialog)
{
    for (int at = 0; at < HP_EXPORT_COUNT; at++)
        if (gtk_toggle_button_get_active(dialog->format[at]))
            last.format = at;
    for (int at = 0; at < 2; at++)
        if (gtk_toggle_button_get_active(dialog->axis[at]))
            last.axes = at;
    show_form(dialog);
}

// Also of the one that is chosen already: Enter then writes it.
static void clicked_cb(HpExportDialog *dialog)
{
    gtk_widget_grab_focus(GTK_WIDGET(dialog->write));
}

static void chosen_cb(GtkNativeDialog *chooser, int response, HpExportDialog *dialog)
{
    if (response == GTK_RESPONSE_ACCEPT && !dialog->is_gone) {
        g_autoptr(GFile) file = gtk_file_chooser_get_file(GTK_FILE_CHOOSER(chooser));
        g_autofree char *path = g_file_get_path(file);
        if (path != NULL)
            gtk_editable_set_text(GTK_EDITABLE(dialog->folder), path);
    }
    g_object_unref(chooser);
    g_object_unref(dialog);
}

static void choose_cb(HpExportDialog *dialog)
{
    g_autofree char *folder = dup_folder(dialog);
    g_autoptr(GFile) file = g_file_new_for_path(folder);
    GtkFileChooserNative *chooser =
        gtk_file_chooser_native_new(_("Folder to export to"), GTK_WINDOW(dialog),
                                    GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER, NULL, NULL);
    if (g_file_test(folder, G_FILE_TEST_IS_DIR))
        gtk_file_chooser_set_current_folder(GTK_FILE_CHOOSER(chooser), file, NULL);
    g_signal_connect(chooser, "response", G_CALLBACK(chosen_cb), g_object_ref(dialog));
    gtk_native_dialog_show(GTK_NATIVE_DIALOG(chooser));
}

static GtkToggleButton *add_toggle(HpExportDialog *dialog, GtkBox *box, const char *label,
                                   GtkToggleButton *group)
{
    GtkWidget *toggle = gtk_toggle_button_new_with_mnemonic(label);
    gtk_toggle_button_set_group(GTK_TOGGLE_BUTTON(toggle), group);
    gtk_box_append(box, toggle);
    g_signal_connect_swapped(toggle, "toggled", G_CALLBACK(format_cb), dialog);
    g_signal_connect_swapped(toggle, "clicked", G_CALLBACK(clicked_cb), dialog);
    return GTK_TOGGLE_BUTTON(toggle);
}

// Toggles in three groups, of which one in all is on.
static void add_formats(HpExportDialog *dialog)
{
    GtkBox *box = NULL;
    for (int at = 0; at < HP_EXPORT_COUNT; at++) {
        if (at == 0 || kinds[at].group != kinds[at - 1].group) {
            box = GTK_BOX(gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 0));
            gtk_widget_add_css_class(GTK_WIDGET(box), "linked");
            gtk_box_append(dialog->formats, GTK_WIDGET(box));
        }
        dialog->format[at] = add_toggle(dialog, box, _(kinds[at].label), dialog->format[0]);
    }
    dialog->axis[0] = add_toggle(dialog, dialog->axes, _("_LPS"), NULL);
    dialog->axis[1] = add_toggle(dialog, dialog->axes, _("R_AS"), dialog->axis[0]);
}

void hp_export_dialog_present(HpDocument *document, GtkWindow *parent)
{
    HpExportDialog *dialog = g_object_new(HP_TYPE_EXPORT_DIALOG, "transient-for", parent, NULL);
    const char *folder = g_get_user_special_dir(G_USER_DIRECTORY_DOCUMENTS);
    const HpExportFormat format = last.format; // toggling the first one sets it
    const HpMeshAxes axes = last.axes;
    dialog->document = g_object_ref(document);
    if (last.folder != NULL)
        folder = last.folder;
    // No name of the patient, nor of the series.
    gtk_editable_set_text(GTK_EDITABLE(dialog->name), last.name != NULL ? last.name : _("liver"));
    gtk_editable_set_text(GTK_EDITABLE(dialog->folder), folder != NULL ? folder : g_get_home_dir());
    gtk_toggle_button_set_active(dialog->axis[axes], TRUE);
    gtk_toggle_button_set_active(dialog->format[format], TRUE);
    g_signal_connect_swapped(dialog->name, "changed", G_CALLBACK(show_form), dialog);
    g_signal_connect_swapped(dialog->folder, "changed", G_CALLBACK(show_form), dialog);
    show_form(dialog);
    show_job(dialog);
    gtk_widget_grab_focus(GTK_WIDGET(dialog->write)); // Enter writes at once
    gtk_window_present(GTK_WINDOW(dialog));
}

static void hp_export_dialog_dispose(GObject *object)
{
    HpExportDialog *self = HP_EXPORT_DIALOG(object);
    self->is_gone = true;
    if (self->job != NULL)
        hp_export_cancel(self->job);
    g_clear_handle_id(&self->poll, g_source_remove);
    g_clear_object(&self->document);
    G_OBJECT_CLASS(hp_export_dialog_parent_class)->dispose(object);
}

static void hp_export_dialog_class_init(HpExportDialogClass *klass)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(klass);
    G_OBJECT_CLASS(klass)->dispose = hp_export_dialog_dispose;
    gtk_widget_class_set_template_from_resource(widget_class,
                                                "/org/hepatica/Hepatica/export_dialog.ui");
    gtk_widget_class_add_binding(widget_class, GDK_KEY_Escape, 0, escape_cb, NULL);
#define CHILD(name) gtk_widget_class_bind_template_child(widget_class, HpExportDialog, name)
    CHILD(close);
    CHILD(write);
    CHILD(choose);
    CHILD(form);
    CHILD(formats);
    CHILD(axes);
    CHILD(format_words);
    CHILD(axes_words);
    CHILD(ending);
    CHILD(result);
    CHILD(name);
    CHILD(folder);
    CHILD(progress);
#undef CHILD
}

static void hp_export_dialog_init(HpExportDialog *self)
{
    gtk_widget_init_template(GTK_WIDGET(self));
    g_signal_connect_swapped(self->close, "clicked", G_CALLBACK(close_cb), self);
    g_signal_connect_swapped(self->write, "clicked", G_CALLBACK(write_cb), self);
    g_signal_connect_swapped(self->choose, "clicked", G_CALLBACK(choose_cb), self);
    add_formats(self);
}
