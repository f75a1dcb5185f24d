// SPDX-License-Identifier: Apache-2.0
// Finds where a line of sight meets a mesh, in microseconds: a tree of boxes over its triangles.
//
// Triangles are sorted along a Morton curve and taken eight at a time as the leaves of a complete
// binary tree, so that the tree needs no pointers: node n has the children 2n and 2n + 1.
#include "view/pick.h"

#include "core/error.h"

#include <math.h>
#include <string.h>

#define SLACK_MM 1e-6 // by which boxes are larger: a vertex at a corner lies within

enum { LEAF = 8, DIGIT_BITS = 10, DIGITS = 1 << DIGIT_BITS };

typedef struct {
    float low[3], high[3];
} Box;

struct _HpPick {
    HpMesh *mesh;
    uint32_t *order; // triangles along the curve
    Box *box;        // 2 * leaves; the root is 1
    size_t leaves;   // a power of two
};

typedef struct {
    uint32_t key, triangle;
} Item;

static void box_clear(Box *box)
{
    for (int axis = 0; axis < 3; axis++) {
        box->low[axis] = INFINITY;
        box->high[axis] = -INFINITY;
    }
}

static void box_add(Box *box, const float low[3], const float high[3])
{
    for (int axis = 0; axis < 3; axis++) {
        box->low[axis] = MIN(box->low[axis], low[axis]);
        box->high[axis] = MAX(box->high[axis], high[axis]);
    }
}

static const float *corner_of(const HpMesh *mesh, size_t triangle, int corner)
{
    return mesh->mm + 3 * (size_t)mesh->index[3 * triangle + (size_t)corner];
}

// Puts two zero bits between the ten bits of a number.
static uint32_t spread(uint32_t x)
{
    x = (x | x << 16) & 0x030000ff;
    x = (x | x << 8) & 0x0300f00f;
    x = (x | x << 4) & 0x030c30c3;
    return (x | x << 2) & 0x09249249;
}

static void set_keys(const HpMesh *mesh, Item *item)
{
    Box all;
    box_clear(&all);
    for (size_t v = 0; v < mesh->vertices; v++)
        box_add(&all, mesh->mm + 3 * v, mesh->mm + 3 * v);
    for (size_t t = 0; t < mesh->triangles; t++) {
        uint32_t key = 0;
        for (int axis = 0; axis < 3; axis++) {
            const float middle = (corner_of(mesh, t, 0)[axis] + corner_of(mesh, t, 1)[axis] +
                                  corner_of(mesh, t, 2)[axis]) /
                                 3;
            const float side = MAX(all.high[axis] - all.low[axis], 1e-6f);
            const float cell = (middle - all.low[axis]) / side * DIGITS;
            key |= spread((uint32_t)CLAMP(cell, 0, DIGITS - 1)) << axis;
        }
        item[t] = (Item){key, (uint32_t)t};
    }
}

// Sorts by the three digits of the key, the lowest first.
static void sort_items(Item *item, Item *scratch, size_t count)
{
    for (int digit = 0; digit < 3; digit++) {
        size_t start[DIGITS] = {0}, sum = 0;
        for (size_t at = 0; at < count; at++)
            start[item[at].key >> DIGIT_BITS * digit & (DIGITS - 1)]++;
        for (int value = 0; value < DIGITS; value++) {
            const size_t here = start[value];
            start[value] = sum;
            sum += here;
        }
        for (size_t at = 0; at < count; at++)
            scratch[start[item[at].key >> DIGIT_BITS * digit & (DIGITS - 1)]++] = item[at];
        memcpy(item, scratch, count * sizeof *item);
    }
}

static void set_boxes(HpPick *pick)
{
    const HpMesh *mesh = pick->mesh;
    for (size_t leaf = 0; leaf < pick->leaves; leaf++) {
        Box *box = &pick->box[pick->leaves + leaf];
        box_clear(box);
        for (size_t at = LEAF * leaf; at < MIN(LEAF * (leaf + 1), mesh->triangles); at++)
            for (int corner = 0; corner < 3; corner++) {
                const float *mm = corner_of(mesh, pick->order[at], corner);
                box_add(box, mm, mm);
            }
    }
    for (size_t node = pick->leaves - 1; node >= 1; node--) {
        pick->box[node] = pick->box[2 * node];
        box_add(&pick->box[node], pick->box[2 * node + 1].low, pick->box[2 * node + 1].high);
    }
}

