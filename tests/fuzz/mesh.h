// SPDX-License-Identifier: Apache-2.0
// What the targets of the mesh formats share.
#pragma once

#include "fuzz/fuzz.h"
#include "io/mesh_file.h"

// Reads the bytes as a mesh and looks at each corner; 0 if it was loaded, else -1.
int fuzz_mesh(const uint8_t *data, size_t size, HpMeshFormat format);

// The bytes of a text.
GByteArray *fuzz_text(const char *text);
