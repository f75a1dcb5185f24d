// SPDX-License-Identifier: Apache-2.0
// What a series says of itself, and what is to be said about it, in words a person reads.
#pragma once

#include "case/suitability.h"

G_BEGIN_DECLS

// Something a person should know about a series.
typedef struct {
    char *headline;
    char *detail;  // "" if the headline says it all
    bool is_grave; // it changes numbers; else it is good to know
} HpRemark;

// What the reader found odd and what speaks against the series; a GPtrArray of HpRemark that frees them.
// `is_anonymous` leaves out what may name the patient, here and below.
GPtrArray *hp_series_words_remarks(const HpSeries *series, bool is_anonymous);

// The description, or "Series 2" where there is none to show; `number` counts from 1. g_free().
char *hp_series_words_title(const HpSeries *series, int number, bool is_anonymous);

// The facts that tell series apart, in one line: phase, thickness, slices, kernel, date. g_free().
char *hp_series_words_line(const HpSeries *series, bool is_anonymous);

// Why this one of `found` is suggested. g_free().
char *hp_series_words_reason(const GPtrArray *found, int position);

const char *hp_series_words_phase(HpPhase phase); // "" of HP_PHASE_UNKNOWN; static

// A DICOM date (YYYYMMDD) as people write it everywhere, 2024-01-31; other texts as they are. g_free().
char *hp_series_words_date(const char *date);

G_END_DECLS
