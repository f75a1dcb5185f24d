// SPDX-License-Identifier: Apache-2.0
// The decoding child: one that dies, hangs or is cancelled costs the file it was at, no more.
#include "io/child.h"

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "core/error.h"
#include "support/dicom.h"

typedef struct {
    Folder folder;
    int fd;
    HpBytes bytes;
    HpChild *child;
} Setup;

static Setup set_up(void)
{
    Setup setup = {.folder = folder_new(), .child = hp_child_new()};
    g_autoptr(Dicom) dicom = dicom_new(0);
    g_autoptr(GByteArray) bytes = dicom_bytes(dicom);
    setup.fd = open(folder_put(&setup.folder, "0.dcm", bytes->data, bytes->len), O_RDONLY);
    setup.bytes = (HpBytes){setup.fd, 0, bytes->len};
    return setup;
}

static void tear_down(Setup *setup)
{
    hp_child_free(setup->child);
    close(setup->fd);
    folder_clear(&setup->folder);
}

static bool read_header(Setup *setup, HpTask *task, GError **error)
{
    HpDicomImage image;
    HpDicomFrame *frames = NULL;
    const bool is_read =
        hp_child_read_header(setup->child, setup->bytes, &image, &frames, task, error);
    g_free(frames);
    return is_read;
}

static void one_child_answers_many_questions(void)
{
    Setup setup = set_up();
    g_assert_cmpint(hp_child_get_pid(setup.child), ==, 0);
    g_assert_true(read_header(&setup, NULL, NULL));
    const GPid pid = hp_child_get_pid(setup.child);
    g_assert_true(read_header(&setup, NULL, NULL));
    g_assert_cmpint(hp_child_get_pid(setup.child), ==, pid);
    tear_down(&setup);
}

static void a_child_that_died_idle_is_replaced(void)
{
    Setup setup = set_up();
    g_assert_true(read_header(&setup, NULL, NULL));
    const GPid pid = hp_child_get_pid(setup.child);
    kill(pid, SIGKILL);
    g_usleep(50000);
    g_assert_true(read_header(&setup, NULL, NULL));
    g_assert_cmpint(hp_child_get_pid(setup.child), !=, pid);
    tear_down(&setup);
}

typedef struct {
    GPid pid;
    int signal;
    HpTask *task;
    gint64 cancelled; // when
} Later;

static gpointer do_later(gpointer data)
{
    Later *later = data;
    g_usleep(100000);
    if (later->signal != 0)
        kill(later->pid, later->signal);
    later->cancelled = g_get_monotonic_time();
    hp_task_cancel(later->task);
    return NULL;
}

static void a_child_that_dies_at_work_costs_its_file(void)
{
    Setup setup = set_up();
    g_autoptr(GError) error = NULL;
    g_assert_true(read_header(&setup, NULL, NULL));
    Later later = {.pid = hp_child_get_pid(setup.child), .signal = SIGKILL};
    kill(later.pid, SIGSTOP); // at work, as far as anyone can see
    GThread *thread = g_thread_new("later", do_later, &later);
    g_assert_false(read_header(&setup, NULL, &error));
    g_thread_join(thread);
    g_assert_error(error, HP_ERROR, HP_ERROR_BAD_FILE);
    g_assert_nonnull(strstr(error->message, "the decoder was stopped by it"));
    g_assert_true(read_header(&setup, NULL, NULL));
    tear_down(&setup);
}

// Cancels a question to a stopped child; how long it took to return, in microseconds.
static gint64 cancel_a_hanging_child(void)
{
    Setup setup = set_up();
    g_autoptr(GError) error = NULL;
    g_assert_true(read_header(&setup, NULL, NULL));
    HpTask task;
    hp_task_init(&task);
    Later later = {.task = &task};
    const GPid pid = hp_child_get_pid(setup.child);
    kill(pid, SIGSTOP);
    GThread *thread = g_thread_new("later", do_later, &later);
    g_assert_false(read_header(&setup, &task, &error));
    const gint64 returned = g_get_monotonic_time();
    g_thread_join(thread);
    g_assert_error(error, HP_ERROR, HP_ERROR_CANCELLED);
    g_assert_cmpint(kill(pid, 0), ==, -1); // it is gone
    g_assert_true(read_header(&setup, NULL, NULL));
    tear_down(&setup);
    return returned - later.cancelled;
}

static void cancelling_does_not_wait_for_a_child_that_hangs(void)
{
    gint64 least = G_MAXINT64;
    for (int time = 0; time < 5 && least > 100000; time++) // others may keep the machine busy
        least = cancel_a_hanging_child();
    g_assert_cmpint(least, <=, 100000);
}

// A part that the file does not have.
static void a_part_that_is_not_there_is_refused(void)
{
    Setup setup = set_up();
    g_assert_true(read_header(&setup, NULL, NULL));
    const GPid pid = hp_child_get_pid(setup.child);
    const int fd = open("/dev/zero", O_RDONLY);
    const HpBytes huge = {fd, 0, (uint64_t)1 << 40}; // of a file of no size
    HpDicomImage image;
    HpDicomFrame *frames = NULL;
    g_autoptr(GError) error = NULL;
    g_assert_false(hp_child_read_header(setup.child, huge, &image, &frames, NULL, &error));
    g_assert_error(error, HP_ERROR, HP_ERROR_IO);
    close(fd);
    g_assert_true(read_header(&setup, NULL, NULL));
    g_assert_cmpint(hp_child_get_pid(setup.child), ==, pid);
    tear_down(&setup);
}

static void children_take_turns(void)
{
    g_autoptr(HpChildren) children = hp_children_new();
    HpChild *one = hp_children_take(children), *other = hp_children_take(children);
    g_assert_true(one != other);
    hp_children_give(children, one);
    g_assert_true(hp_children_take(children) == one);
    hp_children_give(children, one);
    hp_children_give(children, other);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(test) g_test_add_func("/child/" #test, test)
    ADD(one_child_answers_many_questions);
    ADD(a_child_that_died_idle_is_replaced);
    ADD(a_child_that_dies_at_work_costs_its_file);
    ADD(cancelling_does_not_wait_for_a_child_that_hangs);
    ADD(a_part_that_is_not_there_is_refused);
    ADD(children_take_turns);
    return g_test_run();
}
