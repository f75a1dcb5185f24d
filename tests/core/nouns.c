// SPDX-License-Identifier: Apache-2.0
// The small nouns: fields, volumes, contours, meshes, histograms, parameters, segments.
#include "core/contour.h"
#include "core/error.h"
#include "core/field.h"
#include "core/histogram.h"
#include "core/mesh.h"
#include "core/parameter.h"
#include "core/segment.h"
#include "core/volume.h"

#include <math.h>
#include <string.h>

static void sampling_a_linear_field_is_exact(void)
{
    const HpGrid grid = hp_grid_new(4, 5, 6, 0.75, 1, 5);
    g_autoptr(HpField) field = hp_field_new(&grid, NULL);
    for (int k = 0; k < 6; k++)
        for (int j = 0; j < 5; j++)
            for (int i = 0; i < 4; i++)
                field->value[hp_grid_offset(&grid, i, j, k)] = (float)(i + 10 * j - 3 * k);
    double mm[3];
    hp_grid_to_mm(&grid, (double[3]){1.25, 3.5, 4.75}, mm);
    g_assert_cmpfloat_with_epsilon(hp_field_sample(field, mm, -1), 1.25 + 35 - 14.25, 1e-5);
    hp_grid_to_mm(&grid, (double[3]){3.4, 0, 0}, mm); // less than half a voxel out: border value
    g_assert_cmpfloat_with_epsilon(hp_field_sample(field, mm, -1), 3, 1e-5);
    hp_grid_to_mm(&grid, (double[3]){3.6, 0, 0}, mm);
    g_assert_cmpfloat(hp_field_sample(field, mm, -1), ==, -1);
}

static void too_large_a_volume_is_an_error(void)
{
    g_autoptr(GError) error = NULL;
    const HpGrid grid = hp_grid_new(65535, 65535, 65535, 1, 1, 1);
    g_assert_null(hp_volume_new(&grid, &error));
    g_assert_error(error, HP_ERROR, HP_ERROR_BAD_FILE);
}

static void range_and_window_of_a_volume(void)
{
    const HpGrid grid = hp_grid_new(20, 20, 20, 1, 1, 1);
    g_autoptr(HpVolume) volume = hp_volume_new(&grid, NULL);
    for (int at = 0; at < 8000; at++)
        volume->hu[at] = at < 2000 ? -160 : (int16_t)(at % 400 - 100);
    int low, high;
    hp_volume_range(volume, &low, &high);
    g_assert_cmpint(low, ==, -160);
    g_assert_cmpint(high, ==, 299);
    g_assert_true(hp_volume_is_windowed(volume, &low, &high));
    volume->hu[5] = -1000;
    g_assert_false(hp_volume_is_windowed(volume, &low, &high));
}

static void square_on_an_oblique_slice_keeps_its_area(void)
{
    HpGrid grid = hp_grid_new(10, 10, 10, 0.5, 0.5, 2);
    const double c = cos(0.6), s = sin(0.6);
    const double tilted[9] = {1, 0, 0, 0, c, -s, 0, s, c};
    memcpy(grid.directions, tilted, sizeof tilted);
    g_autoptr(HpContour) square = hp_contour_new(HP_PLANE_AXIAL, 3, 4);
    const double corners[4][2] = {{0, 0}, {3, 0}, {3, 2}, {0, 2}};
    for (int at = 0; at < 4; at++)
        hp_slice_to_mm(&grid, HP_PLANE_AXIAL, 3, corners[at][0], corners[at][1], square->mm[at]);
    g_assert_cmpfloat_with_epsilon(hp_contour_area_mm2(square), 6, 1e-9);
    g_assert_cmpfloat_with_epsilon(hp_contour_length_mm(square), 10, 1e-9);
    double a, b, slice;
    hp_slice_from_mm(&grid, HP_PLANE_AXIAL, square->mm[2], &a, &b, &slice);
    g_assert_cmpfloat_with_epsilon(a, 3, 1e-9);
    g_assert_cmpfloat_with_epsilon(b, 2, 1e-9);
    g_assert_cmpfloat_with_epsilon(slice, 3, 1e-9);
}

static void normals_point_outward(void)
{
    g_autoptr(HpMesh) mesh = hp_mesh_new(4, 4, NULL);
    const float mm[12] = {0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1};
    const uint32_t index[12] = {0, 2, 1, 0, 1, 3, 0, 3, 2, 1, 2, 3};
    memcpy(mesh->mm, mm, sizeof mm);
    memcpy(mesh->index, index, sizeof index);
    hp_mesh_compute_normals(mesh);
    g_assert_cmpfloat(mesh->normal[0], <, -0.5);
    g_assert_cmpfloat(mesh->normal[3 * 1], >, 0.5);
}

