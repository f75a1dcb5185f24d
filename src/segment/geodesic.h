// SPDX-License-Identifier: Apache-2.0
// The 3-D contour: the globally best region for a map of costs and a map of edges.
//
// min over u in [0,1] of  alpha int w(x) |grad u| dx + int (R(x) - kappa) u dx; the region is
// {u > 1/2}. Chan, Esedoglu, Nikolova 2006; solved by the primal-dual iteration of Chambolle and
// Pock 2011 with forward differences. For fixed maps it is a global optimum, monotone in kappa.
#pragma once

#include "core/field.h"
#include "core/task.h"

#include <stdint.h>

G_BEGIN_DECLS

// A cost this far from zero decides its voxel alone: outside for +, inside for -.
#define HP_GEODESIC_HARD 1e6f

typedef struct {
    float alpha_mm;     // >= 0, weight of the surface
    float kappa;        // balloon: taken from every cost that is not hard
    int max_iterations; // done after this many in any case
    float rest;         // done when the volume changed by less than this share over 10 iterations
} HpGeodesicParams;

// alpha 2.1 mm, kappa 0, at most 400 iterations, rest at 0.05 %.
HpGeodesicParams hp_geodesic_params_default(void);

typedef struct HpGeodesic HpGeodesic; // one owner

// `cost` R (nats, HP_GEODESIC_HARD and beyond for constraints) and `edge` w (0..1) lie on one grid,
// are referenced and must not change; `start` (values in [0,1], on the same grid) is copied, NULL
// starts from {R < kappa}. Fails with HP_ERROR_GRID_MISMATCH and HP_ERROR_NO_MEMORY.
HpGeodesic *hp_geodesic_new(HpField *cost, HpField *edge, const HpField *start,
                            const HpGeodesicParams *params, GError **error);
void hp_geodesic_free(HpGeodesic *geodesic); // takes NULL
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HpGeodesic, hp_geodesic_free)

// Runs `iterations` more; the result is the same on any number of threads.
void hp_geodesic_step(HpGeodesic *geodesic, int iterations);
bool hp_geodesic_is_done(const HpGeodesic *geodesic); // rests, or has run max_iterations
bool hp_geodesic_is_resting(const HpGeodesic *geodesic);
int hp_geodesic_get_iterations(const HpGeodesic *geodesic);

// New weights; the iteration goes on from where it is (warm start of a slider).
void hp_geodesic_set_params(HpGeodesic *geodesic, const HpGeodesicParams *params);

// u as it stands; borrowed. Its voxels above 1/2 are the region.
const HpField *hp_geodesic_get_u(const HpGeodesic *geodesic);

// Steps until done. Fails with HP_ERROR_CANCELLED; the step then stays where it was, half done.
bool hp_geodesic_run(HpGeodesic *geodesic, HpTask *task, GError **error);

// The energy of u in nats times mm3, in double: what the iteration lowers.
double hp_geodesic_energy(const HpGeodesic *geodesic, const float *u);

G_END_DECLS
