// SPDX-License-Identifier: Apache-2.0
// Grabs contours where they are seen: a seed by its nodes, and what the method found, which so becomes
// a seed.
#include "app/tools/nodes.h"

#include "app/tools/ink.h"
#include "case/reshape.h"
#include "view/palette.h"

#include <math.h>
#include <string.h>

#define LINE_PX 5.0  // from a line that still grab it
#define BEGIN_PX 3.0 // of a drag before it counts: less is a click
#define PULL_MM 30.0 // of a line that follow a pull, each way

typedef enum { GRIP_NONE, GRIP_NODE, GRIP_LINE, GRIP_FOUND, GRIP_WHOLE } GripKind;

// What is grabbed, or would be.
typedef struct {
    GripKind kind;
    const HpContour *contour; // borrowed: for one call
    int handle;               // of GRIP_NODE: which of the handles
    int after;                // of a line: the point before the place
    double place_mm[3];
} Grip;

typedef struct {
    HpTool tool;
    bool is_shown;
    // Under the pointer.
    GripKind lit;
    int lit_handle;
    double lit_mm[3];
    HpPlane plane; // of the slice that the handles and the pointer are on
    int slice;
    // The drag.
    GripKind grip;
    HpContour *original; // as it was at the press
    double pressed[2], pressed_mm[3];
    int point; // of the original that is pulled
    double before_mm, after_mm;
    bool is_dragging, is_refused;
    // Handles of the seed they were made for; kept while its points are as many, so that a drag or an undo
    // does not shift them.
    GArray *handles;
    HpPlane handles_plane;
    int handles_slice, handles_count;
    bool is_picked; // the seed of (plane, slice) was clicked: Delete means it
} Nodes;

bool hp_nodes_tool_goes_with(const HpTool *chosen)
{
    static const char *const seed_tools[] = {"freehand", "polygon", "circle", "click", NULL};
    return g_strv_contains(seed_tools, chosen->kind->name);
}

static bool is_at_hand(const Nodes *self)
{
    const HpTool *chosen = self->tool.lens->tool;
    return self->is_shown && (chosen == NULL || hp_nodes_tool_goes_with(chosen));
}

static int seed_on(const Nodes *self, HpPlane plane, int slice)
{
    const GPtrArray *seeds = hp_document_get_plan(self->tool.document)->seeds;
    for (guint at = 0; at < seeds->len; at++) {
        const HpContour *seed = seeds->pdata[at];
        if (seed->plane == plane && seed->slice == slice)
            return (int)at;
    }
    return -1;
}

static const HpContour *seed_of(const Nodes *self, const HpToolEvent *event)
{
    const int at = seed_on(self, event->frame.plane, event->frame.slice);
    return at < 0 ? NULL : hp_document_get_plan(self->tool.document)->seeds->pdata[at];
}

static const GArray *handles_of(Nodes *self, const HpContour *seed)
{
    if (self->handles == NULL || self->handles_plane != seed->plane ||
        self->handles_slice != seed->slice || self->handles_count != seed->count) {
        g_clear_pointer(&self->handles, g_array_unref);
        self->handles = hp_reshape_handles(seed);
        self->handles_plane = seed->plane;
        self->handles_slice = seed->slice;
        self->handles_count = seed->count;
    }
    return self->handles;
}

static int handle_at(const GArray *handles, int which)
{
    const int count = (int)handles->len;
    return g_array_index(handles, int, (which % count + count) % count);
}

static int nearest_handle(Nodes *self, const HpToolEvent *event, const HpContour *seed)
{
    const GArray *handles = handles_of(self, seed);
    int nearest = -1;
    double least = HP_INK_REACH;
    for (guint at = 0; at < handles->len; at++) {
        double x, y;
        hp_slice_frame_from_mm(&event->frame, event->grid, seed->mm[handle_at(handles, (int)at)],
                               &x, &y);
        const double distance = hypot(event->x - x, event->y - y);
        if (distance <= least) {
            least = distance;
            nearest = (int)at;
        }
    }
    return nearest;
}

