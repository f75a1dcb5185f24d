// SPDX-License-Identifier: Apache-2.0
// Fits the coarse organ to the edges of the picture, level by level down to the volume's own grid.
#include "segment/fit.h"

#include "core/error.h"
#include "core/parallel.h"
#include "image/components.h"
#include "image/distance.h"
#include "image/gaussian.h"
#include "image/morphology.h"
#include "image/resample.h"
#include "segment/ceiling.h"
#include "segment/refine.h"

#include <glib/gi18n.h>
#include <math.h>

#define FINE_MM 1.5

void hp_fit_clear(HpFit *fit)
{
    g_free(fit->labels);
    fit->labels = NULL;
}

static uint8_t *labels_new(const HpGrid *grid, GError **error)
{
    return hp_try_alloc(hp_grid_count(grid), 1, "labels", error);
}

static HpField *clipped_hu(const HpVolume *volume, const HpGrid *grid, HpTask *task, GError **error)
{
    HpField *hu = hp_resample_volume(volume, grid, -1024, task, error);
    for (size_t at = 0; hu != NULL && at < hp_grid_count(grid); at++)
        hu->value[at] = CLAMP(hu->value[at], HP_TISSUE_LOW_HU, HP_TISSUE_HIGH_HU);
    return hu;
}

// `wider` moves both ends of the band of values outwards, HU.
static HpRefineParams refine_params(const HpRounds *rounds, double band_mm, double wider)
{
    return (HpRefineParams){
        .low_hu = rounds->low_hu - wider,
        .high_hu = rounds->high_hu + wider,
        .clip_low_hu = rounds->tissue.median_hu - 130,
        .clip_high_hu = rounds->tissue.median_hu + 40,
        .alpha_mm = 3 * (float)rounds->params->value[HP_PARAM_ALPHA],
        .kappa = 0.05f * (float)rounds->params->value[HP_PARAM_KAPPA],
        .band_mm = (float)band_mm,
        .inside_cost = -0.05f,
        .outside_cost = 0.3f,
        .edge_hu_mm = 5,
        .push = 0.15f, // three times kappa's share, as on the coarse grid
        .max_iterations = 100,
    };
}

// labels <- {u > 1/2}, filled but for barriers, the largest part.
static uint8_t *settle(const HpField *u, const HpStrokeMap *strokes, HpTask *task, GError **error)
{
    const HpGrid *grid = &u->grid;
    g_autofree uint8_t *labels = labels_new(grid, error);
    if (labels == NULL)
        return NULL;
    for (size_t at = 0; at < hp_grid_count(grid); at++)
        labels[at] = u->value[at] > 0.5f;
    hp_stroke_map_clear(strokes, labels);
    if (!hp_components_keep_largest(labels, grid, task, error) ||
        !hp_fill_holes_3d(labels, grid, 1, task, error))
        return NULL;
    hp_stroke_map_clear(strokes, labels);
    return g_steal_pointer(&labels);
}

// How much of a voxel's grey value is its tissue's own: little on a ramp from one tissue to a far
// darker one, where every value in between occurs. Central differences over at least 2 mm.
static float purity(const HpField *smooth, int i, int j, int k)
{
    const float half_hu = 80; // change over a voxel that halves it: liver to fat, not to muscle
    const HpGrid *grid = &smooth->grid;
    const size_t stride[3] = {1, grid->size[0], (size_t)grid->size[0] * grid->size[1]};
    const int ijk[3] = {i, j, k};
    const float *at = smooth->value + hp_grid_offset(grid, i, j, k);
    float change2 = 0;
    for (int axis = 0; axis < 3; axis++) {
        const size_t before = ijk[axis] > 0 ? stride[axis] : 0;
        const size_t after = ijk[axis] + 1 < grid->size[axis] ? stride[axis] : 0;
        const int steps = (before > 0) + (after > 0);
        const float reach = (float)MAX(1, 2 / grid->spacing_mm[axis]);
        const float change = steps > 0 ? (at[after] - *(at - before)) / (float)steps * reach : 0;
        change2 += change * change;
    }
    return 1 / (1 + change2 / (half_hu * half_hu));
}

typedef struct {
    const HpStrokeMap *strokes;
    const HpField *smooth;
    const HpField *over; // how far over the ceiling, mm; NULL without one
    const HpField *phi;  // of the planar contours; NULL without them
    HpField *cost;
    float of_contours;
} Extra;

