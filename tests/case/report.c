// SPDX-License-Identifier: Apache-2.0
// The report of a case: the page says what the numbers say, and nothing that is not there.
#include "case/report.h"
#include "core/error.h"

#include <glib/gstdio.h>
#include <string.h>

typedef struct {
    char *folder;
    JsonObject *report;
} Fixture;

static void set_up(Fixture *fixture, gconstpointer data)
{
    fixture->folder = g_dir_make_tmp("hepatica-report-XXXXXX", NULL);
    fixture->report = json_object_new();
    json_object_set_double_member(fixture->report, "volume_ml", 1730.59);
}

static void tear_down(Fixture *fixture, gconstpointer data)
{
    static const char *const names[] = {"report.json", "report.html", "axial.png"};
    for (int at = 0; at < (int)G_N_ELEMENTS(names); at++) {
        g_autofree char *path = g_build_filename(fixture->folder, names[at], NULL);
        g_remove(path);
    }
    g_assert_cmpint(g_rmdir(fixture->folder), ==, 0);
    g_free(fixture->folder);
    json_object_unref(fixture->report);
}

static char *read_back(Fixture *fixture, const char *name)
{
    g_autofree char *path = g_build_filename(fixture->folder, name, NULL);
    char *text = NULL;
    g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
    return text;
}

static void the_page_says_what_the_numbers_say(Fixture *fixture, gconstpointer data)
{
    JsonObject *agreement = json_object_new();
    json_object_set_double_member(agreement, "mask_ml", 1730.591);
    json_object_set_double_member(agreement, "file_ml", 1730.488);
    json_object_set_object_member(fixture->report, "reconciliation", agreement);
    JsonArray *warnings = json_array_new();
    json_array_add_string_element(warnings, "gap: slice 7 < slice 9 & missing");
    json_object_set_array_member(fixture->report, "warnings", warnings);
    g_assert_true(hp_report_write(fixture->report, NULL, 0, fixture->folder, NULL));

    g_autofree char *page = read_back(fixture, "report.html");
    g_assert_nonnull(strstr(page, "1731 <span>ml</span>"));
    g_assert_nonnull(strstr(page, "<td>1730.59 ml"));
    g_assert_nonnull(strstr(page, "<td>1730.49 ml"));
    g_assert_nonnull(strstr(page, "slice 7 &lt; slice 9 &amp; missing"));
    g_assert_nonnull(strstr(page, "not a medical device"));
    g_assert_null(strstr(page, "Triangles")); // absent numbers leave no row
    g_assert_null(strstr(page, "nan"));
    g_autofree char *json = read_back(fixture, "report.json");
    g_assert_nonnull(strstr(json, "\"file_ml\": 1730.488"));
}

static void pictures_are_in_the_page(Fixture *fixture, gconstpointer data)
{
    const HpReportPicture picture = {.title = "Axial", .name = "axial.png"};
    g_autofree char *path = g_build_filename(fixture->folder, "axial.png", NULL);
    g_assert_true(g_file_set_contents(path, "PNG", 3, NULL));
    g_assert_true(hp_report_write(fixture->report, &picture, 1, fixture->folder, NULL));
    g_autofree char *page = read_back(fixture, "report.html");
    g_assert_nonnull(strstr(page, "alt=\"Axial\" src=\"data:image/png;base64,UE5H\""));
}

static void a_missing_picture_leaves_no_report(Fixture *fixture, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    const HpReportPicture picture = {.title = "Axial", .name = "axial.png"};
    g_assert_false(hp_report_write(fixture->report, &picture, 1, fixture->folder, &error));
    g_assert_error(error, HP_ERROR, HP_ERROR_IO);
    g_assert_true(g_str_has_prefix(error->message, "axial.png: "));
    g_autofree char *json = g_build_filename(fixture->folder, "report.json", NULL);
    g_assert_false(g_file_test(json, G_FILE_TEST_EXISTS));
}

#define ADD(test) g_test_add("/report/" #test, Fixture, NULL, set_up, test, tear_down)

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD(the_page_says_what_the_numbers_say);
    ADD(pictures_are_in_the_page);
    ADD(a_missing_picture_leaves_no_report);
    return g_test_run();
}
