// SPDX-License-Identifier: Apache-2.0
// Fuzz target: the reader of NIfTI.
#include "fuzz/image.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return fuzz_image(data, size);
}

static void put16(uint8_t *bytes, size_t at, int value)
{
    bytes[at] = (uint8_t)value;
    bytes[at + 1] = (uint8_t)(value >> 8);
}

static GByteArray *version_1(void)
{
    uint8_t head[352] = {0};
    static const int dim[8] = {3, 4, 3, 2, 1, 1, 1, 1};
    static const uint8_t one[4] = {0, 0, 0x80, 0x3f}; // 1.0f
    put16(head, 0, 348);
    for (size_t at = 0; at < 8; at++) {
        put16(head, 40 + 2 * at, dim[at]);
        memcpy(head + 76 + 4 * at, one, 4);
    }
    put16(head, 70, 4);
    put16(head, 72, 16);
    put16(head, 108 + 2, 0x43b0); // 352.0f
    memcpy(head + 112, one, 4);
    head[123] = 2;
    head[252] = head[254] = 1;
    for (size_t axis = 0; axis < 3; axis++)
        memcpy(head + 280 + 20 * axis, one, 4);
    memcpy(head + 344, "n+1", 4);
    GByteArray *bytes = g_byte_array_new();
    g_byte_array_append(bytes, head, sizeof head);
    g_byte_array_append(bytes, fuzz_voxels, sizeof fuzz_voxels);
    return bytes;
}

static GByteArray *version_2(void)
{
    uint8_t head[544] = {0};
    static const uint8_t one[8] = {0, 0, 0, 0, 0, 0, 0xf0, 0x3f}; // 1.0
    put16(head, 0, 540);
    memcpy(head + 4, "n+2\0\r\n\032\n", 8);
    put16(head, 12, 512);
    put16(head, 14, 16);
    static const int dim[4] = {3, 4, 3, 2};
    for (size_t at = 0; at < 4; at++) {
        put16(head, 16 + 8 * at, dim[at]);
        memcpy(head + 104 + 8 * at, one, 8);
    }
    put16(head, 168, 544);
    head[344] = 1; // qform
    GByteArray *bytes = g_byte_array_new();
    g_byte_array_append(bytes, head, sizeof head);
    g_byte_array_append(bytes, fuzz_voxels, sizeof fuzz_voxels);
    return bytes;
}

GByteArray *fuzz_seed(int number)
{
    switch (number) {
    case 0:
        return version_1();
    case 1:
        return version_2();
    case 2:
        return fuzz_gzip(version_1(), 0);
    default:
        return NULL;
    }
}
