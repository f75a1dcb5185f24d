// SPDX-License-Identifier: Apache-2.0
// The donor's frame: skin, body wall, diaphragm, skeleton, lungs, and the table below.
//
// Sizes are those of a slim adult of 1.70 m, from anatomy texts and real scans, in mm.
#include "phantom/trunk.h"

#include <math.h>

#include "phantom/lattice.h"

static const HpProfileKnot skin_knots[] = {
    {-345, 172, 104, 10}, {-290, 176, 112, 8}, {-230, 172, 117, 7}, {-170, 163, 117, 5},
    {-110, 157, 120, 3},  {-50, 158, 124, 2},  {0, 162, 126, 2},    {50, 166, 126, 3},
    {100, 170, 125, 4},   {150, 176, 122, 6},  {200, 186, 116, 8},  {235, 193, 108, 10},
    {262, 185, 94, 9},    {285, 140, 78, 12},  {305, 82, 64, 14},   {330, 60, 58, 12},
    {352, 60, 64, 6},     {390, 72, 90, 0},    {435, 77, 98, 0},    {465, 70, 88, 0},
    {486, 48, 62, 0},     {497, 14, 18, 0}};
static const HpProfileKnot cavity_knots[] = {
    {-335, 40, 34, 12},   {-300, 92, 70, 4},   {-260, 108, 84, -4}, {-200, 121, 88, -10},
    {-140, 126, 90, -12}, {-80, 130, 94, -13}, {-30, 134, 97, -12}, {0, 136, 98, -11},
    {50, 137, 97, -8},    {100, 132, 93, -5},  {150, 121, 84, 0},   {200, 102, 71, 7},
    {240, 76, 54, 16},    {268, 42, 32, 24},   {280, 10, 10, 26}};
static const float spine_knots[][2] = {{-260, 80}, {-220, 64}, {-190, 54}, {-155, 46}, {-120, 41},
                                       {-60, 44},  {0, 51},    {40, 56},   {100, 63},  {180, 65},
                                       {260, 54},  {300, 42},  {350, 30},  {420, 20}};

// Heights of the middles of the vertebral bodies, S1 up to C5.
static const float vertebra_z[] = {-192, -156, -121, -87, -53, -20, 10,  38,  64,  89,  113,
                                   136,  158,  180,  201, 221, 240, 258, 275, 291, 306, 321};
#define T12 6 // index of the vertebra of the lowest rib

float hp_trunk_spine_y(float z)
{
    const int count = G_N_ELEMENTS(spine_knots);
    int at = 0;
    while (at < count - 2 && z > spine_knots[at + 1][0])
        at++;
    const float *a = spine_knots[at], *b = spine_knots[at + 1];
    const float t = CLAMP((z - a[0]) / (b[0] - a[0]), 0, 1);
    return a[1] + t * (b[1] - a[1]);
}

// The cavity's half widths and middle at a height, linear between knots.
static HpProfileKnot cavity_at(float z)
{
    int at = 0;
    while (at < (int)G_N_ELEMENTS(cavity_knots) - 2 && z > cavity_knots[at + 1].z)
        at++;
    const HpProfileKnot a = cavity_knots[at], b = cavity_knots[at + 1];
    const float t = CLAMP((z - a.z) / (b.z - a.z), 0, 1);
    return (HpProfileKnot){z, a.half_x + t * (b.half_x - a.half_x),
                           a.half_y + t * (b.half_y - a.half_y),
                           a.centre_y + t * (b.centre_y - a.centre_y)};
}

// A point `out_mm` outside the cavity, `angle` from the back (0) by the side to the front (pi).
static HpPoint around(float side, float angle, float z, float out_mm)
{
    const HpProfileKnot at = cavity_at(z);
    const float c = cosf(angle), s = sinf(angle);
    return (HpPoint){side * (at.half_x + out_mm) * powf(fabsf(s), 0.8f),
                     at.centre_y + copysignf((at.half_y + out_mm) * powf(fabsf(c), 0.8f), c), z};
}

static HpPoint at(float x, float y, float z)
{
    return (HpPoint){x, y, z};
}

