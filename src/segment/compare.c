// SPDX-License-Identifier: Apache-2.0
// How well two masks agree: overlap, volumes and the distance between their surfaces.
#include "segment/compare.h"

#include "core/error.h"
#include "image/distance.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

// Both masks as 0 and 1 in the box that holds them.
typedef struct {
    HpGrid grid;
    uint8_t *labels[2];
    uint8_t *boundary[2];
} Pair;

static void pair_clear(Pair *pair)
{
    for (int side = 0; side < 2; side++) {
        g_free(pair->labels[side]);
        g_free(pair->boundary[side]);
    }
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Pair, pair_clear)

static bool find_box(const HpMask *a, const HpMask *b, uint8_t label, int lo[3], int size[3])
{
    int alo[3], ahi[3], blo[3], bhi[3];
    const bool has_a = hp_mask_bounds(a, label, alo, ahi);
    const bool has_b = hp_mask_bounds(b, label, blo, bhi);
    if (!has_a && !has_b)
        return false;
    for (int axis = 0; axis < 3; axis++) {
        const int low = !has_a ? blo[axis] : !has_b ? alo[axis] : MIN(alo[axis], blo[axis]);
        const int high = !has_a ? bhi[axis] : !has_b ? ahi[axis] : MAX(ahi[axis], bhi[axis]);
        lo[axis] = low;
        size[axis] = high - low;
    }
    return true;
}

static void mark_boundary(const uint8_t *labels, const HpGrid *grid, uint8_t *boundary)
{
    const size_t row = grid->size[0], slice = row * grid->size[1];
    for (int k = 0; k < grid->size[2]; k++)
        for (int j = 0; j < grid->size[1]; j++)
            for (int i = 0; i < grid->size[0]; i++) {
                const size_t at = hp_grid_offset(grid, i, j, k);
                boundary[at] = labels[at] && (i == 0 || !labels[at - 1] || i + 1 == grid->size[0] ||
                                              !labels[at + 1] || j == 0 || !labels[at - row] ||
                                              j + 1 == grid->size[1] || !labels[at + row] ||
                                              k == 0 || !labels[at - slice] ||
                                              k + 1 == grid->size[2] || !labels[at + slice]);
            }
}

static bool pair_read(Pair *pair, const HpMask *masks[2], uint8_t label, const int lo[3],
                      const int size[3], GError **error)
{
    pair->grid = hp_grid_crop(hp_mask_get_grid(masks[0]), lo, size);
    const size_t count = hp_grid_count(&pair->grid);
    for (int side = 0; side < 2; side++) {
        pair->labels[side] = hp_try_alloc(count, 1, "masks to compare", error);
        if (pair->labels[side] == NULL)
            return false;
        pair->boundary[side] = hp_try_alloc(count, 1, "masks to compare", error);
        if (pair->boundary[side] == NULL)
            return false;
        hp_mask_read_box(masks[side], lo, size, pair->labels[side]);
        for (size_t at = 0; at < count; at++)
            pair->labels[side][at] =
                label == 0 ? pair->labels[side][at] != 0 : pair->labels[side][at] == label;
        mark_boundary(pair->labels[side], &pair->grid, pair->boundary[side]);
    }
    return true;
}

static int by_value(const void *a, const void *b)
{
    const float x = *(const float *)a, y = *(const float *)b;
    return (x > y) - (x < y);
}

// Distances from each boundary to the other, both ways in one list.
static bool measure_surfaces(const Pair *pair, HpAgreement *agreement, HpTask *task, GError **error)
{
    const size_t count = hp_grid_count(&pair->grid);
    g_autoptr(GArray) distances = g_array_new(FALSE, FALSE, sizeof(float));
    double sum = 0;
    for (int side = 0; side < 2; side++) {
        g_autoptr(HpField) to_other =
            hp_distance_outside(pair->boundary[1 - side], &pair->grid, 1, INFINITY, task, error);
        if (to_other == NULL)
            return false;
        for (size_t at = 0; at < count; at++)
            if (pair->boundary[side][at]) {
                sum += to_other->value[at];
                g_array_append_val(distances, to_other->value[at]);
            }
    }
    g_array_sort(distances, by_value);
    const guint at = (guint)ceil(0.95 * distances->len) - 1;
    agreement->assd_mm = sum / distances->len;
    agreement->hd95_mm = g_array_index(distances, float, at);
    return true;
}

bool hp_compare(const HpMask *mask, const HpMask *reference, uint8_t label, HpAgreement *agreement,
                HpTask *task, GError **error)
{
    const HpGrid *grid = hp_mask_get_grid(mask), *other = hp_mask_get_grid(reference);
    if (!hp_grid_equal(grid, other, 1e-2 * grid->spacing_mm[0])) {
        g_set_error(error, HP_ERROR, HP_ERROR_GRID_MISMATCH,
                    _("the mask has %d x %d x %d voxels of %g x %g x %g mm, the reference "
                      "%d x %d x %d of %g x %g x %g mm, or lies elsewhere"),
                    grid->size[0], grid->size[1], grid->size[2], grid->spacing_mm[0],
                    grid->spacing_mm[1], grid->spacing_mm[2], other->size[0], other->size[1],
                    other->size[2], other->spacing_mm[0], other->spacing_mm[1],
                    other->spacing_mm[2]);
        return false;
    }
    HpAgreement got = {.dice = 1, .volume_difference_percent = NAN, .assd_mm = NAN, .hd95_mm = NAN};
    int lo[3], size[3];
    if (find_box(mask, reference, label, lo, size)) {
        g_auto(Pair) pair = {0};
        const HpMask *masks[2] = {mask, reference};
        if (!pair_read(&pair, masks, label, lo, size, error))
            return false;
        size_t counts[2] = {0}, both = 0;
        for (size_t at = 0; at < hp_grid_count(&pair.grid); at++) {
            counts[0] += pair.labels[0][at];
            counts[1] += pair.labels[1][at];
            both += pair.labels[0][at] & pair.labels[1][at];
        }
        const double voxel_ml = hp_grid_voxel_mm3(&pair.grid) / 1000;
        got.dice = 2.0 * (double)both / (double)(counts[0] + counts[1]);
        got.volume_ml = (double)counts[0] * voxel_ml;
        got.reference_ml = (double)counts[1] * voxel_ml;
        if (counts[1] > 0)
            got.volume_difference_percent = 100 * (got.volume_ml / got.reference_ml - 1);
        if (counts[0] > 0 && counts[1] > 0 && !measure_surfaces(&pair, &got, task, error))
            return false;
    }
    *agreement = got;
    return true;
}