static float extra_at(const Extra *job, size_t at, int i, int j, int k)
{
    const float of_held = 0.3f;     // as much as lying outside the band of values
    const float of_values = 0.03f;  // measured: 0.02 to 0.04 do alike, 0.08 eats the rim
    const float of_ceiling = 0.02f; // of what it counts for in the solve before
    const float nats = job->cost->value[at];
    if (hp_stroke_map_get(job->strokes, at) & HP_MARK_HOLD)
        return job->phi != NULL ? of_held * CLAMP(job->phi->value[at] / 2, -1.0f, 1.0f) : 0;
    float cost = nats > 0 ? of_values * purity(job->smooth, i, j, k) * nats : 0;
    if (job->over != NULL)
        cost += of_ceiling * hp_ceiling_cost(job->over->value[at]);
    if (job->phi != NULL)
        cost += job->of_contours * CLAMP(job->phi->value[at] / 5, -1.0f, 1.0f);
    return cost;
}

static void extra_cb(int begin, int end, int slab, void *data)
{
    const Extra *job = data;
    const HpGrid *grid = &job->cost->grid;
    (void)slab;
    for (int k = begin; k < end; k++)
        for (int j = 0; j < grid->size[1]; j++)
            for (int i = 0; i < grid->size[0]; i++) {
                const size_t at = hp_grid_offset(grid, i, j, k);
                job->cost->value[at] = extra_at(job, at, i, j, k);
            }
}

// What a voxel within the band costs besides: grey values that are commoner outside (it parts muscle,
// gallbladder and vena cava from the liver, whose values lie between fat's and its own), lying over
// the ceiling, and lying outside the planar contours.
static HpField *refinement_cost(const HpRounds *rounds, const HpStrokeMap *strokes,
                                const HpField *smooth, GError **error)
{
    const float of_contours = 0.1f; // of what they count for in the solve before
    const HpGrid *grid = &smooth->grid;
    g_autoptr(HpField) cost = hp_field_new(grid, error);
    if (cost == NULL)
        return NULL;
    hp_tissue_add_cost(smooth, rounds->of_organ, rounds->of_background, 3, cost);
    g_autoptr(HpField) over = NULL;
    if (rounds->over_ceiling != NULL) {
        over = hp_resample_field(rounds->over_ceiling, grid, 0, rounds->task, error);
        if (over == NULL)
            return NULL;
    }
    g_autoptr(HpField) phi = NULL;
    if (rounds->planes != NULL) {
        phi = hp_resample_field(rounds->planes->phi, grid, 10, rounds->task, error);
        if (phi == NULL)
            return NULL;
    }
    const float weight = of_contours * (float)rounds->params->value[HP_PARAM_SNAKES_WEIGHT];
    Extra job = {strokes, smooth, over, phi, cost, weight};
    hp_parallel_for(grid->size[2], 1, extra_cb, &job);
    return hp_task_step(rounds->task, 0, error) ? g_steal_pointer(&cost) : NULL;
}

// One level: the coarse labels' surface is fitted on `fine`. Returns labels on `fine`.
static uint8_t *refine_level(const HpRounds *rounds, const uint8_t *labels, const HpGrid *coarse,
                             const HpGrid *fine, double band_mm, double wider, GError **error)
{
    g_autoptr(HpField) rough = hp_distance_signed(labels, coarse, 0, 10, rounds->task, error);
    g_autoptr(HpField) distance =
        rough ? hp_resample_field(rough, fine, 10, rounds->task, error) : NULL;
    // What lies on the rounds' own grid is there already.
    const bool is_own = fine == &rounds->grid;
    const bool has_strokes = !is_own && rounds->input != NULL;
    g_autoptr(HpStrokeMap) made =
        distance && has_strokes ? hp_stroke_map_new(rounds->input->strokes, fine, error) : NULL;
    if (distance == NULL || (made == NULL && has_strokes))
        return NULL;
    const HpStrokeMap *strokes = is_own ? rounds->strokes : made;
    if (rounds->params->value[HP_PARAM_EDGE_REFINE] == 0) {
        for (size_t at = 0; at < hp_grid_count(fine); at++)
            distance->value[at] = distance->value[at] < 0;
        return settle(distance, strokes, rounds->task, error);
    }
    g_autoptr(HpField) hu =
        is_own ? hp_field_ref(rounds->hu) : clipped_hu(rounds->volume, fine, rounds->task, error);
    g_autoptr(HpField) smooth = hu ? hp_gaussian(hu, 1.5, rounds->task, error) : NULL;
    if (smooth == NULL)
        return NULL;
    const HpRefineParams params = refine_params(rounds, band_mm, wider);
    g_autoptr(HpField) extra = refinement_cost(rounds, strokes, smooth, error);
    if (extra == NULL)
        return NULL;
    int iterations;
    g_autoptr(HpField) u =
        hp_refine(smooth, distance, extra, strokes, &params, &iterations, rounds->task, error);
    return u ? settle(u, strokes, rounds->task, error) : NULL;
}

