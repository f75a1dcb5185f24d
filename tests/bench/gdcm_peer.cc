// SPDX-License-Identifier: Apache-2.0
// Loads slices with GDCM, the peer that loading is measured against.
#include "bench/gdcm_peer.h"

#include <cstdlib>

#include <gdcmImageReader.h>

int16_t *gdcm_peer_load(const char *const *paths, int count)
{
    char *volume = nullptr;
    size_t at = 0;
    for (int n = 0; n < count; n++) {
        gdcm::ImageReader reader;
        reader.SetFileName(paths[n]);
        if (!reader.Read())
            abort();
        const gdcm::Image &image = reader.GetImage();
        const size_t size = image.GetBufferLength();
        if (volume == nullptr)
            volume = static_cast<char *>(g_try_malloc(size * static_cast<size_t>(count)));
        if (volume == nullptr || !image.GetBuffer(volume + at))
            abort();
        at += size;
    }
    return reinterpret_cast<int16_t *>(volume);
}
