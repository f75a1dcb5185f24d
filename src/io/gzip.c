// SPDX-License-Identifier: Apache-2.0
// Fast gzip: inflating piece by piece, and deflating on all threads with reproducible bytes.
#include "io/gzip.h"

#include "core/error.h"
#include "core/parallel.h"

#include <glib/gi18n.h>
#include <isa-l/crc.h>
#include <isa-l/igzip_lib.h>
#include <string.h>

struct HpInflate {
    HpWrap wrap;
    bool between; // a member has ended, another may follow
    uint8_t kept; // a first magic byte whose second lies in the next piece
    bool has_kept;
    bool over; // what follows the last member is padding
    struct inflate_state state;
};

static void start_member(HpInflate *inflate)
{
    isal_inflate_init(&inflate->state);
    inflate->state.crc_flag = inflate->wrap == HP_WRAP_GZIP ? ISAL_GZIP : ISAL_ZLIB;
}

HpInflate *hp_inflate_new(HpWrap wrap)
{
    HpInflate *inflate = g_new0(HpInflate, 1);
    inflate->wrap = wrap;
    start_member(inflate);
    return inflate;
}

void hp_inflate_free(HpInflate *inflate)
{
    g_free(inflate);
}

bool hp_inflate_is_done(const HpInflate *inflate)
{
    return inflate->between || inflate->over;
}

static const char *reason(int status)
{
    switch (status) {
    case ISAL_INVALID_WRAPPER:
        return "its header is damaged";
    case ISAL_UNSUPPORTED_METHOD:
    case ISAL_NEED_DICT:
        return "its method is unknown";
    case ISAL_INCORRECT_CHECKSUM:
        return "its checksum is wrong";
    default:
        return "its blocks are damaged";
    }
}

// Lets ISA-L consume `in` and fill `out`, whose sizes it counts in 32 bits.
static bool run(HpInflate *inflate, const uint8_t *in, size_t in_size, HpFlow *flow, size_t *eaten,
                GError **error)
{
    struct inflate_state *state = &inflate->state;
    const uint32_t in_part = (uint32_t)MIN(in_size, 1u << 30);
    const uint32_t out_part = (uint32_t)MIN(flow->out_size, 1u << 30);
    state->next_in = (uint8_t *)in;
    state->avail_in = in_part;
    state->next_out = flow->out;
    state->avail_out = out_part;
    const int status = isal_inflate(state);
    *eaten = in_part - state->avail_in;
    const size_t made = out_part - state->avail_out;
    flow->out += made;
    flow->out_size -= made;
    if (status < 0 || status == ISAL_NEED_DICT) {
        g_set_error(error, HP_ERROR, HP_ERROR_BAD_FILE, _("the compressed stream is broken: %s"),
                    reason(status));
        return false;
    }
    inflate->between = state->block_state == ISAL_BLOCK_FINISH;
    return true;
}

// After a member: another starts with 1f 8b, anything else is padding, which gzip ignores too.
static bool begin_next(HpInflate *inflate, HpFlow *flow, GError **error)
{
    static const uint8_t magic[2] = {0x1f, 0x8b};
    if (inflate->wrap == HP_WRAP_ZLIB)
        inflate->over = true;
    if (!inflate->over && !inflate->has_kept) {
        inflate->kept = *flow->in++;
        flow->in_size--;
        inflate->has_kept = true;
        inflate->over = inflate->kept != magic[0];
    }
    if (!inflate->over && flow->in_size > 0) {
        inflate->over = *flow->in != magic[1];
        if (!inflate->over) {
            size_t eaten;
            inflate->has_kept = false;
            start_member(inflate);
            return run(inflate, magic, 1, flow, &eaten, error);
        }
    }
    if (inflate->over) {
        flow->in += flow->in_size;
        flow->in_size = 0;
    }
    return true;
}

bool hp_inflate_step(HpInflate *inflate, HpFlow *flow, GError **error)
{
    // An inner state that holds output keeps going when no input is left.
    bool moved = true;
    while (moved && flow->out_size > 0) {
        if (hp_inflate_is_done(inflate)) {
            if (flow->in_size == 0)
                return true;
            if (!begin_next(inflate, flow, error))
                return false;
            continue;
        }
        size_t eaten;
        const size_t room = flow->out_size;
        if (!run(inflate, flow->in, flow->in_size, flow, &eaten, error))
            return false;
        flow->in += eaten;
        flow->in_size -= eaten;
        moved = eaten > 0 || flow->out_size < room;
    }
    return true;
}

// Blocks of CHUNK bytes are compressed on their own and end on a byte (a full flush), so that they
// can be made in parallel and the bytes do not depend on the number of threads. The cost is the
// matches across a border: 32 KiB of history in 1 MiB, below 1 % of the size.
#define CHUNK (1 << 20)
#define CHUNKS 8                                    // held at a time: 16 MiB in all
#define CHUNK_BOUND (CHUNK + CHUNK / 16 + 4 * 1024) // stored blocks cost 5 bytes in 64 KiB

