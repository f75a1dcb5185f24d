// SPDX-License-Identifier: Apache-2.0
// The donor's anatomy as a scene of solids; a seed gives each donor a shape of its own.
//
// Patient millimetres, LPS: x to the left, y to the back, z to the head; the liver's middle is near
// z = 0, the spine stands at x = 0. Organs' tags are HpTissue.
#pragma once

#include "phantom/solid.h"
#include "phantom/tissue.h"

G_BEGIN_DECLS

typedef struct {
    HpScene *scene; // owned
    int liver;      // organ that holds the whole liver, its vessels included; only shapes others
    int vessels[2]; // portal and hepatic veins inside it
    uint64_t seed;
} HpAnatomy;

HpAnatomy *hp_anatomy_new(uint64_t seed);
void hp_anatomy_free(HpAnatomy *anatomy); // takes NULL
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HpAnatomy, hp_anatomy_free)

G_END_DECLS
