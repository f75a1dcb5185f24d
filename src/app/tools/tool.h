// SPDX-License-Identifier: Apache-2.0
// What the pointer does in the slice panes: one tool for each way to draw, to grab or to measure.
//
// The lens holds the tools. A press is offered in the order in which they were added to each that is
// chosen (HpLens.tool) or `is_always` there, as handles are that lie on the slices and wait to be
// grabbed; the first that takes it gets the drag until its release. A press that no tool takes moves
// the cross-hair. All panes share one tool, so what it draws it draws on the slice it belongs to.
#pragma once

#include "app/lens.h"
#include "case/document.h"
#include "view/frame.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

// Where the pointer is, or the slice to draw on (then the pointer's fields are zero). Borrowed.
typedef struct {
    GtkWidget *pane;
    const HpGrid *grid;   // of the volume
    HpSliceFrame frame;   // of the slice in the pane, in logical pixels
    double x, y;          // logical pixels
    double mm[3];         // the same place in the patient, on the slice
    GdkModifierType keys; // held down
    int presses;          // of a press: 2 is the second of a double click
    bool is_eraser;       // the other end of a pen
} HpToolEvent;

// What a tool does; a NULL does nothing. Callbacks that return true have taken what they were given.
typedef struct {
    const char *name;   // by which it is chosen; NULL: it cannot be
    const char *cursor; // over the panes while chosen, a CSS name; NULL: the arrow
    bool is_always;     // is asked and draws without being chosen
    bool (*press_cb)(HpTool *tool, const HpToolEvent *event);
    void (*drag_cb)(HpTool *tool, const HpToolEvent *event);
    void (*release_cb)(HpTool *tool, const HpToolEvent *event);
    void (*cancel_cb)(HpTool *tool); // another gesture took the drag, or another tool was chosen
    // Returns the cursor over what would be grabbed here, a CSS name; NULL: nothing would.
    const char *(*motion_cb)(HpTool *tool, const HpToolEvent *event);
    bool (*key_cb)(HpTool *tool, const HpToolEvent *event, guint key);
    void (*draw_cb)(HpTool *tool, const HpToolEvent *slice, cairo_t *cairo); // in logical pixels
    // What it drew there, in words for those who do not see it; g_free(), NULL: nothing to say.
    char *(*tell_cb)(HpTool *tool, HpPlane plane, int slice);
    void (*free_cb)(HpTool *tool); // what the tool owns besides itself
} HpToolKind;

// For the kind of a tool that has them all, under the names of the fields.
#define HP_TOOL_EVERY_CB                                                                           \
    .press_cb = press_cb, .drag_cb = drag_cb, .release_cb = release_cb, .cancel_cb = cancel_cb,    \
    .motion_cb = motion_cb, .key_cb = key_cb, .draw_cb = draw_cb, .free_cb = free_cb

// The head of every tool's own struct.
struct HpTool {
    const HpToolKind *kind; // static
    HpDocument *document;   // a reference
    HpLens *lens;           // borrowed: it owns the tool
};

// A tool of `size` bytes, zero after its head; for the constructors of tools.
gpointer hp_tool_new(const HpToolKind *kind, gsize size, HpDocument *document, HpLens *lens);
void hp_tool_free(HpTool *tool);

bool hp_tool_is_chosen(const HpTool *tool);

// Draws the panes' overlays again; the pictures below stay.
void hp_tool_redraw(HpTool *tool);

// A place in the patient in the event's pane, in logical pixels; false if it lies more than half a
// slice away from the slice.
bool hp_tool_place(const HpToolEvent *event, const double mm[3], double *x, double *y);

// For the panes: offers an event to the tools of `lens`. The press gives the tool that took it.
HpTool *hp_tools_press(HpLens *lens, const HpToolEvent *event);
const char *hp_tools_motion(HpLens *lens, const HpToolEvent *event);
bool hp_tools_key(HpLens *lens, const HpToolEvent *event, guint key);
char *hp_tools_tell(HpLens *lens, HpPlane plane, int slice); // sentences, or ""; g_free()
void hp_tools_draw(HpLens *lens, const HpToolEvent *slice, cairo_t *cairo);

G_END_DECLS
