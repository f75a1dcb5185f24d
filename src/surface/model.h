// SPDX-License-Identifier: Apache-2.0
// The model of an organ: its trimmed surface and the numbers that belong to it.
#pragma once

#include "core/mask.h"
#include "core/mesh.h"
#include "core/parameter.h"
#include "core/task.h"
#include "surface/measure.h"
#include "surface/smooth.h"
#include "surface/trim.h"

G_BEGIN_DECLS

// What a model is made of on the way; a model of the same mask takes over what still holds.
typedef struct {
    HpMesh *net;     // the voxel faces of the part taken
    HpGrid voxels;   // whose faces these are
    double share;    // mask volume over net volume; 1 but for thinner slices
    double part_ml;  // its voxels
    bool is_largest; // it is the largest part
    HpMesh *smooth;  // the net smoothed by `amount`
    double amount;   // NAN: not smoothed yet
    HpMesh *surface; // that, reduced to `budget` triangles: what the planes cut
    double budget;   // NAN: not reduced yet
} HpModelMade;

typedef struct {
    HpMesh *mesh;       // closed; what the trim planes kept
    GPtrArray *removed; // HpMesh *: what each trim plane cut off, in turn, where it cut any
    HpModelMade made;

    double label_ml; // all voxels of the label
    double mask_ml;  // those that `mesh` stands for: parts dropped and cut off do not count
    double mesh_ml;  // of `mesh`
    double low_ml,
        high_ml; // of the surface half a voxel further in and out: the width of the number; NAN in a draft
    double area_mm2;         // of `mesh`, its caps included
    int parts;               // of the label
    bool is_watertight;      // `mesh` is
    HpLock lock;             // what smoothing did to the volume
    double reduced_percent;  // what reduction did to it before it was restored
    HpMeshDistance distance; // of the surface before it was trimmed; NAN in a draft
    GPtrArray *warnings;     // char *: sentences; often empty
} HpModel;

// What to make; everything is borrowed.
typedef struct {
    const HpMask *mask;
    uint8_t label; // 0: any
    const HpParams *params;
    const HpCut *cuts; // NULL for none
    int cut_count;
    const HpModel *before; // of the same mask and label; NULL: none
    bool is_draft; // without the width of the number and the distance, which take half the time
} HpModelInput;

// Extracts, takes the largest part, smooths, reduces and trims, as the "model" part of the parameters
// says. `task` may be NULL. Fails with HP_ERROR_NO_RESULT if no voxel carries the label or the planes
// keep nothing, HP_ERROR_NO_MEMORY and HP_ERROR_CANCELLED.
HpModel *hp_model_make(const HpModelInput *input, HpTask *task, GError **error);

// The same with nothing before it, and no draft.
HpModel *hp_model_new(const HpMask *mask, uint8_t label, const HpParams *params, const HpCut *cuts,
                      int cut_count, HpTask *task, GError **error);
void hp_model_free(HpModel *model); // takes NULL
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HpModel, hp_model_free)

G_END_DECLS
