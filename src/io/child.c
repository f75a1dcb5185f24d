// SPDX-License-Identifier: Apache-2.0
// Children that read hostile files: parsers and decoders run in them under limits, not in here.
#include "io/child.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "core/error.h"

#define PROGRAM "hepatica-decode"
#define TICK_MS 20                          // cancel, memory and time are looked at this often
#define FIRST_SHARED ((size_t)32 << 20)     // sparse: what is never written costs nothing
#define MAX_RESIDENT ((uint64_t)2048 << 20) // beyond the file and the shared memory
#define BASE_SECONDS 30                     // for any file, and then a second per
#define BYTES_PER_SECOND 10e6               // bytes: a slow disk, or the slowest codec

struct HpChild {
    pid_t pid; // 0: not running
    int socket;
    int memory;
    uint8_t *shared;
    size_t shared_bytes;
};

HpChild *hp_child_new(void)
{
    HpChild *child = g_new0(HpChild, 1);
    child->socket = child->memory = -1;
    return child;
}

static void stop(HpChild *child, int *status)
{
    if (child->pid == 0)
        return;
    close(child->socket);
    kill(child->pid, SIGKILL); // an idle child has nothing to lose
    while (waitpid(child->pid, status, 0) < 0 && errno == EINTR)
        ;
    child->pid = 0;
    child->socket = -1;
}

void hp_child_free(HpChild *child)
{
    if (child == NULL)
        return;
    int status;
    stop(child, &status);
    if (child->shared != NULL)
        munmap(child->shared, child->shared_bytes);
    if (child->memory >= 0)
        close(child->memory);
    g_free(child);
}

GPid hp_child_get_pid(const HpChild *child)
{
    return child->pid;
}

// ---- starting ----------------------------------------------------------------------------------

// The helper lies where this program lies: beside it, in libexec when installed, or in the build
// folder of src/io. Nothing else is looked at, so nobody can slip another in.
static char *find_program(void)
{
    static const char *const places[] = {
        "", "../libexec/hepatica", "../io", "../../src/io", "../../io",
    };
    g_autofree char *self = g_file_read_link("/proc/self/exe", NULL);
    g_autofree char *folder = self == NULL ? g_strdup(".") : g_path_get_dirname(self);
    for (size_t n = 0; n < G_N_ELEMENTS(places); n++) {
        char *path = g_build_filename(folder, places[n], PROGRAM, NULL);
        if (g_file_test(path, G_FILE_TEST_IS_EXECUTABLE) && !g_file_test(path, G_FILE_TEST_IS_DIR))
            return path;
        g_free(path);
    }
    return NULL;
}

// The child must not be able to shrink what is mapped here: reading past its end would kill us.
static bool make_memory(HpChild *child, size_t bytes, GError **error)
{
    if (child->memory < 0) {
        child->memory = memfd_create("hepatica", MFD_CLOEXEC | MFD_ALLOW_SEALING);
        if (child->memory >= 0)
            fcntl(child->memory, F_ADD_SEALS, F_SEAL_SHRINK);
    }
    if (bytes <= child->shared_bytes)
        return true;
    uint8_t *shared = MAP_FAILED;
    if (child->memory >= 0 && ftruncate(child->memory, (off_t)bytes) == 0)
        shared = mmap(NULL, bytes, PROT_READ, MAP_SHARED, child->memory, 0);
    if (shared == MAP_FAILED) {
        g_set_error(error, HP_ERROR, HP_ERROR_NO_MEMORY, _("no memory for a frame of %zu MB"),
                    bytes >> 20);
        return false;
    }
    if (child->shared != NULL)
        munmap(child->shared, child->shared_bytes);
    child->shared = shared;
    child->shared_bytes = bytes;
    return true;
}

