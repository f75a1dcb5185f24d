// SPDX-License-Identifier: Apache-2.0
// The trim planes on the slices: lines that are dragged and turned, and what they cut off in shade.
#include "app/tools/trim.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

typedef enum { GRAB_NONE, GRAB_MOVE, GRAB_TURN } Grab;

typedef struct {
    HpTool tool;
    bool is_active;
    HpMask *mask;        // whose middle is known; a reference
    double middle_mm[3]; // of it
    int chosen;
    int near; // the plane under the pointer; -1: none
    Grab grab;
    HpCut at_press;
    double press_mm[3];
    double pivot_mm[3]; // on the slice, about which it turns
    double angle;       // of the pointer about the pivot at the press
} Trim;

#define REACH_PX 7.0   // from a line or a handle within which it is grabbed
#define HANDLE_PX 6.0  // radius
#define TURN_PX 74.0   // from the middle handle to those that turn
#define LEAST_SINE 0.1 // flatter a plane lies to the slice, and it has no line to grab there

static const double colour[3] = {1, 0.82, 0.3};

// The line in which a plane meets a slice, in logical pixels.
typedef struct {
    double along[2], across[2]; // unit; `across` leads to the side cut off
    double middle[2];           // the point of the line nearest to the organ
    double sine;                // of the angle between plane and slice
    double height_px;           // of the pane's corner above the line, along `across`
    double u[3], v[3];          // mm that the pane's x and y run along, unit
} Line;

static int count(const Trim *self)
{
    return (int)hp_document_get_plan(self->tool.document)->trims->len;
}

static HpCut cut_at(const Trim *self, int index)
{
    return g_array_index(hp_document_get_plan(self->tool.document)->trims, HpCut, index);
}

