// SPDX-License-Identifier: Apache-2.0
// What the targets of the image formats share.
#include "fuzz/image.h"

#include "io/image_file.h"

const uint8_t fuzz_voxels[48] = {0, 0, 1, 0, 2, 0, 0, 0, 255, 0, 7};

// What is opened as `kind`: 0 mask, 1 volume, 2 field.
static bool loads_as(const uint8_t *data, size_t size, int kind)
{
    g_auto(HpLayout) layout = {0};
    g_autoptr(HpSource) source = hp_source_new_memory(data, size);
    g_autoptr(GError) error = NULL;
    g_autoptr(HpMask) mask = NULL;
    g_autoptr(HpVolume) volume = NULL;
    g_autoptr(HpField) field = NULL;
    if (hp_image_source_read_header(&source, &layout, NULL, &error)) {
        if (kind == 0)
            mask = hp_voxels_read_mask(&layout, source, NULL, &error);
        else if (kind == 1)
            volume = hp_voxels_read_volume(&layout, source, NULL, &error);
        else
            field = hp_voxels_read_field(&layout, source, NULL, &error);
    }
    const bool loaded = mask != NULL || volume != NULL || field != NULL;
    g_assert(loaded == (error == NULL));
    return loaded;
}

int fuzz_image(const uint8_t *data, size_t size)
{
    bool loaded = false;
    for (int kind = 0; kind < 3; kind++)
        loaded |= loads_as(data, size, kind);
    return loaded ? 0 : -1;
}

static bool append_cb(const void *bytes, size_t size, void *data, GError **error)
{
    g_byte_array_append(data, bytes, (guint)size);
    return true;
}

GByteArray *fuzz_gzip(GByteArray *bytes, size_t from)
{
    GByteArray *zipped = g_byte_array_new();
    g_byte_array_append(zipped, bytes->data, (guint)from);
    g_autoptr(HpDeflate) deflate = hp_deflate_new(append_cb, zipped);
    g_assert(hp_deflate_write(deflate, bytes->data + from, bytes->len - from, NULL));
    g_assert(hp_deflate_finish(deflate, NULL));
    g_byte_array_unref(bytes);
    return zipped;
}