static void quantiles_and_smoothing_keep_the_weight(void)
{
    g_autoptr(HpHistogram) histogram = hp_histogram_new(-100, 100, 100);
    for (int at = 0; at < 100; at++)
        hp_histogram_add(histogram, -100 + 2 * at + 0.5, 1);
    hp_histogram_add(histogram, 100, 1);
    hp_histogram_add(histogram, NAN, 1);
    g_assert_cmpfloat(histogram->total, ==, 100);
    g_assert_cmpfloat_with_epsilon(hp_histogram_quantile(histogram, 0.25), -50, 1e-9);
    hp_histogram_smooth(histogram, 6);
    double sum = 0;
    for (int bin = 0; bin < 100; bin++)
        sum += histogram->weight[bin];
    g_assert_cmpfloat_with_epsilon(sum, 100, 1e-9);
    g_assert_cmpfloat_with_epsilon(hp_histogram_quantile(histogram, 0.5), 0, 1e-6);
}

static void every_parameter_is_whole(void)
{
    for (int id = 0; id < HP_PARAM_COUNT; id++) {
        const HpParameter *parameter = hp_parameter_get(id);
        g_assert_nonnull(parameter->id);
        g_assert_nonnull(strchr(parameter->id, '.'));
        g_assert_cmpfloat(parameter->low, <, parameter->high);
        g_assert_true(hp_parameter_is_automatic(id) ||
                      (parameter->value >= parameter->low && parameter->value <= parameter->high));
        g_assert_true(g_str_has_suffix(parameter->sentence, "."));
        g_assert_cmpint(hp_parameter_find(parameter->id), ==, id);
        g_assert_cmpint(hp_parameter_find(strchr(parameter->id, '.') + 1), ==, id);
        g_assert_true((parameter->scale == HP_SCALE_CHOICE) == (parameter->choices != NULL));
        if (parameter->choices != NULL)
            g_assert_cmpint(g_strv_length((char **)parameter->choices), ==, parameter->high + 1);
    }
}

static void values_outside_the_range_are_refused(void)
{
    g_autoptr(GError) error = NULL;
    HpParams params = hp_params_default();
    g_assert_true(hp_params_set(&params, HP_PARAM_KAPPA, -0.5, &error));
    g_assert_cmpfloat(params.value[HP_PARAM_KAPPA], ==, -0.5);
    g_assert_true(hp_params_set(&params, HP_PARAM_THRESHOLD_LOW, NAN, &error));
    g_assert_false(hp_params_set(&params, HP_PARAM_KAPPA, 3, &error));
    g_assert_cmpstr(error->message, ==, "contour.kappa is 3, expected -2 to 2");
    g_assert_cmpfloat(params.value[HP_PARAM_KAPPA], ==, -0.5);
    g_assert_false(hp_params_set(&params, HP_PARAM_ALPHA, NAN, NULL));
    g_assert_false(hp_params_set(&params, HP_PARAM_PRESET, 1.5, NULL));
}

static void segments_have_distinct_labels(void)
{
    const HpSegments segments = hp_segments_default();
    g_assert_cmpstr(hp_segments_find(&segments, HP_LABEL_LIVER)->name, ==, "Liver");
    g_assert_null(hp_segments_find(&segments, 200));
    for (int at = 0; at < segments.count; at++)
        g_assert_true(hp_segments_find(&segments, segments.item[at].label) == &segments.item[at]);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/field/sampling_a_linear_field_is_exact", sampling_a_linear_field_is_exact);
    g_test_add_func("/volume/too_large_a_volume_is_an_error", too_large_a_volume_is_an_error);
    g_test_add_func("/volume/range_and_window_of_a_volume", range_and_window_of_a_volume);
    g_test_add_func("/contour/square_on_an_oblique_slice_keeps_its_area",
                    square_on_an_oblique_slice_keeps_its_area);
    g_test_add_func("/mesh/normals_point_outward", normals_point_outward);
    g_test_add_func("/histogram/quantiles_and_smoothing_keep_the_weight",
                    quantiles_and_smoothing_keep_the_weight);
    g_test_add_func("/parameter/every_parameter_is_whole", every_parameter_is_whole);
    g_test_add_func("/parameter/values_outside_the_range_are_refused",
                    values_outside_the_range_are_refused);
    g_test_add_func("/segment/segments_have_distinct_labels", segments_have_distinct_labels);
    return g_test_run();
}
