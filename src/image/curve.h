// SPDX-License-Identifier: Apache-2.0
// A map from grey value to grey value, one entry per HU: what equalisation and contrast are.
//
// Pixels go through it, and so do the numbers a person gives in original HU.
#pragma once

#include "core/task.h"
#include "core/volume.h"

G_BEGIN_DECLS

#define HP_CURVE_LOW (-32768)
#define HP_CURVE_COUNT 65536

typedef struct {
    float hu
        [HP_CURVE_COUNT]; // of HU HP_CURVE_LOW, HP_CURVE_LOW + 1, ...; may be written by its owner
} HpCurve;

HpCurve *hp_curve_new(void);        // the identity
void hp_curve_free(HpCurve *curve); // takes NULL
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HpCurve, hp_curve_free)

// Linear between whole HU; beyond int16 as at its end. NAN stays NAN.
double hp_curve_map(const HpCurve *curve, double hu);

// Makes `curve` map as itself and then as `next`.
void hp_curve_append(HpCurve *curve, const HpCurve *next);

// Maps every voxel, rounded and clamped to int16; `out` has the grid of `in` and may be `in`. Fails
// with HP_ERROR_CANCELLED; `out` then holds anything.
bool hp_curve_apply(const HpCurve *curve, const HpVolume *in, HpVolume *out, HpTask *task,
                    GError **error);

G_END_DECLS
