// SPDX-License-Identifier: Apache-2.0
// The volume's histogram with the threshold band on it: two handles to drag, or to move by arrow keys.
#include "app/histogram_view.h"

#include "case/preparation.h"
#include "core/segment.h"

#include <glib/gi18n.h>
#include <math.h>

enum { LOW, HIGH, ENDS };

#define HANDLE 7.0      // radius of a handle, pixels
#define SOFT_LOW -200.0 // soft tissue, where the organ's band lies
#define SOFT_HIGH 400.0
#define LEAST_WIDTH 60.0 // HU, of what is shown
#define SMOOTH_HU 3.0    // evens out what counting every n-th voxel leaves

struct _HpHistogramView {
    GtkBox parent_instance;
    HpDocument *document;
    HpHistogram *histogram; // of the document's volume; NULL: not counted yet
    double shown_hu[2];     // at the left and right edge
    int dragged;            // LOW or HIGH; ENDS: neither
    bool is_moving;         // the pointer has gone far enough to mean it
    double value_at_press;
    bool is_showing; // the plan is being shown; nothing a person did
    GtkDrawingArea *area;
    // The handles for keys and assistive technology: scales that are not seen, for what is drawn is
    // drawn by the area.
    GtkScale *end[ENDS];
    GtkLabel *band_words;
    GtkWidget *reset;
    GtkToggleButton *range;
};

G_DEFINE_FINAL_TYPE(HpHistogramView, hp_histogram_view, GTK_TYPE_BOX)

static const HpParameterId ids[ENDS] = {HP_PARAM_THRESHOLD_LOW, HP_PARAM_THRESHOLD_HIGH};

// ---- values ------------------------------------------------------------------------------------

static bool is_automatic(const HpHistogramView *view, int end)
{
    return isnan(hp_document_get_plan(view->document)->params.value[ids[end]]);
}

static double value_of(const HpHistogramView *view, int end)
{
    return is_automatic(view, end) ? hp_document_get_automatic(view->document, ids[end])
                                   : hp_document_get_plan(view->document)->params.value[ids[end]];
}

// False before a seed has told anything: the range's end then stands for "no limit".
static bool is_known(const HpHistogramView *view, int end)
{
    const HpParameter *parameter = hp_parameter_get(ids[end]);
    return value_of(view, end) != (end == LOW ? parameter->low : parameter->high);
}

static double x_of(const HpHistogramView *view, double hu)
{
    const double width = gtk_widget_get_width(GTK_WIDGET(view->area)) - 2 * HANDLE;
    const double share = (hu - view->shown_hu[LOW]) / (view->shown_hu[HIGH] - view->shown_hu[LOW]);
    return HANDLE + width * CLAMP(share, 0, 1);
}

static double hu_per_pixel(const HpHistogramView *view)
{
    const double width = gtk_widget_get_width(GTK_WIDGET(view->area)) - 2 * HANDLE;
    return (view->shown_hu[HIGH] - view->shown_hu[LOW]) / MAX(width, 1);
}

static void set(HpHistogramView *view, int end, double hu)
{
    const HpParameter *parameter = hp_parameter_get(ids[end]);
    const double other = value_of(view, 1 - end);
    const double whole = round(hu / parameter->step) * parameter->step;
    // The ends may touch, not cross.
    hp_document_set_value(view->document, ids[end],
                          end == LOW
                              ? CLAMP(whole, parameter->low, MAX(other - 1, parameter->low))
                              : CLAMP(whole, MIN(other + 1, parameter->high), parameter->high));
}

static void reset(HpHistogramView *view)
{
    if (is_automatic(view, LOW) && is_automatic(view, HIGH))
        return;
    HpPlan *plan = hp_plan_copy(hp_document_get_plan(view->document));
    for (int end = 0; end < ENDS; end++)
        plan->params.value[ids[end]] = NAN;
    hp_document_push(view->document, plan, N_("Threshold from the seed"), 0);
}

// ---- what is shown -----------------------------------------------------------------------------

// Soft tissue where the volume has any; else (another modality) nearly all of its values.
static void show_soft(HpHistogramView *view)
{
    const HpHistogram *histogram = view->histogram;
    view->shown_hu[LOW] = SOFT_LOW;
    view->shown_hu[HIGH] = SOFT_HIGH;
    if (histogram == NULL || histogram->total == 0)
        return;
    double soft = 0;
    for (int bin = 0; bin < histogram->bins; bin++) {
        const double hu = histogram->low + bin;
        if (hu >= SOFT_LOW && hu <= SOFT_HIGH)
            soft += histogram->weight[bin];
    }
    if (soft < 0.02 * histogram->total) {
        view->shown_hu[LOW] = hp_histogram_quantile(histogram, 0.01);
        view->shown_hu[HIGH] =
            MAX(hp_histogram_quantile(histogram, 0.995), view->shown_hu[LOW] + LEAST_WIDTH);
    }
}

