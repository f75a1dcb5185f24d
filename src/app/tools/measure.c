// SPDX-License-Identifier: Apache-2.0
// Measures on a slice: a length along a ruler, and the HU in a circle.
#include "app/tools/measure.h"

#include "app/tools/ink.h"
#include "case/region.h"
#include "view/palette.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

// A ruler from end to end, or a circle from its middle to its rim.
typedef struct {
    HpPlane plane;
    int slice;
    double mm[2][3];
    HpRegion region; // of a circle
} Mark;

typedef struct {
    HpTool tool;
    bool is_round;
    GArray *marks;  // of Mark
    gulong changed; // handler of the document's signal
    int held, lit;  // index of a mark; -1: none
    int end;        // of the one that is held: 0 or 1; of a circle, 0 moves it as a whole
} Measure;

#define LEAST_PX 3.0 // a shorter measure is a slip of the hand

static Mark *mark_at(const Measure *self, int at)
{
    return &g_array_index(self->marks, Mark, at);
}

static double length_of(const Mark *mark)
{
    return hypot(hypot(mark->mm[1][0] - mark->mm[0][0], mark->mm[1][1] - mark->mm[0][1]),
                 mark->mm[1][2] - mark->mm[0][2]);
}

static bool is_on(const Mark *mark, const HpToolEvent *event)
{
    return mark->plane == event->frame.plane && mark->slice == event->frame.slice;
}

static void place(const Mark *mark, const HpToolEvent *event, double xy[2][2])
{
    for (int end = 0; end < 2; end++)
        hp_slice_frame_from_mm(&event->frame, event->grid, mark->mm[end], &xy[end][0], &xy[end][1]);
}

// The mark and end under the pointer; -1 where there is none.
static int find(const Measure *self, const HpToolEvent *event, int *end)
{
    for (int at = (int)self->marks->len - 1; at >= 0; at--) {
        const Mark *mark = mark_at(self, at);
        double xy[2][2];
        if (!is_on(mark, event))
            continue;
        place(mark, event, xy);
        const double first = hypot(event->x - xy[0][0], event->y - xy[0][1]);
        const double second = hypot(event->x - xy[1][0], event->y - xy[1][1]);
        const double rim = fabs(first - length_of(mark) * event->frame.pixels_per_mm);
        *end = first <= HP_INK_REACH ? 0 : 1;
        if (first <= HP_INK_REACH || second <= HP_INK_REACH ||
            (self->is_round && rim <= HP_INK_REACH / 2))
            return at;
    }
    return -1;
}

static void measure(Measure *self, Mark *mark)
{
    const HpVolume *volume = hp_document_get_volume(self->tool.document);
    if (self->is_round && volume != NULL)
        mark->region =
            hp_region_measure(volume, mark->plane, mark->slice, mark->mm[0], length_of(mark));
}

static bool press_cb(HpTool *tool, const HpToolEvent *event)
{
    Measure *self = (Measure *)tool;
    self->held = find(self, event, &self->end);
    if (self->held < 0 && hp_tool_is_chosen(tool)) {
        Mark mark = {.plane = event->frame.plane, .slice = event->frame.slice};
        memcpy(mark.mm[0], event->mm, sizeof mark.mm[0]);
        memcpy(mark.mm[1], event->mm, sizeof mark.mm[1]);
        g_array_append_val(self->marks, mark);
        self->held = (int)self->marks->len - 1;
        self->end = 1;
    }
    self->lit = self->held;
    hp_tool_redraw(tool);
    return self->held >= 0;
}

static void drag_cb(HpTool *tool, const HpToolEvent *event)
{
    Measure *self = (Measure *)tool;
    if (self->held < 0)
        return;
    Mark *mark = mark_at(self, self->held);
    for (int axis = 0; axis < 3; axis++) {
        if (self->is_round && self->end == 0)
            mark->mm[1][axis] += event->mm[axis] - mark->mm[0][axis];
        mark->mm[self->end][axis] = event->mm[axis];
    }
    measure(self, mark);
    hp_tool_redraw(tool);
}

static void erase(Measure *self, int at)
{
    g_array_remove_index(self->marks, (guint)at);
    self->held = self->lit = -1;
    hp_tool_redraw(&self->tool);
}

static void release_cb(HpTool *tool, const HpToolEvent *event)
{
    Measure *self = (Measure *)tool;
    if (self->held >= 0 &&
        length_of(mark_at(self, self->held)) * event->frame.pixels_per_mm < LEAST_PX)
        erase(self, self->held);
    self->held = -1;
    hp_tool_redraw(tool);
}

static void cancel_cb(HpTool *tool)
{
    ((Measure *)tool)->held = -1;
    hp_tool_redraw(tool);
}

static const char *motion_cb(HpTool *tool, const HpToolEvent *event)
{
    Measure *self = (Measure *)tool;
    int end;
    const int lit = find(self, event, &end);
    if (lit != self->lit) {
        self->lit = lit;
        hp_tool_redraw(tool);
    }
    return lit >= 0 ? "grab" : NULL;
}

static bool key_cb(HpTool *tool, const HpToolEvent *event, guint key)
{
    Measure *self = (Measure *)tool;
    if ((key != GDK_KEY_Delete && key != GDK_KEY_BackSpace) || self->lit < 0 ||
        !is_on(mark_at(self, self->lit), event))
        return false;
    erase(self, self->lit);
    return true;
}

