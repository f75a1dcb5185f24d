// SPDX-License-Identifier: Apache-2.0
// Watches what this process and its children hold in memory, what they share counted once.
#pragma once

#include <glib.h>
#include <stddef.h>

G_BEGIN_DECLS

typedef struct MemoryWatch MemoryWatch;

// Looks every few milliseconds from now on, in a thread of its own.
MemoryWatch *memory_watch_new(void);
// Ends and frees it; the largest sum of proportional set sizes seen, in bytes.
size_t memory_watch_end(MemoryWatch *watch);

G_END_DECLS
