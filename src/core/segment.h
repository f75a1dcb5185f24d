// SPDX-License-Identifier: Apache-2.0
// The named labels of a mask: what each number means, how it is shown, whether it may change.
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

G_BEGIN_DECLS

typedef struct {
    uint8_t label;      // value in the mask, 1..255
    char name[64];      // English standard term; shown translated
    uint8_t colour[3];  // sRGB
    const char *snomed; // SNOMED CT code of the structure, static; NULL if it has none
    bool visible;
    bool locked; // its voxels never change
} HpSegment;

typedef struct {
    int count;
    HpSegment item[255];
} HpSegments;

#define HP_LABEL_LIVER 1

// Liver, Portal vein, Hepatic veins, Gallbladder, Lesion, with labels 1 to 5. The colours stay
// apart for colour-blind people (Okabe and Ito 2008, darkened for a dark ground).
HpSegments hp_segments_default(void);

// The segment of a label; NULL if there is none. Borrowed.
const HpSegment *hp_segments_find(const HpSegments *segments, uint8_t label);

G_END_DECLS
