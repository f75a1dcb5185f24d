// SPDX-License-Identifier: Apache-2.0
// Widens a seed to what its own slice shows: a small circle speaks for the section it lies in.
#include "segment/widen.h"

#include "core/error.h"
#include "segment/neck.h"
#include "segment/raster.h"
#include "segment/statistics.h"

#include <math.h>

#define INSET_MM 10    // a seed is drawn that far inside, about
#define DEVIATIONS 3.5 // of the seed's grey values: 2.5 loses rims of livers with tumours, 4 leaks
#define LEAST_GAIN 1.3 // times the seed's area: below that the person's own curve is the better

// The slice alone: grey values as a field one voxel thick, and where they may be organ.
typedef struct {
    HpField *smooth;
    uint8_t *body, *seed, *section;
} Slice;

static void slice_clear(Slice *slice)
{
    hp_field_unref(slice->smooth);
    g_free(slice->body);
    g_free(slice->seed);
    g_free(slice->section);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Slice, slice_clear)

static bool cut_out(const HpField *smooth, const uint8_t *body, int normal, int index, Slice *slice,
                    GError **error)
{
    const HpGrid *grid = &smooth->grid;
    int lo[3] = {0}, size[3] = {grid->size[0], grid->size[1], grid->size[2]};
    lo[normal] = index;
    size[normal] = 1;
    const HpGrid flat = hp_grid_crop(grid, lo, size);
    const size_t count = hp_grid_count(&flat);
    slice->smooth = hp_field_new(&flat, error);
    if (slice->smooth == NULL || !(slice->body = hp_try_alloc(count, 1, "slice", error)) ||
        !(slice->seed = hp_try_alloc(count, 1, "slice", error)) ||
        !(slice->section = hp_try_alloc(count, 1, "slice", error)))
        return false;
    size_t to = 0; // i fastest with one axis of length 1 is the order of a slice picture
    for (int k = lo[2]; k < lo[2] + size[2]; k++)
        for (int j = lo[1]; j < lo[1] + size[1]; j++)
            for (int i = lo[0]; i < lo[0] + size[0]; i++, to++) {
                const size_t from = hp_grid_offset(grid, i, j, k);
                slice->smooth->value[to] = smooth->value[from];
                slice->body[to] = body[from];
            }
    return true;
}

// section <- the seed and the pixels like it that are joined to it, necks cut.
static bool find_section(Slice *slice, HpTask *task, GError **error)
{
    const HpGrid *grid = &slice->smooth->grid;
    HpTissue tissue;
    if (!hp_tissue_measure(slice->smooth, slice->seed, &tissue, error))
        return false;
    const double margin = DEVIATIONS * tissue.deviation_hu;
    for (size_t at = 0; at < hp_grid_count(grid); at++)
        slice->section[at] =
            slice->seed[at] ||
            (slice->body[at] && fabs(slice->smooth->value[at] - tissue.median_hu) < margin);
    const HpNeckParams necks = hp_neck_params_default();
    return hp_neck_cut(slice->section, slice->seed, grid, &necks, task, error);
}

HpContour *hp_seed_widen(const HpContour *seed, const HpField *smooth, const uint8_t *body,
                         HpTask *task, GError **error)
{
    const HpGrid *grid = &smooth->grid;
    const int normal = hp_grid_axis(grid, seed->plane);
    double level;
    g_autoptr(HpLoop) drawn = hp_loop_from_contour(seed, grid, &level);
    const int index = CLAMP((int)floor(level + 0.5), 0, grid->size[normal] - 1);
    g_auto(Slice) slice = {0};
    if (!cut_out(smooth, body, normal, index, &slice, error))
        return NULL;
    g_autoptr(GPtrArray) one = hp_contours_new();
    g_ptr_array_add(one, hp_loop_to_contour(drawn, grid, seed->plane, index));
    if (hp_raster_paint(one, &slice.smooth->grid, 1, slice.seed) == 0)
        return hp_contour_copy(seed);
    if (!find_section(&slice, task, error))
        return NULL;

    const HpRaster raster = hp_raster_of_slice(grid, seed->plane);
    const size_t pixels = (size_t)raster.width * raster.height;
    g_autofree float *picture = g_new(float, pixels);
    for (size_t at = 0; at < pixels; at++)
        picture[at] = slice.section[at];
    g_autoptr(HpLoop) wide = hp_raster_inset(&raster, picture, INSET_MM);
    if (wide == NULL || hp_loop_area_mm2(wide) < LEAST_GAIN * hp_contour_area_mm2(seed))
        return hp_contour_copy(seed);
    return hp_loop_to_contour(wide, grid, seed->plane, index);
}
