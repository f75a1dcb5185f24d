// SPDX-License-Identifier: Apache-2.0
// What a person's strokes say of the voxels of a grid.
//
// A stroke reaches as far into depth as it is wide: a voxel is in it if its centre lies within the
// radius of the line, in space; on the slice that holds the line, within the radius in the slice. A
// leak is a tube, not a slit, so what stops it must be as deep as wide; and where slices are thicker
// than the brush, the stroke stays on the slice it was painted on. A line never falls between
// voxels: on a grid coarser than the brush it is as wide as the voxels it passes.
#pragma once

#include "core/field.h"
#include "core/mask.h"
#include "core/stroke.h"
#include "core/task.h"

#include <stdint.h>

G_BEGIN_DECLS

// Bits of a voxel. Hold and push exclude each other, the later one counts; a barrier is not undone
// by either, only erased.
typedef enum { HP_MARK_BARRIER = 1, HP_MARK_HOLD = 2, HP_MARK_PUSH = 4 } HpMark;

typedef struct {
    HpGrid grid;
    uint8_t *mark;    // per voxel, HpMark; NULL: no stroke reaches the grid
    HpField *against; // 1 at barriers, falling to 0 at HP_STROKES_AGAINST_MM; NULL: none
} HpStrokeMap;

// How far a barrier speaks against the voxels round it, so that a leak is cut where it enters and
// not a voxel farther.
#define HP_STROKES_AGAINST_MM 6.0

// `strokes` (HpStroke *; NULL: none) in their order. Fails with HP_ERROR_NO_MEMORY.
HpStrokeMap *hp_stroke_map_new(const GPtrArray *strokes, const HpGrid *grid, GError **error);
void hp_stroke_map_free(HpStrokeMap *map); // takes NULL
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HpStrokeMap, hp_stroke_map_free)

// Makes `against`, where there is a barrier. Fails with HP_ERROR_NO_MEMORY and HP_ERROR_CANCELLED.
bool hp_stroke_map_spread(HpStrokeMap *map, HpTask *task, GError **error);

// The bits of a voxel; 0 also for NULL `map`.
static inline uint8_t hp_stroke_map_get(const HpStrokeMap *map, size_t voxel)
{
    return map != NULL && map->mark != NULL ? map->mark[voxel] : 0;
}

// labels <- 0 at barriers. `map` may be NULL.
void hp_stroke_map_clear(const HpStrokeMap *map, uint8_t *labels);

// What the strokes mean for the contour in space, on the grid of the map, which may be NULL:
// barriers are hard, whatever else was there, and their surroundings dearer. With `phi` (mm, negative
// inside: the planar contours, which obey the strokes on their slices) pushes make voxels cheaper, and
// where the contour is held phi alone counts; NULL leaves those two out.
void hp_stroke_map_add_cost(const HpStrokeMap *map, const HpField *phi, HpField *cost);

// mask <- 0 at the barriers of `strokes` (NULL: none), whatever grid the mask has. Fails with
// HP_ERROR_NO_MEMORY.
bool hp_strokes_obey(const GPtrArray *strokes, HpMask *mask, GError **error);

G_END_DECLS
