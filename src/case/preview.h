// SPDX-License-Identifier: Apache-2.0
// The snake of one seed on its own slice, fast enough to follow a slider.
//
// What it needs of the volume is read once for a slice; smoothing and the maps' rule are redone only
// when the parameters they depend on change. As in the method, the snake starts from the seed widened
// to what its slice shows, each time anew: the same settings give the same contour whatever path the
// sliders, or a dragged seed, took.
#pragma once

#include "core/contour.h"
#include "core/parameter.h"
#include "core/stroke.h"
#include "core/volume.h"

G_BEGIN_DECLS

typedef struct HpPreview HpPreview; // one owner, one thread

// `seed` lies on a slice of `volume`, and hp_seed_check has passed it. Fails with HP_ERROR_NO_MEMORY.
HpPreview *hp_preview_new(HpVolume *volume, const HpContour *seed, GError **error);
void hp_preview_free(HpPreview *preview); // takes NULL
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HpPreview, hp_preview_free)

// Another seed on the plane and slice of the one before, which is asserted: a fraction of the time that a
// new preview takes. Fails with HP_ERROR_NO_MEMORY; the old seed then stays.
bool hp_preview_set_seed(HpPreview *preview, const HpContour *seed, GError **error);
const HpContour *hp_preview_get_seed(const HpPreview *preview);

// What the snake starts from: the seed, widened to its section where it is small.
const HpContour *hp_preview_get_start(const HpPreview *preview);

// The strokes that steer the snake, copied: HpStroke *, on slices of the volume; NULL: none. The same
// again cost nothing. Fails with HP_ERROR_NO_MEMORY; the old ones then stay.
bool hp_preview_set_strokes(HpPreview *preview, const GPtrArray *strokes, GError **error);

// The contour where the snake rests, on the seed's plane and slice; hp_contour_free(). NULL with
// HP_ERROR_NO_RESULT if it vanished, HP_ERROR_BAD_FILE for an empty band, HP_ERROR_NO_MEMORY.
HpContour *hp_preview_evolve(HpPreview *preview, const HpParams *params, GError **error);

// The band, HU, of the last evolution: what the parameters say, or what the seed's values say where
// those leave it to the data. NAN before the first.
void hp_preview_get_band(const HpPreview *preview, double *low_hu, double *high_hu);

// Steps the last evolution took.
int hp_preview_get_steps(const HpPreview *preview);

// The same evolution, to be watched: it goes back to its start, then goes step by step. Stepped until it
// no longer moves, it ends where hp_preview_evolve ends, bit for bit. Restarting fails with
// HP_ERROR_BAD_FILE for an empty band and HP_ERROR_NO_MEMORY.
typedef struct {
    int steps;
    double change_percent; // of the area over the last ten steps; NAN before there were ten
    bool is_moving;
    bool is_at_rest; // neither: it ran out of steps, or vanished
    bool has_vanished;
} HpEvolution;

bool hp_preview_restart(HpPreview *preview, const HpParams *params, GError **error);
bool hp_preview_step(HpPreview *preview, int steps); // whether it still moves
HpEvolution hp_preview_get_evolution(const HpPreview *preview);
// The contour at this moment; hp_contour_free(). NULL if it vanished, or before the first evolution.
HpContour *hp_preview_dup_contour(const HpPreview *preview);

// What drives the snake at each pixel.
typedef enum {
    HP_MAP_EDGE,   // D, 1/mm: a valley at edges, 0 where it is flat
    HP_MAP_MEMBER, // T, 0 to 1: whether the value is of the organ
    HP_MAP_SPEED,  // kappa, 1/mm2: outwards where > 0, the slider and strokes included
    HP_MAP_BETA,   // mm: bending, strokes included
    HP_MAP_COUNT
} HpMapKind;

// A map of a slice of the volume, or of a part of it, on the voxels the preview works on: rows along the
// slice's second axis (hp_plane_axes), pixel (0,0) is voxel (x, y) of slice `grid_slice` of `grid`.
typedef struct {
    HpMapKind kind;
    HpPlane plane;
    int slice; // of the volume
    HpGrid grid;
    int grid_slice, x, y, width, height;
    double low, high; // the range to tint: values beyond it are strokes' work
    float *value;     // owned
} HpMapPicture;

void hp_map_picture_free(HpMapPicture *picture); // takes NULL
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HpMapPicture, hp_map_picture_free)

// The map as the last evolution or restart used it: round the seed on the preview's own slice; on any
// other slice of any plane the whole of it, by the same rule. NULL before the first of them, and with
// HP_ERROR_NO_MEMORY.
HpMapPicture *hp_preview_dup_map(const HpPreview *preview, HpMapKind kind, HpPlane plane, int slice,
                                 GError **error);

G_END_DECLS
