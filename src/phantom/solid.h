// SPDX-License-Identifier: Apache-2.0
// Implicit solids in patient millimetres, and organs made of them by smooth union, cut and clip.
//
// A solid answers with a signed distance in mm: negative inside, close to true near its surface,
// and far from it wrong by less than half. An organ folds its solids in the order they were added.
// A scene is a list of organs; the first that holds a point wins. A focus is a scene pared down to
// a ball, which makes the answer cheap: most balls see one organ, few see more than four.
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

G_BEGIN_DECLS

typedef struct {
    float x, y, z;
} HpPoint;

typedef enum {
    HP_SOLID_ADD,  // union
    HP_SOLID_CUT,  // take away
    HP_SOLID_CLIP, // keep what lies inside
} HpSolidOp;

// Half widths of a standing body with superelliptic sections, tabulated along z.
typedef struct {
    float z, half_x, half_y, centre_y;
} HpProfileKnot;

// One row for each of `count` knots in ascending z. Smooth in between; nothing beyond the ends.
typedef struct HpProfile HpProfile;

#define HP_SCENE_ORGANS 160 // at most

typedef struct HpScene HpScene;

HpScene *hp_scene_new(void);
void hp_scene_free(HpScene *scene); // takes NULL
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HpScene, hp_scene_free)

// Begins an organ and returns its number; what is added from now on belongs to it. `tag` is the
// caller's. `rough_mm` roughens the surface by bumps of that height.
int hp_scene_begin(HpScene *scene, int tag, float rough_mm);

// Solids of the organ begun last. `blend_mm` rounds the edge where the solid meets the rest.
// Angles turn the ellipsoid about z, then y, then x, in degrees.
void hp_scene_ellipsoid(HpScene *scene, HpSolidOp op, float blend_mm, HpPoint centre,
                        HpPoint radius, HpPoint turn_deg);
void hp_scene_tube(HpScene *scene, HpSolidOp op, float blend_mm, HpPoint from, HpPoint to,
                   float from_mm, float to_mm);
// A smooth curve through `count` points with a radius each, as tubes no longer than `step_mm`.
void hp_scene_path(HpScene *scene, HpSolidOp op, float blend_mm, const HpPoint *point,
                   const float *radius_mm, int count, float step_mm);
// The side of a plane that `normal` points away from; `normal` need not have unit length.
void hp_scene_half(HpScene *scene, HpSolidOp op, float blend_mm, HpPoint at, HpPoint normal);
void hp_scene_column(HpScene *scene, HpSolidOp op, float blend_mm, const HpProfileKnot *knots,
                     int count, float grow_mm);
// An organ begun earlier, grown by `grow_mm` (shrunk if negative).
void hp_scene_organ(HpScene *scene, HpSolidOp op, float blend_mm, int organ, float grow_mm);

// The order in which organs are asked: `count` numbers. Organs not named only shape others.
void hp_scene_order(HpScene *scene, const int *organs, int count);

// Bends space by sines of a few millimetres, different for each seed, so that nothing is straight.
void hp_scene_bend(HpScene *scene, uint64_t seed, float amplitude_mm);
HpPoint hp_scene_bent(const HpScene *scene, HpPoint point);

int hp_scene_get_tag(const HpScene *scene, int organ);
int hp_scene_get_organs(const HpScene *scene);

// Signed distance to one organ, all of its solids asked.
float hp_scene_distance(const HpScene *scene, int organ, HpPoint point);

// The organ that holds `point`, all organs asked in their order; -1 if none.
int hp_scene_find(const HpScene *scene, HpPoint point);

typedef struct HpFocus HpFocus;

HpFocus *hp_focus_new(const HpScene *scene);
// Pares what `wider` has left, quicker than the scene itself: its balls lie in that of `wider`,
// which is set first and outlives it.
HpFocus *hp_focus_new_within(const HpFocus *wider);
void hp_focus_free(HpFocus *focus); // takes NULL
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HpFocus, hp_focus_free)

// Pares the scene down to a ball. Returns true if one organ (or none: -1) fills all of it.
bool hp_focus_set(HpFocus *focus, HpPoint centre, float radius_mm, int *filled_by);

// The organ that holds `point`, which lies in the ball; -1 if none. `inside_mm` is how deep, and
// `clear_mm` how far the nearest change of organ is, roughly.
int hp_focus_probe(const HpFocus *focus, HpPoint point, float *inside_mm, float *clear_mm);

// Signed distance to one organ, right within the ball where it is small.
float hp_focus_distance(const HpFocus *focus, int organ, HpPoint point);

G_END_DECLS