static void build_rooms(HpScene *scene, HpTrunk *trunk)
{
    trunk->cavity_room = hp_scene_begin(scene, HP_TISSUE_AIR, 0);
    hp_scene_column(scene, HP_SOLID_ADD, 0, cavity_knots, G_N_ELEMENTS(cavity_knots), 0);
    HpPoint spine[G_N_ELEMENTS(spine_knots)];
    float radius[G_N_ELEMENTS(spine_knots)];
    for (size_t i = 0; i < G_N_ELEMENTS(spine_knots); i++) {
        spine[i] = at(0, spine_knots[i][1] + 26, spine_knots[i][0]);
        radius[i] = 42;
    }
    hp_scene_path(scene, HP_SOLID_CUT, 14, spine, radius, G_N_ELEMENTS(spine_knots), 40);

    trunk->dome_room = hp_scene_begin(scene, HP_TISSUE_AIR, 0);
    hp_scene_ellipsoid(scene, HP_SOLID_ADD, 0, at(-62, -20, 0), at(79, 98, 87), at(0, 0, 0));
    hp_scene_ellipsoid(scene, HP_SOLID_ADD, 16, at(56, -18, -4), at(80, 94, 77), at(0, 0, 0));
    hp_scene_ellipsoid(scene, HP_SOLID_ADD, 16, at(2, -46, -8), at(80, 84, 68), at(0, 0, 0));
    hp_scene_half(scene, HP_SOLID_ADD, 14, at(0, 0, -28), at(0, 0, 1));

    trunk->mediastinum_room = hp_scene_begin(scene, HP_TISSUE_AIR, 0);
    hp_scene_tube(scene, HP_SOLID_ADD, 0, at(0, 22, 300), at(2, 28, 40), 26, 32);
    hp_scene_tube(scene, HP_SOLID_ADD, 14, at(0, -48, 250), at(4, -84, 102), 14, 24);
    hp_scene_ellipsoid(scene, HP_SOLID_ADD, 18, at(2, -18, 190), at(38, 46, 58), at(0, 0, 0));
    hp_scene_ellipsoid(scene, HP_SOLID_ADD, 14, at(20, -50, 106), at(78, 60, 62), at(0, 18, -32));
}

static void build_spine(HpScene *scene, HpTrunk *trunk)
{
    trunk->canal = hp_scene_begin(scene, HP_TISSUE_SPINAL_CANAL, 0);
    HpPoint path[G_N_ELEMENTS(spine_knots)];
    float radius[G_N_ELEMENTS(spine_knots)];
    for (size_t i = 0; i < G_N_ELEMENTS(spine_knots); i++) {
        path[i] = at(0, spine_knots[i][1] + 24.5f, spine_knots[i][0]);
        radius[i] = 8;
    }
    hp_scene_path(scene, HP_SOLID_ADD, 0, path, radius, G_N_ELEMENTS(spine_knots), 25);

    const int count = G_N_ELEMENTS(vertebra_z);
    trunk->discs = hp_scene_begin(scene, HP_TISSUE_DISC, 0);
    for (int v = 0; v + 1 < count; v++) {
        const float z = (vertebra_z[v] + vertebra_z[v + 1]) / 2;
        const float wide = 22.5f - 0.45f * v;
        hp_scene_ellipsoid(scene, HP_SOLID_ADD, 0, at(0, hp_trunk_spine_y(z) - 0.5f, z),
                           at(wide * 1.08f, wide * 0.8f, v < T12 ? 6.5f : 3.6f), at(0, 0, 0));
    }

    trunk->spine = hp_scene_begin(scene, HP_TISSUE_BONE, 0.4f);
    HpProfileKnot knots[3 * G_N_ELEMENTS(vertebra_z)];
    for (int v = 0; v < count; v++) {
        const float below = v > 0 ? (vertebra_z[v] - vertebra_z[v - 1]) / 2 : 17;
        const float above = v + 1 < count ? (vertebra_z[v + 1] - vertebra_z[v]) / 2 : 7;
        const float wide = 22.5f - 0.45f * v, z = vertebra_z[v];
        const float offset[3] = {-below + 3, 0, above - 3}, waist[3] = {1, 0.87f, 1};
        for (int k = 0; k < 3; k++)
            knots[3 * v + k] =
                (HpProfileKnot){z + offset[k], wide * waist[k], wide * 0.76f * waist[k],
                                hp_trunk_spine_y(z + offset[k])};
    }
    hp_scene_column(scene, HP_SOLID_ADD, 0, knots, 3 * count, 0);
    for (int v = 0; v < count; v++) {
        const float z = vertebra_z[v], y = hp_trunk_spine_y(z);
        for (int side = -1; side <= 1; side += 2) {
            const float s = side;
            hp_scene_tube(scene, HP_SOLID_ADD, 2, at(13 * s, y + 11, z + 4),
                          at(13.5f * s, y + 26, z + 2), 5, 5);
            hp_scene_tube(scene, HP_SOLID_ADD, 2, at(13.5f * s, y + 27, z),
                          at(2 * s, y + 37, z - 6), 4.5f, 4);
            hp_scene_tube(scene, HP_SOLID_ADD, 2, at(14 * s, y + 26, z + 2),
                          at(34 * s, y + 31, z + 4), 4.5f, 3.5f);
            hp_scene_tube(scene, HP_SOLID_ADD, 2, at(15 * s, y + 27, z + 10),
                          at(15 * s, y + 29, z - 12), 4.5f, 5.5f); // facets
        }
        hp_scene_ellipsoid(scene, HP_SOLID_ADD, 2, at(0, y + 46, z - 9), at(3.5f, 14, 9),
                           at(-25, 0, 0));
    }
}