static char *dup_words(const Measure *self, const Mark *mark)
{
    const HpRegion *region = &mark->region;
    if (!self->is_round)
        return g_strdup_printf(_("%.1f mm"), length_of(mark));
    if (region->voxels == 0)
        return g_strdup(_("No voxel"));
    // Translators: mean and standard deviation, least and largest value, voxels and area.
    return g_strdup_printf(_("%.1f ± %.1f HU\n%d … %d HU\n%d voxels, %.2f cm²"), region->mean_hu,
                           isnan(region->deviation_hu) ? 0 : region->deviation_hu, region->low_hu,
                           region->high_hu, region->voxels, region->area_mm2 / 100);
}

static void draw_mark(const Measure *self, const Mark *mark, bool is_lit, const HpToolEvent *slice,
                      cairo_t *cairo)
{
    double xy[2][2];
    g_autofree char *words = dup_words(self, mark);
    place(mark, slice, xy);
    cairo_new_path(cairo);
    if (self->is_round)
        cairo_arc(cairo, xy[0][0], xy[0][1], length_of(mark) * slice->frame.pixels_per_mm, 0,
                  2 * G_PI);
    else {
        cairo_move_to(cairo, xy[0][0], xy[0][1]);
        cairo_line_to(cairo, xy[1][0], xy[1][1]);
    }
    hp_ink_stroke(cairo, hp_palette_measure, 1.5);
    for (int end = 0; end < 2; end++)
        if (!self->is_round || is_lit)
            hp_ink_node(cairo, xy[end][0], xy[end][1], hp_palette_measure, is_lit);
    const double right =
        self->is_round ? xy[0][0] + length_of(mark) * slice->frame.pixels_per_mm * 0.71 : xy[1][0];
    const double below =
        self->is_round ? xy[0][1] + length_of(mark) * slice->frame.pixels_per_mm * 0.71 : xy[1][1];
    hp_ink_words(slice, cairo, right + 8, below + 4, hp_palette_measure, words);
}

static void draw_cb(HpTool *tool, const HpToolEvent *slice, cairo_t *cairo)
{
    const Measure *self = (Measure *)tool;
    for (int at = 0; at < (int)self->marks->len; at++)
        if (is_on(mark_at(self, at), slice))
            draw_mark(self, mark_at(self, at), at == self->lit, slice, cairo);
}

static char *tell_cb(HpTool *tool, HpPlane plane, int slice)
{
    const Measure *self = (Measure *)tool;
    GString *told = g_string_new(NULL);
    for (int at = 0; at < (int)self->marks->len; at++) {
        const Mark *mark = mark_at(self, at);
        if (mark->plane != plane || mark->slice != slice)
            continue;
        g_autofree char *words = dup_words(self, mark);
        g_string_append_printf(told, "%s%s", told->len > 0 ? ". " : "",
                               g_strdelimit(words, "\n", ','));
    }
    if (told->len == 0) {
        g_string_free(told, TRUE);
        return NULL;
    }
    g_autofree char *all = g_string_free(told, FALSE);
    return g_strdup_printf(self->is_round ? _("HU in a circle: %s") : _("Ruler: %s"), all);
}

void hp_measure_tool_clear(HpTool *tool)
{
    Measure *self = (Measure *)tool;
    g_array_set_size(self->marks, 0);
    self->held = self->lit = -1;
    hp_tool_redraw(tool);
}

bool hp_measure_tool_is_empty(const HpTool *tool)
{
    return ((const Measure *)tool)->marks->len == 0;
}

static void changed_cb(HpTool *tool, guint change)
{
    if (change & HP_CHANGE_IMAGE)
        hp_measure_tool_clear(tool);
}

static void free_cb(HpTool *tool)
{
    Measure *self = (Measure *)tool;
    g_signal_handler_disconnect(tool->document, self->changed);
    g_array_unref(self->marks);
}

static HpTool *measure_new(const HpToolKind *kind, bool is_round, HpDocument *document,
                           HpLens *lens)
{
    Measure *self = hp_tool_new(kind, sizeof *self, document, lens);
    self->is_round = is_round;
    self->marks = g_array_new(FALSE, FALSE, sizeof(Mark));
    self->held = self->lit = -1;
    self->changed = g_signal_connect_swapped(document, "changed", G_CALLBACK(changed_cb), self);
    return &self->tool;
}

#define KIND(NAME)                                                                                 \
    {                                                                                              \
        .name = NAME, .cursor = "crosshair", .is_always = true, .press_cb = press_cb,              \
        .drag_cb = drag_cb, .release_cb = release_cb, .cancel_cb = cancel_cb,                      \
        .motion_cb = motion_cb, .key_cb = key_cb, .draw_cb = draw_cb, .tell_cb = tell_cb,          \
        .free_cb = free_cb                                                                         \
    }

HpTool *hp_ruler_tool_new(HpDocument *document, HpLens *lens)
{
    static const HpToolKind kind = KIND("ruler");
    return measure_new(&kind, false, document, lens);
}

HpTool *hp_region_tool_new(HpDocument *document, HpLens *lens)
{
    static const HpToolKind kind = KIND("region");
    return measure_new(&kind, true, document, lens);
}
