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

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

static const double reach_mm = 80; // beyond the start: the snake may wander as far
static const double ramp_mm = 2;   // and sigma: how far the maps look beyond a slice
static const double fine_mm = 1.5; // voxels of the snake's picture; the method's are 3 mm

// The coarse picture a seed is widened on, as the method does it.
static const double coarse_mm = 3;
static const double coarse_blur_mm = 1.8;
static const double coarse_margin_mm = 12; // the blur is cut off at 4 sigma, the median needs more

struct HpPreview {
    HpVolume *volume;
    HpPlane plane;
    int slice;                // of the volume
    HpField *original, *near; // HU of some slices round it, in fine voxels; `near` is smoothed
    double sigma_mm;          // of `near`, which is NULL before the first evolution
    int middle;               // the slice of these that is the preview's
    HpField *coarse;          // the slice alone, for widening
    uint8_t *body;            // on the grid of `coarse`
    GPtrArray *strokes;       // HpStroke; NULL: none
    HpStrokeMap *painted;     // on the grid of `near`; NULL: to be made
    HpContour *seed, *start;
    bool has_rule;  // there was an evolution
    HpMapRule rule; // its
    int map_x, map_y;
    HpMaps *maps;
    HpSnake *snake;
};

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

// The whole of the slice in cubes of `side_mm`, and what slices there are within `margin_mm` of it:
// the preview's is slice `*middle`.
static HpField *cut_slab(const HpPreview *preview, double side_mm, double margin_mm, int *middle,
                         GError **error)
{
    const HpGrid *whole = &preview->volume->grid;
    const int normal = hp_grid_axis(whole, preview->plane);
    const double step = side_mm / whole->spacing_mm[normal];
    const int margin = (int)ceil(margin_mm / side_mm - 1e-6);
    const int below = MIN(margin, (int)((preview->slice + 0.5) / step));
    const int above = MIN(margin, (int)((whole->size[normal] - 0.5 - preview->slice) / step));
    HpGrid grid = hp_grid_resampled(whole, (const double[]){side_mm, side_mm, side_mm});
    double first[3];
    hp_grid_to_ijk(whole, grid.origin_mm, first);
    first[normal] = preview->slice - below * step;
    hp_grid_to_mm(whole, first, grid.origin_mm);
    grid.size[normal] = below + 1 + above;
    *middle = below;

    // Only the slices that it is made of are read.
    int lo[3] = {0, 0, 0}, size[3] = {whole->size[0], whole->size[1], whole->size[2]};
    lo[normal] = MAX(0, (int)floor(first[normal] - step) - 1);
    const int end = (int)ceil(preview->slice + (above + 1) * step) + 1;
    size[normal] = MIN(end, whole->size[normal] - 1) - lo[normal] + 1;
    const HpGrid part = hp_grid_crop(whole, lo, size);
    g_autoptr(HpVolume) slab = hp_volume_new(&part, error);
    for (int k = 0; slab != NULL && k < size[2]; k++)
        for (int j = 0; j < size[1]; j++)
            memcpy(slab->hu + hp_grid_offset(&part, 0, j, k),
                   preview->volume->hu + hp_grid_offset(whole, lo[0], lo[1] + j, lo[2] + k),
                   size[0] * sizeof *slab->hu);
    return slab != NULL ? hp_resample_volume(slab, &grid, -1024, NULL, error) : NULL;
}

