// SPDX-License-Identifier: Apache-2.0
// A checksum of a volume's voxels: whether the images of a case are still the same.
#include "case/checksum.h"

// Values as they lie in memory on every machine we know; another byte order needs a swap here.
G_STATIC_ASSERT(G_BYTE_ORDER == G_LITTLE_ENDIAN);

char *hp_volume_checksum(const HpVolume *volume, HpTask *task, GError **error)
{
    const HpGrid *grid = &volume->grid;
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
    g_autofree char *size =
        g_strdup_printf("%d x %d x %d\n", grid->size[0], grid->size[1], grid->size[2]);
    g_checksum_update(sum, (const guchar *)size, -1);
    const size_t slice = (size_t)grid->size[0] * grid->size[1];
    for (int k = 0; k < grid->size[2]; k++) {
        if (!hp_task_step(task, (double)k / grid->size[2], error))
            return NULL;
        g_checksum_update(sum, (const guchar *)(volume->hu + slice * k),
                          (gssize)(slice * sizeof *volume->hu));
    }
    return g_strdup(g_checksum_get_string(sum));
}