// Takes `contour` into the grip if the pointer is on its line.
static bool take_line(const HpToolEvent *event, const HpContour *contour, GripKind kind, Grip *grip)
{
    int after;
    double place_mm[3];
    if (hp_reshape_nearest(contour, event->mm, &after, place_mm) * event->frame.pixels_per_mm >
        LINE_PX)
        return false;
    *grip = (Grip){.kind = kind, .contour = contour, .handle = -1, .after = after};
    memcpy(grip->place_mm, place_mm, sizeof place_mm);
    return true;
}

static bool take_found(const HpToolEvent *event, const GPtrArray *contours, Grip *grip)
{
    for (guint at = 0; contours != NULL && at < contours->len; at++) {
        const HpContour *contour = contours->pdata[at];
        if (contour->plane == event->frame.plane && contour->slice == event->frame.slice &&
            contour->count > 2 && take_line(event, contour, GRIP_FOUND, grip))
            return true;
    }
    return false;
}

// What a press here would grab: nodes before lines, seeds before what was found.
static Grip find(Nodes *self, const HpToolEvent *event)
{
    Grip grip = {.kind = GRIP_NONE, .handle = -1};
    const HpContour *seed = seed_of(self, event);
    if (!is_at_hand(self))
        return grip;
    if (seed != NULL && event->keys & GDK_CONTROL_MASK &&
        hp_reshape_contains(seed, event->grid, event->mm))
        return (Grip){.kind = GRIP_WHOLE, .contour = seed, .handle = -1};
    const int handle = seed != NULL ? nearest_handle(self, event, seed) : -1;
    if (handle >= 0) {
        grip = (Grip){.kind = GRIP_NODE, .contour = seed, .handle = handle};
        memcpy(grip.place_mm, seed->mm[handle_at(self->handles, handle)], sizeof grip.place_mm);
        return grip;
    }
    if (seed != NULL && take_line(event, seed, GRIP_LINE, &grip))
        return grip;
    if (!take_found(event, hp_document_get_previews(self->tool.document), &grip) &&
        self->tool.lens->shows_contours)
        take_found(event, hp_document_get_contours(self->tool.document), &grip);
    return grip;
}

// A seed shaped to the end of a drag, which nothing joins any more; an organ that there is follows.
static void settle(Nodes *self)
{
    hp_document_seal(self->tool.document);
    if (hp_document_get_mask(self->tool.document) != NULL)
        hp_document_pursue(self->tool.document, HP_GOAL_ORGAN);
}

// One finished edit that leaves the seed with other points; takes both, the contour and its handles.
static void shape_for_good(Nodes *self, HpContour *seed, GArray *handles)
{
    const int count = seed->count;
    hp_document_seal(self->tool.document);
    hp_document_shape_seed(self->tool.document, seed);
    if (hp_document_get_error(self->tool.document) != NULL) { // it is shown; nothing has changed
        g_array_unref(handles);
        return;
    }
    g_array_unref(self->handles);
    self->handles = handles;
    self->handles_count = count;
    settle(self);
}

// A new handle where the line was double-clicked.
static void add_node(Nodes *self, const Grip *grip)
{
    const int place = grip->after + 1;
    g_autoptr(GArray) handles = g_array_copy((GArray *)handles_of(self, grip->contour));
    guint before = 0;
    for (guint at = 0; at < handles->len; at++) {
        int *handle = &g_array_index(handles, int, at);
        before += *handle < place;
        *handle += *handle >= place;
    }
    g_array_insert_val(handles, before, place);
    shape_for_good(self, hp_reshape_insert(grip->contour, grip->after, grip->place_mm),
                   g_steal_pointer(&handles));
}

static void remove_node(Nodes *self, const HpContour *seed, int which)
{
    const GArray *old = handles_of(self, seed);
    if (old->len <= 3)
        return;
    const int from = handle_at(old, which - 1), to = handle_at(old, which + 1);
    HpContour *flat = hp_reshape_flatten(seed, from, to);
    // It begins at `to`; the handles after it come in their order.
    GArray *handles = g_array_new(FALSE, FALSE, sizeof(int));
    for (guint at = 1; at < old->len; at++) {
        const int index = (handle_at(old, which + (int)at) - to + seed->count) % seed->count;
        g_array_append_val(handles, index);
    }
    shape_for_good(self, flat, handles);
}

