// SPDX-License-Identifier: Apache-2.0
// Implicit solids in patient millimetres, and organs made of them by smooth union, cut and clip.
//
// Distances: ellipsoid after Quilez (first order in its surface), tubes exact for slowly changing
// radii, columns by value over gradient. Blends are the quadratic smooth minimum.
#include "phantom/solid.h"

#include <math.h>

#include "phantom/lattice.h"

#define FAR 1e6f
#define PROFILE_STEP_MM 2.0f
#define BEND_WAVES 3
#define MAX_SLOPE 1.6f // how much faster than distance an answer may change: columns, bent space

typedef enum { ELLIPSOID, TUBE, HALF, COLUMN, ORGAN } Shape;

struct HpProfile {
    float z0;
    int count;
    float (*row)[4]; // 1/half_x, 1/half_y, centre_y, 1/sqrt(1 + slope^2)
};

typedef struct {
    uint8_t shape, op;
    int16_t organ;           // ORGAN
    float blend, reach;      // reach: radius of the ball about `centre` that holds it; FAR if none
    HpPoint centre;          // ELLIPSOID, TUBE: of the ball
    HpPoint a, b;            // TUBE: start, start to end. HALF: point, unit normal
    float radius[3];         // ELLIPSOID: 1/r. TUBE: at start, change, 1/length^2
    float axes[9], smallest; // ELLIPSOID
    HpProfile *profile;      // COLUMN, owned
    float grow;              // COLUMN, ORGAN
} Solid;

typedef struct {
    int tag, first, count;
    float rough, reach;
    HpPoint centre; // of the ball that holds all that was added
    float blend;    // the widest of its solids: it may round what came before
    float margin;   // how far outside itself others ask for its distance
} Organ;

struct HpScene {
    GArray *solids; // Solid
    Organ organ[HP_SCENE_ORGANS];
    int organs;
    int order[HP_SCENE_ORGANS], ordered;
    float bend_mm, wave[3][BEND_WAVES][4]; // wave vector and phase
};

// ---- building

HpScene *hp_scene_new(void)
{
    HpScene *scene = g_new0(HpScene, 1);
    scene->solids = g_array_new(FALSE, TRUE, sizeof(Solid));
    return scene;
}

void hp_scene_free(HpScene *scene)
{
    if (scene == NULL)
        return;
    for (guint at = 0; at < scene->solids->len; at++) {
        HpProfile *profile = g_array_index(scene->solids, Solid, at).profile;
        if (profile != NULL)
            g_free(profile->row);
        g_free(profile);
    }
    g_array_unref(scene->solids);
    g_free(scene);
}

int hp_scene_begin(HpScene *scene, int tag, float rough_mm)
{
    g_assert(scene->organs < HP_SCENE_ORGANS);
    scene->organ[scene->organs] =
        (Organ){.tag = tag, .first = (int)scene->solids->len, .rough = rough_mm, .reach = -1};
    return scene->organs++;
}

static HpPoint minus(HpPoint a, HpPoint b)
{
    return (HpPoint){a.x - b.x, a.y - b.y, a.z - b.z};
}

static float dot(HpPoint a, HpPoint b)
{
    return a.x * b.x + a.y * b.y + a.z * b.z;
}

static HpPoint along(HpPoint a, HpPoint direction, float t)
{
    return (HpPoint){a.x + t * direction.x, a.y + t * direction.y, a.z + t * direction.z};
}

// The smallest ball that holds two balls.
static void grow_ball(HpPoint *centre, float *reach, HpPoint other, float other_reach)
{
    if (*reach < 0 || other_reach >= FAR) {
        *centre = other;
        *reach = other_reach;
        return;
    }
    const HpPoint to = minus(other, *centre);
    const float length = sqrtf(dot(to, to));
    if (length + other_reach <= *reach || *reach >= FAR)
        return;
    if (length + *reach <= other_reach) {
        *centre = other;
        *reach = other_reach;
        return;
    }
    const float radius = (length + *reach + other_reach) / 2;
    *centre = along(*centre, to, (radius - *reach) / length);
    *reach = radius;
}

