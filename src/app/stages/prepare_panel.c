// SPDX-License-Identifier: Apache-2.0
// The stage Prepare: what is done to the CT before a contour reads it, seen while it is chosen.
#include "app/stages/prepare_panel.h"

#include "app/histogram_view.h"
#include "app/stages/preset_tile.h"
#include "app/value_row.h"
#include "case/prepared.h"

#include <glib/gi18n.h>
#include <math.h>

struct _HpPreparePanel {
    GtkBox parent_instance;
    HpDocument *document;
    HpLens *lens;
    HpPrepared *prepared;
    GtkEventController *keys; // on the window, while the panel shows
    bool is_key_held;
    double window_before[2]; // the lens's, when the panel came up; NAN: it was left alone
    double window_lent[2];
    HpPresetTile *tile[HP_PRESETS];
    GtkGrid *presets;
    GtkBox *histogram, *values;
    GtkButton *hold;
    GtkLabel *shown_words;
    GtkSpinner *spinner;
};

G_DEFINE_FINAL_TYPE(HpPreparePanel, hp_prepare_panel, GTK_TYPE_BOX)

// Where each preset stands among the tiles: a column for what it does, a row for how much.
static const struct {
    int column, row;
    const char *words, *name;
} places[HP_PRESETS] = {
    {0, 0, N_("Original"), N_("No preset")},
    {0, 2, N_("Mild"), N_("Mild equalisation and Gaussian")},
    {0, 3, N_("Strong"), N_("Strong equalisation and Gaussian")},
    {1, 2, N_("Mild"), N_("Mild equalisation")},
    {1, 3, N_("Strong"), N_("Strong equalisation")},
    {2, 2, N_("Mild"), N_("Mild Gaussian")},
    {2, 3, N_("Strong"), N_("Strong Gaussian")},
};

static bool is_held(const HpPreparePanel *panel)
{
    return panel->is_key_held ||
           (gtk_widget_get_state_flags(GTK_WIDGET(panel->hold)) & GTK_STATE_FLAG_ACTIVE) != 0;
}

static void show_words(HpPreparePanel *panel)
{
    const GError *error = hp_prepared_get_error(panel->prepared);
    const bool is_busy = hp_prepared_is_busy(panel->prepared);
    const char *words = _("Nothing is prepared: the panes show the original.");
    if (error != NULL)
        words = error->message;
    else if (hp_prepared_is_on(panel->prepared) && is_held(panel))
        words = _("The panes show the original.");
    else if (is_busy)
        words = _("Preparing what the panes show…");
    else if (hp_prepared_is_on(panel->prepared))
        words = _("The panes show what the contour will read.");
    gtk_label_set_text(panel->shown_words, words);
    gtk_spinner_set_spinning(panel->spinner, is_busy);
    gtk_widget_set_sensitive(GTK_WIDGET(panel->hold), hp_prepared_is_on(panel->prepared));
}

// What the panes draw, as long as the panel shows.
static void lend(HpPreparePanel *panel)
{
    const bool is_shown = gtk_widget_get_mapped(GTK_WIDGET(panel));
    hp_lens_set_prepared(panel->lens, is_shown && !is_held(panel) ? panel->prepared : NULL);
    show_words(panel);
}

// The point that the samples are of: the middle of the first seed, else where the right lobe lies in
// most people, on the slice that is looked at.
static void find_sample(const HpPreparePanel *panel, double mm[3])
{
    const HpGrid *grid = &panel->lens->grid;
    const GPtrArray *seeds = hp_document_get_plan(panel->document)->seeds;
    const double middle[3] = {(grid->size[0] - 1) / 2.0, (grid->size[1] - 1) / 2.0,
                              (grid->size[2] - 1) / 2.0};
    if (seeds->len > 0) {
        const HpContour *seed = seeds->pdata[0];
        for (int axis = 0; axis < 3; axis++) {
            double sum = 0;
            for (int at = 0; at < seed->count; at++)
                sum += seed->mm[at][axis];
            mm[axis] = sum / seed->count;
        }
        return;
    }
    hp_grid_to_mm(grid, middle, mm);
    mm[0] -= 55; // to the patient's right
    mm[2] = panel->lens->cross_mm[2];
}

static int sample_slice(const HpPreparePanel *panel, const double mm[3])
{
    double ijk[3];
    const HpGrid *grid = &panel->lens->grid;
    const int axis = hp_grid_axis(grid, HP_PLANE_AXIAL);
    hp_grid_to_ijk(grid, mm, ijk);
    return CLAMP((int)lround(ijk[axis]), 0, grid->size[axis] - 1);
}

