// SPDX-License-Identifier: Apache-2.0
// What the donor is made of: the tissues, their labels, and their value at a point.
//
// Values are those of the portal-venous phase, 70 s after 1.5 ml/kg of contrast agent at 120 kV.
#include "phantom/tissue.h"

#include <math.h>

#include "phantom/lattice.h"

typedef struct {
    const char *name;
    int label;
    float rim_hu, core_hu;    // down to the first layer, and below it
    float patch_hu, patch_mm; // slow unevenness: height, and size in mm
    float grain_hu, grain_mm; // fast unevenness
    float layer_mm[3];
} Tissue;

static const Tissue table[HP_TISSUE_COUNT] = {
    [HP_TISSUE_AIR] = {"Air", 0, -1000, -1000, 0, 1, 0, 1, {0}},
    [HP_TISSUE_LIVER] = {"Liver", 1, 106, 106, 7, 30, 6, 5, {0}},
    [HP_TISSUE_PORTAL_VEIN] = {"Portal vein", 2, 162, 162, 5, 40, 0, 1, {0}},
    [HP_TISSUE_HEPATIC_VEINS] = {"Hepatic veins", 3, 150, 150, 5, 40, 0, 1, {0}},
    [HP_TISSUE_GALLBLADDER] = {"Gallbladder", 4, 60, 8, 2, 20, 0, 1, {1.5f, 0}},
    [HP_TISSUE_SPLANCHNIC_VEINS] = {"Splanchnic veins", 10, 165, 165, 5, 40, 0, 1, {0}},
    [HP_TISSUE_VENA_CAVA] = {"Inferior vena cava", 11, 135, 135, 18, 30, 0, 1, {0}},
    [HP_TISSUE_AORTA] = {"Aorta", 12, 148, 148, 4, 40, 0, 1, {0}},
    [HP_TISSUE_HEART] = {"Heart", 13, 108, 108, 8, 30, 6, 6, {0}},
    [HP_TISSUE_CHAMBERS] = {"Heart", 13, 129, 129, 14, 30, 0, 1, {0}},
    [HP_TISSUE_LUNG_VESSELS] = {"Lung vessels", 14, 60, 60, 5, 20, 0, 1, {0}},
    [HP_TISSUE_LUNG] = {"Lung", 15, -850, -850, 50, 40, 60, 4, {0}},
    [HP_TISSUE_AIRWAY] = {"Airway", 16, -980, -980, 0, 1, 0, 1, {0}},
    [HP_TISSUE_SPLEEN] = {"Spleen", 17, 114, 114, 5, 30, 5, 5, {0}},
    [HP_TISSUE_KIDNEY] = {"Kidney", 18, 186, 150, 8, 20, 8, 5, {7, 0}},
    [HP_TISSUE_RENAL_SINUS] = {"Renal sinus", 19, -40, -40, 120, 9, 20, 3, {0}},
    [HP_TISSUE_ADRENAL] = {"Adrenal gland", 20, 75, 75, 5, 10, 5, 3, {0}},
    [HP_TISSUE_PANCREAS] = {"Pancreas", 21, 92, 92, 45, 6, 25, 3, {0}},
    [HP_TISSUE_STOMACH] = {"Stomach", 22, 99, 38, 12, 25, 12, 5, {5.5f, 0}},
    [HP_TISSUE_SMALL_BOWEL] = {"Small bowel", 23, 95, 30, 12, 20, 12, 5, {2.2f, 0}},
    [HP_TISSUE_COLON] = {"Colon", 24, 72, 15, 0, 15, 0, 5, {1.8f, 0}},
    [HP_TISSUE_BOWEL_GAS] = {"Bowel gas", 34, -930, -930, 20, 20, 0, 1, {0}},
    [HP_TISSUE_BLADDER] = {"Bladder", 25, 45, 5, 3, 40, 0, 1, {3, 0}},
    [HP_TISSUE_DIAPHRAGM] = {"Diaphragm", 26, 94, 94, 10, 20, 8, 4, {0}},
    [HP_TISSUE_MUSCLE] = {"Muscle", 27, 64, 64, 18, 14, 16, 4, {0}},
    [HP_TISSUE_BONE] = {"Bone", 28, 520, 205, 120, 12, 90, 3, {1.4f, 0}},
    [HP_TISSUE_DISC] = {"Intervertebral disc", 29, 85, 85, 10, 12, 6, 4, {0}},
    [HP_TISSUE_SPINAL_CANAL] = {"Spinal canal", 30, 25, 35, 10, 10, 0, 1, {3, 0}},
    [HP_TISSUE_CARTILAGE] = {"Costal cartilage", 31, 105, 95, 30, 10, 20, 4, {1.5f, 0}},
    [HP_TISSUE_VISCERAL_FAT] = {"Visceral fat", 32, -103, -103, 10, 25, 14, 5, {0}},
    [HP_TISSUE_SUBCUTANEOUS] = {"Subcutaneous fat", 33, 25, -108, 8, 30, 12, 5, {1.8f, 0}},
    [HP_TISSUE_MATTRESS] = {"Mattress", 0, -930, -950, 8, 30, 10, 4, {0}},
    [HP_TISSUE_TABLE] = {"Table", 0, 110, -930, 0, 30, 0, 4, {2, 0}},
};

