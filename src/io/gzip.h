// SPDX-License-Identifier: Apache-2.0
// Fast gzip: inflating piece by piece, and deflating on all threads with reproducible bytes.
//
// ISA-L does both (the only library measured that is fast both ways, tests/bench/gzip.c). Level 1.
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

G_BEGIN_DECLS

typedef enum { HP_WRAP_GZIP, HP_WRAP_ZLIB } HpWrap;

// Deflate cannot make more than this many bytes of one (RFC 1951: 258 bytes from 2 bits).
#define HP_INFLATE_RATIO 1032

typedef struct HpInflate HpInflate; // one owner

HpInflate *hp_inflate_new(HpWrap wrap);
void hp_inflate_free(HpInflate *inflate); // takes NULL
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HpInflate, hp_inflate_free)

typedef struct {
    const uint8_t *in; // advanced past what was consumed
    size_t in_size;
    uint8_t *out; // advanced past what was made
    size_t out_size;
} HpFlow;

// Inflates until `in` is consumed or `out` is full. Gzip members that follow one another count as
// one stream. Fails with HP_ERROR_BAD_FILE for bytes that are not what they claim, wrong checksums
// included.
bool hp_inflate_step(HpInflate *inflate, HpFlow *flow, GError **error);

// Whether the stream may end here: its last member is complete.
bool hp_inflate_is_done(const HpInflate *inflate);

typedef struct HpDeflate HpDeflate; // one owner

// Compressed bytes, in order. False stops the deflating with the error set.
typedef bool (*HpDeflateCb)(const void *bytes, size_t size, void *data, GError **error);

// A gzip stream of one member without a name and with time 0, given to `deflate_cb` piece by piece.
HpDeflate *hp_deflate_new(HpDeflateCb deflate_cb, void *data);
void hp_deflate_free(HpDeflate *deflate); // takes NULL
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HpDeflate, hp_deflate_free)

bool hp_deflate_write(HpDeflate *deflate, const void *bytes, size_t size, GError **error);
// Ends the stream; nothing may be written after it.
bool hp_deflate_finish(HpDeflate *deflate, GError **error);

G_END_DECLS
