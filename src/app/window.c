// SPDX-License-Identifier: Apache-2.0
// The one window: stages at the left, four panes, the numbers at the right, one status line.
#include "app/window.h"

#include "app/lens.h"
#include "app/slice_pane.h"
#include "app/surface_pane.h"
#include "app/value_row.h"

#include <glib/gi18n.h>
#include <math.h>

struct _HpWindow {
    AdwApplicationWindow parent_instance;
    HpDocument *document;
    HpLens *lens;
    guint poll; // timer that shows the job's progress; 0: none
    bool hides_identity, is_presenting;

    AdwWindowTitle *title;
    GtkRevealer *error_bar;
    GtkLabel *error_words, *case_words, *seed_words, *volume_words, *number_words, *hover_words,
        *task_words, *area_words, *mask_ml, *mesh_ml, *difference, *low_ml, *high_ml;
    GtkStack *pages, *panels;
    GtkBox *rail, *contour_values, *model_values;
    GtkGrid *panes, *numbers;
    GtkProgressBar *progress;
    GtkWidget *cancel, *undo, *redo, *side, *status_line;
};

G_DEFINE_FINAL_TYPE(HpWindow, hp_window, ADW_TYPE_APPLICATION_WINDOW)

static gboolean poll_cb(gpointer data)
{
    HpWindow *window = data;
    gtk_label_set_text(window->task_words, hp_document_get_words(window->document));
    gtk_progress_bar_set_fraction(window->progress, hp_document_get_fraction(window->document));
    return G_SOURCE_CONTINUE;
}

static void show_task(HpWindow *window)
{
    const bool is_busy = hp_document_is_busy(window->document);
    const GError *error = hp_document_get_error(window->document);
    gtk_widget_set_visible(GTK_WIDGET(window->progress), is_busy);
    gtk_widget_set_visible(window->cancel, is_busy);
    // Idle, Escape stays free to close a menu.
    g_simple_action_set_enabled(
        G_SIMPLE_ACTION(g_action_map_lookup_action(G_ACTION_MAP(window), "cancel")), is_busy);
    if (is_busy && window->poll == 0)
        window->poll = g_timeout_add(50, poll_cb, window);
    if (!is_busy)
        g_clear_handle_id(&window->poll, g_source_remove);
    if (!is_busy)
        gtk_label_set_text(window->task_words, hp_document_is_stale(window->document)
                                                   ? _("The numbers are of older settings")
                                                   : "");
    gtk_revealer_set_reveal_child(window->error_bar, error != NULL);
    if (error != NULL)
        gtk_label_set_text(window->error_words, error->message);
}

// Others see the screen while one presents, so presenting hides the identity too.
static bool is_anonymous(const HpWindow *window)
{
    return window->hides_identity || window->is_presenting;
}

static void show_title(HpWindow *window, const HpSeries *series, const HpGrid *grid)
{
    g_autofree char *place = g_path_get_basename(series->path);
    g_autofree char *subtitle = g_strdup_printf(
        "%d × %d × %d  ·  %.3g × %.3g × %.3g mm", grid->size[0], grid->size[1], grid->size[2],
        grid->spacing_mm[0], grid->spacing_mm[1], grid->spacing_mm[2]);
    const char *name = series->description[0] != '\0' ? series->description : place;
    adw_window_title_set_title(window->title, is_anonymous(window) ? _("Donor") : name);
    adw_window_title_set_subtitle(window->title, subtitle);
}

static void show_facts(HpWindow *window, const HpSeries *series)
{
    // People type names into the free text of a series, and a date finds a person in a worklist.
    const struct {
        const char *name, *value;
        bool may_identify;
    } facts[] = {{_("Series"), series->description, true},
                 {_("Modality"), series->modality, false},
                 {_("Phase"), series->phase, true},
                 {_("Kernel"), series->kernel, false},
                 {_("Date"), series->date, true}};
    GString *words = g_string_new(NULL);
    for (size_t at = 0; at < G_N_ELEMENTS(facts); at++)
        if (facts[at].value[0] != '\0' && !(facts[at].may_identify && is_anonymous(window)))
            g_string_append_printf(words, "%s: %s\n", facts[at].name, facts[at].value);
    g_string_append_printf(words, _("Slices: %d"), series->slices);
    for (guint at = 0; series->warnings != NULL && series->warnings[at] != NULL; at++)
        g_string_append_printf(words, "\n\n⚠ %s", series->warnings[at]);
    gtk_label_set_text(window->case_words, words->str);
    g_string_free(words, TRUE);
}

