// SPDX-License-Identifier: Apache-2.0
// The whole of segmentation: from seed contours on a CT to the organ's mask and its numbers.
#include "segment/organ.h"

#include "core/contour.h"
#include "core/error.h"
#include "core/segment.h"
#include "image/distance.h"
#include "segment/fit.h"
#include "segment/rounds.h"
#include "segment/seed.h"

#include <glib/gi18n.h>
#include <math.h>

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

static bool check_grids(const HpVolume *volume, const HpOrganInput *input, GError **error)
{
    const HpMask *masks[4] = {input->liver, input->not_liver, input->locked, input->current};
    for (int at = 0; at < 4; at++)
        if (masks[at] != NULL && !hp_grid_equal(hp_mask_get_grid(masks[at]), &volume->grid, 1e-2)) {
            g_set_error_literal(error, HP_ERROR, HP_ERROR_GRID_MISMATCH,
                                _("a stroke or lock lies on another grid than the volume"));
            return false;
        }
    return true;
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
static bool measure_half_voxel(const HpRounds *rounds, const uint8_t *labels, const HpGrid *box,
                               double *ml, GError **error)
{
    const double side = cbrt(hp_grid_voxel_mm3(box));
    g_autoptr(HpField) distance = hp_distance_signed(labels, box, 1, side, rounds->task, error);
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

static HpOrgan *organ_of(const HpRounds *rounds, const HpFit *fit, GError **error)
{
    g_autoptr(HpOrgan) organ = g_new0(HpOrgan, 1);
    organ->mask = hp_mask_new(&rounds->volume->grid, error);
    if (organ->mask == NULL)
        return NULL;
    hp_mask_write_box(organ->mask, fit->lo, fit->box.size, fit->labels);
    if (rounds->input != NULL) {
        obey_strokes(organ->mask, rounds->input);
        if (!hp_strokes_obey(rounds->input->strokes, organ->mask, error))
            return NULL;
    }
    size_t counts[256];
    hp_mask_count(organ->mask, counts);
    organ->ml = (double)counts[HP_LABEL_LIVER] * hp_grid_voxel_mm3(&fit->box) / 1000;
    double half = 0;
    if (!hp_task_step(rounds->task, 0.3, error) ||
        !measure_half_voxel(rounds, fit->labels, &fit->box, &half, error))
        return NULL;
    organ->ml_half_voxel_less = organ->ml - half;
    organ->ml_half_voxel_more = organ->ml + half;
    organ->ml_band_narrower = organ->ml * fit->narrower_share;
    organ->ml_band_wider = organ->ml * fit->wider_share;
    organ->lower_bound = touches_end(fit->labels, &fit->box, fit->lo, &rounds->volume->grid);
    organ->low_hu = rounds->low_hu;
    organ->high_hu = rounds->high_hu;
    organ->iterations = rounds->iterations;
    organ->has_converged = rounds->has_converged;
    organ->contours =
        rounds->planes ? g_ptr_array_ref(rounds->planes->contours) : hp_contours_new();
    organ->snakes_ml = rounds->planes ? rounds->planes->ml : 0;
    return g_steal_pointer(&organ);
}

bool hp_organ_check(const HpVolume *volume, const GPtrArray *seeds, const HpOrganInput *input,
                    GError **error)
{
    if (seeds->len == 0) {
        g_set_error_literal(error, HP_ERROR, HP_ERROR_BAD_FILE,
                            _("no seed contour, expected at least one"));
        return false;
    }
    for (guint at = 0; at < seeds->len; at++)
        if (!hp_seed_check(seeds->pdata[at], &volume->grid, error)) {
            g_prefix_error(error, "contour %u: ", at + 1);
            return false;
        }
    return input == NULL || check_grids(volume, input, error);
}

HpOrgan *hp_organ_segment(const HpVolume *volume, const GPtrArray *seeds, const HpOrganInput *input,
                          const HpParams *params, HpTask *task, GError **error)
{
    g_auto(HpRounds) rounds = {.volume = volume, .params = params, .input = input, .task = task};
    g_auto(HpFit) fit = {0};
    if (!hp_organ_check(volume, seeds, input, error) || !hp_rounds_run(&rounds, seeds, error) ||
        !hp_fit(&rounds, &fit, error))
        return NULL;
    hp_task_stage(task, "Measuring", 0.95, 1);
    return organ_of(&rounds, &fit, error);
}
