// SPDX-License-Identifier: Apache-2.0
// The CT as the plan's preparation makes it, to be looked at: slices at once, the whole when it is ready.
//
// Whoever draws asks for slices; what is not there yet is made on a worker, slices first, then samples
// of all presets, then the whole volume, so that scrolling costs nothing. Only pictures come from here:
// numbers are measured on the original. All calls are the main thread's.
#pragma once

#include "case/document.h"

G_BEGIN_DECLS

#define HP_TYPE_PREPARED (hp_prepared_get_type())
G_DECLARE_FINAL_TYPE(HpPrepared, hp_prepared, HP, PREPARED, GObject)

#define HP_PRESETS 7 // choices of prepare.preset; 0 is none

// What a "changed" signal is about (its one argument, guint flags).
typedef enum {
    HP_PREPARED_SLICES = 1 << 0,
    HP_PREPARED_SAMPLES = 1 << 1,
    HP_PREPARED_WORK = 1 << 2, // begins, ends or fails
} HpPreparedChange;

// Rests until somebody looks.
HpPrepared *hp_prepared_new(HpDocument *document);

// False stops all work and forgets the pictures.
void hp_prepared_set_active(HpPrepared *prepared, bool is_active);

// One slice of voxels, as HpSliceView takes it; borrowed until the next call or signal. While it is being
// made: the same slice with older settings, if it is there. NULL: draw the original; that is right
// when nothing is prepared, and all there is before the first slice is ready.
const HpVolume *hp_prepared_get_slice(HpPrepared *prepared, HpPlane plane, int slice);

// The axial slice with each preset on top of the plan's own values; NULL until it is there. Asking
// for another slice lets the old samples stand until the new ones are ready.
void hp_prepared_want_samples(HpPrepared *prepared, int slice);
HpVolume *hp_prepared_get_sample(const HpPrepared *prepared, int preset);
int hp_prepared_get_sample_slice(const HpPrepared *prepared); // of the samples there are; -1: none

bool hp_prepared_is_on(const HpPrepared *prepared);   // the plan prepares something
bool hp_prepared_is_busy(const HpPrepared *prepared); // slices looked at are not up to date yet
const GError *hp_prepared_get_error(const HpPrepared *prepared); // of the last work; NULL if none

G_END_DECLS