static void show_identity(HpWindow *window)
{
    const HpSeries *series = hp_document_get_series(window->document);
    const HpVolume *volume = hp_document_get_volume(window->document);
    if (series == NULL || volume == NULL)
        return;
    show_title(window, series, &volume->grid);
    show_facts(window, series);
}

static void show_image(HpWindow *window)
{
    const HpVolume *volume = hp_document_get_volume(window->document);
    if (hp_document_get_series(window->document) == NULL || volume == NULL)
        return;
    show_identity(window);
    hp_lens_set_grid(window->lens, &volume->grid);
    gtk_stack_set_visible_child_name(window->pages, "case");
}

static void show_plan(HpWindow *window)
{
    const guint seeds = hp_document_get_plan(window->document)->seeds->len;
    g_autofree char *words = seeds == 0
                                 ? g_strdup(_("No seed yet: draw one inside the liver"))
                                 : g_strdup_printf(ngettext("%u seed", "%u seeds", seeds), seeds);
    gtk_label_set_text(window->seed_words, words);
    GActionMap *actions = G_ACTION_MAP(window);
    const struct {
        const char *action;
        bool is_enabled;
    } enabled[] = {
        {"undo", hp_document_get_undo_name(window->document) != NULL},
        {"redo", hp_document_get_redo_name(window->document) != NULL},
        {"take-organ", seeds > 0},
        {"clear-seeds", seeds > 0},
        {"export", hp_document_get_mesh(window->document) != NULL},
    };
    for (size_t at = 0; at < G_N_ELEMENTS(enabled); at++)
        g_simple_action_set_enabled(
            G_SIMPLE_ACTION(g_action_map_lookup_action(actions, enabled[at].action)),
            enabled[at].is_enabled);
}

static void show_number(GtkLabel *label, const char *format, double number)
{
    char words[64];
    g_snprintf(words, sizeof words, format, number);
    gtk_label_set_text(label, words);
}

static void show_numbers(HpWindow *window)
{
    const HpNumbers numbers = hp_document_get_numbers(window->document);
    const bool is_there = !isnan(numbers.mask_ml);
    gtk_widget_set_visible(GTK_WIDGET(window->numbers), is_there);
    gtk_label_set_text(window->area_words, "");
    gtk_label_set_text(window->volume_words, _("– ml"));
    gtk_label_set_text(window->number_words, "");
    if (!is_there)
        return;
    // A number of older settings is shown as such, not hidden.
    gtk_widget_set_opacity(GTK_WIDGET(window->volume_words),
                           hp_document_is_stale(window->document) ? 0.45 : 1);
    show_number(window->volume_words, _("%'.0f ml"), numbers.mesh_ml);
    show_number(window->area_words, _("Liver  ·  %'.0f cm²"), numbers.area_mm2 / 100);
    show_number(window->mask_ml, "%'.1f", numbers.mask_ml);
    show_number(window->mesh_ml, "%'.1f", numbers.mesh_ml);
    show_number(window->difference, "%+.2f %%", 100 * (numbers.mesh_ml / numbers.mask_ml - 1));
    show_number(window->low_ml, "%'.0f", numbers.low_ml);
    show_number(window->high_ml, "%'.0f", numbers.high_ml);
    if (numbers.lower_bound)
        gtk_label_set_text(
            window->number_words,
            _("The organ touches the first or last slice: its volume is a lower bound."));
}

static void changed_cb(HpWindow *window, guint change)
{
    if (change & HP_CHANGE_IMAGE)
        show_image(window);
    if (change & (HP_CHANGE_PLAN | HP_CHANGE_RESULT))
        show_plan(window);
    if (change & (HP_CHANGE_RESULT | HP_CHANGE_PLAN))
        show_numbers(window);
    show_task(window);
}