static double dot(const double a[3], const double b[3])
{
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

// The middle of the organ before it was cut; of the volume if there is none. Borrowed.
static const double *organ_middle(Trim *self, const HpGrid *grid)
{
    int lo[3] = {0, 0, 0}, hi[3] = {grid->size[0], grid->size[1], grid->size[2]};
    HpMask *mask = hp_document_get_mask(self->tool.document);
    if (mask != NULL && mask == self->mask)
        return self->middle_mm;
    hp_mask_unref(self->mask);
    self->mask = mask != NULL ? hp_mask_ref(mask) : NULL;
    if (mask != NULL)
        hp_mask_bounds(mask, 0, lo, hi);
    const double ijk[3] = {(lo[0] + hi[0] - 1) / 2.0, (lo[1] + hi[1] - 1) / 2.0,
                           (lo[2] + hi[2] - 1) / 2.0};
    hp_grid_to_mm(grid, ijk, self->middle_mm);
    return self->middle_mm;
}

// False if the plane is too flat to the slice to have a line there.
static bool find_line(Trim *self, const HpCut *cut, const HpToolEvent *slice, Line *line)
{
    double corner[3], right[3], below[3], x, y;
    hp_slice_frame_to_mm(&slice->frame, slice->grid, 0, 0, corner);
    hp_slice_frame_to_mm(&slice->frame, slice->grid, 1, 0, right);
    hp_slice_frame_to_mm(&slice->frame, slice->grid, 0, 1, below);
    for (int axis = 0; axis < 3; axis++) {
        line->u[axis] = (right[axis] - corner[axis]) * slice->frame.pixels_per_mm;
        line->v[axis] = (below[axis] - corner[axis]) * slice->frame.pixels_per_mm;
    }
    const double a = dot(cut->normal, line->u), b = dot(cut->normal, line->v);
    const double height_mm = dot(cut->normal, corner) - cut->d_mm;
    line->sine = hypot(a, b);
    if (line->sine < LEAST_SINE)
        return false;
    line->across[0] = a / line->sine;
    line->across[1] = b / line->sine;
    line->along[0] = -line->across[1];
    line->along[1] = line->across[0];
    line->height_px = height_mm / line->sine * slice->frame.pixels_per_mm;
    hp_slice_frame_from_mm(&slice->frame, slice->grid, organ_middle(self, slice->grid), &x, &y);
    // Handles stay within the pane, however far off the organ is panned.
    const double margin = TURN_PX + 2 * HANDLE_PX;
    const double width = gtk_widget_get_width(slice->pane);
    const double height = gtk_widget_get_height(slice->pane);
    x = CLAMP(x, MIN(margin, width / 2), MAX(width - margin, width / 2));
    y = CLAMP(y, MIN(margin, height / 2), MAX(height - margin, height / 2));
    const double above = line->height_px + line->across[0] * x + line->across[1] * y;
    line->middle[0] = x - above * line->across[0];
    line->middle[1] = y - above * line->across[1];
    return true;
}

static double height_of(const Line *line, double x, double y)
{
    return line->height_px + line->across[0] * x + line->across[1] * y;
}

static double from_handle(const Line *line, double along_px, double x, double y)
{
    return hypot(x - line->middle[0] - along_px * line->along[0],
                 y - line->middle[1] - along_px * line->along[1]);
}

// What of a plane lies under the pointer.
static Grab find_grab(const Line *line, double x, double y)
{
    if (from_handle(line, TURN_PX, x, y) <= HANDLE_PX + REACH_PX / 2 ||
        from_handle(line, -TURN_PX, x, y) <= HANDLE_PX + REACH_PX / 2)
        return GRAB_TURN;
    return fabs(height_of(line, x, y)) <= REACH_PX ? GRAB_MOVE : GRAB_NONE;
}

// The plane that a press here would grab, the chosen one before others; -1: none.
static int find_near(Trim *self, const HpToolEvent *event, Grab *grab, Line *line)
{
    const int planes = count(self);
    for (int at = -1; at < planes; at++) {
        const int index = at < 0 ? self->chosen : at;
        if (index < 0 || index >= planes)
            continue;
        const HpCut cut = cut_at(self, index);
        if (cut.is_off || !find_line(self, &cut, event, line))
            continue;
        *grab = find_grab(line, event->x, event->y);
        if (*grab != GRAB_NONE)
            return index;
    }
    *grab = GRAB_NONE;
    return -1;
}

static const char *motion_cb(HpTool *tool, const HpToolEvent *event)
{
    Trim *self = (Trim *)tool;
    Grab grab;
    Line line;
    if (!self->is_active)
        return NULL;
    const int near = find_near(self, event, &grab, &line);
    if (near != self->near) {
        self->near = near;
        hp_tool_redraw(tool);
    }
    return near < 0 ? NULL : grab == GRAB_TURN ? "alias" : "move";
}

static bool press_cb(HpTool *tool, const HpToolEvent *event)
{
    Trim *self = (Trim *)tool;
    Line line;
    if (!self->is_active)
        return false;
    const int near = find_near(self, event, &self->grab, &line);
    if (near < 0)
        return false;
    self->chosen = near;
    self->at_press = cut_at(self, near);
    memcpy(self->press_mm, event->mm, sizeof self->press_mm);
    hp_slice_frame_to_mm(&event->frame, event->grid, line.middle[0], line.middle[1],
                         self->pivot_mm);
    self->angle = atan2(event->y - line.middle[1], event->x - line.middle[0]);
    hp_document_seal(tool->document);
    hp_tool_redraw(tool);
    return true;
}

// The plane turned within the slice about the pivot: what of its normal lies in the slice turns with the
// pointer, what stands upright on it stays.
static HpCut turned(Trim *self, const HpToolEvent *event)
{
    double x, y;
    Line line;
    HpCut cut = self->at_press;
    if (!find_line(self, &cut, event, &line))
        return cut;
    hp_slice_frame_from_mm(&event->frame, event->grid, self->pivot_mm, &x, &y);
    const double angle = atan2(event->y - y, event->x - x) - self->angle;
    const double a = dot(cut.normal, line.u), b = dot(cut.normal, line.v);
    const double more_a = a * cos(angle) - b * sin(angle) - a;
    const double more_b = a * sin(angle) + b * cos(angle) - b;
    for (int axis = 0; axis < 3; axis++)
        cut.normal[axis] += more_a * line.u[axis] + more_b * line.v[axis];
    cut.d_mm = dot(cut.normal, self->pivot_mm);
    return cut;
}

static void drag_cb(HpTool *tool, const HpToolEvent *event)
{
    Trim *self = (Trim *)tool;
    HpCut cut = self->at_press;
    if (self->grab == GRAB_TURN)
        cut = turned(self, event);
    else
        cut.d_mm += dot(cut.normal, event->mm) - dot(cut.normal, self->press_mm);
    if (self->chosen >= 0 && self->chosen < count(self))
        hp_document_move_trim(tool->document, (guint)self->chosen, &cut);
    hp_tool_redraw(tool);
}

static void cancel_cb(HpTool *tool)
{
    Trim *self = (Trim *)tool;
    if (self->grab != GRAB_NONE)
        hp_document_seal(tool->document);
    self->grab = GRAB_NONE;
    hp_tool_redraw(tool);
}

static void release_cb(HpTool *tool, const HpToolEvent *event)
{
    (void)event;
    cancel_cb(tool);
}

void hp_trim_tool_nudge(HpTool *tool, double mm)
{
    Trim *self = (Trim *)tool;
    if (self->chosen < 0 || self->chosen >= count(self))
        return;
    HpCut cut = cut_at(self, self->chosen);
    cut.d_mm += mm;
    hp_document_move_trim(tool->document, (guint)self->chosen, &cut);
    hp_tool_redraw(tool);
}

// Arrow keys move the chosen plane to where they point, as far as it has a line in this pane.
static bool key_cb(HpTool *tool, const HpToolEvent *event, guint key)
{
    static const struct {
        guint key;
        double x, y;
    } arrows[] = {
        {GDK_KEY_Left, -1, 0}, {GDK_KEY_Right, 1, 0}, {GDK_KEY_Up, 0, -1}, {GDK_KEY_Down, 0, 1}};
    Trim *self = (Trim *)tool;
    Line line;
    if (!self->is_active || self->chosen < 0 || self->chosen >= count(self))
        return false;
    const HpCut cut = cut_at(self, self->chosen);
    if (cut.is_off || !find_line(self, &cut, event, &line))
        return false;
    for (size_t at = 0; at < G_N_ELEMENTS(arrows); at++) {
        const double along = line.across[0] * arrows[at].x + line.across[1] * arrows[at].y;
        if (arrows[at].key != key)
            continue;
        if (fabs(along) > 0.1)
            hp_trim_tool_nudge(tool, (along > 0 ? 1 : -1) * (event->keys & GDK_SHIFT_MASK ? 5 : 1));
        return true;
    }
    return false;
}

static void draw_handle(cairo_t *cairo, const Line *line, double along_px, bool is_full)
{
    cairo_arc(cairo, line->middle[0] + along_px * line->along[0],
              line->middle[1] + along_px * line->along[1], is_full ? HANDLE_PX : HANDLE_PX - 1, 0,
              2 * G_PI);
    if (is_full)
        cairo_set_source_rgb(cairo, colour[0], colour[1], colour[2]);
    else
        cairo_set_source_rgb(cairo, 0.07, 0.07, 0.09);
    cairo_fill_preserve(cairo);
    cairo_set_line_width(cairo, 1.5);
    if (is_full)
        cairo_set_source_rgb(cairo, 0.07, 0.07, 0.09);
    else
        cairo_set_source_rgb(cairo, colour[0], colour[1], colour[2]);
    cairo_stroke(cairo);
}

static void draw_line(Trim *self, const HpToolEvent *slice, cairo_t *cairo, int index)
{
    const HpCut cut = cut_at(self, index);
    const bool is_lit = self->is_active && (index == self->chosen || index == self->near);
    const double far = 4096; // beyond any pane
    Line line;
    if (cut.is_off || !find_line(self, &cut, slice, &line))
        return;
    cairo_move_to(cairo, line.middle[0] - far * line.along[0],
                  line.middle[1] - far * line.along[1]);
    cairo_line_to(cairo, line.middle[0] + far * line.along[0],
                  line.middle[1] + far * line.along[1]);
    cairo_set_line_width(cairo, is_lit ? 2 : 1.2);
    cairo_set_source_rgba(cairo, colour[0], colour[1], colour[2], self->is_active ? 1 : 0.6);
    cairo_stroke(cairo);
    if (!self->is_active)
        return;
    draw_handle(cairo, &line, 0, true);
    draw_handle(cairo, &line, TURN_PX, false);
    draw_handle(cairo, &line, -TURN_PX, false);
}

// The half of the pane that a plane cuts off, as a rectangle of one turning sense, so that all of them
// can be filled at once.
static void add_shade(Trim *self, const HpToolEvent *slice, cairo_t *cairo, int index)
{
    const HpCut cut = cut_at(self, index);
    const double far = 4096;
    Line line;
    if (cut.is_off)
        return;
    if (!find_line(self, &cut, slice, &line)) {
        double mm[3];
        hp_slice_frame_to_mm(&slice->frame, slice->grid, slice->frame.centre[0],
                             slice->frame.centre[1], mm);
        if (dot(cut.normal, mm) >= cut.d_mm) // the whole slice lies on that side
            cairo_rectangle(cairo, -far, -far, 2 * far, 2 * far);
        return;
    }
    const double corner[4][2] = {{-far, 0}, {-far, far}, {far, far}, {far, 0}};
    for (int at = 3; at >= 0;
         at--) { // along, across is a right-handed pair: this sense is positive
        const double x =
            line.middle[0] + corner[at][0] * line.along[0] + corner[at][1] * line.across[0];
        const double y =
            line.middle[1] + corner[at][0] * line.along[1] + corner[at][1] * line.across[1];
        if (at == 3)
            cairo_move_to(cairo, x, y);
        else
            cairo_line_to(cairo, x, y);
    }
    cairo_close_path(cairo);
}

// What is kept, beside the plane that is dragged.
static void draw_volume(Trim *self, const HpToolEvent *slice, cairo_t *cairo)
{
    const double ml = hp_document_get_numbers(self->tool.document).mesh_ml;
    const HpCut cut = cut_at(self, self->chosen);
    cairo_text_extents_t extents;
    char words[48];
    Line line;
    if (isnan(ml) || cut.is_off || !find_line(self, &cut, slice, &line))
        return;
    g_snprintf(words, sizeof words, _("%'.0f ml"), ml);
    cairo_select_font_face(cairo, "sans-serif", CAIRO_FONT_SLANT_NORMAL, CAIRO_FONT_WEIGHT_BOLD);
    cairo_set_font_size(cairo, 14);
    cairo_text_extents(cairo, words, &extents);
    // On the side that is kept, which the shade leaves bright.
    const double off = 16 + fabs(line.across[0]) * (extents.width / 2 + 6);
    const double x = line.middle[0] - off * line.across[0] - extents.width / 2;
    const double y = line.middle[1] - off * line.across[1] - extents.height / 2;
    cairo_rectangle(cairo, x - 7, y - 5, extents.width + 14, extents.height + 10);
    cairo_set_source_rgba(cairo, 0.07, 0.07, 0.09, 0.8);
    cairo_fill(cairo);
    cairo_move_to(cairo, x - extents.x_bearing, y - extents.y_bearing);
    cairo_set_source_rgb(cairo, 1, 1, 1);
    cairo_show_text(cairo, words);
}

static void draw_cb(HpTool *tool, const HpToolEvent *slice, cairo_t *cairo)
{
    Trim *self = (Trim *)tool;
    const int planes = count(self);
    for (int at = 0; at < planes; at++)
        add_shade(self, slice, cairo, at);
    cairo_set_source_rgba(cairo, 0, 0, 0, 0.55);
    cairo_fill(cairo);
    for (int at = 0; at < planes; at++)
        draw_line(self, slice, cairo, at);
    if (self->grab != GRAB_NONE && self->chosen >= 0 && self->chosen < planes)
        draw_volume(self, slice, cairo);
}

void hp_trim_tool_set_active(HpTool *tool, bool is_active)
{
    Trim *self = (Trim *)tool;
    self->is_active = is_active;
    self->near = -1;
    hp_tool_redraw(tool);
}

int hp_trim_tool_get_chosen(const HpTool *tool)
{
    return ((const Trim *)tool)->chosen;
}

void hp_trim_tool_choose(HpTool *tool, int index)
{
    Trim *self = (Trim *)tool;
    if (index == self->chosen)
        return;
    self->chosen = index;
    hp_document_seal(tool->document);
    hp_tool_redraw(tool);
}

static void free_cb(HpTool *tool)
{
    hp_mask_unref(((Trim *)tool)->mask);
}

HpTool *hp_trim_tool_new(HpDocument *document, HpLens *lens)
{
    static const HpToolKind kind = {.is_always = true, HP_TOOL_EVERY_CB};
    Trim *self = hp_tool_new(&kind, sizeof *self, document, lens);
    self->chosen = self->near = -1;
    return &self->tool;
}