static void show_all(HpHistogramView *view)
{
    view->shown_hu[LOW] = hp_histogram_quantile(view->histogram, 0.0001);
    view->shown_hu[HIGH] =
        MAX(hp_histogram_quantile(view->histogram, 0.9999), view->shown_hu[LOW] + LEAST_WIDTH);
}

// Counted when first looked at.
static bool count(HpHistogramView *view)
{
    const HpVolume *volume = hp_document_get_volume(view->document);
    if (view->histogram != NULL || volume == NULL)
        return view->histogram != NULL;
    view->histogram = hp_preparation_histogram(volume);
    hp_histogram_smooth(view->histogram, SMOOTH_HU);
    show_soft(view);
    return true;
}

static void range_cb(HpHistogramView *view)
{
    if (!count(view))
        return;
    if (gtk_toggle_button_get_active(view->range))
        show_all(view);
    else
        show_soft(view);
    gtk_widget_queue_draw(GTK_WIDGET(view->area));
}

static char *dup_band_words(const HpHistogramView *view)
{
    const bool is_from_data = is_automatic(view, LOW) && is_automatic(view, HIGH);
    if (is_from_data && !(is_known(view, LOW) && is_known(view, HIGH)))
        return g_strdup(_("from the seed"));
    char low[16], high[16];
    const double values[ENDS] = {value_of(view, LOW), value_of(view, HIGH)};
    char *const words[ENDS] = {low, high};
    for (int end = 0; end < ENDS; end++)
        g_snprintf(words[end], sizeof low, "%s%.0f", values[end] <= -0.5 ? "−" : "",
                   fabs(values[end]));
    return is_from_data ? g_strdup_printf(_("%s – %s HU, from the seed"), low, high)
                        : g_strdup_printf(_("%s – %s HU"), low, high);
}

static void show(HpHistogramView *view)
{
    g_autofree char *words = dup_band_words(view);
    view->is_showing = true;
    for (int end = 0; end < ENDS; end++)
        gtk_range_set_value(GTK_RANGE(view->end[end]), value_of(view, end));
    view->is_showing = false;
    gtk_label_set_text(view->band_words, words);
    const bool is_from_data = is_automatic(view, LOW) && is_automatic(view, HIGH);
    gtk_widget_set_visible(view->reset, !is_from_data);
    if (is_from_data)
        gtk_widget_add_css_class(GTK_WIDGET(view->band_words), "dim-label");
    else
        gtk_widget_remove_css_class(GTK_WIDGET(view->band_words), "dim-label");
    gtk_widget_queue_draw(GTK_WIDGET(view->area));
}

static void changed_cb(HpHistogramView *view, guint change)
{
    if (change & HP_CHANGE_IMAGE)
        g_clear_pointer(&view->histogram, hp_histogram_free);
    if (change & (HP_CHANGE_IMAGE | HP_CHANGE_PLAN | HP_CHANGE_RESULT))
        show(view);
}

// ---- drawing -----------------------------------------------------------------------------------

// The height (not yet scaled) over each column: roots, so that small organs are seen beside fat.
static double *dup_heights(const HpHistogramView *view, int columns)
{
    const HpHistogram *histogram = view->histogram;
    double *height = g_new0(double, columns);
    const double step = (view->shown_hu[HIGH] - view->shown_hu[LOW]) / columns;
    for (int column = 0; column < columns; column++) {
        const double from = view->shown_hu[LOW] + column * step - histogram->low;
        double sum = 0;
        const int first = (int)floor(from), last = MAX(first + 1, (int)ceil(from + step));
        for (int bin = MAX(first, 0); bin < MIN(last, histogram->bins); bin++)
            sum += histogram->weight[bin];
        height[column] = sqrt(sum / (last - first));
    }
    return height;
}

static int compare_heights(const void *a, const void *b)
{
    const double one = *(const double *)a, other = *(const double *)b;
    return one < other ? -1 : one > other;
}

// Nearly the highest: the ends of a CT that was cut to a window tower over everything.
static double top_of(const double *height, int columns)
{
    g_autofree double *sorted = g_memdup2(height, sizeof *height * columns);
    qsort(sorted, columns, sizeof *sorted, compare_heights);
    return MAX(1.08 * sorted[(int)(0.97 * (columns - 1))], 1e-9);
}