static void begin(Nodes *self, const HpToolEvent *event, const Grip *grip)
{
    const HpContour *contour = grip->contour;
    const bool is_node = grip->kind == GRIP_NODE;
    const GArray *handles = is_node ? handles_of(self, contour) : NULL;
    self->grip = grip->kind;
    self->is_dragging = self->is_refused = false;
    self->before_mm = self->after_mm = PULL_MM;
    self->pressed[0] = event->x;
    self->pressed[1] = event->y;
    // What is pulled stays under the pointer as it was grabbed.
    memcpy(self->pressed_mm, event->mm, sizeof self->pressed_mm);
    hp_contour_free(self->original);
    if (is_node) {
        self->original = hp_contour_copy(contour);
        self->point = handle_at(handles, grip->handle);
        self->before_mm =
            hp_reshape_length_mm(contour, handle_at(handles, grip->handle - 1), self->point);
        self->after_mm =
            hp_reshape_length_mm(contour, self->point, handle_at(handles, grip->handle + 1));
    } else if (grip->kind == GRIP_WHOLE) {
        self->original = hp_contour_copy(contour);
    } else {
        self->original = hp_reshape_insert(contour, grip->after, grip->place_mm);
        self->point = grip->after + 1;
    }
}

static bool press_cb(HpTool *tool, const HpToolEvent *event)
{
    Nodes *self = (Nodes *)tool;
    const Grip grip = find(self, event);
    self->is_picked = grip.kind == GRIP_NODE || grip.kind == GRIP_LINE || grip.kind == GRIP_WHOLE;
    self->plane = event->frame.plane;
    self->slice = event->frame.slice;
    hp_tool_redraw(tool);
    if (grip.kind == GRIP_NONE)
        return false;
    if (grip.kind == GRIP_LINE && event->presses == 2) {
        self->grip = GRIP_NONE;
        add_node(self, &grip);
        return true;
    }
    hp_document_seal(tool->document);
    begin(self, event, &grip);
    return true;
}

static void drag_cb(HpTool *tool, const HpToolEvent *event)
{
    Nodes *self = (Nodes *)tool;
    if (self->grip == GRIP_NONE)
        return;
    self->is_dragging |= hypot(event->x - self->pressed[0], event->y - self->pressed[1]) > BEGIN_PX;
    if (!self->is_dragging)
        return;
    double by_mm[3];
    for (int axis = 0; axis < 3; axis++) {
        by_mm[axis] = event->mm[axis] - self->pressed_mm[axis];
        self->lit_mm[axis] = self->grip == GRIP_WHOLE
                                 ? event->mm[axis]
                                 : self->original->mm[self->point][axis] + by_mm[axis];
    }
    hp_document_shape_seed(tool->document, self->grip == GRIP_WHOLE
                                               ? hp_reshape_move(self->original, by_mm)
                                               : hp_reshape_pull(self->original, self->point, by_mm,
                                                                 self->before_mm, self->after_mm));
    // A shape that is no seed (it crosses itself, say) is not taken; the line shows where it stayed.
    self->is_refused = hp_document_get_error(tool->document) != NULL;
    if (self->is_refused)
        hp_document_dismiss_error(tool->document);
    hp_tool_redraw(tool);
}

static void end(Nodes *self)
{
    const bool was_dragging = self->is_dragging;
    self->grip = self->lit = GRIP_NONE;
    self->is_dragging = self->is_refused = false;
    g_clear_pointer(&self->original, hp_contour_free);
    if (was_dragging)
        settle(self);
    hp_tool_redraw(&self->tool);
}

static void release_cb(HpTool *tool, const HpToolEvent *event)
{
    Nodes *self = (Nodes *)tool;
    if (!self->is_dragging &&
        self->grip == GRIP_FOUND) // a click there means the place, not the line
        hp_lens_set_cross(tool->lens, event->mm);
    end(self);
}

