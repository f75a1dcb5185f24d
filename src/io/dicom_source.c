// SPDX-License-Identifier: Apache-2.0
// The DICOM files below a path, with what their headers say.
#include "io/dicom_source.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "core/error.h"
#include "core/parallel.h"

#define MAX_DEPTH 32 // folders in folders
#define MAX_FILES 200000
#define MAX_RATIO 200 // an archive that unpacks to more is a bomb; a folder of CT gains 2 to 4
#define LEAST_LIMIT ((uint64_t)64 << 20) // but a small archive may always unpack to this
#define GRAIN 16                         // files a thread takes at once

static void source_free(HpDicomSource *file)
{
    g_free(file->name);
    g_free(file->path);
    g_free(file->frames);
    g_clear_error(&file->error);
    g_free(file);
}

static HpDicomSources *sources_new(void)
{
    HpDicomSources *sources = g_new0(HpDicomSources, 1);
    sources->files = g_ptr_array_new_with_free_func((GDestroyNotify)source_free);
    sources->spool = -1;
    sources->refs = 1;
    return sources;
}

HpDicomSources *hp_dicom_sources_ref(HpDicomSources *sources)
{
    g_atomic_int_inc(&sources->refs);
    return sources;
}

void hp_dicom_sources_unref(HpDicomSources *sources)
{
    if (sources == NULL || !g_atomic_int_dec_and_test(&sources->refs))
        return;
    g_ptr_array_unref(sources->files);
    if (sources->spool >= 0)
        close(sources->spool);
    g_free(sources);
}

// `folder` is what was given, NULL if it is the file itself.
static void add_file(HpDicomSources *sources, const char *folder, const char *path)
{
    HpDicomSource *file = g_new0(HpDicomSource, 1);
    const char *below = path;
    if (folder != NULL && g_str_has_prefix(path, folder))
        below = path + strlen(folder);
    while (*below == '/')
        below++;
    file->path = g_strdup(path);
    file->name =
        folder != NULL ? g_filename_display_name(below) : g_filename_display_basename(path);
    g_ptr_array_add(sources->files, file);
}

