// SPDX-License-Identifier: Apache-2.0
// Fuzz target: the reader of STL.
#include "fuzz/mesh.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return fuzz_mesh(data, size, HP_MESH_FORMAT_STL);
}

GByteArray *fuzz_seed(int number)
{
    static const uint8_t one[4] = {0, 0, 0x80, 0x3f}; // 1.0f
    if (number > 0)
        return NULL;
    uint8_t bytes[84 + 2 * 50] = {0};
    bytes[80] = 2;
    for (size_t facet = 0; facet < 2; facet++)
        for (size_t corner = 0; corner < 2; corner++)
            for (size_t byte = 0; byte < 4; byte++)
                bytes[84 + 50 * facet + 24 + 16 * corner + byte] = one[byte];
    return g_byte_array_append(g_byte_array_new(), bytes, sizeof bytes);
}
