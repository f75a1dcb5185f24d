// SPDX-License-Identifier: Apache-2.0
// What a person's strokes say of the voxels of a grid.
#include "segment/strokes.h"

#include "core/contour.h"
#include "core/error.h"
#include "image/distance.h"
#include "segment/geodesic.h"

#include <math.h>
#include <string.h>

static const float against_nats = 2;   // beside a barrier; grey values say at most 4
static const float push_nats = 3;      // so much a lesion's values may lack
static const float hold_nats = 4;      // of the planar contours where they alone count
static const float hold_ramp_mm = 2;   // the way from for to against there
static const double half_voxel = 0.71; // of the side: a line is in a voxel or this near its centre

// A stroke in the millimetres of a grid's own axes, and the voxels it may reach.
typedef struct {
    double (*at)[3]; // owned
    int count, normal;
    double radius_mm;
    double level_mm; // of the line along the normal
    int slice;       // the one that holds it; may lie outside the grid
    int lo[3], hi[3];
} Brush;

static void brush_init(Brush *brush, const HpStroke *stroke, const HpGrid *grid)
{
    int u, v;
    hp_plane_axes(grid, stroke->plane, &u, &v);
    *brush = (Brush){.count = stroke->count, .normal = 3 - u - v};
    brush->radius_mm =
        MAX(stroke->radius_mm, half_voxel * MAX(grid->spacing_mm[u], grid->spacing_mm[v]));
    brush->at = g_malloc_n(stroke->count, sizeof *brush->at);
    double low[3] = {INFINITY, INFINITY, INFINITY}, high[3] = {-INFINITY, -INFINITY, -INFINITY};
    double level = 0;
    for (int point = 0; point < stroke->count; point++) {
        double ijk[3];
        hp_grid_to_ijk(grid, stroke->mm[point], ijk);
        level += ijk[brush->normal] / stroke->count;
        for (int axis = 0; axis < 3; axis++) {
            brush->at[point][axis] = ijk[axis] * grid->spacing_mm[axis];
            low[axis] = MIN(low[axis], ijk[axis]);
            high[axis] = MAX(high[axis], ijk[axis]);
        }
    }
    brush->level_mm = level * grid->spacing_mm[brush->normal];
    brush->slice = (int)CLAMP(floor(level + 0.5), -1, grid->size[brush->normal]);
    for (int axis = 0; axis < 3; axis++) {
        // At least the slice that holds the line, however thick.
        const double reach = MAX(brush->radius_mm / grid->spacing_mm[axis], 0.5);
        brush->lo[axis] = (int)CLAMP(ceil(low[axis] - reach), 0, grid->size[axis]);
        brush->hi[axis] = (int)CLAMP(floor(high[axis] + reach) + 1, 0, grid->size[axis]);
    }
}

// Lowers the squared distances, mm2, of the pixels of the brush's box that one piece of the line reaches.
static void approach(const Brush *brush, int piece, const HpGrid *grid, float *distance2)
{
    const int u = brush->normal == 0 ? 1 : 0, v = brush->normal == 2 ? 1 : 2;
    const double *a = brush->at[piece], *b = brush->at[MIN(piece + 1, brush->count - 1)];
    const double way[2] = {b[u] - a[u], b[v] - a[v]};
    const double length2 = way[0] * way[0] + way[1] * way[1];
    int lo[2], hi[2];
    for (int axis = 0; axis < 2; axis++) {
        const int at = axis == 0 ? u : v;
        const double low = (MIN(a[at], b[at]) - brush->radius_mm) / grid->spacing_mm[at];
        const double high = (MAX(a[at], b[at]) + brush->radius_mm) / grid->spacing_mm[at];
        lo[axis] = MAX(brush->lo[at], (int)floor(low));
        hi[axis] = MIN(brush->hi[at], (int)ceil(high) + 1);
    }
    const int width = brush->hi[u] - brush->lo[u];
    for (int y = lo[1]; y < hi[1]; y++)
        for (int x = lo[0]; x < hi[0]; x++) {
            const double p[2] = {x * grid->spacing_mm[u] - a[u], y * grid->spacing_mm[v] - a[v]};
            const double t =
                length2 > 0 ? CLAMP((p[0] * way[0] + p[1] * way[1]) / length2, 0, 1) : 0;
            const double off[2] = {p[0] - t * way[0], p[1] - t * way[1]};
            float *least =
                &distance2[(size_t)(y - brush->lo[v]) * width + (size_t)(x - brush->lo[u])];
            *least = MIN(*least, (float)(off[0] * off[0] + off[1] * off[1]));
        }
}

