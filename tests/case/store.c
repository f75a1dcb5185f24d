// SPDX-License-Identifier: Apache-2.0
// Case files: what is put in comes out, a killed writer loses nothing finished, and no file does harm.
#include "case/bricks.h"
#include "case/store.h"
#include "core/error.h"
#include "support/folder.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char *program; // this one, to be run as a child

// A plan's text of some length: what a seed of points looks like.
static char *text_of(int step, int points)
{
    g_autoptr(GString) text = g_string_new("{\n  \"hepatica\": \"0\",\n");
    g_string_append_printf(text, "  \"contour.kappa\": %d,\n  \"contours\": [\n", step);
    for (int at = 0; at < points; at++)
        g_string_append_printf(text, "    [%d.25, %d.5, %d],\n", at * 37 % 411, at * 91 % 203, at);
    g_string_append(text, "  ]\n}\n");
    return g_string_free(g_steal_pointer(&text), FALSE);
}

static HpMask *ball(double radius)
{
    const HpGrid grid = hp_grid_new(100, 90, 70, 1, 1, 1.5);
    HpMask *mask = hp_mask_new(&grid, NULL);
    for (int k = 0; k < 70; k++)
        for (int j = 0; j < 90; j++)
            for (int i = 0; i < 100; i++) {
                const double x = i - 50, y = j - 45, z = k - 35;
                if (x * x + y * y + z * z < radius * radius)
                    hp_mask_set(mask, i, j, k, 1);
            }
    return mask;
}

static HpStoreResult *result_of(const char *plan, double radius)
{
    HpStoreResult *result = hp_store_result_new();
    result->plan = g_strdup(plan);
    result->numbers = g_strdup("{\"ml\": 12.5}\n");
    result->mask = ball(radius);
    result->contours = hp_contours_new();
    HpContour *contour = hp_contour_new(HP_PLANE_CORONAL, 7, 5);
    for (int at = 0; at < 15; at++)
        contour->mm[at / 3][at % 3] = 0.1 * at;
    g_ptr_array_add(result->contours, contour);
    return result;
}

static HpStoreFacts facts_of(void)
{
    return (HpStoreFacts){.version = g_strdup("0.1.0"),
                          .path = g_strdup("/scans/one \xff two"), // no UTF-8, as a path may be
                          .series = g_strdup("1.2.3"),
                          .checksum = g_strdup("abc"),
                          .grid = hp_grid_new(100, 90, 70, 1, 1, 1.5),
                          .has_grid = true};
}

static void put(HpStore *store, gint64 id, const char *name, const char *text)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(HpStoreStep) one = hp_store_step_new(id, name, text);
    hp_store_put_step(store, one, &error);
    g_assert_no_error(error);
}

static HpStore *create(const char *path)
{
    g_autoptr(GError) error = NULL;
    HpStore *store = hp_store_create(path, &error);
    g_assert_no_error(error);
    return store;
}

static HpStore *reopen(const char *path)
{
    g_autoptr(GError) error = NULL;
    HpStore *store = hp_store_open(path, &error);
    g_assert_no_error(error);
    return store;
}

static void close_store(HpStore *store)
{
    g_autoptr(GError) error = NULL;
    g_assert_true(hp_store_close(store, &error));
    g_assert_no_error(error);
}

static const HpStoreStep *step(const HpStoreContents *contents, int at)
{
    return contents->steps->pdata[at];
}

// What opening says, without the file's name before it. g_free().
static char *refusal(const char *path, int code)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(HpStore) store = hp_store_open(path, &error);
    g_assert_null(store);
    g_assert_error(error, HP_ERROR, code);
    g_assert_true(g_str_has_prefix(error->message, path));
    return g_strdup(error->message + strlen(path) + 2);
}

// A whole small case, closed.
static void make_case(const char *path)
{
    HpStore *store = create(path);
    g_auto(HpStoreFacts) facts = facts_of();
    g_assert_true(hp_store_put_facts(store, &facts, NULL));
    for (int at = 1; at <= 5; at++) {
        g_autofree char *text = text_of(at, 40 * at);
        put(store, at, "Seed", text);
    }
    g_assert_true(hp_store_put_ml(store, 2, 1234.5678, NULL));
    g_assert_true(hp_store_put_ml(store, 5, 0.1, NULL));
    g_autofree char *plan = text_of(5, 200);
    g_autoptr(HpStoreResult) result = result_of(plan, 30);
    g_assert_true(hp_store_put_result(store, result, NULL));
    close_store(store);
}

