// SPDX-License-Identifier: Apache-2.0
// What the pointer does in the slice panes: one tool for each way to draw, to grab or to measure.
#include "app/tools/tool.h"

#include <math.h>

gpointer hp_tool_new(const HpToolKind *kind, gsize size, HpDocument *document, HpLens *lens)
{
    HpTool *tool = g_malloc0(size);
    tool->kind = kind;
    tool->document = g_object_ref(document);
    tool->lens = lens;
    return tool;
}

void hp_tool_free(HpTool *tool)
{
    if (tool->kind->free_cb != NULL)
        tool->kind->free_cb(tool);
    g_object_unref(tool->document);
    g_free(tool);
}

bool hp_tool_is_chosen(const HpTool *tool)
{
    return tool->lens->tool == tool;
}

void hp_tool_redraw(HpTool *tool)
{
    hp_lens_marked(tool->lens);
}

bool hp_tool_place(const HpToolEvent *event, const double mm[3], double *x, double *y)
{
    double ijk[3];
    hp_grid_to_ijk(event->grid, mm, ijk);
    hp_slice_frame_from_mm(&event->frame, event->grid, mm, x, y);
    return fabs(ijk[hp_grid_axis(event->grid, event->frame.plane)] - event->frame.slice) <= 0.5;
}

// The next tool that is asked, from `*at` on; NULL after the last.
static HpTool *next(const HpLens *lens, guint *at)
{
    while (*at < lens->tools->len) {
        HpTool *tool = lens->tools->pdata[(*at)++];
        if (tool->kind->is_always || hp_tool_is_chosen(tool))
            return tool;
    }
    return NULL;
}

HpTool *hp_tools_press(HpLens *lens, const HpToolEvent *event)
{
    HpTool *tool;
    for (guint at = 0; (tool = next(lens, &at)) != NULL;)
        if (tool->kind->press_cb != NULL && tool->kind->press_cb(tool, event))
            return tool;
    return NULL;
}

const char *hp_tools_motion(HpLens *lens, const HpToolEvent *event)
{
    HpTool *tool;
    const char *cursor = NULL;
    // Each learns of it, so that what the pointer has left can lose its light.
    for (guint at = 0; (tool = next(lens, &at)) != NULL;) {
        const char *its = tool->kind->motion_cb != NULL ? tool->kind->motion_cb(tool, event) : NULL;
        if (its == NULL && hp_tool_is_chosen(tool))
            its = tool->kind->cursor;
        cursor = cursor != NULL ? cursor : its;
    }
    return cursor;
}

bool hp_tools_key(HpLens *lens, const HpToolEvent *event, guint key)
{
    HpTool *tool;
    for (guint at = 0; (tool = next(lens, &at)) != NULL;)
        if (tool->kind->key_cb != NULL && tool->kind->key_cb(tool, event, key))
            return true;
    return false;
}

char *hp_tools_tell(HpLens *lens, HpPlane plane, int slice)
{
    HpTool *tool;
    GString *words = g_string_new(NULL);
    for (guint at = 0; (tool = next(lens, &at)) != NULL;) {
        g_autofree char *its =
            tool->kind->tell_cb != NULL ? tool->kind->tell_cb(tool, plane, slice) : NULL;
        if (its != NULL)
            g_string_append_printf(words, ". %s", its);
    }
    return g_string_free(words, FALSE);
}

void hp_tools_draw(HpLens *lens, const HpToolEvent *slice, cairo_t *cairo)
{
    HpTool *tool;
    for (guint at = 0; (tool = next(lens, &at)) != NULL;)
        if (tool->kind->draw_cb != NULL) {
            cairo_save(cairo);
            tool->kind->draw_cb(tool, slice, cairo);
            cairo_restore(cairo);
        }
}
