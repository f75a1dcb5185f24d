// SPDX-License-Identifier: Apache-2.0
// A file being written: it appears under its name only when it is whole.
#define _GNU_SOURCE 1 // O_TMPFILE
#include "io/sink.h"

#include "core/error.h"
#include "io/gzip.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define BUFFER_SIZE (256 * 1024)

struct HpSink {
    char *path;
    char *hidden; // its name so far; NULL: none
    int fd;
    uint8_t *buffer;
    size_t filled;
    HpDeflate *deflate;
};

static bool fail(GError **error, const char *what)
{
    g_set_error(error, HP_ERROR, HP_ERROR_IO, _("%s: %s"), what, g_strerror(errno));
    return false;
}

// A file in `folder` that has no name yet, so that nothing stays of it even when the program is
// killed; -1 where the file system cannot do that.
static int open_nameless(const char *folder)
{
    if (access("/proc/self/fd", X_OK) != 0) // which leads to its name later
        return -1;
    return open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0666);
}

HpSink *hp_sink_new(const char *path, GError **error)
{
    struct stat info;
    if (stat(path, &info) == 0 && !S_ISREG(info.st_mode)) {
        g_set_error(error, HP_ERROR, HP_ERROR_IO, _("is there and is no plain file"));
        return NULL;
    }
    g_autofree char *folder = g_path_get_dirname(path);
    g_autofree char *hidden = NULL;
    int fd = open_nameless(folder);
    if (fd < 0) {
        hidden = g_build_filename(folder, ".hepatica-XXXXXX", NULL);
        fd = g_mkstemp_full(hidden, O_RDWR | O_CLOEXEC, 0666);
    }
    if (fd < 0) {
        fail(error, "cannot be written");
        return NULL;
    }
    HpSink *sink = g_new0(HpSink, 1);
    *sink = (HpSink){.path = g_strdup(path),
                     .hidden = g_steal_pointer(&hidden),
                     .fd = fd,
                     .buffer = g_malloc(BUFFER_SIZE)};
    return sink;
}

void hp_sink_free(HpSink *sink)
{
    if (sink == NULL)
        return;
    if (sink->fd >= 0)
        close(sink->fd);
    if (sink->hidden != NULL)
        g_unlink(sink->hidden);
    hp_deflate_free(sink->deflate);
    g_free(sink->buffer);
    g_free(sink->hidden);
    g_free(sink->path);
    g_free(sink);
}

static bool write_file(HpSink *sink, const uint8_t *from, size_t size, GError **error)
{
    while (size > 0) {
        const ssize_t part = write(sink->fd, from, size);
        if (part < 0 && errno == EINTR)
            continue;
        if (part < 0)
            return fail(error, "cannot be written");
        from += part;
        size -= (size_t)part;
    }
    return true;
}

static bool flush(HpSink *sink, GError **error)
{
    const size_t filled = sink->filled;
    sink->filled = 0;
    return write_file(sink, sink->buffer, filled, error);
}

// Small pieces are gathered, large ones go straight to the file.
static bool put(HpSink *sink, const void *bytes, size_t size, GError **error)
{
    if (sink->filled + size > BUFFER_SIZE && !flush(sink, error))
        return false;
    if (size > BUFFER_SIZE)
        return write_file(sink, bytes, size, error);
    memcpy(sink->buffer + sink->filled, bytes, size);
    sink->filled += size;
    return true;
}

static bool deflated_cb(const void *bytes, size_t size, void *data, GError **error)
{
    return put(data, bytes, size, error);
}

void hp_sink_deflate(HpSink *sink)
{
    g_assert(sink->deflate == NULL);
    sink->deflate = hp_deflate_new(deflated_cb, sink);
}

bool hp_sink_write(HpSink *sink, const void *bytes, size_t size, GError **error)
{
    return sink->deflate != NULL ? hp_deflate_write(sink->deflate, bytes, size, error)
                                 : put(sink, bytes, size, error);
}

bool hp_sink_puts(HpSink *sink, const char *text, GError **error)
{
    return hp_sink_write(sink, text, strlen(text), error);
}

// Gives a nameless file a hidden name: only a rename can take the place of an older file.
static bool name_hidden(HpSink *sink, GError **error)
{
    g_autofree char *folder = g_path_get_dirname(sink->path);
    g_autofree char *from = g_strdup_printf("/proc/self/fd/%d", sink->fd);
    for (int attempt = 0; attempt < 100; attempt++) {
        g_autofree char *name = g_strdup_printf(".hepatica-%08x", g_random_int());
        g_autofree char *hidden = g_build_filename(folder, name, NULL);
        if (linkat(AT_FDCWD, from, AT_FDCWD, hidden, AT_SYMLINK_FOLLOW) == 0) {
            sink->hidden = g_steal_pointer(&hidden);
            return true;
        }
        if (errno != EEXIST)
            break;
    }
    return fail(error, "cannot be put in its place");
}

bool hp_sink_commit(HpSink *sink, GError **error)
{
    if (sink->deflate != NULL && !hp_deflate_finish(sink->deflate, error))
        return false;
    if (!flush(sink, error))
        return false;
    if (fsync(sink->fd) != 0)
        return fail(error, "cannot be written");
    if (sink->hidden == NULL && !name_hidden(sink, error))
        return false;
    const int fd = sink->fd;
    sink->fd = -1;
    if (close(fd) != 0)
        return fail(error, "cannot be written");
    if (g_rename(sink->hidden, sink->path) != 0)
        return fail(error, "cannot be put in its place");
    g_clear_pointer(&sink->hidden, g_free);
    return true;
}
