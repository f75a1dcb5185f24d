// SPDX-License-Identifier: Apache-2.0
// The organ on 3 mm: from seeds, strokes and grey values to a coarse mask in three rounds.
#include "segment/rounds.h"

#include "core/contour.h"
#include "core/error.h"
#include "image/distance.h"
#include "image/gaussian.h"
#include "image/median.h"
#include "image/resample.h"
#include "segment/ceiling.h"
#include "segment/geodesic.h"
#include "segment/neck.h"
#include "segment/prior.h"
#include "segment/widen.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#define COARSE_MM 3.0
#define ROUNDS 3

// How far from the seed's box the organ may reach, mm: to the sides, up and down.
#define REACH_SIDE 130
#define REACH_UP 130
#define REACH_DOWN 200

void hp_rounds_clear(HpRounds *rounds)
{
    hp_field_unref(rounds->hu);
    hp_field_unref(rounds->original);
    hp_field_unref(rounds->smooth);
    hp_field_unref(rounds->edge);
    hp_field_unref(rounds->prior);
    hp_field_unref(rounds->cost);
    hp_field_unref(rounds->over_ceiling);
    hp_planes_free(rounds->planes);
    hp_histogram_free(rounds->of_organ);
    hp_histogram_free(rounds->of_background);
    g_free(rounds->body);
    g_free(rounds->drawn);
    g_free(rounds->seed);
    g_free(rounds->mask);
    g_free(rounds->fixed);
    hp_stroke_map_free(rounds->strokes);
    if (rounds->wide != NULL)
        g_ptr_array_unref(rounds->wide);
    if (rounds->seed_slices != NULL)
        g_array_unref(rounds->seed_slices);
}

static uint8_t *labels_new(const HpGrid *grid, GError **error)
{
    return hp_try_alloc(hp_grid_count(grid), 1, "labels", error);
}

// Isotropic voxels along the volume's own axes, round the seeds as far as a liver reaches.
static HpGrid working_grid(const HpVolume *volume, const GPtrArray *seeds)
{
    const HpGrid *whole = &volume->grid;
    const int up = hp_grid_axis(whole, HP_PLANE_AXIAL);
    const bool is_up = whole->directions[6 + up] >= 0;
    double lo[3] = {INFINITY, INFINITY, INFINITY}, hi[3] = {-INFINITY, -INFINITY, -INFINITY};
    for (guint at = 0; at < seeds->len; at++) {
        const HpContour *seed = seeds->pdata[at];
        for (int point = 0; point < seed->count; point++) {
            double ijk[3];
            hp_grid_to_ijk(whole, seed->mm[point], ijk);
            for (int axis = 0; axis < 3; axis++) {
                lo[axis] = MIN(lo[axis], ijk[axis] * whole->spacing_mm[axis]);
                hi[axis] = MAX(hi[axis], ijk[axis] * whole->spacing_mm[axis]);
            }
        }
    }
    HpGrid grid = *whole;
    double first[3];
    for (int axis = 0; axis < 3; axis++) {
        const double before = axis != up ? REACH_SIDE : is_up ? REACH_DOWN : REACH_UP;
        const double after = axis != up ? REACH_SIDE : is_up ? REACH_UP : REACH_DOWN;
        const double spacing = whole->spacing_mm[axis];
        const double from = MAX(-spacing / 2, lo[axis] - before);
        const double to = MIN((whole->size[axis] - 0.5) * spacing, hi[axis] + after);
        grid.size[axis] = MAX(1, (int)ceil((to - from) / COARSE_MM - 1e-6));
        grid.spacing_mm[axis] = COARSE_MM;
        first[axis] = (from + COARSE_MM / 2) / spacing;
    }
    hp_grid_to_mm(whole, first, grid.origin_mm);
    return grid;
}

