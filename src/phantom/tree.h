// SPDX-License-Identifier: Apache-2.0
// Grows a branching vessel through an organ, thinner with every fork.
#pragma once

#include "phantom/solid.h"

G_BEGIN_DECLS

typedef struct {
    int organ;       // to be filled; its distance says where there is room
    float margin_mm; // tips stay this far inside
    int tips;        // how many ends to grow
    float root_mm;   // radius at the root
    float tip_mm;    // radius of the thinnest branches
    uint64_t seed;
} HpTreeParams;

// Adds tubes to the organ begun last. `trunk` is a list of `count` segments known beforehand, each
// a pair of points; the first starts at the root, and each other starts where an earlier one ends
// or starts. Radii follow Murray's law: the cube of a branch is the sum of the cubes it feeds.
void hp_tree_grow(HpScene *scene, const HpPoint (*trunk)[2], int count, const HpTreeParams *params);

G_END_DECLS