static void hovered_cb(HpWindow *window, const char *words)
{
    gtk_label_set_text(window->hover_words, words);
}

static void stage_cb(GtkToggleButton *button, HpWindow *window)
{
    if (gtk_toggle_button_get_active(button))
        gtk_stack_set_visible_child_name(window->panels,
                                         g_object_get_data(G_OBJECT(button), "stage"));
}

static void fill_rail(HpWindow *window)
{
    static const struct {
        const char *stage, *icon, *label;
    } stages[] = {
        {"case", "folder-symbolic", N_("Case")},
        {"contour", "edit-select-all-symbolic", N_("Contour")},
        {"model", "view-grid-symbolic", N_("Model")},
    };
    GtkToggleButton *group = NULL;
    for (size_t at = 0; at < G_N_ELEMENTS(stages); at++) {
        GtkWidget *button = gtk_toggle_button_new();
        GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 4);
        gtk_box_append(GTK_BOX(box), gtk_image_new_from_icon_name(stages[at].icon));
        gtk_box_append(GTK_BOX(box), gtk_label_new(_(stages[at].label)));
        gtk_button_set_child(GTK_BUTTON(button), box);
        gtk_widget_add_css_class(button, "flat");
        gtk_accessible_update_property(GTK_ACCESSIBLE(button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                       _(stages[at].label), -1);
        g_object_set_data(G_OBJECT(button), "stage", (gpointer)stages[at].stage);
        g_signal_connect(button, "toggled", G_CALLBACK(stage_cb), window);
        gtk_toggle_button_set_group(GTK_TOGGLE_BUTTON(button), group);
        group = GTK_TOGGLE_BUTTON(button);
        gtk_toggle_button_set_active(GTK_TOGGLE_BUTTON(button), at == 1);
        gtk_box_append(window->rail, button);
    }
}

static void fill_panels(HpWindow *window)
{
    static const HpParameterId contour[] = {HP_PARAM_THRESHOLD_LOW, HP_PARAM_THRESHOLD_HIGH,
                                            HP_PARAM_ALPHA,         HP_PARAM_BETA,
                                            HP_PARAM_KAPPA,         HP_PARAM_SIGMA};
    static const HpParameterId model[] = {HP_PARAM_SURFACE_SMOOTH, HP_PARAM_TRIANGLES};
    for (size_t at = 0; at < G_N_ELEMENTS(contour); at++)
        gtk_box_append(window->contour_values, hp_value_row_new(window->document, contour[at]));
    for (size_t at = 0; at < G_N_ELEMENTS(model); at++)
        gtk_box_append(window->model_values, hp_value_row_new(window->document, model[at]));
}

static void fill_panes(HpWindow *window)
{
    static const int place[HP_PLANE_COUNT][2] = {{0, 0}, {1, 0}, {0, 1}};
    for (int plane = 0; plane < HP_PLANE_COUNT; plane++) {
        GtkWidget *pane = hp_slice_pane_new(window->document, window->lens, plane);
        g_signal_connect_swapped(pane, "hovered", G_CALLBACK(hovered_cb), window);
        gtk_grid_attach(window->panes, pane, place[plane][0], place[plane][1], 1, 1);
    }
    gtk_grid_attach(window->panes, hp_surface_pane_new(window->document), 1, 1, 1, 1);
}

static void opened_cb(GtkNativeDialog *chooser, int response, HpWindow *window)
{
    if (response == GTK_RESPONSE_ACCEPT) {
        g_autoptr(GFile) file = gtk_file_chooser_get_file(GTK_FILE_CHOOSER(chooser));
        g_autofree char *path = g_file_get_path(file);
        if (path != NULL)
            hp_window_open(window, path);
    }
    g_object_unref(chooser);
}

static void open_cb(GtkWidget *widget, const char *action, GVariant *parameter)
{
    (void)action, (void)parameter;
    GtkFileChooserNative *chooser =
        gtk_file_chooser_native_new(_("Open a folder of DICOM files"), GTK_WINDOW(widget),
                                    GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER, NULL, NULL);
    g_signal_connect(chooser, "response", G_CALLBACK(opened_cb), widget);
    gtk_native_dialog_show(GTK_NATIVE_DIALOG(chooser));
}

