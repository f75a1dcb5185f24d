// SPDX-License-Identifier: Apache-2.0
// The snake of one seed on its own slice, fast enough to follow a slider.
#include "case/preview.h"

#include "core/error.h"
#include "image/gaussian.h"
#include "image/median.h"
#include "image/resample.h"
#include "segment/snake.h"
#include "segment/statistics.h"
#include "segment/widen.h"

#include <math.h>
#include <string.h>

static const double reach_mm = 80; // beyond the start: the snake may wander as far
static const double ramp_mm = 2;   // and sigma: how far the maps look beyond a slice

// The coarse picture a seed is widened on, as the method does it.
static const double coarse_mm = 3;
static const double coarse_blur_mm = 1.8;
static const int coarse_margin =
    4; // slices: the blur is cut off at 4 sigma, the median needs one more

struct HpPreview {
    HpVolume *volume;
    HpPlane plane;
    int slice;                // of the volume
    HpField *original, *near; // HU of some slices round it; `near` is smoothed
    double sigma_mm;          // of `near`, which is NULL before the first evolution
    int first;                // slice of the volume that is slice 0 of these
    HpField *coarse;          // the slice alone, for widening
    uint8_t *body;            // on the grid of `coarse`
    HpContour *seed, *start;
    double low_hu, high_hu; // of the last evolution
    HpMaps *maps;
    HpSnake *snake;
};

// Slices [from, to] of the volume along the preview's normal, those that there are.
static HpVolume *cut_slices(const HpPreview *preview, int from, int to, int *first, GError **error)
{
    const HpGrid *grid = &preview->volume->grid;
    const int normal = hp_grid_axis(grid, preview->plane);
    int lo[3] = {0, 0, 0}, size[3] = {grid->size[0], grid->size[1], grid->size[2]};
    lo[normal] = *first = MAX(from, 0);
    size[normal] = MIN(to, grid->size[normal] - 1) - *first + 1;
    const HpGrid part = hp_grid_crop(grid, lo, size);
    HpVolume *slab = hp_volume_new(&part, error);
    for (int k = 0; slab != NULL && k < size[2]; k++)
        for (int j = 0; j < size[1]; j++)
            memcpy(slab->hu + hp_grid_offset(&part, 0, j, k),
                   preview->volume->hu + hp_grid_offset(grid, lo[0], lo[1] + j, lo[2] + k),
                   size[0] * sizeof *slab->hu);
    return slab;
}

// `count` slices of a field from `first` on.
static HpField *crop(const HpField *in, int normal, int first, int count, GError **error)
{
    int lo[3] = {0, 0, 0}, size[3] = {in->grid.size[0], in->grid.size[1], in->grid.size[2]};
    lo[normal] = first;
    size[normal] = count;
    const HpGrid part = hp_grid_crop(&in->grid, lo, size);
    HpField *out = hp_field_new(&part, error);
    for (int k = 0; out != NULL && k < size[2]; k++)
        for (int j = 0; j < size[1]; j++)
            memcpy(out->value + hp_grid_offset(&part, 0, j, k),
                   in->value + hp_grid_offset(&in->grid, lo[0], lo[1] + j, lo[2] + k),
                   size[0] * sizeof *out->value);
    return out;
}

// Voxels of 3 mm over the whole of the slice, of which slice `*middle` is the seed's.
static HpGrid coarse_grid(const HpPreview *preview, int *middle)
{
    const HpGrid *whole = &preview->volume->grid;
    const int normal = hp_grid_axis(whole, preview->plane);
    const double step = coarse_mm / whole->spacing_mm[normal];
    HpGrid grid = hp_grid_resampled(whole, (const double[]){coarse_mm, coarse_mm, coarse_mm});
    const int below = MIN(coarse_margin, (int)((preview->slice + 0.5) / step));
    const int above =
        MIN(coarse_margin, (int)((whole->size[normal] - 0.5 - preview->slice) / step));
    double first[3];
    hp_grid_to_ijk(whole, grid.origin_mm, first);
    first[normal] = preview->slice - below * step;
    hp_grid_to_mm(whole, first, grid.origin_mm);
    grid.size[normal] = below + 1 + above;
    *middle = below;
    return grid;
}

