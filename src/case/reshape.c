// SPDX-License-Identifier: Apache-2.0
// Shapes a closed contour as a hand does: pulled at a point, moved, given a point, rid of one.
#include "case/reshape.h"

#include <math.h>
#include <string.h>

enum { FEW = 10, MOST = 24 };

#define HANDLE_MM 22.0 // between handles: a liver's outline gets about two dozen
#define CORNER_MM 8.0  // points farther apart on average were set one by one: each is a handle

static double distance_mm(const double a[3], const double b[3])
{
    return hypot(hypot(a[0] - b[0], a[1] - b[1]), a[2] - b[2]);
}

static int wrap(const HpContour *contour, int point)
{
    return (point % contour->count + contour->count) % contour->count;
}

GArray *hp_reshape_handles(const HpContour *contour)
{
    GArray *handles = g_array_new(FALSE, FALSE, sizeof(int));
    const double length = hp_contour_length_mm(contour);
    const int wanted = (int)CLAMP(length / HANDLE_MM, FEW, MOST);
    if (contour->count <= MOST && (contour->count <= FEW || length >= CORNER_MM * contour->count)) {
        for (int at = 0; at < contour->count; at++)
            g_array_append_val(handles, at);
        return handles;
    }
    double along = 0;
    for (int at = 0; at < contour->count; at++) {
        if (along >= length * handles->len / wanted && (int)handles->len < wanted)
            g_array_append_val(handles, at);
        along += distance_mm(contour->mm[at], contour->mm[wrap(contour, at + 1)]);
    }
    return handles;
}

double hp_reshape_nearest(const HpContour *contour, const double mm[3], int *after,
                          double place_mm[3])
{
    double least = INFINITY;
    for (int at = 0; at < contour->count; at++) {
        const double *a = contour->mm[at], *b = contour->mm[wrap(contour, at + 1)];
        double along = 0, square = 0, place[3];
        for (int axis = 0; axis < 3; axis++) {
            along += (mm[axis] - a[axis]) * (b[axis] - a[axis]);
            square += (b[axis] - a[axis]) * (b[axis] - a[axis]);
        }
        const double share = square > 0 ? CLAMP(along / square, 0, 1) : 0;
        for (int axis = 0; axis < 3; axis++)
            place[axis] = a[axis] + share * (b[axis] - a[axis]);
        if (distance_mm(mm, place) >= least)
            continue;
        least = distance_mm(mm, place);
        *after = at;
        memcpy(place_mm, place, sizeof place);
    }
    return least;
}

// The points in the slice, in mm; g_free().
static double (*flat_points(const HpContour *contour, const HpGrid *grid))[2]
{
    double(*flat)[2] = g_malloc_n(MAX(contour->count, 1), sizeof *flat);
    for (int at = 0; at < contour->count; at++) {
        double slice;
        hp_slice_from_mm(grid, contour->plane, contour->mm[at], &flat[at][0], &flat[at][1], &slice);
    }
    return flat;
}

bool hp_reshape_contains(const HpContour *contour, const HpGrid *grid, const double mm[3])
{
    double x, y, slice;
    bool is_inside = false;
    g_autofree double(*flat)[2] = flat_points(contour, grid);
    hp_slice_from_mm(grid, contour->plane, mm, &x, &y, &slice);
    for (int at = 0; at < contour->count; at++) {
        const double *a = flat[at], *b = flat[wrap(contour, at + 1)];
        if ((a[1] > y) != (b[1] > y) && x < a[0] + (y - a[1]) / (b[1] - a[1]) * (b[0] - a[0]))
            is_inside = !is_inside;
    }
    return is_inside;
}

HpContour *hp_reshape_insert(const HpContour *contour, int after, const double mm[3])
{
    HpContour *more = hp_contour_new(contour->plane, contour->slice, contour->count + 1);
    const int before = after + 1;
    memcpy(more->mm, contour->mm, before * sizeof *more->mm);
    memcpy(more->mm[before], mm, sizeof *more->mm);
    memcpy(more->mm + before + 1, contour->mm + before,
           (contour->count - before) * sizeof *more->mm);
    return more;
}

// 1 at distance 0, falling smoothly to 0 at `reach`.
static double share_of(double distance, double reach)
{
    return distance < reach ? 0.5 + 0.5 * cos(G_PI * distance / reach) : 0;
}

