// SPDX-License-Identifier: Apache-2.0
// The frame of the commands: reading calls, staging outputs, printing results.
#include "cli/command.h"
#include "cli/manual.h"
#include "cli/table.h"
#include "core/error.h"

#include <glib/gstdio.h>
#include <string.h>

static const HpOption grow_options[] = {{"out", "FILE", "Where to.", true},
                                        {"at", "X,Y,Z", "A place.", false},
                                        {"fast", NULL, "Less exact.", false},
                                        {"count", "N", "How many.", false},
                                        {NULL, NULL, NULL, false}};
static const HpCommand grow = {.name = "grow",
                               .arguments = "INPUT",
                               .sentence = "Grows it.",
                               .groups = "contour",
                               .options = grow_options};
const HpCommand *const hp_commands[] = {&grow, NULL};

// The call of words separated by spaces; NULL and the complaint if they are wrong.
static HpCall *call_of(const char *text, GError **error)
{
    g_auto(GStrv) words = g_strsplit(text, " ", -1);
    return hp_call_new(&grow, words, NULL, error);
}

static void assert_wrong(const char *text, const char *expected)
{
    g_autoptr(GError) error = NULL;
    g_assert_null(call_of(text, &error));
    g_assert_error(error, HP_USAGE_ERROR, 0);
    g_assert_cmpstr(error->message, ==, expected);
}

static void options_come_in_any_order_and_spelling(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(HpCall) call =
        call_of("--fast --kappa -0.5 scan --out=a=b.nii --contour.alpha 3 --at 1,-2,3.5", &error);
    g_assert_no_error(error);
    g_assert_cmpstr(hp_call_argument(call, 0), ==, "scan");
    g_assert_cmpstr(hp_call_option(call, "out"), ==, "a=b.nii");
    g_assert_cmpstr(hp_call_option(call, "fast"), ==, "");
    g_assert_null(hp_call_option(call, "count"));
    g_assert_cmpfloat(call->plan->params.value[HP_PARAM_KAPPA], ==, -0.5);
    g_assert_cmpfloat(call->plan->params.value[HP_PARAM_ALPHA], ==, 3);
    double at[3] = {0, 0, 0};
    g_assert_true(hp_call_get_numbers(call, "at", -9, 9, 3, at, &error));
    g_assert_cmpfloat(at[1], ==, -2);
    g_assert_cmpfloat(at[2], ==, 3.5);
}

static void an_argument_may_look_like_an_option(void)
{
    g_autoptr(HpCall) call = call_of("--out x -- --scan", NULL);
    g_assert_cmpstr(hp_call_argument(call, 0), ==, "--scan");
}

static void wrong_usage_is_named(void)
{
    assert_wrong("scan", "--out FILE is missing");
    assert_wrong("--out x", "INPUT is missing");
    assert_wrong("--out x scan two", "one argument too many: two");
    assert_wrong("--out x scan --kapa 1", "unknown option --kapa");
    assert_wrong("--out x scan -k", "unknown option -k");
    assert_wrong("--out x scan --preset none", "unknown option --preset");
    assert_wrong("scan --out", "--out needs a value: FILE");
    assert_wrong("--out x scan --fast=1", "--fast takes no value");
    assert_wrong("--out x scan --kappa 9", "--kappa: contour.kappa is 9, expected -2 to 2");
    assert_wrong("--out x scan --threads 0",
                 "--threads is \"0\", expected a whole number from 1 to 256");
}

static void numbers_are_checked(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(HpCall) call = call_of("--out x scan --at 1,2 --count 5x", NULL);
    double at[3] = {7, 7, 7};
    int count = 7;
    g_assert_false(hp_call_get_numbers(call, "at", -9, 9, 3, at, &error));
    g_assert_cmpstr(error->message, ==,
                    "--at is \"1,2\", expected three numbers x,y,z from -9 to 9");
    g_assert_cmpfloat(at[0], ==, 7);
    g_assert_false(hp_call_get_int(call, "count", 1, 9, &count, NULL));
    g_assert_cmpint(count, ==, 7);
}

static void help_asks_for_nothing_else(void)
{
    g_autoptr(HpCall) call = call_of("--help", NULL);
    g_assert_nonnull(call);
    g_autofree char *help = hp_manual_dup_command_help(&grow);
    g_assert_nonnull(strstr(help, "grow INPUT --out FILE [--at X,Y,Z] [--fast] [--count N]"));
    g_assert_nonnull(strstr(help, "--kappa"));
    g_assert_null(strstr(help, "--preset"));
}

static void every_parameter_is_in_the_man_page(void)
{
    g_autofree char *page = hp_manual_dup_page();
    for (int id = 0; id < HP_PARAM_COUNT; id++) {
        g_auto(GStrv) parts = g_strsplit(hp_parameter_get(id)->id, "-", -1);
        g_autofree char *name = g_strjoinv("\\-", parts);
        g_autofree char *entry = g_strdup_printf(".TP\n\\fB%s\\fR\n", name);
        g_assert_nonnull(strstr(page, entry));
    }
}

static char *text_of(const char *folder, const char *name)
{
    g_autofree char *path = g_build_filename(folder, name, NULL);
    char *text = NULL;
    g_file_get_contents(path, &text, NULL, NULL);
    return text;
}

static void put(const char *path, const char *text)
{
    g_assert_true(g_file_set_contents(path, text, -1, NULL));
}

static guint entries(const char *folder)
{
    guint count = 0;
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    while (g_dir_read_name(dir) != NULL)
        count++;
    return count;
}

