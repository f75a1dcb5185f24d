// SPDX-License-Identifier: Apache-2.0
// The whole of segmentation: from seed contours on a CT to the organ's mask and its numbers.
#include "segment/organ.h"

#include "core/contour.h"
#include "core/error.h"
#include "core/segment.h"
#include "image/components.h"
#include "image/distance.h"
#include "image/gaussian.h"
#include "image/median.h"
#include "image/morphology.h"
#include "image/resample.h"
#include "segment/geodesic.h"
#include "segment/neck.h"
#include "segment/planes.h"
#include "segment/prior.h"
#include "segment/refine.h"
#include "segment/seed.h"
#include "segment/statistics.h"
#include "segment/widen.h"

#include <math.h>
#include <string.h>

#define COARSE_MM 3.0
#define FINE_MM 1.5
#define ROUNDS 3

// How far from the seed's box the organ may reach, mm: to the sides, up and down.
#define REACH_SIDE 130
#define REACH_UP 130
#define REACH_DOWN 200

// Everything on the 3 mm grid round the seed.
typedef struct {
    const HpVolume *volume;
    const HpParams *params;
    const HpOrganInput *input;
    HpTask *task;
    HpGrid grid;
    HpField *hu;     // clipped to the soft tissues' values
    HpField *smooth; // Gauss 1.8 mm of the median
    HpField *edge;
    HpField *prior;
    HpField *cost;
    HpPlanes *planes;
    HpHistogram *of_organ, *of_background; // grey values as last learnt
    uint8_t *body, *mask;
    uint8_t *drawn; // the person's seeds: organ for certain
    uint8_t *seed;  // the same, each widened to the section it lies in
    uint8_t *fixed; // 1 organ, 2 not organ, by strokes and locks
    HpTissue tissue;
    double low_hu, high_hu; // the band of the edge refinement
    bool is_band_set;       // by the person
    GArray *seed_slices;    // int, ascending: axial slices with a seed
    int iterations;
    bool has_converged;
    double wider_share,
        narrower_share; // volume with the band 5 HU wider or narrower, to that without
} Work;

static void work_clear(Work *work)
{
    hp_field_unref(work->hu);
    hp_field_unref(work->smooth);
    hp_field_unref(work->edge);
    hp_field_unref(work->prior);
    hp_field_unref(work->cost);
    hp_planes_free(work->planes);
    hp_histogram_free(work->of_organ);
    hp_histogram_free(work->of_background);
    g_free(work->body);
    g_free(work->drawn);
    g_free(work->seed);
    g_free(work->mask);
    g_free(work->fixed);
    if (work->seed_slices != NULL)
        g_array_unref(work->seed_slices);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Work, work_clear)

void hp_organ_free(HpOrgan *organ)
{
    if (organ == NULL)
        return;
    hp_mask_unref(organ->mask);
    if (organ->contours != NULL)
        g_ptr_array_unref(organ->contours);
    g_free(organ);
}

