// SPDX-License-Identifier: Apache-2.0
// How many samples fall into each of equal bins.
#include "core/histogram.h"

#include <math.h>
#include <string.h>

HpHistogram *hp_histogram_new(double low, double high, int bins)
{
    g_assert(bins >= 1 && high > low);
    HpHistogram *histogram = g_new0(HpHistogram, 1);
    *histogram = (HpHistogram){.low = low, .high = high, .bins = bins};
    histogram->weight = g_new0(double, bins);
    return histogram;
}

void hp_histogram_free(HpHistogram *histogram)
{
    if (histogram == NULL)
        return;
    g_free(histogram->weight);
    g_free(histogram);
}

void hp_histogram_add(HpHistogram *histogram, double sample, double weight)
{
    const double at =
        (sample - histogram->low) / (histogram->high - histogram->low) * histogram->bins;
    if (!(at >= 0 && at < histogram->bins))
        return;
    histogram->weight[(int)at] += weight;
    histogram->total += weight;
}

double hp_histogram_quantile(const HpHistogram *histogram, double share)
{
    const double width = (histogram->high - histogram->low) / histogram->bins;
    double left = share * histogram->total;
    for (int bin = 0; bin < histogram->bins && histogram->total > 0; bin++) {
        const double weight = histogram->weight[bin];
        if (weight > 0 && left <= weight)
            return histogram->low + width * (bin + left / weight);
        left -= weight;
    }
    return histogram->total > 0 ? histogram->high : histogram->low;
}

void hp_histogram_smooth(HpHistogram *histogram, double sigma)
{
    const int bins = histogram->bins;
    const double width = (histogram->high - histogram->low) / bins;
    const int reach = (int)ceil(4 * sigma / width);
    g_autofree double *kernel = g_new0(double, reach + 1);
    g_autofree double *out = g_new0(double, bins);
    double sum = 0;
    for (int at = 0; at <= reach; at++) {
        kernel[at] = sigma > 0 ? exp(-0.5 * pow(at * width / sigma, 2)) : 1;
        sum += at == 0 ? kernel[at] : 2 * kernel[at];
    }
    for (int bin = 0; bin < bins; bin++)
        for (int at = -reach; at <= reach; at++) {
            int to = bin + at; // reflected at the ends until inside
            while (to < 0 || to >= bins)
                to = to < 0 ? -1 - to : 2 * bins - 1 - to;
            out[to] += histogram->weight[bin] * kernel[ABS(at)] / sum;
        }
    memcpy(histogram->weight, out, bins * sizeof *out);
}
