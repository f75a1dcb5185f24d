// SPDX-License-Identifier: Apache-2.0
// Binary STL: 80 bytes of text, a count, and 50 bytes a triangle.
#include "io/stl.h"

#include "core/error.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#define HEAD 80
#define FACET 50   // normal, three corners, two bytes of attributes
#define STEP 10000 // triangles between looks at the task

static void put_f32(uint8_t *to, float value)
{
    uint32_t word;
    memcpy(&word, &value, sizeof word);
    word = GUINT32_TO_LE(word);
    memcpy(to, &word, sizeof word);
}

static float get_f32(const uint8_t *from)
{
    uint32_t word;
    memcpy(&word, from, sizeof word);
    word = GUINT32_FROM_LE(word);
    float value;
    memcpy(&value, &word, sizeof value);
    return value;
}

static void facet_normal(const float *const corner[3], float normal[3])
{
    double e[3], f[3];
    for (int axis = 0; axis < 3; axis++) {
        e[axis] = (double)corner[1][axis] - (double)corner[0][axis];
        f[axis] = (double)corner[2][axis] - (double)corner[0][axis];
    }
    const double n[3] = {e[1] * f[2] - e[2] * f[1], e[2] * f[0] - e[0] * f[2],
                         e[0] * f[1] - e[1] * f[0]};
    const double length = sqrt(n[0] * n[0] + n[1] * n[1] + n[2] * n[2]);
    for (int axis = 0; axis < 3; axis++)
        normal[axis] = length > 0 ? (float)(n[axis] / length) : 0;
}

static void put_facet(const HpMesh *mesh, size_t triangle, uint8_t facet[FACET])
{
    const uint32_t *index = mesh->index + 3 * triangle;
    const float *corner[3];
    float normal[3];
    for (int at = 0; at < 3; at++)
        corner[at] = mesh->mm + 3 * (size_t)index[at];
    facet_normal(corner, normal);
    for (int axis = 0; axis < 3; axis++) {
        put_f32(facet + 4 * axis, normal[axis]);
        for (int at = 0; at < 3; at++)
            put_f32(facet + 12 + 12 * at + 4 * axis, corner[at][axis]);
    }
    facet[48] = facet[49] = 0;
}

bool hp_stl_write(const HpMesh *mesh, HpMeshAxes axes, HpSink *sink, HpTask *task, GError **error)
{
    if (mesh->triangles > UINT32_MAX) {
        g_set_error(error, HP_ERROR, HP_ERROR_UNSUPPORTED, _("%zu triangles, STL holds up to %u"),
                    mesh->triangles, UINT32_MAX);
        return false;
    }
    // The text must not begin with "solid": that would be a text STL.
    uint8_t head[HEAD + 4] = {0};
    g_snprintf((char *)head, HEAD, "Hepatica: binary STL, coordinates in %.3s, millimetres",
               hp_mesh_axes_words(axes));
    const uint32_t count = GUINT32_TO_LE((uint32_t)mesh->triangles);
    memcpy(head + HEAD, &count, sizeof count);
    if (!hp_sink_write(sink, head, sizeof head, error))
        return false;
    for (size_t t = 0; t < mesh->triangles; t++) {
        uint8_t facet[FACET];
        put_facet(mesh, t, facet);
        if (!hp_sink_write(sink, facet, sizeof facet, error))
            return false;
        if (t % STEP == 0 && !hp_task_step(task, (double)t / (double)mesh->triangles, error))
            return false;
    }
    return true;
}

// Vertices found so far, and a table of their numbers (plus one) by the hash of their place.
typedef struct {
    float *mm;
    uint32_t count;
    uint32_t *slot; // mask + 1 of them, at least twice the corners
    size_t mask;
} Weld;

static void weld_clear(Weld *weld)
{
    g_free(weld->mm);
    g_free(weld->slot);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Weld, weld_clear)

static bool weld_init(Weld *weld, size_t corners, GError **error)
{
    size_t slots = 16;
    while (slots < 2 * corners)
        slots *= 2;
    *weld = (Weld){.mask = slots - 1};
    weld->mm = hp_try_alloc(corners, 3 * sizeof *weld->mm, "vertices", error);
    if (weld->mm == NULL)
        return false;
    weld->slot = hp_try_alloc(slots, sizeof *weld->slot, "a table of vertices", error);
    return weld->slot != NULL;
}

