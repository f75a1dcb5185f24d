// SPDX-License-Identifier: Apache-2.0
// The stage Contour: seeds, the sliders of the snake, brushes, and the organ taken.
#include "app/stages/contour_panel.h"

#include "app/histogram_view.h"
#include "app/slice_words.h"
#include "app/tools/brush.h"
#include "app/tools/click.h"
#include "app/tools/freehand.h"
#include "app/tools/nodes.h"
#include "app/tools/painting.h"
#include "app/tools/polygon.h"
#include "app/tools/round.h"
#include "app/value_row.h"
#include "core/segment.h"

#include <glib/gi18n.h>
#include <math.h>

enum { FLASH_MS = 1200, STEPS_A_FRAME = 2 };

struct _HpContourPanel {
    GtkBox parent_instance;
    HpDocument *document;
    HpLens *lens;
    GActionMap *actions;      // of the window that holds the panel; borrowed
    HpTool *nodes, *painting; // the lens owns them
    double thresholds[2];     // as they were when last shown
    guint flash;              // timer that ends the band's tint; 0: none
    guint play;               // tick callback of the evolution; 0: it rests
    GtkLabel *organ, *seed_words, *contour_words, *brush_words, *evolution_words;
    GtkWidget *clear_seeds, *clear_strokes;
    GtkBox *threshold, *contour_values;
    GtkRange *brush;
    GtkButton *play_button;
};

G_DEFINE_FINAL_TYPE(HpContourPanel, hp_contour_panel, GTK_TYPE_BOX)

static void enable(HpContourPanel *panel, const char *action, bool is_enabled)
{
    g_simple_action_set_enabled(G_SIMPLE_ACTION(g_action_map_lookup_action(panel->actions, action)),
                                is_enabled);
}

// ---- seeds -------------------------------------------------------------------------------------

static char *dup_seed_words(HpContourPanel *panel)
{
    const GPtrArray *seeds = hp_document_get_plan(panel->document)->seeds;
    const HpVolume *volume = hp_document_get_volume(panel->document);
    if (seeds->len == 0)
        return g_strdup(_("No seed yet: draw one inside the liver"));
    g_autofree char *count =
        g_strdup_printf(ngettext("%u seed", "%u seeds", seeds->len), seeds->len);
    const HpContour *last = seeds->pdata[seeds->len - 1];
    if (volume == NULL || last->slice < 0)
        return g_steal_pointer(&count);
    static const char *const one[HP_PLANE_COUNT] = {N_("%s on axial %d"), N_("%s on coronal %d"),
                                                    N_("%s on sagittal %d")};
    static const char *const more[HP_PLANE_COUNT] = {N_("%s, the last on axial %d"),
                                                     N_("%s, the last on coronal %d"),
                                                     N_("%s, the last on sagittal %d")};
    return g_strdup_printf(_((seeds->len == 1 ? one : more)[last->plane]), count,
                           hp_slice_number(&volume->grid, last->plane, last->slice));
}

static void show_seeds(HpContourPanel *panel)
{
    const HpPlan *plan = hp_document_get_plan(panel->document);
    g_autofree char *words = dup_seed_words(panel);
    gtk_label_set_text(panel->seed_words, words);
    gtk_widget_set_visible(panel->clear_seeds, plan->seeds->len > 0);
    gtk_widget_set_visible(panel->clear_strokes, plan->strokes->len > 0);
    enable(panel, "take-organ", plan->seeds->len > 0);
    enable(panel, "clear-seeds", plan->seeds->len > 0);
    enable(panel, "clear-strokes", plan->strokes->len > 0);
    enable(panel, "play", plan->seeds->len > 0);
    enable(panel, "step-evolution", plan->seeds->len > 0);
}

// The contour on a slice that is shown, the pointer's plane before the others.
static void show_contour(HpContourPanel *panel)
{
    g_autofree char *words =
        hp_slice_words_contour(panel->document, panel->lens, panel->lens->plane);
    for (int plane = 0; plane < HP_PLANE_COUNT && words == NULL; plane++)
        words = hp_slice_words_contour(panel->document, panel->lens, plane);
    // Without one it keeps its height, so that nothing below jumps.
    gtk_label_set_text(panel->contour_words, words != NULL ? words : " ");
}

