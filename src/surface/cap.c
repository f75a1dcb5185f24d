// SPDX-License-Identifier: Apache-2.0
// Triangulates the inside of closed loops in a plane: islands, holes in them, islands in those.
//
// Each hole is joined to the loop around it by a bridge walked both ways (Held 2001), then ears are
// cut off one by one.
#include "surface/cap.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

// A corner of a polygon; a point at the end of a bridge has several.
typedef struct {
    guint32 point;
    int last, next; // corners
} Corner;

typedef struct {
    int first; // a corner
    int count;
    double area;   // > 0: outer
    int parent;    // of a hole: the loop around it; -1: an outer loop
    double right;  // largest x
    int rightmost; // the corner there
} Loop;

typedef struct {
    const double (*xy)[2];
    GArray *corners; // Corner
    GArray *loops;   // Loop
    GArray *triangles;
} Cap;

static Corner *corner_at(const Cap *cap, int at)
{
    return &g_array_index(cap->corners, Corner, at);
}

static const double *place(const Cap *cap, int at)
{
    return cap->xy[corner_at(cap, at)->point];
}

// Twice the signed area of a, b, c.
static double turn(const double a[2], const double b[2], const double c[2])
{
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);
}

static void add_loop(Cap *cap, const guint32 *next, guint32 start, guint8 *is_seen)
{
    const int first = (int)cap->corners->len;
    Loop loop = {.first = first, .parent = -1, .right = -INFINITY};
    for (guint32 p = start; !is_seen[p]; p = next[p]) {
        const int at = first + loop.count++;
        const Corner corner = {.point = p, .last = at - 1, .next = at + 1};
        is_seen[p] = 1;
        g_array_append_val(cap->corners, corner);
        if (cap->xy[p][0] > loop.right) {
            loop.right = cap->xy[p][0];
            loop.rightmost = at;
        }
    }
    corner_at(cap, first)->last = first + loop.count - 1;
    corner_at(cap, first + loop.count - 1)->next = first;
    for (int at = first; at < first + loop.count; at++)
        loop.area +=
            turn(place(cap, first), place(cap, at), place(cap, corner_at(cap, at)->next)) / 2;
    g_array_append_val(cap->loops, loop);
}

// Whether a point is inside a loop, by counting the edges to its right.
static bool is_around(const Cap *cap, const Loop *loop, const double at[2])
{
    bool is_inside = false;
    for (int n = loop->first; n < loop->first + loop->count; n++) {
        const double *a = place(cap, n);
        const double *b = place(cap, n + 1 < loop->first + loop->count ? n + 1 : loop->first);
        if ((a[1] > at[1]) != (b[1] > at[1]) &&
            at[0] < a[0] + (at[1] - a[1]) / (b[1] - a[1]) * (b[0] - a[0]))
            is_inside = !is_inside;
    }
    return is_inside;
}

// The smallest outer loop around each hole. A hole with none is left to itself.
static void find_parents(Cap *cap)
{
    for (guint h = 0; h < cap->loops->len; h++) {
        Loop *hole = &g_array_index(cap->loops, Loop, h);
        for (guint o = 0; hole->area < 0 && o < cap->loops->len; o++) {
            const Loop *outer = &g_array_index(cap->loops, Loop, o);
            const bool is_smaller =
                hole->parent < 0 ||
                outer->area < g_array_index(cap->loops, Loop, hole->parent).area;
            if (outer->area > -hole->area && is_smaller &&
                is_around(cap, outer, place(cap, hole->rightmost)))
                hole->parent = (int)o;
        }
    }
}

static bool is_in_triangle(const double a[2], const double b[2], const double c[2],
                           const double at[2])
{
    return turn(a, b, at) >= 0 && turn(b, c, at) >= 0 && turn(c, a, at) >= 0;
}

static bool is_same(const double a[2], const double b[2])
{
    return a[0] == b[0] && a[1] == b[1];
}