static bool start(HpChild *child, GError **error)
{
    g_autofree char *program = find_program();
    int ends[2];
    if (program == NULL || socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0) {
        g_set_error(error, HP_ERROR, HP_ERROR_IO, _("the program %s that reads images %s"), PROGRAM,
                    program == NULL ? "is missing" : "could not be reached");
        return false;
    }
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    // Both may already be 3 or 4: go by way of numbers that are neither.
    const int socket = fcntl(ends[1], F_DUPFD_CLOEXEC, 10);
    const int memory = fcntl(child->memory, F_DUPFD_CLOEXEC, 10);
    posix_spawn_file_actions_adddup2(&actions, socket, HP_CHILD_SOCKET);
    posix_spawn_file_actions_adddup2(&actions, memory, HP_CHILD_MEMORY);
    char *arguments[] = {(char *)PROGRAM, NULL};
    const int failed = posix_spawn(&child->pid, program, &actions, NULL, arguments, environ);
    posix_spawn_file_actions_destroy(&actions);
    close(socket);
    close(memory);
    close(ends[1]);
    if (failed != 0) {
        close(ends[0]);
        child->pid = 0;
        g_set_error(error, HP_ERROR, HP_ERROR_IO, _("%s could not be started: %s"), PROGRAM,
                    g_strerror(failed));
        return false;
    }
    child->socket = ends[0];
    return true;
}

// ---- asking ------------------------------------------------------------------------------------

static bool send_request(const HpChild *child, const HpChildRequest *request, int fd, int spool)
{
    int fds[2] = {fd, spool};
    const size_t fd_bytes = sizeof(int) * (spool < 0 ? 1 : 2);
    char control[CMSG_SPACE(sizeof fds)] = {0};
    struct iovec part = {(void *)request, sizeof *request};
    struct msghdr message = {.msg_iov = &part,
                             .msg_iovlen = 1,
                             .msg_control = control,
                             .msg_controllen = CMSG_SPACE(fd_bytes)};
    struct cmsghdr *attached = CMSG_FIRSTHDR(&message);
    attached->cmsg_level = SOL_SOCKET;
    attached->cmsg_type = SCM_RIGHTS;
    attached->cmsg_len = CMSG_LEN(fd_bytes);
    memcpy(CMSG_DATA(attached), fds, fd_bytes);
    return sendmsg(child->socket, &message, MSG_NOSIGNAL) == (ssize_t)sizeof *request;
}

// What the child holds in memory; for sanitizers, whose address space cannot be limited.
static uint64_t resident_bytes(pid_t pid)
{
    char path[64], line[128] = "";
    g_snprintf(path, sizeof path, "/proc/%d/statm", (int)pid);
    const int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return 0;
    const ssize_t got = read(fd, line, sizeof line - 1);
    close(fd);
    const char *second = got <= 0 ? NULL : strchr(line, ' ');
    return second == NULL ? 0
                          : g_ascii_strtoull(second, NULL, 10) * (uint64_t)sysconf(_SC_PAGESIZE);
}

static bool give_up(HpChild *child, HpError code, const char *fact, GError **error)
{
    int status;
    stop(child, &status);
    g_set_error_literal(error, HP_ERROR, code, fact);
    return false;
}

static bool has_died(HpChild *child, GError **error)
{
    int status = 0;
    const pid_t pid = child->pid;
    // It closed its end, so it is on its way out: let it go by itself, to learn of what it died.
    bool is_gone = false;
    for (int tick = 0; tick < 50 && !is_gone; tick++) {
        is_gone = waitpid(pid, &status, WNOHANG) == pid;
        if (!is_gone)
            g_usleep(1000 * (gulong)MIN(tick + 1, TICK_MS));
    }
    if (is_gone) {
        close(child->socket);
        child->pid = 0;
        child->socket = -1;
    } else {
        stop(child, &status);
    }
    if (WIFSIGNALED(status))
        g_set_error(error, HP_ERROR, HP_ERROR_BAD_FILE, _("the decoder was stopped by it (%s)"),
                    WTERMSIG(status) == SIGXCPU ? "too much work" : g_strsignal(WTERMSIG(status)));
    else
        g_set_error(error, HP_ERROR, HP_ERROR_BAD_FILE,
                    _("the decoder was stopped by it (exit %d)"), WEXITSTATUS(status));
    return false;
}

