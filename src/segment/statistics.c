// SPDX-License-Identifier: Apache-2.0
// What grey values an organ and its surroundings have, and what each voxel's says of it.
#include "segment/statistics.h"

#include "core/error.h"
#include "core/parallel.h"
#include "image/components.h"
#include "image/morphology.h"

#include <glib/gi18n.h>
#include <math.h>

#define BINS 200     // of 2 HU
#define BLUR_HU 3    // Gauss over the histogram
#define UNIFORM 0.03 // share of the total that every value gets
#define LEAST_HU 6   // noise below this is not believed: partial volume is always there

static int bin_of(float hu)
{
    const int bin =
        (int)floorf((hu - HP_TISSUE_LOW_HU) * BINS / (HP_TISSUE_HIGH_HU - HP_TISSUE_LOW_HU));
    return CLAMP(bin, 0, BINS - 1);
}

bool hp_tissue_measure(const HpField *smooth, const uint8_t *labels, HpTissue *tissue,
                       GError **error)
{
    const size_t count = hp_grid_count(&smooth->grid);
    g_autoptr(HpHistogram) values = hp_histogram_new(-1024, 3072, 4096);
    g_autoptr(HpHistogram) apart = hp_histogram_new(0, 4096, 8192);
    for (size_t at = 0; at < count; at++)
        if (labels[at])
            hp_histogram_add(values, smooth->value[at], 1);
    if (values->total == 0) {
        g_set_error_literal(error, HP_ERROR, HP_ERROR_NO_RESULT,
                            _("the seed covers no voxel of the picture"));
        return false;
    }
    tissue->median_hu = hp_histogram_quantile(values, 0.5);
    for (size_t at = 0; at < count; at++)
        if (labels[at])
            hp_histogram_add(apart, fabs(smooth->value[at] - tissue->median_hu), 1);
    tissue->deviation_hu = MAX(LEAST_HU, 1.4826 * hp_histogram_quantile(apart, 0.5));
    return true;
}

HpHistogram *hp_tissue_histogram(const HpField *smooth, const uint8_t *labels)
{
    HpHistogram *histogram = hp_histogram_new(HP_TISSUE_LOW_HU, HP_TISSUE_HIGH_HU, BINS);
    for (size_t at = 0; at < hp_grid_count(&smooth->grid); at++)
        if (labels[at]) {
            histogram->weight[bin_of(smooth->value[at])] += 1;
            histogram->total += 1;
        }
    hp_histogram_smooth(histogram, BLUR_HU);
    for (int bin = 0; bin < BINS; bin++) {
        const double share = histogram->total > 0 ? histogram->weight[bin] / histogram->total : 0;
        histogram->weight[bin] = (1 - UNIFORM) * share + UNIFORM / BINS;
    }
    histogram->total = 1;
    return histogram;
}

typedef struct {
    const HpField *smooth;
    HpField *cost;
    float table[BINS]; // nats
} Cost;

static void add_cost_cb(int begin, int end, int slab, void *data)
{
    const Cost *job = data;
    const HpGrid *grid = &job->smooth->grid;
    const size_t plane = (size_t)grid->size[0] * (size_t)grid->size[1];
    (void)slab;
    for (size_t at = plane * (size_t)begin; at < plane * (size_t)end; at++)
        job->cost->value[at] += job->table[bin_of(job->smooth->value[at])];
}

void hp_tissue_add_cost(const HpField *smooth, const HpHistogram *organ,
                        const HpHistogram *background, double limit, HpField *cost)
{
    Cost job = {.smooth = smooth, .cost = cost};
    for (int bin = 0; bin < BINS; bin++) {
        const double nats = log(background->weight[bin] / organ->weight[bin]);
        job.table[bin] = (float)CLAMP(nats, -limit, limit);
    }
    hp_parallel_for(smooth->grid.size[2], 1, add_cost_cb, &job);
}

uint8_t *hp_tissue_find_body(const HpField *hu, double air_hu, HpTask *task, GError **error)
{
    const size_t count = hp_grid_count(&hu->grid);
    g_autofree uint8_t *body = hp_try_alloc(count, 1, "body", error);
    if (body == NULL)
        return NULL;
    for (size_t at = 0; at < count; at++)
        body[at] = hu->value[at] > air_hu;
    // Shaved by 4 mm, grown by 5: the table's top is thinner, and skin beside fat comes back.
    if (!hp_erode(body, &hu->grid, 4, task, error) ||
        !hp_components_keep_largest(body, &hu->grid, task, error) ||
        !hp_dilate(body, &hu->grid, 5, task, error) ||
        !hp_fill_holes_slices(body, &hu->grid, hp_grid_axis(&hu->grid, HP_PLANE_AXIAL), 1, task,
                              error))
        return NULL;
    return g_steal_pointer(&body);
}
