// SPDX-License-Identifier: Apache-2.0
// Writes a mesh as a file and measures what the file holds.
#pragma once

#include "core/mesh.h"
#include "core/task.h"

G_BEGIN_DECLS

// Writes `mesh` in the format of the name and sets `file_ml` to what the file holds when it is parsed
// again. Fails as hp_mesh_file_write() and hp_mesh_file_read() do.
bool hp_export_mesh(const HpMesh *mesh, const char *path, double *file_ml, HpTask *task,
                    GError **error);

G_END_DECLS
