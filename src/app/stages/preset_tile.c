// SPDX-License-Identifier: Apache-2.0
// A button that shows what a preset makes of the CT.
#include "app/stages/preset_tile.h"

#include "app/slice_surface.h"

// Shown across: small enough that a blur of 1 mm is seen on so small a picture.
#define WIDTH_MM 140.0

enum { WIDTH = 82, HEIGHT = 58 };

struct _HpPresetTile {
    GtkToggleButton parent_instance;
    GtkDrawingArea *area;
    GtkLabel *words;
    HpSample sample;          // `prepared` is NULL while there is none
    cairo_surface_t *picture; // of it, at device resolution; NULL: to be made
};

G_DEFINE_FINAL_TYPE(HpPresetTile, hp_preset_tile, GTK_TYPE_TOGGLE_BUTTON)

// Brings the middle of the sample to the middle of a picture that is WIDTH_MM across.
static void aim(const HpSample *sample, HpSliceView *view, int width, int height)
{
    double x, y;
    HpSliceFrame frame = hp_slice_view_frame(view, width, height);
    view->zoom = width / WIDTH_MM / frame.pixels_per_mm;
    frame = hp_slice_view_frame(view, width, height);
    hp_slice_frame_from_mm(&frame, &view->volume->grid, sample->mm, &x, &y);
    view->pan_mm[0] = (width / 2.0 - x) / frame.pixels_per_mm;
    view->pan_mm[1] = (height / 2.0 - y) / frame.pixels_per_mm;
}

static cairo_surface_t *compose(const HpSample *sample, int width, int height)
{
    HpSliceView view = hp_slice_view_default(sample->volume, HP_PLANE_AXIAL);
    view.slice = sample->slice;
    view.prepared = sample->prepared;
    view.low_hu = sample->low_hu;
    view.high_hu = sample->high_hu;
    view.letters = view.scale_bar = view.title = false;
    aim(sample, &view, width, height);
    return hp_slice_surface_new(&view, width, height);
}

static void draw_cb(GtkDrawingArea *area, cairo_t *cairo, int width, int height, gpointer data)
{
    HpPresetTile *tile = data;
    const int scale = gtk_widget_get_scale_factor(GTK_WIDGET(area));
    cairo_set_source_rgb(cairo, 0, 0, 0);
    cairo_paint(cairo);
    if (tile->sample.prepared == NULL)
        return;
    if (tile->picture != NULL && (cairo_image_surface_get_width(tile->picture) != width * scale ||
                                  cairo_image_surface_get_height(tile->picture) != height * scale))
        g_clear_pointer(&tile->picture, cairo_surface_destroy);
    if (tile->picture == NULL)
        tile->picture = compose(&tile->sample, width * scale, height * scale);
    hp_slice_surface_draw(tile->picture, cairo, scale);
}

static void forget(HpPresetTile *tile)
{
    g_clear_pointer(&tile->picture, cairo_surface_destroy);
    g_clear_pointer(&tile->sample.volume, hp_volume_unref);
    g_clear_pointer(&tile->sample.prepared, hp_volume_unref);
}

void hp_preset_tile_show(HpPresetTile *tile, const HpSample *sample)
{
    if (sample == NULL) {
        forget(tile);
    } else {
        HpSample next = *sample;
        hp_volume_ref(next.volume);
        hp_volume_ref(next.prepared);
        forget(tile);
        tile->sample = next;
    }
    gtk_widget_queue_draw(GTK_WIDGET(tile->area));
}

HpPresetTile *hp_preset_tile_new(const char *words, const char *name)
{
    HpPresetTile *tile = g_object_new(HP_TYPE_PRESET_TILE, "tooltip-text", name, NULL);
    gtk_label_set_text(tile->words, words);
    gtk_accessible_update_property(GTK_ACCESSIBLE(tile), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
    return tile;
}

static void hp_preset_tile_finalize(GObject *object)
{
    forget(HP_PRESET_TILE(object));
    G_OBJECT_CLASS(hp_preset_tile_parent_class)->finalize(object);
}

static void hp_preset_tile_class_init(HpPresetTileClass *klass)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(klass);
    G_OBJECT_CLASS(klass)->finalize = hp_preset_tile_finalize;
    gtk_widget_class_set_template_from_resource(widget_class,
                                                "/org/hepatica/Hepatica/preset_tile.ui");
    gtk_widget_class_bind_template_child(widget_class, HpPresetTile, area);
    gtk_widget_class_bind_template_child(widget_class, HpPresetTile, words);
}

static void hp_preset_tile_init(HpPresetTile *tile)
{
    gtk_widget_init_template(GTK_WIDGET(tile));
    gtk_drawing_area_set_content_width(tile->area, WIDTH);
    gtk_drawing_area_set_content_height(tile->area, HEIGHT);
    gtk_drawing_area_set_draw_func(tile->area, draw_cb, tile, NULL);
}
