// SPDX-License-Identifier: Apache-2.0
// The organs of the donor's belly, their vessels, and the heart that lies upon them.
#pragma once

#include "phantom/trunk.h"

G_BEGIN_DECLS

#define HP_BELLY_GAS 6 // pockets of gas, organs that follow each other

// Numbers of organs.
typedef struct {
    int liver_room; // the whole liver, vessels included
    int liver, portal, hepatic;
    int gallbladder, cava, aorta, splanchnic, arteries;
    int chambers, heart, lung_vessels;
    int spleen, kidneys, sinus, adrenals, pancreas, bladder;
    int stomach, duodenum, small_bowel, colon;
    int gas; // the first pocket
    int mesenteric;
    int belly_fat;
} HpBelly;

HpBelly hp_belly_build(HpScene *scene, const HpTrunk *trunk, uint64_t seed);

G_END_DECLS
