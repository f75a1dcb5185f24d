// SPDX-License-Identifier: Apache-2.0
// The list of recent cases: newest first, capped, and never in the way.
#include "case/recent.h"

#include "core/error.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

static char *state; // the folder of one test

static char *in_state(const char *name)
{
    return g_build_filename(state, "hepatica", name, NULL);
}

static void add(const char *path, double ml, GBytes *thumbnail)
{
    g_autoptr(GError) error = NULL;
    hp_recent_add(path, ml, thumbnail, &error);
    g_assert_no_error(error);
}

static const HpRecent *entry(const GPtrArray *list, guint at)
{
    g_assert_cmpuint(at, <, list->len);
    return list->pdata[at];
}

static GBytes *png(gsize size)
{
    guchar *data = g_malloc0(size);
    memcpy(data, "\x89PNG\r\n\x1a\n", 8);
    data[size - 1] = 7;
    return g_bytes_new_take(data, size);
}

static void the_newest_comes_first_once(void)
{
    g_assert_true(hp_recent_remove(NULL, NULL));
    add("/cases/a \xff.hepatica", 1500.25, NULL); // no UTF-8
    add("/cases/b.hepatica", NAN, NULL);
    add("/cases/./a \xff.hepatica", NAN, NULL);
    g_autoptr(GPtrArray) list = hp_recent_list();
    g_assert_cmpuint(list->len, ==, 2);
    g_assert_cmpstr(entry(list, 0)->path, ==, "/cases/a \xff.hepatica");
    g_assert_cmpfloat(entry(list, 0)->ml, ==, 1500.25); // it stays known
    g_assert_cmpstr(entry(list, 1)->path, ==, "/cases/b.hepatica");
    g_assert_true(isnan(entry(list, 1)->ml));
    g_assert_cmpint(entry(list, 0)->time_us, >=, entry(list, 1)->time_us);
    g_assert_cmpint(g_get_real_time() - entry(list, 1)->time_us, <, 60 * G_USEC_PER_SEC);
}

static void thumbnails_are_kept_if_they_are_small_pictures(void)
{
    g_assert_true(hp_recent_remove(NULL, NULL));
    g_autoptr(GBytes) good = png(3000);
    g_autoptr(GBytes) huge = png(HP_RECENT_THUMBNAIL + 1);
    g_autoptr(GBytes) text = g_bytes_new("no picture at all", 17);
    add("/cases/a", 1, good);
    add("/cases/a", 1, huge);
    add("/cases/a", 1, text);
    add("/cases/a", 1, NULL);
    g_autoptr(GPtrArray) list = hp_recent_list();
    g_assert_true(g_bytes_equal(entry(list, 0)->thumbnail, good));
}

static void the_list_is_capped_and_the_oldest_go(void)
{
    g_assert_true(hp_recent_remove(NULL, NULL));
    for (int at = 0; at < HP_RECENT_MOST + 6; at++) {
        g_autofree char *path = g_strdup_printf("/cases/%d", at);
        add(path, at, NULL);
    }
    g_autoptr(GPtrArray) list = hp_recent_list();
    g_assert_cmpuint(list->len, ==, HP_RECENT_MOST);
    g_assert_cmpfloat(entry(list, 0)->ml, ==, HP_RECENT_MOST + 5);
    g_assert_cmpfloat(entry(list, HP_RECENT_MOST - 1)->ml, ==, 6);
}

static void what_is_gone_is_flagged_and_can_be_removed(void)
{
    g_assert_true(hp_recent_remove(NULL, NULL));
    g_autofree char *here = in_state("recent.json");
    add(here, NAN, NULL);
    add("/cases/gone", NAN, NULL);
    {
        g_autoptr(GPtrArray) list = hp_recent_list();
        g_assert_true(entry(list, 0)->is_missing);
        g_assert_false(entry(list, 1)->is_missing);
    }
    g_assert_true(hp_recent_remove("/cases/gone", NULL));
    g_assert_true(hp_recent_remove("/cases/never", NULL));
    g_autoptr(GPtrArray) list = hp_recent_list();
    g_assert_cmpuint(list->len, ==, 1);
    g_assert_cmpstr(entry(list, 0)->path, ==, here);
}

static void a_broken_list_is_an_empty_one(void)
{
    static const char *const broken[] = {"",
                                         "{",
                                         "{}",
                                         "[1, \"x\", null, []]",
                                         "[{\"uri\": 5, \"time_s\": 1}]",
                                         "[{\"uri\": \"http://x\", \"time_s\": 1}]",
                                         "[{\"uri\": \"file:///a\", \"time_s\": -1}]",
                                         "[{\"uri\": \"file:///a\"}]",
                                         "\xff\xfe"};
    g_autofree char *path = in_state("recent.json");
    for (size_t at = 0; at < G_N_ELEMENTS(broken); at++) {
        g_assert_true(g_file_set_contents(path, broken[at], -1, NULL));
        g_autoptr(GPtrArray) list = hp_recent_list();
        g_assert_cmpuint(list->len, ==, 0);
    }
    add("/cases/a", 1, NULL); // and is made anew
    g_autoptr(GPtrArray) list = hp_recent_list();
    g_assert_cmpuint(list->len, ==, 1);
}

static void a_list_that_cannot_be_written_says_so(void)
{
    g_autofree char *folder = in_state(NULL);
    g_autofree char *list = in_state("recent.json");
    g_autofree char *lock = in_state("recent.lock");
    g_unlink(list);
    g_unlink(lock);
    g_rmdir(folder);
    g_assert_true(g_file_set_contents(folder, "in the way", -1, NULL));
    g_autoptr(GError) error = NULL;
    g_assert_false(hp_recent_add("/cases/a", 1, NULL, &error));
    g_assert_error(error, HP_ERROR, HP_ERROR_IO);
    g_autoptr(GPtrArray) empty = hp_recent_list();
    g_assert_cmpuint(empty->len, ==, 0);
    g_unlink(folder);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    state = g_dir_make_tmp("hepatica-recent-XXXXXX", NULL);
    g_setenv("XDG_STATE_HOME", state, TRUE);
#define TEST(name) g_test_add_func("/case/recent/" #name, name)
    TEST(the_newest_comes_first_once);
    TEST(thumbnails_are_kept_if_they_are_small_pictures);
    TEST(the_list_is_capped_and_the_oldest_go);
    TEST(what_is_gone_is_flagged_and_can_be_removed);
    TEST(a_broken_list_is_an_empty_one);
    TEST(a_list_that_cannot_be_written_says_so);
    const int failed = g_test_run();
    g_rmdir(state);
    g_free(state);
    return failed;
}