struct HpDeflate {
    HpDeflateCb deflate_cb;
    void *data;
    uint8_t *in;  // CHUNKS * CHUNK
    uint8_t *out; // CHUNKS * CHUNK_BOUND
    size_t filled;
    size_t made[CHUNKS];
    uint32_t crc;
    uint32_t size; // modulo 2^32, as the trailer wants it
    bool begun;
};

HpDeflate *hp_deflate_new(HpDeflateCb deflate_cb, void *data)
{
    HpDeflate *deflate = g_new0(HpDeflate, 1);
    deflate->deflate_cb = deflate_cb;
    deflate->data = data;
    deflate->in = g_malloc((size_t)CHUNKS * CHUNK);
    deflate->out = g_malloc((size_t)CHUNKS * CHUNK_BOUND);
    return deflate;
}

void hp_deflate_free(HpDeflate *deflate)
{
    if (deflate == NULL)
        return;
    g_free(deflate->in);
    g_free(deflate->out);
    g_free(deflate);
}

static void chunk_cb(int begin, int end, int slab, void *data)
{
    HpDeflate *deflate = data;
    g_autofree uint8_t *scratch = g_malloc(ISAL_DEF_LVL1_DEFAULT);
    for (int chunk = begin; chunk < end; chunk++) {
        // ISA-L looks for matches wherever its tables, which it does not clear, point to; they are
        // checked, so the stream is right either way, but its bytes would differ.
        struct isal_zstream stream = {0};
        memset(scratch, 0, ISAL_DEF_LVL1_DEFAULT);
        isal_deflate_stateless_init(&stream);
        stream.level = 1;
        stream.level_buf = scratch;
        stream.level_buf_size = ISAL_DEF_LVL1_DEFAULT;
        stream.flush = FULL_FLUSH;
        stream.end_of_stream = 0;
        stream.next_in = deflate->in + (size_t)chunk * CHUNK;
        stream.avail_in = (uint32_t)MIN(deflate->filled - (size_t)chunk * CHUNK, CHUNK);
        stream.next_out = deflate->out + (size_t)chunk * CHUNK_BOUND;
        stream.avail_out = CHUNK_BOUND;
        const int status = isal_deflate_stateless(&stream);
        g_assert(status == COMP_OK && stream.avail_in == 0); // the bound holds for any input
        deflate->made[chunk] = CHUNK_BOUND - stream.avail_out;
    }
}

static bool begin(HpDeflate *deflate, GError **error)
{
    // method 8, no flags, time 0, fastest, system unknown (RFC 1952)
    static const uint8_t head[10] = {0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 4, 255};
    if (deflate->begun)
        return true;
    deflate->begun = true;
    return deflate->deflate_cb(head, sizeof head, deflate->data, error);
}

static bool flush(HpDeflate *deflate, GError **error)
{
    if (!begin(deflate, error))
        return false;
    if (deflate->filled == 0)
        return true;
    const int chunks = (int)((deflate->filled + CHUNK - 1) / CHUNK);
    deflate->crc = crc32_gzip_refl(deflate->crc, deflate->in, deflate->filled);
    deflate->size += (uint32_t)deflate->filled;
    hp_parallel_for(chunks, 1, chunk_cb, deflate);
    for (int chunk = 0; chunk < chunks; chunk++)
        if (!deflate->deflate_cb(deflate->out + (size_t)chunk * CHUNK_BOUND, deflate->made[chunk],
                                 deflate->data, error))
            return false;
    deflate->filled = 0;
    return true;
}

bool hp_deflate_write(HpDeflate *deflate, const void *bytes, size_t size, GError **error)
{
    const uint8_t *from = bytes;
    while (size > 0) {
        const size_t part = MIN(size, (size_t)CHUNKS * CHUNK - deflate->filled);
        memcpy(deflate->in + deflate->filled, from, part);
        deflate->filled += part;
        from += part;
        size -= part;
        if (deflate->filled == (size_t)CHUNKS * CHUNK && !flush(deflate, error))
            return false;
    }
    return true;
}

bool hp_deflate_finish(HpDeflate *deflate, GError **error)
{
    if (!flush(deflate, error))
        return false;
    uint8_t tail[13] = {1, 0, 0, 0xff, 0xff}; // a last, stored, empty block
    for (int byte = 0; byte < 4; byte++) {
        tail[5 + byte] = (uint8_t)(deflate->crc >> 8 * byte);
        tail[9 + byte] = (uint8_t)(deflate->size >> 8 * byte);
    }
    return deflate->deflate_cb(tail, sizeof tail, deflate->data, error);
}
