// SPDX-License-Identifier: Apache-2.0
// What the decoding child can no longer do, and what it still can.
#include "io/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <stdbool.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

// Runs `try_cb` inside the sandbox, in a process of its own; true if it returned true.
static bool succeeds_inside(bool (*try_cb)(void))
{
    const pid_t pid = fork();
    g_assert_cmpint(pid, >=, 0);
    if (pid == 0) {
        hp_sandbox_enter();
        _exit(try_cb() ? 0 : 1);
    }
    int status;
    g_assert_cmpint(waitpid(pid, &status, 0), ==, pid);
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static bool open_to_read(void)
{
    return open("/etc/passwd", O_RDONLY) >= 0;
}

static bool is_kept_from_writing(void)
{
    return open("/tmp/hepatica-sandbox", O_WRONLY | O_CREAT, 0600) < 0 && errno == EPERM;
}

static bool is_kept_from_network(void)
{
    return socket(AF_INET, SOCK_STREAM, 0) < 0 && errno == EPERM;
}

static bool is_kept_from_programs(void)
{
    char *arguments[] = {(char *)"true", NULL}, *environment[] = {NULL};
    return execve("/bin/true", arguments, environment) < 0 && errno == EPERM;
}

static bool write_to_what_is_open(void)
{
    return write(STDERR_FILENO, "", 0) == 0;
}

static void the_child_reads_and_no_more(void)
{
    g_assert_true(succeeds_inside(open_to_read));
    g_assert_true(succeeds_inside(write_to_what_is_open));
    g_assert_true(succeeds_inside(is_kept_from_writing));
    g_assert_true(succeeds_inside(is_kept_from_network));
    g_assert_true(succeeds_inside(is_kept_from_programs));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/sandbox/the_child_reads_and_no_more", the_child_reads_and_no_more);
    return g_test_run();
}
