// SPDX-License-Identifier: Apache-2.0
// The one window: stages at the left, the panes, the numbers at the right, one status line.
#include "app/window.h"

#include "app/follow.h"
#include "app/numbers_panel.h"
#include "app/pane_grid.h"
#include "app/pane_keys.h"
#include "app/recents.h"
#include "app/series_chooser.h"
#include "app/saving.h"
#include "app/settings.h"
#include "app/stages/case_panel.h"
#include "app/stages/contour_panel.h"
#include "app/stages/model_panel.h"
#include "app/stages/prepare_panel.h"
#include "app/status_line.h"
#include "app/view_tools.h"
#include "app/welcome_page.h"
#include "case/identity.h"

#include <glib/gi18n.h>

struct _HpWindow {
    AdwApplicationWindow parent_instance;
    HpDocument *document;
    HpLens *lens;
    HpStatusLine *status;
    GtkWidget *tools;
    HpSeriesChooser *chooser;
    bool hides_identity, is_presenting;
    char *warned, *said; // last words in the bar and in the status line, in full

    AdwHeaderBar *header;
    AdwWindowTitle *title;
    GtkRevealer *error_bar;
    GtkLabel *error_words;
    GtkStack *pages, *panels;
    GtkBox *rail;
    AdwBin *panes, *side, *bottom;
};

G_DEFINE_FINAL_TYPE(HpWindow, hp_window, ADW_TYPE_APPLICATION_WINDOW)

static void enable(HpWindow *window, const char *action, bool is_enabled)
{
    g_simple_action_set_enabled(
        G_SIMPLE_ACTION(g_action_map_lookup_action(G_ACTION_MAP(window), action)), is_enabled);
}

// Shows what went wrong and what was done, without names while the identity is hidden.
static void show_words(HpWindow *window)
{
    const HpSeries *series = hp_document_get_series(window->document);
    const bool is_hidden = window->lens->is_anonymous;
    g_autofree char *error = is_hidden ? hp_identity_hide_error(window->warned, series) : NULL;
    g_autofree char *said = is_hidden ? hp_identity_hide(window->said, series) : NULL;
    gtk_label_set_text(window->error_words, is_hidden ? error : window->warned);
    gtk_revealer_set_reveal_child(window->error_bar, window->warned[0] != '\0');
    if (window->said[0] != '\0')
        hp_status_line_say(window->status, is_hidden ? said : window->said);
}

static void warn(HpWindow *window, const char *words)
{
    g_free(window->warned);
    window->warned = g_strdup(words);
    show_words(window);
}

// The grid of what is open: the volume's, or the mask's where a case has lost its images.
static const HpGrid *grid_of(const HpWindow *window)
{
    const HpVolume *volume = hp_document_get_volume(window->document);
    HpMask *mask = hp_document_get_mask(window->document);
    return volume != NULL ? &volume->grid : mask != NULL ? hp_mask_get_grid(mask) : NULL;
}

static void show_title(HpWindow *window)
{
    const HpSeries *series = hp_document_get_series(window->document);
    const HpGrid *grid = grid_of(window);
    if (grid == NULL)
        return;
    const char *path = series != NULL ? series->path : hp_document_get_case_path(window->document);
    g_autofree char *place = path != NULL ? g_path_get_basename(path) : g_strdup(_("Donor"));
    g_autofree char *subtitle =
        g_strdup_printf("%d × %d × %d  ·  %.3g × %.3g × %.3g mm  ·  %s", grid->size[0],
                        grid->size[1], grid->size[2], grid->spacing_mm[0], grid->spacing_mm[1],
                        grid->spacing_mm[2], _(hp_document_get_saved_words(window->document)));
    const bool is_described = series != NULL && series->description[0] != '\0';
    const char *name = is_described ? series->description : place;
    adw_window_title_set_title(window->title, window->lens->is_anonymous ? _("Donor") : name);
    adw_window_title_set_subtitle(window->title, subtitle);
}

static void show_identity(HpWindow *window)
{
    // Others see the screen while one presents, so presenting hides the identity too.
    window->lens->is_anonymous = window->hides_identity || window->is_presenting;
    hp_lens_changed(window->lens);
    show_words(window);
    show_title(window);
}

