// SPDX-License-Identifier: Apache-2.0
// PLY, the polygon file format (Turk 1994): writes binary little-endian, reads all three encodings.
#pragma once

#include "core/mesh.h"
#include "core/segment.h"
#include "core/task.h"
#include "io/mesh_axes.h"
#include "io/sink.h"
#include "io/source.h"

G_BEGIN_DECLS

// Positions and normals as float. HP_ERROR_UNSUPPORTED for more than 2^31 - 1 vertices or
// triangles, which common readers cannot take.
bool hp_ply_write(const HpMesh *mesh, HpMeshAxes axes, const HpSegment *segment, HpSink *sink,
                  HpTask *task, GError **error);

// Needs x, y, z of the element "vertex" and a list "vertex_indices" or "vertex_index" of "face";
// whatever else there is, is passed over.
HpMesh *hp_ply_read(HpSource *source, HpTask *task, GError **error);

G_END_DECLS