static bool make_coarse(HpPreview *preview, GError **error)
{
    int middle;
    g_autoptr(HpField) raw = cut_slab(preview, coarse_mm, coarse_margin_mm, &middle, error);
    if (raw == NULL)
        return false;
    const HpGrid *grid = &raw->grid;
    const int normal = hp_grid_axis(grid, preview->plane);
    float lowest = INFINITY;
    for (size_t at = 0; at < hp_grid_count(grid); at++)
        lowest = MIN(lowest, raw->value[at]);
    // A CT cut to a window has no air below it.
    g_autofree uint8_t *body = hp_tissue_find_body(raw, lowest < -400 ? -250 : -150, NULL, error);
    if (body == NULL)
        return false;
    for (size_t at = 0; at < hp_grid_count(grid); at++)
        raw->value[at] = CLAMP(raw->value[at], HP_TISSUE_LOW_HU, HP_TISSUE_HIGH_HU);
    g_autoptr(HpField) median = hp_median(raw, NULL, error);
    g_autoptr(HpField) smooth = median ? hp_gaussian(median, coarse_blur_mm, NULL, error) : NULL;
    preview->coarse = smooth ? crop(smooth, normal, middle, 1, error) : NULL;
    if (preview->coarse == NULL)
        return false;
    preview->body = g_new(uint8_t, hp_grid_count(&preview->coarse->grid));
    size_t to = 0;
    for (int k = 0; k < grid->size[2]; k++)
        for (int j = 0; j < grid->size[1]; j++)
            for (int i = 0; i < grid->size[0]; i++)
                if ((int[]){i, j, k}[normal] == middle)
                    preview->body[to++] = body[hp_grid_offset(grid, i, j, k)];
    return true;
}

HpPreview *hp_preview_new(HpVolume *volume, const HpContour *seed, GError **error)
{
    g_autoptr(HpPreview) preview = g_new0(HpPreview, 1);
    preview->volume = hp_volume_ref(volume);
    preview->plane = seed->plane;
    preview->slice = seed->slice;
    preview->sigma_mm = NAN;
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
    if (preview->strokes != NULL)
        g_ptr_array_unref(preview->strokes);
    hp_stroke_map_free(preview->painted);
    hp_contour_free(preview->seed);
    hp_contour_free(preview->start);
    hp_maps_free(preview->maps);
    hp_snake_free(preview->snake);
    g_free(preview);
}

// What the seed is widened to, outside barriers.
static HpContour *widen(const HpPreview *preview, const HpContour *seed, const GPtrArray *strokes,
                        GError **error)
{
    const HpGrid *grid = &preview->coarse->grid;
    g_autoptr(HpStrokeMap) painted = hp_stroke_map_new(strokes, grid, error);
    if (painted == NULL)
        return NULL;
    g_autofree uint8_t *body = g_memdup2(preview->body, hp_grid_count(grid));
    hp_stroke_map_clear(painted, body);
    HpContour *start = hp_seed_widen(seed, preview->coarse, body, NULL, error);
    if (start != NULL)
        start->slice = seed->slice;
    return start;
}

bool hp_preview_set_seed(HpPreview *preview, const HpContour *seed, GError **error)
{
    g_assert(seed->plane == preview->plane && seed->slice == preview->slice);
    HpContour *start = widen(preview, seed, preview->strokes, error);
    if (start == NULL)
        return false;
    hp_contour_free(preview->start);
    preview->start = start;
    HpContour *copy = hp_contour_copy(seed);
    hp_contour_free(preview->seed);
    preview->seed = copy;
    return true;
}

bool hp_preview_set_strokes(HpPreview *preview, const GPtrArray *strokes, GError **error)
{
    g_autoptr(GPtrArray) next = strokes != NULL ? hp_strokes_copy(strokes) : hp_strokes_new();
    if (preview->strokes != NULL ? hp_strokes_equal(preview->strokes, next) : next->len == 0)
        return true;
    HpContour *start = widen(preview, preview->seed, next, error);
    if (start == NULL)
        return false;
    hp_contour_free(preview->start);
    preview->start = start;
    if (preview->strokes != NULL)
        g_ptr_array_unref(preview->strokes);
    preview->strokes = g_steal_pointer(&next);
    g_clear_pointer(&preview->painted, hp_stroke_map_free);
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
    const HpGrid *grid = &preview->volume->grid;
    const int normal = hp_grid_axis(grid, preview->plane);
    double finest = INFINITY; // of the slice's pixels: smaller voxels would tell no more
    for (int axis = 0; axis < 3; axis++)
        if (axis != normal)
            finest = MIN(finest, grid->spacing_mm[axis]);
    const double side = MAX(fine_mm, finest), seen = ramp_mm + sigma_mm;
    int middle;
    g_autoptr(HpField) plain = cut_slab(preview, side, seen + 4 * sigma_mm, &middle, error);
    g_autoptr(HpField) whole = plain ? hp_gaussian(plain, sigma_mm, NULL, error) : NULL;
    if (whole == NULL)
        return false;
    const int reach = (int)(seen / side), last = whole->grid.size[normal] - 1;
    const int from = MAX(middle - reach, 0), to = MIN(middle + reach, last);
    HpField *near = crop(whole, normal, from, to - from + 1, error);
    HpField *original = near ? crop(plain, normal, from, to - from + 1, error) : NULL;
    if (original == NULL) {
        hp_field_unref(near);
        return false;
    }
    hp_field_unref(preview->near);
    hp_field_unref(preview->original);
    g_clear_pointer(&preview->painted, hp_stroke_map_free);
    preview->near = near;
    preview->original = original;
    preview->middle = middle - from;
    preview->sigma_mm = sigma_mm;
    return true;
}