HpPick *hp_pick_new(HpMesh *mesh, GError **error)
{
    g_autoptr(HpPick) pick = g_new0(HpPick, 1);
    pick->mesh = hp_mesh_ref(mesh);
    pick->leaves = 1;
    while (pick->leaves * LEAF < mesh->triangles)
        pick->leaves *= 2;
    g_autofree Item *item =
        hp_try_alloc(2 * MAX(mesh->triangles, 1), sizeof *item, "picking", error);
    if (item == NULL)
        return NULL;
    pick->order = hp_try_alloc(MAX(mesh->triangles, 1), sizeof *pick->order, "picking", error);
    if (pick->order == NULL)
        return NULL;
    pick->box = hp_try_alloc(2 * pick->leaves, sizeof *pick->box, "picking", error);
    if (pick->box == NULL)
        return NULL;
    set_keys(mesh, item);
    sort_items(item, item + mesh->triangles, mesh->triangles);
    for (size_t at = 0; at < mesh->triangles; at++)
        pick->order[at] = item[at].triangle;
    set_boxes(pick);
    return g_steal_pointer(&pick);
}

void hp_pick_free(HpPick *pick)
{
    if (pick == NULL)
        return;
    hp_mesh_unref(pick->mesh);
    g_free(pick->order);
    g_free(pick->box);
    g_free(pick);
}

const HpMesh *hp_pick_get_mesh(const HpPick *pick)
{
    return pick->mesh;
}

// Where the ray enters a box; INFINITY if it misses it or enters after `to`.
static double enter(const Box *box, const HpRay *ray, const double inverse[3], double from,
                    double to)
{
    for (int axis = 0; axis < 3; axis++) {
        const double a = (box->low[axis] - SLACK_MM - ray->from_mm[axis]) * inverse[axis];
        const double b = (box->high[axis] + SLACK_MM - ray->from_mm[axis]) * inverse[axis];
        from = fmax(from, fmin(a, b));
        to = fmin(to, fmax(a, b));
    }
    return from <= to ? from : INFINITY;
}

static void cross3(const double a[3], const double b[3], double out[3])
{
    for (int axis = 0; axis < 3; axis++) {
        const int p = (axis + 1) % 3, q = (axis + 2) % 3;
        out[axis] = a[p] * b[q] - a[q] * b[p];
    }
}

static double dot3(const double a[3], const double b[3])
{
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

// Moeller and Trumbore 1997. The edges belong to both triangles, so that no ray slips through.
static bool meet(const HpMesh *mesh, size_t triangle, const HpRay *ray, HpHit *hit)
{
    double e[3], f[3], away[3], p[3], q[3];
    const float *a = corner_of(mesh, triangle, 0), *b = corner_of(mesh, triangle, 1),
                *c = corner_of(mesh, triangle, 2);
    for (int axis = 0; axis < 3; axis++) {
        e[axis] = (double)b[axis] - a[axis];
        f[axis] = (double)c[axis] - a[axis];
        away[axis] = ray->from_mm[axis] - a[axis];
    }
    cross3(ray->direction, f, p);
    const double area = dot3(e, p);
    if (area == 0)
        return false;
    cross3(away, e, q);
    const double slack = 1e-9, u = dot3(away, p) / area, v = dot3(ray->direction, q) / area;
    if (!(u >= -slack && v >= -slack && u + v <= 1 + slack))
        return false;
    *hit = (HpHit){dot3(f, q) / area, triangle, area < 0};
    return true;
}

bool hp_pick_ray(const HpPick *pick, const HpRay *ray, double from_mm, double to_mm, HpHit *hit)
{
    double inverse[3]; // finite: infinity times nothing is no number
    for (int axis = 0; axis < 3; axis++)
        inverse[axis] = fabs(ray->direction[axis]) > 1e-300 ? 1 / ray->direction[axis] : 1e300;
    size_t stack[2 * 64] = {1};
    int deep = 1;
    bool is_found = false;
    while (deep > 0) {
        size_t node = stack[--deep];
        if (enter(&pick->box[node], ray, inverse, from_mm, to_mm) == INFINITY)
            continue;
        if (node >= pick->leaves) {
            const size_t first = LEAF * (node - pick->leaves);
            for (size_t at = first; at < MIN(first + LEAF, pick->mesh->triangles); at++) {
                HpHit met;
                if (meet(pick->mesh, pick->order[at], ray, &met) && met.along_mm >= from_mm &&
                    met.along_mm <= to_mm) {
                    *hit = met;
                    to_mm = met.along_mm;
                    is_found = true;
                }
            }
            continue;
        }
        const double one = enter(&pick->box[2 * node], ray, inverse, from_mm, to_mm);
        const double other = enter(&pick->box[2 * node + 1], ray, inverse, from_mm, to_mm);
        const size_t near = one <= other ? 2 * node : 2 * node + 1;
        if (fmax(one, other) < INFINITY)
            stack[deep++] = near ^ 1;
        if (fmin(one, other) < INFINITY)
            stack[deep++] = near;
    }
    return is_found;
}
