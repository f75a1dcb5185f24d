// SPDX-License-Identifier: Apache-2.0
// The one error domain: a code for each thing the user interface does differently.
#include "core/error.h"

#include <glib/gi18n.h>
#include <sys/mman.h>

#define LARGE_BYTES (8 << 20) // from here on large pages waste less than a quarter

GQuark hp_error_quark(void)
{
    return g_quark_from_static_string("hp-error-quark");
}

// Asks for large pages where the system leaves the choice to programs: the first touch of a field
// then costs a fault in 2 MB instead of one in 4 kB. Only a hint; failure changes nothing.
static void hint_large_pages(void *memory, size_t bytes)
{
#ifdef MADV_HUGEPAGE
    const size_t page = 4096, from = ((size_t)memory + page - 1) / page * page;
    const size_t to = ((size_t)memory + bytes) / page * page;
    if (bytes >= LARGE_BYTES)
        madvise((void *)from, to - from, MADV_HUGEPAGE);
#endif
}

void *hp_try_alloc(size_t count, size_t size, const char *what, GError **error)
{
    size_t bytes = 0;
    if (!__builtin_mul_overflow(count, size, &bytes)) {
        void *memory = g_try_malloc0(bytes > 0 ? bytes : 1);
        if (memory != NULL) {
            hint_large_pages(memory, bytes);
            return memory;
        }
    }
    g_set_error(error, HP_ERROR, HP_ERROR_NO_MEMORY, _("no memory for %s: %zu items of %zu bytes"),
                what, count, size);
    return NULL;
}