static bool make_coarse(HpPreview *preview, GError **error)
{
    int middle;
    const HpGrid grid = coarse_grid(preview, &middle);
    const int normal = hp_grid_axis(&grid, preview->plane);
    const double margin =
        (coarse_margin + 1) * coarse_mm / preview->volume->grid.spacing_mm[normal] + 1;
    int first;
    g_autoptr(HpVolume) slab = cut_slices(preview, (int)floor(preview->slice - margin),
                                          (int)ceil(preview->slice + margin), &first, error);
    g_autoptr(HpField) raw = slab ? hp_resample_volume(slab, &grid, -1024, NULL, error) : NULL;
    if (raw == NULL)
        return false;
    float lowest = INFINITY;
    for (size_t at = 0; at < hp_grid_count(&grid); at++)
        lowest = MIN(lowest, raw->value[at]);
    // A CT cut to a window has no air below it.
    g_autofree uint8_t *body = hp_tissue_find_body(raw, lowest < -400 ? -250 : -150, NULL, error);
    if (body == NULL)
        return false;
    for (size_t at = 0; at < hp_grid_count(&grid); at++)
        raw->value[at] = CLAMP(raw->value[at], HP_TISSUE_LOW_HU, HP_TISSUE_HIGH_HU);
    g_autoptr(HpField) median = hp_median(raw, NULL, error);
    g_autoptr(HpField) smooth = median ? hp_gaussian(median, coarse_blur_mm, NULL, error) : NULL;
    preview->coarse = smooth ? crop(smooth, normal, middle, 1, error) : NULL;
    if (preview->coarse == NULL)
        return false;
    preview->body = g_new(uint8_t, hp_grid_count(&preview->coarse->grid));
    size_t to = 0;
    for (int k = 0; k < grid.size[2]; k++)
        for (int j = 0; j < grid.size[1]; j++)
            for (int i = 0; i < grid.size[0]; i++)
                if ((int[]){i, j, k}[normal] == middle)
                    preview->body[to++] = body[hp_grid_offset(&grid, i, j, k)];
    return true;
}

HpPreview *hp_preview_new(HpVolume *volume, const HpContour *seed, GError **error)
{
    g_autoptr(HpPreview) preview = g_new0(HpPreview, 1);
    preview->volume = hp_volume_ref(volume);
    preview->plane = seed->plane;
    preview->slice = seed->slice;
    preview->sigma_mm = preview->low_hu = preview->high_hu = NAN;
    preview->maps = hp_maps_new();
    preview->snake = hp_snake_new();
    if (!make_coarse(preview, error) || !hp_preview_set_seed(preview, seed, error))
        return NULL;
    return g_steal_pointer(&preview);
}

void hp_preview_free(HpPreview *preview)
{
    if (preview == NULL)
        return;
    hp_volume_unref(preview->volume);
    hp_field_unref(preview->original);
    hp_field_unref(preview->near);
    hp_field_unref(preview->coarse);
    g_free(preview->body);
    hp_contour_free(preview->seed);
    hp_contour_free(preview->start);
    hp_maps_free(preview->maps);
    hp_snake_free(preview->snake);
    g_free(preview);
}

bool hp_preview_set_seed(HpPreview *preview, const HpContour *seed, GError **error)
{
    g_assert(seed->plane == preview->plane && seed->slice == preview->slice);
    HpContour *start = hp_seed_widen(seed, preview->coarse, preview->body, NULL, error);
    if (start == NULL)
        return false;
    start->slice = seed->slice;
    hp_contour_free(preview->start);
    preview->start = start;
    hp_contour_free(preview->seed);
    preview->seed = hp_contour_copy(seed);
    return true;
}

