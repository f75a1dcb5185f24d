// SPDX-License-Identifier: Apache-2.0
// The local maps that drive the snake on one slice: edge D, membership T, balloon kappa, bending.
//
// With J the smoothed picture, [lo, hi] the band and S the logistic:
//   T = S((J - lo)/w) S((hi - J)/w), 0 at barriers;   D = -d |grad J|^2 / (|grad J|^2 + g0^2);
//   kappa = s (2T - 1) + slider + network, then what a person's strokes make of it.
#pragma once

#include "core/field.h"
#include "core/parameter.h"
#include "segment/raster.h"
#include "segment/strokes.h"

G_BEGIN_DECLS

// What the maps are made of: fields on one grid, borrowed. Only `smooth` may not be NULL.
typedef struct {
    const HpField *smooth;         // J, HU
    const HpField *original;       // HU before preparation, for the barriers; NULL: `smooth`
    const HpField *distrust;       // 1/mm2, taken from kappa: far from the seeds, say
    const HpStrokeMap *strokes;    // barriers, holds and pushes on the grid; NULL: none
    const HpField *network_member; // P, 0..1, takes the place of T
    const HpField *network_edge;   // 1/mm, added to D
    const HpField *network_kappa;  // 1/mm2, added
    const HpField *network_beta;   // factor of beta
} HpMapSources;

// The numbers that make maps of sources: the same for every slice, so that the energy does not
// move with the contour.
typedef struct {
    double low_hu, high_hu;                 // the band
    double width_hu;                        // softness of its ends
    double ramp_mm;                         // over which the blur of J spreads an edge
    double barrier_low_hu, barrier_high_hu; // outside of them T is 0
    double median_hu;                       // of J inside the seeds
    double gradient_hu_mm;                  // g0
    double edge;                            // d, 1/mm
    double region;                          // s, 1/mm2
    double kappa;                           // the slider's, 1/mm2
    double alpha;                           // 1/mm
    double beta_mm;
} HpMapRule;

// From the parameters and, where a threshold is not set, the seeds: median +- 3 sigma of J inside
// them, and down to their darkest twentieth, so that lesions a seed holds belong to the organ. Fails with HP_ERROR_NO_RESULT if the seeds cover no voxel, HP_ERROR_BAD_FILE if the band
// is empty.
bool hp_map_rule_new(const HpMapSources *sources, const GPtrArray *seeds, const HpParams *params,
                     HpMapRule *rule, GError **error);

// The maps of one slice, or of a part of it.
typedef struct {
    HpRaster raster;
    float *edge;    // D, 1/mm, <= 0 without a network
    float *member;  // T, 0..1
    float *balloon; // kappa, 1/mm2
    float *beta;    // mm
    uint8_t *mark;  // HpMark: T is 0 at barriers
    bool has_barrier;
    double alpha; // 1/mm
    size_t room;  // private: pixels allocated
} HpMaps;

HpMaps *hp_maps_new(void); // empty; hp_maps_make fills it, again and again
void hp_maps_free(HpMaps *maps);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HpMaps, hp_maps_free)

// Fills the maps for `part` of a slice: a raster of hp_raster_around on the slice's raster, whose
// pixel (0,0) is voxel (x, y) of the slice.
void hp_maps_make(HpMaps *maps, const HpMapSources *sources, const HpMapRule *rule, HpPlane plane,
                  int slice, const HpRaster *part, int x, int y);

// What is left of a loop outside the barriers of its maps: the largest part. One without a barrier in
// it stays as it is; a barrier that lies inside all round is left in, for a loop has no holes. Empty,
// without a point, if nothing is left.
void hp_maps_carve(const HpMaps *maps, HpLoop *loop);

// Constant maps, for tests and as a start: D 0, T 1.
void hp_maps_make_flat(HpMaps *maps, const HpRaster *raster, double alpha, double beta_mm,
                       double kappa);

G_END_DECLS