static void add(HpScene *scene, Solid solid, HpSolidOp op, float blend_mm)
{
    Organ *organ = &scene->organ[scene->organs - 1];
    solid.op = (uint8_t)op;
    solid.blend = blend_mm;
    g_array_append_val(scene->solids, solid);
    organ->count++;
    organ->blend = hp_most(organ->blend, blend_mm);
    if (op == HP_SOLID_ADD)
        grow_ball(&organ->centre, &organ->reach, solid.centre,
                  solid.reach >= FAR ? FAR : solid.reach + blend_mm);
}

void hp_scene_ellipsoid(HpScene *scene, HpSolidOp op, float blend_mm, HpPoint centre,
                        HpPoint radius, HpPoint turn_deg)
{
    const float degree = (float)(G_PI / 180);
    const float cx = cosf(turn_deg.x * degree), sx = sinf(turn_deg.x * degree);
    const float cy = cosf(turn_deg.y * degree), sy = sinf(turn_deg.y * degree);
    const float cz = cosf(turn_deg.z * degree), sz = sinf(turn_deg.z * degree);
    // Rows are the ellipsoid's axes: the transpose of Rx Ry Rz.
    const Solid solid = {
        .shape = ELLIPSOID,
        .centre = centre,
        .reach = hp_most(radius.x, hp_most(radius.y, radius.z)),
        .radius = {1 / radius.x, 1 / radius.y, 1 / radius.z},
        .smallest = hp_least(radius.x, hp_least(radius.y, radius.z)),
        .axes = {cy * cz, cx * sz + sx * sy * cz, sx * sz - cx * sy * cz, -cy * sz,
                 cx * cz - sx * sy * sz, sx * cz + cx * sy * sz, sy, -sx * cy, cx * cy},
    };
    add(scene, solid, op, blend_mm);
}

void hp_scene_tube(HpScene *scene, HpSolidOp op, float blend_mm, HpPoint from, HpPoint to,
                   float from_mm, float to_mm)
{
    const HpPoint ab = minus(to, from);
    const float length2 = dot(ab, ab);
    const Solid solid = {
        .shape = TUBE,
        .centre = along(from, ab, 0.5f),
        .reach = sqrtf(length2) / 2 + hp_most(from_mm, to_mm),
        .a = from,
        .b = ab,
        .radius = {from_mm, to_mm - from_mm, length2 > 0 ? 1 / length2 : 0},
    };
    add(scene, solid, op, blend_mm);
}

// Catmull-Rom through a, b, c, d; t runs from b to c.
static float curve(float a, float b, float c, float d, float t)
{
    return b + 0.5f * t * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a)));
}

void hp_scene_path(HpScene *scene, HpSolidOp op, float blend_mm, const HpPoint *point,
                   const float *radius_mm, int count, float step_mm)
{
    g_assert(count >= 2);
    HpPoint last = point[0];
    float last_mm = radius_mm[0];
    for (int at = 0; at + 1 < count; at++) {
        const int p = MAX(at - 1, 0), q = MIN(at + 2, count - 1);
        const HpPoint a = point[p], b = point[at], c = point[at + 1], d = point[q];
        const HpPoint chord = minus(c, b);
        const int steps = MAX(1, (int)ceilf(sqrtf(dot(chord, chord)) / step_mm));
        for (int step = 1; step <= steps; step++) {
            const float t = (float)step / steps;
            const HpPoint next = {curve(a.x, b.x, c.x, d.x, t), curve(a.y, b.y, c.y, d.y, t),
                                  curve(a.z, b.z, c.z, d.z, t)};
            const float next_mm =
                curve(radius_mm[p], radius_mm[at], radius_mm[at + 1], radius_mm[q], t);
            hp_scene_tube(scene, op, blend_mm, last, next, last_mm, next_mm);
            last = next;
            last_mm = next_mm;
        }
    }
}

void hp_scene_half(HpScene *scene, HpSolidOp op, float blend_mm, HpPoint at, HpPoint normal)
{
    const float length = sqrtf(dot(normal, normal));
    const Solid solid = {
        .shape = HALF,
        .reach = FAR,
        .a = at,
        .b = {normal.x / length, normal.y / length, normal.z / length},
    };
    add(scene, solid, op, blend_mm);
}

