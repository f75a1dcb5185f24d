// SPDX-License-Identifier: Apache-2.0
// A document that is kept: saved, opened again, found after a crash, with its images gone or changed.
#include "case/document.h"

#include "case/donor.h"
#include "case/export.h"
#include "case/unsaved.h"
#include "core/error.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static Donor *donor; // written once
static char *program;

static void add_seed(HpDocument *document)
{
    hp_document_add_seed(document, donor_seed(donor, &hp_document_get_volume(document)->grid));
}

// Runs the main loop until all is written, or has failed.
static void wait_kept(HpDocument *document)
{
    const gint64 until = g_get_monotonic_time() + 60 * G_USEC_PER_SEC;
    while (hp_document_get_saved(document) == HP_SAVED_WRITING) {
        g_main_context_iteration(NULL, FALSE);
        g_usleep(1000);
        g_assert_cmpint(g_get_monotonic_time(), <, until);
    }
}

// As long as the checksum of the images, or a second try, may take.
static void wait_words(HpDocument *document, const char *words)
{
    const gint64 until = g_get_monotonic_time() + 60 * G_USEC_PER_SEC;
    while (hp_document_get_error(document) == NULL ||
           strstr(hp_document_get_error(document)->message, words) == NULL) {
        g_main_context_iteration(NULL, FALSE);
        g_usleep(1000);
        if (g_get_monotonic_time() > until)
            g_error("\"%s\" was not said, but %s", words,
                    hp_document_get_error(document) != NULL
                        ? hp_document_get_error(document)->message
                        : "nothing");
    }
}

static HpDocument *reopen(const char *path)
{
    HpDocument *document = hp_document_new();
    hp_document_open_case(document, path);
    g_assert_true(hp_document_is_busy(document));
    wait_idle(document);
    return document;
}

static void throw_away(HpDocument *document)
{
    hp_document_discard(document);
    g_assert_finalize_object(document);
}

// A case with a result, a cut and an undone step, saved.
static HpNumbers make_case(const char *path)
{
    g_autoptr(GError) error = NULL;
    HpDocument *document = donor_open(donor);
    g_assert_cmpint(hp_document_get_saved(document), ==, HP_SAVED_NOTHING);
    add_seed(document);
    hp_document_set_value(document, HP_PARAM_KAPPA, 0.1);
    hp_document_pursue(document, HP_GOAL_ORGAN);
    wait_idle(document);
    g_assert_no_error(hp_document_get_error(document));
    hp_document_set_value(document, HP_PARAM_ALPHA, 3);
    hp_document_undo(document);
    g_assert_false(hp_document_is_stale(document)); // back where the result was made
    wait_kept(document);
    g_assert_cmpint(hp_document_get_saved(document), ==, HP_SAVED_APART);
    g_assert_false(hp_document_is_saved(document));
    g_assert_true(hp_document_save_as(document, path, &error));
    g_assert_no_error(error);
    g_assert_cmpstr(hp_document_get_case_path(document), ==, path);
    wait_kept(document);
    g_assert_true(hp_document_is_saved(document));
    g_autoptr(GPtrArray) unsaved = hp_unsaved_list();
    g_assert_cmpuint(unsaved->len, ==, 0); // it moved
    const HpNumbers numbers = hp_document_get_numbers(document);
    g_assert_finalize_object(document);
    return numbers;
}

// Bit for bit; what stands between the last of them and the end of the struct is nobody's.
static void assert_same_numbers(HpNumbers a, HpNumbers b)
{
    const size_t size = G_STRUCT_OFFSET(HpNumbers, lower_bound);
    g_assert_cmpmem(&a, size, &b, size);
    g_assert_true(a.lower_bound == b.lower_bound);
}