// A case that comes with a seed opens on its slice.
static void look_at_seed(HpWindow *window)
{
    const GPtrArray *seeds = hp_document_get_plan(window->document)->seeds;
    const HpContour *seed = seeds->len > 0 ? seeds->pdata[seeds->len - 1] : NULL;
    if (seed != NULL && seed->slice >= 0)
        hp_lens_scroll(window->lens, seed->plane,
                       seed->slice - hp_lens_get_slice(window->lens, seed->plane));
}

static void show_image(HpWindow *window)
{
    const HpGrid *grid = grid_of(window);
    if (grid == NULL)
        return;
    show_identity(window);
    hp_lens_set_grid(window->lens, grid);
    look_at_seed(window);
    gtk_stack_set_visible_child_name(window->pages, "case");
}

static void choosing_cb(HpWindow *window, gboolean is_choosing)
{
    const bool has_image = hp_document_get_volume(window->document) != NULL;
    gtk_stack_set_visible_child_name(window->pages, is_choosing ? "series"
                                                    : has_image ? "case"
                                                                : "welcome");
}

static void changed_cb(HpWindow *window, guint change)
{
    const GError *error = hp_document_get_error(window->document);
    if (change & HP_CHANGE_IMAGE)
        show_image(window);
    else if (change & HP_CHANGE_CASE)
        show_title(window);
    enable(window, "undo", hp_document_get_undo_name(window->document) != NULL);
    enable(window, "redo", hp_document_get_redo_name(window->document) != NULL);
    // The status line now tells of something newer.
    g_free(window->said);
    window->said = g_strdup("");
    // Idle, Escape stays free to close a menu.
    enable(window, "cancel", hp_document_is_busy(window->document));
    warn(window, error != NULL ? error->message : "");
}

// The stages that are built, in the order of the work.
static const struct {
    const char *name, *icon, *label;
    GtkWidget *(*new_panel)(HpDocument *document, HpLens *lens, GActionMap *actions);
} stages[] = {
    {"case", "hepatica-case-symbolic", N_("Case"), hp_case_panel_new},
    {"prepare", "hepatica-prepare-symbolic", N_("Prepare"), hp_prepare_panel_new},
    {"contour", "hepatica-contour-symbolic", N_("Contour"), hp_contour_panel_new},
    {"model", "hepatica-model-symbolic", N_("Model"), hp_model_panel_new},
};

static void stage_cb(GSimpleAction *action, GVariant *state, gpointer data)
{
    GtkStack *panels = HP_WINDOW(data)->panels;
    const char *name = g_variant_get_string(state, NULL);
    if (gtk_stack_get_child_by_name(panels, name) == NULL)
        return;
    gtk_stack_set_visible_child_name(panels, name);
    g_simple_action_set_state(action, state);
}

static void fill_stages(HpWindow *window)
{
    for (size_t at = 0; at < G_N_ELEMENTS(stages); at++) {
        GtkWidget *button = gtk_toggle_button_new();
        GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 4);
        const char *label = _(stages[at].label);
        GtkWidget *icon = gtk_image_new_from_icon_name(stages[at].icon);
        gtk_image_set_pixel_size(GTK_IMAGE(icon), 20);
        gtk_box_append(GTK_BOX(box), icon);
        gtk_box_append(GTK_BOX(box), gtk_label_new(label));
        gtk_button_set_child(GTK_BUTTON(button), box);
        gtk_widget_add_css_class(button, "flat");
        gtk_accessible_update_property(GTK_ACCESSIBLE(button), GTK_ACCESSIBLE_PROPERTY_LABEL, label,
                                       -1);
        gtk_actionable_set_action_target(GTK_ACTIONABLE(button), "s", stages[at].name);
        gtk_actionable_set_action_name(GTK_ACTIONABLE(button), "win.stage");
        gtk_box_append(window->rail, button);
        gtk_stack_add_named(
            window->panels,
            stages[at].new_panel(window->document, window->lens, G_ACTION_MAP(window)),
            stages[at].name);
    }
    g_action_group_change_action_state(G_ACTION_GROUP(window), "stage",
                                       g_variant_new_string("contour"));
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
    static const char *const suffixes[] = {"zip", "nii", "nii.gz",  "nrrd",
                                           "mha", "dcm", "hepatica"};
    g_autoptr(GtkFileFilter) images = gtk_file_filter_new();
    g_autoptr(GtkFileFilter) all = gtk_file_filter_new();
    gtk_file_filter_set_name(images, _("Images, zips and cases"));
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

