// SPDX-License-Identifier: Apache-2.0
// Writes a picture as a PNG file.
#include "view/png.h"

#include "core/error.h"
#include "view/canvas.h"

static cairo_status_t append_cb(void *data, const unsigned char *bytes, unsigned int size)
{
    g_byte_array_append(data, bytes, size);
    return CAIRO_STATUS_SUCCESS;
}

bool hp_png_write(const HpPicture *picture, const char *path, GError **error)
{
    g_autoptr(GByteArray) bytes = g_byte_array_new();
    g_autoptr(GError) problem = NULL;
    cairo_surface_t *surface = hp_canvas_begin(picture);
    const cairo_status_t status = cairo_surface_write_to_png_stream(surface, append_cb, bytes);
    cairo_surface_destroy(surface);
    const char *reason = cairo_status_to_string(status);
    if (status == CAIRO_STATUS_SUCCESS) {
        if (g_file_set_contents(path, (const char *)bytes->data, (gssize)bytes->len, &problem))
            return true;
        reason = problem->message;
    }
    g_autofree char *name = g_path_get_basename(path);
    g_set_error(error, HP_ERROR, HP_ERROR_IO, "%s: cannot be written: %s", name, reason);
    return false;
}
