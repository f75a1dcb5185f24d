// SPDX-License-Identifier: Apache-2.0
// Fuzz target: the reader of MetaImage.
#include "fuzz/image.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return fuzz_image(data, size);
}

#define HEAD(zipped, binary)                                                                       \
    "ObjectType = Image\nNDims = 3\nBinaryData = " binary "\nBinaryDataByteOrderMSB = False\n"     \
    "CompressedData = " zipped "\nTransformMatrix = 0 1 0 -1 0 0 0 0 1\nOffset = 1 -2 3.5\n"       \
    "AnatomicalOrientation = RAI\nElementSpacing = 0.5 1 2\nDimSize = 4 3 2\nHeaderSize = 0\n"     \
    "ElementType = MET_SHORT\nElementDataFile = LOCAL\n"

GByteArray *fuzz_seed(int number)
{
    static const char *const head[] = {HEAD("False", "True"), HEAD("True", "True"),
                                       HEAD("False", "False")};
    if (number > 2)
        return NULL;
    GByteArray *bytes = g_byte_array_new();
    const size_t size = strlen(head[number]);
    g_byte_array_append(bytes, (const uint8_t *)head[number], (guint)size);
    if (number == 2)
        return g_byte_array_append(
            bytes, (const uint8_t *)"0 1 2 3 4 5 6 7 8 9 0 1\n2 3 4 5 6 7 8 9 0 1 2 3\n", 48);
    g_byte_array_append(bytes, fuzz_voxels, sizeof fuzz_voxels);
    return number == 1 ? fuzz_gzip(bytes, size) : bytes;
}
