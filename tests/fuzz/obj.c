// SPDX-License-Identifier: Apache-2.0
// Fuzz target: the reader of OBJ.
#include "fuzz/mesh.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return fuzz_mesh(data, size, HP_MESH_FORMAT_OBJ);
}

GByteArray *fuzz_seed(int number)
{
    static const char *const text[] = {
        "# t\nmtllib a.mtl\nv 0 0 0\nvn 0 0 1\nv 1 0 0\nvn 0 0 1\nv 0 1.5 -2e-3\nvn 0 0 1\n"
        "usemtl a\nf 1//1 2//2 3//3\n",
        "v 0 0 0\nv 1 0 0\nv 1 1 0\nv 0 1 0\nvt 0 0\nf 1/1/1 2/1 3 4\nf -1 -2 -3\n"};
    return number < 2 ? fuzz_text(text[number]) : NULL;
}