static void show_samples(HpPreparePanel *panel)
{
    HpVolume *volume = hp_document_get_volume(panel->document);
    if (volume == NULL || !gtk_widget_get_mapped(GTK_WIDGET(panel)))
        return;
    double mm[3];
    find_sample(panel, mm);
    hp_prepared_want_samples(panel->prepared, sample_slice(panel, mm));
    HpSample sample = {.volume = volume,
                       .slice = hp_prepared_get_sample_slice(panel->prepared),
                       .mm = {mm[0], mm[1], mm[2]},
                       .low_hu = panel->lens->low_hu,
                       .high_hu = panel->lens->high_hu};
    for (int preset = 0; preset < HP_PRESETS; preset++) {
        sample.prepared = hp_prepared_get_sample(panel->prepared, preset);
        hp_preset_tile_show(panel->tile[preset], sample.prepared != NULL ? &sample : NULL);
    }
}

static void show_choice(HpPreparePanel *panel)
{
    const int preset = (int)hp_document_get_plan(panel->document)->params.value[HP_PARAM_PRESET];
    gtk_toggle_button_set_active(GTK_TOGGLE_BUTTON(panel->tile[preset]), TRUE);
}

static void document_cb(HpPreparePanel *panel, guint change)
{
    if (change & (HP_CHANGE_PLAN | HP_CHANGE_IMAGE)) {
        show_choice(panel);
        show_samples(panel);
    }
}

static void prepared_cb(HpPreparePanel *panel, guint change)
{
    if (change & HP_PREPARED_SLICES && panel->lens->prepared != NULL)
        hp_lens_changed(panel->lens); // the samples follow the lens
    else if (change & HP_PREPARED_SAMPLES)
        show_samples(panel);
    show_words(panel);
}

static void chosen_cb(HpPreparePanel *panel, GtkToggleButton *button)
{
    for (int preset = 0; preset < HP_PRESETS; preset++)
        if (GTK_TOGGLE_BUTTON(panel->tile[preset]) == button &&
            gtk_toggle_button_get_active(button)) {
            hp_document_set_value(panel->document, HP_PARAM_PRESET, preset);
            hp_document_seal(panel->document); // each choice is a step of its own
        }
}

static gboolean key_pressed_cb(GtkEventControllerKey *keys, guint key, guint code,
                               GdkModifierType state, HpPreparePanel *panel)
{
    (void)keys, (void)code;
    if (key != GDK_KEY_y || state & (GDK_CONTROL_MASK | GDK_ALT_MASK | GDK_SUPER_MASK))
        return FALSE;
    panel->is_key_held = true;
    lend(panel);
    return TRUE;
}

static void key_released_cb(GtkEventControllerKey *keys, guint key, guint code,
                            GdkModifierType state, HpPreparePanel *panel)
{
    (void)keys, (void)code, (void)state;
    if (key != GDK_KEY_y && key != GDK_KEY_Y)
        return;
    panel->is_key_held = false;
    lend(panel);
}

// A key that is let go over another window is not heard of.
static void focus_lost_cb(HpPreparePanel *panel)
{
    panel->is_key_held = false;
    lend(panel);
}

// Equalised values fill the window of preparation; in the lens's own, narrower one they would be
// burnt out. Only who has not chosen a window is given this one, and the other back on leaving.
static void borrow_window(HpPreparePanel *panel)
{
    const HpParams *params = &hp_document_get_plan(panel->document)->params;
    HpLens *lens = panel->lens;
    panel->window_before[0] = panel->window_before[1] = NAN;
    if (lens->low_hu != HP_LENS_LOW_HU || lens->high_hu != HP_LENS_HIGH_HU)
        return;
    panel->window_before[0] = lens->low_hu;
    panel->window_before[1] = lens->high_hu;
    hp_lens_set_window(lens, params->value[HP_PARAM_WINDOW_LOW],
                       params->value[HP_PARAM_WINDOW_HIGH]);
    panel->window_lent[0] = lens->low_hu;
    panel->window_lent[1] = lens->high_hu;
}

static void return_window(HpPreparePanel *panel)
{
    const HpLens *lens = panel->lens;
    if (!isnan(panel->window_before[0]) && lens->low_hu == panel->window_lent[0] &&
        lens->high_hu == panel->window_lent[1])
        hp_lens_set_window(panel->lens, panel->window_before[0], panel->window_before[1]);
}

static void hp_prepare_panel_map(GtkWidget *widget)
{
    HpPreparePanel *panel = HP_PREPARE_PANEL(widget);
    GTK_WIDGET_CLASS(hp_prepare_panel_parent_class)->map(widget);
    panel->keys = gtk_event_controller_key_new();
    g_signal_connect(panel->keys, "key-pressed", G_CALLBACK(key_pressed_cb), panel);
    g_signal_connect(panel->keys, "key-released", G_CALLBACK(key_released_cb), panel);
    gtk_widget_add_controller(GTK_WIDGET(gtk_widget_get_root(widget)), panel->keys);
    g_signal_connect_object(gtk_widget_get_root(widget), "notify::is-active",
                            G_CALLBACK(focus_lost_cb), panel, G_CONNECT_SWAPPED);
    hp_prepared_set_active(panel->prepared, true);
    borrow_window(panel);
    lend(panel);
    show_samples(panel);
}