// The corner where a ray from `from` to the right first meets the polygon, its edge's right end.
static int hit_by_ray(const Cap *cap, int polygon, const double from[2], double *hit_x)
{
    int best = -1, at = polygon;
    *hit_x = INFINITY;
    do {
        const int next = corner_at(cap, at)->next;
        const double *a = place(cap, at), *b = place(cap, next);
        if (a[1] <= from[1] && b[1] >= from[1] && a[1] != b[1]) { // upwards: inside on its left
            const double x = a[0] + (from[1] - a[1]) / (b[1] - a[1]) * (b[0] - a[0]);
            if (x >= from[0] && x < *hit_x) {
                *hit_x = x;
                best = a[0] > b[0] ? at : next;
            }
        }
        at = next;
    } while (at != polygon);
    return best;
}

// A corner of the polygon that sees the hole's rightmost one (Eberly 2002): the end of the edge hit
// by the ray, or, of the corners in between, the one at the smallest angle to the ray.
static int find_bridge(const Cap *cap, int polygon, const double from[2])
{
    double hit_x;
    const int end = hit_by_ray(cap, polygon, from, &hit_x);
    if (end < 0)
        return polygon;
    const double *p = place(cap, end), hit[2] = {hit_x, from[1]};
    const bool is_above = p[1] > from[1];
    int best = end, at = polygon;
    double best_slope = INFINITY, best_x = INFINITY;
    do {
        const double *q = place(cap, at);
        const Corner *corner = corner_at(cap, at);
        const bool is_between =
            is_above ? is_in_triangle(from, hit, p, q) : is_in_triangle(from, p, hit, q);
        const bool is_reflex = turn(place(cap, corner->last), q, place(cap, corner->next)) <= 0;
        if (at != end && q[0] > from[0] && is_between && is_reflex && !is_same(q, p)) {
            const double slope = fabs(q[1] - from[1]) / (q[0] - from[0]);
            if (slope < best_slope || (slope == best_slope && q[0] < best_x)) {
                best = at;
                best_slope = slope;
                best_x = q[0];
            }
        }
        at = corner->next;
    } while (at != polygon);
    return best;
}

// Joins the hole to the polygon: ... bridge -> hole round to itself -> bridge ...
static void join_hole(Cap *cap, int bridge, int hole)
{
    const int bridge_too = (int)cap->corners->len, hole_too = bridge_too + 1;
    const Corner at_bridge = *corner_at(cap, bridge), at_hole = *corner_at(cap, hole);
    const Corner copy_of_bridge = {at_bridge.point, hole_too, at_bridge.next};
    const Corner copy_of_hole = {at_hole.point, at_hole.last, bridge_too};
    g_array_append_val(cap->corners, copy_of_bridge);
    g_array_append_val(cap->corners, copy_of_hole);
    corner_at(cap, at_bridge.next)->last = bridge_too;
    corner_at(cap, at_hole.last)->next = hole_too;
    corner_at(cap, bridge)->next = hole;
    corner_at(cap, hole)->last = bridge;
}

static int compare_right(const void *left, const void *right)
{
    const Loop *a = left, *b = right;
    return a->right != b->right ? (a->right > b->right ? -1 : 1) : a->first - b->first;
}

static void join_holes(Cap *cap, int outer)
{
    g_autoptr(GArray) holes = g_array_new(FALSE, FALSE, sizeof(Loop));
    for (guint at = 0; at < cap->loops->len; at++) {
        const Loop *loop = &g_array_index(cap->loops, Loop, at);
        if (loop->parent == outer)
            g_array_append_val(holes, *loop);
    }
    g_array_sort(holes, compare_right); // a bridge then never crosses a hole not joined yet
    const int polygon = g_array_index(cap->loops, Loop, outer).first;
    for (guint at = 0; at < holes->len; at++) {
        const Loop *hole = &g_array_index(holes, Loop, at);
        join_hole(cap, find_bridge(cap, polygon, place(cap, hole->rightmost)), hole->rightmost);
    }
}