static HpProfile *profile_new(const HpProfileKnot *knots, int count)
{
    HpProfile *profile = g_new0(HpProfile, 1);
    profile->z0 = knots[0].z;
    profile->count = (int)ceilf((knots[count - 1].z - knots[0].z) / PROFILE_STEP_MM) + 1;
    profile->row = g_malloc0_n(profile->count, sizeof *profile->row);
    float(*half)[2] = g_malloc0_n(profile->count, sizeof *half);
    for (int at = 0, knot = 0; at < profile->count; at++) {
        const float z = hp_least(profile->z0 + PROFILE_STEP_MM * at, knots[count - 1].z);
        while (knot < count - 2 && z > knots[knot + 1].z)
            knot++;
        const HpProfileKnot *a = &knots[MAX(knot - 1, 0)], *b = &knots[knot], *c = &knots[knot + 1],
                            *d = &knots[MIN(knot + 2, count - 1)];
        const float t = (z - b->z) / (c->z - b->z);
        half[at][0] = hp_most(1, curve(a->half_x, b->half_x, c->half_x, d->half_x, t));
        half[at][1] = hp_most(1, curve(a->half_y, b->half_y, c->half_y, d->half_y, t));
        profile->row[at][0] = 1 / half[at][0];
        profile->row[at][1] = 1 / half[at][1];
        profile->row[at][2] = curve(a->centre_y, b->centre_y, c->centre_y, d->centre_y, t);
    }
    for (int at = 0; at < profile->count; at++) {
        const int p = MAX(at - 1, 0), q = MIN(at + 1, profile->count - 1);
        const float rise = hp_most(fabsf(half[q][0] - half[p][0]), fabsf(half[q][1] - half[p][1]));
        const float slope = rise / (PROFILE_STEP_MM * (q - p));
        profile->row[at][3] = 1 / sqrtf(1 + slope * slope);
    }
    g_free(half);
    return profile;
}

void hp_scene_column(HpScene *scene, HpSolidOp op, float blend_mm, const HpProfileKnot *knots,
                     int count, float grow_mm)
{
    const Solid solid = {
        .shape = COLUMN, .reach = FAR, .profile = profile_new(knots, count), .grow = grow_mm};
    add(scene, solid, op, blend_mm);
}

void hp_scene_organ(HpScene *scene, HpSolidOp op, float blend_mm, int organ, float grow_mm)
{
    g_assert(organ < scene->organs - 1);
    const Organ *other = &scene->organ[organ];
    const Solid solid = {.shape = ORGAN,
                         .organ = (int16_t)organ,
                         .centre = other->centre,
                         .reach = other->reach + hp_most(grow_mm, 0),
                         .grow = grow_mm};
    add(scene, solid, op, blend_mm);
}

void hp_scene_order(HpScene *scene, const int *organs, int count)
{
    g_assert(count <= HP_SCENE_ORGANS);
    for (int at = 0; at < count; at++)
        scene->order[at] = organs[at];
    scene->ordered = count;
    // Organs refer to earlier ones alone, so one sweep from the last carries the margins on.
    for (int number = scene->organs - 1; number >= 0; number--) {
        const Organ *organ = &scene->organ[number];
        for (int at = organ->first; at < organ->first + organ->count; at++) {
            const Solid *solid = &g_array_index(scene->solids, Solid, at);
            if (solid->shape != ORGAN)
                continue;
            Organ *other = &scene->organ[solid->organ];
            other->margin = hp_most(other->margin, organ->margin + organ->rough + solid->blend +
                                                       fabsf(solid->grow));
        }
    }
}

void hp_scene_bend(HpScene *scene, uint64_t seed, float amplitude_mm)
{
    scene->bend_mm = amplitude_mm / BEND_WAVES;
    for (int axis = 0; axis < 3; axis++) {
        for (int wave = 0; wave < BEND_WAVES; wave++) {
            const uint64_t key = hp_hash(seed) + 16u * (axis * BEND_WAVES + wave);
            HpPoint v = {hp_hash_unit(key) - 0.5f, hp_hash_unit(key + 1) - 0.5f,
                         hp_hash_unit(key + 2) - 0.5f};
            const float length = sqrtf(dot(v, v)) + 1e-3f;
            // Wave lengths of 80 to 160 mm: organs keep their character, no line stays straight.
            const float k = (float)(2 * G_PI) / (80 + 80 * hp_hash_unit(key + 3)) / length;
            scene->wave[axis][wave][0] = v.x * k;
            scene->wave[axis][wave][1] = v.y * k;
            scene->wave[axis][wave][2] = v.z * k;
            scene->wave[axis][wave][3] = (float)(2 * G_PI) * hp_hash_unit(key + 4);
        }
    }
}

