// SPDX-License-Identifier: Apache-2.0
// What the donor is made of: the tissues, their labels, and their value at a point.
#pragma once

#include "phantom/solid.h"

G_BEGIN_DECLS

typedef enum {
    HP_TISSUE_AIR,
    HP_TISSUE_LIVER,
    HP_TISSUE_PORTAL_VEIN,   // inside the liver
    HP_TISSUE_HEPATIC_VEINS, // inside the liver
    HP_TISSUE_GALLBLADDER,
    HP_TISSUE_SPLANCHNIC_VEINS, // portal, splenic and mesenteric veins outside the liver
    HP_TISSUE_VENA_CAVA,
    HP_TISSUE_AORTA,
    HP_TISSUE_HEART,
    HP_TISSUE_CHAMBERS, // blood in the heart
    HP_TISSUE_LUNG_VESSELS,
    HP_TISSUE_LUNG,
    HP_TISSUE_AIRWAY,
    HP_TISSUE_SPLEEN,
    HP_TISSUE_KIDNEY,
    HP_TISSUE_RENAL_SINUS,
    HP_TISSUE_ADRENAL,
    HP_TISSUE_PANCREAS,
    HP_TISSUE_STOMACH,
    HP_TISSUE_SMALL_BOWEL,
    HP_TISSUE_COLON,
    HP_TISSUE_BOWEL_GAS,
    HP_TISSUE_BLADDER,
    HP_TISSUE_DIAPHRAGM,
    HP_TISSUE_MUSCLE,
    HP_TISSUE_BONE,
    HP_TISSUE_DISC,
    HP_TISSUE_SPINAL_CANAL,
    HP_TISSUE_CARTILAGE,
    HP_TISSUE_VISCERAL_FAT,
    HP_TISSUE_SUBCUTANEOUS, // fat under the skin, and the skin
    HP_TISSUE_MATTRESS,
    HP_TISSUE_TABLE,
    HP_TISSUE_COUNT
} HpTissue;

// Label in the true mask: 1 to 4 as hp_segments_default() has them, others from 10; 0 for air and
// what is not the patient.
int hp_tissue_label(HpTissue tissue);
const char *hp_tissue_name(HpTissue tissue); // English, static

// HU without noise at `point` (not bent), `inside_mm` below the surface of its organ.
float hp_tissue_hu(HpTissue tissue, HpPoint point, float inside_mm, uint32_t seed);

// Depths at which the value jumps inside the organ; 0 ends the list of at most two.
const float *hp_tissue_layers(HpTissue tissue);

// Mean HU of the parenchyma, wall or blood that touches the neighbours.
float hp_tissue_rim_hu(HpTissue tissue);

G_END_DECLS