static void add_filters(GtkFileChooser *chooser)
{
    static const char *const suffixes[] = {"zip", "nii", "nii.gz", "nrrd", "mha", "dcm"};
    g_autoptr(GtkFileFilter) images = gtk_file_filter_new();
    g_autoptr(GtkFileFilter) all = gtk_file_filter_new();
    gtk_file_filter_set_name(images, _("Images and zips"));
    for (size_t at = 0; at < G_N_ELEMENTS(suffixes); at++)
        gtk_file_filter_add_suffix(images, suffixes[at]);
    // A scanner's DICOM files often have no suffix.
    gtk_file_filter_set_name(all, _("All files"));
    gtk_file_filter_add_pattern(all, "*");
    gtk_file_chooser_add_filter(chooser, images);
    gtk_file_chooser_add_filter(chooser, all);
}

static void open_file_cb(GtkWidget *widget, const char *action, GVariant *parameter)
{
    (void)action, (void)parameter;
    GtkFileChooserNative *chooser = gtk_file_chooser_native_new(
        _("Open a zip, a NIfTI, NRRD or MetaImage file, or a DICOM file"), GTK_WINDOW(widget),
        GTK_FILE_CHOOSER_ACTION_OPEN, NULL, NULL);
    add_filters(GTK_FILE_CHOOSER(chooser));
    g_signal_connect(chooser, "response", G_CALLBACK(opened_cb), widget);
    gtk_native_dialog_show(GTK_NATIVE_DIALOG(chooser));
}

static bool is_mesh_name(const char *path)
{
    return g_str_has_suffix(path, ".obj") || g_str_has_suffix(path, ".stl") ||
           g_str_has_suffix(path, ".ply");
}

static void exported_cb(GtkNativeDialog *chooser, int response, HpWindow *window)
{
    if (response == GTK_RESPONSE_ACCEPT) {
        g_autoptr(GFile) file = gtk_file_chooser_get_file(GTK_FILE_CHOOSER(chooser));
        g_autofree char *path = g_file_get_path(file);
        g_autoptr(GError) error = NULL;
        g_autofree char *words = NULL;
        double ml = NAN;
        if (is_mesh_name(path) ? hp_document_export_mesh(window->document, path, &ml, &error)
                               : hp_document_export_mask(window->document, path, &error)) {
            words = isnan(ml) ? g_strdup_printf(_("Written: %s"), path)
                              : g_strdup_printf(_("Written: %s holds %'.1f ml"), path, ml);
            gtk_label_set_text(window->task_words, words);
        } else {
            gtk_label_set_text(window->error_words, error->message);
            gtk_revealer_set_reveal_child(window->error_bar, TRUE);
        }
    }
    g_object_unref(chooser);
}

static void export_cb(GSimpleAction *action, GVariant *parameter, gpointer data)
{
    (void)action, (void)parameter;
    GtkFileChooserNative *chooser =
        gtk_file_chooser_native_new(_("Export the liver (.obj, .stl, .ply, .nii.gz, .nrrd)"),
                                    GTK_WINDOW(data), GTK_FILE_CHOOSER_ACTION_SAVE, NULL, NULL);
    gtk_file_chooser_set_current_name(GTK_FILE_CHOOSER(chooser), "liver.obj");
    g_signal_connect(chooser, "response", G_CALLBACK(exported_cb), data);
    gtk_native_dialog_show(GTK_NATIVE_DIALOG(chooser));
}

static void undo_cb(GSimpleAction *action, GVariant *parameter, gpointer data)
{
    (void)action, (void)parameter;
    hp_document_undo(HP_WINDOW(data)->document);
}

static void redo_cb(GSimpleAction *action, GVariant *parameter, gpointer data)
{
    (void)action, (void)parameter;
    hp_document_redo(HP_WINDOW(data)->document);
}

static void take_cb(GSimpleAction *action, GVariant *parameter, gpointer data)
{
    (void)action, (void)parameter;
    hp_document_pursue(HP_WINDOW(data)->document, HP_GOAL_ORGAN);
}

