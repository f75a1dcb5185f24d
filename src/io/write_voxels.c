// SPDX-License-Identifier: Apache-2.0
// Writes voxels as image files hold them: i fastest, little-endian.
#include "io/write_voxels.h"

#include "core/error.h"

#define PIECE (512 * 1024) // voxels at a time

static bool write_int16(const int16_t *hu, size_t count, HpSink *sink, GError **error)
{
    if (G_BYTE_ORDER == G_LITTLE_ENDIAN)
        return hp_sink_write(sink, hu, count * sizeof *hu, error);
    g_autofree uint16_t *swapped = g_new(uint16_t, count);
    for (size_t at = 0; at < count; at++)
        swapped[at] = GUINT16_TO_LE((uint16_t)hu[at]);
    return hp_sink_write(sink, swapped, count * sizeof *swapped, error);
}

bool hp_write_voxels_of_volume(const HpVolume *volume, HpSink *sink, HpTask *task, GError **error)
{
    const size_t count = hp_grid_count(&volume->grid);
    for (size_t at = 0; at < count;) {
        const size_t part = MIN(count - at, PIECE);
        if (!write_int16(volume->hu + at, part, sink, error))
            return false;
        at += part;
        if (!hp_task_step(task, (double)at / (double)count, error))
            return false;
    }
    return true;
}

bool hp_write_voxels_of_mask(const HpMask *mask, HpSink *sink, HpTask *task, GError **error)
{
    const HpGrid *grid = hp_mask_get_grid(mask);
    int lo[3] = {0, 0, 0}, size[3] = {grid->size[0], grid->size[1], HP_BRICK};
    const size_t plane = (size_t)size[0] * size[1];
    g_autofree uint8_t *labels = hp_try_alloc(plane, HP_BRICK, "labels", error);
    if (labels == NULL)
        return false;
    for (; lo[2] < grid->size[2]; lo[2] += HP_BRICK) {
        size[2] = MIN(HP_BRICK, grid->size[2] - lo[2]);
        hp_mask_read_box(mask, lo, size, labels);
        if (!hp_sink_write(sink, labels, plane * (size_t)size[2], error) ||
            !hp_task_step(task, (double)(lo[2] + size[2]) / grid->size[2], error))
            return false;
    }
    return true;
}