// sin(x) within 1e-3 for any x of a few turns: bends are a matter of taste, not of digits.
static inline float wave_of(float x)
{
    const float turn = x * (float)(0.5 / G_PI);
    const float t = 2 * (turn - hp_floor(turn + 0.5f)); // [-1, 1], in half turns
    const float s = 4 * t * (1 - fabsf(t));
    return s * (0.775f + 0.225f * fabsf(s));
}

HpPoint hp_scene_bent(const HpScene *scene, HpPoint p)
{
    float moved[3] = {0};
    for (int axis = 0; axis < 3; axis++)
        for (int wave = 0; wave < BEND_WAVES; wave++) {
            const float *w = scene->wave[axis][wave];
            moved[axis] += wave_of(w[0] * p.x + w[1] * p.y + w[2] * p.z + w[3]);
        }
    return (HpPoint){p.x + scene->bend_mm * moved[0], p.y + scene->bend_mm * moved[1],
                     p.z + scene->bend_mm * moved[2]};
}

int hp_scene_get_tag(const HpScene *scene, int organ)
{
    return scene->organ[organ].tag;
}

int hp_scene_get_organs(const HpScene *scene)
{
    return scene->organs;
}

// ---- distances; points are bent already

static float ellipsoid(const Solid *solid, HpPoint p)
{
    const HpPoint q = minus(p, solid->centre);
    const float *m = solid->axes;
    const float u = (m[0] * q.x + m[1] * q.y + m[2] * q.z) * solid->radius[0];
    const float v = (m[3] * q.x + m[4] * q.y + m[5] * q.z) * solid->radius[1];
    const float w = (m[6] * q.x + m[7] * q.y + m[8] * q.z) * solid->radius[2];
    const float k0 = sqrtf(u * u + v * v + w * w);
    const float gu = u * solid->radius[0], gv = v * solid->radius[1], gw = w * solid->radius[2];
    const float k1 = sqrtf(gu * gu + gv * gv + gw * gw);
    return hp_most(k0 * (k0 - 1) / hp_most(k1, 1e-9f), -solid->smallest);
}

static float tube(const Solid *solid, HpPoint p)
{
    const HpPoint q = minus(p, solid->a);
    const float t = hp_least(hp_most(dot(q, solid->b) * solid->radius[2], 0), 1);
    const HpPoint off = along(q, solid->b, -t);
    return sqrtf(dot(off, off)) - solid->radius[0] - t * solid->radius[1];
}

// Sections |x/a|^2.5 + |y/b|^2.5 = 1: fuller than an ellipse, as bodies are.
static float column(const Solid *solid, HpPoint p)
{
    const HpProfile *profile = solid->profile;
    const float at = (p.z - profile->z0) / PROFILE_STEP_MM;
    const float below = -at, above = at - (profile->count - 1);
    const float beyond = PROFILE_STEP_MM * hp_most(below, above); // > 0: past an end
    const int row = CLAMP((int)at, 0, profile->count - 2);
    const float t = hp_least(hp_most(at - row, 0), 1);
    const float *r0 = profile->row[row], *r1 = profile->row[row + 1];
    const float ia = r0[0] + t * (r1[0] - r0[0]), ib = r0[1] + t * (r1[1] - r0[1]);
    const float y0 = r0[2] + t * (r1[2] - r0[2]), cosine = r0[3] + t * (r1[3] - r0[3]);
    const float u = fabsf(p.x) * ia, v = fabsf(p.y - y0) * ib;
    const float su = u * sqrtf(u), sv = v * sqrtf(v); // ^1.5
    const float s = su * u + sv * v + 1e-12f;
    const float f = powf(s, 0.4f); // (sum)^(1/2.5)
    // |grad f| = f^(1-2.5) |(u^1.5/a, v^1.5/b)|
    const float gu = su * ia, gv = sv * ib;
    const float gradient = f / s * sqrtf(gu * gu + gv * gv) + 1e-9f;
    const float d = (f - 1) / gradient * cosine - solid->grow;
    return beyond > 0 ? hp_most(d, beyond) : d;
}

static inline float smooth_min(float a, float b, float k)
{
    if (k <= 0)
        return hp_least(a, b);
    const float h = hp_most(k - fabsf(a - b), 0) / k;
    return hp_least(a, b) - h * h * k * 0.25f;
}