static void a_case_reads_back_as_it_was_put(void)
{
    g_auto(Folder) folder = folder_new();
    const char *path = folder_file(&folder, "a.hepatica");
    make_case(path);
    g_assert_cmpint(folder_count(&folder), ==, 1); // no journal beside it

    HpStore *store = reopen(path);
    g_autoptr(HpStoreContents) contents = hp_store_read(store);
    g_assert_cmpuint(contents->lost->len, ==, 0);
    g_auto(HpStoreFacts) facts = facts_of();
    g_assert_cmpstr(contents->facts.version, ==, facts.version);
    g_assert_cmpstr(contents->facts.path, ==, facts.path);
    g_assert_cmpstr(contents->facts.series, ==, facts.series);
    g_assert_cmpstr(contents->facts.checksum, ==, facts.checksum);
    g_assert_cmpmem(&contents->facts.grid, sizeof facts.grid, &facts.grid, sizeof facts.grid);
    g_assert_cmpuint(contents->steps->len, ==, 5);
    g_assert_cmpint(contents->current, ==, 4);
    for (int at = 1; at <= 5; at++) {
        g_autofree char *text = text_of(at, 40 * at);
        g_assert_cmpstr(step(contents, at - 1)->text, ==, text);
    }
    g_assert_true(isnan(step(contents, 0)->ml));
    g_assert_cmpfloat(step(contents, 1)->ml, ==, 1234.5678);
    g_assert_cmpfloat(step(contents, 4)->ml, ==, 0.1);
    const HpStoreResult *result = contents->result;
    g_assert_cmpstr(result->numbers, ==, "{\"ml\": 12.5}\n");
    g_assert_cmpstr(result->plan, ==, step(contents, 4)->text);
    g_autoptr(HpMask) mask = ball(30);
    g_autofree uint8_t *labels = hp_mask_dup_labels(mask, NULL);
    g_autofree uint8_t *got = hp_mask_dup_labels(result->mask, NULL);
    const size_t count = hp_grid_count(hp_mask_get_grid(mask));
    g_assert_cmpmem(got, count, labels, count);
    const HpContour *contour = result->contours->pdata[0];
    g_assert_cmpint(contour->plane, ==, HP_PLANE_CORONAL);
    g_assert_cmpint(contour->slice, ==, 7);
    g_assert_cmpfloat(contour->mm[4][2], ==, 0.1 * 14);
    close_store(store);
}

static void undone_steps_stay_until_another_way_is_taken(void)
{
    g_auto(Folder) folder = folder_new();
    const char *path = folder_file(&folder, "a.hepatica");
    make_case(path);
    HpStore *store = reopen(path);
    g_assert_true(hp_store_show_step(store, 2, NULL));
    close_store(store);
    store = reopen(path);
    {
        g_autoptr(HpStoreContents) contents = hp_store_read(store);
        g_assert_cmpuint(contents->steps->len, ==, 5);
        g_assert_cmpint(contents->current, ==, 1);
    }
    g_autofree char *text = text_of(99, 10);
    put(store, 3, "Another", text);
    g_autoptr(HpStoreContents) contents = hp_store_read(store);
    g_assert_cmpuint(contents->lost->len, ==, 0);
    g_assert_cmpuint(contents->steps->len, ==, 3);
    g_assert_cmpint(contents->current, ==, 2);
    g_assert_cmpstr(step(contents, 2)->name, ==, "Another");
    g_assert_cmpstr(step(contents, 2)->text, ==, text);
    g_assert_true(isnan(step(contents, 2)->ml));
    close_store(store);
}

