// SPDX-License-Identifier: Apache-2.0
// The one error domain: a code for each thing the user interface does differently.
#include "core/error.h"

GQuark hp_error_quark(void)
{
    return g_quark_from_static_string("hp-error-quark");
}

void *hp_try_alloc(size_t count, size_t size, const char *what, GError **error)
{
    size_t bytes = 0;
    if (!__builtin_mul_overflow(count, size, &bytes)) {
        void *memory = g_try_malloc0(bytes > 0 ? bytes : 1);
        if (memory != NULL)
            return memory;
    }
    g_set_error(error, HP_ERROR, HP_ERROR_NO_MEMORY, "no memory for %s: %zu items of %zu bytes",
                what, count, size);
    return NULL;
}
