// SPDX-License-Identifier: Apache-2.0
// Reads and writes triangle meshes as files: OBJ (with MTL), binary STL and PLY.
//
// Which one goes by the ending of the name: .obj, .stl or .ply. Positions are LPS millimetres, and
// the files say so, unless other axes are asked for. OBJ and PLY keep every float; STL keeps positions and no normals, and reading
// it joins equal corners, so that a closed mesh stays closed. A file appears only when it is
// whole (io/sink.h). Errors begin with the name of the file. `task` may be NULL.
#pragma once

#include "core/mesh.h"
#include "core/segment.h"
#include "core/task.h"
#include "io/mesh_axes.h"
#include "io/source.h"

G_BEGIN_DECLS

typedef enum { HP_MESH_FORMAT_OBJ, HP_MESH_FORMAT_STL, HP_MESH_FORMAT_PLY } HpMeshFormat;

// By the ending of a name, in any case of letters; HP_ERROR_UNSUPPORTED for another one.
bool hp_mesh_file_get_format(const char *path, HpMeshFormat *format, GError **error);

// `segment` gives name and colour of the material; NULL for the liver's. An OBJ named a.obj writes
// a.mtl beside it. HP_ERROR_UNSUPPORTED for a mesh the format cannot hold.
bool hp_mesh_file_write(const HpMesh *mesh, const char *path, const HpSegment *segment,
                        HpTask *task, GError **error);

// The same of the liver's material, with positions and normals along `axes`.
bool hp_mesh_file_write_axes(const HpMesh *mesh, const char *path, HpMeshAxes axes, HpTask *task,
                             GError **error);

// Faces of more than 3 corners become fans. Corners with two equal places vanish from STL. Normals
// that a file lacks are computed. HP_ERROR_BAD_FILE, HP_ERROR_NO_MEMORY, HP_ERROR_UNSUPPORTED.
HpMesh *hp_mesh_file_read(const char *path, HpTask *task, GError **error);

// The same from any source that holds a file of that format from its start.
HpMesh *hp_mesh_source_read(HpSource *source, HpMeshFormat format, HpTask *task, GError **error);

G_END_DECLS