static void a_saved_case_opens_as_it_was_left(void)
{
    g_autofree char *path = donor_path(donor, "a.hepatica");
    const HpNumbers numbers = make_case(path);
    g_autofree char *journal = g_strconcat(path, "-wal", NULL);
    g_assert_false(g_file_test(journal, G_FILE_TEST_EXISTS));

    HpDocument *document = reopen(path);
    g_assert_no_error(hp_document_get_error(document));
    g_assert_cmpuint(hp_document_get_lost(document)->len, ==, 0);
    g_assert_true(hp_document_is_saved(document));
    g_assert_nonnull(hp_document_get_volume(document));
    g_assert_false(hp_document_is_stale(document));
    const HpNumbers again = hp_document_get_numbers(document);
    assert_same_numbers(again, numbers);
    g_assert_cmpuint(hp_document_get_previews(document)->len, ==, 1);
    g_assert_cmpuint(hp_document_get_contours(document)->len, >, 10);
    // The organ is not looked for again.
    HpMask *mask = hp_document_get_mask(document);
    hp_document_pursue(document, HP_GOAL_ORGAN);
    wait_idle(document);
    g_assert_true(hp_document_get_mask(document) == mask);

    g_assert_cmpfloat(hp_document_get_step_at(document, 2).ml, ==, numbers.mesh_ml);
    g_assert_true(isnan(hp_document_get_step_at(document, 3).ml));
    g_assert_cmpstr(hp_document_get_redo_name(document), ==, "Length α");
    g_assert_true(hp_document_redo(document));
    g_assert_cmpfloat(hp_document_get_plan(document)->params.value[HP_PARAM_ALPHA], ==, 3);
    g_assert_true(hp_document_is_stale(document));
    g_assert_true(hp_document_undo(document));
    g_assert_true(hp_document_undo(document));
    g_assert_true(hp_document_undo(document));
    g_assert_null(hp_document_get_undo_name(document));
    g_assert_cmpuint(hp_document_get_plan(document)->seeds->len, ==, 0);
    g_assert_finalize_object(document);

    // Where undo had gone is kept, too.
    document = reopen(path);
    g_assert_null(hp_document_get_undo_name(document));
    g_assert_cmpstr(hp_document_get_redo_name(document), ==, "Seed drawn");
    g_assert_true(hp_document_is_stale(document));
    g_assert_finalize_object(document);
    g_unlink(path);
}

static void a_case_is_open_once(void)
{
    g_autofree char *path = donor_path(donor, "a.hepatica");
    make_case(path);
    HpDocument *first = reopen(path);
    HpDocument *second = donor_open(donor);
    hp_document_open_case(second, path);
    wait_idle(second);
    g_assert_error(hp_document_get_error(second), HP_ERROR, HP_ERROR_UNSUPPORTED);
    g_assert_nonnull(strstr(hp_document_get_error(second)->message, "open in another window"));
    g_assert_nonnull(hp_document_get_volume(second)); // what was open stays
    g_autoptr(GError) error = NULL;
    g_assert_false(hp_document_save_as(second, path, &error));
    g_assert_error(error, HP_ERROR, HP_ERROR_UNSUPPORTED);
    g_assert_cmpint(hp_document_get_saved(second), ==, HP_SAVED_APART);
    throw_away(second);
    g_assert_finalize_object(first);
    g_unlink(path);
}

