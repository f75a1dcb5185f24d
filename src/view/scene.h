// SPDX-License-Identifier: Apache-2.0
// What the 3-D view shows: the organ, the slices in their places, where it is cut open.
#pragma once

#include "core/volume.h"
#include "view/camera.h"
#include "view/pick.h"
#include "view/sheet.h"

G_BEGIN_DECLS

enum { HP_SCENE_SHEETS = 8 }; // at most

// Everything is borrowed.
typedef struct {
    HpCamera camera;
    HpMesh *mesh;      // NULL: none
    uint8_t colour[3]; // sRGB, of the mesh
    HpVolume *volume;  // NULL: no slices
    int slices[HP_PLANE_COUNT];
    double low_hu, high_hu; // drawn black and white
    bool shows_slices;
    bool is_cut;      // all on one side of a slice is left out, and the slice seen on the cut
    HpPlane cut;      // which
    bool keeps_front; // leaves out what a person looking at that slice's pane sees behind it
    HpSheet sheets[HP_SCENE_SHEETS]; // what one of them cuts off is drawn pale
    int sheets_count;
    bool is_moving; // another picture follows soon: what costs much may be left out
} HpScene;

HpScene hp_scene_default(void); // nothing, from the front, in the liver's colour and window

// The corners of a slice, around, from voxel (-1/2, -1/2) of its two axes, in the order of the grid.
void hp_scene_slice_corners(const HpScene *scene, HpPlane plane, double corner_mm[4][3]);
HpHalf hp_scene_half(const HpScene *scene); // what the cut keeps; everything if there is none

// How far from the pivot anything that is shown may lie.
double hp_scene_depth_mm(const HpScene *scene);

// Air is not drawn where it would be black: the slices of a body hide nothing beside it. Values below
// this, in HU, are clear.
double hp_scene_clear_hu(const HpScene *scene);

// What is seen at a pixel. `pick` (of the mesh; NULL: not looked for) may be of a finer mesh.
bool hp_scene_pick(const HpScene *scene, const HpPick *pick, double width, double height, double x,
                   double y, double mm[3]);

// Whether something lies before a point, seen from the eye.
bool hp_scene_hides(const HpScene *scene, const HpPick *pick, const double mm[3]);

G_END_DECLS
