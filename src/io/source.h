// SPDX-License-Identifier: Apache-2.0
// Bytes in order, from a file or from memory, inflated on the way where they are compressed.
//
// Readers of hostile files stand on this: it knows how many bytes can still come, so that a size
// a header claims is checked before anything is allocated.
#pragma once

#include "io/gzip.h"

G_BEGIN_DECLS

typedef struct HpSource HpSource; // one owner

// A plain file. Fails with HP_ERROR_IO for anything else (a folder, a pipe) or what cannot be read.
HpSource *hp_source_open(const char *path, GError **error);

// A file named in the header that `source` holds: it must be a plain name and lie in the same
// folder, not behind a link, else HP_ERROR_BAD_FILE. From memory there is no such file.
HpSource *hp_source_open_beside(const HpSource *source, const char *name, GError **error);

// Borrowed bytes that outlive the source.
HpSource *hp_source_new_memory(const void *bytes, size_t size);

void hp_source_free(HpSource *source); // takes NULL
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HpSource, hp_source_free)

const char *hp_source_get_path(const HpSource *source); // NULL in memory; borrowed

// From here on the bytes are inflated. At most once.
void hp_source_inflate(HpSource *source, HpWrap wrap);
// The same if they start with the gzip magic.
bool hp_source_inflate_if_gzip(HpSource *source, GError **error);

// Up to `want` (at most 4096) of the bytes that come next, without consuming them; fewer only at
// the end. Borrowed until the next call.
const uint8_t *hp_source_peek(HpSource *source, size_t want, size_t *got, GError **error);

// Reads `size` bytes, fewer (in *got) only at the end.
bool hp_source_read(HpSource *source, void *buffer, size_t size, size_t *got, GError **error);
// Fails with HP_ERROR_BAD_FILE, naming `what`, where fewer come.
bool hp_source_read_all(HpSource *source, void *buffer, size_t size, const char *what,
                        GError **error);
// Fails too where it would inflate more than 256 MiB for nothing.
bool hp_source_skip(HpSource *source, size_t size, const char *what, GError **error);

// One line of at most 64 KiB without its end (\n or \r\n); g_free(). NULL at the end, without an
// error, and on failure. A byte 0 ends it as a string.
char *hp_source_read_line(HpSource *source, GError **error);

// Bytes that are left: exact in a plain file; of a compressed one, the most that could be.
size_t hp_source_get_left(const HpSource *source);
bool hp_source_is_inflating(const HpSource *source);

// True if `size` bytes can still come; else HP_ERROR_BAD_FILE saying how many `what` needs.
bool hp_source_expect(const HpSource *source, size_t size, const char *what, GError **error);

G_END_DECLS