int hp_tissue_label(HpTissue tissue)
{
    return table[tissue].label;
}

const char *hp_tissue_name(HpTissue tissue)
{
    return table[tissue].name;
}

const float *hp_tissue_layers(HpTissue tissue)
{
    return table[tissue].layer_mm;
}

float hp_tissue_rim_hu(HpTissue tissue)
{
    return table[tissue].rim_hu;
}

static float step_up(float from, float to, float x)
{
    const float t = hp_least(hp_most((x - from) / (to - from), 0), 1);
    return t * t * (3 - 2 * t);
}

// 1 on thin sheets that wander through space, 0 between them; `size` in mm, longer along z.
static float sheet(HpPoint p, float size, float thin, uint32_t seed)
{
    const float n = hp_noise(p.x / size, p.y / size, p.z / (2.5f * size), seed);
    return 1 - step_up(0, thin, fabsf(n));
}

// Fat between the bundles, as septa of a few voxels.
static float muscle(HpPoint p, uint32_t key)
{
    return -30 * sheet(p, 21, 0.12f, key + 7) - 14 * sheet(p, 6, 0.2f, key + 8);
}

// Strands of connective tissue and vessels too small to be drawn.
static float fat(HpPoint p, uint32_t key)
{
    const float n = hp_noise(p.x / 7, p.y / 7, p.z / 7, key + 7),
                m = hp_noise(p.x / 7, p.y / 7, p.z / 7, key + 8);
    const float thread = 1 - step_up(0, 0.16f, sqrtf(n * n + m * m));
    return 75 * thread;
}

// Stool: paste with bubbles.
static float stool(HpPoint p, uint32_t key)
{
    const float coarse = hp_noise(p.x / 9, p.y / 9, p.z / 9, key + 7),
                fine = hp_noise(p.x / 5, p.y / 5, p.z / 5, key + 8);
    const float bubble = step_up(0.1f, 0.5f, coarse + 0.6f * fine);
    return 10 - 60 * fine + bubble * -740;
}

// Pyramids of medulla between columns of cortex.
static float pyramids(HpPoint p, uint32_t key)
{
    const float n = hp_noise(p.x / 11, p.y / 11, p.z / 11, key + 7);
    return 42 * step_up(0.0f, 0.25f, n);
}

float hp_tissue_hu(HpTissue tissue, HpPoint p, float inside_mm, uint32_t seed)
{
    const Tissue *t = &table[tissue];
    const uint32_t key = seed + 101u * tissue;
    float hu = t->layer_mm[0] > 0 && inside_mm > t->layer_mm[0] ? t->core_hu : t->rim_hu;
    if (t->patch_hu > 0)
        hu += t->patch_hu * hp_noise(p.x / t->patch_mm, p.y / t->patch_mm, p.z / t->patch_mm, key);
    if (t->grain_hu > 0)
        hu += t->grain_hu *
              hp_noise(p.x / t->grain_mm, p.y / t->grain_mm, p.z / t->grain_mm, key + 1);
    switch (tissue) {
    case HP_TISSUE_MUSCLE:
        return hu + muscle(p, key);
    case HP_TISSUE_VISCERAL_FAT:
        return hu + fat(p, key);
    case HP_TISSUE_COLON:
        return inside_mm > t->layer_mm[0] ? hu + stool(p, key) : hu;
    case HP_TISSUE_KIDNEY:
        return inside_mm > t->layer_mm[0] ? hu + pyramids(p, key) : hu;
    default:
        return hu;
    }
}