static bool receive(HpChild *child, const HpChildRequest *request, HpChildReply *reply,
                    HpTask *task, GError **error)
{
    const gint64 begin = g_get_monotonic_time();
    const double seconds = BASE_SECONDS + (double)request->size / BYTES_PER_SECOND;
    const uint64_t resident = MAX_RESIDENT + request->size + request->shared_bytes;
    for (;;) {
        struct pollfd ready = {.fd = child->socket, .events = POLLIN};
        const int count = poll(&ready, 1, TICK_MS);
        if (count > 0) {
            const ssize_t got = recv(child->socket, reply, sizeof *reply, 0);
            if (got == (ssize_t)sizeof *reply)
                return true;
            return has_died(child, error);
        }
        if (hp_task_is_cancelled(task)) {
            give_up(child, HP_ERROR_CANCELLED, "cancelled", error);
            return false;
        }
        if ((double)(g_get_monotonic_time() - begin) * 1e-6 > seconds)
            return give_up(child, HP_ERROR_BAD_FILE, "decoding it takes too long", error);
        if (resident_bytes(child->pid) > resident)
            return give_up(child, HP_ERROR_BAD_FILE, "decoding it takes too much memory", error);
    }
}

static bool ask(HpChild *child, HpChildRequest *request, HpBytes bytes, int spool, size_t wanted,
                HpChildReply *reply, HpTask *task, GError **error)
{
    if (!make_memory(child, MAX(FIRST_SHARED, wanted), error) ||
        (child->pid == 0 && !start(child, error)))
        return false;
    request->offset = bytes.offset;
    request->size = bytes.size;
    request->shared_bytes = child->shared_bytes;
    if (!send_request(child, request, bytes.fd, spool)) { // it died meanwhile, of nothing we sent
        int status;
        stop(child, &status);
        if (!start(child, error))
            return false;
        if (!send_request(child, request, bytes.fd, spool))
            return has_died(child, error);
    }
    if (!receive(child, request, reply, task, error))
        return false;
    reply->message[sizeof reply->message - 1] = '\0';
    if (reply->code >= 0) {
        g_autofree char *message = g_utf8_make_valid(reply->message, -1);
        const HpError code = reply->code <= HP_ERROR_IO ? (HpError)reply->code : HP_ERROR_BAD_FILE;
        g_set_error_literal(error, HP_ERROR, code, message);
        return false;
    }
    if (reply->length > child->shared_bytes)
        return give_up(child, HP_ERROR_BAD_FILE, "the decoder gave a wrong answer", error);
    return true;
}

// ---- the answers -------------------------------------------------------------------------------

static void end_text(char *text, size_t room)
{
    text[room - 1] = '\0';
    if (!g_utf8_validate(text, -1, NULL))
        text[0] = '\0';
}

// The child may have been taken over by the file: what is relied on here is looked at again.
static bool is_sound(HpDicomImage *image)
{
    end_text(image->series_uid, sizeof image->series_uid);
    end_text(image->sop_uid, sizeof image->sop_uid);
    end_text(image->sop_class, sizeof image->sop_class);
    end_text(image->modality, sizeof image->modality);
    end_text(image->description, sizeof image->description);
    end_text(image->study_description, sizeof image->study_description);
    end_text(image->kernel, sizeof image->kernel);
    end_text(image->phase, sizeof image->phase);
    end_text(image->date, sizeof image->date);
    end_text(image->syntax_uid, sizeof image->syntax_uid);
    const bool is_cell =
        image->bits_allocated == 8 || image->bits_allocated == 16 || image->bits_allocated == 32;
    return is_cell && image->columns >= 1 && image->columns <= 32768 && image->rows >= 1 &&
           image->rows <= 32768 && image->frames >= 1 && image->frames <= 1000000 &&
           image->bits_stored >= 1 && image->bits_stored <= image->bits_allocated &&
           image->high_bit >= image->bits_stored - 1 && image->high_bit < image->bits_allocated;
}