static void a_slider_moved_a_thousand_times_stays_small(void)
{
    g_auto(Folder) folder = folder_new();
    const char *path = folder_file(&folder, "a.hepatica");
    HpStore *store = create(path);
    for (int at = 1; at <= 1000; at++) {
        g_autofree char *text = text_of(at, 2000);
        put(store, at, "Slider", text);
    }
    close_store(store);
    struct stat info;
    g_assert_cmpint(stat(path, &info), ==, 0);
    g_autofree char *last = text_of(1000, 2000);
    g_test_message("1000 steps of %zu bytes: %d bytes", strlen(last), (int)info.st_size);
    g_assert_cmpint(info.st_size, <, 10 * (int)strlen(last));
    store = reopen(path);
    g_autoptr(HpStoreContents) contents = hp_store_read(store);
    g_assert_cmpuint(contents->steps->len, ==, 1000);
    g_assert_cmpstr(step(contents, 999)->text, ==, last);
    close_store(store);
}

typedef struct {
    GChecksum *sum;
    int bricks;
} Counted;

static bool count_cb(const uint8_t *hash, const uint8_t *labels, void *data, GError **error)
{
    Counted *counted = data;
    g_checksum_update(counted->sum, hash, HP_BRICK_HASH);
    counted->bricks++;
    return true;
}

static char *pack_sum(const HpMask *mask, int *bricks)
{
    Counted counted = {g_checksum_new(G_CHECKSUM_SHA256), 0};
    g_autoptr(GBytes) table = hp_bricks_pack(mask, count_cb, &counted, NULL);
    gsize size;
    const void *data = g_bytes_get_data(table, &size);
    g_checksum_update(counted.sum, data, (gssize)size);
    char *sum = g_strdup(g_checksum_get_string(counted.sum));
    g_checksum_free(counted.sum);
    *bricks = counted.bricks;
    return sum;
}

static void the_same_result_is_the_same_bytes(void)
{
    g_autoptr(HpMask) mask = ball(30);
    // By another way to the same labels.
    g_autoptr(HpMask) again = ball(33);
    for (int k = 0; k < 70; k++)
        for (int j = 0; j < 90; j++)
            for (int i = 0; i < 100; i++)
                hp_mask_set(again, i, j, k, hp_mask_get(mask, i, j, k));
    int bricks[2];
    g_autofree char *one = pack_sum(mask, &bricks[0]);
    g_autofree char *other = pack_sum(again, &bricks[1]);
    g_assert_cmpstr(one, ==, other);
    g_assert_cmpint(bricks[0], ==, bricks[1]);
}

static void a_copy_replaces_whole_or_not_at_all(void)
{
    g_auto(Folder) folder = folder_new();
    const char *path = folder_file(&folder, "a.hepatica");
    const char *to = folder_file(&folder, "b.hepatica");
    make_case(path);
    HpStore *store = reopen(path);
    g_autofree char *text = text_of(6, 6);
    put(store, 6, "Not yet in the file proper", text); // still in the journal
    folder_put(&folder, "b.hepatica", "something old", 13);
    g_autoptr(GError) error = NULL;
    g_assert_true(hp_store_copy(store, to, &error));
    g_assert_true(hp_store_copy(store, path, &error)); // onto itself: it is there
    HpStore *copy = reopen(to);
    g_autoptr(HpStoreContents) contents = hp_store_read(copy);
    g_assert_cmpuint(contents->steps->len, ==, 6);
    g_assert_nonnull(contents->result);
    // A case that is open is not replaced under its owner.
    g_assert_false(hp_store_copy(store, to, &error));
    g_assert_error(error, HP_ERROR, HP_ERROR_UNSUPPORTED);
    g_assert_nonnull(strstr(error->message, "is open in another"));
    g_clear_error(&error);
    close_store(copy);

    g_assert_false(hp_store_copy(store, folder.path, &error));
    g_assert_error(error, HP_ERROR, HP_ERROR_IO);
    g_clear_error(&error);
    g_assert_false(hp_store_copy(store, "/proc/case.hepatica", &error));
    g_assert_error(error, HP_ERROR, HP_ERROR_IO);
    g_assert_true(g_str_has_prefix(error->message, "/proc/case.hepatica: cannot be written"));
    close_store(store);
    g_assert_cmpint(folder_count(&folder), ==, 2);
}

