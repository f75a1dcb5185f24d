// SPDX-License-Identifier: Apache-2.0
// The trim planes in the 3-D pane: rectangles whose handles are dragged.
#include "app/trim_handles.h"

#include <math.h>
#include <string.h>

#define RADIUS 6.0 // of a handle, in pixels
#define GRASP 10.0 // within which it is grabbed
#define REACH 0.7  // half side of a rectangle, of the camera's reach

struct _HpTrimHandles {
    HpDocument *document;
    GArray *seen;                // HpCut, at the last look
    guint trim[HP_SCENE_SHEETS]; // number in the plan of each sheet
    bool is_grabbed, is_turning;
    int grabbed; // the sheet
    HpSheet at_press;
    double press[2];
};

HpTrimHandles *hp_trim_handles_new(HpDocument *document)
{
    HpTrimHandles *handles = g_new0(HpTrimHandles, 1);
    handles->document = document; // its pane holds it
    handles->seen = g_array_new(FALSE, FALSE, sizeof(HpCut));
    return handles;
}

void hp_trim_handles_free(HpTrimHandles *handles)
{
    g_array_unref(handles->seen);
    g_free(handles);
}

static bool is_same(const HpCut *one, const HpCut *other)
{
    return memcmp(one->normal, other->normal, sizeof one->normal) == 0 &&
           one->d_mm == other->d_mm && one->is_off == other->is_off;
}

bool hp_trim_handles_changed(HpTrimHandles *handles)
{
    const GArray *trims = hp_document_get_plan(handles->document)->trims;
    bool has_changed = trims->len != handles->seen->len;
    for (guint at = 0; at < trims->len && !has_changed; at++)
        has_changed =
            !is_same(&g_array_index(trims, HpCut, at), &g_array_index(handles->seen, HpCut, at));
    g_array_set_size(handles->seen, 0);
    g_array_append_vals(handles->seen, trims->data, trims->len);
    return has_changed;
}

void hp_trim_handles_fill(HpTrimHandles *handles, HpScene *scene)
{
    const GArray *trims = hp_document_get_plan(handles->document)->trims;
    for (guint at = 0; at < trims->len && scene->sheets_count < HP_SCENE_SHEETS; at++) {
        const HpCut *cut = &g_array_index(trims, HpCut, at);
        HpHalf keeps = {.d_mm = cut->d_mm};
        memcpy(keeps.normal, cut->normal, sizeof keeps.normal);
        if (cut->is_off)
            continue;
        handles->trim[scene->sheets_count] = at;
        scene->sheets[scene->sheets_count++] =
            hp_sheet_new(&keeps, scene->camera.pivot_mm, REACH * scene->camera.reach_mm);
    }
}

static void places_of(const HpScene *scene, int sheet, double width, double height,
                      double middle[3], double tip[3])
{
    double middle_mm[3], tip_mm[3];
    hp_sheet_handles(&scene->sheets[sheet], middle_mm, tip_mm);
    hp_camera_project(&scene->camera, width, height, middle_mm, middle);
    hp_camera_project(&scene->camera, width, height, tip_mm, tip);
}

static void draw_disc(cairo_t *cairo, const double place[3], const uint8_t colour[3], bool is_open)
{
    cairo_arc(cairo, place[0], place[1], RADIUS, 0, 2 * G_PI);
    cairo_set_source_rgb(cairo, colour[0] / 255.0, colour[1] / 255.0, colour[2] / 255.0);
    if (!is_open)
        cairo_fill_preserve(cairo);
    cairo_set_line_width(cairo, is_open ? 3 : 1);
    if (!is_open)
        cairo_set_source_rgba(cairo, 0, 0, 0, 0.7);
    cairo_stroke(cairo);
}

