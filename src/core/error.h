// SPDX-License-Identifier: Apache-2.0
// The one error domain: a code for each thing the user interface does differently.
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define HP_ERROR (hp_error_quark())
GQuark hp_error_quark(void);

typedef enum {
    HP_ERROR_BAD_FILE,      // the bytes are not what they claim to be
    HP_ERROR_UNSUPPORTED,   // well-formed, but nothing Hepatica can work with
    HP_ERROR_GRID_MISMATCH, // two things that must lie on one grid do not
    HP_ERROR_NO_RESULT,     // the input is fine, the answer is empty
    HP_ERROR_NO_MEMORY,     // an allocation whose size came from data failed
    HP_ERROR_IO,            // a read or write failed
    HP_ERROR_CANCELLED,     // the task was cancelled
} HpError;

// Allocates count * size bytes, checking the product, zeroed; the caller g_free()s.
// NULL with HP_ERROR_NO_MEMORY that names `what` and the size.
void *hp_try_alloc(size_t count, size_t size, const char *what, GError **error);

G_END_DECLS