// A rib runs on the outside of the cavity and falls towards the front; its cartilage rises again.
static void build_ribs(HpScene *scene, HpTrunk *trunk)
{
    static const float drop[12] = {40, 54, 66, 78, 88, 94, 98, 98, 94, 84, 64, 34};
    static const float end_deg[12] = {146, 148, 150, 150, 148, 145, 141, 136, 129, 120, 92, 62};
    static const float sternum_z[7] = {228, 206, 188, 170, 153, 139, 128};
    HpPoint end[2][12];
    for (int which = 0; which < 2; which++) {
        const float side = which == 0 ? -1 : 1;
        trunk->ribs[which] = hp_scene_begin(scene, HP_TISSUE_BONE, 0.3f);
        for (int rib = 0; rib < 12; rib++) {
            const float top = vertebra_z[T12 + 11 - rib] + 9;
            HpPoint path[9];
            float radius[9];
            path[0] = at(side * 21, hp_trunk_spine_y(top) + 13, top);
            radius[0] = 4.4f;
            for (int step = 1; step < 9; step++) {
                const float t = (step - 1) / 7.0f;
                const float angle = (24 + t * (end_deg[rib] - 24)) * (float)(G_PI / 180);
                const float z = top - 3 - drop[rib] * t * (0.55f + 0.45f * t);
                path[step] = around(side, angle, z, 6.2f);
                radius[step] = 3.9f + 0.7f * t;
            }
            hp_scene_path(scene, HP_SOLID_ADD, 0, path, radius, 9, 16);
            end[which][rib] = path[8];
        }
    }
    trunk->cartilage = hp_scene_begin(scene, HP_TISSUE_CARTILAGE, 0.3f);
    for (int which = 0; which < 2; which++) {
        const float side = which == 0 ? -1 : 1;
        for (int rib = 0; rib < 10; rib++) {
            const HpPoint from = end[which][rib];
            HpPoint to;
            if (rib < 7) {
                to = around(side, (float)G_PI - 0.02f, sternum_z[rib], 6);
                to.x = side * 15;
            } else {
                to = end[which][rib - 1];
                to.x *= 0.72f;
                to.y = around(side, (float)G_PI * 0.86f, to.z, 6).y;
                to.z += 4;
            }
            const HpPoint middle = around(side, (float)G_PI * (rib < 7 ? 0.89f : 0.8f),
                                          (from.z * 0.62f + to.z * 0.38f), 6);
            const HpPoint path[3] = {from, middle, to};
            const float radius[3] = {5.4f, 5, 4.6f};
            hp_scene_path(scene, HP_SOLID_ADD, 2, path, radius, 3, 16);
        }
    }
    trunk->sternum = hp_scene_begin(scene, HP_TISSUE_BONE, 0.4f);
    const HpPoint low = around(1, (float)G_PI, 122, 7), high = around(1, (float)G_PI, 205, 7),
                  top = around(1, (float)G_PI, 236, 7);
    for (int i = 0; i < 5; i++) {
        const float t = i / 4.0f;
        hp_scene_ellipsoid(scene, HP_SOLID_ADD, 6,
                           at(0, low.y + t * (high.y - low.y), low.z + t * (high.z - low.z)),
                           at(17, 6, 16), at(0, 0, 0));
    }
    hp_scene_ellipsoid(scene, HP_SOLID_ADD, 4, at(0, top.y, top.z), at(30, 8, 22), at(18, 0, 0));
}

