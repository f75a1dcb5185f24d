// SPDX-License-Identifier: Apache-2.0
// Fuzz target: the reader of NRRD.
#include "fuzz/image.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return fuzz_image(data, size);
}

#define HEAD(encoding)                                                                             \
    "NRRD0004\n# c\ntype: short\ndimension: 4\nspace: left-posterior-superior\nsizes: 4 3 2 1\n"   \
    "space directions: (0,0.5,0) (-1,0,0) (0,0,2) none\nkinds: domain domain domain list\n"        \
    "endian: little\nencoding: " encoding "\nspace units: \"mm\" \"mm\" \"mm\"\n"                  \
    "space origin: (10,-20,3e1)\nline skip: 0\nbyte skip: 0\na:=b\n\n"

GByteArray *fuzz_seed(int number)
{
    GByteArray *bytes = g_byte_array_new();
    switch (number) {
    case 0:
        g_byte_array_append(bytes, (const uint8_t *)HEAD("raw"), strlen(HEAD("raw")));
        return g_byte_array_append(bytes, fuzz_voxels, sizeof fuzz_voxels);
    case 1:
        g_byte_array_append(bytes, (const uint8_t *)HEAD("gzip"), strlen(HEAD("gzip")));
        g_byte_array_append(bytes, fuzz_voxels, sizeof fuzz_voxels);
        return fuzz_gzip(bytes, strlen(HEAD("gzip")));
    case 2:
        g_byte_array_append(bytes, (const uint8_t *)HEAD("ascii"), strlen(HEAD("ascii")));
        return g_byte_array_append(
            bytes, (const uint8_t *)"0 1 2 3 4 5 6 7 8 9 0 1\n2 3 4 5 6 7 8 9 0 1 2 3\n", 48);
    default:
        g_byte_array_unref(bytes);
        return NULL;
    }
}