// The strokes on the slices that the maps look at.
static bool paint(HpPreview *preview, GError **error)
{
    if (preview->painted != NULL)
        return true;
    g_autoptr(HpStrokeMap) painted =
        hp_stroke_map_new(preview->strokes, &preview->near->grid, error);
    if (painted == NULL || !hp_stroke_map_spread(painted, NULL, error))
        return false;
    preview->painted = g_steal_pointer(&painted);
    return true;
}

static HpMapSources sources_of(const HpPreview *preview)
{
    return (HpMapSources){
        .smooth = preview->near, .original = preview->original, .strokes = preview->painted};
}

bool hp_preview_restart(HpPreview *preview, const HpParams *params, GError **error)
{
    if (!smooth(preview, params->value[HP_PARAM_SIGMA], error) || !paint(preview, error))
        return false;
    const HpGrid *grid = &preview->near->grid;
    const HpMapSources sources = sources_of(preview);
    g_autoptr(GPtrArray) seeds = g_ptr_array_new();
    g_ptr_array_add(seeds, preview->start);
    HpMapRule rule;
    if (!hp_map_rule_new(&sources, seeds, params, &rule, error))
        return false;
    preview->rule = rule;
    preview->has_rule = true;

    const HpRaster raster = hp_raster_of_slice(grid, preview->plane);
    g_autoptr(GPtrArray) loops = hp_loops_new();
    HpLoop *start = hp_loop_from_contour(preview->start, grid, NULL);
    g_ptr_array_add(loops, start);
    const HpRaster part =
        hp_raster_around(&raster, loops, reach_mm, &preview->map_x, &preview->map_y);
    hp_maps_make(preview->maps, &sources, &rule, preview->plane, preview->middle, &part,
                 preview->map_x, preview->map_y);
    hp_maps_carve(preview->maps, start);
    hp_snake_init(preview->snake, preview->maps, start, HP_SNAKE_SPACING_MM, HP_SNAKE_MAX_STEPS);
    return true;
}

bool hp_preview_step(HpPreview *preview, int steps)
{
    while (steps-- > 0 && hp_snake_step(preview->snake))
        continue;
    return hp_snake_get_state(preview->snake) == HP_SNAKE_MOVING;
}

HpEvolution hp_preview_get_evolution(const HpPreview *preview)
{
    const HpSnakeState state = hp_snake_get_state(preview->snake);
    return (HpEvolution){.steps = hp_snake_get_steps(preview->snake),
                         .change_percent = 100 * hp_snake_get_change(preview->snake),
                         .is_moving = state == HP_SNAKE_MOVING,
                         .is_at_rest = state == HP_SNAKE_RESTS,
                         .has_vanished = state == HP_SNAKE_VANISHED};
}

HpContour *hp_preview_dup_contour(const HpPreview *preview)
{
    if (!preview->has_rule || hp_snake_get_state(preview->snake) == HP_SNAKE_VANISHED)
        return NULL;
    g_autoptr(HpLoop) loop = hp_loop_copy(hp_snake_get_loop(preview->snake));
    hp_maps_carve(preview->maps, loop);
    if (loop->count == 0)
        return NULL;
    HpContour *contour =
        hp_loop_to_contour(loop, &preview->near->grid, preview->plane, preview->middle);
    contour->slice = preview->slice;
    return contour;
}

