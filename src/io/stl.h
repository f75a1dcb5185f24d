// SPDX-License-Identifier: Apache-2.0
// Binary STL: 80 bytes of text, a count, and 50 bytes a triangle.
#pragma once

#include "core/mesh.h"
#include "core/task.h"
#include "io/mesh_axes.h"
#include "io/sink.h"
#include "io/source.h"

G_BEGIN_DECLS

// HP_ERROR_UNSUPPORTED for more than 2^32 - 1 triangles.
bool hp_stl_write(const HpMesh *mesh, HpMeshAxes axes, HpSink *sink, HpTask *task, GError **error);

// Corners with the same coordinates become one vertex, in the order they come; triangles of which
// two corners become one are dropped. Text STL is HP_ERROR_UNSUPPORTED.
HpMesh *hp_stl_read(HpSource *source, HpTask *task, GError **error);

G_END_DECLS
