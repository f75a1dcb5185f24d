// SPDX-License-Identifier: Apache-2.0
// The organs of the donor's belly, their vessels, and the heart that lies upon them.
//
// The liver is a wedge: what the diaphragm, the ribs and the visceral plane leave of two lobes.
// Its neighbours are pressed against it, so that boundaries of like value are many.
#include "phantom/belly.h"

#include <math.h>

#include "phantom/lattice.h"
#include "phantom/tree.h"

static HpPoint at(float x, float y, float z)
{
    return (HpPoint){x, y, z};
}

#define PATH(scene, op, blend, step, points, radii)                                                \
    hp_scene_path(scene, op, blend, points, radii, G_N_ELEMENTS(points), step)

static void build_great_vessels(HpScene *scene, HpBelly *belly)
{
    belly->cava = hp_scene_begin(scene, HP_TISSUE_VENA_CAVA, 0.4f);
    const HpPoint cava[] = {at(-14, 24, -170), at(-18, 24, -100), at(-20, 22, -40), at(-25, 21, 10),
                            at(-26, 17, 60),   at(-21, 6, 92),    at(-16, -6, 116)};
    const float cava_mm[] = {8, 10, 11, 12, 13, 13, 14};
    PATH(scene, HP_SOLID_ADD, 0, 12, cava, cava_mm);
    const HpPoint iliac[2][3] = {{at(-13, 24, -168), at(-40, 26, -220), at(-70, -20, -300)},
                                 {at(-13, 24, -168), at(36, 32, -220), at(70, -20, -300)}};
    const float iliac_mm[] = {7, 7, 6};
    for (int side = 0; side < 2; side++)
        PATH(scene, HP_SOLID_ADD, 2, 20, iliac[side], iliac_mm);
    const HpPoint renal[2][2] = {{at(-20, 22, -56), at(-44, 40, -60)},
                                 {at(-16, 14, -44), at(44, 38, -40)}};
    const float renal_mm[] = {4.5f, 4};
    for (int side = 0; side < 2; side++)
        PATH(scene, HP_SOLID_ADD, 1, 20, renal[side], renal_mm);

    belly->aorta = hp_scene_begin(scene, HP_TISSUE_AORTA, 0);
    const HpPoint aorta[] = {at(10, 22, -162), at(10, 23, -110), at(10, 24, -60), at(13, 28, 0),
                             at(20, 37, 70),   at(25, 44, 150),  at(22, 38, 205), at(12, 12, 228),
                             at(2, -18, 212),  at(-4, -28, 176), at(2, -26, 150)};
    const float aorta_mm[] = {8, 8.5f, 9, 9.5f, 10.5f, 11.5f, 12, 13, 14, 14.5f, 14};
    PATH(scene, HP_SOLID_ADD, 0, 12, aorta, aorta_mm);
    const HpPoint side_branch[][3] = {
        {at(10, 22, -160), at(-26, 20, -215), at(-64, -24, -300)},
        {at(10, 22, -160), at(32, 22, -215), at(64, -24, -300)},
        {at(12, 18, -4), at(6, 2, -2), at(-12, -8, 2)},     // coeliac trunk, hepatic artery
        {at(11, 16, -24), at(6, -2, -50), at(4, -6, -130)}, // superior mesenteric
        {at(10, 18, -40), at(-20, 34, -50), at(-44, 44, -58)},
        {at(10, 18, -40), at(28, 34, -44), at(46, 42, -40)}};
    const float branch_mm[][3] = {{6, 5.5f, 5}, {6, 5.5f, 5},    {3.5f, 3, 2.2f},
                                  {4, 3.5f, 3}, {3, 2.8f, 2.5f}, {3, 2.8f, 2.5f}};
    for (size_t branch = 0; branch < G_N_ELEMENTS(side_branch); branch++)
        PATH(scene, HP_SOLID_ADD, 1, 15, side_branch[branch], branch_mm[branch]);

    belly->splanchnic = hp_scene_begin(scene, HP_TISSUE_SPLANCHNIC_VEINS, 0.3f);
    const HpPoint splenic[] = {at(84, 34, 14), at(56, 16, -8), at(28, 0, -22), at(2, -4, -34)};
    const float splenic_mm[] = {3.5f, 4, 4.5f, 5};
    PATH(scene, HP_SOLID_ADD, 1, 12, splenic, splenic_mm);
    const HpPoint mesenteric[] = {at(-6, -20, -150), at(-3, -14, -90), at(0, -6, -36)};
    const float mesenteric_mm[] = {4, 5, 6};
    PATH(scene, HP_SOLID_ADD, 1, 15, mesenteric, mesenteric_mm);
    const HpPoint portal[] = {at(0, -5, -36), at(-14, -4, -18), at(-30, -3, 0), at(-34, -3, 4)};
    const float portal_mm[] = {7, 7, 7, 6.5f};
    PATH(scene, HP_SOLID_ADD, 1, 10, portal, portal_mm);
    hp_scene_tube(scene, HP_SOLID_ADD, 3, at(-32, -3, 2), at(-52, 3, 8), 6.5f, 5.5f);
    hp_scene_tube(scene, HP_SOLID_ADD, 3, at(-32, -3, 2), at(-16, -20, 14), 6, 5);
}