static void take_cb(GSimpleAction *action, GVariant *parameter, gpointer data)
{
    (void)action, (void)parameter;
    hp_document_pursue(HP_CONTOUR_PANEL(data)->document, HP_GOAL_ORGAN);
}

static void clear_seeds_cb(GSimpleAction *action, GVariant *parameter, gpointer data)
{
    (void)action, (void)parameter;
    hp_document_clear_seeds(HP_CONTOUR_PANEL(data)->document);
}

static void clear_strokes_cb(GSimpleAction *action, GVariant *parameter, gpointer data)
{
    (void)action, (void)parameter;
    hp_document_clear_strokes(HP_CONTOUR_PANEL(data)->document, HP_STROKE_KIND_COUNT);
}

// ---- the threshold's band shows while it moves -------------------------------------------------

static gboolean end_flash_cb(gpointer data)
{
    HpContourPanel *panel = data;
    panel->flash = 0;
    panel->lens->flashes_band = false;
    hp_lens_changed(panel->lens);
    return G_SOURCE_REMOVE;
}

static void flash_band(HpContourPanel *panel)
{
    const double *value = hp_document_get_plan(panel->document)->params.value;
    const double now[2] = {value[HP_PARAM_THRESHOLD_LOW], value[HP_PARAM_THRESHOLD_HIGH]};
    bool has_moved = false;
    for (int end = 0; end < 2; end++) {
        has_moved |= now[end] != panel->thresholds[end] &&
                     !(isnan(now[end]) && isnan(panel->thresholds[end]));
        panel->thresholds[end] = now[end];
    }
    if (!has_moved || !gtk_widget_get_mapped(GTK_WIDGET(panel)))
        return;
    g_clear_handle_id(&panel->flash, g_source_remove);
    panel->flash = g_timeout_add(FLASH_MS, end_flash_cb, panel);
    panel->lens->flashes_band = true; // the panes draw again for the new threshold in any case
}

// ---- the evolution, watched --------------------------------------------------------------------

