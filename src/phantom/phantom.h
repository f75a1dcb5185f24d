// SPDX-License-Identifier: Apache-2.0
// The synthetic donor: a portal-venous CT of a body that nobody has, with its truth.
#pragma once

#include "core/mask.h"
#include "core/task.h"
#include "core/volume.h"

G_BEGIN_DECLS

typedef struct {
    int matrix;           // columns and rows, 16..2048
    int slices;           // 1..4096
    double spacing_mm[3]; // 0.2..20; the third is the table's step
    double tilt_deg;      // of the gantry, within +-30; written series alone have it
    uint64_t seed;        // another seed, another donor
} HpPhantomParams;

// 256 x 256 x 130 at 1.45 x 1.45 x 1.6 mm, the liver whole.
HpPhantomParams hp_phantom_params_default(void);

// HP_ERROR_UNSUPPORTED naming the value that is out of range.
bool hp_phantom_params_validate(const HpPhantomParams *params, GError **error);

// The upright grid of the donor, its middle at the middle of body and liver. Volumes and masks lie
// on it, also when the written series is tilted.
HpGrid hp_phantom_grid(const HpPhantomParams *params);

// The CT. Also fails with HP_ERROR_NO_MEMORY and HP_ERROR_CANCELLED.
HpVolume *hp_phantom_render(const HpPhantomParams *params, HpTask *task, GError **error);

// Every organ's label at voxel centres: 1 liver parenchyma, 2 portal and 3 hepatic veins inside the
// liver, 4 gallbladder, and from 10 as hp_phantom_segment_name() says. The liver is 1, 2 and 3.
HpMask *hp_phantom_labels(const HpPhantomParams *params, HpTask *task, GError **error);
const char *hp_phantom_label_name(uint8_t label); // NULL if unused

// The liver alone, vessels included, as label 1.
HpMask *hp_phantom_liver(const HpPhantomParams *params, HpTask *task, GError **error);

typedef struct {
    double liver_ml;       // the whole liver, its vessels included: what a mask should count
    double liver_area_mm2; // of its surface
    double vessels_ml;     // portal and hepatic veins inside it; parenchyma is the difference
    double heart_mm2, stomach_mm2, muscle_mm2; // surface shared with each, within 15 HU
} HpPhantomTruth;

// Integrates the donor of `seed` with cells of `cell_mm` until halving them changes the volume by
// less than 0.01 %. Does not depend on matrix or spacing.
bool hp_phantom_measure(uint64_t seed, HpPhantomTruth *truth, HpTask *task, GError **error);

// Writes DIR/series/IM*.dcm, DIR/liver.nii.gz, DIR/labels.nii.gz, DIR/seed.json and
// DIR/truth.json; DIR is made if it is not there. Slices are streamed: memory stays small. Also
// fails with HP_ERROR_IO; then nothing of these is left in DIR.
bool hp_phantom_write(const HpPhantomParams *params, const char *dir, HpTask *task, GError **error);

G_END_DECLS