static void build_hollow_neighbours(HpScene *scene, const HpTrunk *trunk, HpBelly *belly)
{
    belly->gallbladder = hp_scene_begin(scene, HP_TISSUE_GALLBLADDER, 0);
    const HpPoint gall[] = {at(-34, -18, -8), at(-41, -38, -26), at(-49, -62, -44),
                            at(-53, -78, -54)};
    const float gall_mm[] = {4, 10, 15, 13};
    PATH(scene, HP_SOLID_ADD, 2, 8, gall, gall_mm);

    belly->stomach = hp_scene_begin(scene, HP_TISSUE_STOMACH, 1.8f);
    const HpPoint stomach[] = {at(48, 22, 54),   at(57, 2, 41),   at(54, -29, 26),  at(48, -56, 2),
                               at(26, -66, -26), at(0, -62, -34), at(-22, -46, -28)};
    const float stomach_mm[] = {25, 29, 27, 23, 19, 15, 10};
    PATH(scene, HP_SOLID_ADD, 4, 14, stomach, stomach_mm);
    hp_scene_organ(scene, HP_SOLID_CLIP, 4, trunk->dome_room, -3);
    hp_scene_organ(scene, HP_SOLID_CLIP, 4, trunk->cavity_room, -3);
}

static void build_kidneys(HpScene *scene, HpBelly *belly)
{
    belly->kidneys = hp_scene_begin(scene, HP_TISSUE_KIDNEY, 0.7f);
    const HpPoint centre[2] = {at(-64, 54, -60), at(64, 53, -42)};
    for (int side = 0; side < 2; side++) {
        const float s = side == 0 ? -1 : 1;
        hp_scene_ellipsoid(scene, HP_SOLID_ADD, 0, centre[side], at(24, 29, 54),
                           at(-8, -9 * s, -32 * s));
    }
    // The hilum opens forwards and to the spine.
    for (int side = 0; side < 2; side++) {
        const float s = side == 0 ? -1 : 1;
        hp_scene_ellipsoid(scene, HP_SOLID_CUT, 6,
                           at(centre[side].x - 21 * s, centre[side].y - 13, centre[side].z),
                           at(14, 8, 17), at(0, 0, 35 * s));
    }
    belly->sinus = hp_scene_begin(scene, HP_TISSUE_RENAL_SINUS, 0.8f);
    for (int side = 0; side < 2; side++) {
        const float s = side == 0 ? -1 : 1;
        hp_scene_ellipsoid(scene, HP_SOLID_ADD, 0,
                           at(centre[side].x - 10 * s, centre[side].y - 7, centre[side].z),
                           at(10, 8, 26), at(-8, -9 * s, 30 * s));
    }
}

