// SPDX-License-Identifier: Apache-2.0
// Triangulates the inside of closed loops in a plane: islands, holes in them, islands in those.
#pragma once

#include <glib.h>

G_BEGIN_DECLS

// `next` leads from each of `count` points to the one that follows on its loop; the inside lies to
// the left, so outer loops run counter-clockwise and holes clockwise. Every point is used and every
// loop edge gets one triangle, whatever the geometry: where loops touch, cross or lie on a line the
// triangles may overlap or have no area, but the result still closes a mesh.
//
// Returns triangles, 3 uint32_t numbers of points each, counter-clockwise; g_array_unref().
GArray *hp_cap_triangulate(const double (*xy)[2], const guint32 *next, guint32 count);

G_END_DECLS