static inline float fold(float d, float other, const Solid *solid)
{
    switch (solid->op) {
    case HP_SOLID_ADD:
        return smooth_min(d, other, solid->blend);
    case HP_SOLID_CUT:
        return -smooth_min(-d, other, solid->blend);
    default:
        return -smooth_min(-d, -other, solid->blend);
    }
}

static inline float roughened(const Organ *organ, float d, HpPoint p)
{
    if (organ->rough <= 0 || fabsf(d) > 3 * organ->rough)
        return d;
    // Two octaves, of 9 and 4 mm; fades out away from the surface, so that nothing jumps.
    const float bump = hp_noise(p.x / 9, p.y / 9, p.z / 9, (uint32_t)organ->tag) +
                       0.5f * hp_noise(p.x / 4, p.y / 4, p.z / 4, (uint32_t)organ->tag + 77);
    return d + organ->rough * bump * (1 - fabsf(d) / (3 * organ->rough));
}

static float organ_distance(const HpScene *scene, int number, HpPoint p);

static inline float simple_distance(const Solid *solid, HpPoint p)
{
    switch (solid->shape) {
    case ELLIPSOID:
        return ellipsoid(solid, p);
    case TUBE:
        return tube(solid, p);
    case HALF:
        return dot(minus(p, solid->a), solid->b);
    default:
        return column(solid, p);
    }
}

static float organ_distance(const HpScene *scene, int number, HpPoint p)
{
    const Organ *organ = &scene->organ[number];
    float d = FAR;
    for (int at = organ->first; at < organ->first + organ->count; at++) {
        const Solid *solid = &g_array_index(scene->solids, Solid, at);
        const float other = solid->shape == ORGAN
                                ? organ_distance(scene, solid->organ, p) - solid->grow
                                : simple_distance(solid, p);
        d = fold(d, other, solid);
    }
    return roughened(organ, d, p);
}

float hp_scene_distance(const HpScene *scene, int organ, HpPoint point)
{
    return organ_distance(scene, organ, hp_scene_bent(scene, point));
}

int hp_scene_find(const HpScene *scene, HpPoint point)
{
    const HpPoint p = hp_scene_bent(scene, point);
    for (int at = 0; at < scene->ordered; at++)
        if (organ_distance(scene, scene->order[at], p) < 0)
            return scene->order[at];
    return -1;
}

// ---- focus

struct HpFocus {
    const HpScene *scene;
    const HpFocus *wider;                               // NULL: pares the scene
    int first[HP_SCENE_ORGANS], count[HP_SCENE_ORGANS]; // solids kept, in `kept`
    float at_centre[HP_SCENE_ORGANS];
    int asked[HP_SCENE_ORGANS], asking; // organs in order
    GArray *kept;                       // uint16_t, numbers of solids
};

HpFocus *hp_focus_new(const HpScene *scene)
{
    HpFocus *focus = g_new0(HpFocus, 1);
    focus->scene = scene;
    g_assert(scene->solids->len < 65536);
    focus->kept = g_array_sized_new(FALSE, FALSE, sizeof(uint16_t), 4096);
    return focus;
}

HpFocus *hp_focus_new_within(const HpFocus *wider)
{
    HpFocus *focus = hp_focus_new(wider->scene);
    focus->wider = wider;
    return focus;
}

void hp_focus_free(HpFocus *focus)
{
    if (focus == NULL)
        return;
    g_array_unref(focus->kept);
    g_free(focus);
}

static float pared_distance(const HpFocus *focus, int number, HpPoint p)
{
    const Solid *solids = (const Solid *)(void *)focus->scene->solids->data;
    const uint16_t *kept = (const uint16_t *)(void *)focus->kept->data + focus->first[number];
    float d = FAR;
    for (int at = 0; at < focus->count[number]; at++) {
        const Solid *solid = &solids[kept[at]];
        const float other = solid->shape == ORGAN
                                ? pared_distance(focus, solid->organ, p) - solid->grow
                                : simple_distance(solid, p);
        d = fold(d, other, solid);
    }
    return focus->count[number] > 0 ? roughened(&focus->scene->organ[number], d, p) : d;
}

