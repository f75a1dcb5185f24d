// SPDX-License-Identifier: Apache-2.0
// Unpacks the files of an archive (zip, and what else libarchive reads) one after another into a
// nameless file.
#pragma once

#include "io/child_protocol.h"

G_BEGIN_DECLS

// Appends every regular file of the archive at `bytes` to `spool`, and an HpChildMember each to
// `members`. Names are only noted, so nothing is ever written outside. HP_ERROR_BAD_FILE if it is
// no archive, is broken, encrypted, or unpacks to more than `limit` bytes; HP_ERROR_IO.
bool hp_unpack(const uint8_t *bytes, size_t size, int spool, uint64_t limit, GArray *members,
               GError **error);

G_END_DECLS
