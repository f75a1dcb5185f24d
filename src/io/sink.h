// SPDX-License-Identifier: Apache-2.0
// A file being written: it appears under its name only when it is whole.
//
// The bytes go to a file without a name in the same folder (a hidden one where the file system knows
// no such files), which hp_sink_commit flushes to the disk and puts in its place; a writer that
// fails, is cancelled or killed leaves the old file, or none.
#pragma once

#include <glib.h>
#include <stdbool.h>

G_BEGIN_DECLS

typedef struct HpSink HpSink; // one owner

// Fails with HP_ERROR_IO, also where `path` is there and is no plain file.
HpSink *hp_sink_new(const char *path, GError **error);
void hp_sink_free(HpSink *sink); // without a commit nothing stays behind; takes NULL
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HpSink, hp_sink_free)

// From here on the bytes are one gzip stream (io/gzip.h), to the end of the file. At most once.
void hp_sink_deflate(HpSink *sink);

// Fails with HP_ERROR_IO naming the system's reason.
bool hp_sink_write(HpSink *sink, const void *bytes, size_t size, GError **error);
bool hp_sink_puts(HpSink *sink, const char *text, GError **error);

// Once, at the end. The file then stands under its name.
bool hp_sink_commit(HpSink *sink, GError **error);

G_END_DECLS
