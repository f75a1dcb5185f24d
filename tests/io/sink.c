// SPDX-License-Identifier: Apache-2.0
// A file appears whole or not at all: when the writer stops, is killed, or the disk is full.
#include "core/error.h"
#include "io/sink.h"
#include "io/source.h"
#include "support/folder.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static void assert_holds(const char *path, const char *text)
{
    g_autofree char *got = NULL;
    g_assert_true(g_file_get_contents(path, &got, NULL, NULL));
    g_assert_cmpstr(got, ==, text);
}

static void the_old_file_stays_until_the_new_one_is_whole(void)
{
    g_auto(Folder) folder = folder_new();
    const char *path = folder_put(&folder, "a.txt", "old", 3);
    g_autoptr(HpSink) sink = hp_sink_new(path, NULL);
    g_assert_true(hp_sink_puts(sink, "new", NULL));
    assert_holds(path, "old");
    g_assert_true(hp_sink_commit(sink, NULL));
    assert_holds(path, "new");
    g_assert_cmpint(folder_count(&folder), ==, 1);
}

static void the_mode_is_that_of_any_new_file(void)
{
    g_auto(Folder) folder = folder_new();
    const char *path = folder_file(&folder, "a.txt");
    const mode_t mask = umask(027);
    g_autoptr(HpSink) sink = hp_sink_new(path, NULL);
    g_assert_true(hp_sink_commit(sink, NULL));
    umask(mask);
    struct stat info;
    g_assert_cmpint(stat(path, &info), ==, 0);
    g_assert_cmpint(info.st_mode & 0777, ==, 0640);
}

static void nothing_stays_of_a_writer_that_stops(void)
{
    g_auto(Folder) folder = folder_new();
    HpSink *sink = hp_sink_new(folder_file(&folder, "a.txt"), NULL);
    g_assert_true(hp_sink_puts(sink, "half", NULL));
    hp_sink_free(sink);
    g_assert_cmpint(folder_count(&folder), ==, 0);
}

static void nothing_stays_of_a_writer_that_is_killed(void)
{
    g_auto(Folder) folder = folder_new();
    const pid_t child = fork();
    if (child == 0) {
        HpSink *sink = hp_sink_new(folder_file(&folder, "a.txt"), NULL);
        hp_sink_puts(sink, "half", NULL);
        kill(getpid(), SIGKILL);
    }
    int status;
    g_assert_cmpint(waitpid(child, &status, 0), ==, child);
    g_assert_true(WIFSIGNALED(status));
    if (folder_count(&folder) == 1)
        g_test_skip("this file system knows no files without a name");
    else
        g_assert_cmpint(folder_count(&folder), ==, 0);
}

// A child that may write 100000 bytes to a file, as on a disk that fills up.
static void write_much(const char *path)
{
    const struct rlimit limit = {100000, 100000};
    signal(SIGXFSZ, SIG_IGN);
    setrlimit(RLIMIT_FSIZE, &limit);
    g_autoptr(GError) error = NULL;
    g_autoptr(HpSink) sink = hp_sink_new(path, NULL);
    g_autofree char *bytes = g_malloc0(1 << 20);
    const bool fine = hp_sink_write(sink, bytes, 1 << 20, &error) && hp_sink_commit(sink, &error);
    const bool told = g_error_matches(error, HP_ERROR, HP_ERROR_IO) &&
                      g_str_equal(error->message, "cannot be written: File too large");
    hp_sink_free(g_steal_pointer(&sink));
    _exit(!fine && told ? 0 : 1);
}

static void a_full_disk_is_an_error_and_leaves_the_old_file(void)
{
    g_auto(Folder) folder = folder_new();
    const char *path = folder_put(&folder, "a.txt", "old", 3);
    const pid_t child = fork();
    if (child == 0)
        write_much(path);
    int status;
    g_assert_cmpint(waitpid(child, &status, 0), ==, child);
    g_assert_cmpint(status, ==, 0);
    assert_holds(path, "old");
    g_assert_cmpint(folder_count(&folder), ==, 1);
}

static void what_cannot_be_written_is_told_at_once(void)
{
    g_auto(Folder) folder = folder_new();
    g_autoptr(GError) error = NULL;
    g_assert_null(hp_sink_new(folder.path, &error));
    g_assert_error(error, HP_ERROR, HP_ERROR_IO);
    g_assert_cmpstr(error->message, ==, "is there and is no plain file");
    g_clear_error(&error);
    g_assert_null(hp_sink_new(folder_file(&folder, "none/a.txt"), &error));
    g_assert_cmpstr(error->message, ==, "cannot be written: No such file or directory");
}

static void skipping_reads_on_at_the_right_byte(void)
{
    g_auto(Folder) folder = folder_new();
    g_autofree char *bytes = g_malloc0(1 << 20);
    bytes[700000] = 'x';
    const char *path = folder_put(&folder, "a.bin", bytes, 1 << 20);
    g_autoptr(HpSource) source = hp_source_open(path, NULL);
    size_t got;
    g_assert_nonnull(hp_source_peek(source, 10, &got, NULL));
    g_assert_true(hp_source_skip(source, 5, "bytes", NULL));
    g_assert_true(hp_source_skip(source, 699995, "bytes", NULL));
    g_assert_cmpuint(hp_source_get_left(source), ==, (1 << 20) - 700000);
    char byte;
    g_assert_true(hp_source_read_all(source, &byte, 1, "a byte", NULL));
    g_assert_cmpint(byte, ==, 'x');
    g_autoptr(GError) error = NULL;
    g_assert_false(hp_source_skip(source, 1 << 20, "bytes", &error));
    g_assert_cmpstr(error->message, ==, "holds 348575 bytes of bytes, expected 1048576");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define CASE(name) g_test_add_func("/sink/" #name, name)
    CASE(the_old_file_stays_until_the_new_one_is_whole);
    CASE(the_mode_is_that_of_any_new_file);
    CASE(nothing_stays_of_a_writer_that_stops);
    CASE(nothing_stays_of_a_writer_that_is_killed);
    CASE(a_full_disk_is_an_error_and_leaves_the_old_file);
    CASE(what_cannot_be_written_is_told_at_once);
    CASE(skipping_reads_on_at_the_right_byte);
    return g_test_run();
}