// Mixes the bits so that neighbours on a grid do not collide (the finalizer of MurmurHash3).
static uint64_t hash_place(const float mm[3])
{
    uint32_t word[3];
    memcpy(word, mm, sizeof word);
    uint64_t h = word[0] * 0x9e3779b97f4a7c15u ^ (uint64_t)word[1] << 32 ^ word[2];
    h ^= h >> 33;
    h *= 0xff51afd7ed558ccdu;
    h ^= h >> 33;
    h *= 0xc4ceb9fe1a85ec53u;
    return h ^ h >> 33;
}

static uint32_t weld_find(Weld *weld, const float mm[3])
{
    size_t at = hash_place(mm) & weld->mask;
    for (; weld->slot[at] != 0; at = (at + 1) & weld->mask) {
        const uint32_t known = weld->slot[at] - 1;
        if (memcmp(weld->mm + 3 * (size_t)known, mm, 3 * sizeof *mm) == 0)
            return known;
    }
    memcpy(weld->mm + 3 * (size_t)weld->count, mm, 3 * sizeof *mm);
    weld->slot[at] = ++weld->count;
    return weld->count - 1;
}

static bool read_facet(HpSource *source, size_t number, Weld *weld, uint32_t corner[3],
                       GError **error)
{
    uint8_t facet[FACET];
    if (!hp_source_read_all(source, facet, sizeof facet, "a triangle", error))
        return false;
    for (int at = 0; at < 3; at++) {
        float mm[3];
        for (int axis = 0; axis < 3; axis++) {
            mm[axis] = get_f32(facet + 12 + 12 * at + 4 * axis) + 0.0f; // -0 becomes 0
            if (!isfinite(mm[axis])) {
                g_set_error(error, HP_ERROR, HP_ERROR_BAD_FILE,
                            _("triangle %zu has a corner at %g, expected a number"), number,
                            (double)mm[axis]);
                return false;
            }
        }
        corner[at] = weld_find(weld, mm);
    }
    return true;
}

static bool read_count(HpSource *source, size_t *count, GError **error)
{
    uint8_t head[HEAD + 4];
    if (!hp_source_read_all(source, head, sizeof head, "the STL header", error))
        return false;
    uint32_t stated;
    memcpy(&stated, head + HEAD, sizeof stated);
    *count = GUINT32_FROM_LE(stated);
    const size_t left = hp_source_get_left(source);
    if (*count * FACET <= left && *count <= UINT32_MAX / 3)
        return true;
    if (memcmp(head, "solid", 5) == 0)
        g_set_error(error, HP_ERROR, HP_ERROR_UNSUPPORTED,
                    _("is a text STL, expected a binary one"));
    else
        g_set_error(error, HP_ERROR, HP_ERROR_BAD_FILE,
                    _("holds %zu triangles, its header says %zu"), left / FACET, *count);
    return false;
}

static HpMesh *to_mesh(const Weld *weld, const uint32_t *index, size_t triangles, GError **error)
{
    HpMesh *mesh = hp_mesh_new(weld->count, triangles, error);
    if (mesh == NULL)
        return NULL;
    if (weld->count > 0)
        memcpy(mesh->mm, weld->mm, weld->count * 3 * sizeof *mesh->mm);
    if (triangles > 0)
        memcpy(mesh->index, index, triangles * 3 * sizeof *index);
    hp_mesh_compute_normals(mesh);
    return mesh;
}

HpMesh *hp_stl_read(HpSource *source, HpTask *task, GError **error)
{
    size_t count, kept = 0;
    g_auto(Weld) weld = {0};
    if (!read_count(source, &count, error) || !weld_init(&weld, 3 * count, error))
        return NULL;
    g_autofree uint32_t *index = hp_try_alloc(count, 3 * sizeof *index, "triangles", error);
    if (index == NULL)
        return NULL;
    for (size_t t = 0; t < count; t++) {
        uint32_t *corner = index + 3 * kept;
        if (!read_facet(source, t, &weld, corner, error))
            return NULL;
        kept += corner[0] != corner[1] && corner[1] != corner[2] && corner[2] != corner[0];
        if (t % STEP == 0 && !hp_task_step(task, (double)t / (double)count, error))
            return NULL;
    }
    return to_mesh(&weld, index, kept, error);
}