static void what_is_no_case_is_refused_by_its_fact(void)
{
    g_auto(Folder) folder = folder_new();
    const char *path = folder_file(&folder, "a.hepatica");
    g_autofree char *missing = refusal(path, HP_ERROR_IO);
    g_assert_nonnull(strstr(missing, "No such file"));
    g_autofree char *dir = refusal(folder.path, HP_ERROR_BAD_FILE);
    g_assert_cmpstr(dir, ==, "is a folder, expected a case file");
    folder_put(&folder, "a.hepatica", "", 0);
    g_autofree char *empty = refusal(path, HP_ERROR_BAD_FILE);
    g_assert_cmpstr(empty, ==, "is empty");
    g_autofree char *words = g_strnfill(5000, 'x');
    folder_put(&folder, "a.hepatica", words, 5000);
    g_autofree char *text = refusal(path, HP_ERROR_BAD_FILE);
    g_assert_cmpstr(text, ==, "is no Hepatica case");
    g_unlink(path);
    g_assert_cmpint(mkfifo(path, 0600), ==, 0);
    g_autofree char *fifo = refusal(path, HP_ERROR_BAD_FILE);
    g_assert_cmpstr(fifo, ==, "is no plain file");
    g_autoptr(GError) error = NULL;
    g_assert_null(hp_store_create(path, &error));
    g_assert_error(error, HP_ERROR, HP_ERROR_IO);
}

// Writes a big-endian number into the database's header.
static void stamp(const char *path, long at, guint32 value)
{
    const guint32 big = GUINT32_TO_BE(value);
    FILE *file = g_fopen(path, "r+b");
    g_assert_nonnull(file);
    fseek(file, at, SEEK_SET);
    g_assert_cmpuint(fwrite(&big, 1, 4, file), ==, 4);
    fclose(file);
}

static void a_newer_case_and_a_foreign_database_are_refused(void)
{
    g_auto(Folder) folder = folder_new();
    const char *path = folder_file(&folder, "a.hepatica");
    make_case(path);
    stamp(path, 60, HP_STORE_FORMAT + 6); // user_version
    g_autofree char *newer = refusal(path, HP_ERROR_UNSUPPORTED);
    g_assert_cmpstr(newer, ==, "was written by a newer Hepatica (format 7; this one reads 1)");
    stamp(path, 60, HP_STORE_FORMAT);
    stamp(path, 68, 0x12345678); // application_id
    g_autofree char *foreign = refusal(path, HP_ERROR_UNSUPPORTED);
    g_assert_cmpstr(foreign, ==, "is a database of another program");
    g_assert_cmpint(folder_count(&folder), ==, 1);
}

// Reads what there is of a damaged file; crashes are what is looked for.
static bool survives(const char *path, guint *lost)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(HpStore) store = hp_store_open(path, &error);
    if (store == NULL) {
        g_assert_nonnull(error);
        g_assert_true(g_str_has_prefix(error->message, path));
        return false;
    }
    g_autoptr(HpStoreContents) contents = hp_store_read(store);
    *lost += contents->lost->len;
    // Whatever came out is what had been put in.
    for (guint at = 0; at < contents->steps->len; at++) {
        const int id = (int)step(contents, (int)at)->id;
        g_autofree char *text = text_of(id, 40 * id);
        g_assert_true(strcmp(step(contents, (int)at)->text, text) == 0);
        g_assert_cmpstr(step(contents, (int)at)->name, ==, "Seed");
        const double ml = step(contents, (int)at)->ml;
        g_assert_true(isnan(ml) || ml == (id == 2 ? 1234.5678 : 0.1));
    }
    if (contents->result != NULL)
        g_assert_cmpstr(contents->result->numbers, ==, "{\"ml\": 12.5}\n");
    return true;
}

static void a_truncated_case_never_crashes(void)
{
    g_auto(Folder) folder = folder_new();
    make_case(folder_file(&folder, "a.hepatica"));
    g_autofree char *bytes = NULL;
    gsize size;
    g_assert_true(g_file_get_contents(folder_file(&folder, "a.hepatica"), &bytes, &size, NULL));
    guint lost = 0, opened = 0;
    const char *path = folder_file(&folder, "b.hepatica");
    for (gsize length = 0; length < size; length += MAX(size / 60, 1) + length % 7) {
        folder_put(&folder, "b.hepatica", bytes, length);
        opened += survives(path, &lost);
    }
    g_test_message("of %d bytes: %u opened, %u losses told", (int)size, opened, lost);
}