static void build_liver(HpScene *scene, const HpTrunk *trunk, HpBelly *belly, uint64_t seed)
{
    const uint64_t key = hp_hash(seed ^ 0x11);
    const float vary = 4; // mm that sizes differ between donors
    const float right = vary * (hp_hash_unit(key) - 0.5f),
                left = 2 * vary * (hp_hash_unit(key + 1) - 0.5f),
                tip = 3 * vary * (hp_hash_unit(key + 2) - 0.5f);
    belly->liver_room = hp_scene_begin(scene, HP_TISSUE_LIVER, 0.5f);
    hp_scene_ellipsoid(scene, HP_SOLID_ADD, 0, at(-64, -12, 6), at(84 + right, 106, 97),
                       at(0, 0, 0));
    hp_scene_ellipsoid(scene, HP_SOLID_ADD, 26, at(8, -56, 46), at(78 + left, 50, 36),
                       at(0, 14, 0));
    hp_scene_ellipsoid(scene, HP_SOLID_ADD, 24, at(-94, 2, -46), at(36, 58, 46 + tip), at(0, 0, 0));
    hp_scene_half(scene, HP_SOLID_CLIP, 16, at(-35, -10, -5.45f), at(0.52f, 0.22f, -0.8f));
    hp_scene_organ(scene, HP_SOLID_CLIP, 8, trunk->dome_room, -2.5f);
    hp_scene_organ(scene, HP_SOLID_CLIP, 8, trunk->cavity_room, -2.5f);
    // Right of the kidney lies fat, and the kidney has pressed a bed into the liver.
    hp_scene_organ(scene, HP_SOLID_CUT, 8, belly->kidneys, 5);
    hp_scene_organ(scene, HP_SOLID_CUT, 3, belly->gallbladder, 0);
    hp_scene_organ(scene, HP_SOLID_CUT, 2, belly->cava, 0);
    // Gastric impression: the left lobe lies on the stomach, wall to wall.
    hp_scene_organ(scene, HP_SOLID_CUT, 5, belly->stomach, 0);
    // Porta hepatis, and the fissures of the round and the venous ligament.
    hp_scene_ellipsoid(scene, HP_SOLID_CUT, 6, at(-26, -6, -6), at(17, 10, 10), at(0, 30, 20));
    hp_scene_ellipsoid(scene, HP_SOLID_CUT, 5, at(-2, -74, 2), at(2.6f, 40, 34), at(0, 0, -10));
    hp_scene_ellipsoid(scene, HP_SOLID_CUT, 4, at(-2, -10, 30), at(24, 1.3f, 24), at(0, 8, 24));
}

static void build_liver_vessels(HpScene *scene, HpBelly *belly, uint64_t seed)
{
    static const HpPoint portal[][2] = {
        {{-32, -3, 2}, {-52, 3, 8}},      {{-52, 3, 8}, {-70, -14, 18}},
        {{-52, 3, 8}, {-76, 24, 2}},      {{-70, -14, 18}, {-92, -26, 38}},
        {{-70, -14, 18}, {-84, -36, -8}}, {{-76, 24, 2}, {-98, 36, 28}},
        {{-76, 24, 2}, {-98, 30, -34}},   {{-32, -3, 2}, {-16, -20, 14}},
        {{-16, -20, 14}, {4, -36, 24}},   {{4, -36, 24}, {30, -42, 42}},
        {{4, -36, 24}, {2, -62, 26}},     {{-16, -20, 14}, {-26, -44, 18}}};
    static const HpPoint hepatic[][2] = {
        {{-26, 14, 74}, {-50, 20, 62}},   {{-50, 20, 62}, {-80, 18, 36}},
        {{-80, 18, 36}, {-100, 6, -4}},   {{-24, 8, 76}, {-34, -10, 62}},
        {{-34, -10, 62}, {-46, -34, 32}}, {{-46, -34, 32}, {-54, -46, -6}},
        {{-24, 8, 76}, {-6, -12, 66}},    {{-6, -12, 66}, {16, -32, 54}},
        {{16, -32, 54}, {44, -44, 48}},   {{-34, -10, 62}, {-18, -46, 40}}};
    belly->portal = hp_scene_begin(scene, HP_TISSUE_PORTAL_VEIN, 0);
    HpTreeParams params = {.organ = belly->liver_room,
                           .margin_mm = 6,
                           .tips = 70,
                           .root_mm = 6.2f,
                           .tip_mm = 1.0f,
                           .seed = seed ^ 0x21};
    hp_tree_grow(scene, portal, G_N_ELEMENTS(portal), &params);
    hp_scene_organ(scene, HP_SOLID_CLIP, 0, belly->liver_room, 0);

    belly->hepatic = hp_scene_begin(scene, HP_TISSUE_HEPATIC_VEINS, 0);
    params.seed = seed ^ 0x22;
    params.tips = 70;
    params.root_mm = 6.8f;
    hp_tree_grow(scene, hepatic, G_N_ELEMENTS(hepatic), &params);
    hp_scene_organ(scene, HP_SOLID_CLIP, 0, belly->liver_room, 0);

    belly->liver = hp_scene_begin(scene, HP_TISSUE_LIVER, 0);
    hp_scene_organ(scene, HP_SOLID_ADD, 0, belly->liver_room, 0);
}