// w = 0.1 + 0.9 exp(-(|grad g| / 4 HU/mm)^2), forward differences.
static HpField *edge_map(const HpField *smooth, GError **error)
{
    HpField *edge = hp_field_new(&smooth->grid, error);
    if (edge == NULL)
        return NULL;
    const HpGrid *grid = &smooth->grid;
    const size_t row = grid->size[0], slice = row * grid->size[1];
    const float *g = smooth->value;
    for (int k = 0; k < grid->size[2]; k++)
        for (int j = 0; j < grid->size[1]; j++)
            for (int i = 0; i < grid->size[0]; i++) {
                const size_t at = hp_grid_offset(grid, i, j, k);
                const float a = i + 1 < grid->size[0] ? g[at + 1] - g[at] : 0;
                const float b = j + 1 < grid->size[1] ? g[at + row] - g[at] : 0;
                const float c = k + 1 < grid->size[2] ? g[at + slice] - g[at] : 0;
                const float slope2 = (a * a + b * b + c * c) / (COARSE_MM * COARSE_MM);
                edge->value[at] = 0.1f + 0.9f * expf(-slope2 / 16);
            }
    return edge;
}

static bool prepare_pictures(HpRounds *rounds, GError **error)
{
    hp_task_stage(rounds->task, "Preparing", 0, 0.1);
    g_autoptr(HpField) raw =
        hp_resample_volume(rounds->volume, &rounds->grid, -1024, rounds->task, error);
    if (raw == NULL)
        return false;
    // A CT cut to a window has no air below it.
    int16_t lowest = INT16_MAX;
    for (size_t at = 0; at < hp_grid_count(&rounds->volume->grid); at++)
        lowest = MIN(lowest, rounds->volume->hu[at]);
    const double air_hu = lowest < -400 ? -400 : -150, body_hu = lowest < -400 ? -250 : -150;
    rounds->body = hp_tissue_find_body(raw, body_hu, rounds->task, error);
    if (rounds->body == NULL || !hp_ceiling(rounds->volume, &rounds->grid, air_hu, body_hu,
                                            &rounds->over_ceiling, rounds->task, error))
        return false;
    rounds->hu = g_steal_pointer(&raw);
    for (size_t at = 0; at < hp_grid_count(&rounds->grid); at++)
        rounds->hu->value[at] = CLAMP(rounds->hu->value[at], HP_TISSUE_LOW_HU, HP_TISSUE_HIGH_HU);
    g_autoptr(HpField) median = hp_median(rounds->hu, rounds->task, error);
    rounds->smooth = median ? hp_gaussian(median, 1.8, rounds->task, error) : NULL;
    rounds->edge = rounds->smooth ? edge_map(rounds->smooth, error) : NULL;
    rounds->cost = rounds->edge ? hp_field_new(&rounds->grid, error) : NULL;
    return rounds->cost != NULL;
}

static GPtrArray *widen(const HpRounds *rounds, const GPtrArray *seeds, GError **error)
{
    g_autoptr(GPtrArray) wide = hp_contours_new();
    for (guint at = 0; at < seeds->len; at++) {
        HpContour *one =
            hp_seed_widen(seeds->pdata[at], rounds->smooth, rounds->body, rounds->task, error);
        if (one == NULL) {
            g_prefix_error(error, "contour %u: ", at + 1);
            return NULL;
        }
        g_ptr_array_add(wide, one);
    }
    return g_steal_pointer(&wide);
}

static int by_int(const void *a, const void *b)
{
    return *(const int *)a - *(const int *)b;
}