static uint8_t marked(uint8_t mark, HpStrokeKind kind)
{
    switch (kind) {
    case HP_STROKE_BARRIER:
        return mark | HP_MARK_BARRIER;
    case HP_STROKE_HOLD:
        return (mark & HP_MARK_BARRIER) | HP_MARK_HOLD;
    case HP_STROKE_PUSH:
        return (mark & HP_MARK_BARRIER) | HP_MARK_PUSH;
    default:
        return 0;
    }
}

static void mark_brush(const Brush *brush, HpStrokeKind kind, const float *distance2,
                       const HpGrid *grid, uint8_t *mark)
{
    const int u = brush->normal == 0 ? 1 : 0, v = brush->normal == 2 ? 1 : 2;
    const int width = brush->hi[u] - brush->lo[u];
    const double radius2 = brush->radius_mm * brush->radius_mm;
    for (int k = brush->lo[2]; k < brush->hi[2]; k++)
        for (int j = brush->lo[1]; j < brush->hi[1]; j++)
            for (int i = brush->lo[0]; i < brush->hi[0]; i++) {
                const int ijk[3] = {i, j, k};
                const int slice = ijk[brush->normal];
                const double depth =
                    slice == brush->slice
                        ? 0
                        : slice * grid->spacing_mm[brush->normal] - brush->level_mm;
                const size_t pixel =
                    (size_t)(ijk[v] - brush->lo[v]) * width + (size_t)(ijk[u] - brush->lo[u]);
                if (distance2[pixel] + depth * depth > radius2)
                    continue;
                uint8_t *voxel = &mark[hp_grid_offset(grid, i, j, k)];
                *voxel = marked(*voxel, kind);
            }
}

static bool paint(HpStrokeMap *map, const HpStroke *stroke, GError **error)
{
    Brush brush;
    brush_init(&brush, stroke, &map->grid);
    g_autofree void *owned = brush.at;
    size_t pixels = 1;
    bool is_empty = false;
    for (int axis = 0; axis < 3; axis++) {
        is_empty |= brush.lo[axis] >= brush.hi[axis];
        if (axis != brush.normal)
            pixels *= (size_t)MAX(brush.hi[axis] - brush.lo[axis], 0);
    }
    if (is_empty || (map->mark == NULL && stroke->kind == HP_STROKE_ERASE))
        return true;
    if (map->mark == NULL)
        map->mark = hp_try_alloc(hp_grid_count(&map->grid), 1, "strokes", error);
    g_autofree float *distance2 =
        map->mark != NULL ? hp_try_alloc(pixels, sizeof(float), "strokes", error) : NULL;
    if (distance2 == NULL)
        return false;
    for (size_t at = 0; at < pixels; at++)
        distance2[at] = INFINITY;
    for (int piece = 0; piece < MAX(1, brush.count - 1); piece++)
        approach(&brush, piece, &map->grid, distance2);
    mark_brush(&brush, stroke->kind, distance2, &map->grid, map->mark);
    return true;
}

HpStrokeMap *hp_stroke_map_new(const GPtrArray *strokes, const HpGrid *grid, GError **error)
{
    g_autoptr(HpStrokeMap) map = g_new0(HpStrokeMap, 1);
    map->grid = *grid;
    for (guint at = 0; strokes != NULL && at < strokes->len; at++)
        if (!paint(map, strokes->pdata[at], error))
            return NULL;
    return g_steal_pointer(&map);
}

void hp_stroke_map_free(HpStrokeMap *map)
{
    if (map == NULL)
        return;
    g_free(map->mark);
    hp_field_unref(map->against);
    g_free(map);
}

