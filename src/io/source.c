// SPDX-License-Identifier: Apache-2.0
// Bytes in order, from a file or from memory, inflated on the way where they are compressed.
#include "io/source.h"

#include "core/error.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define RAW_SIZE (256 * 1024) // one read(2)
#define AHEAD_SIZE 4096       // inflated bytes kept for peeking and for lines
#define LINE_LIMIT (64 * 1024)
#define SKIP_LIMIT (256 << 20) // inflated for nothing: a quarter of a second

// Bytes [at, end) of `data` come next.
typedef struct {
    uint8_t *data;
    size_t at, end;
} Window;

struct HpSource {
    char *path;
    int fd;               // -1 in memory
    const uint8_t *bytes; // in memory: what was not taken yet
    size_t unread;        // bytes of the file or the memory that are in no window yet
    Window raw;           // as they lie in the file
    HpInflate *inflate;   // NULL: none
    Window ahead;         // inflated
};

static HpSource *source_new(char *path, int fd, const uint8_t *bytes, size_t size)
{
    HpSource *source = g_new0(HpSource, 1);
    source->path = path;
    source->fd = fd;
    source->bytes = bytes;
    source->unread = size;
    source->raw.data = g_malloc(RAW_SIZE);
    return source;
}

static HpSource *open_plain(const char *path, int flags, GError **error)
{
    const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | flags);
    struct stat info;
    if (fd < 0 || fstat(fd, &info) != 0) {
        g_set_error(error, HP_ERROR, HP_ERROR_IO, _("cannot be opened: %s"), g_strerror(errno));
        if (fd >= 0)
            close(fd);
        return NULL;
    }
    if (!S_ISREG(info.st_mode)) {
        g_set_error(error, HP_ERROR, HP_ERROR_IO, _("is %s, expected a plain file"),
                    S_ISDIR(info.st_mode) ? "a folder" : "a device or pipe");
        close(fd);
        return NULL;
    }
    return source_new(g_strdup(path), fd, NULL, (size_t)info.st_size);
}

HpSource *hp_source_open(const char *path, GError **error)
{
    return open_plain(path, 0, error);
}

HpSource *hp_source_open_beside(const HpSource *source, const char *name, GError **error)
{
    if (source->path == NULL) {
        g_set_error(error, HP_ERROR, HP_ERROR_BAD_FILE,
                    _("data lie in another file, '%s', and there is no folder to look in"), name);
        return NULL;
    }
    if (*name == '\0' || strpbrk(name, "/\\") != NULL || g_str_equal(name, "..")) {
        g_set_error(error, HP_ERROR, HP_ERROR_BAD_FILE,
                    _("data file '%s' lies elsewhere, expected a name in the same folder"), name);
        return NULL;
    }
    g_autofree char *folder = g_path_get_dirname(source->path);
    g_autofree char *path = g_build_filename(folder, name, NULL);
    HpSource *beside = open_plain(path, O_NOFOLLOW, error);
    if (beside == NULL)
        g_prefix_error(error, "data file '%s' ", name);
    return beside;
}

HpSource *hp_source_new_memory(const void *bytes, size_t size)
{
    return source_new(NULL, -1, bytes, size);
}

void hp_source_free(HpSource *source)
{
    if (source == NULL)
        return;
    if (source->fd >= 0)
        close(source->fd);
    hp_inflate_free(source->inflate);
    g_free(source->raw.data);
    g_free(source->ahead.data);
    g_free(source->path);
    g_free(source);
}

const char *hp_source_get_path(const HpSource *source)
{
    return source->path;
}

void hp_source_inflate(HpSource *source, HpWrap wrap)
{
    g_assert(source->inflate == NULL);
    source->inflate = hp_inflate_new(wrap);
    source->ahead.data = g_malloc(AHEAD_SIZE);
}

bool hp_source_inflate_if_gzip(HpSource *source, GError **error)
{
    size_t got;
    const uint8_t *first = hp_source_peek(source, 2, &got, error);
    if (first == NULL)
        return false;
    if (got == 2 && first[0] == 0x1f && first[1] == 0x8b)
        hp_source_inflate(source, HP_WRAP_GZIP);
    return true;
}