HpContour *hp_preview_evolve(HpPreview *preview, const HpParams *params, GError **error)
{
    if (!hp_preview_restart(preview, params, error))
        return NULL;
    while (hp_preview_step(preview, HP_SNAKE_MAX_STEPS))
        continue;
    HpContour *contour = hp_preview_dup_contour(preview);
    if (contour == NULL)
        g_set_error_literal(error, HP_ERROR, HP_ERROR_NO_RESULT, _("the contour vanished"));
    return contour;
}

void hp_map_picture_free(HpMapPicture *picture)
{
    if (picture == NULL)
        return;
    g_free(picture->value);
    g_free(picture);
}

static HpMapPicture *picture_of(const HpMaps *maps, const HpMapRule *rule, HpMapKind kind)
{
    const float *const value[HP_MAP_COUNT] = {maps->edge, maps->member, maps->balloon, maps->beta};
    const double speed = rule->region + fabs(rule->kappa);
    const double range[HP_MAP_COUNT][2] = {
        {-rule->edge, 0}, {0, 1}, {-speed, speed}, {0, 2 * rule->beta_mm}};
    HpMapPicture *picture = g_new0(HpMapPicture, 1);
    const int width = maps->raster.width, height = maps->raster.height;
    *picture = (HpMapPicture){
        .kind = kind,
        .width = width,
        .height = height,
        .low = range[kind][0],
        .high = range[kind][1],
        .value = g_memdup2(value[kind], (size_t)width * height * sizeof *value[kind])};
    return picture;
}

// The maps of another slice, by the rule of this one.
static HpMapPicture *map_elsewhere(const HpPreview *preview, HpMapKind kind, HpPlane plane,
                                   int slice, GError **error)
{
    HpPreview other = {.volume = preview->volume,
                       .plane = plane,
                       .slice = slice,
                       .sigma_mm = NAN,
                       .strokes = preview->strokes};
    HpMapPicture *picture = NULL;
    if (smooth(&other, preview->sigma_mm, error) && paint(&other, error)) {
        g_autoptr(HpMaps) maps = hp_maps_new();
        const HpMapSources sources = sources_of(&other);
        const HpRaster raster = hp_raster_of_slice(&other.near->grid, plane);
        hp_maps_make(maps, &sources, &preview->rule, plane, other.middle, &raster, 0, 0);
        picture = picture_of(maps, &preview->rule, kind);
        picture->grid = other.near->grid;
        picture->grid_slice = other.middle;
    }
    hp_field_unref(other.near);
    hp_field_unref(other.original);
    hp_stroke_map_free(other.painted);
    return picture;
}

HpMapPicture *hp_preview_dup_map(const HpPreview *preview, HpMapKind kind, HpPlane plane, int slice,
                                 GError **error)
{
    const HpGrid *grid = &preview->volume->grid;
    g_assert(slice >= 0 && slice < grid->size[hp_grid_axis(grid, plane)]);
    if (!preview->has_rule)
        return NULL;
    const bool is_own = plane == preview->plane && slice == preview->slice;
    HpMapPicture *picture = is_own ? picture_of(preview->maps, &preview->rule, kind)
                                   : map_elsewhere(preview, kind, plane, slice, error);
    if (picture == NULL)
        return NULL;
    picture->plane = plane;
    picture->slice = slice;
    if (is_own) {
        picture->grid = preview->near->grid;
        picture->grid_slice = preview->middle;
    }
    picture->x = is_own ? preview->map_x : 0;
    picture->y = is_own ? preview->map_y : 0;
    return picture;
}

void hp_preview_get_band(const HpPreview *preview, double *low_hu, double *high_hu)
{
    *low_hu = preview->has_rule ? preview->rule.low_hu : NAN;
    *high_hu = preview->has_rule ? preview->rule.high_hu : NAN;
}

int hp_preview_get_steps(const HpPreview *preview)
{
    return hp_snake_get_steps(preview->snake);
}