bool hp_stroke_map_spread(HpStrokeMap *map, HpTask *task, GError **error)
{
    const size_t count = hp_grid_count(&map->grid);
    bool has_barrier = false;
    for (size_t at = 0; at < count && map->mark != NULL && !has_barrier; at++)
        has_barrier = map->mark[at] & HP_MARK_BARRIER;
    if (!has_barrier)
        return true;
    g_autofree uint8_t *barrier = hp_try_alloc(count, 1, "strokes", error);
    if (barrier == NULL)
        return false;
    for (size_t at = 0; at < count; at++)
        barrier[at] = map->mark[at] & HP_MARK_BARRIER;
    const double reach = HP_STROKES_AGAINST_MM;
    map->against = hp_distance_outside(barrier, &map->grid, HP_MARK_BARRIER, reach, task, error);
    for (size_t at = 0; map->against != NULL && at < count; at++)
        map->against->value[at] = 1 - map->against->value[at] / (float)reach;
    return map->against != NULL;
}

void hp_stroke_map_clear(const HpStrokeMap *map, uint8_t *labels)
{
    if (map == NULL || map->mark == NULL)
        return;
    for (size_t at = 0; at < hp_grid_count(&map->grid); at++)
        if (map->mark[at] & HP_MARK_BARRIER)
            labels[at] = 0;
}

void hp_stroke_map_add_cost(const HpStrokeMap *map, const HpField *phi, HpField *cost)
{
    if (map == NULL || map->mark == NULL)
        return;
    for (size_t at = 0; at < hp_grid_count(&map->grid); at++) {
        float *value = &cost->value[at];
        if (map->mark[at] & HP_MARK_BARRIER) {
            *value = HP_GEODESIC_HARD;
            continue;
        }
        if (fabsf(*value) >= HP_GEODESIC_HARD)
            continue;
        if (map->against != NULL)
            *value += against_nats * map->against->value[at];
        if (phi == NULL)
            continue;
        if (map->mark[at] & HP_MARK_HOLD)
            *value = hold_nats * CLAMP(phi->value[at] / hold_ramp_mm, -1.0f, 1.0f);
        if (map->mark[at] & HP_MARK_PUSH)
            *value -= push_nats;
    }
}

// The smallest box of voxels that holds every barrier; false if there is none.
static bool barrier_box(const GPtrArray *strokes, const HpGrid *grid, int lo[3], int size[3])
{
    int hi[3] = {0, 0, 0};
    bool is_first = true;
    for (guint at = 0; strokes != NULL && at < strokes->len; at++) {
        const HpStroke *stroke = strokes->pdata[at];
        if (stroke->kind != HP_STROKE_BARRIER)
            continue;
        Brush brush;
        brush_init(&brush, stroke, grid);
        g_free(brush.at);
        for (int axis = 0; axis < 3; axis++) {
            lo[axis] = is_first ? brush.lo[axis] : MIN(lo[axis], brush.lo[axis]);
            hi[axis] = is_first ? brush.hi[axis] : MAX(hi[axis], brush.hi[axis]);
            size[axis] = hi[axis] - lo[axis];
        }
        is_first = false;
    }
    return !is_first && size[0] > 0 && size[1] > 0 && size[2] > 0;
}

bool hp_strokes_obey(const GPtrArray *strokes, HpMask *mask, GError **error)
{
    int lo[3], size[3];
    if (!barrier_box(strokes, hp_mask_get_grid(mask), lo, size))
        return true;
    const HpGrid box = hp_grid_crop(hp_mask_get_grid(mask), lo, size);
    g_autoptr(HpStrokeMap) map = hp_stroke_map_new(strokes, &box, error);
    if (map == NULL)
        return false;
    g_autofree uint8_t *labels = hp_try_alloc(hp_grid_count(&box), 1, "strokes", error);
    if (labels == NULL)
        return false;
    hp_mask_read_box(mask, lo, size, labels);
    hp_stroke_map_clear(map, labels);
    hp_mask_write_box(mask, lo, size, labels);
    return true;
}