bool hp_source_is_inflating(const HpSource *source)
{
    return source->inflate != NULL;
}

// As the file has them, up to `size` bytes; fewer only at the end.
static bool read_file(HpSource *source, uint8_t *to, size_t size, size_t *got, GError **error)
{
    *got = 0;
    size = MIN(size, source->unread);
    if (source->fd < 0) {
        if (size > 0)
            memcpy(to, source->bytes, size);
        source->bytes += size;
        *got = size;
    }
    while (*got < size) {
        const ssize_t part = read(source->fd, to + *got, size - *got);
        if (part < 0 && errno == EINTR)
            continue;
        if (part < 0) {
            g_set_error(error, HP_ERROR, HP_ERROR_IO, _("cannot be read: %s"), g_strerror(errno));
            return false;
        }
        if (part == 0) { // it was cut while we read it
            source->unread = *got;
            break;
        }
        *got += (size_t)part;
    }
    source->unread -= *got;
    return true;
}

static size_t window_take(Window *window, uint8_t *to, size_t size)
{
    const size_t part = MIN(size, window->end - window->at);
    if (part > 0)
        memcpy(to, window->data + window->at, part);
    window->at += part;
    return part;
}

static bool fill_raw(HpSource *source, GError **error)
{
    Window *raw = &source->raw;
    if (raw->at > 0 && raw->at < raw->end)
        memmove(raw->data, raw->data + raw->at, raw->end - raw->at);
    raw->end -= raw->at;
    raw->at = 0;
    size_t got;
    if (!read_file(source, raw->data + raw->end, RAW_SIZE - raw->end, &got, error))
        return false;
    raw->end += got;
    return true;
}

// Inflates up to `size` bytes; fewer only at the end of the stream, which must be a proper end.
static bool read_inflated(HpSource *source, uint8_t *to, size_t size, size_t *got, GError **error)
{
    HpFlow flow = {.out = to, .out_size = size};
    while (flow.out_size > 0) {
        if (source->raw.at == source->raw.end && !fill_raw(source, error))
            return false;
        const bool at_end = source->raw.at == source->raw.end;
        const size_t room = flow.out_size;
        flow.in = source->raw.data + source->raw.at;
        flow.in_size = source->raw.end - source->raw.at;
        if (!hp_inflate_step(source->inflate, &flow, error))
            return false;
        source->raw.at = (size_t)(flow.in - source->raw.data);
        if (!at_end || flow.out_size < room)
            continue;
        if (hp_inflate_is_done(source->inflate))
            break;
        g_set_error(error, HP_ERROR, HP_ERROR_BAD_FILE, _("ends within its compressed stream"));
        return false;
    }
    *got = size - flow.out_size;
    return true;
}

static Window *window_of(HpSource *source)
{
    return source->inflate != NULL ? &source->ahead : &source->raw;
}

static bool fill(HpSource *source, GError **error)
{
    if (source->inflate == NULL)
        return fill_raw(source, error);
    Window *ahead = &source->ahead;
    if (ahead->at > 0 && ahead->at < ahead->end)
        memmove(ahead->data, ahead->data + ahead->at, ahead->end - ahead->at);
    ahead->end -= ahead->at;
    ahead->at = 0;
    size_t got;
    if (!read_inflated(source, ahead->data + ahead->end, AHEAD_SIZE - ahead->end, &got, error))
        return false;
    ahead->end += got;
    return true;
}

const uint8_t *hp_source_peek(HpSource *source, size_t want, size_t *got, GError **error)
{
    g_assert(want <= AHEAD_SIZE);
    Window *window = window_of(source);
    if (window->end - window->at < want && !fill(source, error))
        return NULL;
    *got = MIN(want, window->end - window->at);
    return window->data + window->at;
}

