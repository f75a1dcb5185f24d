// SPDX-License-Identifier: Apache-2.0
// Inflates a whole deflate stream in memory, up to a limit.
#include "io/inflate.h"

#include <glib/gi18n.h>
#include <stdbool.h>

#include <zlib.h>

#include "core/error.h"

// Runs the stream to its end into a buffer that doubles; the zlib state is the caller's.
static uint8_t *inflate_all(z_stream *stream, size_t limit, size_t *inflated_size, GError **error)
{
    g_autofree uint8_t *out = NULL;
    size_t room = 0, done = 0;
    for (int state = Z_OK; state != Z_STREAM_END;) {
        if (done == room) {
            if (room >= limit) {
                g_set_error(error, HP_ERROR, HP_ERROR_BAD_FILE,
                            _("deflated data grows past the limit of %zu MB"), limit >> 20);
                return NULL;
            }
            room = MIN(limit, MAX(room * 2, (size_t)1 << 20));
            uint8_t *more = g_try_realloc(out, room);
            if (more == NULL) {
                g_set_error(error, HP_ERROR, HP_ERROR_NO_MEMORY,
                            _("no memory for %zu MB of inflated data"), room >> 20);
                return NULL;
            }
            out = more;
        }
        const size_t slot = MIN(room - done, (size_t)1 << 30);
        stream->next_out = out + done;
        stream->avail_out = (uInt)slot;
        state = inflate(stream, Z_NO_FLUSH);
        const size_t gained = slot - stream->avail_out;
        done += gained;
        if ((state != Z_OK && state != Z_STREAM_END) ||
            (state == Z_OK && gained == 0 && stream->avail_in == 0)) {
            g_set_error(error, HP_ERROR, HP_ERROR_BAD_FILE, _("deflated data %s after %zu bytes"),
                        state == Z_DATA_ERROR ? "is corrupt" : "ends", done);
            return NULL;
        }
    }
    *inflated_size = done;
    return g_steal_pointer(&out);
}

uint8_t *hp_inflate(const uint8_t *bytes, size_t size, size_t limit, size_t *inflated_size,
                    GError **error)
{
    z_stream stream = {.next_in = (Bytef *)bytes, .avail_in = (uInt)MIN(size, G_MAXUINT)};
    if (inflateInit2(&stream, -MAX_WBITS) != Z_OK) { // no zlib header, as PS3.5 A.5 has it
        g_set_error(error, HP_ERROR, HP_ERROR_NO_MEMORY, _("no memory to inflate"));
        return NULL;
    }
    uint8_t *out = inflate_all(&stream, limit, inflated_size, error);
    inflateEnd(&stream);
    return out;
}