static bool paint_seeds(HpRounds *rounds, const GPtrArray *drawn, const GPtrArray *seeds,
                        GError **error)
{
    rounds->drawn = labels_new(&rounds->grid, error);
    rounds->seed = rounds->drawn ? labels_new(&rounds->grid, error) : NULL;
    rounds->seed_slices = g_array_new(FALSE, FALSE, sizeof(int));
    if (rounds->seed == NULL)
        return false;
    hp_raster_paint(drawn, &rounds->grid, 1, rounds->drawn);
    hp_raster_paint(seeds, &rounds->grid, 1, rounds->seed);
    hp_stroke_map_clear(rounds->strokes, rounds->drawn);
    hp_stroke_map_clear(rounds->strokes, rounds->seed);
    for (guint at = 0; at < seeds->len; at++) {
        const HpContour *seed = seeds->pdata[at];
        double a, b, slice;
        if (seed->plane != HP_PLANE_AXIAL)
            continue;
        hp_slice_from_mm(&rounds->grid, HP_PLANE_AXIAL, seed->mm[0], &a, &b, &slice);
        const int axis = hp_grid_axis(&rounds->grid, HP_PLANE_AXIAL);
        const int index = CLAMP((int)lround(slice), 0, rounds->grid.size[axis] - 1);
        bool is_known = false;
        for (guint other = 0; other < rounds->seed_slices->len; other++)
            is_known |= g_array_index(rounds->seed_slices, int, other) == index;
        if (!is_known)
            g_array_append_val(rounds->seed_slices, index);
    }
    g_array_sort(rounds->seed_slices, by_int);
    size_t painted = 0, in_body = 0;
    for (size_t at = 0; at < hp_grid_count(&rounds->grid); at++) {
        painted += rounds->drawn[at];
        in_body += rounds->drawn[at] && rounds->body[at];
    }
    if (rounds->strokes->mark != NULL && painted == 0) {
        g_set_error_literal(error, HP_ERROR, HP_ERROR_NO_RESULT,
                            _("the seed lies under strokes that say not liver"));
        return false;
    }
    if (2 * in_body < painted) {
        g_set_error_literal(error, HP_ERROR, HP_ERROR_NO_RESULT,
                            _("the seed lies outside the body"));
        return false;
    }
    return hp_tissue_measure(rounds->smooth, rounds->seed, &rounds->tissue, error);
}

// Marks in `fixed` the coarse voxels of which most is in `mask`, where that is given.
static bool fix(HpRounds *rounds, const HpMask *mask, const HpMask *current, uint8_t value,
                GError **error)
{
    if (mask == NULL)
        return true;
    g_autofree uint8_t *labels = hp_mask_dup_labels(mask, error);
    g_autofree uint8_t *now = NULL;
    if (labels == NULL)
        return false;
    const size_t count = hp_grid_count(&rounds->volume->grid);
    if (current != NULL) {
        now = hp_mask_dup_labels(current, error);
        if (now == NULL)
            return false;
    }
    for (int part = 0; part < (value == 0 ? 2 : 1); part++) { // locks: organ, then not
        g_autofree uint8_t *some = g_try_malloc(count);
        if (some == NULL)
            return hp_try_alloc(count, 1, "strokes", error) != NULL;
        for (size_t at = 0; at < count; at++)
            some[at] =
                labels[at] != 0 && (value != 0 || (now != NULL && now[at] != 0) == (part == 0));
        g_autoptr(HpField) share =
            hp_resample_labels(some, &rounds->volume->grid, 1, &rounds->grid, rounds->task, error);
        if (share == NULL)
            return false;
        for (size_t at = 0; at < hp_grid_count(&rounds->grid); at++)
            if (share->value[at] >= 0.5f)
                rounds->fixed[at] = value != 0 ? value : part == 0 ? 1 : 2;
    }
    return true;
}

static bool fix_strokes(HpRounds *rounds, GError **error)
{
    rounds->fixed = labels_new(&rounds->grid, error);
    if (rounds->fixed == NULL)
        return false;
    const HpOrganInput *input = rounds->input;
    return input == NULL || (fix(rounds, input->not_liver, NULL, 2, error) &&
                             fix(rounds, input->liver, NULL, 1, error) &&
                             fix(rounds, input->locked, input->current, 0, error));
}

// The prior of the first round where no seed is axial: the farther from the seed, the less likely.
static HpField *prior_by_distance(HpRounds *rounds, GError **error)
{
    HpField *prior = hp_distance_outside(rounds->seed, &rounds->grid, 1, 200, rounds->task, error);
    for (size_t at = 0; prior != NULL && at < hp_grid_count(&rounds->grid); at++)
        prior->value[at] = MAX(0, prior->value[at] - 20) / 15;
    return prior;
}