static void clear_cb(GSimpleAction *action, GVariant *parameter, gpointer data)
{
    (void)action, (void)parameter;
    hp_document_clear_seeds(HP_WINDOW(data)->document);
}

static void cancel_cb(GSimpleAction *action, GVariant *parameter, gpointer data)
{
    (void)action, (void)parameter;
    hp_document_cancel(HP_WINDOW(data)->document);
}

static void dismiss_cb(GSimpleAction *action, GVariant *parameter, gpointer data)
{
    (void)action, (void)parameter;
    hp_document_dismiss_error(HP_WINDOW(data)->document);
    gtk_revealer_set_reveal_child(HP_WINDOW(data)->error_bar, FALSE);
}

static void draw_cb(GSimpleAction *action, GVariant *state, gpointer data)
{
    HpLens *lens = HP_WINDOW(data)->lens;
    lens->is_drawing = g_variant_get_boolean(state);
    g_simple_action_set_state(action, state);
    hp_lens_changed(lens);
}

static void cross_cb(GSimpleAction *action, GVariant *state, gpointer data)
{
    HpLens *lens = HP_WINDOW(data)->lens;
    lens->shows_cross = g_variant_get_boolean(state);
    g_simple_action_set_state(action, state);
    hp_lens_changed(lens);
}

static void contours_cb(GSimpleAction *action, GVariant *state, gpointer data)
{
    HpLens *lens = HP_WINDOW(data)->lens;
    lens->shows_contours = g_variant_get_boolean(state);
    g_simple_action_set_state(action, state);
    hp_lens_changed(lens);
}

static void hide_identity_cb(GSimpleAction *action, GVariant *state, gpointer data)
{
    HpWindow *window = data;
    window->hides_identity = g_variant_get_boolean(state);
    g_simple_action_set_state(action, state);
    show_identity(window);
}

static void present_cb(GSimpleAction *action, GVariant *state, gpointer data)
{
    HpWindow *window = data;
    GtkWidget *const around[] = {GTK_WIDGET(window->rail), GTK_WIDGET(window->panels), window->side,
                                 window->status_line};
    window->is_presenting = g_variant_get_boolean(state);
    for (size_t at = 0; at < G_N_ELEMENTS(around); at++)
        gtk_widget_set_visible(around[at], !window->is_presenting);
    g_simple_action_set_state(action, state);
    show_identity(window);
}

enum { WINDOWS = 5 };

// The windows radiologists call by name: liver, abdomen, soft tissue, lung, bone.
static void window_cb(GSimpleAction *action, GVariant *parameter, gpointer data)
{
    static const struct {
        double level, width;
    } presets[WINDOWS] = {{50, 300}, {40, 400}, {60, 600}, {-500, 1500}, {400, 1800}};
    const int at = g_variant_get_int32(parameter);
    (void)action;
    if (at < 0 || at >= WINDOWS)
        return;
    hp_lens_set_window(HP_WINDOW(data)->lens, presets[at].level - presets[at].width / 2,
                       presets[at].level + presets[at].width / 2);
}

static gboolean drop_cb(GtkDropTarget *target, const GValue *value, double x, double y,
                        HpWindow *window)
{
    (void)target, (void)x, (void)y;
    g_autofree char *path = g_file_get_path(g_value_get_object(value));
    if (path == NULL)
        return FALSE;
    hp_window_open(window, path);
    return TRUE;
}

// Number keys choose a window's preset, but only where no field takes the digit for itself.
static void add_number_keys(HpWindow *window)
{
    GtkEventController *keys = gtk_shortcut_controller_new();
    for (int at = 0; at < WINDOWS; at++)
        gtk_shortcut_controller_add_shortcut(
            GTK_SHORTCUT_CONTROLLER(keys),
            gtk_shortcut_new_with_arguments(gtk_keyval_trigger_new(GDK_KEY_1 + at, 0),
                                            gtk_named_action_new("win.window"), "i", at));
    gtk_widget_add_controller(GTK_WIDGET(window), keys);
}

HpWindow *hp_window_new(AdwApplication *application)
{
    return g_object_new(HP_TYPE_WINDOW, "application", application, NULL);
}

void hp_window_open(HpWindow *window, const char *path)
{
    hp_document_open(window->document, path, NULL);
}