static void without_its_images_a_case_shows_mask_and_numbers(void)
{
    g_autofree char *path = donor_path(donor, "a.hepatica");
    g_autofree char *away = donor_path(donor, "unplugged");
    const HpNumbers numbers = make_case(path);
    g_assert_cmpint(g_rename(donor->series, away), ==, 0);
    HpDocument *document = reopen(path);
    g_assert_nonnull(strstr(hp_document_get_error(document)->message, "the images cannot be read"));
    g_assert_nonnull(strstr(hp_document_get_error(document)->message, donor->series));
    g_assert_null(hp_document_get_volume(document));
    g_assert_nonnull(hp_document_get_mask(document));
    g_assert_nonnull(hp_document_get_mesh(document));
    const HpNumbers again = hp_document_get_numbers(document);
    assert_same_numbers(again, numbers);
    g_assert_true(hp_document_is_saved(document));
    g_autoptr(GError) error = NULL;
    double file_ml = NAN;
    HpSnapshot *snapshot = hp_document_dup_snapshot(document, &error);
    g_assert_no_error(error);
    const HpExportChoice choice = {.format = HP_EXPORT_STL, .folder = donor->root, .name = "again"};
    g_assert_true(hp_export_write(snapshot, &choice, &file_ml, NULL, &error));
    g_assert_cmpfloat_with_epsilon(file_ml, numbers.mesh_ml, 1e-3 * numbers.mesh_ml);
    const HpExportChoice report = {
        .format = HP_EXPORT_REPORT, .folder = donor->root, .name = "again"};
    g_assert_false(hp_export_write(snapshot, &report, &file_ml, NULL, &error));
    g_assert_error(error, HP_ERROR, HP_ERROR_NO_RESULT);
    g_clear_error(&error);
    hp_snapshot_free(snapshot);
    g_assert_true(hp_document_undo(document)); // one can look through the steps
    g_assert_true(hp_document_redo(document));
    hp_document_pursue(document, HP_GOAL_ORGAN); // what cannot be done says so and harms nothing
    wait_idle(document);
    g_assert_nonnull(hp_document_get_error(document));
    g_assert_nonnull(hp_document_get_mask(document));

    hp_document_set_images(document, away);
    wait_idle(document);
    g_assert_no_error(hp_document_get_error(document));
    g_assert_nonnull(hp_document_get_volume(document));
    g_assert_nonnull(hp_document_get_mask(document));
    g_assert_false(hp_document_is_stale(document));
    g_assert_finalize_object(document);
    document = reopen(path); // it knows the new place
    g_assert_no_error(hp_document_get_error(document));
    g_assert_nonnull(hp_document_get_volume(document));
    g_assert_finalize_object(document);
    g_assert_cmpint(g_rename(away, donor->series), ==, 0);
    g_unlink(path);
}

static void other_images_are_told_from_the_case_s_own(void)
{
    g_autofree char *path = donor_path(donor, "a.hepatica");
    make_case(path);
    // One pixel of one slice, in the middle of the file.
    g_autofree char *slice = g_build_filename(donor->series, "IM00020.dcm", NULL);
    g_autoptr(GDir) dir = g_dir_open(donor->series, 0, NULL);
    g_autofree char *name = g_strdup(g_dir_read_name(dir));
    g_free(slice);
    slice = g_build_filename(donor->series, name, NULL);
    g_autofree char *bytes = NULL;
    gsize size;
    g_assert_true(g_file_get_contents(slice, &bytes, &size, NULL));
    bytes[size - 2000] ^= 1;
    g_assert_true(g_file_set_contents(slice, bytes, (gssize)size, NULL));
    HpDocument *document = reopen(path);
    wait_words(document, "these are not the images that the case was made with");
    g_assert_true(hp_document_is_stale(document));
    g_assert_nonnull(hp_document_get_mask(document));
    g_assert_finalize_object(document);
    bytes[size - 2000] ^= 1;
    g_assert_true(g_file_set_contents(slice, bytes, (gssize)size, NULL));
    g_unlink(path);
}

static void a_damaged_case_is_kept_apart_and_left_alone(void)
{
    g_autofree char *path = donor_path(donor, "a.hepatica");
    make_case(path);
    g_autofree char *bytes = NULL;
    gsize size;
    g_assert_true(g_file_get_contents(path, &bytes, &size, NULL));
    gsize name = 0; // of the last step; its sum follows
    while (name + 6 < size && memcmp(bytes + name, "Length", 6) != 0)
        name++;
    g_assert_cmpuint(name + 30, <, size);
    bytes[name + 30] ^= 1;
    g_assert_true(g_file_set_contents(path, bytes, (gssize)size, NULL));
    HpDocument *document = reopen(path);
    g_assert_cmpuint(hp_document_get_lost(document)->len, ==, 1);
    wait_words(document, "parts could not be read: step 4");
    g_assert_null(hp_document_get_case_path(document));
    g_assert_nonnull(hp_document_get_mask(document));
    hp_document_set_value(document, HP_PARAM_BETA, 2);
    wait_kept(document);
    g_assert_cmpint(hp_document_get_saved(document), ==, HP_SAVED_APART);
    g_autofree char *after = NULL;
    gsize size_after;
    g_assert_true(g_file_get_contents(path, &after, &size_after, NULL));
    g_assert_cmpmem(after, size_after, bytes, size);
    throw_away(document);
    g_unlink(path);
}

