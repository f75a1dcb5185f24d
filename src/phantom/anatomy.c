// SPDX-License-Identifier: Apache-2.0
// The donor's anatomy as a scene of solids; a seed gives each donor a shape of its own.
#include "phantom/anatomy.h"

#include "phantom/belly.h"
#include "phantom/trunk.h"

// Millimetres by which space is bent: enough that no two donors look alike.
#define BEND_MM 5.0f

HpAnatomy *hp_anatomy_new(uint64_t seed)
{
    HpAnatomy *anatomy = g_new0(HpAnatomy, 1);
    HpScene *scene = anatomy->scene = hp_scene_new();
    anatomy->seed = seed;
    const HpTrunk t = hp_trunk_build(scene, seed);
    const HpBelly b = hp_belly_build(scene, &t, seed);
    anatomy->liver = b.liver_room;
    anatomy->vessels[0] = b.portal;
    anatomy->vessels[1] = b.hepatic;
    // Who is asked first: what lies in something else before it.
    const int order[] = {
        t.canal,     t.discs,      t.spine,      t.ribs[0],     t.ribs[1],   t.sternum,
        t.cartilage, t.pelvis,     t.shoulders,  b.cava,        b.aorta,     b.portal,
        b.hepatic,   b.liver,      b.splanchnic, b.gallbladder, b.chambers,  b.heart,
        t.airway,    t.oesophagus, b.sinus,      b.kidneys,     b.adrenals,  t.crura,
        b.gas,       b.gas + 1,    b.gas + 2,    b.gas + 3,     b.gas + 4,   b.gas + 5,
        b.stomach,   b.spleen,     b.pancreas,   b.duodenum,    b.colon,     b.small_bowel,
        b.bladder,   t.psoas,      b.mesenteric, b.belly_fat,   t.diaphragm, b.lung_vessels,
        t.lungs,     t.fat,        t.wall,       t.skin,        t.table};
    hp_scene_order(scene, order, G_N_ELEMENTS(order));
    hp_scene_bend(scene, seed, BEND_MM);
    return anatomy;
}

void hp_anatomy_free(HpAnatomy *anatomy)
{
    if (anatomy == NULL)
        return;
    hp_scene_free(anatomy->scene);
    g_free(anatomy);
}