uint8_t *hp_fit_coarse(const HpRounds *rounds, GError **error)
{
    return refine_level(rounds, rounds->mask, &rounds->grid, &rounds->grid, 4, 0, error);
}

// The part of the volume's grid that holds the coarse labels with 12 mm round them.
static bool box_of(const HpRounds *rounds, const uint8_t *labels, const HpGrid *grid, int lo[3],
                   int size[3])
{
    const HpGrid *whole = &rounds->volume->grid;
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
static bool measure_band_width(const HpRounds *rounds, const uint8_t *labels, HpFit *fit,
                               GError **error)
{
    const size_t count = hp_grid_count(&rounds->grid);
    size_t voxels[3] = {0};
    for (int at = 0; at < 3; at++) {
        g_autofree uint8_t *other = at == 0
                                        ? g_memdup2(labels, count)
                                        : refine_level(rounds, rounds->mask, &rounds->grid,
                                                       &rounds->grid, 4, at == 1 ? 5 : -5, error);
        if (other == NULL)
            return false;
        for (size_t voxel = 0; voxel < count; voxel++)
            voxels[at] += other[voxel];
    }
    fit->wider_share = voxels[0] > 0 ? (double)voxels[1] / (double)voxels[0] : 1;
    fit->narrower_share = voxels[0] > 0 ? (double)voxels[2] / (double)voxels[0] : 1;
    return true;
}

// Coarse to fine: 3 mm, 1.5 mm where the volume is much finer than that, the volume's own grid.
static uint8_t *refine(const HpRounds *rounds, HpFit *fit, GError **error)
{
    g_autofree uint8_t *labels = hp_fit_coarse(rounds, error);
    int size[3];
    if (labels == NULL || !measure_band_width(rounds, labels, fit, error))
        return NULL;
    if (!box_of(rounds, labels, &rounds->grid, fit->lo, size)) {
        g_set_error_literal(error, HP_ERROR, HP_ERROR_NO_RESULT, _("the contour vanished"));
        return NULL;
    }
    HpGrid *box = &fit->box;
    *box = hp_grid_crop(&rounds->volume->grid, fit->lo, size);
    HpGrid level = rounds->grid;
    double spacing[3], widest = 0;
    bool is_much_finer = false;
    for (int axis = 0; axis < 3; axis++) {
        spacing[axis] = MAX(FINE_MM, box->spacing_mm[axis]);
        widest = MAX(widest, box->spacing_mm[axis]);
        is_much_finer |= box->spacing_mm[axis] < FINE_MM / 1.3;
    }
    if (is_much_finer) {
        const HpGrid fine = hp_grid_resampled(box, spacing);
        uint8_t *finer = refine_level(rounds, labels, &level, &fine, 3, 0, error);
        g_free(labels);
        labels = finer;
        level = fine;
        if (labels == NULL)
            return NULL;
    }
    // Where voxels are large the surface must have one on either side to choose from.
    const double band_mm = MAX(is_much_finer ? 2 : 3, 1.3 * widest);
    return refine_level(rounds, labels, &level, box, band_mm, 0, error);
}

// Rounds the mask: the half level of its occupancy blurred by the slider's millimetres.
static bool round_off(const HpRounds *rounds, uint8_t *labels, const HpGrid *box, GError **error)
{
    const double sigma = rounds->params->value[HP_PARAM_MASK_SMOOTH];
    if (sigma == 0)
        return true;
    g_autoptr(HpField) share = hp_field_new(box, error);
    if (share == NULL)
        return false;
    const size_t count = hp_grid_count(box);
    for (size_t at = 0; at < count; at++)
        share->value[at] = labels[at];
    g_autoptr(HpField) blurred = hp_gaussian(share, sigma, rounds->task, error);
    if (blurred == NULL)
        return false;
    for (size_t at = 0; at < count; at++)
        labels[at] = blurred->value[at] > 0.5f;
    return hp_components_keep_largest(labels, box, rounds->task, error);
}

bool hp_fit(const HpRounds *rounds, HpFit *fit, GError **error)
{
    *fit = (HpFit){0};
    hp_task_stage(rounds->task, "Refining", 0.7, 0.95);
    fit->labels = refine(rounds, fit, error);
    if (fit->labels == NULL || !round_off(rounds, fit->labels, &fit->box, error))
        return false;
    if (rounds->input == NULL || rounds->input->strokes == NULL)
        return true;
    g_autoptr(HpStrokeMap) strokes = hp_stroke_map_new(rounds->input->strokes, &fit->box, error);
    hp_stroke_map_clear(strokes, fit->labels); // rounding knows no barrier
    return strokes != NULL;
}
