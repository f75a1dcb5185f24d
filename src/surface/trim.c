// SPDX-License-Identifier: Apache-2.0
// Cuts closed meshes by planes into closed parts.
#include "surface/trim.h"

#include "core/error.h"
#include "surface/cap.h"

#include <glib/gi18n.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define NONE G_MAXUINT32

// An edge that the plane meets, with the vertex it gets there. Sides are never 0 (a vertex on the
// plane counts as cut off), so an edge is met inside or at its far end and no case is special: a
// plane through vertices gives triangles without area, but the same closed net.
typedef struct {
    uint32_t low, high;
} Edge;

typedef struct {
    const HpMesh *mesh;
    const HpCut *cut;
    double *height; // of each vertex above the plane
    GArray *edges;  // Edge, sorted, each once
    float *mm;      // 3 for each edge: where it meets the plane
    guint32 *next; // of each edge's vertex: the one that follows on the cap's loop, seen from above
    GArray *triangles;    // of the caps
    size_t below, across; // triangles
} Split;

static void split_clear(Split *split)
{
    g_free(split->height);
    g_free(split->mm);
    g_free(split->next);
    g_clear_pointer(&split->edges, g_array_unref);
    g_clear_pointer(&split->triangles, g_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Split, split_clear)

static int compare_edges(const void *left, const void *right)
{
    const Edge *a = left, *b = right;
    if (a->low != b->low)
        return a->low < b->low ? -1 : 1;
    return a->high < b->high ? -1 : a->high > b->high;
}

static bool is_kept(const Split *split, uint32_t v)
{
    return split->height[v] < 0;
}

static double height_of(const HpCut *cut, const float *mm)
{
    return cut->normal[0] * mm[0] + cut->normal[1] * mm[1] + cut->normal[2] * mm[2] - cut->d_mm;
}

static bool measure_heights(Split *split, GError **error)
{
    const HpMesh *mesh = split->mesh;
    const HpCut *cut = split->cut;
    split->height = hp_try_alloc(mesh->vertices, sizeof *split->height, "heights", error);
    if (split->height == NULL)
        return false;
    for (size_t v = 0; v < mesh->vertices; v++) {
        const float *at = mesh->mm + 3 * v;
        split->height[v] = height_of(cut, at);
    }
    return true;
}

// Sorts the edges met and drops doubles; each must have been met by two triangles.
static bool settle_edges(Split *split, GError **error)
{
    GArray *edges = split->edges;
    g_array_sort(edges, compare_edges);
    guint kept = 0;
    for (guint at = 0; at < edges->len; at += 2) {
        const Edge *edge = &g_array_index(edges, Edge, at);
        const bool is_pair = at + 1 < edges->len && compare_edges(edge, edge + 1) == 0;
        const bool is_more = at + 2 < edges->len && compare_edges(edge, edge + 2) == 0;
        if (!is_pair || is_more) {
            g_set_error(
                error, HP_ERROR, HP_ERROR_NO_RESULT,
                _("the plane meets an edge that has not two triangles, at vertices %u and %u"),
                edge->low, edge->high);
            return false;
        }
        g_array_index(edges, Edge, kept++) = *edge;
    }
    g_array_set_size(edges, kept);
    return true;
}

static bool find_edges(Split *split, GError **error)
{
    const HpMesh *mesh = split->mesh;
    split->edges = g_array_new(FALSE, FALSE, sizeof(Edge));
    for (size_t at = 0; at < 3 * mesh->triangles; at += 3) {
        int kept = 0;
        for (int c = 0; c < 3; c++) {
            const uint32_t a = mesh->index[at + c], b = mesh->index[at + (c + 1) % 3];
            const Edge edge = {MIN(a, b), MAX(a, b)};
            kept += is_kept(split, a);
            if (is_kept(split, a) != is_kept(split, b))
                g_array_append_val(split->edges, edge);
        }
        split->below += kept == 3;
        split->across += kept == 1 || kept == 2;
    }
    return settle_edges(split, error);
}

static guint32 edge_number(const Split *split, uint32_t a, uint32_t b)
{
    const Edge wanted = {MIN(a, b), MAX(a, b)};
    const Edge *first = (const Edge *)(const void *)split->edges->data;
    const Edge *found = bsearch(&wanted, first, split->edges->len, sizeof wanted, compare_edges);
    return (guint32)(found - first);
}

static void place_edges(Split *split)
{
    split->mm = g_new(float, 3 * (size_t)split->edges->len);
    for (guint at = 0; at < split->edges->len; at++) {
        const Edge edge = g_array_index(split->edges, Edge, at);
        const double part =
            split->height[edge.low] / (split->height[edge.low] - split->height[edge.high]);
        for (int axis = 0; axis < 3; axis++) {
            const double from = split->mesh->mm[3 * (size_t)edge.low + axis];
            const double to = split->mesh->mm[3 * (size_t)edge.high + axis];
            split->mm[3 * (size_t)at + axis] = (float)(from + part * (to - from));
        }
    }
}

// The corner of a triangle that lies alone on its side of the plane; -1 if the triangle is on one.
static int lone_corner(const Split *split, size_t triangle)
{
    const uint32_t *v = split->mesh->index + 3 * triangle;
    const bool side[3] = {is_kept(split, v[0]), is_kept(split, v[1]), is_kept(split, v[2])};
    if (side[0] == side[1] && side[1] == side[2])
        return -1;
    return side[1] == side[2] ? 0 : side[0] == side[2] ? 1 : 2;
}

// A triangle met by the plane: its lone corner a, the others in turn, the edges met on ab and ac.
typedef struct {
    uint32_t a, b, c;
    guint32 ab, ac;
} Across;

static Across across(const Split *split, size_t triangle, int lone)
{
    const uint32_t *v = split->mesh->index + 3 * triangle;
    const uint32_t a = v[lone], b = v[(lone + 1) % 3], c = v[(lone + 2) % 3];
    return (Across){a, b, c, edge_number(split, a, b), edge_number(split, a, c)};
}

// Along the cap of the kept side, against the direction in which its triangle passes the plane.
static void link_loops(Split *split)
{
    split->next = g_new(guint32, split->edges->len);
    for (size_t t = 0; t < split->mesh->triangles; t++) {
        const int lone = lone_corner(split, t);
        if (lone < 0)
            continue;
        const Across met = across(split, t, lone);
        if (is_kept(split, met.a))
            split->next[met.ac] = met.ab;
        else
            split->next[met.ab] = met.ac;
    }
}

static void triangulate_caps(Split *split)
{
    const double *n = split->cut->normal;
    const guint count = split->edges->len;
    // Two axes in the plane, right-handed with the normal, from the axis least along it.
    int least = 0;
    for (int axis = 1; axis < 3; axis++)
        least = fabs(n[axis]) < fabs(n[least]) ? axis : least;
    double u[3] = {-n[least] * n[0], -n[least] * n[1], -n[least] * n[2]};
    u[least] += 1;
    const double length = sqrt(u[0] * u[0] + u[1] * u[1] + u[2] * u[2]);
    for (int axis = 0; axis < 3; axis++)
        u[axis] /= length;
    const double v[3] = {n[1] * u[2] - n[2] * u[1], n[2] * u[0] - n[0] * u[2],
                         n[0] * u[1] - n[1] * u[0]};
    g_autofree double *flat = g_new(double, 2 * (size_t)count);
    for (guint at = 0; at < count; at++) {
        const float *mm = split->mm + 3 * (size_t)at;
        flat[2 * at] = u[0] * mm[0] + u[1] * mm[1] + u[2] * mm[2];
        flat[2 * at + 1] = v[0] * mm[0] + v[1] * mm[1] + v[2] * mm[2];
    }
    split->triangles = hp_cap_triangulate((const double(*)[2])(void *)flat, split->next, count);
}

// Copies the vertices of a side that its triangles use; number[] tells their place.
static size_t copy_vertices(const Split *split, bool kept, HpMesh *out, uint32_t *number)
{
    const HpMesh *mesh = split->mesh;
    const float up = kept ? 1 : -1;
    size_t vertices = 0;
    for (size_t v = 0; v < mesh->vertices; v++) {
        number[v] = NONE;
        if (is_kept(split, (uint32_t)v) != kept)
            continue;
        memcpy(out->mm + 3 * vertices, mesh->mm + 3 * v, 3 * sizeof *mesh->mm);
        memcpy(out->normal + 3 * vertices, mesh->normal + 3 * v, 3 * sizeof *mesh->normal);
        number[v] = (uint32_t)vertices++;
    }
    memcpy(out->mm + 3 * vertices, split->mm, 3 * (size_t)split->edges->len * sizeof *split->mm);
    for (size_t at = 3 * vertices; at < 3 * (vertices + split->edges->len); at += 3)
        for (int axis = 0; axis < 3; axis++)
            out->normal[at + axis] = up * (float)split->cut->normal[axis];
    return vertices;
}

static void add_triangle(HpMesh *out, uint32_t a, uint32_t b, uint32_t c)
{
    const uint32_t corner[3] = {a, b, c};
    memcpy(out->index + 3 * out->triangles++, corner, sizeof corner);
}

static void add_across(const Split *split, const Across *met, bool kept, const uint32_t *number,
                       uint32_t edges, HpMesh *out)
{
    if (is_kept(split, met->a) == kept) {
        add_triangle(out, number[met->a], edges + met->ab, edges + met->ac);
        return;
    }
    add_triangle(out, edges + met->ab, number[met->b], number[met->c]);
    add_triangle(out, edges + met->ab, number[met->c], edges + met->ac);
}

static HpMesh *make_side(const Split *split, bool kept, GError **error)
{
    const HpMesh *mesh = split->mesh;
    const size_t whole = kept ? split->below : mesh->triangles - split->below - split->across;
    const size_t most = whole + 2 * split->across + split->triangles->len / 3;
    g_autofree uint32_t *number = hp_try_alloc(mesh->vertices, sizeof *number, "vertices", error);
    if (number == NULL)
        return NULL;
    HpMesh *out = hp_mesh_new(mesh->vertices + split->edges->len, most, error);
    if (out == NULL)
        return NULL;
    const uint32_t edges = (uint32_t)copy_vertices(split, kept, out, number);
    out->vertices = edges + split->edges->len;
    out->triangles = 0;
    for (size_t t = 0; t < mesh->triangles; t++) {
        const uint32_t *v = mesh->index + 3 * t;
        const int lone = lone_corner(split, t);
        if (lone >= 0) {
            const Across met = across(split, t, lone);
            add_across(split, &met, kept, number, edges, out);
        } else if (is_kept(split, v[0]) == kept)
            add_triangle(out, number[v[0]], number[v[1]], number[v[2]]);
    }
    for (guint at = 0; at < split->triangles->len; at += 3) {
        const guint32 *p = &g_array_index(split->triangles, guint32, at);
        add_triangle(out, edges + p[0], edges + p[kept ? 1 : 2], edges + p[kept ? 2 : 1]);
    }
    return out;
}

// Whether all that a side has lies on the plane, to the rounding of the positions.
static bool is_nothing(const Split *split, bool kept)
{
    double furthest = 0, largest = 0;
    for (size_t v = 0; v < split->mesh->vertices; v++) {
        if (is_kept(split, (uint32_t)v) == kept)
            furthest = MAX(furthest, fabs(split->height[v]));
        for (int axis = 0; axis < 3; axis++)
            largest = MAX(largest, fabs(split->mesh->mm[3 * v + axis]));
    }
    return furthest <= 1e-6 * largest;
}

bool hp_mesh_cut(const HpMesh *mesh, const HpCut *cut, HpMesh **kept, HpMesh **removed,
                 GError **error)
{
    g_auto(Split) split = {.mesh = mesh, .cut = cut};
    if (!measure_heights(&split, error))
        return false;
    const bool keeps_none = is_nothing(&split, true), removes_none = is_nothing(&split, false);
    if (keeps_none || removes_none) {
        *kept = keeps_none ? NULL : hp_mesh_ref((HpMesh *)mesh);
        *removed = keeps_none ? hp_mesh_ref((HpMesh *)mesh) : NULL;
        return true;
    }
    if (!find_edges(&split, error))
        return false;
    place_edges(&split);
    link_loops(&split);
    triangulate_caps(&split);
    g_autoptr(HpMesh) below = make_side(&split, true, error);
    HpMesh *above = below != NULL ? make_side(&split, false, error) : NULL;
    if (above == NULL)
        return false;
    *kept = g_steal_pointer(&below);
    *removed = above;
    return true;
}

// Which part of a triangle is kept, by area. A tip cut off two edges at the shares s and t of their
// lengths has s t of the whole.
static double kept_share(const double height[3])
{
    const bool kept[3] = {height[0] < 0, height[1] < 0, height[2] < 0};
    const int count = kept[0] + kept[1] + kept[2];
    if (count == 0 || count == 3)
        return count / 3;
    const int lone = kept[1] == kept[2] ? 0 : kept[0] == kept[2] ? 1 : 2;
    const double a = height[lone], b = height[(lone + 1) % 3], c = height[(lone + 2) % 3];
    const double tip = a / (a - b) * (a / (a - c));
    return count == 1 ? tip : 1 - tip;
}

// V = 1/6 sum a . (b x c) over the part kept of each triangle. Its corners are taken from a point on
// the plane: seen from there the cap, which would close the mesh, has no height and adds nothing. On one
// thread: it takes less time than others take to wake while a job keeps the processors busy.
double hp_mesh_kept_mm3(const HpMesh *mesh, const HpCut *cut)
{
    double apex[3], sum = 0;
    if (mesh->triangles == 0)
        return 0;
    // Beside the mesh: far from it the products would cancel.
    const double above = height_of(cut, mesh->mm);
    for (int axis = 0; axis < 3; axis++)
        apex[axis] = mesh->mm[axis] - above * cut->normal[axis];
    for (size_t at = 0; at < 3 * mesh->triangles; at += 3) {
        double p[3][3], height[3];
        for (int c = 0; c < 3; c++) {
            const float *mm = mesh->mm + 3 * (size_t)mesh->index[at + c];
            height[c] = height_of(cut, mm);
            for (int axis = 0; axis < 3; axis++)
                p[c][axis] = mm[axis] - apex[axis];
        }
        const double share = kept_share(height);
        if (share > 0)
            sum += share * (p[0][0] * (p[1][1] * p[2][2] - p[1][2] * p[2][1]) +
                            p[0][1] * (p[1][2] * p[2][0] - p[1][0] * p[2][2]) +
                            p[0][2] * (p[1][0] * p[2][1] - p[1][1] * p[2][0]));
    }
    return sum / 6;
}

HpMesh *hp_surface_trim(const HpMesh *mesh, const HpCut *cuts, int count, GPtrArray *removed,
                        HpTask *task, GError **error)
{
    g_autoptr(HpMesh) left = hp_mesh_ref((HpMesh *)mesh);
    for (int at = 0; at < count; at++) {
        HpMesh *kept = NULL, *off = NULL;
        if (cuts[at].is_off)
            continue;
        if (!hp_task_step(task, (double)at / count, error) ||
            !hp_mesh_cut(left, &cuts[at], &kept, &off, error))
            return NULL;
        hp_mesh_unref(left);
        left = kept;
        if (off != NULL && removed != NULL)
            g_ptr_array_add(removed, off);
        else
            hp_mesh_unref(off);
        if (left == NULL) {
            g_set_error(error, HP_ERROR, HP_ERROR_NO_RESULT,
                        _("nothing of the surface lies on the kept side of trim plane %d"), at + 1);
            return NULL;
        }
    }
    return hp_task_step(task, 1, error) ? g_steal_pointer(&left) : NULL;
}
