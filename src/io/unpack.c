// SPDX-License-Identifier: Apache-2.0
// Unpacks the files of an archive one after another into a nameless file.
#include "io/unpack.h"

#include <glib/gi18n.h>
#include <string.h>
#include <unistd.h>

#include <archive.h>
#include <archive_entry.h>

#include "core/error.h"

#define MAX_MEMBERS 60000 // what the shared memory of a child has room for
#define BLOCK (256 * 1024)

static bool fail(GError **error, HpError code, const char *fact)
{
    g_set_error(error, HP_ERROR, code, _("%s"), fact);
    return false;
}

static bool write_all(int fd, const uint8_t *bytes, size_t size)
{
    while (size > 0) {
        const ssize_t done = write(fd, bytes, size);
        if (done <= 0)
            return false;
        bytes += done;
        size -= (size_t)done;
    }
    return true;
}

static bool copy_member(struct archive *archive, int spool, uint64_t limit, uint64_t *total,
                        uint8_t *block, GError **error)
{
    for (;;) {
        const la_ssize_t got = archive_read_data(archive, block, BLOCK);
        if (got == 0)
            return true;
        if (got < 0)
            return fail(error, HP_ERROR_BAD_FILE,
                        archive_read_has_encrypted_entries(archive) == 1
                            ? "the archive is encrypted"
                            : "the archive is broken");
        *total += (uint64_t)got;
        if (*total > limit)
            return fail(error, HP_ERROR_BAD_FILE, "the archive unpacks to more than is let");
        if (!write_all(spool, block, (size_t)got))
            return fail(error, HP_ERROR_IO, "no room to unpack the archive");
    }
}

static bool read_members(struct archive *archive, int spool, uint64_t limit, GArray *members,
                         GError **error)
{
    g_autofree uint8_t *block = g_malloc(BLOCK);
    uint64_t total = 0;
    for (;;) {
        struct archive_entry *entry;
        const int state = archive_read_next_header(archive, &entry);
        if (state == ARCHIVE_EOF)
            return true;
        if (state != ARCHIVE_OK && state != ARCHIVE_WARN)
            return fail(error, HP_ERROR_BAD_FILE, "the archive is broken");
        if (archive_entry_filetype(entry) != AE_IFREG)
            continue;
        if (members->len >= MAX_MEMBERS)
            return fail(error, HP_ERROR_BAD_FILE, "the archive holds too many files");
        HpChildMember member = {.offset = total};
        const char *path = archive_entry_pathname(entry);
        g_autofree char *valid = g_utf8_make_valid(path == NULL ? "?" : path, -1);
        g_strlcpy(member.path, valid, sizeof member.path);
        if (!copy_member(archive, spool, limit, &total, block, error))
            return false;
        member.size = total - member.offset;
        g_array_append_val(members, member);
    }
}

bool hp_unpack(const uint8_t *bytes, size_t size, int spool, uint64_t limit, GArray *members,
               GError **error)
{
    struct archive *archive = archive_read_new();
    archive_read_support_format_zip(archive);
    archive_read_support_format_tar(archive);
    archive_read_support_filter_gzip(archive);
    const bool is_done = archive_read_open_memory(archive, bytes, size) == ARCHIVE_OK
                             ? read_members(archive, spool, limit, members, error)
                             : fail(error, HP_ERROR_BAD_FILE, "not an archive");
    archive_read_free(archive);
    return is_done;
}
