// SPDX-License-Identifier: Apache-2.0
// Wavefront OBJ with its material file (MTL).
#pragma once

#include "core/mesh.h"
#include "core/segment.h"
#include "core/task.h"
#include "io/mesh_axes.h"
#include "io/sink.h"
#include "io/source.h"

G_BEGIN_DECLS

// `material_file` is the plain name of the MTL beside it, `segment` what it is made of.
bool hp_obj_write(const HpMesh *mesh, HpMeshAxes axes, const char *material_file,
                  const HpSegment *segment, HpSink *sink, HpTask *task, GError **error);
bool hp_obj_write_material(const HpSegment *segment, HpSink *sink, GError **error);

// Reads vertices, normals and faces; groups, materials and texture are passed over. Normals are
// taken where each corner has the normal of its own number, as hp_obj_write does, else computed.
HpMesh *hp_obj_read(HpSource *source, HpTask *task, GError **error);

G_END_DECLS
