// SPDX-License-Identifier: Apache-2.0
// How high the belly reaches: a sheet that spans the gap between the bases of the lungs.
#include "segment/ceiling.h"

#include "core/error.h"
#include "core/segment.h"
#include "image/components.h"
#include "image/distance.h"
#include "image/resample.h"
#include "segment/statistics.h"

#include <math.h>

#define LEAST_BASE_MM2 4000 // of a pair of lungs seen from below: less is a bubble or a sliver
#define LEAST_SHARE 0.1     // of the larger lung's base: smaller pieces are no base
#define TOP_MM 9            // slices of which one shows lung where there is any
#define STEEP 2.5f // mm of rise a mm towards the gap: that is a flank of the heart, not a base
#define SWEEPS 400
#define OVER_RELAXATION 1.95f

// A grid seen as columns that run towards the head.
typedef struct {
    HpGrid flat; // one slice of it
    int axis, width, height, depth;
    bool is_up; // towards the head with the index
    size_t step_x, step_y, step_z;
    float mm; // of a step along a column
} Columns;

static Columns columns_of(const HpGrid *grid)
{
    const size_t step[3] = {1, grid->size[0], (size_t)grid->size[0] * grid->size[1]};
    const int axis = hp_grid_axis(grid, HP_PLANE_AXIAL);
    const int x = axis == 0 ? 1 : 0, y = axis == 2 ? 1 : 2;
    int lo[3] = {0}, size[3] = {grid->size[0], grid->size[1], grid->size[2]};
    size[axis] = 1;
    return (Columns){hp_grid_crop(grid, lo, size),
                     axis,
                     grid->size[x],
                     grid->size[y],
                     grid->size[axis],
                     grid->directions[6 + axis] >= 0,
                     step[x],
                     step[y],
                     step[axis],
                     (float)grid->spacing_mm[axis]};
}

static size_t voxel_of(const Columns *columns, int x, int y, int level)
{
    const int z = columns->is_up ? level : columns->depth - 1 - level;
    return x * columns->step_x + y * columns->step_y + z * columns->step_z;
}

// `grid` widened within its axial slices to all of the volume: lungs reach farther than livers.
static HpGrid widened(const HpGrid *grid, const HpGrid *whole)
{
    const int axial = hp_grid_axis(grid, HP_PLANE_AXIAL);
    HpGrid wide = *grid;
    double corner[3], first[3], last[3];
    hp_grid_to_mm(whole, (double[]){-0.5, -0.5, -0.5}, corner);
    hp_grid_to_ijk(grid, corner, first);
    hp_grid_to_mm(whole,
                  (double[]){whole->size[0] - 0.5, whole->size[1] - 0.5, whole->size[2] - 0.5},
                  corner);
    hp_grid_to_ijk(grid, corner, last);
    for (int axis = 0; axis < 3; axis++) {
        const int before = axis == axial ? 0 : MAX(0, (int)lround(-0.5 - first[axis]));
        const int after =
            axis == axial ? 0 : MAX(0, (int)lround(last[axis] + 0.5 - grid->size[axis]));
        first[axis] = -before;
        wide.size[axis] += before + after;
    }
    hp_grid_to_mm(grid, first, wide.origin_mm);
    return wide;
}

// 1 where there is lung: air within the body that is joined to the highest slices.
static uint8_t *find_lungs(const HpField *hu, const Columns *columns, double air_hu, double body_hu,
                           HpTask *task, GError **error)
{
    g_autofree uint8_t *lungs = hp_tissue_find_body(hu, body_hu, task, error);
    g_autofree uint8_t *top =
        lungs ? hp_try_alloc(hp_grid_count(&hu->grid), 1, "lungs", error) : NULL;
    if (top == NULL)
        return NULL;
    for (size_t at = 0; at < hp_grid_count(&hu->grid); at++)
        lungs[at] = lungs[at] && hu->value[at] < air_hu;
    const int first = MAX(0, columns->depth - (int)(TOP_MM / columns->mm));
    for (int y = 0; y < columns->height; y++)
        for (int x = 0; x < columns->width; x++)
            for (int level = first; level < columns->depth; level++)
                top[voxel_of(columns, x, y, level)] = 1;
    if (!hp_components_keep_touching(lungs, &hu->grid, top, task, error))
        return NULL;
    return g_steal_pointer(&lungs);
}

// Marks the columns with lung and writes the height of the lowest into the sheet; how many.
static int find_bases(const uint8_t *lungs, const Columns *columns, uint8_t *known, HpField *sheet)
{
    int found = 0;
    for (int y = 0; y < columns->height; y++)
        for (int x = 0; x < columns->width; x++)
            for (int level = 0; level < columns->depth; level++)
                if (lungs[voxel_of(columns, x, y, level)]) {
                    known[y * columns->width + x] = 1;
                    sheet->value[y * columns->width + x] = (float)level * columns->mm;
                    found++;
                    break;
                }
    return found;
}