static void build_left_side(HpScene *scene, const HpTrunk *trunk, HpBelly *belly)
{
    belly->spleen = hp_scene_begin(scene, HP_TISSUE_SPLEEN, 0.7f);
    hp_scene_ellipsoid(scene, HP_SOLID_ADD, 0, at(100, 42, 30), at(38, 58, 62), at(10, 10, 20));
    hp_scene_organ(scene, HP_SOLID_CLIP, 5, trunk->dome_room, -2.5f);
    hp_scene_organ(scene, HP_SOLID_CLIP, 5, trunk->cavity_room, -2.5f);
    hp_scene_organ(scene, HP_SOLID_CUT, 6, belly->kidneys, 4);
    hp_scene_organ(scene, HP_SOLID_CUT, 6, belly->stomach, 1.5f);

    belly->pancreas = hp_scene_begin(scene, HP_TISSUE_PANCREAS, 1.2f);
    const HpPoint pancreas[] = {at(-20, -8, -62), at(-20, -12, -46), at(-4, -18, -34),
                                at(16, -16, -24), at(40, -4, -14),   at(64, 16, 0),
                                at(80, 28, 10)};
    const float pancreas_mm[] = {13, 17, 12, 11, 11, 10, 8};
    PATH(scene, HP_SOLID_ADD, 3, 12, pancreas, pancreas_mm);

    belly->adrenals = hp_scene_begin(scene, HP_TISSUE_ADRENAL, 0.3f);
    hp_scene_ellipsoid(scene, HP_SOLID_ADD, 0, at(-36, 36, -2), at(2.4f, 14, 14), at(0, 0, -25));
    hp_scene_ellipsoid(scene, HP_SOLID_ADD, 1, at(36, 36, 6), at(2.4f, 13, 14), at(0, 0, 35));
    hp_scene_ellipsoid(scene, HP_SOLID_ADD, 1, at(44, 40, 4), at(2.4f, 10, 12), at(0, 0, -5));
}