static void what_is_no_case_leaves_the_open_one_open(void)
{
    g_autofree char *path = donor_path(donor, "x.hepatica");
    g_assert_true(g_file_set_contents(path, "no case", -1, NULL));
    HpDocument *document = donor_open(donor);
    add_seed(document);
    hp_document_open_case(document, path);
    wait_idle(document);
    g_assert_error(hp_document_get_error(document), HP_ERROR, HP_ERROR_BAD_FILE);
    g_assert_cmpuint(hp_document_get_plan(document)->seeds->len, ==, 1);
    g_assert_nonnull(hp_document_get_volume(document));
    throw_away(document);
    g_unlink(path);
}

static void saving_where_one_cannot_leaves_the_case_where_it_was(void)
{
    g_autofree char *nowhere = donor_path(donor, "nowhere/a.hepatica");
    g_autoptr(GError) error = NULL;
    HpDocument *document = hp_document_new();
    g_assert_false(hp_document_save_as(document, nowhere, &error));
    g_assert_error(error, HP_ERROR, HP_ERROR_NO_RESULT);
    g_clear_error(&error);
    g_object_unref(document);
    document = donor_open(donor);
    add_seed(document);
    g_assert_false(hp_document_save_as(document, nowhere, &error));
    g_assert_error(error, HP_ERROR, HP_ERROR_IO);
    g_assert_true(g_str_has_prefix(error->message, nowhere));
    g_assert_null(hp_document_get_case_path(document));
    wait_kept(document);
    g_assert_cmpint(hp_document_get_saved(document), ==, HP_SAVED_APART);
    throw_away(document);
    g_autoptr(GPtrArray) unsaved = hp_unsaved_list();
    g_assert_cmpuint(unsaved->len, ==, 0);
}

static void a_killed_program_s_case_is_offered_again(void)
{
    char *argv[] = {program, "--edit", donor->root, NULL};
    GPid pid;
    int out;
    g_autoptr(GError) error = NULL;
    g_spawn_async_with_pipes(NULL, argv, NULL, G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL, &pid, NULL,
                             &out, NULL, &error);
    g_assert_no_error(error);
    FILE *words = fdopen(out, "r");
    int edits = 0;
    g_assert_cmpint(fscanf(words, "%d", &edits), ==, 1);
    g_autoptr(GPtrArray) of_living = hp_unsaved_list();
    g_assert_cmpuint(of_living->len, ==, 0); // its owner is at work
    kill(pid, SIGKILL);
    fclose(words);
    waitpid(pid, NULL, 0);

    g_autoptr(GPtrArray) left = hp_unsaved_list();
    g_assert_cmpuint(left->len, ==, 1);
    const HpUnsaved *unsaved = left->pdata[0];
    g_assert_null(unsaved->fact);
    g_assert_cmpint(unsaved->steps, ==, edits);
    g_assert_cmpstr(unsaved->images, ==, donor->series);
    g_assert_cmpint(g_get_real_time() - unsaved->time_us, <, 120 * G_USEC_PER_SEC);
    HpDocument *document = reopen(unsaved->path);
    g_assert_no_error(hp_document_get_error(document));
    g_assert_null(hp_document_get_case_path(document));
    g_assert_cmpint(hp_document_get_saved(document), ==, HP_SAVED_APART);
    g_assert_cmpuint(hp_document_get_plan(document)->seeds->len, ==, 1);
    g_assert_cmpfloat(hp_document_get_plan(document)->params.value[HP_PARAM_KAPPA], ==, 0.25);
    g_autofree char *path = donor_path(donor, "rescued.hepatica");
    g_assert_true(hp_document_save_as(document, path, &error));
    g_assert_finalize_object(document);
    g_autoptr(GPtrArray) none = hp_unsaved_list();
    g_assert_cmpuint(none->len, ==, 0);
    g_unlink(path);
}