static void a_damaged_case_never_crashes_and_never_lies(void)
{
    g_auto(Folder) folder = folder_new();
    make_case(folder_file(&folder, "a.hepatica"));
    g_autofree char *bytes = NULL;
    gsize size;
    g_assert_true(g_file_get_contents(folder_file(&folder, "a.hepatica"), &bytes, &size, NULL));
    const char *path = folder_file(&folder, "b.hepatica");
    guint lost = 0, opened = 0;
    guint64 random = 88172645463325252u;
    const int trials = g_test_slow() ? 5000 : 300;
    for (int trial = 0; trial < trials; trial++) {
        g_autofree char *bad = g_memdup2(bytes, size);
        for (int flips = 0; flips < 1 + trial % 8; flips++) {
            random ^= random << 13, random ^= random >> 7, random ^= random << 17;
            // Half of them in the first pages, where the schema lies.
            const gsize range = trial % 2 ? size : MIN(size, 4 * 4096);
            bad[(random >> 3) % range] ^= (char)(1 << (random & 7));
        }
        folder_put(&folder, "b.hepatica", bad, size);
        opened += survives(path, &lost);
    }
    g_test_message("%d flipped files: %u opened, %u losses told", trials, opened, lost);
    g_assert_cmpuint(lost, >, 0);
}

static void what_is_left_of_a_damaged_case_is_told(void)
{
    g_auto(Folder) folder = folder_new();
    const char *path = folder_file(&folder, "a.hepatica");
    make_case(path);
    g_autofree char *bytes = NULL;
    gsize size;
    g_assert_true(g_file_get_contents(path, &bytes, &size, NULL));
    // The name of the third step and what follows it: SQLite keeps a row's cells together.
    bool is_told = false;
    for (gsize at = 4096; at + 4 < size && !is_told; at++)
        if (memcmp(bytes + at, "Seed", 4) == 0) {
            bytes[at + 40] ^= 0x10; // in the sum
            folder_put(&folder, "a.hepatica", bytes, size);
            g_autoptr(HpStore) store = reopen(path);
            g_autoptr(HpStoreContents) contents = hp_store_read(store);
            is_told = contents->lost->len > 0;
            g_assert_cmpuint(contents->steps->len, <, 5);
            g_assert_true(g_str_has_prefix(contents->lost->pdata[0], "step "));
            g_assert_nonnull(contents->result);
        }
    g_assert_true(is_told);
}

static void a_case_that_is_open_is_not_opened_twice(void)
{
    g_auto(Folder) folder = folder_new();
    const char *path = folder_file(&folder, "a.hepatica");
    make_case(path);
    HpStore *store = reopen(path);
    g_autofree char *here = refusal(path, HP_ERROR_UNSUPPORTED);
    g_assert_cmpstr(here, ==, "the case is open in another window or program");
    // Another program meets the same lock.
    g_autofree char *command = g_strdup_printf("%s --look %s", program, path);
    g_autofree char *said = NULL;
    g_assert_true(g_spawn_command_line_sync(command, &said, NULL, NULL, NULL));
    g_assert_nonnull(strstr(said, "is open in another window or program"));
    close_store(store);
    store = reopen(path);
    close_store(store);
}

// Starts this program to do one thing with a case again and again, printing a number each time it is
// finished; kills it without warning after `milliseconds`. The last number it printed.
static int kill_child(char *what, const char *path, int milliseconds)
{
    char *argv[] = {program, what, (char *)path, NULL};
    GPid pid;
    int out;
    g_autoptr(GError) error = NULL;
    g_spawn_async_with_pipes(NULL, argv, NULL, G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL, &pid, NULL,
                             &out, NULL, &error);
    g_assert_no_error(error);
    FILE *words = fdopen(out, "r");
    int last = 0;
    g_assert_cmpint(fscanf(words, "%d", &last), ==, 1); // it is at work
    g_usleep((gulong)milliseconds * 1000);
    kill(pid, SIGKILL);
    int next;
    while (fscanf(words, "%d", &next) == 1)
        last = next;
    fclose(words);
    waitpid(pid, NULL, 0);
    return last;
}