static void build_limb_girdles(HpScene *scene, HpTrunk *trunk)
{
    trunk->pelvis = hp_scene_begin(scene, HP_TISSUE_BONE, 0.6f);
    hp_scene_ellipsoid(scene, HP_SOLID_ADD, 0, at(0, 68, -222), at(46, 17, 46), at(28, 0, 0));
    for (int side = -1; side <= 1; side += 2) {
        const float s = side;
        hp_scene_ellipsoid(scene, HP_SOLID_ADD, 6, at(92 * s, 18, -216), at(8, 52, 62),
                           at(0, -22 * s, -28 * s));
        hp_scene_ellipsoid(scene, HP_SOLID_ADD, 8, at(54 * s, 62, -212), at(14, 22, 34),
                           at(0, 0, 30 * s));
        hp_scene_ellipsoid(scene, HP_SOLID_ADD, 8, at(84 * s, 22, -288), at(22, 30, 34),
                           at(0, 0, 0));
        hp_scene_ellipsoid(scene, HP_SOLID_CUT, 1, at(94 * s, 6, -296), at(27, 27, 27),
                           at(0, 0, 0));
        hp_scene_tube(scene, HP_SOLID_ADD, 4, at(76 * s, -8, -310), at(8 * s, -48, -330), 9, 9);
        hp_scene_ellipsoid(scene, HP_SOLID_ADD, 0, at(94 * s, 6, -296), at(24, 24, 24),
                           at(0, 0, 0));
        hp_scene_tube(scene, HP_SOLID_ADD, 5, at(100 * s, 8, -304), at(124 * s, 14, -330), 13, 16);
        hp_scene_tube(scene, HP_SOLID_ADD, 5, at(124 * s, 12, -335), at(100 * s, 0, -900), 15, 13);
    }
    trunk->shoulders = hp_scene_begin(scene, HP_TISSUE_BONE, 0.5f);
    for (int side = -1; side <= 1; side += 2) {
        const float s = side;
        hp_scene_ellipsoid(scene, HP_SOLID_ADD, 0, at(104 * s, 78, 198), at(44, 4, 66),
                           at(-14, 8 * s, -24 * s));
        hp_scene_tube(scene, HP_SOLID_ADD, 3, at(20 * s, -38, 252), at(130 * s, 10, 274), 7, 6);
        hp_scene_ellipsoid(scene, HP_SOLID_ADD, 0, at(150 * s, 26, 250), at(22, 22, 24),
                           at(0, 0, 0));
    }
    hp_scene_ellipsoid(scene, HP_SOLID_ADD, 0, at(0, 0, 428), at(71, 91, 66), at(0, 0, 0));
    hp_scene_ellipsoid(scene, HP_SOLID_CUT, 1, at(0, 0, 428), at(64, 84, 59), at(0, 0, 0));
}