// The axial slice near the seeds on which the mask is largest, and how much larger than on `slice`.
static int largest_slice(const HpRounds *rounds, int slice, double *ratio)
{
    const HpGrid *grid = &rounds->grid;
    const int axis = hp_grid_axis(grid, HP_PLANE_AXIAL), count = grid->size[axis];
    g_autofree double *area = g_new0(double, count);
    for (int k = 0; k < grid->size[2]; k++)
        for (int j = 0; j < grid->size[1]; j++)
            for (int i = 0; i < grid->size[0]; i++)
                area[(int[]){i, j, k}[axis]] += rounds->mask[hp_grid_offset(grid, i, j, k)];
    int best = slice;
    double most = 0, there = 1;
    for (int at = 0; at < count; at++) {
        double mean = 0; // over 15 mm
        for (int off = -2; off <= 2; off++)
            mean += area[CLAMP(at + off, 0, count - 1)] / 5;
        if (at == slice)
            there = MAX(1, mean);
        if ((slice < 0 || abs(at - slice) * COARSE_MM <= 45) && mean > most) {
            most = mean;
            best = at;
        }
    }
    *ratio = slice < 0 ? INFINITY : most / there;
    return best;
}

// The section at a seed's slice: the seed grown by `grow_mm`, once there is a mask only where both agree.
static bool section_at_seed(HpRounds *rounds, int slice, HpSection *section, GError **error)
{
    const double seed_margin = 10; // mm: a seed is drawn that far inside, about
    if (!hp_section_init(section, &rounds->grid, rounds->seed, slice, seed_margin, rounds->task,
                         error))
        return false;
    if (rounds->mask == NULL)
        return true;
    g_autofree uint8_t *both = labels_new(&rounds->grid, error);
    if (both == NULL)
        return false;
    const HpGrid *grid = &rounds->grid;
    const int axis = hp_grid_axis(grid, HP_PLANE_AXIAL);
    for (int k = 0; k < grid->size[2]; k++)
        for (int j = 0; j < grid->size[1]; j++)
            for (int i = 0; i < grid->size[0]; i++) {
                int ijk[3] = {i, j, k};
                if (ijk[axis] != slice)
                    continue;
                ijk[axis] = 0;
                const size_t at = hp_grid_offset(grid, i, j, k);
                const size_t flat = hp_grid_offset(&section->depth->grid, ijk[0], ijk[1], ijk[2]);
                both[at] =
                    rounds->seed[at] || (rounds->mask[at] && section->depth->value[flat] > 0);
            }
    hp_section_clear(section);
    return hp_section_init(section, grid, both, slice, 0, rounds->task, error);
}

static void sections_clear(GArray *sections)
{
    for (guint at = 0; at < sections->len; at++)
        hp_section_clear(&g_array_index(sections, HpSection, at));
    g_array_unref(sections);
}
typedef GArray Sections;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Sections, sections_clear)

// The prior from the seeds' sections, or from the largest section found where that is much larger.
static bool make_prior(HpRounds *rounds, GError **error)
{
    g_clear_pointer(&rounds->prior, hp_field_unref);
    const guint seeds = rounds->seed_slices->len;
    if (seeds == 0 && rounds->mask == NULL) {
        rounds->prior = prior_by_distance(rounds, error);
        return rounds->prior != NULL;
    }
    g_autoptr(Sections) sections = g_array_new(FALSE, TRUE, sizeof(HpSection));
    double ratio = 0;
    int slice = seeds > 0 ? g_array_index(rounds->seed_slices, int, seeds / 2) : -1;
    if (rounds->mask != NULL && seeds <= 1)
        slice = largest_slice(rounds, slice, &ratio);
    HpSection section = {0};
    if (ratio > 1.15) {
        if (!hp_section_init(&section, &rounds->grid, rounds->mask, slice, 0, rounds->task, error))
            return false;
        g_array_append_val(sections, section);
    } else {
        for (guint at = 0; at < seeds; at++) {
            if (!section_at_seed(rounds, g_array_index(rounds->seed_slices, int, at), &section,
                                 error))
                return false;
            g_array_append_val(sections, section);
        }
    }
    const HpPriorParams params = hp_prior_params_default();
    rounds->prior =
        hp_prior(&rounds->grid, (HpSection *)sections->data, (int)sections->len, &params, error);
    return rounds->prior != NULL;
}