static void a_killed_writer_leaves_every_finished_step(void)
{
    g_auto(Folder) folder = folder_new();
    const char *path = folder_file(&folder, "a.hepatica");
    int total = 0;
    for (int trial = 0; trial < 12; trial++) {
        const int last = kill_child("--write", path, 3 + 17 * trial % 90);
        HpStore *store = reopen(path);
        g_autoptr(HpStoreContents) contents = hp_store_read(store);
        g_assert_cmpuint(contents->lost->len, ==, 0);
        g_assert_cmpint((int)contents->steps->len, >=, last);
        for (guint at = 0; at < contents->steps->len; at++) {
            g_autofree char *text = text_of((int)at + 1, 300);
            g_assert_cmpstr(step(contents, (int)at)->text, ==, text);
        }
        if (last >= 10)
            g_assert_nonnull(contents->result);
        close_store(store);
        g_assert_cmpint(folder_count(&folder), ==, 1);
        g_unlink(path);
        total += last;
    }
    g_test_message("12 kills, %d steps finished, none lost", total);
}

static void a_copy_that_is_killed_leaves_the_old_or_the_new(void)
{
    g_auto(Folder) folder = folder_new();
    const char *path = folder_file(&folder, "a.hepatica");
    const char *copy = folder_file(&folder, "a.hepatica.copy");
    int total = 0;
    for (int trial = 0; trial < 8; trial++) {
        total += kill_child("--copy", path, 2 + 13 * trial % 40);
        HpStore *store = reopen(copy);
        g_autoptr(HpStoreContents) contents = hp_store_read(store);
        g_assert_cmpuint(contents->lost->len, ==, 0);
        g_assert_cmpuint(contents->steps->len, ==, 5);
        g_assert_nonnull(contents->result);
        close_store(store);
        g_unlink(path);
    }
    g_test_message("8 kills, %d copies finished, the last always whole", total);
}

static void a_full_disk_says_so_and_loses_nothing(void)
{
    g_auto(Folder) folder = folder_new();
    const char *path = folder_file(&folder, "a.hepatica");
    g_autofree char *command = g_strdup_printf("%s --fill %s", program, path);
    g_autofree char *said = NULL;
    int status;
    g_assert_true(g_spawn_command_line_sync(command, &said, NULL, &status, NULL));
    g_assert_true(g_spawn_check_wait_status(status, NULL));
    int finished = 0;
    g_assert_cmpint(sscanf(said, "%d", &finished), ==, 1);
    g_test_message("%s", said);
    g_assert_cmpint(finished, >, 3);
    g_assert_nonnull(strstr(said, "cannot be"));
    g_assert_nonnull(strstr(said, path));
    HpStore *store = reopen(path);
    g_autoptr(HpStoreContents) contents = hp_store_read(store);
    g_assert_cmpuint(contents->lost->len, ==, 0);
    g_assert_cmpint((int)contents->steps->len, ==, finished);
    g_autofree char *text = text_of(1000, 5);
    put(store, finished + 1, "Again", text); // there is room now
    close_store(store);
}

static void a_case_that_cannot_be_written_opens_and_refuses_to_write(void)
{
    g_auto(Folder) folder = folder_new();
    const char *path = folder_file(&folder, "a.hepatica");
    make_case(path);
    for (int at = 0; at < 2; at++) { // the file, then the folder alone
        g_chmod(path, at == 0 ? 0444 : 0666);
        g_chmod(folder.path, at == 0 ? 0777 : 0555);
        g_autofree char *command = g_strdup_printf("%s --read-only %s", program, path);
        g_autofree char *said = NULL;
        g_assert_true(g_spawn_command_line_sync(command, &said, NULL, NULL, NULL));
        g_autofree char *wanted =
            g_strdup_printf("read-only, 5 steps, %s: lies where it cannot be written\n", path);
        g_assert_cmpstr(said, ==, wanted);
    }
    g_chmod(folder.path, 0777);
    g_assert_cmpint(folder_count(&folder), ==, 1);
}