// How far `solid` is from `centre`: a lower bound if that is above `enough`, else its answer.
static float distance_from(const HpFocus *focus, const Solid *solid, HpPoint centre, float enough)
{
    if (solid->shape == ORGAN)
        return focus->at_centre[solid->organ] - solid->grow;
    if (solid->reach < FAR) {
        const HpPoint to = minus(centre, solid->centre);
        const float apart = sqrtf(dot(to, to)) - solid->reach;
        if (apart > enough)
            return apart;
    }
    return simple_distance(solid, centre);
}

static void keep_none(HpFocus *focus, int number, float at_centre)
{
    g_array_set_size(focus->kept, focus->first[number]);
    focus->count[number] = 0;
    focus->at_centre[number] = at_centre;
}

// Keeps the solids of one organ that matter within `reach` of `centre`.
static void pare(HpFocus *focus, int number, HpPoint centre, float reach)
{
    const Organ *organ = &focus->scene->organ[number];
    const Solid *solids = (const Solid *)(void *)focus->scene->solids->data;
    const float wide = reach + organ->rough + organ->margin, matters = wide + organ->blend;
    focus->first[number] = (int)focus->kept->len;
    keep_none(focus, number, FAR);
    int count = organ->count;
    const uint16_t *among = NULL; // NULL: all, from organ->first
    if (focus->wider != NULL) {
        count = focus->wider->count[number];
        among = (const uint16_t *)(void *)focus->wider->kept->data + focus->wider->first[number];
        if (count == 0) {
            keep_none(focus, number, focus->wider->at_centre[number]);
            return;
        }
    }
    if (organ->reach < FAR) {
        const HpPoint to = minus(centre, organ->centre);
        const float apart = sqrtf(dot(to, to)) - organ->reach;
        if (apart > wide) {
            keep_none(focus, number, apart);
            return;
        }
    }
    float d = FAR;
    for (int at = 0; at < count; at++) {
        const uint16_t which = (uint16_t)(among != NULL ? among[at] : organ->first + at);
        const Solid *solid = &solids[which];
        const float other = distance_from(focus, solid, centre, matters);
        const bool is_gone = (solid->op == HP_SOLID_CUT && other < -matters) ||
                             (solid->op == HP_SOLID_CLIP && other > matters);
        const bool is_idle = solid->op == HP_SOLID_CLIP ? other < -matters : other > matters;
        if (is_gone) {
            keep_none(focus, number, fabsf(other));
            return;
        }
        d = fold(d, other, solid);
        if (is_idle)
            continue;
        g_array_append_val(focus->kept, which);
        focus->count[number]++;
    }
    focus->at_centre[number] = d;
    if (d > wide) // cut away or clipped off here
        keep_none(focus, number, d);
}

bool hp_focus_set(HpFocus *focus, HpPoint centre, float radius_mm, int *filled_by)
{
    const HpScene *scene = focus->scene;
    const HpPoint bent = hp_scene_bent(scene, centre);
    const float reach = MAX_SLOPE * radius_mm + 1;
    g_array_set_size(focus->kept, 0);
    for (int number = 0; number < scene->organs; number++)
        pare(focus, number, bent, reach);
    focus->asking = 0;
    *filled_by = -1;
    for (int at = 0; at < scene->ordered; at++) {
        const int number = scene->order[at];
        const float d = focus->at_centre[number];
        if (focus->count[number] == 0 || d > reach + scene->organ[number].rough)
            continue;
        focus->asked[focus->asking++] = number;
        if (d < -reach - scene->organ[number].rough) {
            *filled_by = number;
            break;
        }
    }
    return focus->asking == 0 || (focus->asking == 1 && *filled_by >= 0);
}

int hp_focus_probe(const HpFocus *focus, HpPoint point, float *inside_mm, float *clear_mm)
{
    const HpPoint p = hp_scene_bent(focus->scene, point);
    float clear = FAR;
    for (int at = 0; at < focus->asking; at++) {
        const float d = pared_distance(focus, focus->asked[at], p);
        clear = hp_least(clear, fabsf(d));
        if (d < 0) {
            *inside_mm = -d;
            *clear_mm = clear;
            return focus->asked[at];
        }
    }
    *inside_mm = 0;
    *clear_mm = clear;
    return -1;
}

float hp_focus_distance(const HpFocus *focus, int organ, HpPoint point)
{
    return focus->count[organ] == 0
               ? focus->at_centre[organ]
               : pared_distance(focus, organ, hp_scene_bent(focus->scene, point));
}
