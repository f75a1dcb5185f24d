// SPDX-License-Identifier: Apache-2.0
// The snake of one seed on its own slice, fast enough to follow a slider.
#include "case/preview.h"

#include "core/error.h"
#include "image/gaussian.h"
#include "segment/snake.h"

#include <math.h>

static const double reach_mm = 120;    // of the slab, beyond the seed
static const double thickness_mm = 10; // of the slab, each side: more than 2 sigma at most

struct HpPreview {
    HpField *slab;   // HU, a box round the seed of a few slices
    HpField *smooth; // the slab at `sigma_mm`; NULL before the first evolution
    double sigma_mm;
    HpContour *seed;        // on the slab's grid
    int slice;              // of the volume
    double low_hu, high_hu; // of the last evolution
    HpMaps *maps;
    HpSnake *snake;
};

// The box [lo, hi) of voxels round the seed.
static void find_box(const HpGrid *grid, const HpContour *seed, int lo[3], int size[3])
{
    const int normal = hp_grid_axis(grid, seed->plane);
    for (int axis = 0; axis < 3; axis++) {
        const double margin = (axis == normal ? thickness_mm : reach_mm) / grid->spacing_mm[axis];
        double low = G_MAXDOUBLE, high = -G_MAXDOUBLE;
        for (int at = 0; at < seed->count; at++) {
            double ijk[3];
            hp_grid_to_ijk(grid, seed->mm[at], ijk);
            low = MIN(low, ijk[axis]);
            high = MAX(high, ijk[axis]);
        }
        lo[axis] = (int)CLAMP(floor(low - margin), 0, grid->size[axis] - 1);
        size[axis] = (int)CLAMP(ceil(high + margin), lo[axis], grid->size[axis] - 1) - lo[axis] + 1;
    }
}

static HpField *cut_slab(const HpVolume *volume, const int lo[3], const int size[3], GError **error)
{
    const HpGrid grid = hp_grid_crop(&volume->grid, lo, size);
    HpField *slab = hp_field_new(&grid, error);
    if (slab == NULL)
        return NULL;
    for (int k = 0; k < size[2]; k++)
        for (int j = 0; j < size[1]; j++) {
            const int16_t *hu =
                volume->hu + hp_grid_offset(&volume->grid, lo[0], lo[1] + j, lo[2] + k);
            float *row = slab->value + hp_grid_offset(&grid, 0, j, k);
            for (int i = 0; i < size[0]; i++)
                row[i] = hu[i];
        }
    return slab;
}

HpPreview *hp_preview_new(const HpVolume *volume, const HpContour *seed, GError **error)
{
    int lo[3], size[3];
    find_box(&volume->grid, seed, lo, size);
    HpField *slab = cut_slab(volume, lo, size, error);
    if (slab == NULL)
        return NULL;
    HpPreview *preview = g_new0(HpPreview, 1);
    preview->slab = slab;
    preview->sigma_mm = preview->low_hu = preview->high_hu = NAN;
    preview->slice = seed->slice;
    preview->seed = hp_contour_copy(seed);
    preview->seed->slice -= lo[hp_grid_axis(&volume->grid, seed->plane)];
    preview->maps = hp_maps_new();
    preview->snake = hp_snake_new();
    return preview;
}

void hp_preview_free(HpPreview *preview)
{
    if (preview == NULL)
        return;
    hp_field_unref(preview->slab);
    hp_field_unref(preview->smooth);
    hp_contour_free(preview->seed);
    hp_maps_free(preview->maps);
    hp_snake_free(preview->snake);
    g_free(preview);
}

static bool smooth(HpPreview *preview, double sigma_mm, GError **error)
{
    if (preview->smooth != NULL && sigma_mm == preview->sigma_mm)
        return true;
    HpField *next = hp_gaussian(preview->slab, sigma_mm, NULL, error);
    if (next == NULL)
        return false;
    hp_field_unref(preview->smooth);
    preview->smooth = next;
    preview->sigma_mm = sigma_mm;
    return true;
}

HpContour *hp_preview_evolve(HpPreview *preview, const HpParams *params, GError **error)
{
    if (!smooth(preview, params->value[HP_PARAM_SIGMA], error))
        return NULL;
    const HpGrid *grid = &preview->slab->grid;
    const HpPlane plane = preview->seed->plane;
    const HpMapSources sources = {.smooth = preview->smooth, .original = preview->slab};
    g_autoptr(GPtrArray) seeds = g_ptr_array_new();
    g_ptr_array_add(seeds, preview->seed);
    HpMapRule rule;
    if (!hp_map_rule_new(&sources, seeds, params, &rule, error))
        return NULL;
    preview->low_hu = rule.low_hu;
    preview->high_hu = rule.high_hu;

    const HpRaster raster = hp_raster_of_slice(grid, plane);
    g_autoptr(HpLoop) start = hp_loop_from_contour(preview->seed, grid, NULL);
    hp_maps_make(preview->maps, &sources, &rule, plane, preview->seed->slice, &raster, 0, 0);
    hp_snake_init(preview->snake, preview->maps, start, HP_SNAKE_SPACING_MM, HP_SNAKE_MAX_STEPS);
    while (hp_snake_step(preview->snake))
        continue;
    if (hp_snake_get_state(preview->snake) == HP_SNAKE_VANISHED) {
        g_set_error_literal(error, HP_ERROR, HP_ERROR_NO_RESULT, "the contour vanished");
        return NULL;
    }
    HpContour *contour =
        hp_loop_to_contour(hp_snake_get_loop(preview->snake), grid, plane, preview->seed->slice);
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
