// SPDX-License-Identifier: Apache-2.0
// The orientation cube at the corner of the 3-D view: its faces are the sides of the patient.
#pragma once

#include "view/camera.h"

#include <cairo.h>

G_BEGIN_DECLS

// Draws the cube into a square of `size` units at the origin, turned as the camera is. The face of
// `hovered` (-1: none) is lighter.
void hp_cube_draw(const HpCamera *camera, cairo_t *cairo, double size, int hovered);

// The side whose face lies at (x, y) of that square; -1 beside the cube.
int hp_cube_side_at(const HpCamera *camera, double size, double x, double y);

G_END_DECLS
