// SPDX-License-Identifier: Apache-2.0
// The parts of a closed mesh that are not joined: solids with their cavities.
#include "surface/parts.h"

#include "core/error.h"
#include "surface/ring.h"

#include <math.h>
#include <string.h>

// One connected surface: the outside of a solid, or, its volume being negative, of a cavity.
typedef struct {
    double mm3;
    float low[3], high[3];
    uint32_t solid;  // the shell it belongs to: its own, or the one around a cavity
    uint32_t vertex; // its first one
    size_t vertices, triangles;
} Shell;

static void cross(const double a[3], const double b[3], double out[3])
{
    out[0] = a[1] * b[2] - a[2] * b[1];
    out[1] = a[2] * b[0] - a[0] * b[2];
    out[2] = a[0] * b[1] - a[1] * b[0];
}

static double dot(const double a[3], const double b[3])
{
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

// Corners of a triangle relative to a place.
static void corners_from(const HpMesh *mesh, size_t triangle, const float *from,
                         double corner[3][3])
{
    for (int c = 0; c < 3; c++)
        for (int axis = 0; axis < 3; axis++)
            corner[c][axis] =
                (double)mesh->mm[3 * (size_t)mesh->index[3 * triangle + c] + axis] - from[axis];
}

static void measure_shells(const HpMesh *mesh, const uint32_t *part, uint32_t parts, Shell *shells)
{
    for (uint32_t p = 0; p < parts; p++)
        for (int axis = 0; axis < 3; axis++) {
            shells[p].low[axis] = INFINITY;
            shells[p].high[axis] = -INFINITY;
        }
    for (size_t v = mesh->vertices; v-- > 0;) {
        Shell *shell = &shells[part[v]];
        shell->vertex = (uint32_t)v;
        shell->vertices++;
        for (int axis = 0; axis < 3; axis++) {
            shell->low[axis] = MIN(shell->low[axis], mesh->mm[3 * v + axis]);
            shell->high[axis] = MAX(shell->high[axis], mesh->mm[3 * v + axis]);
        }
    }
    for (size_t t = 0; t < mesh->triangles; t++) {
        Shell *shell = &shells[part[mesh->index[3 * t]]];
        double p[3][3], n[3];
        corners_from(mesh, t, mesh->mm, p);
        cross(p[1], p[2], n);
        shell->mm3 += dot(p[0], n) / 6;
        shell->triangles++;
    }
}

// Turns of a shell around a place: 1 inside, 0 outside; the sum of the solid angles of its
// triangles (Van Oosterom and Strackee 1983) over 4 pi.
static double turns_around(const HpMesh *mesh, const uint32_t *part, uint32_t shell,
                           const float *place)
{
    double sum = 0;
    for (size_t t = 0; t < mesh->triangles; t++) {
        if (part[mesh->index[3 * t]] != shell)
            continue;
        double p[3][3], n[3];
        corners_from(mesh, t, place, p);
        cross(p[1], p[2], n);
        const double a = sqrt(dot(p[0], p[0])), b = sqrt(dot(p[1], p[1])),
                     c = sqrt(dot(p[2], p[2]));
        sum += 2 * atan2(dot(p[0], n), a * b * c + dot(p[0], p[1]) * c + dot(p[0], p[2]) * b +
                                           dot(p[1], p[2]) * a);
    }
    return sum / (4 * G_PI);
}

static bool is_box_inside(const Shell *inner, const Shell *outer)
{
    for (int axis = 0; axis < 3; axis++)
        if (inner->low[axis] < outer->low[axis] || inner->high[axis] > outer->high[axis])
            return false;
    return true;
}

// Gives a cavity to the smallest solid around it. Only where several boxes are around it, or none,
// does it need more than the boxes.
static void find_solid(const HpMesh *mesh, const uint32_t *part, uint32_t parts, Shell *shells,
                       uint32_t cavity)
{
    uint32_t candidates = 0, largest = 0;
    for (uint32_t p = 0; p < parts; p++) {
        largest = shells[p].mm3 > shells[largest].mm3 ? p : largest;
        if (shells[p].mm3 > 0 && is_box_inside(&shells[cavity], &shells[p])) {
            shells[cavity].solid = p;
            candidates++;
        }
    }
    if (candidates == 0)
        shells[cavity].solid = largest;
    if (candidates < 2)
        return;
    double best_mm3 = INFINITY;
    const float *place = mesh->mm + 3 * (size_t)shells[cavity].vertex;
    for (uint32_t p = 0; p < parts; p++)
        if (shells[p].mm3 > 0 && shells[p].mm3 < best_mm3 &&
            is_box_inside(&shells[cavity], &shells[p]) &&
            turns_around(mesh, part, p, place) > 0.5) {
            best_mm3 = shells[p].mm3;
            shells[cavity].solid = p;
        }
}

// Solids by the volume of their outer surface.
static int compare_shells(const void *left, const void *right, void *data)
{
    const Shell *shells = data;
    const uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;
    if (shells[a].mm3 != shells[b].mm3)
        return shells[a].mm3 > shells[b].mm3 ? -1 : 1;
    return a < b ? -1 : a > b;
}

typedef struct {
    const HpMesh *mesh;
    uint32_t *part, parts; // of each vertex
    Shell *shells;
    GArray *solids; // uint32_t: the shells that are solids, largest first
} Parts;

static void parts_clear(Parts *parts)
{
    g_free(parts->part);
    g_free(parts->shells);
    g_clear_pointer(&parts->solids, g_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Parts, parts_clear)

static bool find_shells(Parts *parts, const HpMesh *mesh, GError **error)
{
    *parts = (Parts){.mesh = mesh};
    parts->part = hp_ring_dup_parts(mesh, &parts->parts, error);
    if (parts->part == NULL)
        return false;
    parts->shells = g_new0(Shell, parts->parts + 1);
    measure_shells(mesh, parts->part, parts->parts, parts->shells);
    return true;
}

// The volume of a solid, without its cavities, goes into its shell.
static bool find_solids(Parts *parts, const HpMesh *mesh, GError **error)
{
    if (!find_shells(parts, mesh, error))
        return false;
    Shell *shells = parts->shells;
    parts->solids = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    for (uint32_t p = 0; p < parts->parts; p++) {
        shells[p].solid = p;
        if (shells[p].mm3 < 0)
            find_solid(mesh, parts->part, parts->parts, shells, p);
    }
    for (uint32_t p = 0; p < parts->parts; p++)
        if (shells[p].solid != p)
            shells[shells[p].solid].mm3 += shells[p].mm3;
        else if (shells[p].triangles > 0) // not a vertex that no triangle uses
            g_array_append_val(parts->solids, p);
    g_array_sort_with_data(parts->solids, compare_shells, shells);
    return true;
}

// The shells of one number in `solid`.
static HpMesh *copy_shells(const Parts *parts, uint32_t solid, GError **error)
{
    const HpMesh *mesh = parts->mesh;
    const Shell *shells = parts->shells;
    size_t vertices = 0, triangles = 0;
    for (uint32_t p = 0; p < parts->parts; p++)
        if (shells[p].solid == solid) {
            vertices += shells[p].vertices;
            triangles += shells[p].triangles;
        }
    g_autofree uint32_t *place = hp_try_alloc(mesh->vertices, sizeof *place, "vertices", error);
    if (place == NULL)
        return NULL;
    HpMesh *out = hp_mesh_new(vertices, triangles, error);
    if (out == NULL)
        return NULL;
    uint32_t to = 0, *index = out->index;
    for (size_t v = 0; v < mesh->vertices; v++) {
        if (shells[parts->part[v]].solid != solid)
            continue;
        memcpy(out->mm + 3 * (size_t)to, mesh->mm + 3 * v, 3 * sizeof *mesh->mm);
        memcpy(out->normal + 3 * (size_t)to, mesh->normal + 3 * v, 3 * sizeof *mesh->normal);
        place[v] = to++;
    }
    for (size_t at = 0; at < 3 * mesh->triangles; at++)
        if (shells[parts->part[mesh->index[at]]].solid == solid)
            *index++ = place[mesh->index[at]];
    return out;
}

static HpMesh *copy_solid(const Parts *parts, guint number, GError **error)
{
    return copy_shells(parts, g_array_index(parts->solids, uint32_t, number), error);
}

GPtrArray *hp_mesh_split(const HpMesh *mesh, GError **error)
{
    g_auto(Parts) parts = {0};
    if (!find_solids(&parts, mesh, error))
        return NULL;
    g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func((GDestroyNotify)hp_mesh_unref);
    for (guint at = 0; at < parts.solids->len; at++) {
        HpMesh *out = copy_solid(&parts, at, error);
        if (out == NULL)
            return NULL;
        g_ptr_array_add(list, out);
    }
    return g_steal_pointer(&list);
}

HpMesh *hp_mesh_keep_largest(const HpMesh *mesh, int *count, GError **error)
{
    g_auto(Parts) parts = {0};
    if (!find_solids(&parts, mesh, error))
        return NULL;
    if (count != NULL)
        *count = (int)parts.solids->len;
    return parts.solids->len > 1 ? copy_solid(&parts, 0, error) : hp_mesh_ref((HpMesh *)mesh);
}

HpMesh *hp_mesh_drop_specks(const HpMesh *mesh, double mm3, GError **error)
{
    g_auto(Parts) parts = {0};
    uint32_t specks = 0;
    if (!find_shells(&parts, mesh, error))
        return NULL;
    for (uint32_t p = 0; p < parts.parts; p++) {
        parts.shells[p].solid = fabs(parts.shells[p].mm3) < mm3; // 0: stays
        specks += parts.shells[p].solid;
    }
    return specks > 0 ? copy_shells(&parts, 0, error) : hp_mesh_ref((HpMesh *)mesh);
}