static void trace(cairo_t *cairo, const double *height, int columns, double top, double base)
{
    cairo_move_to(cairo, HANDLE, base);
    for (int column = 0; column < columns; column++)
        cairo_line_to(cairo, HANDLE + column + 0.5,
                      base - (base - 4) * MIN(height[column] / top, 1));
    cairo_line_to(cairo, HANDLE + columns, base);
    cairo_close_path(cairo);
}

static void draw_curve(const HpHistogramView *view, cairo_t *cairo, int columns, double base,
                       const GdkRGBA *ink)
{
    g_autofree double *height = dup_heights(view, columns);
    cairo_save(cairo);
    trace(cairo, height, columns, top_of(height, columns), base);
    cairo_set_source_rgba(cairo, ink->red, ink->green, ink->blue, 0.38);
    cairo_fill(cairo);
    cairo_restore(cairo);
}

static void draw_label(const HpHistogramView *view, cairo_t *cairo, double hu, double x,
                       bool is_end, const GdkRGBA *ink)
{
    g_autofree char *words =
        g_strdup_printf("<small>%s%.0f</small>", hu <= -0.5 ? "−" : "", fabs(hu));
    g_autoptr(PangoLayout) layout = gtk_widget_create_pango_layout(GTK_WIDGET(view->area), NULL);
    int width, height;
    pango_layout_set_markup(layout, words, -1);
    pango_layout_get_pixel_size(layout, &width, &height);
    cairo_set_source_rgba(cairo, ink->red, ink->green, ink->blue, 0.55);
    cairo_move_to(cairo, is_end ? x - width : x, 3);
    pango_cairo_show_layout(cairo, layout);
}

static void draw_band(const HpHistogramView *view, cairo_t *cairo, double base)
{
    const HpSegments segments = hp_segments_default();
    const uint8_t *colour = hp_segments_find(&segments, HP_LABEL_LIVER)->colour;
    const double red = colour[0] / 255.0, green = colour[1] / 255.0, blue = colour[2] / 255.0;
    const double dashes[] = {3, 3};
    const double x[ENDS] = {x_of(view, value_of(view, LOW)), x_of(view, value_of(view, HIGH))};
    cairo_set_source_rgba(cairo, red, green, blue, 0.24);
    cairo_rectangle(cairo, x[LOW], 0, x[HIGH] - x[LOW], base);
    cairo_fill(cairo);
    for (int end = 0; end < ENDS; end++) {
        const bool is_set = !is_automatic(view, end);
        cairo_set_source_rgb(cairo, red, green, blue);
        cairo_set_line_width(cairo, is_set ? 2 : 1.5);
        cairo_set_dash(cairo, dashes, is_set ? 0 : 2, 0);
        cairo_move_to(cairo, x[end], 0);
        cairo_line_to(cairo, x[end], base - (is_set ? 0 : HANDLE - 2));
        cairo_stroke(cairo);
    }
}

// Filled where a person set it, a ring where it comes from the data.
static void draw_handle(const HpHistogramView *view, cairo_t *cairo, int end, double base,
                        const GdkRGBA *ink)
{
    GtkStyleContext *style = gtk_widget_get_style_context(GTK_WIDGET(view->area));
    const double x = x_of(view, value_of(view, end));
    GdkRGBA accent = {0.2, 0.5, 0.9, 1}, ground = {0.16, 0.16, 0.18, 1};
    gtk_style_context_lookup_color(style, "accent_color", &accent);
    gtk_style_context_lookup_color(style, "window_bg_color", &ground);
    cairo_new_path(cairo); // text leaves a point behind
    cairo_set_dash(cairo, NULL, 0, 0);
    if (gtk_widget_has_visible_focus(GTK_WIDGET(view->end[end]))) {
        cairo_arc(cairo, x, base, HANDLE + 2.5, 0, 2 * G_PI);
        gdk_cairo_set_source_rgba(cairo, &accent);
        cairo_set_line_width(cairo, 2);
        cairo_stroke(cairo);
    }
    cairo_arc(cairo, x, base, HANDLE - 1, 0, 2 * G_PI);
    if (is_automatic(view, end)) {
        gdk_cairo_set_source_rgba(cairo, &ground);
        cairo_fill_preserve(cairo);
        gdk_cairo_set_source_rgba(cairo, ink);
        cairo_set_line_width(cairo, 2);
    } else {
        cairo_set_source_rgb(cairo, 0.98, 0.98, 0.98);
        cairo_fill_preserve(cairo);
        cairo_set_source_rgba(cairo, 0, 0, 0, 0.4);
        cairo_set_line_width(cairo, 1);
    }
    cairo_stroke(cairo);
}

