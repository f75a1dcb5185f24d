// SPDX-License-Identifier: Apache-2.0
// How many samples fall into each of equal bins.
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct {
    double low, high; // samples outside [low, high) are not counted
    int bins;         // >= 1
    double *weight;   // owned; what fell into each bin
    double total;     // sum over the bins
} HpHistogram;

HpHistogram *hp_histogram_new(double low, double high, int bins);
void hp_histogram_free(HpHistogram *histogram); // takes NULL
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HpHistogram, hp_histogram_free)

void hp_histogram_add(HpHistogram *histogram, double sample, double weight);

// The sample below which `share` (0..1) of the weight lies, linear within a bin; `low` if empty.
double hp_histogram_quantile(const HpHistogram *histogram, double share);

// Convolves with a Gaussian of `sigma` (in units of samples), keeping the total; ends reflect.
void hp_histogram_smooth(HpHistogram *histogram, double sigma);

G_END_DECLS