static void hp_prepare_panel_unmap(GtkWidget *widget)
{
    HpPreparePanel *panel = HP_PREPARE_PANEL(widget);
    GtkWidget *root = GTK_WIDGET(gtk_widget_get_root(widget));
    g_signal_handlers_disconnect_by_func(root, focus_lost_cb, panel);
    gtk_widget_remove_controller(root, panel->keys);
    panel->keys = NULL;
    panel->is_key_held = false;
    GTK_WIDGET_CLASS(hp_prepare_panel_parent_class)->unmap(widget);
    hp_lens_set_prepared(panel->lens, NULL);
    return_window(panel);
    hp_prepared_set_active(panel->prepared, false);
}

static void add_tiles(HpPreparePanel *panel)
{
    for (int preset = 0; preset < HP_PRESETS; preset++) {
        panel->tile[preset] = hp_preset_tile_new(_(places[preset].words), _(places[preset].name));
        if (preset > 0)
            gtk_toggle_button_set_group(GTK_TOGGLE_BUTTON(panel->tile[preset]),
                                        GTK_TOGGLE_BUTTON(panel->tile[0]));
        gtk_grid_attach(panel->presets, GTK_WIDGET(panel->tile[preset]), places[preset].column,
                        places[preset].row, 1, 1);
    }
    show_choice(panel);
    for (int preset = 0; preset < HP_PRESETS; preset++)
        g_signal_connect_swapped(panel->tile[preset], "toggled", G_CALLBACK(chosen_cb), panel);
}

GtkWidget *hp_prepare_panel_new(HpDocument *document, HpLens *lens, GActionMap *actions)
{
    static const HpParameterId values[] = {
        HP_PARAM_EQUALISE, HP_PARAM_GAUSSIAN,   HP_PARAM_CLAHE,      HP_PARAM_DIFFUSION,
        HP_PARAM_CONTRAST, HP_PARAM_BRIGHTNESS, HP_PARAM_WINDOW_LOW, HP_PARAM_WINDOW_HIGH};
    HpPreparePanel *panel = g_object_new(HP_TYPE_PREPARE_PANEL, NULL);
    (void)actions;
    panel->document = g_object_ref(document);
    panel->lens = g_object_ref(lens);
    panel->prepared = hp_prepared_new(document);
    add_tiles(panel);
    gtk_box_append(panel->histogram, hp_histogram_view_new(document));
    for (size_t at = 0; at < G_N_ELEMENTS(values); at++)
        gtk_box_append(panel->values, hp_value_row_new(document, values[at]));
    g_signal_connect_object(document, "changed", G_CALLBACK(document_cb), panel, G_CONNECT_SWAPPED);
    g_signal_connect_object(lens, "changed", G_CALLBACK(show_samples), panel, G_CONNECT_SWAPPED);
    g_signal_connect_object(panel->prepared, "changed", G_CALLBACK(prepared_cb), panel,
                            G_CONNECT_SWAPPED);
    g_signal_connect_swapped(panel->hold, "state-flags-changed", G_CALLBACK(lend), panel);
    show_words(panel);
    return GTK_WIDGET(panel);
}

static void hp_prepare_panel_dispose(GObject *object)
{
    HpPreparePanel *panel = HP_PREPARE_PANEL(object);
    if (panel->hold != NULL)
        g_signal_handlers_disconnect_by_func(panel->hold, lend, panel);
    panel->hold = NULL;
    if (panel->prepared != NULL)
        hp_prepared_set_active(panel->prepared, false);
    g_clear_object(&panel->prepared);
    g_clear_object(&panel->document);
    g_clear_object(&panel->lens);
    G_OBJECT_CLASS(hp_prepare_panel_parent_class)->dispose(object);
}

static void hp_prepare_panel_class_init(HpPreparePanelClass *klass)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(klass);
    G_OBJECT_CLASS(klass)->dispose = hp_prepare_panel_dispose;
    widget_class->map = hp_prepare_panel_map;
    widget_class->unmap = hp_prepare_panel_unmap;
    gtk_widget_class_set_template_from_resource(widget_class,
                                                "/org/hepatica/Hepatica/prepare_panel.ui");
    gtk_widget_class_bind_template_child(widget_class, HpPreparePanel, presets);
    gtk_widget_class_bind_template_child(widget_class, HpPreparePanel, histogram);
    gtk_widget_class_bind_template_child(widget_class, HpPreparePanel, values);
    gtk_widget_class_bind_template_child(widget_class, HpPreparePanel, hold);
    gtk_widget_class_bind_template_child(widget_class, HpPreparePanel, shown_words);
    gtk_widget_class_bind_template_child(widget_class, HpPreparePanel, spinner);
}

static void hp_prepare_panel_init(HpPreparePanel *panel)
{
    gtk_widget_init_template(GTK_WIDGET(panel));
}
