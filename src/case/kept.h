// SPDX-License-Identifier: Apache-2.0
// The millilitres that trim planes keep of a surface, quick enough to follow one that is dragged.
#pragma once

#include "surface/trim.h"

G_BEGIN_DECLS

typedef struct HpKept HpKept; // one owner

// Of `whole`, a closed surface; a reference is taken.
HpKept *hp_kept_new(HpMesh *whole);
void hp_kept_free(HpKept *kept); // takes NULL
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HpKept, hp_kept_free)

// What `count` planes keep; 0 if nothing is left, NAN where they cannot cut it. While all planes but
// one stay as they were at the call before, what those keep is not cut again.
double hp_kept_measure_ml(HpKept *kept, const HpCut *cuts, int count);

// Whether both lists cut alike.
bool hp_cuts_equal(const GArray *a, const GArray *b);

G_END_DECLS