static void show_evolution(HpContourPanel *panel)
{
    const HpEvolution evolution = hp_document_get_evolution(panel->document);
    const bool is_playing = panel->play != 0;
    g_autofree char *words = NULL;
    if (hp_document_get_plan(panel->document)->seeds->len == 0)
        words = g_strdup(" ");
    else if (evolution.has_vanished)
        words = g_strdup_printf(_("Step %d: a contour vanished"), evolution.steps);
    else if (evolution.is_at_rest)
        words = g_strdup_printf(_("Step %d, at rest: area moves < 0.05 %%"), evolution.steps);
    else if (isnan(evolution.change_percent))
        words = g_strdup_printf(_("Step %d"), evolution.steps);
    else if (evolution.is_moving)
        words = g_strdup_printf(_("Step %d: area moves %.2f %%"), evolution.steps,
                                evolution.change_percent);
    else
        words = g_strdup_printf(_("Step %d, the last: area still moves %.2f %%"), evolution.steps,
                                evolution.change_percent);
    gtk_label_set_text(panel->evolution_words, words);
    gtk_button_set_icon_name(panel->play_button, is_playing ? "media-playback-pause-symbolic"
                                                            : "media-playback-start-symbolic");
    const char *label = is_playing ? _("Pause the contour") : _("Play the contour from its start");
    gtk_accessible_update_property(GTK_ACCESSIBLE(panel->play_button),
                                   GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
}

static void rest(HpContourPanel *panel)
{
    if (panel->play == 0)
        return;
    gtk_widget_remove_tick_callback(GTK_WIDGET(panel), panel->play);
    panel->play = 0;
    show_evolution(panel);
}

static gboolean play_cb(GtkWidget *widget, GdkFrameClock *clock, gpointer data)
{
    (void)clock, (void)data;
    HpContourPanel *panel = HP_CONTOUR_PANEL(widget);
    if (hp_document_step_evolution(panel->document, STEPS_A_FRAME))
        return G_SOURCE_CONTINUE;
    panel->play = 0;
    show_evolution(panel);
    return G_SOURCE_REMOVE;
}

static void play_or_pause_cb(GSimpleAction *action, GVariant *parameter, gpointer data)
{
    (void)action, (void)parameter;
    HpContourPanel *panel = data;
    if (panel->play != 0) {
        rest(panel);
        return;
    }
    if (!hp_document_get_evolution(panel->document).is_moving)
        hp_document_restart_evolution(panel->document);
    panel->play = gtk_widget_add_tick_callback(GTK_WIDGET(panel), play_cb, NULL, NULL);
    show_evolution(panel);
}

static void step_cb(GSimpleAction *action, GVariant *parameter, gpointer data)
{
    (void)action, (void)parameter;
    HpContourPanel *panel = data;
    rest(panel);
    if (!hp_document_get_evolution(panel->document).is_moving)
        hp_document_restart_evolution(panel->document);
    hp_document_step_evolution(panel->document, 1);
}

// ---- brushes -----------------------------------------------------------------------------------

static void show_brush(HpContourPanel *panel)
{
    g_autofree char *words = g_strdup_printf(_("%.1f mm"), panel->lens->brush_mm);
    gtk_label_set_text(panel->brush_words, words);
    gtk_range_set_value(panel->brush, panel->lens->brush_mm);
    hp_lens_marked(panel->lens);
}

static void brush_slid_cb(HpContourPanel *panel)
{
    panel->lens->brush_mm = gtk_range_get_value(panel->brush);
    show_brush(panel);
}

// By a sixth of itself, so that a step is felt at every size.
static void brush_cb(GSimpleAction *action, GVariant *by, gpointer data)
{
    (void)action;
    HpContourPanel *panel = data;
    const double factor = pow(7.0 / 6, g_variant_get_double(by));
    panel->lens->brush_mm = CLAMP(panel->lens->brush_mm * factor, 1, 40);
    show_brush(panel);
}

// ---- the panel ---------------------------------------------------------------------------------

static void changed_cb(HpContourPanel *panel, guint change)
{
    if (change & HP_CHANGE_PLAN) {
        rest(panel);
        flash_band(panel);
    }
    if (change & (HP_CHANGE_PLAN | HP_CHANGE_IMAGE))
        show_seeds(panel);
    if (change & (HP_CHANGE_PLAN | HP_CHANGE_IMAGE | HP_CHANGE_PREVIEW)) {
        show_contour(panel);
        show_evolution(panel);
    }
}

// Which seed tool one returns to.
static void chosen_cb(HpContourPanel *panel)
{
    const HpTool *tool = panel->lens->tool;
    if (tool == NULL || hp_nodes_tool_goes_with(tool))
        panel->lens->home = tool != NULL ? tool->kind->name : "none";
}

// Tools that draw seeds are at hand while the stage is in sight.
static void map_cb(HpContourPanel *panel)
{
    panel->lens->shows_seeds = true;
    hp_nodes_tool_set_shown(panel->nodes, true);
    hp_painting_tool_set_shown(panel->painting, true);
    hp_lens_choose_tool(panel->lens, "freehand");
    hp_lens_changed(panel->lens);
}

static bool is_measure(const HpTool *tool)
{
    return tool != NULL && tool->kind->is_always;
}

static void unmap_cb(HpContourPanel *panel)
{
    rest(panel);
    hp_nodes_tool_set_shown(panel->nodes, false);
    hp_painting_tool_set_shown(panel->painting, false);
    if (!is_measure(panel->lens->tool))
        hp_lens_choose_tool(panel->lens, "none");
    panel->lens->home = "none";
    panel->lens->shows_seeds = false;
    hp_lens_changed(panel->lens);
}

static void add_tools(HpContourPanel *panel)
{
    HpDocument *document = panel->document;
    HpLens *lens = panel->lens;
    panel->painting = hp_painting_tool_new(document, lens);
    panel->nodes = hp_nodes_tool_new(document, lens);
    hp_lens_add_tool(lens, panel->painting);
    for (int kind = 0; kind < HP_STROKE_KIND_COUNT; kind++)
        hp_lens_add_tool(lens, hp_brush_tool_new(document, lens, kind));
    hp_lens_add_tool(lens, panel->nodes);
    hp_lens_add_tool(lens, hp_freehand_tool_new(document, lens));
    hp_lens_add_tool(lens, hp_polygon_tool_new(document, lens));
    hp_lens_add_tool(lens, hp_round_tool_new(document, lens));
    hp_lens_add_tool(lens, hp_click_tool_new(document, lens));
}

// The symbol of a parameter, and what its two directions do, as the slider runs.
static void add_values(HpContourPanel *panel)
{
    static const struct {
        HpParameterId id;
        const char *symbol, *words;
    } values[] = {
        {HP_PARAM_ALPHA, "α", N_("length: looser ↔ shorter")},
        {HP_PARAM_BETA, "β", N_("bending: sharper ↔ rounder")},
        {HP_PARAM_KAPPA, "κ", N_("balloon: shrink ↔ grow")},
        {HP_PARAM_SIGMA, "σ", N_("data smoothing")},
    };
    gtk_box_append(panel->threshold, hp_histogram_view_new(panel->document));
    for (size_t at = 0; at < G_N_ELEMENTS(values); at++) {
        GtkWidget *row = hp_value_row_new(panel->document, values[at].id);
        hp_value_row_set_words(HP_VALUE_ROW(row), values[at].symbol, _(values[at].words));
        gtk_box_append(panel->contour_values, row);
    }
}

static void show_organ(HpContourPanel *panel)
{
    const HpSegments segments = hp_segments_default();
    const HpSegment *liver = hp_segments_find(&segments, HP_LABEL_LIVER);
    g_autofree char *name = g_markup_escape_text(_("Liver"), -1);
    g_autofree char *markup =
        g_strdup_printf("<span color=\"#%02x%02x%02x\">●  %s</span>", liver->colour[0],
                        liver->colour[1], liver->colour[2], name);
    gtk_label_set_markup(panel->organ, markup);
}

GtkWidget *hp_contour_panel_new(HpDocument *document, HpLens *lens, GActionMap *actions)
{
    static const GActionEntry entries[] = {
        {.name = "take-organ", .activate = take_cb},
        {.name = "clear-seeds", .activate = clear_seeds_cb},
        {.name = "clear-strokes", .activate = clear_strokes_cb},
        {.name = "play", .activate = play_or_pause_cb},
        {.name = "step-evolution", .activate = step_cb},
        {.name = "brush", .activate = brush_cb, .parameter_type = "d"},
    };
    HpContourPanel *panel = g_object_new(HP_TYPE_CONTOUR_PANEL, NULL);
    panel->document = g_object_ref(document);
    panel->lens = g_object_ref(lens);
    panel->actions = actions;
    panel->thresholds[0] = panel->thresholds[1] = NAN;
    g_action_map_add_action_entries(actions, entries, G_N_ELEMENTS(entries), panel);
    add_tools(panel);
    add_values(panel);
    show_organ(panel);
    show_brush(panel);
    g_signal_connect_swapped(panel->brush, "value-changed", G_CALLBACK(brush_slid_cb), panel);
    g_signal_connect(panel, "map", G_CALLBACK(map_cb), NULL);
    g_signal_connect(panel, "unmap", G_CALLBACK(unmap_cb), NULL);
    g_signal_connect_object(lens, "chosen", G_CALLBACK(chosen_cb), panel, G_CONNECT_SWAPPED);
    g_signal_connect_object(lens, "changed", G_CALLBACK(show_contour), panel, G_CONNECT_SWAPPED);
    g_signal_connect_object(document, "changed", G_CALLBACK(changed_cb), panel, G_CONNECT_SWAPPED);
    changed_cb(panel, HP_CHANGE_PLAN);
    return GTK_WIDGET(panel);
}

static void hp_contour_panel_dispose(GObject *object)
{
    HpContourPanel *self = (HpContourPanel *)object;
    g_clear_handle_id(&self->flash, g_source_remove);
    g_clear_object(&self->document);
    g_clear_object(&self->lens);
    G_OBJECT_CLASS(hp_contour_panel_parent_class)->dispose(object);
}

static void hp_contour_panel_class_init(HpContourPanelClass *klass)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(klass);
    G_OBJECT_CLASS(klass)->dispose = hp_contour_panel_dispose;
    gtk_widget_class_set_template_from_resource(widget_class,
                                                "/org/hepatica/Hepatica/contour_panel.ui");
#define CHILD(name) gtk_widget_class_bind_template_child(widget_class, HpContourPanel, name)
    CHILD(organ);
    CHILD(seed_words);
    CHILD(clear_seeds);
    CHILD(threshold);
    CHILD(contour_values);
    CHILD(contour_words);
    CHILD(brush);
    CHILD(brush_words);
    CHILD(clear_strokes);
    CHILD(play_button);
    CHILD(evolution_words);
#undef CHILD
}

static void hp_contour_panel_init(HpContourPanel *self)
{
    gtk_widget_init_template(GTK_WIDGET(self));
}