// How strict to be about the next ear: proper; of no area; and, if loops cross, any at all.
typedef enum { PROPER, FLAT, ANY } Ear;

static bool is_ear(const Cap *cap, int at, const int *reflex, int reflexes, Ear ear)
{
    const Corner *corner = corner_at(cap, at);
    const double *a = place(cap, corner->last), *b = place(cap, at), *c = place(cap, corner->next);
    const double area = turn(a, b, c);
    if (ear == ANY)
        return true;
    if (area < 0 || (ear == PROPER && area == 0))
        return false;
    for (int n = 0; n < reflexes; n++) {
        const double *q = place(cap, reflex[n]);
        if (reflex[n] == corner->last || reflex[n] == at || reflex[n] == corner->next ||
            is_same(q, a) || is_same(q, b) || is_same(q, c))
            continue;
        if (is_in_triangle(a, b, c, q))
            return false;
    }
    return true;
}

static bool is_reflex(const Cap *cap, int at)
{
    const Corner *corner = corner_at(cap, at);
    return turn(place(cap, corner->last), place(cap, at), place(cap, corner->next)) <= 0;
}

static void cut_ear(Cap *cap, int at)
{
    const Corner corner = *corner_at(cap, at);
    const guint32 triangle[3] = {corner_at(cap, corner.last)->point, corner.point,
                                 corner_at(cap, corner.next)->point};
    g_array_append_vals(cap->triangles, triangle, 3);
    corner_at(cap, corner.last)->next = corner.next;
    corner_at(cap, corner.next)->last = corner.last;
}

// Only reflex corners can lie in an ear, and cutting one never makes a corner reflex; so the list
// is made once and thinned out now and then.
static int list_reflex(const Cap *cap, int polygon, int *reflex)
{
    int reflexes = 0, at = polygon;
    do {
        if (is_reflex(cap, at))
            reflex[reflexes++] = at;
        at = corner_at(cap, at)->next;
    } while (at != polygon);
    return reflexes;
}

static void cut_ears(Cap *cap, int polygon)
{
    g_autofree int *reflex = g_new(int, cap->corners->len);
    int left = 0, at = polygon, reflexes = list_reflex(cap, polygon, reflex), since = 0, thinned;
    Ear ear = PROPER;
    do {
        left++;
        at = corner_at(cap, at)->next;
    } while (at != polygon);
    for (thinned = left; left > 2;) {
        const int next = corner_at(cap, at)->next;
        if (is_ear(cap, at, reflex, reflexes, ear)) {
            cut_ear(cap, at);
            left--;
            since = 0;
            ear = PROPER;
            at = corner_at(cap, next)->next; // skipping one makes fewer slivers
            if (left < thinned - thinned / 8) {
                reflexes = list_reflex(cap, at, reflex);
                thinned = left;
            }
            continue;
        }
        at = next;
        if (++since > left) {
            since = 0;
            ear++;
        }
    }
}

GArray *hp_cap_triangulate(const double (*xy)[2], const guint32 *next, guint32 count)
{
    Cap cap = {.xy = xy,
               .corners = g_array_new(FALSE, FALSE, sizeof(Corner)),
               .loops = g_array_new(FALSE, FALSE, sizeof(Loop)),
               .triangles = g_array_new(FALSE, FALSE, sizeof(guint32))};
    g_autofree guint8 *is_seen = g_new0(guint8, count + 1);
    for (guint32 p = 0; p < count; p++)
        if (!is_seen[p])
            add_loop(&cap, next, p, is_seen);
    find_parents(&cap);
    for (guint at = 0; at < cap.loops->len; at++)
        if (g_array_index(cap.loops, Loop, at).parent < 0) {
            join_holes(&cap, (int)at);
            cut_ears(&cap, g_array_index(cap.loops, Loop, at).first);
        }
    g_array_unref(cap.corners);
    g_array_unref(cap.loops);
    return cap.triangles;
}
