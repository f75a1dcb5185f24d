// SPDX-License-Identifier: Apache-2.0
// Writes a mesh as a file and measures what the file holds.
#include "case/export.h"

#include "io/mesh_file.h"
#include "surface/measure.h"

bool hp_export_mesh(const HpMesh *mesh, const char *path, double *file_ml, HpTask *task,
                    GError **error)
{
    if (!hp_mesh_file_write(mesh, path, NULL, task, error))
        return false;
    g_autoptr(HpMesh) read = hp_mesh_file_read(path, task, error);
    if (read == NULL)
        return false;
    *file_ml = hp_mesh_volume_mm3(read) / 1000;
    return true;
}