static void a_full_disk_is_told_and_tried_again(void)
{
    HpDocument *document = donor_open(donor);
    add_seed(document);
    wait_kept(document);
    struct rlimit before;
    signal(SIGXFSZ, SIG_IGN);
    g_assert_cmpint(getrlimit(RLIMIT_FSIZE, &before), ==, 0);
    const struct rlimit none = {1000, before.rlim_max};
    g_assert_cmpint(setrlimit(RLIMIT_FSIZE, &none), ==, 0);
    hp_document_set_value(document, HP_PARAM_KAPPA, 0.5);
    hp_document_set_value(document, HP_PARAM_ALPHA, 2);
    wait_words(document, "cannot be");
    setrlimit(RLIMIT_FSIZE, &before);
    g_assert_cmpint(hp_document_get_saved(document), ==, HP_SAVED_FAILED);
    g_assert_false(hp_document_is_saved(document));
    hp_document_set_value(document, HP_PARAM_BETA, 2);
    const gint64 until = g_get_monotonic_time() + 60 * G_USEC_PER_SEC;
    while (hp_document_get_saved(document) != HP_SAVED_APART) { // room again: all of it is written
        g_main_context_iteration(NULL, FALSE);
        g_usleep(1000);
        g_assert_cmpint(g_get_monotonic_time(), <, until);
    }
    g_object_unref(document);
    g_autoptr(GPtrArray) left = hp_unsaved_list();
    g_assert_cmpuint(left->len, ==, 1);
    HpDocument *again = reopen(((HpUnsaved *)left->pdata[0])->path);
    g_assert_cmpstr(hp_document_get_undo_name(again), ==, "Bending β");
    g_assert_cmpfloat(hp_document_get_plan(again)->params.value[HP_PARAM_ALPHA], ==, 2);
    throw_away(again);
}

// The child that is killed: edits, tells how many edits are done once they are kept, and waits.
static int edit_for_ever(const char *root)
{
    g_autofree char *series = g_build_filename(root, "donor", "series", NULL);
    Donor here = {(char *)root, series};
    donor = &here;
    HpDocument *document = donor_open(donor);
    add_seed(document);
    hp_document_set_value(document, HP_PARAM_ALPHA, 2);
    hp_document_set_value(document, HP_PARAM_KAPPA, 0.25);
    wait_kept(document);
    printf("3\n");
    fflush(stdout);
    for (;;)
        g_main_context_iteration(NULL, TRUE);
    return 0;
}

int main(int argc, char **argv)
{
    if (argc == 3 && strcmp(argv[1], "--edit") == 0)
        return edit_for_ever(argv[2]);
    program = argv[0];
    g_test_init(&argc, &argv, NULL);
    donor = donor_new();
#define TEST(name) g_test_add_func("/case/keep/" #name, name)
    TEST(a_saved_case_opens_as_it_was_left);
    TEST(a_case_is_open_once);
    TEST(without_its_images_a_case_shows_mask_and_numbers);
    TEST(other_images_are_told_from_the_case_s_own);
    TEST(a_damaged_case_is_kept_apart_and_left_alone);
    TEST(what_is_no_case_leaves_the_open_one_open);
    TEST(saving_where_one_cannot_leaves_the_case_where_it_was);
    TEST(a_killed_program_s_case_is_offered_again);
    TEST(a_full_disk_is_told_and_tried_again);
    const int failed = g_test_run();
    donor_free(donor);
    return failed;
}