static void draw_cb(GtkDrawingArea *area, cairo_t *cairo, int width, int height, gpointer data)
{
    HpHistogramView *view = data;
    GtkStyleContext *style = gtk_widget_get_style_context(GTK_WIDGET(area));
    const double base = height - HANDLE - 3;
    GdkRGBA ink;
    gtk_style_context_get_color(style, &ink);
    cairo_set_source_rgba(cairo, ink.red, ink.green, ink.blue, 0.06);
    cairo_rectangle(cairo, 0, 0, width, base);
    cairo_fill(cairo);
    if (!count(view) || width <= 4 * HANDLE)
        return;
    draw_curve(view, cairo, (int)(width - 2 * HANDLE), base, &ink);
    if (is_known(view, LOW) || is_known(view, HIGH))
        draw_band(view, cairo, base);
    draw_label(view, cairo, view->shown_hu[LOW], 5, false, &ink);
    draw_label(view, cairo, view->shown_hu[HIGH], width - 5, true, &ink);
    for (int end = 0; end < ENDS; end++)
        draw_handle(view, cairo, end, base, &ink);
}

// ---- the hand ----------------------------------------------------------------------------------

// The end that a press at `x` takes: the nearer one, of two in one place the one it lies beyond.
static int end_at(const HpHistogramView *view, double x)
{
    const double low = x_of(view, value_of(view, LOW)), high = x_of(view, value_of(view, HIGH));
    return x - low < high - x ? LOW : HIGH;
}

static void drag_begin_cb(GtkGestureDrag *drag, double x, double y, HpHistogramView *view)
{
    (void)drag, (void)y;
    view->is_moving = false;
    view->dragged = count(view) ? end_at(view, x) : ENDS;
    if (view->dragged == ENDS)
        return;
    view->value_at_press =
        CLAMP(value_of(view, view->dragged), view->shown_hu[LOW], view->shown_hu[HIGH]);
    gtk_widget_grab_focus(GTK_WIDGET(view->end[view->dragged]));
}

static void drag_update_cb(GtkGestureDrag *drag, double dx, double dy, HpHistogramView *view)
{
    (void)drag, (void)dy;
    view->is_moving |= fabs(dx) > 3;
    if (view->dragged != ENDS && view->is_moving)
        set(view, view->dragged, view->value_at_press + dx * hu_per_pixel(view));
}

static void drag_end_cb(GtkGestureDrag *drag, double dx, double dy, HpHistogramView *view)
{
    (void)drag, (void)dx, (void)dy;
    hp_document_seal(view->document);
}

static void pressed_cb(GtkGestureClick *click, int presses, double x, double y,
                       HpHistogramView *view)
{
    (void)click, (void)x, (void)y;
    if (presses == 2)
        reset(view);
}

// Ctrl+wheel zooms to the pointer, as on the slices; the plain wheel is left to the panel.
static gboolean scroll_cb(GtkEventControllerScroll *scroll, double dx, double dy,
                          HpHistogramView *view)
{
    (void)dx;
    GtkEventController *controller = GTK_EVENT_CONTROLLER(scroll);
    double x = 0, y = 0;
    GdkEvent *event = gtk_event_controller_get_current_event(controller);
    if (!(gtk_event_controller_get_current_event_state(controller) & GDK_CONTROL_MASK) ||
        !count(view))
        return FALSE;
    gdk_event_get_position(event, &x, &y);
    GtkWidget *root = GTK_WIDGET(gtk_widget_get_root(GTK_WIDGET(view)));
    double left = 0, top = 0;
    gtk_widget_translate_coordinates(root, GTK_WIDGET(view->area), x, y, &left, &top);
    const double centre = view->shown_hu[LOW] + (left - HANDLE) * hu_per_pixel(view);
    double factor = pow(1.2, dy);
    const double width = view->shown_hu[HIGH] - view->shown_hu[LOW];
    factor = CLAMP(factor, LEAST_WIDTH / width, 4096 / width);
    for (int end = 0; end < ENDS; end++)
        view->shown_hu[end] = CLAMP(centre + factor * (view->shown_hu[end] - centre),
                                    view->histogram->low, view->histogram->high);
    gtk_widget_queue_draw(GTK_WIDGET(view->area));
    return TRUE;
}