void hp_trim_handles_draw(const HpTrimHandles *handles, const HpScene *scene, double width,
                          double height, GtkSnapshot *snapshot)
{
    (void)handles;
    for (int at = 0; at < scene->sheets_count; at++) {
        const uint8_t *colour = scene->sheets[at].colour;
        double middle[3], tip[3];
        places_of(scene, at, width, height, middle, tip);
        const double left = fmin(middle[0], tip[0]) - 2 * RADIUS;
        const double top = fmin(middle[1], tip[1]) - 2 * RADIUS;
        cairo_t *cairo = gtk_snapshot_append_cairo(
            snapshot, &GRAPHENE_RECT_INIT((float)left, (float)top,
                                          (float)(fabs(middle[0] - tip[0]) + 4 * RADIUS),
                                          (float)(fabs(middle[1] - tip[1]) + 4 * RADIUS)));
        cairo_move_to(cairo, middle[0], middle[1]);
        cairo_line_to(cairo, tip[0], tip[1]);
        cairo_set_source_rgba(cairo, colour[0] / 255.0, colour[1] / 255.0, colour[2] / 255.0, 0.8);
        cairo_set_line_width(cairo, 2);
        cairo_stroke(cairo);
        draw_disc(cairo, middle, colour, false);
        draw_disc(cairo, tip, colour, true);
        cairo_destroy(cairo);
    }
}

// The sheet whose handle lies at (x, y), the nearest to the eye of several; -1: none.
static int find(const HpScene *scene, double width, double height, double x, double y,
                bool *is_turning)
{
    int found = -1;
    double nearest = -INFINITY;
    for (int at = 0; at < scene->sheets_count; at++) {
        double place[2][3];
        places_of(scene, at, width, height, place[0], place[1]);
        for (int handle = 0; handle < 2; handle++)
            if (hypot(place[handle][0] - x, place[handle][1] - y) <= GRASP &&
                place[handle][2] > nearest) {
                nearest = place[handle][2];
                found = at;
                *is_turning = handle == 1;
            }
    }
    return found;
}

const char *hp_trim_handles_hover(const HpTrimHandles *handles, const HpScene *scene, double width,
                                  double height, double x, double y)
{
    bool is_turning = handles->is_turning;
    if (!handles->is_grabbed && find(scene, width, height, x, y, &is_turning) < 0)
        return NULL;
    return is_turning ? "alias" : "move";
}

bool hp_trim_handles_press(HpTrimHandles *handles, const HpScene *scene, double width,
                           double height, double x, double y)
{
    const int found = find(scene, width, height, x, y, &handles->is_turning);
    handles->is_grabbed = found >= 0;
    if (found < 0)
        return false;
    handles->grabbed = found;
    handles->at_press = scene->sheets[found];
    handles->press[0] = x;
    handles->press[1] = y;
    hp_document_seal(handles->document); // this drag is a step of its own
    return true;
}

bool hp_trim_handles_drag(HpTrimHandles *handles, const HpScene *scene, double width, double height,
                          double dx, double dy)
{
    const guint trim = handles->trim[handles->grabbed];
    if (!handles->is_grabbed || trim >= hp_document_get_plan(handles->document)->trims->len)
        return handles->is_grabbed;
    const HpHalf half =
        handles->is_turning
            ? hp_sheet_turned(&handles->at_press, &scene->camera, width, height,
                              handles->press[0] + dx, handles->press[1] + dy)
            : hp_sheet_moved(&handles->at_press, &scene->camera, width, height, dx, dy);
    HpCut cut = g_array_index(hp_document_get_plan(handles->document)->trims, HpCut, trim);
    memcpy(cut.normal, half.normal, sizeof cut.normal);
    cut.d_mm = half.d_mm;
    hp_document_move_trim(handles->document, trim, &cut);
    return true;
}

bool hp_trim_handles_release(HpTrimHandles *handles)
{
    const bool was_grabbed = handles->is_grabbed;
    handles->is_grabbed = false;
    if (was_grabbed)
        hp_document_seal(handles->document);
    return was_grabbed;
}
