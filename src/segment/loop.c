// SPDX-License-Identifier: Apache-2.0
// A closed polygon on one slice, in the slice's own millimetres: what a contour is while it moves.
#include "segment/loop.h"

#include <math.h>
#include <string.h>

HpLoop *hp_loop_new(int room)
{
    HpLoop *loop = g_new0(HpLoop, 1);
    loop->room = MAX(room, 16);
    loop->ab = g_malloc_n(loop->room, sizeof *loop->ab);
    return loop;
}

HpLoop *hp_loop_copy(const HpLoop *loop)
{
    HpLoop *copy = hp_loop_new(loop->count);
    hp_loop_set(copy, loop);
    return copy;
}

void hp_loop_free(HpLoop *loop)
{
    if (loop == NULL)
        return;
    g_free(loop->ab);
    g_free(loop);
}

static void free_cb(gpointer loop)
{
    hp_loop_free(loop);
}

GPtrArray *hp_loops_new(void)
{
    return g_ptr_array_new_with_free_func(free_cb);
}

static void make_room(HpLoop *loop, int count)
{
    if (count <= loop->room)
        return;
    loop->room = MAX(count, 2 * loop->room);
    loop->ab = g_realloc_n(loop->ab, loop->room, sizeof *loop->ab);
}

void hp_loop_append(HpLoop *loop, double a, double b)
{
    make_room(loop, loop->count + 1);
    loop->ab[loop->count][0] = a;
    loop->ab[loop->count++][1] = b;
}

void hp_loop_set(HpLoop *loop, const HpLoop *other)
{
    make_room(loop, other->count);
    memcpy(loop->ab, other->ab, other->count * sizeof *loop->ab);
    loop->count = other->count;
}

HpLoop *hp_loop_from_contour(const HpContour *contour, const HpGrid *grid, double *slice)
{
    HpLoop *loop = hp_loop_new(contour->count);
    double sum = 0;
    for (int at = 0; at < contour->count; at++) {
        double a, b, level;
        hp_slice_from_mm(grid, contour->plane, contour->mm[at], &a, &b, &level);
        hp_loop_append(loop, a, b);
        sum += level;
    }
    if (hp_loop_area_mm2(loop) < 0)
        hp_loop_reverse(loop);
    if (slice != NULL)
        *slice = contour->count > 0 ? sum / contour->count : 0;
    return loop;
}

HpContour *hp_loop_to_contour(const HpLoop *loop, const HpGrid *grid, HpPlane plane, int slice)
{
    HpContour *contour = hp_contour_new(plane, slice, loop->count);
    for (int at = 0; at < loop->count; at++)
        hp_slice_to_mm(grid, plane, slice, loop->ab[at][0], loop->ab[at][1], contour->mm[at]);
    return contour;
}

double hp_loop_area_mm2(const HpLoop *loop)
{
    double sum = 0;
    for (int at = 1; at + 1 < loop->count; at++) {
        const double *origin = loop->ab[0], *p = loop->ab[at], *q = loop->ab[at + 1];
        sum += (p[0] - origin[0]) * (q[1] - origin[1]) - (p[1] - origin[1]) * (q[0] - origin[0]);
    }
    return sum / 2;
}

static inline double edge_length(const HpLoop *loop, int edge)
{
    const double *p = loop->ab[edge], *q = loop->ab[edge + 1 < loop->count ? edge + 1 : 0];
    return sqrt((q[0] - p[0]) * (q[0] - p[0]) + (q[1] - p[1]) * (q[1] - p[1]));
}

double hp_loop_length_mm(const HpLoop *loop)
{
    double length = 0;
    for (int edge = 0; edge < loop->count; edge++)
        length += edge_length(loop, edge);
    return length;
}

void hp_loop_reverse(HpLoop *loop)
{
    for (int low = 0, high = loop->count - 1; low < high; low++, high--)
        for (int axis = 0; axis < 2; axis++) {
            const double kept = loop->ab[low][axis];
            loop->ab[low][axis] = loop->ab[high][axis];
            loop->ab[high][axis] = kept;
        }
}

// Moves every point by `offset_mm` along the outward normal of its two neighbours.
static void move_outward(HpLoop *loop, double offset_mm, HpLoop *scratch)
{
    hp_loop_set(scratch, loop);
    const int count = loop->count;
    for (int at = 0; at < count; at++) {
        const double *before = scratch->ab[at > 0 ? at - 1 : count - 1];
        const double *after = scratch->ab[at + 1 < count ? at + 1 : 0];
        const double va = after[0] - before[0], vb = after[1] - before[1];
        const double length = sqrt(va * va + vb * vb);
        if (length > 0) {
            loop->ab[at][0] += offset_mm * vb / length;
            loop->ab[at][1] -= offset_mm * va / length;
        }
    }
}

