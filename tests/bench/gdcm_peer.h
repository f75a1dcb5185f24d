// SPDX-License-Identifier: Apache-2.0
// Loads slices with GDCM, the peer that loading is measured against.
#pragma once

#include <glib.h>
#include <stdint.h>

G_BEGIN_DECLS

// The stored samples of all files, in the order given and not rescaled: the least a user of GDCM
// does. g_free(); ends the program if a file cannot be read.
int16_t *gdcm_peer_load(const char *const *paths, int count);

G_END_DECLS
