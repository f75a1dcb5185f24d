// SPDX-License-Identifier: Apache-2.0
// Makes a closed mesh manifold: each edge two triangles, each vertex one fan.
#include "surface/mend.h"

#include "core/error.h"

#include <glib/gi18n.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define NONE UINT32_MAX
#define APART 0.01f // of the way to its neighbours that each copy of a split vertex goes; taste

// Half-edge 3 t + c runs from corner c of triangle t to the next one.
static uint32_t half_next(uint32_t half)
{
    return half % 3 == 2 ? half - 2 : half + 1;
}

static uint32_t half_last(uint32_t half)
{
    return half % 3 == 0 ? half + 2 : half - 1;
}

typedef struct {
    uint32_t low, high; // vertices
    uint32_t half;
    bool is_forward; // from low to high
    double angle;    // of the triangle around the edge
} Side;

typedef struct {
    const HpMesh *mesh;
    uint32_t *twin;   // of each half-edge, the one that runs back
    GArray *crowded;  // uint32_t: half-edges, one of each pair where more than two triangles meet
    uint8_t *is_flat; // of each triangle: lies back to back with another
    size_t flat;
} Twins;

static void twins_clear(Twins *twins)
{
    g_clear_pointer(&twins->twin, g_free);
    g_clear_pointer(&twins->is_flat, g_free);
    g_clear_pointer(&twins->crowded, g_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Twins, twins_clear)

static int compare_sides(const void *left, const void *right)
{
    const Side *a = left, *b = right;
    if (a->low != b->low)
        return a->low < b->low ? -1 : 1;
    if (a->high != b->high)
        return a->high < b->high ? -1 : 1;
    return a->half < b->half ? -1 : a->half > b->half;
}

static void subtract(const HpMesh *mesh, uint32_t a, uint32_t b, double out[3])
{
    for (int axis = 0; axis < 3; axis++)
        out[axis] = (double)mesh->mm[3 * (size_t)a + axis] - mesh->mm[3 * (size_t)b + axis];
}

static double dot(const double a[3], const double b[3])
{
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

static void cross(const double a[3], const double b[3], double out[3])
{
    out[0] = a[1] * b[2] - a[2] * b[1];
    out[1] = a[2] * b[0] - a[0] * b[2];
    out[2] = a[0] * b[1] - a[1] * b[0];
}

// Angles of the triangles around their edge low -> high, right-handed, from the first one on.
static void measure_angles(const HpMesh *mesh, Side *side, int count)
{
    double along[3], zero[3], quarter[3], apex[3];
    subtract(mesh, side->high, side->low, along);
    subtract(mesh, mesh->index[half_last(side->half)], side->low, zero);
    cross(along, zero, quarter);
    cross(quarter, along, zero); // now at a right angle to the edge, |along|^2 as long
    const double length = sqrt(dot(along, along));
    for (int at = 0; at < count; at++) {
        subtract(mesh, mesh->index[half_last(side[at].half)], side->low, apex);
        side[at].angle = atan2(dot(apex, quarter) * length, dot(apex, zero));
    }
}

// Pairs each triangle that runs forward with the first one that runs back on its solid side: turning
// with the edge leads out of it, so the solid lies at smaller angles.
static void pair_crowded(Twins *twins, Side *side, int count)
{
    measure_angles(twins->mesh, side, count);
    for (int at = 0; at < count; at++) {
        int best = -1;
        double best_turn = INFINITY;
        for (int other = 0; side[at].is_forward && other < count; other++) {
            if (side[other].is_forward || twins->twin[side[other].half] != NONE)
                continue;
            double turn = side[at].angle - side[other].angle;
            turn += turn < 0 ? 2 * G_PI : 0;
            if (turn < best_turn) {
                best_turn = turn;
                best = other;
            }
        }
        if (best < 0)
            continue;
        twins->twin[side[at].half] = side[best].half;
        twins->twin[side[best].half] = side[at].half;
        g_array_append_val(twins->crowded, side[at].half);
    }
}

// Marks triangles of one edge that have the same corners and face away from each other.
static void mark_flat(Twins *twins, const Side *side, int count)
{
    const uint32_t *index = twins->mesh->index;
    for (int at = 0; at < count; at++)
        for (int other = 0; side[at].is_forward && other < count; other++) {
            uint8_t *a = twins->is_flat + side[at].half / 3;
            uint8_t *b = twins->is_flat + side[other].half / 3;
            const bool is_same =
                index[half_last(side[at].half)] == index[half_last(side[other].half)];
            if (side[other].is_forward || !is_same || *a || *b)
                continue;
            *a = *b = 1;
            twins->flat += 2;
        }
}

// One edge's sides; false if it is not passed as often one way as the other.
static bool pair_edge(Twins *twins, Side *side, int count)
{
    int forward = 0;
    for (int at = 0; at < count; at++)
        forward += side[at].is_forward;
    if (2 * forward != count || side->low == side->high)
        return false;
    mark_flat(twins, side, count);
    if (count == 2) {
        twins->twin[side[0].half] = side[1].half;
        twins->twin[side[1].half] = side[0].half;
    } else
        pair_crowded(twins, side, count);
    return true;
}

// Half-edges in the order of their lower vertex, by counting.
static Side *dup_sides(const HpMesh *mesh, GError **error)
{
    const size_t halves = 3 * mesh->triangles;
    g_autofree uint32_t *place = hp_try_alloc(mesh->vertices + 1, sizeof *place, "edges", error);
    if (place == NULL)
        return NULL;
    Side *side = hp_try_alloc(halves, sizeof *side, "edges", error);
    if (side == NULL)
        return NULL;
    for (uint32_t half = 0; half < halves; half++)
        place[MIN(mesh->index[half], mesh->index[half_next(half)]) + 1]++;
    for (size_t v = 1; v <= mesh->vertices; v++)
        place[v] += place[v - 1];
    for (uint32_t half = 0; half < halves; half++) {
        const uint32_t a = mesh->index[half], b = mesh->index[half_next(half)];
        side[place[MIN(a, b)]++] =
            (Side){.low = MIN(a, b), .high = MAX(a, b), .half = half, .is_forward = a < b};
    }
    return side;
}

// The twins of a closed mesh; fails with HP_ERROR_NO_RESULT if it is open.
static bool twins_init(Twins *twins, const HpMesh *mesh, GError **error)
{
    const size_t halves = 3 * mesh->triangles;
    *twins = (Twins){.mesh = mesh, .crowded = g_array_new(FALSE, FALSE, sizeof(uint32_t))};
    g_autofree Side *side = dup_sides(mesh, error);
    if (side == NULL)
        return false;
    twins->twin = hp_try_alloc(halves, sizeof *twins->twin, "edges", error);
    if (twins->twin == NULL)
        return false;
    twins->is_flat = hp_try_alloc(mesh->triangles, 1, "triangles", error);
    if (twins->is_flat == NULL)
        return false;
    for (size_t half = 0; half < halves; half++)
        twins->twin[half] = NONE;
    for (size_t begin = 0, end; begin < halves; begin = end) {
        for (end = begin; end < halves && side[end].low == side[begin].low;)
            end++;
        qsort(side + begin, end - begin, sizeof *side, compare_sides); // some six of them
        for (size_t from = begin, to; from < end; from = to) {
            for (to = from; to < end && side[to].high == side[from].high;)
                to++;
            if (pair_edge(twins, side + from, (int)(to - from)))
                continue;
            g_set_error(error, HP_ERROR, HP_ERROR_NO_RESULT,
                        _("the mesh is open at the edge of vertices %u and %u"), side[from].low,
                        side[from].high);
            return false;
        }
    }
    return true;
}

// Numbers the fans, those of a triangle's corners in fan[3 t + c]; each fan is one vertex.
static uint32_t number_fans(const Twins *twins, uint32_t *fan)
{
    const size_t halves = 3 * twins->mesh->triangles;
    uint32_t fans = 0;
    for (size_t half = 0; half < halves; half++)
        fan[half] = NONE;
    for (uint32_t half = 0; half < halves; half++) {
        if (fan[half] != NONE)
            continue;
        for (uint32_t at = half; fan[at] == NONE; at = twins->twin[half_last(at)])
            fan[at] = fans;
        fans++;
    }
    return fans;
}

static size_t count_used(const HpMesh *mesh)
{
    g_autofree uint8_t *is_used = g_new0(uint8_t, mesh->vertices + 1);
    size_t used = 0;
    for (size_t at = 0; at < 3 * mesh->triangles; at++) {
        used += !is_used[mesh->index[at]];
        is_used[mesh->index[at]] = 1;
    }
    return used;
}

bool hp_mesh_is_manifold(const HpMesh *mesh)
{
    g_auto(Twins) twins = {0};
    if (!twins_init(&twins, mesh, NULL) || twins.crowded->len > 0 || twins.flat > 0)
        return false;
    g_autofree uint32_t *fan = g_new(uint32_t, 3 * mesh->triangles + 1);
    return number_fans(&twins, fan) == count_used(mesh);
}

// Copies each fan's vertex. Copies of one vertex move a little towards their own neighbours, so that
// a format that knows vertices by place does not join them again.
static void place_fans(const HpMesh *mesh, const uint32_t *fan, uint32_t fans, HpMesh *out)
{
    g_autofree uint32_t *copies = g_new0(uint32_t, mesh->vertices);
    g_autofree uint32_t *origin = g_new(uint32_t, fans + 1);
    g_autofree float *toward = g_new0(float, 3 * (size_t)fans + 1);
    g_autofree uint32_t *count = g_new0(uint32_t, fans + 1);
    for (uint32_t f = 0; f < fans; f++)
        origin[f] = NONE;
    for (uint32_t half = 0; half < 3 * mesh->triangles; half++) {
        const uint32_t v = mesh->index[half], next = mesh->index[half_next(half)];
        copies[v] += origin[fan[half]] == NONE;
        origin[fan[half]] = v;
        count[fan[half]]++;
        for (int axis = 0; axis < 3; axis++)
            toward[3 * (size_t)fan[half] + axis] +=
                mesh->mm[3 * (size_t)next + axis] - mesh->mm[3 * (size_t)v + axis];
    }
    for (uint32_t f = 0; f < fans; f++)
        for (int axis = 0; axis < 3; axis++) {
            const size_t to = 3 * (size_t)f + axis, of = 3 * (size_t)origin[f] + axis;
            const float away = copies[origin[f]] > 1 ? APART * toward[to] / count[f] : 0;
            out->mm[to] = mesh->mm[of] + away;
            out->normal[to] = mesh->normal[of];
        }
}

// The mesh with a vertex for each fan.
static HpMesh *part_fans(const Twins *twins, const uint32_t *fan, uint32_t fans, GError **error)
{
    const HpMesh *mesh = twins->mesh;
    HpMesh *out = hp_mesh_new(fans, mesh->triangles, error);
    if (out == NULL)
        return NULL;
    place_fans(mesh, fan, fans, out);
    memcpy(out->index, fan, 3 * mesh->triangles * sizeof *fan);
    return out;
}

static HpMesh *drop_flat(const Twins *twins, GError **error)
{
    HpMesh *out = hp_mesh_copy(twins->mesh, error);
    if (out == NULL)
        return NULL;
    out->triangles = 0;
    for (size_t t = 0; t < twins->mesh->triangles; t++)
        if (!twins->is_flat[t])
            memcpy(out->index + 3 * out->triangles++, twins->mesh->index + 3 * t,
                   3 * sizeof *out->index);
    return out;
}

static void copy_triangle(HpMesh *out, size_t triangle, uint32_t a, uint32_t b, uint32_t c)
{
    const uint32_t corner[3] = {a, b, c};
    memcpy(out->index + 3 * triangle, corner, sizeof corner);
}

// Cuts the triangle of a half-edge in two at the new vertex on it; the second half goes last.
static void cut_triangle(HpMesh *out, uint32_t half, uint32_t vertex)
{
    const uint32_t a = out->index[half], b = out->index[half_next(half)];
    const uint32_t c = out->index[half_last(half)];
    copy_triangle(out, half / 3, a, vertex, c);
    copy_triangle(out, out->triangles++, vertex, b, c);
}

// A vertex in the middle of a half-edge, a hair towards the two triangles there.
static uint32_t add_middle(HpMesh *out, uint32_t half, uint32_t twin)
{
    const size_t v = out->vertices++;
    const size_t a = out->index[half], b = out->index[half_next(half)];
    const size_t c = out->index[half_last(half)], d = out->index[half_last(twin)];
    for (int axis = 0; axis < 3; axis++) {
        const float middle = 0.5f * (out->mm[3 * a + axis] + out->mm[3 * b + axis]);
        const float apexes = 0.5f * (out->mm[3 * c + axis] + out->mm[3 * d + axis]);
        out->mm[3 * v + axis] = middle + APART * (apexes - middle);
        out->normal[3 * v + axis] = out->normal[3 * a + axis];
    }
    return (uint32_t)v;
}

// Fans may be one and still two sheets share both ends of an edge: each pair there gets a vertex of
// its own in the middle. A triangle is cut once; if it has more such edges, the next round cuts it.
static HpMesh *part_edges(const Twins *twins, GError **error)
{
    const HpMesh *mesh = twins->mesh;
    const size_t more = twins->crowded->len;
    HpMesh *out = hp_mesh_new(mesh->vertices + more, mesh->triangles + 2 * more, error);
    if (out == NULL)
        return NULL;
    g_autofree uint8_t *is_cut = g_new0(uint8_t, mesh->triangles);
    memcpy(out->mm, mesh->mm, 3 * mesh->vertices * sizeof *mesh->mm);
    memcpy(out->normal, mesh->normal, 3 * mesh->vertices * sizeof *mesh->normal);
    memcpy(out->index, mesh->index, 3 * mesh->triangles * sizeof *mesh->index);
    out->vertices = mesh->vertices;
    out->triangles = mesh->triangles;
    for (size_t at = 0; at < more; at++) {
        const uint32_t half = g_array_index(twins->crowded, uint32_t, at), twin = twins->twin[half];
        if (is_cut[half / 3] || is_cut[twin / 3])
            continue;
        is_cut[half / 3] = is_cut[twin / 3] = 1;
        const uint32_t vertex = add_middle(out, half, twin);
        cut_triangle(out, half, vertex);
        cut_triangle(out, twin, vertex);
    }
    return out;
}

// One thing mended; the mesh itself, with a reference, if there is none to mend.
static HpMesh *mend_once(HpMesh *mesh, GError **error)
{
    g_auto(Twins) twins = {0};
    if (!twins_init(&twins, mesh, error))
        return NULL;
    if (twins.flat > 0)
        return drop_flat(&twins, error);
    g_autofree uint32_t *fan = hp_try_alloc(3 * mesh->triangles, sizeof *fan, "corners", error);
    if (fan == NULL)
        return NULL;
    const uint32_t fans = number_fans(&twins, fan);
    if (fans != mesh->vertices)
        return part_fans(&twins, fan, fans, error);
    return twins.crowded->len > 0 ? part_edges(&twins, error) : hp_mesh_ref(mesh);
}

HpMesh *hp_mesh_mend(const HpMesh *mesh, GError **error)
{
    HpMesh *now = hp_mesh_ref((HpMesh *)mesh);
    // Ends: flat triangles get fewer, fans are parted for good, and a cut edge is shared by no other.
    while (now != NULL) {
        HpMesh *next = mend_once(now, error);
        hp_mesh_unref(now);
        if (next == now)
            return next;
        now = next;
    }
    return NULL;
}
