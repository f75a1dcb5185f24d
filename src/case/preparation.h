// SPDX-License-Identifier: Apache-2.0
// Single slices as preparation makes them, long before the whole volume is prepared.
//
// A slab round the slice goes through the same steps as the volume does (image/presets.h). What a slab
// cannot know is taken from the volume: equalisation goes by the whole volume's histogram, counted once
// for each window. So a slice is what the volume's slice becomes, to 1 HU of rounding; under diffusion,
// whose reach has no end, the slab is cut where 3 standard deviations of plain heat would reach.
#pragma once

#include "core/histogram.h"
#include "core/parameter.h"
#include "core/task.h"
#include "core/volume.h"

G_BEGIN_DECLS

typedef struct HpPreparation HpPreparation; // one owner, one thread at a time

HpPreparation *hp_preparation_new(HpVolume *volume);  // takes a reference
void hp_preparation_free(HpPreparation *preparation); // takes NULL
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HpPreparation, hp_preparation_free)

// False where a slice of `plane` is not to be had without the whole volume: local contrast looks at
// tiles of the slices across k, so slices of the other planes cross all of them.
bool hp_preparation_is_quick(const HpVolume *volume, const HpParams *params, HpPlane plane);

// One prepared slice, as a volume of the one slice; a new volume even where nothing is to be done.
// Fails as hp_prepare does. It may be slow at first (the volume's histogram) and under diffusion.
HpVolume *hp_preparation_slice(HpPreparation *preparation, const HpParams *params, HpPlane plane,
                               int slice, HpTask *task, GError **error);

// One slice of a volume as it is. HP_ERROR_NO_MEMORY.
HpVolume *hp_preparation_cut(const HpVolume *volume, HpPlane plane, int slice, GError **error);

// Copies a slice that hp_preparation_slice() made to its place in a volume of the whole grid.
void hp_preparation_place(const HpVolume *slice, HpPlane plane, int at, HpVolume *whole);

// How often values occur in a volume, one HU to a bin; of a large one every n-th voxel is counted, the
// same ones each time.
HpHistogram *hp_preparation_histogram(const HpVolume *volume);

G_END_DECLS