// Where to learn the organ's and the background's grey values in this round. Labels in place.
static bool choose_samples(HpRounds *rounds, uint8_t *organ, uint8_t *background, GError **error)
{
    const size_t count = hp_grid_count(&rounds->grid);
    const float far = 5; // nats: what lies farther from the seed is another part of the body
    if (rounds->mask == NULL) {
        for (size_t at = 0; at < count; at++) {
            organ[at] = rounds->seed[at];
            background[at] =
                rounds->body[at] && rounds->prior->value[at] > 2 && rounds->prior->value[at] < far;
        }
        return true;
    }
    g_autoptr(HpField) depth =
        hp_distance_inside(rounds->mask, &rounds->grid, 1, 4, rounds->task, error);
    g_autoptr(HpField) away =
        depth ? hp_distance_outside(rounds->mask, &rounds->grid, 1, 8, rounds->task, error) : NULL;
    if (away == NULL)
        return false;
    for (size_t at = 0; at < count; at++) {
        organ[at] = depth->value[at] > 3;
        background[at] = rounds->body[at] && away->value[at] > 6 && rounds->prior->value[at] < far;
    }
    return true;
}

// cost <- what grey values, prior and ceiling say: nothing that a slider moves.
static bool learn(HpRounds *rounds, GError **error)
{
    g_autofree uint8_t *organ = labels_new(&rounds->grid, error);
    g_autofree uint8_t *background = organ ? labels_new(&rounds->grid, error) : NULL;
    if (background == NULL || !choose_samples(rounds, organ, background, error))
        return false;
    g_clear_pointer(&rounds->of_organ, hp_histogram_free);
    g_clear_pointer(&rounds->of_background, hp_histogram_free);
    rounds->of_organ = hp_tissue_histogram(rounds->smooth, organ);
    rounds->of_background = hp_tissue_histogram(rounds->smooth, background);
    const size_t count = hp_grid_count(&rounds->grid);
    float *cost = rounds->cost->value;
    memset(cost, 0, count * sizeof *cost);
    hp_tissue_add_cost(rounds->smooth, rounds->of_organ, rounds->of_background, 4, rounds->cost);
    for (size_t at = 0; at < count; at++) {
        cost[at] += rounds->prior->value[at];
        if (rounds->over_ceiling != NULL)
            cost[at] += hp_ceiling_cost(rounds->over_ceiling->value[at]);
    }
    return true;
}

// Adds to the cost what the person said and, in the last round, the planar contours.
static void add_wishes(HpRounds *rounds, bool is_last)
{
    const float lambda = (float)rounds->params->value[HP_PARAM_SNAKES_WEIGHT];
    float *cost = rounds->cost->value;
    for (size_t at = 0; at < hp_grid_count(&rounds->grid); at++) {
        if (is_last && rounds->planes != NULL)
            cost[at] += lambda * CLAMP(rounds->planes->phi->value[at] / 5, -1.0f, 1.0f);
        if (!rounds->body[at])
            cost[at] = 6;
        const bool is_barrier = is_last && rounds->is_band_set &&
                                (rounds->smooth->value[at] < rounds->low_hu ||
                                 rounds->smooth->value[at] > rounds->high_hu);
        if (rounds->fixed[at] == 2 || is_barrier)
            cost[at] = HP_GEODESIC_HARD;
        if (rounds->fixed[at] == 1 || rounds->drawn[at])
            cost[at] = -HP_GEODESIC_HARD;
    }
    hp_stroke_map_add_cost(rounds->strokes,
                           is_last && rounds->planes != NULL ? rounds->planes->phi : NULL,
                           rounds->cost);
}