static void build_muscles(HpScene *scene, HpTrunk *trunk)
{
    trunk->psoas = hp_scene_begin(scene, HP_TISSUE_MUSCLE, 0.8f);
    for (int side = -1; side <= 1; side += 2) {
        const float s = side;
        const HpPoint psoas[] = {at(24 * s, 56, 6),    at(33 * s, 48, -50),   at(41 * s, 40, -110),
                                 at(52 * s, 26, -180), at(78 * s, -12, -270), at(98 * s, -4, -330)};
        const float radius[] = {4, 12, 19, 22, 19, 14};
        hp_scene_path(scene, HP_SOLID_ADD, 2, psoas, radius, 6, 25);
        const HpPoint quadratus[] = {at(48 * s, 70, -5), at(62 * s, 66, -70), at(72 * s, 62, -150)};
        const float wide[] = {6, 12, 14};
        hp_scene_path(scene, HP_SOLID_ADD, 2, quadratus, wide, 3, 25);
    }
    trunk->crura = hp_scene_begin(scene, HP_TISSUE_DIAPHRAGM, 0.6f);
    for (int side = -1; side <= 1; side += 2) {
        const float s = side;
        const HpPoint crus[] = {at(7 * s, 16, 62), at(12 * s, 24, 30), at(13 * s, 31, -10),
                                at(9 * s, 30, -60)};
        const float radius[] = {6, 6.5f, 6, 3};
        hp_scene_path(scene, HP_SOLID_ADD, 2, crus, radius, 4, 20);
    }
    trunk->diaphragm = hp_scene_begin(scene, HP_TISSUE_DIAPHRAGM, 0);
    hp_scene_organ(scene, HP_SOLID_ADD, 0, trunk->dome_room, 0.5f);
    hp_scene_organ(scene, HP_SOLID_CLIP, 0, trunk->cavity_room, 1);

    trunk->wall = hp_scene_begin(scene, HP_TISSUE_MUSCLE, 1);
    // Thicker at the back, thinner in front.
    HpProfileKnot knots[G_N_ELEMENTS(cavity_knots)];
    for (size_t i = 0; i < G_N_ELEMENTS(cavity_knots); i++) {
        knots[i] = cavity_knots[i];
        knots[i].half_y += 6;
        knots[i].centre_y += 8;
    }
    hp_scene_column(scene, HP_SOLID_ADD, 0, knots, G_N_ELEMENTS(knots), 11);
    for (int side = -1; side <= 1; side += 2) {
        const float s = side;
        const HpPoint erector[] = {at(34 * s, 90, 330), at(34 * s, 100, 180), at(37 * s, 99, 60),
                                   at(37 * s, 90, -40), at(35 * s, 84, -120), at(34 * s, 90, -200)};
        const float radius[] = {12, 17, 22, 26, 26, 17};
        hp_scene_path(scene, HP_SOLID_ADD, 10, erector, radius, 6, 40);
        const HpPoint flank[] = {at(72 * s, 88, 120), at(76 * s, 86, 40), at(72 * s, 80, -40),
                                 at(66 * s, 76, -120)};
        const float flank_mm[] = {16, 18, 18, 14};
        hp_scene_path(scene, HP_SOLID_ADD, 14, flank, flank_mm, 4, 40);
        hp_scene_ellipsoid(scene, HP_SOLID_ADD, 4, at(92 * s, 56, -262), at(52, 40, 76),
                           at(0, 0, -25 * s)); // gluteal
        const HpPoint broad[] = {at(126 * s, 44, -10), at(139 * s, 34, 60), at(141 * s, 40, 130),
                                 at(140 * s, 40, 215)};
        const float broad_mm[] = {6, 13, 18, 24};
        hp_scene_path(scene, HP_SOLID_ADD, 8, broad, broad_mm, 4, 40); // latissimus
        hp_scene_ellipsoid(scene, HP_SOLID_ADD, 6, at(34 * s, -108, -90), at(30, 7, 130),
                           at(0, 0, 8 * s)); // straight muscle of the belly
        hp_scene_tube(scene, HP_SOLID_ADD, 4, at(98 * s, 6, -300), at(92 * s, 4, -900), 64, 52);
        hp_scene_ellipsoid(scene, HP_SOLID_ADD, 4, at(70 * s, -84, 190), at(62, 13, 44),
                           at(0, 0, 28 * s)); // pectoral
        hp_scene_ellipsoid(scene, HP_SOLID_ADD, 4, at(112 * s, 72, 196), at(52, 20, 72),
                           at(0, 0, -26 * s)); // around the shoulder blade
        hp_scene_ellipsoid(scene, HP_SOLID_ADD, 4, at(146 * s, 22, 248), at(38, 36, 38),
                           at(0, 0, 0));
    }
    hp_scene_tube(scene, HP_SOLID_ADD, 6, at(0, 22, 380), at(0, 30, 270), 44, 60);
    hp_scene_column(scene, HP_SOLID_CLIP, 2, skin_knots, G_N_ELEMENTS(skin_knots), -4);
}

