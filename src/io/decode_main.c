// SPDX-License-Identifier: Apache-2.0
// hepatica-decode: the child that reads hostile files for the program, one question after another.
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/error.h"
#include "io/child_protocol.h"
#include "io/dicom_frame.h"
#include "io/dicom_file.h"
#include "io/sandbox.h"
#include "io/unpack.h"

#define MEMORY_BYTES ((rlim_t)2048 << 20) // beyond the file and the shared memory
#define BASE_SECONDS 20                   // of processor for any question, and then a second per
#define BYTES_PER_SECOND 10000000         // bytes

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define HAS_SANITIZER 1 // reserves terabytes of addresses: the parent watches what is resident
#else
#define HAS_SANITIZER 0
#endif

// The file that is open: frames of one file come in a row.
typedef struct {
    uint64_t id; // 0: none
    uint8_t *map;
    size_t map_bytes;
    const uint8_t *bytes;
    size_t size;
    HpDicomFile file;
    HpFrameIndex index;
} Open;

typedef struct {
    uint8_t *shared;
    size_t shared_bytes;
    Open open;
} Child;

static bool fail(GError **error, HpError code, const char *fact)
{
    g_set_error_literal(error, HP_ERROR, code, fact);
    return false;
}

static void close_file(Open *open)
{
    hp_frame_index_clear(&open->index);
    hp_dicom_file_clear(&open->file);
    if (open->map != NULL)
        munmap(open->map, open->map_bytes);
    *open = (Open){0};
}

static bool map_file(Open *open, const HpChildRequest *request, int fd, GError **error)
{
    struct stat status;
    close_file(open);
    if (fstat(fd, &status) != 0 || request->offset + request->size > (uint64_t)status.st_size)
        return fail(error, HP_ERROR_IO, "the file changed while it was read");
    open->size = request->size;
    open->bytes = (const uint8_t *)"";
    if (request->size == 0)
        return true;
    const uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE), before = request->offset % page;
    open->map_bytes = (size_t)(request->size + before);
    open->map =
        mmap(NULL, open->map_bytes, PROT_READ, MAP_PRIVATE, fd, (off_t)(request->offset - before));
    if (open->map == MAP_FAILED) {
        open->map = NULL;
        return fail(error, HP_ERROR_IO, "the file could not be read");
    }
    open->bytes = open->map + before;
    return true;
}

// Puts `size` bytes at the end of what is in the shared memory.
static bool put(Child *child, const void *bytes, size_t size, size_t *length, GError **error)
{
    if (size > child->shared_bytes - *length)
        return fail(error, HP_ERROR_BAD_FILE, "it holds too many parts");
    if (size > 0)
        memcpy(child->shared + *length, bytes, size);
    *length += size;
    return true;
}

static bool answer_header(Child *child, size_t *length, GError **error)
{
    Open *open = &child->open;
    if (!hp_dicom_file_read(&open->file, open->bytes, open->size, error))
        return false;
    HpDicomImage *image = &open->file.image;
    int odd = 0;
    if (!hp_frame_index(&open->index, &open->file, error) ||
        !hp_frame_check(&open->index, &open->file, 0, &odd, error))
        return false;
    image->odd |= odd;
    return put(child, image, sizeof *image, length, error) &&
           put(child, open->file.frames->data, (size_t)image->frames * sizeof(HpDicomFrame), length,
               error);
}

static bool answer_frame(Child *child, const HpChildRequest *request, size_t *length,
                         GError **error)
{
    Open *open = &child->open;
    if (open->id == 0) {
        if (!hp_dicom_file_reopen(&open->file, &request->image, open->bytes, open->size, error) ||
            !hp_frame_index(&open->index, &open->file, error))
            return false;
        open->id = request->file_id;
    }
    *length = hp_dicom_frame_bytes(&request->image);
    if (*length > child->shared_bytes || request->frame >= open->file.image.frames)
        return fail(error, HP_ERROR_BAD_FILE, "the frame is too large");
    return hp_frame_decode(&open->index, &open->file, request->frame, child->shared, error);
}

typedef struct {
    Child *child;
    size_t *length;
    bool is_full;
} Paths;

static void path_cb(const char *path, void *data)
{
    Paths *paths = data;
    if (!put(paths->child, path, strlen(path) + 1, paths->length, NULL))
        paths->is_full = true;
}

static bool answer_directory(Child *child, size_t *length, GError **error)
{
    Paths paths = {child, length, false};
    if (!hp_dicomdir_read(child->open.bytes, child->open.size, path_cb, &paths, error))
        return false;
    return !paths.is_full || fail(error, HP_ERROR_BAD_FILE, "it names too many files");
}

static bool answer_unpack(Child *child, const HpChildRequest *request, int spool, size_t *length,
                          GError **error)
{
    g_autoptr(GArray) members = g_array_new(FALSE, FALSE, sizeof(HpChildMember));
    return hp_unpack(child->open.bytes, child->open.size, spool, request->spool_limit, members,
                     error) &&
           put(child, members->data, members->len * sizeof(HpChildMember), length, error);
}

