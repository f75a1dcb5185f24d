// SPDX-License-Identifier: Apache-2.0
// Which of several series a person is pointed to, and what is said against the others.
#include "case/suitability.h"

#include <math.h>

static HpSeries *series_new(const char *description, double thickness_mm, int slices)
{
    HpSeries *series = hp_series_new("donor");
    series->uid = g_strdup(description);
    series->description = g_strdup(description);
    series->modality = g_strdup("CT");
    series->phase = g_strdup("");
    series->kernel = g_strdup("B30f");
    series->date = g_strdup("");
    series->thickness_mm = thickness_mm;
    series->slices = slices;
    series->grid = hp_grid_new(512, 512, slices, 0.8, 0.8, thickness_mm);
    series->stored = series->grid;
    return series;
}

static void phases_are_read_from_names_as_people_write_them(void)
{
    const struct {
        const char *description;
        HpPhase phase;
    } names[] = {
        {"Abdomen portal venous, synthetic", HP_PHASE_PORTAL},
        {"ABD PV 1.5 B30f", HP_PHASE_PORTAL},
        {"Abdomen Portalvenös 2,0", HP_PHASE_PORTAL},
        {"TEMPS PORTAL", HP_PHASE_PORTAL},
        {"Fase venosa", HP_PHASE_PORTAL},
        {"late arterial", HP_PHASE_ARTERIAL},
        {"ARTERIEL", HP_PHASE_ARTERIAL},
        {"Leber art. 1.0", HP_PHASE_ARTERIAL},
        {"delayed 5 min", HP_PHASE_DELAYED},
        {"Spätphase", HP_PHASE_DELAYED},
        {"nativ 5.0", HP_PHASE_NATIVE},
        {"ABD WITHOUT CONTRAST", HP_PHASE_NATIVE},
        {"Non-Contrast", HP_PHASE_NATIVE},
        {"CT AP", HP_PHASE_UNKNOWN},
        {"Oven Smart heart", HP_PHASE_UNKNOWN}, // "ven" and "art" are parts of other words
        {"arterial and portal", HP_PHASE_UNKNOWN},
        {"", HP_PHASE_UNKNOWN},
    };
    for (size_t at = 0; at < G_N_ELEMENTS(names); at++) {
        g_autoptr(HpSeries) series = series_new(names[at].description, 2, 100);
        const HpPhase phase = hp_suitability_phase(series);
        if (phase != names[at].phase)
            g_test_message("%s is phase %d", names[at].description, phase);
        g_assert_cmpint(phase, ==, names[at].phase);
    }
}

static void doubts_name_what_is_wrong(void)
{
    g_autoptr(HpSeries) good = series_new("portal venous", 1.5, 140);
    g_assert_cmpuint(hp_suitability_doubts(good), ==, 0);
    g_autoptr(HpSeries) thin = series_new("portal venous", 3, 60);
    g_assert_cmpuint(hp_suitability_doubts(thin), ==, 0);
    g_autoptr(HpSeries) thick = series_new("arterial", 5, 40);
    g_assert_cmpuint(hp_suitability_doubts(thick), ==, HP_DOUBT_ARTERIAL | HP_DOUBT_THICK);
    g_autoptr(HpSeries) few = series_new("portal venous", 2, 40);
    g_assert_cmpuint(hp_suitability_doubts(few), ==, HP_DOUBT_SHORT);
    g_free(few->modality);
    few->modality = g_strdup("MR");
    g_assert_cmpuint(hp_suitability_doubts(few), ==, HP_DOUBT_SHORT | HP_DOUBT_NO_CT);
}

static void sharp_kernels_are_told_from_soft_ones(void)
{
    const struct {
        const char *kernel;
        bool is_sharp;
    } kernels[] = {{"B30f", false},     {"B70f", true}, {"Br36d\\3", false}, {"I70f\\2", true},
                   {"STANDARD", false}, {"LUNG", true}, {"BONEPLUS", true},  {"FC18", false},
                   {"", false},         {"1.75", false}};
    for (size_t at = 0; at < G_N_ELEMENTS(kernels); at++) {
        g_autoptr(HpSeries) series = series_new("portal venous", 2, 100);
        g_free(series->kernel);
        series->kernel = g_strdup(kernels[at].kernel);
        g_assert_cmpuint(hp_suitability_doubts(series) & HP_DOUBT_SHARP, ==,
                         kernels[at].is_sharp ? HP_DOUBT_SHARP : 0);
    }
}

static void overlapping_slices_are_as_thick_as_they_are(void)
{
    g_autoptr(HpSeries) series = series_new("portal venous", 5, 80);
    series->stored.spacing_mm[2] = series->grid.spacing_mm[2] = 2.5;
    g_assert_cmpfloat(hp_suitability_thickness_mm(series), ==, 5);
    series->thickness_mm = NAN;
    g_assert_cmpfloat(hp_suitability_thickness_mm(series), ==, 2.5);
}

static int best_of(const char *const *descriptions, const double *thickness_mm, const int *slices,
                   int count)
{
    g_autoptr(GPtrArray) found = g_ptr_array_new_with_free_func((GDestroyNotify)hp_series_unref);
    for (int at = 0; at < count; at++)
        g_ptr_array_add(found, series_new(descriptions[at], thickness_mm[at], slices[at]));
    return hp_suitability_best(found);
}

static void thin_portal_venous_slices_are_best(void)
{
    g_assert_cmpint(best_of((const char *[]){"arterial", "portal venous", "nativ"},
                            (double[]){1, 1.5, 1}, (int[]){300, 200, 300}, 3),
                    ==, 1);
    g_assert_cmpint(best_of((const char *[]){"venous 1.5", "venous 5.0"}, (double[]){1.5, 5},
                            (int[]){200, 60}, 2),
                    ==, 0);
    g_assert_cmpint(best_of((const char *[]){"arterial 1.0", "venous 5.0"}, (double[]){1, 5},
                            (int[]){300, 60}, 2),
                    ==, 1);
    // Alike: the first, which has most slices.
    g_assert_cmpint(
        best_of((const char *[]){"venous", "venous"}, (double[]){1, 1}, (int[]){300, 290}, 2), ==,
        0);
    // A few slices of the right phase are no liver.
    g_assert_cmpint(
        best_of((const char *[]){"abdomen", "venous"}, (double[]){2, 2}, (int[]){120, 9}, 2), ==,
        0);
    g_assert_cmpint(best_of(NULL, NULL, NULL, 0), ==, -1);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/suitability/phases_are_read_from_names_as_people_write_them",
                    phases_are_read_from_names_as_people_write_them);
    g_test_add_func("/suitability/doubts_name_what_is_wrong", doubts_name_what_is_wrong);
    g_test_add_func("/suitability/sharp_kernels_are_told_from_soft_ones",
                    sharp_kernels_are_told_from_soft_ones);
    g_test_add_func("/suitability/overlapping_slices_are_as_thick_as_they_are",
                    overlapping_slices_are_as_thick_as_they_are);
    g_test_add_func("/suitability/thin_portal_venous_slices_are_best",
                    thin_portal_venous_slices_are_best);
    return g_test_run();
}
