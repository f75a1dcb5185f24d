// SPDX-License-Identifier: Apache-2.0
// The eye of the 3-D view: from where it looks, how large, and which point lies under a pixel.
//
// Orthographic, so that sizes can be compared, and a turntable: the head stays up and the patient's
// left is never mirrored. Pixels run to the right and down from the top left corner.
#pragma once

#include "core/grid.h"
#include "core/mesh.h"

G_BEGIN_DECLS

// The sides of the patient, each the opposite of its neighbour (side ^ 1).
typedef enum {
    HP_SIDE_LEFT,
    HP_SIDE_RIGHT,
    HP_SIDE_POSTERIOR,
    HP_SIDE_ANTERIOR,
    HP_SIDE_SUPERIOR,
    HP_SIDE_INFERIOR,
    HP_SIDE_COUNT
} HpSide;

extern const char hp_side_letters[HP_SIDE_COUNT]; // L R P A S I

// Azimuth 0 looks from the front; 90 from the patient's left. Elevation 90 looks from above the head.
typedef struct {
    double azimuth_degrees, elevation_degrees;
    double pivot_mm[3]; // what it turns about
    double reach_mm;    // what shall fit lies within this of the pivot
    double zoom;        // 1: that fits the picture
    double pan_mm[2];   // of the pivot from the middle of the picture, to the right and up
} HpCamera;

// A line of sight: from a point along a unit direction, away from the eye.
typedef struct {
    double from_mm[3];
    double direction[3];
} HpRay;

// From the front and a little from above, at a sphere of 1 mm.
HpCamera hp_camera_default(void);

// What shall fit; direction, zoom and pan stay.
void hp_camera_aim_at_mesh(HpCamera *camera, const HpMesh *mesh);
void hp_camera_aim_at_grid(HpCamera *camera, const HpGrid *grid);

// Rows: to the right, up, and towards the eye, in LPS.
void hp_camera_basis(double azimuth_degrees, double elevation_degrees, double basis[3][3]);

double hp_camera_pixels_per_mm(const HpCamera *camera, double width, double height);
void hp_camera_middle_mm(const HpCamera *camera, double mm[3]); // seen in the middle of the picture

// x and y in pixels, and how far it lies from the pivot's depth towards the eye, in millimetres.
void hp_camera_project(const HpCamera *camera, double width, double height, const double mm[3],
                       double place[3]);
HpRay hp_camera_ray(const HpCamera *camera, double width, double height, double x, double y);

// Drags: the near side follows the pointer. Elevation stops at the poles.
void hp_camera_turn(HpCamera *camera, double dx, double dy);
void hp_camera_pan(HpCamera *camera, double width, double height, double dx, double dy);
// What lies under (x, y) stays there.
void hp_camera_zoom(HpCamera *camera, double width, double height, double x, double y,
                    double factor);

void hp_camera_look_from(HpCamera *camera, HpSide side);
HpSide hp_camera_side(const HpCamera *camera); // that faces the eye most
// The cosine between the direction to the eye and the outward direction of a side.
double hp_camera_facing(const HpCamera *camera, HpSide side);

// From `a` (share 0) to `b` (1), round the shorter way.
HpCamera hp_camera_between(const HpCamera *a, const HpCamera *b, double share);

G_END_DECLS