static bool solve(HpRounds *rounds, bool is_last, GError **error)
{
    const size_t count = hp_grid_count(&rounds->grid);
    HpGeodesicParams params = hp_geodesic_params_default();
    params.max_iterations = 200;
    if (is_last) {
        params.alpha_mm *= (float)rounds->params->value[HP_PARAM_ALPHA];
        params.kappa = (float)rounds->params->value[HP_PARAM_KAPPA];
    }
    g_autoptr(HpField) start = NULL;
    if (rounds->mask != NULL) {
        start = hp_field_new(&rounds->grid, error);
        if (start == NULL)
            return false;
        for (size_t at = 0; at < count; at++)
            start->value[at] = rounds->mask[at];
    }
    g_autoptr(HpGeodesic) geodesic =
        hp_geodesic_new(rounds->cost, rounds->edge, start, &params, error);
    if (geodesic == NULL || !hp_geodesic_run(geodesic, rounds->task, error))
        return false;
    rounds->iterations = hp_geodesic_get_iterations(geodesic);
    rounds->has_converged = hp_geodesic_is_resting(geodesic);
    if (rounds->mask == NULL && (rounds->mask = labels_new(&rounds->grid, error)) == NULL)
        return false;
    for (size_t at = 0; at < count; at++)
        rounds->mask[at] = hp_geodesic_get_u(geodesic)->value[at] > 0.5f;
    const HpNeckParams necks = hp_neck_params_default();
    if (!hp_neck_cut(rounds->mask, rounds->seed, &rounds->grid, &necks, rounds->task, error))
        return false;
    hp_stroke_map_clear(rounds->strokes, rounds->mask); // closing and filling know no barrier
    return true;
}

// The band of the refinement: half way to fat, and far above; or what the person set.
static void choose_band(HpRounds *rounds)
{
    const double *value = rounds->params->value;
    const double low = value[HP_PARAM_THRESHOLD_LOW], high = value[HP_PARAM_THRESHOLD_HIGH];
    rounds->low_hu = isnan(low) ? (rounds->tissue.median_hu - 100) / 2 : low;
    rounds->high_hu =
        isnan(high) ? rounds->tissue.median_hu + 4 * rounds->tissue.deviation_hu : high;
    rounds->is_band_set = !isnan(low) || !isnan(high);
}

static bool evolve_planes(HpRounds *rounds, const HpPlanes *from, GError **error)
{
    if (rounds->params->value[HP_PARAM_SNAKES_WEIGHT] == 0)
        return true;
    g_autoptr(HpField) against = NULL;
    if (rounds->over_ceiling != NULL) {
        const float a_mm = 0.1f, most = 2; // 1/mm2: twice what the membership can say
        if ((against = hp_field_new(&rounds->grid, error)) == NULL)
            return false;
        for (size_t at = 0; at < hp_grid_count(&rounds->grid); at++)
            against->value[at] = CLAMP(a_mm * rounds->over_ceiling->value[at], 0, most);
    }
    g_autoptr(GError) planar = NULL;
    const HpPlanesInput input = {.picture = rounds->hu,
                                 .original = rounds->original,
                                 .strokes = rounds->strokes,
                                 .against = against,
                                 .seeds = rounds->wide};
    rounds->planes = hp_planes_follow(from, &input, rounds->params, rounds->task, &planar);
    // Snakes that vanish leave the other evidence; only that is forgiven.
    if (rounds->planes == NULL && !g_error_matches(planar, HP_ERROR, HP_ERROR_NO_RESULT)) {
        g_propagate_error(error, g_steal_pointer(&planar));
        return false;
    }
    return true;
}

// Barriers are no body: no seed widens into them, no section grows through them.
static bool mark_strokes(HpRounds *rounds, GError **error)
{
    const GPtrArray *strokes = rounds->input != NULL ? rounds->input->strokes : NULL;
    rounds->strokes = hp_stroke_map_new(strokes, &rounds->grid, error);
    if (rounds->strokes == NULL || !hp_stroke_map_spread(rounds->strokes, rounds->task, error))
        return false;
    hp_stroke_map_clear(rounds->strokes, rounds->body);
    return true;
}

// What stands before the first round.
static bool prepare(HpRounds *rounds, const GPtrArray *seeds, GError **error)
{
    rounds->grid = working_grid(rounds->volume, seeds);
    if (!prepare_pictures(rounds, error) || !mark_strokes(rounds, error))
        return false;
    g_autoptr(GPtrArray) wide = widen(rounds, seeds, error);
    if (wide == NULL || !paint_seeds(rounds, seeds, wide, error) || !fix_strokes(rounds, error))
        return false;
    rounds->wide = g_steal_pointer(&wide);
    rounds->original =
        rounds->input != NULL && rounds->input->original != NULL
            ? hp_resample_volume(rounds->input->original, &rounds->grid, -1024, rounds->task, error)
            : hp_field_ref(rounds->hu);
    return rounds->original != NULL;
}

