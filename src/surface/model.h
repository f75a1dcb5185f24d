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

typedef struct {
    HpMesh *mesh;       // closed; what the trim planes kept
    GPtrArray *removed; // HpMesh *: what each trim plane cut off, in turn, where it cut any

    double label_ml; // all voxels of the label
    double mask_ml;  // those that `mesh` stands for: parts dropped and cut off do not count
    double mesh_ml;  // of `mesh`
    double low_ml,
        high_ml;        // of the surface half a voxel further in and out: the width of the number
    double area_mm2;    // of `mesh`, its caps included
    int parts;          // of the label
    bool is_watertight; // `mesh` is
    HpLock lock;        // what smoothing did to the volume
    double reduced_percent;  // what reduction did to it before it was restored
    HpMeshDistance distance; // of the surface before it was trimmed
    GPtrArray *warnings;     // char *: sentences; often empty
} HpModel;

// Extracts, takes the largest part, smooths, reduces and trims, as `params` (its "model" part) say.
// `label` 0 takes any label; `task` may be NULL. Fails with HP_ERROR_NO_RESULT if no voxel carries
// the label or the planes keep nothing, HP_ERROR_NO_MEMORY and HP_ERROR_CANCELLED.
HpModel *hp_model_new(const HpMask *mask, uint8_t label, const HpParams *params, const HpCut *cuts,
                      int cut_count, HpTask *task, GError **error);
void hp_model_free(HpModel *model); // takes NULL
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HpModel, hp_model_free)

G_END_DECLS