static bool answer(Child *child, const HpChildRequest *request, const int fds[2], size_t *length,
                   GError **error)
{
    *length = 0;
    const bool is_same = request->kind == HP_CHILD_FRAME && request->file_id != 0 &&
                         request->file_id == child->open.id;
    if (!is_same && !map_file(&child->open, request, fds[0], error))
        return false;
    switch ((HpChildKind)request->kind) {
    case HP_CHILD_HEADER:
        return answer_header(child, length, error);
    case HP_CHILD_FRAME:
        return answer_frame(child, request, length, error);
    case HP_CHILD_DIRECTORY:
        return answer_directory(child, length, error);
    case HP_CHILD_UNPACK:
        return answer_unpack(child, request, fds[1], length, error);
    }
    return fail(error, HP_ERROR_BAD_FILE, "unknown question");
}

// ---- limits ------------------------------------------------------------------------------------

static void limit(__rlimit_resource_t resource, rlim_t value)
{
    struct rlimit now;
    if (getrlimit(resource, &now) == 0) {
        now.rlim_cur = MIN(value, now.rlim_max);
        setrlimit(resource, &now);
    }
}

static void limit_question(const Child *child, const HpChildRequest *request)
{
    struct rusage used;
    getrusage(RUSAGE_SELF, &used);
    limit(RLIMIT_CPU, (rlim_t)used.ru_utime.tv_sec + (rlim_t)used.ru_stime.tv_sec + BASE_SECONDS +
                          request->size / BYTES_PER_SECOND);
    if (!HAS_SANITIZER)
        limit(RLIMIT_AS, MEMORY_BYTES + request->size + child->shared_bytes);
}

// ---- the loop ----------------------------------------------------------------------------------

static bool receive(HpChildRequest *request, int fds[2])
{
    char control[CMSG_SPACE(sizeof(int) * 2)];
    struct iovec part = {request, sizeof *request};
    struct msghdr message = {.msg_iov = &part,
                             .msg_iovlen = 1,
                             .msg_control = control,
                             .msg_controllen = sizeof control};
    fds[0] = fds[1] = -1;
    if (recvmsg(HP_CHILD_SOCKET, &message, MSG_CMSG_CLOEXEC) != (ssize_t)sizeof *request)
        return false; // the parent is gone
    const struct cmsghdr *attached = CMSG_FIRSTHDR(&message);
    if (attached != NULL && attached->cmsg_type == SCM_RIGHTS)
        memcpy(fds, CMSG_DATA(attached), MIN(attached->cmsg_len - CMSG_LEN(0), sizeof(int) * 2));
    return fds[0] >= 0;
}

static bool share(Child *child, size_t bytes)
{
    if (bytes == child->shared_bytes)
        return true;
    if (child->shared != NULL)
        munmap(child->shared, child->shared_bytes);
    child->shared = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, HP_CHILD_MEMORY, 0);
    child->shared_bytes = bytes;
    return child->shared != MAP_FAILED;
}

static bool serve(Child *child)
{
    HpChildRequest request;
    int fds[2];
    if (!receive(&request, fds))
        return false;
    HpChildReply reply = {.code = -1};
    GError *error = NULL;
    size_t length = 0;
    limit(RLIMIT_AS, RLIM_INFINITY);
    if (!share(child, request.shared_bytes))
        return false;
    limit_question(child, &request);
    const bool is_done = answer(child, &request, fds, &length, &error);
    if (!is_done) {
        close_file(&child->open);
        reply.code = error->code;
        g_strlcpy(reply.message, error->message, sizeof reply.message);
        g_clear_error(&error);
    }
    reply.length = is_done ? length : 0;
    close(fds[0]);
    if (fds[1] >= 0)
        close(fds[1]);
    return send(HP_CHILD_SOCKET, &reply, sizeof reply, MSG_NOSIGNAL) == (ssize_t)sizeof reply;
}

// What libraries print may hold what a file says of a person, and means nothing to who reads it.
static void silence(void)
{
    const int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
    if (nowhere < 0)
        return;
    dup2(nowhere, STDOUT_FILENO);
    dup2(nowhere, STDERR_FILENO);
    close(nowhere);
}

int main(void)
{
    struct stat status;
    if (fstat(HP_CHILD_SOCKET, &status) != 0 || !S_ISSOCK(status.st_mode)) {
        fputs("hepatica-decode reads images for Hepatica and is started by it.\n", stderr);
        return 2;
    }
    limit(RLIMIT_CORE, 0);
    if (!HAS_SANITIZER)
        silence();
    hp_sandbox_enter();
    static Child child;
    while (serve(&child))
        ;
    _exit(0); // the parent is gone; nothing here outlives it
}
