// SPDX-License-Identifier: Apache-2.0
// How the case is looked at: what all panes share, so that they move together.
#include "app/lens.h"

#include "app/tools/tool.h"

#include <math.h>

G_DEFINE_FINAL_TYPE(HpLens, hp_lens, G_TYPE_OBJECT)

static guint changed_signal, marked_signal, chosen_signal;

HpLens *hp_lens_new(void)
{
    return g_object_new(HP_TYPE_LENS, NULL);
}

void hp_lens_changed(HpLens *lens)
{
    g_signal_emit(lens, changed_signal, 0);
}

void hp_lens_set_grid(HpLens *lens, const HpGrid *grid)
{
    const double middle[3] = {(grid->size[0] - 1) / 2.0, (grid->size[1] - 1) / 2.0,
                              (grid->size[2] - 1) / 2.0};
    lens->grid = *grid;
    lens->zoom = 1;
    hp_grid_to_mm(grid, middle, lens->cross_mm);
    hp_lens_changed(lens);
}

void hp_lens_set_cross(HpLens *lens, const double mm[3])
{
    double ijk[3];
    hp_grid_to_ijk(&lens->grid, mm, ijk);
    for (int axis = 0; axis < 3; axis++)
        ijk[axis] = CLAMP(ijk[axis], 0, MAX(lens->grid.size[axis] - 1, 0));
    hp_grid_to_mm(&lens->grid, ijk, lens->cross_mm);
    hp_lens_changed(lens);
}

int hp_lens_get_slice(const HpLens *lens, HpPlane plane)
{
    double ijk[3];
    const int axis = hp_grid_axis(&lens->grid, plane);
    hp_grid_to_ijk(&lens->grid, lens->cross_mm, ijk);
    return CLAMP((int)lround(ijk[axis]), 0, lens->grid.size[axis] - 1);
}

void hp_lens_scroll(HpLens *lens, HpPlane plane, int slices)
{
    double ijk[3], mm[3];
    const int axis = hp_grid_axis(&lens->grid, plane);
    hp_grid_to_ijk(&lens->grid, lens->cross_mm, ijk);
    ijk[axis] = hp_lens_get_slice(lens, plane) + slices;
    hp_grid_to_mm(&lens->grid, ijk, mm);
    hp_lens_set_cross(lens, mm);
}

void hp_lens_set_window(HpLens *lens, double low_hu, double high_hu)
{
    lens->low_hu = CLAMP(low_hu, -2048, 4095);
    lens->high_hu = MAX(CLAMP(high_hu, -2048, 4095), lens->low_hu + 1);
    hp_lens_changed(lens);
}

void hp_lens_set_prepared(HpLens *lens, HpPrepared *prepared)
{
    if (g_set_object(&lens->prepared, prepared))
        hp_lens_changed(lens);
}

void hp_lens_add_tool(HpLens *lens, HpTool *tool)
{
    g_ptr_array_add(lens->tools, tool);
}

void hp_lens_choose_tool(HpLens *lens, const char *name)
{
    HpTool *chosen = NULL;
    for (guint at = 0; at < lens->tools->len; at++) {
        HpTool *tool = lens->tools->pdata[at];
        if (g_strcmp0(tool->kind->name, name) == 0)
            chosen = tool;
    }
    if (chosen == lens->tool)
        return;
    if (lens->tool != NULL && lens->tool->kind->cancel_cb != NULL)
        lens->tool->kind->cancel_cb(lens->tool);
    lens->tool = chosen;
    g_signal_emit(lens, chosen_signal, 0);
    hp_lens_marked(lens);
}

void hp_lens_marked(HpLens *lens)
{
    g_signal_emit(lens, marked_signal, 0);
}

static void hp_lens_dispose(GObject *object)
{
    HpLens *lens = HP_LENS(object);
    g_clear_object(&lens->prepared);
    lens->tool = NULL;
    g_ptr_array_set_size(lens->tools, 0);
    G_OBJECT_CLASS(hp_lens_parent_class)->dispose(object);
}

static void hp_lens_finalize(GObject *object)
{
    g_ptr_array_unref(HP_LENS(object)->tools);
    G_OBJECT_CLASS(hp_lens_parent_class)->finalize(object);
}

static guint new_signal(const char *name)
{
    return g_signal_new(name, HP_TYPE_LENS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void hp_lens_class_init(HpLensClass *klass)
{
    G_OBJECT_CLASS(klass)->dispose = hp_lens_dispose;
    G_OBJECT_CLASS(klass)->finalize = hp_lens_finalize;
    changed_signal = new_signal("changed");
    marked_signal = new_signal("marked");
    chosen_signal = new_signal("chosen");
}

static void hp_lens_init(HpLens *lens)
{
    lens->low_hu = HP_LENS_LOW_HU;
    lens->high_hu = HP_LENS_HIGH_HU;
    lens->zoom = 1;
    lens->opacity = 0.25;
    lens->shows_cross = true;
    lens->shows_contours = lens->shows_mask = lens->shows_outline = true;
    lens->brush_mm = 6;
    lens->home = "none";
    lens->tools = g_ptr_array_new_with_free_func((GDestroyNotify)hp_tool_free);
}