HpContour *hp_reshape_pull(const HpContour *contour, int point, const double by_mm[3],
                           double before_mm, double after_mm)
{
    HpContour *pulled = hp_contour_copy(contour);
    const double half = hp_contour_length_mm(contour) / 2; // else the two ways round would meet
    for (int way = -1; way <= 1; way += 2) {
        const double reach = MIN(way < 0 ? before_mm : after_mm, half);
        double along = 0;
        for (int step = way > 0 ? 0 : 1; step < contour->count; step++) {
            const int at = wrap(contour, point + way * step);
            if (step > 0)
                along += distance_mm(contour->mm[at], contour->mm[wrap(contour, at - way)]);
            if (step > 0 && along >= reach)
                break;
            for (int axis = 0; axis < 3; axis++)
                pulled->mm[at][axis] += (step > 0 ? share_of(along, reach) : 1) * by_mm[axis];
        }
    }
    return pulled;
}

HpContour *hp_reshape_move(const HpContour *contour, const double by_mm[3])
{
    HpContour *moved = hp_contour_copy(contour);
    for (int at = 0; at < moved->count; at++)
        for (int axis = 0; axis < 3; axis++)
            moved->mm[at][axis] += by_mm[axis];
    return moved;
}

HpContour *hp_reshape_flatten(const HpContour *contour, int from, int to)
{
    const int between = MAX(wrap(contour, to - from) - 1, 0);
    const int left = MAX(between - 1, 0);
    HpContour *flat =
        hp_contour_new(contour->plane, contour->slice, contour->count - between + left);
    int next = 0;
    for (int step = 0; step < contour->count - between;
         step++) // what stays, from `to` round to `from`
        memcpy(flat->mm[next++], contour->mm[wrap(contour, to + step)], sizeof *flat->mm);
    for (int step = 1; step <= left; step++)
        for (int axis = 0; axis < 3; axis++)
            flat->mm[next + step - 1][axis] =
                contour->mm[from][axis] +
                (contour->mm[to][axis] - contour->mm[from][axis]) * step / (left + 1);
    return flat;
}

double hp_reshape_length_mm(const HpContour *contour, int from, int to)
{
    double along = 0;
    for (int at = from; at != to; at = wrap(contour, at + 1))
        along += distance_mm(contour->mm[at], contour->mm[wrap(contour, at + 1)]);
    return along;
}

// Where segment a-b is crossed by segment c-d, as a share of a-b; negative if it is not.
static double crossing(const double a[2], const double b[2], const double c[2], const double d[2])
{
    const double ab[2] = {b[0] - a[0], b[1] - a[1]}, cd[2] = {d[0] - c[0], d[1] - c[1]};
    const double across = ab[0] * cd[1] - ab[1] * cd[0];
    if (across == 0)
        return -1;
    const double s = ((c[0] - a[0]) * cd[1] - (c[1] - a[1]) * cd[0]) / across;
    const double t = ((c[0] - a[0]) * ab[1] - (c[1] - a[1]) * ab[0]) / across;
    return s >= 0 && s <= 1 && t >= 0 && t <= 1 ? s : -1;
}

// The first two segments that cross, and where; false if none do.
static bool find_crossing(const HpContour *contour, const HpGrid *grid, int *first, int *second,
                          double mm[3])
{
    g_autofree double(*flat)[2] = flat_points(contour, grid);
    for (int at = 0; at < contour->count; at++)
        for (int other = at + 2; other < contour->count; other++) {
            if (at == 0 && other == contour->count - 1)
                continue; // neighbours, across the end
            const double share =
                crossing(flat[at], flat[at + 1], flat[other], flat[wrap(contour, other + 1)]);
            if (share < 0)
                continue;
            *first = at;
            *second = other;
            for (int axis = 0; axis < 3; axis++)
                mm[axis] = contour->mm[at][axis] +
                           share * (contour->mm[at + 1][axis] - contour->mm[at][axis]);
            return true;
        }
    return false;
}

// Points first + 1 to last, round the end, and `mm` to close them.
static HpContour *loop_of(const HpContour *contour, int first, int last, const double mm[3])
{
    const int count = wrap(contour, last - first);
    HpContour *loop = hp_contour_new(contour->plane, contour->slice, count + 1);
    for (int at = 0; at < count; at++)
        memcpy(loop->mm[at], contour->mm[wrap(contour, first + 1 + at)], sizeof *loop->mm);
    memcpy(loop->mm[count], mm, sizeof *loop->mm);
    return loop;
}

HpContour *hp_reshape_untangle(const HpContour *contour, const HpGrid *grid)
{
    int first, second;
    double mm[3];
    HpContour *rest = hp_contour_copy(contour);
    while (find_crossing(rest, grid, &first, &second, mm)) {
        HpContour *inner = loop_of(rest, first, second, mm);
        HpContour *outer = loop_of(rest, second, first, mm);
        const bool is_inner = hp_contour_area_mm2(inner) > hp_contour_area_mm2(outer);
        hp_contour_free(rest);
        rest = is_inner ? inner : outer;
        hp_contour_free(is_inner ? outer : inner);
    }
    return rest;
}
