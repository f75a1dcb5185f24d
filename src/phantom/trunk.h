// SPDX-License-Identifier: Apache-2.0
// The donor's frame: skin, body wall, diaphragm, skeleton, lungs, and the table below.
#pragma once

#include "phantom/solid.h"
#include "phantom/tissue.h"

G_BEGIN_DECLS

// Numbers of organs. Those named `..._room` only shape others.
typedef struct {
    int cavity_room; // inside the ribs and the abdominal wall, spine taken away
    int dome_room;   // below the diaphragm, endless towards the feet
    int mediastinum_room;
    int canal, discs, spine, ribs[2], sternum, cartilage, pelvis, shoulders; // bone and its like
    int psoas, crura, diaphragm, wall, airway, oesophagus;
    int lungs, fat, skin, table;
} HpTrunk;

HpTrunk hp_trunk_build(HpScene *scene, uint64_t seed);

// Where the middle of the vertebral bodies stands at a height: y in mm.
float hp_trunk_spine_y(float z);

G_END_DECLS