const HpContour *hp_preview_get_seed(const HpPreview *preview)
{
    return preview->seed;
}

const HpContour *hp_preview_get_start(const HpPreview *preview)
{
    return preview->start;
}

// The smoothed slices that the maps look at, as if the whole volume had been smoothed.
static bool smooth(HpPreview *preview, double sigma_mm, GError **error)
{
    if (preview->near != NULL && sigma_mm == preview->sigma_mm)
        return true;
    const int normal = hp_grid_axis(&preview->volume->grid, preview->plane);
    const double spacing = preview->volume->grid.spacing_mm[normal];
    const int seen = (int)((ramp_mm + sigma_mm) / spacing);
    const int blurred = seen + (int)ceil(4 * sigma_mm / spacing);
    int first;
    g_autoptr(HpVolume) slab =
        cut_slices(preview, preview->slice - blurred, preview->slice + blurred, &first, error);
    g_autoptr(HpField) plain = slab ? hp_gaussian_volume(slab, 0, NULL, error) : NULL;
    g_autoptr(HpField) whole = plain ? hp_gaussian_volume(slab, sigma_mm, NULL, error) : NULL;
    if (whole == NULL)
        return false;
    const int from = MAX(preview->slice - seen, first);
    const int to = MIN(preview->slice + seen, first + slab->grid.size[normal] - 1);
    HpField *near = crop(whole, normal, from - first, to - from + 1, error);
    HpField *original = near ? crop(plain, normal, from - first, to - from + 1, error) : NULL;
    if (original == NULL) {
        hp_field_unref(near);
        return false;
    }
    hp_field_unref(preview->near);
    hp_field_unref(preview->original);
    preview->near = near;
    preview->original = original;
    preview->first = from;
    preview->sigma_mm = sigma_mm;
    return true;
}

HpContour *hp_preview_evolve(HpPreview *preview, const HpParams *params, GError **error)
{
    if (!smooth(preview, params->value[HP_PARAM_SIGMA], error))
        return NULL;
    const HpGrid *grid = &preview->near->grid;
    const int slice = preview->slice - preview->first;
    const HpMapSources sources = {.smooth = preview->near, .original = preview->original};
    g_autoptr(GPtrArray) seeds = g_ptr_array_new();
    g_ptr_array_add(seeds, preview->start);
    HpMapRule rule;
    if (!hp_map_rule_new(&sources, seeds, params, &rule, error))
        return NULL;
    preview->low_hu = rule.low_hu;
    preview->high_hu = rule.high_hu;

    const HpRaster raster = hp_raster_of_slice(grid, preview->plane);
    g_autoptr(GPtrArray) loops = hp_loops_new();
    HpLoop *start = hp_loop_from_contour(preview->start, grid, NULL);
    g_ptr_array_add(loops, start);
    int x, y;
    const HpRaster part = hp_raster_around(&raster, loops, reach_mm, &x, &y);
    hp_maps_make(preview->maps, &sources, &rule, preview->plane, slice, &part, x, y);
    hp_snake_init(preview->snake, preview->maps, start, HP_SNAKE_SPACING_MM, HP_SNAKE_MAX_STEPS);
    while (hp_snake_step(preview->snake))
        continue;
    if (hp_snake_get_state(preview->snake) == HP_SNAKE_VANISHED) {
        g_set_error_literal(error, HP_ERROR, HP_ERROR_NO_RESULT, "the contour vanished");
        return NULL;
    }
    HpContour *contour =
        hp_loop_to_contour(hp_snake_get_loop(preview->snake), grid, preview->plane, slice);
    contour->slice = preview->slice;
    return contour;
}

void hp_preview_get_band(const HpPreview *preview, double *low_hu, double *high_hu)
{
    *low_hu = preview->low_hu;
    *high_hu = preview->high_hu;
}

int hp_preview_get_steps(const HpPreview *preview)
{
    return hp_snake_get_steps(preview->snake);
}
