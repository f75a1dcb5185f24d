// SPDX-License-Identifier: Apache-2.0
// What a label holds: its voxels, its millilitres, and the HU of the original image inside it.
#include "case/statistics.h"

#include "core/error.h"
#include "core/histogram.h"

#include <glib/gi18n.h>
#include <math.h>

bool hp_grid_check_equal(const HpGrid *a, const char *what, const HpGrid *b, const char *other,
                         GError **error)
{
    const double smallest = MIN(MIN(a->spacing_mm[0], a->spacing_mm[1]), a->spacing_mm[2]);
    if (hp_grid_equal(a, b, 0.05 * smallest))
        return true;
    g_set_error(error, HP_ERROR, HP_ERROR_GRID_MISMATCH,
                _("%s has %d x %d x %d voxels of %.4g x %.4g x %.4g mm from %.2f, %.2f, %.2f mm, "
                  "%s %d x %d x %d of %.4g x %.4g x %.4g mm from %.2f, %.2f, %.2f mm; expected one "
                  "grid"),
                what, a->size[0], a->size[1], a->size[2], a->spacing_mm[0], a->spacing_mm[1],
                a->spacing_mm[2], a->origin_mm[0], a->origin_mm[1], a->origin_mm[2], other,
                b->size[0], b->size[1], b->size[2], b->spacing_mm[0], b->spacing_mm[1],
                b->spacing_mm[2], b->origin_mm[0], b->origin_mm[1], b->origin_mm[2]);
    return false;
}

// The HU of the label's voxels, one bin per HU; HU of the box [lo, hi) are looked at slice by slice.
static bool collect(const HpMask *mask, uint8_t label, const HpVolume *volume, const int lo[3],
                    const int hi[3], HpHistogram *histogram, GError **error)
{
    const int size[3] = {hi[0] - lo[0], hi[1] - lo[1], 1};
    g_autofree uint8_t *labels = hp_try_alloc((size_t)size[0] * size[1], 1, "a slice", error);
    if (labels == NULL)
        return false;
    for (int k = lo[2]; k < hi[2]; k++) {
        hp_mask_read_box(mask, (int[]){lo[0], lo[1], k}, size, labels);
        for (int j = 0; j < size[1]; j++) {
            const uint8_t *row = labels + (size_t)j * size[0];
            const int16_t *hu = volume->hu + hp_grid_offset(&volume->grid, lo[0], lo[1] + j, k);
            for (int i = 0; i < size[0]; i++)
                if (label == 0 ? row[i] != 0 : row[i] == label)
                    histogram->weight[hu[i] - INT16_MIN]++;
        }
    }
    return true;
}

static void summarise(HpHistogram *histogram, HpStatistics *statistics)
{
    double sum = 0, squares = 0;
    histogram->total = 0;
    for (int bin = 0; bin < histogram->bins; bin++) {
        const double hu = histogram->low + bin, weight = histogram->weight[bin];
        histogram->total += weight;
        sum += weight * hu;
        squares += weight * hu * hu;
    }
    if (histogram->total == 0)
        return;
    statistics->mean_hu = sum / histogram->total;
    statistics->deviation_hu =
        sqrt(MAX(0, squares / histogram->total - statistics->mean_hu * statistics->mean_hu));
    // A bin holds one whole HU; its share begins half a HU below.
    statistics->low_hu = hp_histogram_quantile(histogram, 0.05) - 0.5;
    statistics->median_hu = hp_histogram_quantile(histogram, 0.5) - 0.5;
    statistics->high_hu = hp_histogram_quantile(histogram, 0.95) - 0.5;
}

static size_t count_voxels(const HpMask *mask, uint8_t label)
{
    size_t counts[256], all = 0;
    hp_mask_count(mask, counts);
    for (int at = 1; at < 256; at++)
        all += counts[at];
    return label == 0 ? all : counts[label];
}

bool hp_statistics_measure(const HpMask *mask, uint8_t label, const HpVolume *volume,
                           HpStatistics *statistics, GError **error)
{
    const HpGrid *grid = hp_mask_get_grid(mask);
    if (volume != NULL && !hp_grid_check_equal(grid, "the mask", &volume->grid, "the image", error))
        return false;
    HpStatistics found = {
        .mean_hu = NAN, .deviation_hu = NAN, .low_hu = NAN, .median_hu = NAN, .high_hu = NAN};
    found.voxels = count_voxels(mask, label);
    found.volume_ml = found.voxels * hp_grid_voxel_mm3(grid) / 1000;
    int lo[3], hi[3];
    if (hp_mask_bounds(mask, label, lo, hi)) {
        const int axis = hp_grid_axis(grid, HP_PLANE_AXIAL);
        found.is_cut_low = lo[axis] == 0;
        found.is_cut_high = hi[axis] == grid->size[axis];
        g_autoptr(HpHistogram) histogram = hp_histogram_new(INT16_MIN, INT16_MAX + 1.0, 1 << 16);
        if (volume != NULL && !collect(mask, label, volume, lo, hi, histogram, error))
            return false;
        summarise(histogram, &found);
    }
    *statistics = found;
    return true;
}

const char *hp_statistics_cut_words(const HpStatistics *statistics)
{
    if (statistics->is_cut_low && statistics->is_cut_high)
        return "lower bound: the organ touches the first and the last slice";
    if (statistics->is_cut_low)
        return "lower bound: the organ touches the first slice";
    if (statistics->is_cut_high)
        return "lower bound: the organ touches the last slice";
    return NULL;
}