const char *hp_organ_lower_bound_words(const HpOrgan *organ)
{
    return organ->lower_bound
               ? "The organ touches the first or last slice: its volume is a lower bound."
               : NULL;
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

static HpField *clipped_hu(const HpVolume *volume, const HpGrid *grid, HpTask *task, GError **error)
{
    HpField *hu = hp_resample_volume(volume, grid, -1024, task, error);
    for (size_t at = 0; hu != NULL && at < hp_grid_count(grid); at++)
        hu->value[at] = CLAMP(hu->value[at], HP_TISSUE_LOW_HU, HP_TISSUE_HIGH_HU);
    return hu;
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

static bool prepare_pictures(Work *work, GError **error)
{
    hp_task_stage(work->task, "Preparing", 0, 0.1);
    g_autoptr(HpField) raw =
        hp_resample_volume(work->volume, &work->grid, -1024, work->task, error);
    if (raw == NULL)
        return false;
    float lowest = INFINITY;
    for (size_t at = 0; at < hp_grid_count(&work->grid); at++)
        lowest = MIN(lowest, raw->value[at]);
    // A CT cut to a window has no air below it.
    work->body = hp_tissue_find_body(raw, lowest < -400 ? -250 : -150, work->task, error);
    if (work->body == NULL)
        return false;
    work->hu = g_steal_pointer(&raw);
    for (size_t at = 0; at < hp_grid_count(&work->grid); at++)
        work->hu->value[at] = CLAMP(work->hu->value[at], HP_TISSUE_LOW_HU, HP_TISSUE_HIGH_HU);
    g_autoptr(HpField) median = hp_median(work->hu, work->task, error);
    work->smooth = median ? hp_gaussian(median, 1.8, work->task, error) : NULL;
    work->edge = work->smooth ? edge_map(work->smooth, error) : NULL;
    work->cost = work->edge ? hp_field_new(&work->grid, error) : NULL;
    return work->cost != NULL;
}

static GPtrArray *widen(const Work *work, const GPtrArray *seeds, GError **error)
{
    g_autoptr(GPtrArray) wide = hp_contours_new();
    for (guint at = 0; at < seeds->len; at++) {
        HpContour *one =
            hp_seed_widen(seeds->pdata[at], work->smooth, work->body, work->task, error);
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

static bool paint_seeds(Work *work, const GPtrArray *drawn, const GPtrArray *seeds, GError **error)
{
    work->drawn = labels_new(&work->grid, error);
    work->seed = work->drawn ? labels_new(&work->grid, error) : NULL;
    work->seed_slices = g_array_new(FALSE, FALSE, sizeof(int));
    if (work->seed == NULL)
        return false;
    hp_raster_paint(drawn, &work->grid, 1, work->drawn);
    hp_raster_paint(seeds, &work->grid, 1, work->seed);
    for (guint at = 0; at < seeds->len; at++) {
        const HpContour *seed = seeds->pdata[at];
        double a, b, slice;
        if (seed->plane != HP_PLANE_AXIAL)
            continue;
        hp_slice_from_mm(&work->grid, HP_PLANE_AXIAL, seed->mm[0], &a, &b, &slice);
        const int axis = hp_grid_axis(&work->grid, HP_PLANE_AXIAL);
        const int index = CLAMP((int)lround(slice), 0, work->grid.size[axis] - 1);
        bool is_known = false;
        for (guint other = 0; other < work->seed_slices->len; other++)
            is_known |= g_array_index(work->seed_slices, int, other) == index;
        if (!is_known)
            g_array_append_val(work->seed_slices, index);
    }
    g_array_sort(work->seed_slices, by_int);
    size_t painted = 0, in_body = 0;
    for (size_t at = 0; at < hp_grid_count(&work->grid); at++) {
        painted += work->drawn[at];
        in_body += work->drawn[at] && work->body[at];
    }
    if (2 * in_body < painted) {
        g_set_error_literal(error, HP_ERROR, HP_ERROR_NO_RESULT, "the seed lies outside the body");
        return false;
    }
    return hp_tissue_measure(work->smooth, work->seed, &work->tissue, error);
}

// Marks in `fixed` the coarse voxels of which most is in `mask`, where that is given.
static bool fix(Work *work, const HpMask *mask, const HpMask *current, uint8_t value,
                GError **error)
{
    if (mask == NULL)
        return true;
    g_autofree uint8_t *labels = hp_mask_dup_labels(mask, error);
    g_autofree uint8_t *now = NULL;
    if (labels == NULL)
        return false;
    const size_t count = hp_grid_count(&work->volume->grid);
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
            hp_resample_labels(some, &work->volume->grid, 1, &work->grid, work->task, error);
        if (share == NULL)
            return false;
        for (size_t at = 0; at < hp_grid_count(&work->grid); at++)
            if (share->value[at] >= 0.5f)
                work->fixed[at] = value != 0 ? value : part == 0 ? 1 : 2;
    }
    return true;
}

static bool check_grids(const HpVolume *volume, const HpOrganInput *input, GError **error)
{
    const HpMask *masks[4] = {input->liver, input->not_liver, input->locked, input->current};
    for (int at = 0; at < 4; at++)
        if (masks[at] != NULL && !hp_grid_equal(hp_mask_get_grid(masks[at]), &volume->grid, 1e-2)) {
            g_set_error_literal(error, HP_ERROR, HP_ERROR_GRID_MISMATCH,
                                "a stroke or lock lies on another grid than the volume");
            return false;
        }
    return true;
}

static bool fix_strokes(Work *work, GError **error)
{
    work->fixed = labels_new(&work->grid, error);
    if (work->fixed == NULL)
        return false;
    const HpOrganInput *input = work->input;
    return input == NULL || (fix(work, input->not_liver, NULL, 2, error) &&
                             fix(work, input->liver, NULL, 1, error) &&
                             fix(work, input->locked, input->current, 0, error));
}

// The prior of the first round where no seed is axial: the farther from the seed, the less likely.
static HpField *prior_by_distance(Work *work, GError **error)
{
    HpField *prior = hp_distance_outside(work->seed, &work->grid, 1, 200, work->task, error);
    for (size_t at = 0; prior != NULL && at < hp_grid_count(&work->grid); at++)
        prior->value[at] = MAX(0, prior->value[at] - 20) / 15;
    return prior;
}

// The axial slice near the seeds on which the mask is largest, and how much larger than on `slice`.
static int largest_slice(const Work *work, int slice, double *ratio)
{
    const HpGrid *grid = &work->grid;
    const int axis = hp_grid_axis(grid, HP_PLANE_AXIAL), count = grid->size[axis];
    g_autofree double *area = g_new0(double, count);
    for (int k = 0; k < grid->size[2]; k++)
        for (int j = 0; j < grid->size[1]; j++)
            for (int i = 0; i < grid->size[0]; i++)
                area[(int[]){i, j, k}[axis]] += work->mask[hp_grid_offset(grid, i, j, k)];
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
static bool section_at_seed(Work *work, int slice, HpSection *section, GError **error)
{
    const double seed_margin = 10; // mm: a seed is drawn that far inside, about
    if (!hp_section_init(section, &work->grid, work->seed, slice, seed_margin, work->task, error))
        return false;
    if (work->mask == NULL)
        return true;
    g_autofree uint8_t *both = labels_new(&work->grid, error);
    if (both == NULL)
        return false;
    const HpGrid *grid = &work->grid;
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
                both[at] = work->seed[at] || (work->mask[at] && section->depth->value[flat] > 0);
            }
    hp_section_clear(section);
    return hp_section_init(section, grid, both, slice, 0, work->task, error);
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
static bool make_prior(Work *work, GError **error)
{
    g_clear_pointer(&work->prior, hp_field_unref);
    const guint seeds = work->seed_slices->len;
    if (seeds == 0 && work->mask == NULL) {
        work->prior = prior_by_distance(work, error);
        return work->prior != NULL;
    }
    g_autoptr(Sections) sections = g_array_new(FALSE, TRUE, sizeof(HpSection));
    double ratio = 0;
    int slice = seeds > 0 ? g_array_index(work->seed_slices, int, seeds / 2) : -1;
    if (work->mask != NULL && seeds <= 1)
        slice = largest_slice(work, slice, &ratio);
    HpSection section = {0};
    if (ratio > 1.15) {
        if (!hp_section_init(&section, &work->grid, work->mask, slice, 0, work->task, error))
            return false;
        g_array_append_val(sections, section);
    } else {
        for (guint at = 0; at < seeds; at++) {
            if (!section_at_seed(work, g_array_index(work->seed_slices, int, at), &section, error))
                return false;
            g_array_append_val(sections, section);
        }
    }
    const HpPriorParams params = hp_prior_params_default();
    work->prior =
        hp_prior(&work->grid, (HpSection *)sections->data, (int)sections->len, &params, error);
    return work->prior != NULL;
}

// Where to learn the organ's and the background's grey values in this round. Labels in place.
static bool choose_samples(Work *work, uint8_t *organ, uint8_t *background, GError **error)
{
    const size_t count = hp_grid_count(&work->grid);
    const float far = 5; // nats: what lies farther from the seed is another part of the body
    if (work->mask == NULL) {
        for (size_t at = 0; at < count; at++) {
            organ[at] = work->seed[at];
            background[at] =
                work->body[at] && work->prior->value[at] > 2 && work->prior->value[at] < far;
        }
        return true;
    }
    g_autoptr(HpField) depth = hp_distance_inside(work->mask, &work->grid, 1, 4, work->task, error);
    g_autoptr(HpField) away =
        depth ? hp_distance_outside(work->mask, &work->grid, 1, 8, work->task, error) : NULL;
    if (away == NULL)
        return false;
    for (size_t at = 0; at < count; at++) {
        organ[at] = depth->value[at] > 3;
        background[at] = work->body[at] && away->value[at] > 6 && work->prior->value[at] < far;
    }
    return true;
}

static bool make_cost(Work *work, bool is_last, GError **error)
{
    g_autofree uint8_t *organ = labels_new(&work->grid, error);
    g_autofree uint8_t *background = organ ? labels_new(&work->grid, error) : NULL;
    if (background == NULL || !choose_samples(work, organ, background, error))
        return false;
    g_clear_pointer(&work->of_organ, hp_histogram_free);
    g_clear_pointer(&work->of_background, hp_histogram_free);
    work->of_organ = hp_tissue_histogram(work->smooth, organ);
    work->of_background = hp_tissue_histogram(work->smooth, background);
    const size_t count = hp_grid_count(&work->grid);
    float *cost = work->cost->value;
    memset(cost, 0, count * sizeof *cost);
    hp_tissue_add_cost(work->smooth, work->of_organ, work->of_background, 4, work->cost);
    const double *value = work->params->value;
    const float lambda = (float)value[HP_PARAM_SNAKES_WEIGHT];
    for (size_t at = 0; at < count; at++) {
        cost[at] += work->prior->value[at];
        if (is_last && work->planes != NULL)
            cost[at] += lambda * CLAMP(work->planes->phi->value[at] / 5, -1.0f, 1.0f);
        if (!work->body[at])
            cost[at] = 6;
        const bool is_barrier =
            is_last && work->is_band_set &&
            (work->smooth->value[at] < work->low_hu || work->smooth->value[at] > work->high_hu);
        if (work->fixed[at] == 2 || is_barrier)
            cost[at] = HP_GEODESIC_HARD;
        if (work->fixed[at] == 1 || work->drawn[at])
            cost[at] = -HP_GEODESIC_HARD;
    }
    return true;
}

static bool solve(Work *work, bool is_last, GError **error)
{
    const size_t count = hp_grid_count(&work->grid);
    HpGeodesicParams params = hp_geodesic_params_default();
    params.max_iterations = 200;
    if (is_last) {
        params.alpha_mm *= (float)work->params->value[HP_PARAM_ALPHA];
        params.kappa = (float)work->params->value[HP_PARAM_KAPPA];
    }
    g_autoptr(HpField) start = NULL;
    if (work->mask != NULL) {
        start = hp_field_new(&work->grid, error);
        if (start == NULL)
            return false;
        for (size_t at = 0; at < count; at++)
            start->value[at] = work->mask[at];
    }
    g_autoptr(HpGeodesic) geodesic = hp_geodesic_new(work->cost, work->edge, start, &params, error);
    if (geodesic == NULL || !hp_geodesic_run(geodesic, work->task, error))
        return false;
    work->iterations = hp_geodesic_get_iterations(geodesic);
    work->has_converged = hp_geodesic_is_resting(geodesic);
    if (work->mask == NULL && (work->mask = labels_new(&work->grid, error)) == NULL)
        return false;
    for (size_t at = 0; at < count; at++)
        work->mask[at] = hp_geodesic_get_u(geodesic)->value[at] > 0.5f;
    const HpNeckParams necks = hp_neck_params_default();
    return hp_neck_cut(work->mask, work->seed, &work->grid, &necks, work->task, error);
}

static bool run_rounds(Work *work, GError **error)
{
    for (int round = 0; round < ROUNDS; round++) {
        hp_task_stage(work->task, "Growing", 0.4 + 0.1 * round, 0.5 + 0.1 * round);
        if (!make_prior(work, error) || !make_cost(work, round == ROUNDS - 1, error) ||
            !solve(work, round == ROUNDS - 1, error))
            return false;
    }
    return true;
}

// The band of the refinement: half way to fat, and far above; or what the person set.
static void choose_band(Work *work)
{
    const double *value = work->params->value;
    const double low = value[HP_PARAM_THRESHOLD_LOW], high = value[HP_PARAM_THRESHOLD_HIGH];
    work->low_hu = isnan(low) ? (work->tissue.median_hu - 100) / 2 : low;
    work->high_hu = isnan(high) ? work->tissue.median_hu + 4 * work->tissue.deviation_hu : high;
    work->is_band_set = !isnan(low) || !isnan(high);
}

// `wider` moves both ends of the band of values outwards, HU.
static HpRefineParams refine_params(const Work *work, double band_mm, double wider)
{
    return (HpRefineParams){
        .low_hu = work->low_hu - wider,
        .high_hu = work->high_hu + wider,
        .clip_low_hu = work->tissue.median_hu - 130,
        .clip_high_hu = work->tissue.median_hu + 40,
        .alpha_mm = 3 * (float)work->params->value[HP_PARAM_ALPHA],
        .kappa = 0.05f * (float)work->params->value[HP_PARAM_KAPPA],
        .band_mm = (float)band_mm,
        .inside_cost = -0.05f,
        .outside_cost = 0.3f,
        .edge_hu_mm = 5,
        .max_iterations = 100,
    };
}

// labels <- {u > 1/2}, filled, the largest part.
static uint8_t *settle(const HpField *u, HpTask *task, GError **error)
{
    const HpGrid *grid = &u->grid;
    g_autofree uint8_t *labels = labels_new(grid, error);
    if (labels == NULL)
        return NULL;
    for (size_t at = 0; at < hp_grid_count(grid); at++)
        labels[at] = u->value[at] > 0.5f;
    if (!hp_components_keep_largest(labels, grid, task, error) ||
        !hp_fill_holes_3d(labels, grid, 1, task, error))
        return NULL;
    return g_steal_pointer(&labels);
}

// What a voxel within the band costs besides: grey values that are commoner outside (it parts muscle,
// gallbladder and vena cava from the liver, whose values lie between fat's and its own), and lying
// outside the planar contours.
static HpField *refinement_cost(const Work *work, const HpField *smooth, GError **error)
{
    const float of_values = 0.03f;  // measured: 0.02 to 0.04 do alike, 0.08 eats the rim
    const float of_contours = 0.1f; // of what they count for in the solve before
    const HpGrid *grid = &smooth->grid;
    g_autoptr(HpField) cost = hp_field_new(grid, error);
    if (cost == NULL)
        return NULL;
    hp_tissue_add_cost(smooth, work->of_organ, work->of_background, 3, cost);
    for (size_t at = 0; at < hp_grid_count(grid); at++)
        cost->value[at] = of_values * MAX(0, cost->value[at]);
    if (work->planes == NULL)
        return g_steal_pointer(&cost);
    g_autoptr(HpField) phi = hp_resample_field(work->planes->phi, grid, 10, work->task, error);
    if (phi == NULL)
        return NULL;
    const float weight = of_contours * (float)work->params->value[HP_PARAM_SNAKES_WEIGHT];
    for (size_t at = 0; at < hp_grid_count(grid); at++)
        cost->value[at] += weight * CLAMP(phi->value[at] / 5, -1.0f, 1.0f);
    return hp_task_step(work->task, 0, error) ? g_steal_pointer(&cost) : NULL;
}

// One level: the coarse labels' surface is fitted on `fine`. Returns labels on `fine`.
static uint8_t *refine_level(Work *work, const uint8_t *labels, const HpGrid *coarse,
                             const HpGrid *fine, double band_mm, double wider, GError **error)
{
    g_autoptr(HpField) rough = hp_distance_signed(labels, coarse, 0, 10, work->task, error);
    g_autoptr(HpField) distance =
        rough ? hp_resample_field(rough, fine, 10, work->task, error) : NULL;
    if (distance == NULL)
        return NULL;
    if (work->params->value[HP_PARAM_EDGE_REFINE] == 0) {
        for (size_t at = 0; at < hp_grid_count(fine); at++)
            distance->value[at] = distance->value[at] < 0;
        return settle(distance, work->task, error);
    }
    g_autoptr(HpField) hu = clipped_hu(work->volume, fine, work->task, error);
    g_autoptr(HpField) smooth = hu ? hp_gaussian(hu, 1.5, work->task, error) : NULL;
    if (smooth == NULL)
        return NULL;
    const HpRefineParams params = refine_params(work, band_mm, wider);
    g_autoptr(HpField) extra = refinement_cost(work, smooth, error);
    if (extra == NULL)
        return NULL;
    int iterations;
    g_autoptr(HpField) u =
        hp_refine(smooth, distance, extra, &params, &iterations, work->task, error);
    return u ? settle(u, work->task, error) : NULL;
}

// The part of the volume's grid that holds the coarse labels with 12 mm round them.
static bool box_of(const Work *work, const uint8_t *labels, const HpGrid *grid, int lo[3],
                   int size[3])
{
    const HpGrid *whole = &work->volume->grid;
    int first[3] = {INT_MAX, INT_MAX, INT_MAX}, last[3] = {-1, -1, -1};
    for (int k = 0; k < grid->size[2]; k++)
        for (int j = 0; j < grid->size[1]; j++)
            for (int i = 0; i < grid->size[0]; i++)
                if (labels[hp_grid_offset(grid, i, j, k)]) {
                    const int ijk[3] = {i, j, k};
                    for (int axis = 0; axis < 3; axis++) {
                        first[axis] = MIN(first[axis], ijk[axis]);
                        last[axis] = MAX(last[axis], ijk[axis]);
                    }
                }
    if (last[0] < 0)
        return false;
    double mm[3], a[3], b[3];
    hp_grid_to_mm(grid, (double[]){first[0], first[1], first[2]}, mm);
    hp_grid_to_ijk(whole, mm, a);
    hp_grid_to_mm(grid, (double[]){last[0], last[1], last[2]}, mm);
    hp_grid_to_ijk(whole, mm, b);
    for (int axis = 0; axis < 3; axis++) {
        const double margin = 12 / whole->spacing_mm[axis];
        lo[axis] = CLAMP((int)floor(a[axis] - margin), 0, whole->size[axis] - 1);
        size[axis] =
            CLAMP((int)ceil(b[axis] + margin) + 1, lo[axis] + 1, whole->size[axis]) - lo[axis];
    }
    return true;
}

// How much of the volume hangs on 5 HU of the band, measured on the coarse grid.
static bool measure_band_width(Work *work, const uint8_t *labels, GError **error)
{
    const size_t count = hp_grid_count(&work->grid);
    size_t voxels[3] = {0};
    for (int at = 0; at < 3; at++) {
        g_autofree uint8_t *other = at == 0 ? g_memdup2(labels, count)
                                            : refine_level(work, work->mask, &work->grid,
                                                           &work->grid, 4, at == 1 ? 5 : -5, error);
        if (other == NULL)
            return false;
        for (size_t voxel = 0; voxel < count; voxel++)
            voxels[at] += other[voxel];
    }
    work->wider_share = voxels[0] > 0 ? (double)voxels[1] / (double)voxels[0] : 1;
    work->narrower_share = voxels[0] > 0 ? (double)voxels[2] / (double)voxels[0] : 1;
    return true;
}

// Coarse to fine: 3 mm, 1.5 mm where the volume is much finer than that, the volume's own grid.
static uint8_t *refine(Work *work, int lo[3], HpGrid *box, GError **error)
{
    hp_task_stage(work->task, "Refining", 0.7, 0.95);
    g_autofree uint8_t *labels =
        refine_level(work, work->mask, &work->grid, &work->grid, 4, 0, error);
    int size[3];
    if (labels == NULL || !measure_band_width(work, labels, error))
        return NULL;
    if (!box_of(work, labels, &work->grid, lo, size)) {
        g_set_error_literal(error, HP_ERROR, HP_ERROR_NO_RESULT, "the contour vanished");
        return NULL;
    }
    *box = hp_grid_crop(&work->volume->grid, lo, size);
    HpGrid level = work->grid;
    double spacing[3];
    bool is_much_finer = false;
    for (int axis = 0; axis < 3; axis++) {
        spacing[axis] = MAX(FINE_MM, box->spacing_mm[axis]);
        is_much_finer |= box->spacing_mm[axis] < FINE_MM / 1.3;
    }
    if (is_much_finer) {
        const HpGrid fine = hp_grid_resampled(box, spacing);
        uint8_t *finer = refine_level(work, labels, &level, &fine, 3, 0, error);
        g_free(labels);
        labels = finer;
        level = fine;
        if (labels == NULL)
            return NULL;
    }
    return refine_level(work, labels, &level, box, is_much_finer ? 2 : 3, 0, error);
}

// Rounds the mask: the half level of its occupancy blurred by the slider's millimetres.
static bool round_off(const Work *work, uint8_t *labels, const HpGrid *box, GError **error)
{
    const double sigma = work->params->value[HP_PARAM_MASK_SMOOTH];
    if (sigma == 0)
        return true;
    g_autoptr(HpField) share = hp_field_new(box, error);
    if (share == NULL)
        return false;
    const size_t count = hp_grid_count(box);
    for (size_t at = 0; at < count; at++)
        share->value[at] = labels[at];
    g_autoptr(HpField) blurred = hp_gaussian(share, sigma, work->task, error);
    if (blurred == NULL)
        return false;
    for (size_t at = 0; at < count; at++)
        labels[at] = blurred->value[at] > 0.5f;
    return hp_components_keep_largest(labels, box, work->task, error);
}

// Strokes and locks have the last word, voxel by voxel.
static void obey_strokes(HpMask *mask, const HpOrganInput *input)
{
    const HpGrid *grid = hp_mask_get_grid(mask);
    for (int k = 0; k < grid->size[2]; k++)
        for (int j = 0; j < grid->size[1]; j++)
            for (int i = 0; i < grid->size[0]; i++) {
                if (input->not_liver != NULL && hp_mask_get(input->not_liver, i, j, k))
                    hp_mask_set(mask, i, j, k, 0);
                if (input->liver != NULL && hp_mask_get(input->liver, i, j, k))
                    hp_mask_set(mask, i, j, k, HP_LABEL_LIVER);
                if (input->locked != NULL && hp_mask_get(input->locked, i, j, k))
                    hp_mask_set(mask, i, j, k,
                                input->current != NULL ? hp_mask_get(input->current, i, j, k) : 0);
            }
}

// Millilitres between the surface and the surface moved by half a voxel: a quarter of the layer
// of one voxel on either side.
static bool measure_half_voxel(const Work *work, const uint8_t *labels, const HpGrid *box,
                               double *ml, GError **error)
{
    const double side = cbrt(hp_grid_voxel_mm3(box));
    g_autoptr(HpField) distance = hp_distance_signed(labels, box, 1, side, work->task, error);
    if (distance == NULL)
        return false;
    size_t layer = 0;
    for (size_t at = 0; at < hp_grid_count(box); at++)
        layer += fabsf(distance->value[at]) < (float)side * 0.999f;
    *ml = (double)layer / 4 * hp_grid_voxel_mm3(box) / 1000;
    return true;
}

static bool touches_end(const uint8_t *labels, const HpGrid *box, const int lo[3],
                        const HpGrid *whole)
{
    const int axis = hp_grid_axis(whole, HP_PLANE_AXIAL);
    for (int k = 0; k < box->size[2]; k++)
        for (int j = 0; j < box->size[1]; j++)
            for (int i = 0; i < box->size[0]; i++) {
                const int at = (int[]){i, j, k}[axis] + lo[axis];
                if ((at == 0 || at == whole->size[axis] - 1) &&
                    labels[hp_grid_offset(box, i, j, k)])
                    return true;
            }
    return false;
}

static bool evolve_planes(Work *work, const GPtrArray *seeds, GError **error)
{
    if (work->params->value[HP_PARAM_SNAKES_WEIGHT] == 0)
        return true;
    hp_task_stage(work->task, "Planar contours", 0.1, 0.4);
    g_autoptr(HpField) original =
        work->input != NULL && work->input->original != NULL
            ? hp_resample_volume(work->input->original, &work->grid, -1024, work->task, error)
            : hp_field_ref(work->hu);
    if (original == NULL)
        return false;
    g_autoptr(GError) planar = NULL;
    work->planes = hp_planes_evolve(work->hu, original, seeds, work->params, work->task, &planar);
    // Snakes that vanish leave the other evidence; only that is forgiven.
    if (work->planes == NULL && !g_error_matches(planar, HP_ERROR, HP_ERROR_NO_RESULT)) {
        g_propagate_error(error, g_steal_pointer(&planar));
        return false;
    }
    return true;
}

static HpOrgan *organ_of(Work *work, const uint8_t *labels, const int lo[3], const HpGrid *box,
                         GError **error)
{
    g_autoptr(HpOrgan) organ = g_new0(HpOrgan, 1);
    organ->mask = hp_mask_new(&work->volume->grid, error);
    if (organ->mask == NULL)
        return NULL;
    hp_mask_write_box(organ->mask, lo, box->size, labels);
    if (work->input != NULL)
        obey_strokes(organ->mask, work->input);
    size_t counts[256];
    hp_mask_count(organ->mask, counts);
    organ->ml = (double)counts[HP_LABEL_LIVER] * hp_grid_voxel_mm3(box) / 1000;
    double half = 0;
    if (!measure_half_voxel(work, labels, box, &half, error))
        return NULL;
    organ->ml_half_voxel_less = organ->ml - half;
    organ->ml_half_voxel_more = organ->ml + half;
    organ->ml_band_narrower = organ->ml * work->narrower_share;
    organ->ml_band_wider = organ->ml * work->wider_share;
    organ->lower_bound = touches_end(labels, box, lo, &work->volume->grid);
    organ->low_hu = work->low_hu;
    organ->high_hu = work->high_hu;
    organ->iterations = work->iterations;
    organ->has_converged = work->has_converged;
    organ->contours = work->planes ? g_ptr_array_ref(work->planes->contours) : hp_contours_new();
    organ->snakes_ml = work->planes ? work->planes->ml : 0;
    return g_steal_pointer(&organ);
}

HpOrgan *hp_organ_segment(const HpVolume *volume, const GPtrArray *seeds, const HpOrganInput *input,
                          const HpParams *params, HpTask *task, GError **error)
{
    g_auto(Work) work = {.volume = volume, .params = params, .input = input, .task = task};
    if (seeds->len == 0) {
        g_set_error_literal(error, HP_ERROR, HP_ERROR_BAD_FILE,
                            "no seed contour, expected at least one");
        return NULL;
    }
    for (guint at = 0; at < seeds->len; at++)
        if (!hp_seed_check(seeds->pdata[at], &volume->grid, error)) {
            g_prefix_error(error, "contour %u: ", at + 1);
            return NULL;
        }
    if (input != NULL && !check_grids(volume, input, error))
        return NULL;
    work.grid = working_grid(volume, seeds);
    if (!prepare_pictures(&work, error))
        return NULL;
    g_autoptr(GPtrArray) wide = widen(&work, seeds, error);
    if (wide == NULL || !paint_seeds(&work, seeds, wide, error) || !fix_strokes(&work, error))
        return NULL;
    choose_band(&work);
    int lo[3];
    HpGrid box;
    if (!evolve_planes(&work, wide, error) || !run_rounds(&work, error))
        return NULL;
    g_autofree uint8_t *labels = refine(&work, lo, &box, error);
    if (labels == NULL || !round_off(&work, labels, &box, error))
        return NULL;
    hp_task_stage(task, "Measuring", 0.95, 1);
    return organ_of(&work, labels, lo, &box, error);
}