static void build_lungs(HpScene *scene, HpTrunk *trunk)
{
    trunk->airway = hp_scene_begin(scene, HP_TISSUE_AIRWAY, 0);
    hp_scene_tube(scene, HP_SOLID_ADD, 1, at(0, 6, 340), at(-2, 16, 205), 8, 8);
    hp_scene_tube(scene, HP_SOLID_ADD, 1, at(-2, 16, 206), at(-34, 20, 176), 6.5f, 5);
    hp_scene_tube(scene, HP_SOLID_ADD, 1, at(-2, 16, 206), at(36, 22, 172), 6, 4.5f);

    trunk->oesophagus = hp_scene_begin(scene, HP_TISSUE_SMALL_BOWEL, 0.4f);
    const HpPoint path[] = {at(4, 26, 300), at(6, 36, 200), at(8, 34, 130), at(14, 20, 80),
                            at(30, 12, 56)};
    const float radius[] = {7, 7, 7.5f, 8, 9};
    hp_scene_path(scene, HP_SOLID_ADD, 0, path, radius, 5, 25);

    trunk->lungs = hp_scene_begin(scene, HP_TISSUE_LUNG, 0);
    hp_scene_organ(scene, HP_SOLID_ADD, 0, trunk->cavity_room, -2.5f);
    hp_scene_organ(scene, HP_SOLID_CUT, 3, trunk->mediastinum_room, 0);
    hp_scene_organ(scene, HP_SOLID_CUT, 1, trunk->dome_room, 0.5f);
    hp_scene_half(scene, HP_SOLID_CLIP, 6, at(0, 0, -24), at(0, 0, -1));
}

HpTrunk hp_trunk_build(HpScene *scene, uint64_t seed)
{
    HpTrunk trunk = {0};
    build_rooms(scene, &trunk);
    build_spine(scene, &trunk);
    build_ribs(scene, &trunk);
    build_limb_girdles(scene, &trunk);
    build_muscles(scene, &trunk);
    build_lungs(scene, &trunk);

    trunk.fat = hp_scene_begin(scene, HP_TISSUE_VISCERAL_FAT, 0);
    hp_scene_organ(scene, HP_SOLID_ADD, 0, trunk.cavity_room, 0);

    trunk.skin = hp_scene_begin(scene, HP_TISSUE_SUBCUTANEOUS, 0);
    hp_scene_column(scene, HP_SOLID_ADD, 0, skin_knots, G_N_ELEMENTS(skin_knots), 0);
    // The spine lies in a furrow.
    hp_scene_tube(scene, HP_SOLID_CUT, 24, at(0, 140, -220), at(0, 144, 240), 14, 14);
    for (int side = -1; side <= 1; side += 2)
        hp_scene_tube(scene, HP_SOLID_ADD, 8, at(90 * side, 6, -320), at(92 * side, 4, -900), 80,
                      60);

    trunk.table = hp_scene_begin(scene, HP_TISSUE_TABLE, 0);
    hp_scene_tube(scene, HP_SOLID_ADD, 0, at(0, -175, -4000), at(0, -175, 4000), 336, 336);
    hp_scene_tube(scene, HP_SOLID_CUT, 0, at(0, -175, -4000), at(0, -175, 4000), 312, 312);
    hp_scene_half(scene, HP_SOLID_CLIP, 4, at(0, 60, 0), at(0, -1, 0));
    return trunk;
}