static void hp_window_dispose(GObject *object)
{
    HpWindow *window = HP_WINDOW(object);
    g_clear_handle_id(&window->poll, g_source_remove);
    if (window->document != NULL)
        hp_document_cancel(window->document);
    g_clear_object(&window->document);
    g_clear_object(&window->lens);
    G_OBJECT_CLASS(hp_window_parent_class)->dispose(object);
}

static void hp_window_class_init(HpWindowClass *klass)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(klass);
    G_OBJECT_CLASS(klass)->dispose = hp_window_dispose;
    gtk_widget_class_set_template_from_resource(widget_class, "/org/hepatica/Hepatica/window.ui");
    gtk_widget_class_install_action(widget_class, "win.open", NULL, open_cb);
    gtk_widget_class_install_action(widget_class, "win.open-file", NULL, open_file_cb);
    gtk_widget_class_install_property_action(widget_class, "win.fullscreen", "fullscreened");
#define CHILD(name) gtk_widget_class_bind_template_child(widget_class, HpWindow, name)
    CHILD(title);
    CHILD(error_bar);
    CHILD(error_words);
    CHILD(case_words);
    CHILD(seed_words);
    CHILD(volume_words);
    CHILD(number_words);
    CHILD(area_words);
    CHILD(mask_ml);
    CHILD(mesh_ml);
    CHILD(difference);
    CHILD(low_ml);
    CHILD(high_ml);
    CHILD(numbers);
    CHILD(hover_words);
    CHILD(task_words);
    CHILD(pages);
    CHILD(panels);
    CHILD(rail);
    CHILD(contour_values);
    CHILD(model_values);
    CHILD(panes);
    CHILD(progress);
    CHILD(cancel);
    CHILD(undo);
    CHILD(redo);
    CHILD(side);
    CHILD(status_line);
#undef CHILD
}

static void add_shortcuts(HpWindow *window)
{
    g_autoptr(GtkBuilder) builder =
        gtk_builder_new_from_resource("/org/hepatica/Hepatica/shortcuts.ui");
    GObject *shortcuts = gtk_builder_get_object(builder, "shortcuts");
    gtk_application_window_set_help_overlay(GTK_APPLICATION_WINDOW(window),
                                            GTK_SHORTCUTS_WINDOW(shortcuts));
}

static void hp_window_init(HpWindow *window)
{
    static const GActionEntry actions[] = {
        {.name = "undo", .activate = undo_cb},
        {.name = "redo", .activate = redo_cb},
        {.name = "take-organ", .activate = take_cb},
        {.name = "clear-seeds", .activate = clear_cb},
        {.name = "export", .activate = export_cb},
        {.name = "cancel", .activate = cancel_cb},
        {.name = "dismiss", .activate = dismiss_cb},
        {.name = "window", .activate = window_cb, .parameter_type = "i"},
        {.name = "draw", .state = "false", .change_state = draw_cb},
        {.name = "cross", .state = "true", .change_state = cross_cb},
        {.name = "contours", .state = "true", .change_state = contours_cb},
        {.name = "hide-identity", .state = "false", .change_state = hide_identity_cb},
        {.name = "present", .state = "false", .change_state = present_cb},
    };
    gtk_widget_init_template(GTK_WIDGET(window));
    g_action_map_add_action_entries(G_ACTION_MAP(window), actions, G_N_ELEMENTS(actions), window);
    window->document = hp_document_new();
    window->lens = hp_lens_new();
    add_shortcuts(window);
    fill_rail(window);
    fill_panels(window);
    fill_panes(window);
    add_number_keys(window);
    GtkDropTarget *drop = gtk_drop_target_new(G_TYPE_FILE, GDK_ACTION_COPY);
    g_signal_connect(drop, "drop", G_CALLBACK(drop_cb), window);
    gtk_widget_add_controller(GTK_WIDGET(window), GTK_EVENT_CONTROLLER(drop));
    g_signal_connect_object(window->document, "changed", G_CALLBACK(changed_cb), window,
                            G_CONNECT_SWAPPED);
    changed_cb(window, HP_CHANGE_PLAN | HP_CHANGE_RESULT);
}