// The child of the tests above.
static int write_for_ever(const char *path)
{
    g_autoptr(HpStore) store = create(path);
    for (int at = 1; at < G_MAXINT; at++) {
        g_autofree char *text = text_of(at, 300);
        put(store, at, "Seed", text);
        if (at % 10 == 0) {
            g_autoptr(HpStoreResult) result = result_of(text, 20 + at % 13);
            g_assert_true(hp_store_put_result(store, result, NULL));
        }
        printf("%d\n", at);
        fflush(stdout);
    }
    return 0;
}

// Another child: saves a case to one place again and again.
static int copy_for_ever(const char *path)
{
    g_autofree char *copy = g_strconcat(path, ".copy", NULL);
    make_case(path);
    g_autoptr(HpStore) store = reopen(path);
    for (int at = 1; at < G_MAXINT; at++) {
        g_assert_true(hp_store_copy(store, copy, NULL));
        printf("%d\n", at);
        fflush(stdout);
    }
    return 0;
}

// Puts steps until files may not grow further, as on a full disk.
static int write_until_full(const char *path)
{
    const struct rlimit most = {600000, 600000};
    signal(SIGXFSZ, SIG_IGN);
    g_autoptr(HpStore) store = create(path);
    setrlimit(RLIMIT_FSIZE, &most);
    for (int at = 1; at < 1000; at++) {
        g_autoptr(GError) error = NULL;
        g_autofree char *text = text_of(at * 7919, 1000 + 50 * (at % 3));
        for (char *digit = text; *digit != '\0'; digit++) // nothing of it like the step before
            if (g_ascii_isdigit(*digit))
                *digit = (char)('0' + g_random_int_range(0, 10));
        g_autoptr(HpStoreStep) one = hp_store_step_new(at, "Seed", text);
        if (!hp_store_put_step(store, one, &error)) {
            printf("%d steps, then: %s\n", at - 1, error->message);
            return 0;
        }
    }
    return 1;
}

static int look(const char *path)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(HpStore) store = hp_store_open(path, &error);
    printf("%s\n", store != NULL ? "opened" : error->message);
    return 0;
}

// As somebody whom permissions bind.
static int try_read_only(const char *path)
{
    if (geteuid() == 0 && (setgid(65534) != 0 || setuid(65534) != 0))
        return 1;
    g_autoptr(HpStore) store = reopen(path);
    g_autoptr(HpStoreContents) contents = hp_store_read(store);
    g_autoptr(GError) error = NULL;
    hp_store_show_step(store, 1, &error);
    printf("%s, %u steps, %s\n", hp_store_is_read_only(store) ? "read-only" : "writable",
           contents->steps->len, error != NULL ? error->message : "written");
    return 0;
}

int main(int argc, char **argv)
{
    if (argc == 3 && strcmp(argv[1], "--read-only") == 0)
        return try_read_only(argv[2]);
    if (argc == 3 && strcmp(argv[1], "--write") == 0)
        return write_for_ever(argv[2]);
    if (argc == 3 && strcmp(argv[1], "--copy") == 0)
        return copy_for_ever(argv[2]);
    if (argc == 3 && strcmp(argv[1], "--fill") == 0)
        return write_until_full(argv[2]);
    if (argc == 3 && strcmp(argv[1], "--look") == 0)
        return look(argv[2]);
    program = argv[0];
    g_test_init(&argc, &argv, NULL);
#define TEST(name) g_test_add_func("/case/store/" #name, name)
    TEST(a_case_reads_back_as_it_was_put);
    TEST(undone_steps_stay_until_another_way_is_taken);
    TEST(a_slider_moved_a_thousand_times_stays_small);
    TEST(the_same_result_is_the_same_bytes);
    TEST(a_copy_replaces_whole_or_not_at_all);
    TEST(what_is_no_case_is_refused_by_its_fact);
    TEST(a_newer_case_and_a_foreign_database_are_refused);
    TEST(a_truncated_case_never_crashes);
    TEST(a_damaged_case_never_crashes_and_never_lies);
    TEST(what_is_left_of_a_damaged_case_is_told);
    TEST(a_case_that_is_open_is_not_opened_twice);
    TEST(a_killed_writer_leaves_every_finished_step);
    TEST(a_copy_that_is_killed_leaves_the_old_or_the_new);
    TEST(a_full_disk_says_so_and_loses_nothing);
    TEST(a_case_that_cannot_be_written_opens_and_refuses_to_write);
    return g_test_run();
}
