// SPDX-License-Identifier: Apache-2.0
// The colours of the screen: dark and calm, planes told apart by colour-blind people too.
#include "view/palette.h"

const uint8_t hp_palette_gap[3] = {34, 34, 38};
const uint8_t hp_palette_text[3] = {230, 230, 234};
const uint8_t hp_palette_seed[3] = {255, 211, 92};
const uint8_t hp_palette_live[3] = {255, 150, 130};
const uint8_t hp_palette_found[3] = {200, 200, 210};
const uint8_t hp_palette_band[3] = {213, 94, 0};
const uint8_t hp_palette_measure[3] = {94, 224, 200};

const uint8_t *hp_palette_plane(HpPlane plane)
{
    static const uint8_t colours[HP_PLANE_COUNT][3] = {
        [HP_PLANE_AXIAL] = {86, 180, 233},
        [HP_PLANE_CORONAL] = {230, 159, 0},
        [HP_PLANE_SAGITTAL] = {0, 158, 115},
    };
    return colours[plane];
}

const uint8_t *hp_palette_stroke(HpStrokeKind kind)
{
    static const uint8_t colours[HP_STROKE_KIND_COUNT][3] = {
        [HP_STROKE_BARRIER] = {255, 70, 60},
        [HP_STROKE_HOLD] = {120, 215, 130},
        [HP_STROKE_PUSH] = {190, 130, 245},
        [HP_STROKE_ERASE] = {200, 200, 205},
    };
    return colours[kind];
}

void hp_palette_ground(double share, uint8_t colour[3])
{
    static const double top[3] = {37, 40, 48}, bottom[3] = {17, 17, 21};
    for (int part = 0; part < 3; part++)
        colour[part] = (uint8_t)(top[part] + share * (bottom[part] - top[part]) + 0.5);
}

void hp_palette_outline(const uint8_t colour[3], uint8_t outline[3])
{
    const int most = MAX(MAX(colour[0], colour[1]), MAX(colour[2], 1));
    for (int part = 0; part < 3; part++) {
        const int bright = colour[part] * 255 / most; // the same hue at full value
        outline[part] = (uint8_t)(bright + (255 - bright) / 5);
    }
}