static void remove_all(const char *folder, const char *const *names)
{
    for (int at = 0; names[at] != NULL; at++) {
        g_autofree char *path = g_build_filename(folder, names[at], NULL);
        g_assert_cmpint(g_remove(path), ==, 0);
    }
    g_assert_cmpint(g_rmdir(folder), ==, 0);
}

static void outputs_appear_only_when_committed(void)
{
    g_autofree char *folder = g_dir_make_tmp("hepatica-cli-XXXXXX", NULL);
    g_autofree char *mesh = g_build_filename(folder, "liver.obj", NULL);
    g_autofree char *plan = g_build_filename(folder, "plan", NULL);
    put(mesh, "old");

    HpOutputs *outputs = hp_outputs_new();
    put(hp_outputs_file(outputs, mesh, NULL), "half");
    g_autofree char *kept = text_of(folder, "liver.obj");
    g_assert_cmpstr(kept, ==, "old");
    hp_outputs_free(outputs); // as after a failure
    g_assert_cmpuint(entries(folder), ==, 1);

    outputs = hp_outputs_new();
    const char *staged = hp_outputs_file(outputs, mesh, NULL);
    g_autofree char *dir = g_path_get_dirname(staged);
    g_autofree char *material = g_build_filename(dir, "liver.mtl", NULL);
    put(staged, "new");
    put(material, "beside");
    const char *inside = hp_outputs_folder(outputs, plan, NULL);
    g_autofree char *report = g_build_filename(inside, "report.json", NULL);
    put(report, "{}");
    g_assert_true(hp_outputs_commit(outputs, NULL));
    hp_outputs_free(outputs);
    g_assert_cmpuint(entries(folder), ==, 3);
    g_autofree char *changed = text_of(folder, "liver.obj");
    g_autofree char *beside = text_of(folder, "liver.mtl");
    g_autofree char *deep = text_of(plan, "report.json");
    g_assert_cmpstr(changed, ==, "new");
    g_assert_cmpstr(beside, ==, "beside");
    g_assert_cmpstr(deep, ==, "{}");
    remove_all(plan, (const char *[]){"report.json", NULL});
    remove_all(folder, (const char *[]){"liver.obj", "liver.mtl", NULL});
}

static void a_folder_keeps_its_other_files(void)
{
    g_autofree char *folder = g_dir_make_tmp("hepatica-cli-XXXXXX", NULL);
    g_autofree char *other = g_build_filename(folder, "notes.txt", NULL);
    put(other, "mine");
    g_autoptr(HpOutputs) outputs = hp_outputs_new();
    const char *inside = hp_outputs_folder(outputs, folder, NULL);
    g_autofree char *report = g_build_filename(inside, "report.json", NULL);
    put(report, "{}");
    g_assert_true(hp_outputs_commit(outputs, NULL));
    remove_all(folder, (const char *[]){"notes.txt", "report.json", NULL});
}

static void impossible_places_are_refused_at_once(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(HpOutputs) outputs = hp_outputs_new();
    g_assert_null(hp_outputs_file(outputs, "/nowhere/at/all.nii", &error));
    g_assert_error(error, HP_ERROR, HP_ERROR_IO);
    g_assert_cmpstr(error->message, ==, "/nowhere/at: No such file or directory");
    g_clear_error(&error);
    g_assert_null(hp_outputs_file(outputs, g_get_tmp_dir(), &error));
    g_assert_true(g_str_has_suffix(error->message, " is a folder, expected a file"));
}

static void a_result_is_a_table_with_units(void)
{
    JsonObject *object = json_object_new();
    json_object_set_double_member(object, "volume_ml", 1730.591);
    json_object_set_double_member(object, "hd95_mm", 4.5);
    json_object_set_boolean_member(object, "lower_bound", TRUE);
    json_object_set_int_member(object, "triangles", 20000);
    JsonArray *size = json_array_new();
    json_array_add_int_element(size, 512);
    json_array_add_int_element(size, 120);
    json_object_set_array_member(object, "size", size);
    JsonArray *warnings = json_array_new();
    json_array_add_string_element(warnings, "one");
    json_array_add_string_element(warnings, "two");
    json_object_set_array_member(object, "warnings", warnings);
    g_autofree char *text = hp_table_dup_text(object);
    json_object_unref(object);
    g_assert_cmpstr(text, ==,
                    "volume                    1730.59 ml\n"
                    "hd95                      4.50 mm\n"
                    "lower bound               yes\n"
                    "triangles                 20000\n"
                    "size                      512  120\n"
                    "warnings                  one\n"
                    "                          two\n");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/call/options_come_in_any_order_and_spelling",
                    options_come_in_any_order_and_spelling);
    g_test_add_func("/call/an_argument_may_look_like_an_option",
                    an_argument_may_look_like_an_option);
    g_test_add_func("/call/wrong_usage_is_named", wrong_usage_is_named);
    g_test_add_func("/call/numbers_are_checked", numbers_are_checked);
    g_test_add_func("/manual/help_asks_for_nothing_else", help_asks_for_nothing_else);
    g_test_add_func("/manual/every_parameter_is_in_the_man_page",
                    every_parameter_is_in_the_man_page);
    g_test_add_func("/outputs/appear_only_when_committed", outputs_appear_only_when_committed);
    g_test_add_func("/outputs/a_folder_keeps_its_other_files", a_folder_keeps_its_other_files);
    g_test_add_func("/outputs/impossible_places_are_refused_at_once",
                    impossible_places_are_refused_at_once);
    g_test_add_func("/table/a_result_is_a_table_with_units", a_result_is_a_table_with_units);
    return g_test_run();
}