static void build_bowel(HpScene *scene, const HpTrunk *trunk, HpBelly *belly, uint64_t seed)
{
    belly->duodenum = hp_scene_begin(scene, HP_TISSUE_SMALL_BOWEL, 0.6f);
    const HpPoint duodenum[] = {at(-26, -34, -30), at(-40, -18, -34), at(-44, -2, -62),
                                at(-36, 4, -92),   at(0, 6, -98),     at(30, -4, -76)};
    const float duodenum_mm[] = {11, 12, 13, 12, 11, 11};
    PATH(scene, HP_SOLID_ADD, 1, 12, duodenum, duodenum_mm);

    belly->colon = hp_scene_begin(scene, HP_TISSUE_COLON, 0.8f);
    const HpPoint colon[] = {
        at(-86, 0, -205),  at(-96, 14, -170), at(-100, 12, -130), at(-95, 0, -96),
        at(-78, -34, -70), at(-48, -82, -76), at(-10, -88, -82),  at(32, -88, -66),
        at(74, -76, -30),  at(100, -52, 4),   at(106, -22, 22),   at(112, 4, -20),
        at(108, 26, -70),  at(104, 28, -130), at(92, 16, -190),   at(60, 0, -232),
        at(16, 20, -240),  at(0, 46, -262),   at(0, 44, -310)};
    const float colon_mm[] = {27, 26, 25, 23, 22, 21, 20, 21, 21, 20,
                              19, 18, 16, 15, 15, 15, 16, 18, 16};
    // Haustra: the radius swells and narrows every few steps.
    HpPoint path[120];
    float radius[120];
    int count = 0;
    for (size_t i = 0; i + 1 < G_N_ELEMENTS(colon); i++)
        for (int step = 0; step < 6; step++) {
            const float t = step / 6.0f;
            path[count] = at(colon[i].x + t * (colon[i + 1].x - colon[i].x),
                             colon[i].y + t * (colon[i + 1].y - colon[i].y),
                             colon[i].z + t * (colon[i + 1].z - colon[i].z));
            const float swell = step % 3 == 0 ? -0.2f : 0.08f;
            radius[count++] = (colon_mm[i] + t * (colon_mm[i + 1] - colon_mm[i])) * (1 + swell);
        }
    hp_scene_path(scene, HP_SOLID_ADD, 2, path, radius, count, 12);
    hp_scene_organ(scene, HP_SOLID_CLIP, 5, trunk->cavity_room, -3);
    hp_scene_organ(scene, HP_SOLID_CUT, 6, belly->kidneys, 3);

    belly->small_bowel = hp_scene_begin(scene, HP_TISSUE_SMALL_BOWEL, 0.9f);
    // Loops wander to and fro: jejunum high on the left, ileum low on the right.
    enum { ROWS = 14, COLUMNS = 9, LOOPS = ROWS * COLUMNS };
    HpPoint loop[LOOPS];
    float loop_mm[LOOPS];
    for (int i = 0; i < LOOPS; i++) {
        const uint64_t key = hp_hash(seed ^ 0x31) + 8u * i;
        const int row = i / COLUMNS,
                  column = row % 2 == 0 ? i % COLUMNS : COLUMNS - 1 - i % COLUMNS;
        const float left = row < 4 ? 0 : row < 7 ? -22 : -66, wide = row < 4 ? 92 : 142;
        // Rows lie in turn before and behind each other.
        loop[i] = at(left + wide * column / (COLUMNS - 1) + 12 * (hp_hash_unit(key) - 0.5f),
                     -34 + 40 * (hp_hash_unit(key + 1) - 0.5f) + (row % 2 == 0 ? -20 : 16),
                     -24 - 15 * row + 20 * (hp_hash_unit(key + 2) - 0.5f));
        loop_mm[i] = 9.5f + 4.5f * hp_hash_unit(key + 3);
    }
    hp_scene_path(scene, HP_SOLID_ADD, 0.5f, loop, loop_mm, LOOPS, 11);
    hp_scene_organ(scene, HP_SOLID_CLIP, 5, trunk->cavity_room, -4);
    hp_scene_organ(scene, HP_SOLID_CUT, 4, belly->kidneys, 4);

    // Gas rises to the front: a level cut through each of a few loops.
    const struct {
        int organ;
        float wall, level_y, centre[3], radius[3];
    } pocket[HP_BELLY_GAS] = {{belly->stomach, 5.5f, -40, {56, -44, 6}, {34, 30, 34}},
                              {belly->stomach, 5, -72, {20, -70, -36}, {26, 16, 16}},
                              {belly->colon, 2, -84, {-6, -92, -80}, {60, 20, 26}},
                              {belly->colon, 2, -56, {98, -60, -6}, {30, 26, 34}},
                              {belly->colon, 2, -34, {-72, -44, -72}, {28, 24, 22}},
                              {belly->duodenum, 2.5f, -36, {-26, -40, -30}, {10, 12, 10}}};
    for (size_t i = 0; i < G_N_ELEMENTS(pocket); i++) {
        const HpPoint middle = at(pocket[i].centre[0], pocket[i].centre[1], pocket[i].centre[2]);
        belly->gas = hp_scene_begin(scene, HP_TISSUE_BOWEL_GAS, 0);
        hp_scene_ellipsoid(scene, HP_SOLID_ADD, 0, middle,
                           at(pocket[i].radius[0], pocket[i].radius[1], pocket[i].radius[2]),
                           at(0, 0, 0));
        hp_scene_organ(scene, HP_SOLID_CLIP, 1, pocket[i].organ, -pocket[i].wall);
        hp_scene_half(scene, HP_SOLID_CLIP, 0.5f, at(0, pocket[i].level_y, 0), at(0, 1, 0));
    }
    belly->gas -= (int)G_N_ELEMENTS(pocket) - 1; // the first of them; see HP_BELLY_GAS

    belly->bladder = hp_scene_begin(scene, HP_TISSUE_BLADDER, 0.3f);
    hp_scene_ellipsoid(scene, HP_SOLID_ADD, 0, at(0, -24, -292), at(42, 34, 30), at(0, 0, 0));
}