bool hp_source_read(HpSource *source, void *buffer, size_t size, size_t *got, GError **error)
{
    uint8_t *to = buffer;
    *got = window_take(window_of(source), to, size);
    if (*got == size)
        return true;
    size_t more;
    const bool fine = source->inflate != NULL
                          ? read_inflated(source, to + *got, size - *got, &more, error)
                          : read_file(source, to + *got, size - *got, &more, error);
    if (fine)
        *got += more;
    return fine;
}

bool hp_source_read_all(HpSource *source, void *buffer, size_t size, const char *what,
                        GError **error)
{
    size_t got;
    if (!hp_source_read(source, buffer, size, &got, error))
        return false;
    if (got == size)
        return true;
    g_set_error(error, HP_ERROR, HP_ERROR_BAD_FILE, _("ends %zu bytes into %s, expected %zu"), got,
                what, size);
    return false;
}

// In a plain file the rest is not even read.
static bool jump(HpSource *source, size_t size, GError **error)
{
    const size_t part = MIN(size, source->raw.end - source->raw.at);
    source->raw.at += part;
    size -= part;
    if (source->fd < 0)
        source->bytes += size;
    else if (size > 0 && lseek(source->fd, (off_t)size, SEEK_CUR) < 0) {
        g_set_error(error, HP_ERROR, HP_ERROR_IO, _("cannot be read: %s"), g_strerror(errno));
        return false;
    }
    source->unread -= size;
    return true;
}

bool hp_source_skip(HpSource *source, size_t size, const char *what, GError **error)
{
    if (!hp_source_expect(source, size, what, error))
        return false;
    if (source->inflate == NULL)
        return jump(source, size, error);
    if (size > SKIP_LIMIT) {
        g_set_error(error, HP_ERROR, HP_ERROR_BAD_FILE, _("%zu bytes of %s, expected at most %d"),
                    size, what, SKIP_LIMIT);
        return false;
    }
    g_autofree uint8_t *scrap = g_malloc(RAW_SIZE);
    while (size > 0) {
        const size_t part = MIN(size, RAW_SIZE);
        if (!hp_source_read_all(source, scrap, part, what, error))
            return false;
        size -= part;
    }
    return true;
}

char *hp_source_read_line(HpSource *source, GError **error)
{
    Window *window = window_of(source);
    g_autoptr(GString) line = g_string_new(NULL);
    while (line->len <= LINE_LIMIT) {
        if (window->at == window->end && !fill(source, error))
            return NULL;
        const size_t left = window->end - window->at;
        if (left == 0 && line->len == 0)
            return NULL;
        const uint8_t *from = window->data + window->at;
        const uint8_t *end = left > 0 ? memchr(from, '\n', left) : NULL;
        const size_t part = end != NULL ? (size_t)(end - from) : left;
        g_string_append_len(line, (const char *)from, (gssize)part);
        window->at += part + (end != NULL);
        if (end != NULL || left == 0) {
            if (line->len > 0 && line->str[line->len - 1] == '\r')
                g_string_truncate(line, line->len - 1);
            return g_string_free(g_steal_pointer(&line), FALSE);
        }
    }
    g_set_error(error, HP_ERROR, HP_ERROR_BAD_FILE, _("a line is longer than %d bytes"),
                LINE_LIMIT);
    return NULL;
}

size_t hp_source_get_left(const HpSource *source)
{
    const size_t raw = source->unread + (source->raw.end - source->raw.at);
    if (source->inflate == NULL)
        return raw;
    // What ISA-L holds inside (a window of 32 KiB and a few bits) may come without further input.
    size_t most;
    if (__builtin_mul_overflow(raw, HP_INFLATE_RATIO, &most) ||
        __builtin_add_overflow(most, source->ahead.end - source->ahead.at + 128 * 1024, &most))
        most = SIZE_MAX;
    return most;
}

bool hp_source_expect(const HpSource *source, size_t size, const char *what, GError **error)
{
    const size_t left = hp_source_get_left(source);
    if (size <= left)
        return true;
    g_set_error(error, HP_ERROR, HP_ERROR_BAD_FILE, _("holds %s%zu bytes of %s, expected %zu"),
                source->inflate != NULL ? "at most " : "", left, what, size);
    return false;
}
