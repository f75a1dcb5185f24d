// SPDX-License-Identifier: Apache-2.0
// Writes a picture as a PNG file.
#include "view/png.h"

#include "core/error.h"
#include "view/canvas.h"

#include <glib/gi18n.h>

typedef struct {
    GByteArray *bytes;
    const HpTask *task;
} Sink;

static cairo_status_t append_cb(void *data, const unsigned char *bytes, unsigned int size)
{
    const Sink *sink = data;
    if (hp_task_is_cancelled(sink->task))
        return CAIRO_STATUS_WRITE_ERROR;
    g_byte_array_append(sink->bytes, bytes, size);
    return CAIRO_STATUS_SUCCESS;
}

bool hp_png_write(const HpPicture *picture, const char *path, HpTask *task, GError **error)
{
    g_autoptr(GByteArray) bytes = g_byte_array_new();
    g_autoptr(GError) problem = NULL;
    Sink sink = {bytes, task};
    cairo_surface_t *surface = hp_canvas_begin(picture);
    const cairo_status_t status = cairo_surface_write_to_png_stream(surface, append_cb, &sink);
    cairo_surface_destroy(surface);
    if (!hp_task_step(task, 1, error))
        return false;
    const char *reason = cairo_status_to_string(status);
    if (status == CAIRO_STATUS_SUCCESS) {
        if (g_file_set_contents(path, (const char *)bytes->data, (gssize)bytes->len, &problem))
            return true;
        reason = problem->message;
    }
    g_autofree char *name = g_path_get_basename(path);
    g_set_error(error, HP_ERROR, HP_ERROR_IO, _("%s: cannot be written: %s"), name, reason);
    return false;
}