static void build_chest(HpScene *scene, const HpTrunk *trunk, HpBelly *belly, uint64_t seed)
{
    belly->heart = hp_scene_begin(scene, HP_TISSUE_HEART, 0.6f);
    hp_scene_ellipsoid(scene, HP_SOLID_ADD, 0, at(28, -54, 102), at(66, 46, 46), at(0, 18, -32));
    hp_scene_ellipsoid(scene, HP_SOLID_ADD, 12, at(-16, -34, 114), at(36, 42, 42), at(0, 0, 0));
    hp_scene_ellipsoid(scene, HP_SOLID_ADD, 8, at(6, -6, 134), at(36, 24, 28), at(0, 0, 0));
    // It rests on the central tendon, which is too thin to be seen.
    hp_scene_organ(scene, HP_SOLID_CUT, 3, trunk->dome_room, -2.5f);
    hp_scene_organ(scene, HP_SOLID_CLIP, 4, trunk->cavity_room, -4);
    // Blood: left and right ventricle, right and left atrium.
    belly->chambers = hp_scene_begin(scene, HP_TISSUE_CHAMBERS, 1);
    hp_scene_ellipsoid(scene, HP_SOLID_ADD, 3, at(46, -46, 104), at(40, 20, 24), at(0, 18, -34));
    hp_scene_ellipsoid(scene, HP_SOLID_ADD, 3, at(10, -76, 100), at(44, 15, 28), at(0, 14, -24));
    hp_scene_ellipsoid(scene, HP_SOLID_ADD, 6, at(-28, -38, 110), at(22, 28, 32), at(0, 0, 0));
    hp_scene_ellipsoid(scene, HP_SOLID_ADD, 6, at(6, -4, 134), at(32, 20, 24), at(0, 0, 0));
    hp_scene_organ(scene, HP_SOLID_CLIP, 2, belly->heart, -4);

    static const HpPoint right[][2] = {{{-6, -4, 168}, {-34, 6, 166}},
                                       {{-34, 6, 166}, {-58, -14, 190}},
                                       {{-34, 6, 166}, {-60, 24, 130}},
                                       {{-34, 6, 166}, {-62, -22, 138}}};
    static const HpPoint left[][2] = {{{6, -6, 172}, {38, 12, 172}},
                                      {{38, 12, 172}, {60, -6, 196}},
                                      {{38, 12, 172}, {66, 34, 132}},
                                      {{38, 12, 172}, {78, -6, 150}}};
    belly->lung_vessels = hp_scene_begin(scene, HP_TISSUE_LUNG_VESSELS, 0);
    HpTreeParams params = {.organ = trunk->lungs,
                           .margin_mm = 4,
                           .tips = 190,
                           .root_mm = 9,
                           .tip_mm = 0.8f,
                           .seed = seed ^ 0x41};
    hp_tree_grow(scene, right, G_N_ELEMENTS(right), &params);
    params.seed = seed ^ 0x42;
    hp_tree_grow(scene, left, G_N_ELEMENTS(left), &params);
}

HpBelly hp_belly_build(HpScene *scene, const HpTrunk *trunk, uint64_t seed)
{
    HpBelly belly = {0};
    build_great_vessels(scene, &belly);
    build_hollow_neighbours(scene, trunk, &belly);
    build_kidneys(scene, &belly);
    build_liver(scene, trunk, &belly, seed);
    build_liver_vessels(scene, &belly, seed);
    build_left_side(scene, trunk, &belly);
    build_bowel(scene, trunk, &belly, seed);
    build_chest(scene, trunk, &belly, seed);

    belly.belly_fat = hp_scene_begin(scene, HP_TISSUE_VISCERAL_FAT, 0);
    hp_scene_organ(scene, HP_SOLID_ADD, 0, trunk->cavity_room, 0);
    hp_scene_organ(scene, HP_SOLID_CLIP, 0, trunk->dome_room, -2.5f);
    hp_scene_organ(scene, HP_SOLID_CLIP, 0, trunk->cavity_room, -2.2f);

    // Vessels of the mesentery, seen where they run through fat.
    static const HpPoint root[][2] = {
        {{0, -6, -50}, {6, -20, -90}},     {{6, -20, -90}, {24, -36, -130}},
        {{6, -20, -90}, {-30, -30, -140}}, {{0, -6, -50}, {30, -40, -50}},
        {{0, -6, -50}, {-20, -56, -66}},   {{30, -40, -50}, {74, -34, -30}}};
    belly.mesenteric = hp_scene_begin(scene, HP_TISSUE_SPLANCHNIC_VEINS, 0);
    const HpTreeParams params = {.organ = belly.belly_fat,
                                 .margin_mm = 2,
                                 .tips = 150,
                                 .root_mm = 5,
                                 .tip_mm = 0.8f,
                                 .seed = seed ^ 0x51};
    hp_tree_grow(scene, root, G_N_ELEMENTS(root), &params);
    return belly;
}