bool hp_rounds_begin(HpRounds *rounds, const GPtrArray *seeds, GError **error)
{
    if (!prepare(rounds, seeds, error))
        return false;
    for (int round = 0; round < ROUNDS; round++) {
        hp_task_stage(rounds->task, "Growing", 0.1 + 0.1 * round, 0.2 + 0.1 * round);
        if (!make_prior(rounds, error) || !learn(rounds, error))
            return false;
        if (round == ROUNDS - 1)
            break;
        add_wishes(rounds, false);
        if (!solve(rounds, false, error))
            return false;
    }
    return true;
}

bool hp_rounds_end(HpRounds *rounds, const HpPlanes *from, GError **error)
{
    choose_band(rounds);
    hp_task_stage(rounds->task, "Planar contours", 0.3, 0.6);
    if (!evolve_planes(rounds, from, error))
        return false;
    hp_task_stage(rounds->task, "Growing", 0.6, 0.7);
    add_wishes(rounds, true);
    return solve(rounds, true, error);
}

bool hp_rounds_run(HpRounds *rounds, const GPtrArray *seeds, GError **error)
{
    return hp_rounds_begin(rounds, seeds, error) && hp_rounds_end(rounds, NULL, error);
}

static HpField *crop_field(const HpField *field, const HpGrid *grid, const int lo[3],
                           GError **error)
{
    HpField *part = hp_field_new(grid, error);
    for (int k = 0; part != NULL && k < grid->size[2]; k++)
        for (int j = 0; j < grid->size[1]; j++)
            memcpy(part->value + hp_grid_offset(grid, 0, j, k),
                   field->value + hp_grid_offset(&field->grid, lo[0], lo[1] + j, lo[2] + k),
                   grid->size[0] * sizeof *part->value);
    return part;
}

static uint8_t *crop_labels(const HpRounds *from, const uint8_t *labels, const HpGrid *grid,
                            const int lo[3], GError **error)
{
    uint8_t *part = labels_new(grid, error);
    for (int k = 0; part != NULL && k < grid->size[2]; k++)
        for (int j = 0; j < grid->size[1]; j++)
            memcpy(part + hp_grid_offset(grid, 0, j, k),
                   labels + hp_grid_offset(&from->grid, lo[0], lo[1] + j, lo[2] + k),
                   grid->size[0]);
    return part;
}

bool hp_rounds_crop(HpRounds *rounds, const HpRounds *from, const int lo[3], const int size[3],
                    GError **error)
{
    *rounds = (HpRounds){.volume = from->volume,
                         .params = from->params,
                         .task = from->task,
                         .grid = hp_grid_crop(&from->grid, lo, size),
                         .tissue = from->tissue};
    const HpGrid *grid = &rounds->grid;
    const GPtrArray *strokes = from->input != NULL ? from->input->strokes : NULL;
    rounds->wide = g_ptr_array_ref(from->wide);
    const struct {
        const HpField *from;
        HpField **to;
    } fields[] = {{from->hu, &rounds->hu},
                  {from->original, &rounds->original},
                  {from->smooth, &rounds->smooth},
                  {from->edge, &rounds->edge},
                  {from->cost, &rounds->cost}};
    const struct {
        const uint8_t *from;
        uint8_t **to;
    } labels[] = {{from->body, &rounds->body},
                  {from->mask, &rounds->mask},
                  {from->drawn, &rounds->drawn},
                  {from->seed, &rounds->seed},
                  {from->fixed, &rounds->fixed}};
    for (guint at = 0; at < G_N_ELEMENTS(fields); at++)
        if ((*fields[at].to = crop_field(fields[at].from, grid, lo, error)) == NULL)
            return false;
    for (guint at = 0; at < G_N_ELEMENTS(labels); at++)
        if ((*labels[at].to = crop_labels(from, labels[at].from, grid, lo, error)) == NULL)
            return false;
    if (from->over_ceiling != NULL &&
        (rounds->over_ceiling = crop_field(from->over_ceiling, grid, lo, error)) == NULL)
        return false;
    rounds->strokes = hp_stroke_map_new(strokes, grid, error);
    return rounds->strokes != NULL && hp_stroke_map_spread(rounds->strokes, rounds->task, error);
}
