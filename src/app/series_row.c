// SPDX-License-Identifier: Apache-2.0
// One series in a list to choose from: a picture, its facts, what speaks for it and against it.
#include "app/series_row.h"

#include "app/remark_row.h"
#include "app/series_words.h"
#include "app/slice_surface.h"
#include "case/peek.h"

#include <glib/gi18n.h>

#define ZOOM 1.3 // a body fills about three quarters of what a scanner pictures

struct _HpSeriesRow {
    GtkListBoxRow parent_instance;
    HpSeries *series;
    HpVolume *slice; // NULL: not read yet
    GCancellable *reading;
    cairo_surface_t *picture; // of the slice, at device resolution; NULL: to be made
    GtkDrawingArea *area;
    GtkLabel *title, *line, *reason, *open_words;
    GtkBox *remarks;
};

G_DEFINE_FINAL_TYPE(HpSeriesRow, hp_series_row, GTK_TYPE_LIST_BOX_ROW)

// The plane whose slices are those of the series.
static HpPlane plane_of(const HpGrid *grid)
{
    HpPlane plane = HP_PLANE_AXIAL;
    while (hp_grid_axis(grid, plane) != 2)
        plane++;
    return plane;
}

static void draw_cb(GtkDrawingArea *area, cairo_t *cairo, int width, int height, gpointer data)
{
    HpSeriesRow *row = data;
    const int scale = gtk_widget_get_scale_factor(GTK_WIDGET(area));
    cairo_set_source_rgb(cairo, 0, 0, 0);
    cairo_paint(cairo);
    if (row->slice == NULL)
        return;
    if (row->picture == NULL) {
        HpSliceView view = hp_slice_view_default(row->slice, plane_of(&row->slice->grid));
        view.slice = 0;
        view.zoom = ZOOM;
        view.letters = view.scale_bar = view.title = false;
        row->picture = hp_slice_surface_new(&view, width * scale, height * scale);
    }
    hp_slice_surface_draw(row->picture, cairo, scale);
}

static void read_cb(GObject *source, GAsyncResult *result, gpointer data)
{
    (void)source;
    g_autoptr(GError) error = NULL;
    HpVolume *slice = hp_peek_finish(result, &error);
    // Cancelled, the row is gone. A slice that cannot be read stays black: choosing says why.
    if (slice == NULL)
        return;
    HpSeriesRow *row = data;
    row->slice = slice;
    gtk_widget_queue_draw(GTK_WIDGET(row->area));
}

static void show_remarks(HpSeriesRow *row, bool is_anonymous)
{
    g_autoptr(GPtrArray) remarks = hp_series_words_remarks(row->series, is_anonymous);
    for (guint at = 0; at < remarks->len; at++)
        gtk_box_append(row->remarks, hp_remark_row_new(remarks->pdata[at]));
    gtk_widget_set_visible(GTK_WIDGET(row->remarks), remarks->len > 0);
}

GtkWidget *hp_series_row_new(GPtrArray *found, int position, bool is_suggested, bool is_open,
                             bool is_anonymous)
{
    HpSeriesRow *row = g_object_new(HP_TYPE_SERIES_ROW, NULL);
    row->series = hp_series_ref(found->pdata[position]);
    g_autofree char *title = hp_series_words_title(row->series, position + 1, is_anonymous);
    g_autofree char *line = hp_series_words_line(row->series, is_anonymous);
    g_autofree char *reason = hp_series_words_reason(found, position);
    gtk_label_set_text(row->title, title);
    gtk_label_set_text(row->line, line);
    gtk_label_set_text(row->reason, reason);
    gtk_widget_set_visible(GTK_WIDGET(row->reason), is_suggested);
    gtk_widget_set_visible(GTK_WIDGET(row->open_words), is_open);
    show_remarks(row, is_anonymous);
    gtk_accessible_update_property(GTK_ACCESSIBLE(row), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
    hp_peek_async(row->series, row->reading, read_cb, row);
    return GTK_WIDGET(row);
}

HpSeries *hp_series_row_get_series(const HpSeriesRow *row)
{
    return row->series;
}

static void hp_series_row_dispose(GObject *object)
{
    HpSeriesRow *row = HP_SERIES_ROW(object);
    g_cancellable_cancel(row->reading);
    G_OBJECT_CLASS(hp_series_row_parent_class)->dispose(object);
}

static void hp_series_row_finalize(GObject *object)
{
    HpSeriesRow *row = HP_SERIES_ROW(object);
    g_object_unref(row->reading);
    g_clear_pointer(&row->series, hp_series_unref);
    g_clear_pointer(&row->slice, hp_volume_unref);
    g_clear_pointer(&row->picture, cairo_surface_destroy);
    G_OBJECT_CLASS(hp_series_row_parent_class)->finalize(object);
}

static void hp_series_row_class_init(HpSeriesRowClass *klass)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(klass);
    G_OBJECT_CLASS(klass)->dispose = hp_series_row_dispose;
    G_OBJECT_CLASS(klass)->finalize = hp_series_row_finalize;
    gtk_widget_class_set_template_from_resource(widget_class,
                                                "/org/hepatica/Hepatica/series_row.ui");
    gtk_widget_class_bind_template_child(widget_class, HpSeriesRow, area);
    gtk_widget_class_bind_template_child(widget_class, HpSeriesRow, title);
    gtk_widget_class_bind_template_child(widget_class, HpSeriesRow, line);
    gtk_widget_class_bind_template_child(widget_class, HpSeriesRow, reason);
    gtk_widget_class_bind_template_child(widget_class, HpSeriesRow, open_words);
    gtk_widget_class_bind_template_child(widget_class, HpSeriesRow, remarks);
}

static void hp_series_row_init(HpSeriesRow *row)
{
    gtk_widget_init_template(GTK_WIDGET(row));
    row->reading = g_cancellable_new();
    gtk_drawing_area_set_draw_func(row->area, draw_cb, row, NULL);
}