static void choose_series_cb(GSimpleAction *action, GVariant *parameter, gpointer data)
{
    (void)action, (void)parameter;
    hp_series_chooser_show_again(HP_WINDOW(data)->chooser);
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

static void say_cb(GSimpleAction *action, GVariant *words, gpointer data)
{
    (void)action;
    HpWindow *window = data;
    g_free(window->said);
    window->said = g_variant_dup_string(words, NULL);
    show_words(window);
}

static void warn_cb(GSimpleAction *action, GVariant *words, gpointer data)
{
    (void)action;
    warn(data, g_variant_get_string(words, NULL));
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
    GtkWidget *const around[] = {GTK_WIDGET(window->rail), GTK_WIDGET(window->panels),
                                 GTK_WIDGET(window->side), GTK_WIDGET(window->bottom)};
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
    hp_series_chooser_open(window->chooser, path);
}

void hp_window_open_with(HpWindow *window, const char *path, const char *params)
{
    g_autoptr(HpPlan) plan = hp_plan_new();
    g_autoptr(GError) error = NULL;
    if (hp_plan_read(plan, params, &error)) {
        hp_document_open_plan(window->document, path, g_steal_pointer(&plan));
        return;
    }
    hp_window_open(window, path);
    warn(window, error->message);
}

HpDocument *hp_window_get_document(const HpWindow *window)
{
    return window->document;
}

HpLens *hp_window_get_lens(const HpWindow *window)
{
    return window->lens;
}

static void hp_window_dispose(GObject *object)
{
    HpWindow *window = HP_WINDOW(object);
    if (window->document != NULL)
        hp_document_cancel(window->document);
    g_clear_object(&window->document);
    g_clear_object(&window->lens);
    G_OBJECT_CLASS(hp_window_parent_class)->dispose(object);
}

static void hp_window_finalize(GObject *object)
{
    g_free(HP_WINDOW(object)->warned);
    g_free(HP_WINDOW(object)->said);
    G_OBJECT_CLASS(hp_window_parent_class)->finalize(object);
}

static void hp_window_class_init(HpWindowClass *klass)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(klass);
    G_OBJECT_CLASS(klass)->dispose = hp_window_dispose;
    G_OBJECT_CLASS(klass)->finalize = hp_window_finalize;
    gtk_widget_class_set_template_from_resource(widget_class, "/org/hepatica/Hepatica/window.ui");
    gtk_widget_class_install_action(widget_class, "win.open", NULL, open_cb);
    gtk_widget_class_install_action(widget_class, "win.open-file", NULL, open_file_cb);
    gtk_widget_class_install_property_action(widget_class, "win.fullscreen", "fullscreened");
#define CHILD(name) gtk_widget_class_bind_template_child(widget_class, HpWindow, name)
    CHILD(header);
    CHILD(title);
    CHILD(error_bar);
    CHILD(error_words);
    CHILD(pages);
    CHILD(panels);
    CHILD(rail);
    CHILD(panes);
    CHILD(side);
    CHILD(bottom);
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

// Only a case has slices to measure on.
static void page_cb(HpWindow *window)
{
    const char *page = gtk_stack_get_visible_child_name(window->pages);
    gtk_widget_set_visible(window->tools, g_strcmp0(page, "case") == 0);
}

static void fill(HpWindow *window)
{
    window->status = HP_STATUS_LINE(hp_status_line_new(window->document));
    GtkWidget *panes = hp_pane_grid_new(window->document, window->lens, G_ACTION_MAP(window));
    g_signal_connect_object(panes, "hovered", G_CALLBACK(hp_status_line_set_hover), window->status,
                            G_CONNECT_SWAPPED);
    adw_bin_set_child(window->bottom, GTK_WIDGET(window->status));
    adw_bin_set_child(window->side, hp_numbers_panel_new(window->document, G_ACTION_MAP(window)));
    adw_bin_set_child(window->panes, panes);
    window->tools = hp_view_tools_new(window->lens, G_ACTION_MAP(window));
    adw_header_bar_pack_end(window->header, window->tools);
    g_signal_connect_object(window->pages, "notify::visible-child", G_CALLBACK(page_cb), window,
                            G_CONNECT_SWAPPED);
    fill_stages(window);
    window->chooser = HP_SERIES_CHOOSER(hp_series_chooser_new(window->document, window->lens));
    GtkWidget *welcome = hp_welcome_page_new(window->document, window->lens);
    gtk_stack_add_named(window->pages, welcome, "welcome");
    gtk_stack_add_named(window->pages, GTK_WIDGET(window->chooser), "series");
    gtk_stack_set_visible_child(window->pages, welcome);
    g_signal_connect_object(welcome, "open", G_CALLBACK(hp_window_open), window, G_CONNECT_SWAPPED);
    hp_recents_follow(window->document);
    hp_follow_begin(GTK_WIDGET(window), window->document);
    hp_saving_begin(GTK_WINDOW(window), window->document, G_ACTION_MAP(window));
    g_signal_connect_object(window->chooser, "choosing", G_CALLBACK(choosing_cb), window,
                            G_CONNECT_SWAPPED);
}

static void prefer(HpWindow *window)
{
    GSettings *settings = hp_settings_get();
    if (settings == NULL)
        return;
    window->lens->opacity = g_settings_get_double(settings, "opacity");
    window->lens->shows_cross = g_settings_get_boolean(settings, "shows-cross");
    g_simple_action_set_state(
        G_SIMPLE_ACTION(g_action_map_lookup_action(G_ACTION_MAP(window), "cross")),
        g_variant_new_boolean(window->lens->shows_cross));
    hp_lens_changed(window->lens);
}

static void hp_window_init(HpWindow *window)
{
    static const GActionEntry actions[] = {
        {.name = "choose-series", .activate = choose_series_cb},
        {.name = "undo", .activate = undo_cb},
        {.name = "redo", .activate = redo_cb},
        {.name = "cancel", .activate = cancel_cb},
        {.name = "dismiss", .activate = dismiss_cb},
        // For the panels: words for the status line and for the bar.
        {.name = "say", .activate = say_cb, .parameter_type = "s"},
        {.name = "warn", .activate = warn_cb, .parameter_type = "s"},
        {.name = "stage", .parameter_type = "s", .state = "''", .change_state = stage_cb},
        {.name = "window", .activate = window_cb, .parameter_type = "i"},
        {.name = "cross", .state = "true", .change_state = cross_cb},
        {.name = "contours", .state = "true", .change_state = contours_cb},
        {.name = "hide-identity", .state = "false", .change_state = hide_identity_cb},
        {.name = "present", .state = "false", .change_state = present_cb},
    };
    gtk_widget_init_template(GTK_WIDGET(window));
    g_action_map_add_action_entries(G_ACTION_MAP(window), actions, G_N_ELEMENTS(actions), window);
    window->warned = g_strdup("");
    window->said = g_strdup("");
    window->document = hp_document_new();
    window->lens = hp_lens_new();
    add_shortcuts(window);
    fill(window);
    add_number_keys(window);
    hp_pane_keys_add(GTK_WIDGET(window));
    GtkDropTarget *drop = gtk_drop_target_new(G_TYPE_FILE, GDK_ACTION_COPY);
    g_signal_connect(drop, "drop", G_CALLBACK(drop_cb), window);
    gtk_widget_add_controller(GTK_WIDGET(window), GTK_EVENT_CONTROLLER(drop));
    g_signal_connect_object(window->document, "changed", G_CALLBACK(changed_cb), window,
                            G_CONNECT_SWAPPED);
    GSettings *settings = hp_settings_get();
    prefer(window);
    if (settings != NULL) {
        g_signal_connect_object(settings, "changed", G_CALLBACK(prefer), window, G_CONNECT_SWAPPED);
        g_action_group_change_action_state(
            G_ACTION_GROUP(window), "hide-identity",
            g_variant_new_boolean(g_settings_get_boolean(settings, "hides-identity")));
    }
    changed_cb(window, HP_CHANGE_PLAN | HP_CHANGE_RESULT);
}