bool hp_child_read_header(HpChild *child, HpBytes bytes, HpDicomImage *image, HpDicomFrame **frames,
                          HpTask *task, GError **error)
{
    HpChildRequest request = {.kind = HP_CHILD_HEADER};
    HpChildReply reply;
    if (!ask(child, &request, bytes, -1, 0, &reply, task, error))
        return false;
    if (reply.length >= sizeof *image)
        memcpy(image, child->shared, sizeof *image);
    if (reply.length < sizeof *image || !is_sound(image) ||
        reply.length != sizeof *image + (size_t)image->frames * sizeof **frames)
        return give_up(child, HP_ERROR_BAD_FILE, "the decoder gave a wrong answer", error);
    *frames = g_memdup2(child->shared + sizeof *image, (gsize)image->frames * sizeof **frames);
    return true;
}

const void *hp_child_read_frame(HpChild *child, HpBytes bytes, uint64_t file_id,
                                const HpDicomImage *image, int frame, HpTask *task, GError **error)
{
    HpChildRequest request = {
        .kind = HP_CHILD_FRAME, .frame = frame, .file_id = file_id, .image = *image};
    HpChildReply reply;
    const size_t wanted = hp_dicom_frame_bytes(image);
    if (!ask(child, &request, bytes, -1, wanted, &reply, task, error))
        return NULL;
    if (reply.length != wanted) {
        give_up(child, HP_ERROR_BAD_FILE, "the decoder gave a wrong answer", error);
        return NULL;
    }
    return child->shared;
}

GStrv hp_child_read_directory(HpChild *child, HpBytes bytes, HpTask *task, GError **error)
{
    HpChildRequest request = {.kind = HP_CHILD_DIRECTORY};
    HpChildReply reply;
    if (!ask(child, &request, bytes, -1, 0, &reply, task, error))
        return NULL;
    GPtrArray *paths = g_ptr_array_new();
    const char *at = (const char *)child->shared, *end = at + reply.length;
    while (at < end) {
        const char *stop_at = memchr(at, '\0', (size_t)(end - at));
        stop_at = stop_at == NULL ? end : stop_at;
        g_ptr_array_add(paths, g_strndup(at, (gsize)(stop_at - at)));
        at = stop_at + 1;
    }
    g_ptr_array_add(paths, NULL);
    return (GStrv)g_ptr_array_free(paths, FALSE);
}

GArray *hp_child_unpack(HpChild *child, HpBytes bytes, int spool, uint64_t limit, HpTask *task,
                        GError **error)
{
    HpChildRequest request = {.kind = HP_CHILD_UNPACK, .spool_limit = limit};
    HpChildReply reply;
    if (!ask(child, &request, bytes, spool, 0, &reply, task, error))
        return NULL;
    const guint count = (guint)(reply.length / sizeof(HpChildMember));
    GArray *members = g_array_sized_new(FALSE, FALSE, sizeof(HpChildMember), count);
    g_array_append_vals(members, child->shared, count);
    for (guint n = 0; n < count; n++) {
        HpChildMember *member = &g_array_index(members, HpChildMember, n);
        end_text(member->path, sizeof member->path);
    }
    return members;
}

// ---- several -----------------------------------------------------------------------------------

struct HpChildren {
    GMutex lock;
    GPtrArray *idle; // of HpChild, the last used last: its mind is still on its file
};

HpChildren *hp_children_new(void)
{
    HpChildren *children = g_new0(HpChildren, 1);
    g_mutex_init(&children->lock);
    children->idle = g_ptr_array_new_with_free_func((GDestroyNotify)hp_child_free);
    return children;
}

void hp_children_free(HpChildren *children)
{
    if (children == NULL)
        return;
    g_ptr_array_unref(children->idle);
    g_mutex_clear(&children->lock);
    g_free(children);
}

HpChild *hp_children_take(HpChildren *children)
{
    g_mutex_lock(&children->lock);
    HpChild *child = children->idle->len == 0
                         ? hp_child_new()
                         : g_ptr_array_steal_index(children->idle, children->idle->len - 1);
    g_mutex_unlock(&children->lock);
    return child;
}

void hp_children_give(HpChildren *children, HpChild *child)
{
    g_mutex_lock(&children->lock);
    g_ptr_array_add(children->idle, child);
    g_mutex_unlock(&children->lock);
}
