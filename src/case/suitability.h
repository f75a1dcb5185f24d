// SPDX-License-Identifier: Apache-2.0
// How well a series suits the liver's volume: its contrast phase, thickness and extent.
//
// Scanners write the phase as people name it, in the series' description; words of several languages
// are known. What is found is a hint to a person who chooses, never a decision.
#pragma once

#include "io/series.h"

G_BEGIN_DECLS

typedef enum {
    HP_PHASE_UNKNOWN,
    HP_PHASE_NATIVE, // without contrast agent
    HP_PHASE_ARTERIAL,
    HP_PHASE_PORTAL, // portal venous: liver and veins stand out best
    HP_PHASE_DELAYED
} HpPhase;

// What speaks against a series; flags.
typedef enum {
    HP_DOUBT_NO_CT = 1 << 0,
    HP_DOUBT_NATIVE = 1 << 1,
    HP_DOUBT_ARTERIAL = 1 << 2,
    HP_DOUBT_DELAYED = 1 << 3,
    HP_DOUBT_THICK = 1 << 4, // slices over HP_THICK_MM
    HP_DOUBT_SHORT = 1 << 5, // lower than livers are
    HP_DOUBT_SHARP = 1 << 6, // a kernel for bone or lung: noise
} HpDoubt;

#define HP_THICK_MM 3.0
#define HP_SHORT_MM 150.0 // livers are 140 to 210 mm high

HpPhase hp_suitability_phase(const HpSeries *series);
guint hp_suitability_doubts(const HpSeries *series);

// Distance of slices, or their thickness where that is larger: what blurs along the patient.
double hp_suitability_thickness_mm(const HpSeries *series);

// The series of `found` (HpSeries) that suits best, as a position; 0 of one. The first wins a tie: the
// one with most slices, as hp_input_find sorts them. -1 if `found` is empty.
int hp_suitability_best(const GPtrArray *found);

G_END_DECLS