static void cancel_cb(HpTool *tool)
{
    end((Nodes *)tool);
}

static const char *motion_cb(HpTool *tool, const HpToolEvent *event)
{
    Nodes *self = (Nodes *)tool;
    const Grip grip = find(self, event);
    const bool has_changed = grip.kind != self->lit || grip.handle != self->lit_handle ||
                             grip.kind == GRIP_LINE || grip.kind == GRIP_FOUND;
    if (grip.kind != GRIP_NONE || self->lit != GRIP_NONE) {
        self->plane = event->frame.plane;
        self->slice = event->frame.slice;
    }
    self->lit = grip.kind;
    self->lit_handle = grip.handle;
    memcpy(self->lit_mm, grip.place_mm, sizeof self->lit_mm);
    if (has_changed)
        hp_tool_redraw(tool);
    return grip.kind == GRIP_NONE ? NULL : grip.kind == GRIP_WHOLE ? "move" : "grab";
}

static bool key_cb(HpTool *tool, const HpToolEvent *event, guint key)
{
    Nodes *self = (Nodes *)tool;
    const HpContour *seed = seed_of(self, event);
    if ((key != GDK_KEY_Delete && key != GDK_KEY_BackSpace) || seed == NULL || !is_at_hand(self) ||
        self->grip != GRIP_NONE)
        return false;
    // What the pointer lit may lie in another pane than the one that has the keys.
    const bool is_here = self->plane == event->frame.plane && self->slice == event->frame.slice;
    if (is_here && self->lit == GRIP_NODE)
        remove_node(self, seed, self->lit_handle);
    else if (is_here && self->is_picked)
        hp_document_remove_seed(tool->document,
                                (guint)seed_on(self, event->frame.plane, event->frame.slice));
    else
        return false;
    self->lit = GRIP_NONE;
    hp_tool_redraw(tool);
    return true;
}

static void draw_cb(HpTool *tool, const HpToolEvent *slice, cairo_t *cairo)
{
    static const uint8_t refused[3] = {255, 80, 70};
    Nodes *self = (Nodes *)tool;
    double x, y;
    if (!is_at_hand(self))
        return;
    const bool is_here = self->plane == slice->frame.plane && self->slice == slice->frame.slice;
    const HpContour *seed = seed_of(self, slice);
    const GArray *handles = seed != NULL ? handles_of(self, seed) : NULL;
    if (seed != NULL && is_here && self->is_picked) {
        hp_ink_trace(slice, seed, cairo);
        hp_ink_stroke(cairo, hp_palette_seed, 1.5);
    }
    for (guint at = 0; handles != NULL && at < handles->len; at++) {
        hp_slice_frame_from_mm(&slice->frame, slice->grid, seed->mm[handle_at(handles, (int)at)],
                               &x, &y);
        hp_ink_node(cairo, x, y, hp_palette_seed,
                    is_here && self->lit == GRIP_NODE && self->lit_handle == (int)at);
    }
    const bool is_on_line = self->lit == GRIP_LINE || self->lit == GRIP_FOUND;
    if (is_here && (is_on_line || (self->is_dragging && self->grip != GRIP_WHOLE))) {
        hp_slice_frame_from_mm(&slice->frame, slice->grid, self->lit_mm, &x, &y);
        hp_ink_node(cairo, x, y, self->is_refused ? refused : hp_palette_seed, true);
    }
}

static void free_cb(HpTool *tool)
{
    Nodes *self = (Nodes *)tool;
    hp_contour_free(self->original);
    g_clear_pointer(&self->handles, g_array_unref);
}

HpTool *hp_nodes_tool_new(HpDocument *document, HpLens *lens)
{
    static const HpToolKind kind = {.is_always = true, HP_TOOL_EVERY_CB};
    Nodes *self = hp_tool_new(&kind, sizeof *self, document, lens);
    return &self->tool;
}

void hp_nodes_tool_set_shown(HpTool *tool, bool is_shown)
{
    ((Nodes *)tool)->is_shown = is_shown;
    hp_tool_redraw(tool);
}
