// SPDX-License-Identifier: Apache-2.0
// Fuzz target: the reader of PLY.
#include "fuzz/mesh.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return fuzz_mesh(data, size, HP_MESH_FORMAT_PLY);
}

#define HEAD(format)                                                                               \
    "ply\nformat " format " 1.0\ncomment c\nelement vertex 3\nproperty float x\n"                  \
    "property float y\nproperty float z\nproperty list uchar short extra\nelement face 1\n"        \
    "property list uchar int vertex_indices\nend_header\n"

GByteArray *fuzz_seed(int number)
{
    static const uint8_t body[] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 63, 0,
                                   0, 0, 0, 0, 0, 0, 0, 1, 5, 5, 0, 0, 0, 0, 0, 0, 0,  1,
                                   0, 0, 0, 0, 0, 3, 0, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0,  0};
    if (number == 0)
        return fuzz_text(HEAD("ascii") "0 0 0 0\n1 0 0 1 5\n0 1 0 0\n3 0 1 2\n");
    if (number == 1)
        return g_byte_array_append(fuzz_text(HEAD("binary_little_endian")), body, sizeof body);
    return NULL;
}