// Only regular files are opened: a pipe or a device would block or do things.
int hp_dicom_source_open(const HpDicomSources *sources, const HpDicomSource *file, GError **error)
{
    if (file->path == NULL)
        return sources->spool;
    struct stat status;
    const int fd = open(file->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (fd < 0) {
        g_set_error(error, HP_ERROR, HP_ERROR_IO, _("%s: %s"), file->name, g_strerror(errno));
        return -1;
    }
    if (fstat(fd, &status) == 0 && S_ISREG(status.st_mode) &&
        (file->size == 0 || (uint64_t)status.st_size == file->size))
        return fd;
    g_set_error(error, HP_ERROR, HP_ERROR_IO, _("%s: %s"), file->name,
                S_ISREG(status.st_mode) ? "it changed since it was found" : "not a regular file");
    close(fd);
    return -1;
}

void hp_dicom_source_close(const HpDicomSources *sources, int fd)
{
    if (fd >= 0 && fd != sources->spool)
        close(fd);
}

// ---- what there is -----------------------------------------------------------------------------

static bool list_folder(HpDicomSources *sources, const char *root, const char *path, int depth,
                        HpTask *task, GError **error)
{
    g_autoptr(GDir) folder = g_dir_open(path, 0, NULL);
    if (folder == NULL || depth > MAX_DEPTH)
        return true; // what cannot be looked into holds no series for us
    for (const char *name; (name = g_dir_read_name(folder)) != NULL;) {
        g_autofree char *inside = g_build_filename(path, name, NULL);
        struct stat status;
        if (hp_task_is_cancelled(task))
            return hp_task_step(task, 0, error);
        if (stat(inside, &status) != 0)
            continue;
        const bool is_link = g_file_test(inside, G_FILE_TEST_IS_SYMLINK);
        if (S_ISDIR(status.st_mode) && !is_link) { // a linked folder could hold itself
            if (!list_folder(sources, root, inside, depth + 1, task, error))
                return false;
        } else if (S_ISREG(status.st_mode)) {
            add_file(sources, root, inside);
        }
        if (sources->files->len > MAX_FILES) {
            g_set_error(error, HP_ERROR, HP_ERROR_UNSUPPORTED,
                        _("the folder holds more than %d files"), MAX_FILES);
            return false;
        }
    }
    return true;
}

// Finds `name` in a folder, whatever its case: discs are written in capitals and read in small.
static char *find_inside(const char *folder, const char *name)
{
    char *path = g_build_filename(folder, name, NULL);
    if (g_file_test(path, G_FILE_TEST_EXISTS))
        return path;
    g_autoptr(GDir) open = g_dir_open(folder, 0, NULL);
    for (const char *entry; open != NULL && (entry = g_dir_read_name(open)) != NULL;)
        if (g_ascii_strcasecmp(entry, name) == 0) {
            g_free(path);
            return g_build_filename(folder, entry, NULL);
        }
    return path;
}

// A path of a DICOMDIR below its folder; NULL if it leads out of it.
static char *resolve(const char *folder, const char *written)
{
    g_auto(GStrv) parts = g_strsplit(written, "/", -1);
    g_autofree char *at = g_strdup(folder);
    for (int n = 0; parts[n] != NULL; n++) {
        if (parts[n][0] == '\0' || strcmp(parts[n], ".") == 0 || strcmp(parts[n], "..") == 0)
            return NULL;
        char *next = find_inside(at, parts[n]);
        g_free(at);
        at = next;
    }
    return g_steal_pointer(&at);
}

static bool list_directory(HpDicomSources *sources, const char *path, GStrv written, GError **error)
{
    g_autofree char *folder = g_path_get_dirname(path);
    g_autofree char *name = g_filename_display_basename(path);
    guint named = 0;
    for (; written[named] != NULL; named++) {
        g_autofree char *file = resolve(folder, written[named]);
        if (file != NULL && g_file_test(file, G_FILE_TEST_IS_REGULAR))
            add_file(sources, folder, file);
    }
    if (sources->files->len > 0)
        return true;
    g_set_error(error, HP_ERROR, HP_ERROR_UNSUPPORTED,
                _("%s: a DICOM directory of %u files, none of which is there"), name, named);
    return false;
}

// ---- archives ----------------------------------------------------------------------------------

// A nameless file on disk, gone when it is closed, whatever happens.
static int open_spool(GError **error)
{
    int fd = open(g_get_tmp_dir(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (fd < 0) {
        g_autofree char *name = NULL;
        fd = g_file_open_tmp("hepatica-XXXXXX", &name, error);
        if (fd >= 0)
            unlink(name);
        else if (error != NULL && *error != NULL)
            (*error)->domain = HP_ERROR, (*error)->code = HP_ERROR_IO;
    }
    return fd;
}

static uint64_t spool_limit(int spool, uint64_t archive_bytes)
{
    struct statvfs disk;
    uint64_t limit = MAX(LEAST_LIMIT, archive_bytes * MAX_RATIO);
    if (fstatvfs(spool, &disk) == 0)
        limit = MIN(limit, (uint64_t)disk.f_bavail * disk.f_frsize / 2);
    return limit;
}

static bool list_archive(HpDicomSources *sources, HpChild *child, HpBytes bytes, HpTask *task,
                         GError **error)
{
    sources->spool = open_spool(error);
    if (sources->spool < 0)
        return false;
    g_autoptr(GArray) members = hp_child_unpack(
        child, bytes, sources->spool, spool_limit(sources->spool, bytes.size), task, error);
    if (members == NULL)
        return false;
    for (guint n = 0; n < members->len; n++) {
        const HpChildMember *member = &g_array_index(members, HpChildMember, n);
        HpDicomSource *file = g_new0(HpDicomSource, 1);
        file->name = g_strdup(member->path);
        file->offset = member->offset;
        file->size = member->size;
        g_ptr_array_add(sources->files, file);
    }
    return true;
}

// ---- headers -----------------------------------------------------------------------------------

typedef struct {
    HpDicomSources *sources;
    HpChildren *children;
    HpTask *task;
    gint done;
} Reading;

static void read_header(Reading *reading, HpChild *child, HpDicomSource *file)
{
    const HpDicomSources *sources = reading->sources;
    struct stat status;
    const int fd = hp_dicom_source_open(sources, file, &file->error);
    if (fd < 0)
        return;
    if (file->path != NULL && fstat(fd, &status) == 0)
        file->size = (uint64_t)status.st_size;
    const HpBytes bytes = {fd, file->offset, file->size};
    if (!hp_child_read_header(child, bytes, &file->image, &file->frames, reading->task,
                              &file->error))
        g_prefix_error(&file->error, "%s: ", file->name);
    hp_dicom_source_close(sources, fd);
}

static void read_cb(int begin, int end, int slab, void *data)
{
    Reading *reading = data;
    HpChild *child = hp_children_take(reading->children);
    const guint count = reading->sources->files->len;
    (void)slab;
    for (int n = begin; n < end; n++) {
        const int done = g_atomic_int_add(&reading->done, 1);
        if (!hp_task_step(reading->task, (double)done / count, NULL))
            break;
        read_header(reading, child, g_ptr_array_index(reading->sources->files, n));
    }
    hp_children_give(reading->children, child);
}

static gint compare_names(gconstpointer a, gconstpointer b)
{
    const HpDicomSource *first = *(HpDicomSource *const *)a, *second = *(HpDicomSource *const *)b;
    return strcmp(first->name, second->name);
}

static bool read_headers(HpDicomSources *sources, HpChildren *children, HpTask *task,
                         GError **error)
{
    Reading reading = {sources, children, task, 0};
    if (sources->spool < 0)
        g_ptr_array_sort(sources->files, compare_names);
    hp_parallel_for((int)sources->files->len, GRAIN, read_cb, &reading);
    return hp_task_step(task, 1, error);
}

// ---- kinds of path -----------------------------------------------------------------------------

typedef enum { KIND_OTHER, KIND_ARCHIVE, KIND_DIRECTORY } Kind;

// By the first bytes, and by name only for a DICOMDIR, which looks like any DICOM file.
static Kind kind_of(const char *path, int fd)
{
    uint8_t head[4] = {0};
    g_autofree char *name = g_path_get_basename(path);
    g_autofree char *upper = g_ascii_strup(name, -1);
    if (pread(fd, head, sizeof head, 0) != sizeof head)
        return KIND_OTHER;
    if (memcmp(head, "PK\3\4", 4) == 0 || g_str_has_suffix(upper, ".TAR") ||
        g_str_has_suffix(upper, ".TAR.GZ") || g_str_has_suffix(upper, ".TGZ"))
        return KIND_ARCHIVE;
    return strstr(upper, "DICOMDIR") != NULL ? KIND_DIRECTORY : KIND_OTHER;
}

static bool list_file(HpDicomSources *sources, HpChildren *children, const char *path, HpTask *task,
                      GError **error)
{
    struct stat status;
    g_autofree char *name = g_filename_display_basename(path);
    HpDicomSource file = {.path = (char *)path, .name = name};
    const int fd = hp_dicom_source_open(sources, &file, error);
    if (fd < 0)
        return false;
    const Kind kind = kind_of(path, fd);
    bool is_done = true;
    if (kind == KIND_OTHER) {
        add_file(sources, NULL, path);
    } else if (fstat(fd, &status) == 0) {
        const HpBytes bytes = {fd, 0, (uint64_t)status.st_size};
        HpChild *child = hp_children_take(children);
        if (kind == KIND_ARCHIVE) {
            is_done = list_archive(sources, child, bytes, task, error);
            if (!is_done)
                g_prefix_error(error, "%s: ", name);
        } else {
            g_auto(GStrv) written = hp_child_read_directory(child, bytes, task, NULL);
            if (written == NULL) // an image of that name, or nothing: its own error tells
                add_file(sources, NULL, path);
            else
                is_done = list_directory(sources, path, written, error);
        }
        hp_children_give(children, child);
    }
    close(fd);
    return is_done;
}

HpDicomSources *hp_dicom_sources_find(const char *path, HpChildren *children, HpTask *task,
                                      GError **error)
{
    g_autoptr(HpDicomSources) sources = sources_new();
    const bool is_listed = g_file_test(path, G_FILE_TEST_IS_DIR)
                               ? list_folder(sources, path, path, 0, task, error)
                               : list_file(sources, children, path, task, error);
    if (!is_listed || !read_headers(sources, children, task, error))
        return NULL;
    return g_steal_pointer(&sources);
}
