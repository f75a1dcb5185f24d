// SPDX-License-Identifier: Apache-2.0
// What a person painted to steer the method: a line with a radius on one slice.
#include "core/stroke.h"

#include "core/contour.h"
#include "core/error.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

HpStroke *hp_stroke_new(HpStrokeKind kind, HpPlane plane, double radius_mm, int count)
{
    HpStroke *stroke = g_new0(HpStroke, 1);
    *stroke = (HpStroke){.kind = kind, .plane = plane, .radius_mm = radius_mm, .count = count};
    stroke->mm = g_malloc0_n(MAX(count, 1), sizeof *stroke->mm);
    return stroke;
}

HpStroke *hp_stroke_copy(const HpStroke *stroke)
{
    HpStroke *copy = hp_stroke_new(stroke->kind, stroke->plane, stroke->radius_mm, stroke->count);
    memcpy(copy->mm, stroke->mm, stroke->count * sizeof *copy->mm);
    return copy;
}

void hp_stroke_free(HpStroke *stroke)
{
    if (stroke == NULL)
        return;
    g_free(stroke->mm);
    g_free(stroke);
}

const char *hp_stroke_kind_name(HpStrokeKind kind)
{
    static const char *const names[HP_STROKE_KIND_COUNT] = {"barrier", "hold", "push", "erase"};
    return names[kind];
}

static void free_cb(gpointer stroke)
{
    hp_stroke_free(stroke);
}

GPtrArray *hp_strokes_new(void)
{
    return g_ptr_array_new_with_free_func(free_cb);
}

GPtrArray *hp_strokes_copy(const GPtrArray *strokes)
{
    GPtrArray *copy = hp_strokes_new();
    for (guint at = 0; at < strokes->len; at++)
        g_ptr_array_add(copy, hp_stroke_copy(strokes->pdata[at]));
    return copy;
}

bool hp_strokes_equal(const GPtrArray *a, const GPtrArray *b)
{
    if (a->len != b->len)
        return false;
    for (guint at = 0; at < a->len; at++) {
        const HpStroke *one = a->pdata[at], *other = b->pdata[at];
        if (one->kind != other->kind || one->plane != other->plane ||
            one->radius_mm != other->radius_mm || one->count != other->count ||
            memcmp(one->mm, other->mm, one->count * sizeof *one->mm) != 0)
            return false;
    }
    return true;
}

static bool check_shape(const HpStroke *stroke, GError **error)
{
    if (stroke->count < 1) {
        g_set_error_literal(error, HP_ERROR, HP_ERROR_BAD_FILE,
                            _("no point, expected at least one"));
        return false;
    }
    if (stroke->radius_mm >= HP_STROKE_LEAST_MM && stroke->radius_mm <= HP_STROKE_MOST_MM)
        return true;
    g_set_error(error, HP_ERROR, HP_ERROR_BAD_FILE, _("radius is %g mm, expected %g to %g"),
                stroke->radius_mm, HP_STROKE_LEAST_MM, HP_STROKE_MOST_MM);
    return false;
}

// The mean slice coordinate of the points; false if one is no place.
static bool find_level(const HpStroke *stroke, const HpGrid *grid, double *level, GError **error)
{
    *level = 0;
    for (int at = 0; at < stroke->count; at++) {
        double a, b, slice;
        hp_slice_from_mm(grid, stroke->plane, stroke->mm[at], &a, &b, &slice);
        if (!isfinite(a) || !isfinite(b) || !isfinite(slice)) {
            g_set_error(error, HP_ERROR, HP_ERROR_BAD_FILE, _("point %d is no place"), at + 1);
            return false;
        }
        *level += slice / stroke->count;
    }
    return true;
}

HpStroke *hp_stroke_place(const HpStroke *stroke, const HpGrid *grid, GError **error)
{
    double level;
    if (!check_shape(stroke, error) || !find_level(stroke, grid, &level, error))
        return NULL;
    const int slices = grid->size[hp_grid_axis(grid, stroke->plane)];
    const double nearest = floor(level + 0.5);
    if (!(nearest >= 0 && nearest < slices)) {
        g_set_error(error, HP_ERROR, HP_ERROR_BAD_FILE,
                    _("it lies on %s slice %.2f, expected 0 to %d"), hp_plane_name(stroke->plane),
                    level, slices - 1);
        return NULL;
    }
    g_autoptr(HpStroke) placed = hp_stroke_copy(stroke);
    for (int at = 0; at < stroke->count; at++) {
        double a, b, slice;
        hp_slice_from_mm(grid, stroke->plane, stroke->mm[at], &a, &b, &slice);
        if (fabs(slice - nearest) > 0.501) { // half a slice, and what a file's digits lose
            g_set_error(error, HP_ERROR, HP_ERROR_BAD_FILE,
                        _("point %d lies on %s slice %.2f, the others on %.2f"), at + 1,
                        hp_plane_name(stroke->plane), slice, level);
            return NULL;
        }
        if (fabs(slice - nearest) > 1e-6) // one that lies there keeps its bits
            hp_slice_to_mm(grid, stroke->plane, (int)nearest, a, b, placed->mm[at]);
    }
    return g_steal_pointer(&placed);
}

GPtrArray *hp_strokes_place(const GPtrArray *strokes, const HpGrid *grid, GError **error)
{
    g_autoptr(GPtrArray) placed = hp_strokes_new();
    for (guint at = 0; at < strokes->len; at++) {
        HpStroke *stroke = hp_stroke_place(strokes->pdata[at], grid, error);
        if (stroke == NULL) {
            g_prefix_error(error, "stroke %u: ", at + 1);
            return NULL;
        }
        g_ptr_array_add(placed, stroke);
    }
    return g_steal_pointer(&placed);
}