static void scale_cb(HpHistogramView *view, GtkRange *range)
{
    if (!view->is_showing)
        set(view, range == GTK_RANGE(view->end[LOW]) ? LOW : HIGH, gtk_range_get_value(range));
    // What was refused is shown as it is.
    if (!view->is_showing)
        show(view);
}

static void set_up_end(HpHistogramView *view, int end)
{
    const HpParameter *parameter = hp_parameter_get(ids[end]);
    GtkRange *range = GTK_RANGE(view->end[end]);
    gtk_range_set_range(range, parameter->low, parameter->high);
    gtk_range_set_increments(range, parameter->step, 10 * parameter->step);
    gtk_accessible_update_property(GTK_ACCESSIBLE(range), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                   _(parameter->label), -1);
    g_signal_connect_swapped(range, "value-changed", G_CALLBACK(scale_cb), view);
    g_signal_connect_swapped(range, "state-flags-changed", G_CALLBACK(gtk_widget_queue_draw),
                             view->area);
}

GtkWidget *hp_histogram_view_new(HpDocument *document)
{
    HpHistogramView *view = g_object_new(HP_TYPE_HISTOGRAM_VIEW, NULL);
    view->document = g_object_ref(document);
    g_signal_connect_object(document, "changed", G_CALLBACK(changed_cb), view, G_CONNECT_SWAPPED);
    for (int end = 0; end < ENDS; end++)
        set_up_end(view, end);
    show(view);
    return GTK_WIDGET(view);
}

static void hp_histogram_view_dispose(GObject *object)
{
    HpHistogramView *view = HP_HISTOGRAM_VIEW(object);
    g_clear_object(&view->document);
    g_clear_pointer(&view->histogram, hp_histogram_free);
    G_OBJECT_CLASS(hp_histogram_view_parent_class)->dispose(object);
}

static void hp_histogram_view_class_init(HpHistogramViewClass *klass)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(klass);
    G_OBJECT_CLASS(klass)->dispose = hp_histogram_view_dispose;
    gtk_widget_class_set_template_from_resource(widget_class,
                                                "/org/hepatica/Hepatica/histogram_view.ui");
    gtk_widget_class_bind_template_child(widget_class, HpHistogramView, area);
    gtk_widget_class_bind_template_child(widget_class, HpHistogramView, band_words);
    gtk_widget_class_bind_template_child(widget_class, HpHistogramView, reset);
    gtk_widget_class_bind_template_child(widget_class, HpHistogramView, range);
    gtk_widget_class_bind_template_child_full(widget_class, "low", FALSE,
                                              G_STRUCT_OFFSET(HpHistogramView, end[LOW]));
    gtk_widget_class_bind_template_child_full(widget_class, "high", FALSE,
                                              G_STRUCT_OFFSET(HpHistogramView, end[HIGH]));
}

static void hp_histogram_view_init(HpHistogramView *view)
{
    view->dragged = ENDS;
    view->shown_hu[LOW] = SOFT_LOW;
    view->shown_hu[HIGH] = SOFT_HIGH;
    gtk_widget_init_template(GTK_WIDGET(view));
    gtk_drawing_area_set_draw_func(view->area, draw_cb, view, NULL);
    g_signal_connect_swapped(view->reset, "clicked", G_CALLBACK(reset), view);
    g_signal_connect_swapped(view->range, "toggled", G_CALLBACK(range_cb), view);
    GtkGesture *drag = gtk_gesture_drag_new();
    g_signal_connect(drag, "drag-begin", G_CALLBACK(drag_begin_cb), view);
    g_signal_connect(drag, "drag-update", G_CALLBACK(drag_update_cb), view);
    g_signal_connect(drag, "drag-end", G_CALLBACK(drag_end_cb), view);
    gtk_widget_add_controller(GTK_WIDGET(view->area), GTK_EVENT_CONTROLLER(drag));
    GtkGesture *click = gtk_gesture_click_new();
    g_signal_connect(click, "pressed", G_CALLBACK(pressed_cb), view);
    gtk_widget_add_controller(GTK_WIDGET(view->area), GTK_EVENT_CONTROLLER(click));
    GtkEventController *scroll =
        gtk_event_controller_scroll_new(GTK_EVENT_CONTROLLER_SCROLL_VERTICAL);
    g_signal_connect(scroll, "scroll", G_CALLBACK(scroll_cb), view);
    gtk_widget_add_controller(GTK_WIDGET(view->area), scroll);
    gtk_widget_set_cursor_from_name(GTK_WIDGET(view->area), "ew-resize");
}
