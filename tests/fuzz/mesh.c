// SPDX-License-Identifier: Apache-2.0
// What the targets of the mesh formats share.
#include "fuzz/mesh.h"

#include <string.h>

int fuzz_mesh(const uint8_t *data, size_t size, HpMeshFormat format)
{
    g_autoptr(HpSource) source = hp_source_new_memory(data, size);
    g_autoptr(GError) error = NULL;
    g_autoptr(HpMesh) mesh = hp_mesh_source_read(source, format, NULL, &error);
    g_assert((mesh != NULL) == (error == NULL));
    for (size_t at = 0; mesh != NULL && at < 3 * mesh->triangles; at++)
        g_assert(mesh->index[at] < mesh->vertices);
    return mesh != NULL ? 0 : -1;
}

GByteArray *fuzz_text(const char *text)
{
    return g_byte_array_append(g_byte_array_new(), (const uint8_t *)text, (guint)strlen(text));
}
