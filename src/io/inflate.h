// SPDX-License-Identifier: Apache-2.0
// Inflates a whole deflate stream in memory, up to a limit.
#pragma once

#include <glib.h>
#include <stdint.h>

G_BEGIN_DECLS

// The inflated bytes, `*inflated_size` of them; g_free(). HP_ERROR_BAD_FILE if the stream is broken,
// ends early or grows past `limit` bytes.
uint8_t *hp_inflate(const uint8_t *bytes, size_t size, size_t limit, size_t *inflated_size,
                    GError **error);

G_END_DECLS