// How steeply a column's base rises over its neighbours' that lie farther from the gap.
static float rise_towards_gap(const Columns *columns, const uint8_t *known, const float *away,
                              const float *sheet, int x, int y)
{
    const int at = y * columns->width + x;
    float rise = 0;
    for (int b = MAX(0, y - 1); b <= MIN(columns->height - 1, y + 1); b++)
        for (int a = MAX(0, x - 1); a <= MIN(columns->width - 1, x + 1); a++) {
            const int to = b * columns->width + a;
            if (!known[to] || away[to] <= away[at])
                continue;
            const float apart = columns->mm * hypotf(a - x, b - y);
            rise = MAX(rise, (sheet[at] - sheet[to]) / apart * (away[to] - away[at]) / apart);
        }
    return rise;
}

// Unmarks columns whose lowest lung lies on a flank of the heart, and pieces cut off by these.
static bool drop_flanks(const Columns *columns, uint8_t *known, const HpField *sheet, HpTask *task,
                        GError **error)
{
    const size_t count = hp_grid_count(&columns->flat);
    g_autofree uint8_t *gap = g_new0(uint8_t, count);
    for (size_t at = 0; at < count; at++)
        gap[at] = !known[at];
    g_autoptr(HpField) away = hp_distance_outside(gap, &columns->flat, 1, 60, task, error);
    if (away == NULL)
        return false;
    for (int y = 0; y < columns->height; y++)
        for (int x = 0; x < columns->width; x++) {
            const int at = y * columns->width + x;
            gap[at] = !known[at] ||
                      rise_towards_gap(columns, known, away->value, sheet->value, x, y) > STEEP;
        }
    for (size_t at = 0; at < count; at++)
        known[at] = !gap[at];
    int pieces;
    g_autofree size_t *sizes = hp_components_sizes(known, &columns->flat, &pieces, task, error);
    return sizes != NULL &&
           hp_components_keep_large(known, &columns->flat,
                                    pieces > 0 ? (size_t)(LEAST_SHARE * (double)sizes[0]) : 0, task,
                                    error);
}

// Spans the columns that are not known: each the mean of its neighbours; free at the grid's border.
static void span(const Columns *columns, const uint8_t *known, float *sheet)
{
    const int width = columns->width, height = columns->height;
    double sum = 0;
    int found = 0;
    for (int at = 0; at < width * height; at++)
        if (known[at]) {
            sum += sheet[at];
            found++;
        }
    for (int at = 0; at < width * height; at++)
        if (!known[at])
            sheet[at] = (float)(sum / MAX(1, found));
    for (int sweep = 0; sweep < SWEEPS; sweep++)
        for (int y = 0; y < height; y++)
            for (int x = 0; x < width; x++) {
                const int at = y * width + x;
                if (known[at])
                    continue;
                const float here = sheet[at];
                const float mean = 0.25f * ((x > 0 ? sheet[at - 1] : here) +
                                            (x + 1 < width ? sheet[at + 1] : here) +
                                            (y > 0 ? sheet[at - width] : here) +
                                            (y + 1 < height ? sheet[at + width] : here));
                sheet[at] = here + OVER_RELAXATION * (mean - here);
            }
}

// Heights over the sheet, which lies on the columns of `wide`, on `grid`, a part of it.
static HpField *heights(const HpGrid *grid, const HpGrid *wide, const Columns *columns,
                        const float *sheet, GError **error)
{
    HpField *over = hp_field_new(grid, error);
    if (over == NULL)
        return NULL;
    const Columns inner = columns_of(grid);
    double ijk[3];
    hp_grid_to_ijk(wide, grid->origin_mm, ijk);
    const int x0 = (int)lround(ijk[columns->axis == 0 ? 1 : 0]),
              y0 = (int)lround(ijk[columns->axis == 2 ? 1 : 2]);
    for (int y = 0; y < inner.height; y++)
        for (int x = 0; x < inner.width; x++)
            for (int level = 0; level < inner.depth; level++)
                over->value[voxel_of(&inner, x, y, level)] =
                    (float)level * inner.mm - sheet[(y0 + y) * columns->width + x0 + x];
    return over;
}

bool hp_ceiling(const HpVolume *volume, const HpGrid *grid, double air_hu, double body_hu,
                HpField **over, HpTask *task, GError **error)
{
    *over = NULL;
    const HpGrid wide = widened(grid, &volume->grid);
    const Columns columns = columns_of(&wide);
    g_autoptr(HpField) hu = hp_resample_volume(volume, &wide, -1024, task, error);
    g_autofree uint8_t *lungs = hu ? find_lungs(hu, &columns, air_hu, body_hu, task, error) : NULL;
    g_autoptr(HpField) sheet = lungs ? hp_field_new(&columns.flat, error) : NULL;
    if (sheet == NULL)
        return false;
    g_autofree uint8_t *known = g_new0(uint8_t, hp_grid_count(&columns.flat));
    const int found = find_bases(lungs, &columns, known, sheet);
    const double column_mm2 = hp_grid_voxel_mm3(&wide) / columns.mm;
    if (found * column_mm2 < LEAST_BASE_MM2)
        return true;
    if (!drop_flanks(&columns, known, sheet, task, error))
        return false;
    span(&columns, known, sheet->value);
    *over = heights(grid, &wide, &columns, sheet->value, error);
    return *over != NULL;
}

float hp_ceiling_cost(float over_mm)
{
    const float nats_a_mm = 0.6f, most = 8; // grey values alone say 4 nats at most
    return CLAMP(nats_a_mm * over_mm, 0, most);
}
