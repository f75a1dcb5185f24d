// SPDX-License-Identifier: Apache-2.0
// What is left of words when nobody may be named.
#include "case/identity.h"

static HpSeries *series_new(void)
{
    HpSeries *series = hp_series_new("/data/Doe Jane 1970/study.zip");
    series->description = g_strdup("Liver of J. Doe");
    series->phase = g_strdup("");
    return series;
}

static void assert_hidden(const char *words, const char *expected)
{
    g_autoptr(HpSeries) series = series_new();
    g_autofree char *shown = hp_identity_hide(words, series);
    g_assert_cmpstr(shown, ==, expected);
}

static void assert_error(const char *message, const char *expected)
{
    g_autoptr(HpSeries) series = series_new();
    g_autofree char *shown = hp_identity_hide_error(message, series);
    g_assert_cmpstr(shown, ==, expected);
}

static void paths_keep_their_ending_alone(void)
{
    assert_hidden("Written: /home/me/Jane Doe/liver.stl holds 1,730.5 ml",
                  "Written: ….stl holds 1,730.5 ml");
    assert_hidden("Written: /home/me/Doe.nii.gz", "Written: ….nii.gz");
    assert_hidden("Written: /Doe, Jane/Dr. Roe/mask.nrrd", "Written: ….nrrd");
    assert_hidden("/home/me/Doe", "…");
    assert_hidden("/home/me/Doe.1970", "…");
    assert_hidden("(/home/me/a.obj, 5 ml)", "(….obj, 5 ml)");
}

static void facts_stay(void)
{
    assert_hidden("1 731 ml, 12 cm²/ml, W 300 / L 50", "1 731 ml, 12 cm²/ml, W 300 / L 50");
    assert_hidden("The numbers are of older settings", "The numbers are of older settings");
    assert_hidden("", "");
}

static void what_the_series_says_of_itself_goes(void)
{
    assert_hidden("Loading Liver of J. Doe", "Loading …");
    assert_hidden("study.zip is read", "… is read");
    assert_hidden("Doe Jane 1970 holds 3 series", "… holds 3 series");
}

static void errors_lose_the_name_they_begin_with(void)
{
    assert_error("Doe_Jane.nii: the header says 512 bytes, there are 3",
                 "….nii: the header says 512 bytes, there are 3");
    assert_error("Roe Mary: no image series among 3 files", "…: no image series among 3 files");
    assert_error("Roe/IM0001: its pixels could not be read", "…: its pixels could not be read");
    assert_error("prepare.window-low is 400 HU, expected less",
                 "prepare.window-low is 400 HU, expected less");
    g_autofree char *alone = hp_identity_hide_error("/tmp/Roe.mha: too short", NULL);
    g_assert_cmpstr(alone, ==, "….mha: too short");
}

static void a_path_alone(void)
{
    g_autofree char *one = hp_identity_hide_path("/home/Doe Jane/liver.stl");
    g_autofree char *other = hp_identity_hide_path("/home/Doe Jane");
    g_autofree char *dotted = hp_identity_hide_path("/home/.Doe");
    g_assert_cmpstr(one, ==, "….stl");
    g_assert_cmpstr(other, ==, "…");
    g_assert_cmpstr(dotted, ==, "…");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/identity/paths_keep_their_ending_alone", paths_keep_their_ending_alone);
    g_test_add_func("/identity/facts_stay", facts_stay);
    g_test_add_func("/identity/what_the_series_says_of_itself_goes",
                    what_the_series_says_of_itself_goes);
    g_test_add_func("/identity/errors_lose_the_name_they_begin_with",
                    errors_lose_the_name_they_begin_with);
    g_test_add_func("/identity/a_path_alone", a_path_alone);
    return g_test_run();
}