void hp_loop_resample(HpLoop *loop, double spacing_mm, HpLoop *scratch)
{
    const double area = hp_loop_area_mm2(loop), length = hp_loop_length_mm(loop);
    const int old = loop->count;
    if (old < 3 || !(length > 0))
        return;
    const int count = MAX(6, (int)(length / spacing_mm + 0.5));
    hp_loop_set(scratch, loop);
    make_room(loop, count);
    loop->count = count;

    int edge = 0;
    double start = 0, size = edge_length(scratch, 0);
    for (int at = 0; at < count; at++) {
        const double where = length * at / count;
        while (edge + 1 < old && start + size < where) {
            start += size;
            size = edge_length(scratch, ++edge);
        }
        // Catmull-Rom through four points: straight chords would lose area at every resampling.
        const double t = size > 0 ? CLAMP((where - start) / size, 0, 1) : 0;
        const double *p0 = scratch->ab[edge > 0 ? edge - 1 : old - 1], *p1 = scratch->ab[edge];
        const double *p2 = scratch->ab[(edge + 1) % old], *p3 = scratch->ab[(edge + 2) % old];
        for (int axis = 0; axis < 2; axis++)
            loop->ab[at][axis] =
                p1[axis] + 0.5 * t *
                               (p2[axis] - p0[axis] +
                                t * (2 * p0[axis] - 5 * p1[axis] + 4 * p2[axis] - p3[axis] +
                                     t * (3 * (p1[axis] - p2[axis]) + p3[axis] - p0[axis])));
    }
    move_outward(loop, (area - hp_loop_area_mm2(loop)) / length, scratch);
}

// Where segments p-q and r-s cross inside both, half-open so that a shared end counts once.
static inline bool segments_cross(const double p[2], const double q[2], const double r[2],
                                  const double s[2], double ab[2])
{
    const double da = q[0] - p[0], db = q[1] - p[1], ea = s[0] - r[0], eb = s[1] - r[1];
    const double det = da * eb - db * ea;
    if (det * det <= 1e-18 * (da * da + db * db) * (ea * ea + eb * eb))
        return false; // parallel, or one of no length: rounding would decide
    const double fa = r[0] - p[0], fb = r[1] - p[1];
    const double t = (fa * eb - fb * ea) / det, w = (fa * db - fb * da) / det;
    if (!(t >= 0 && t < 1 && w >= 0 && w < 1))
        return false;
    ab[0] = p[0] + t * da;
    ab[1] = p[1] + t * db;
    return true;
}

// Edges are compared by runs of BLOCK whose boxes touch: few do, so it is near O(count).
enum { BLOCK = 16, BLOCKS = 512 };

typedef struct {
    double low[2], high[2];
} Box;

static Box box_of_run(const HpLoop *loop, int begin, int end)
{
    Box box = {{INFINITY, INFINITY}, {-INFINITY, -INFINITY}};
    for (int at = begin; at <= end; at++)
        for (int axis = 0; axis < 2; axis++) {
            const double value = loop->ab[at % loop->count][axis];
            box.low[axis] = MIN(box.low[axis], value);
            box.high[axis] = MAX(box.high[axis], value);
        }
    return box;
}

static bool boxes_touch(const Box *p, const Box *q)
{
    return p->low[0] <= q->high[0] && q->low[0] <= p->high[0] && p->low[1] <= q->high[1] &&
           q->low[1] <= p->high[1];
}

static bool cross_in_runs(const HpLoop *loop, int p0, int p1, int q0, int q1, int *edge, int *later,
                          double ab[2])
{
    const int count = loop->count;
    for (int p = p0; p < p1; p++)
        for (int q = MAX(q0, p + 2); q < q1; q++) {
            if (p == 0 && q == count - 1)
                continue;
            if (segments_cross(loop->ab[p], loop->ab[p + 1], loop->ab[q], loop->ab[(q + 1) % count],
                               ab)) {
                *edge = p;
                *later = q;
                return true;
            }
        }
    return false;
}

bool hp_loop_find_crossing(const HpLoop *loop, int *edge, int *later, double ab[2])
{
    Box boxes[BLOCKS];
    const int count = loop->count;
    const int run = MAX(BLOCK, (count + BLOCKS - 1) / BLOCKS), runs = (count + run - 1) / run;
    for (int at = 0; at < runs; at++)
        boxes[at] = box_of_run(loop, at * run, MIN((at + 1) * run, count));
    for (int p = 0; p < runs; p++)
        for (int q = p; q < runs; q++)
            if (boxes_touch(&boxes[p], &boxes[q]) &&
                cross_in_runs(loop, p * run, MIN((p + 1) * run, count), q * run,
                              MIN((q + 1) * run, count), edge, later, ab))
                return true;
    return false;
}

int hp_loop_cut(HpLoop *loop, HpLoop *scratch)
{
    int cuts = 0, edge, later;
    double ab[2];
    while (loop->count > 3 && hp_loop_find_crossing(loop, &edge, &later, ab)) {
        const double whole = hp_loop_area_mm2(loop);
        // The part edge+1 .. later, closed at the crossing.
        scratch->count = 0;
        hp_loop_append(scratch, ab[0], ab[1]);
        for (int at = edge + 1; at <= later; at++)
            hp_loop_append(scratch, loop->ab[at][0], loop->ab[at][1]);
        const double part = hp_loop_area_mm2(scratch);
        if (part > whole - part) {
            hp_loop_set(loop, scratch);
        } else { // the crossing takes the part's place
            loop->ab[edge + 1][0] = ab[0];
            loop->ab[edge + 1][1] = ab[1];
            memmove(loop->ab + edge + 2, loop->ab + later + 1,
                    (loop->count - later - 1) * sizeof *loop->ab);
            loop->count -= later - edge - 1;
        }
        cuts++;
    }
    return cuts;
}
