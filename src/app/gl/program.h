// SPDX-License-Identifier: Apache-2.0
// GL programs made of the shaders in ui/shaders.
#pragma once

#include <glib.h>
#include <stdbool.h>

G_BEGIN_DECLS

// Files of ui/shaders; `geometry` may be NULL, and so may `prelude`, text before each shader.
typedef struct {
    const char *vertex, *geometry, *fragment;
    const char *fragment_part; // a file before the fragment shader, or NULL
    const char *prelude;
} HpProgramParts;

// Compiles and links in the current context. 0 with HP_ERROR_UNSUPPORTED and the driver's words.
unsigned hp_program_new(const HpProgramParts *parts, GError **error);

// Of the program in use; names it has no use for are passed over.
void hp_uniform_int(unsigned program, const char *name, int value);
void hp_uniform_floats(unsigned program, const char *name, int count, const float *values); // 1..4
void hp_uniform_matrix3(unsigned program, const char *name, const float rows[9]);

G_END_DECLS
