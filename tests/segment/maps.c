// SPDX-License-Identifier: Apache-2.0
// The local maps: the band from the seed, membership, barriers, edges, brushes and networks.
#include "core/error.h"
#include "segment/maps.h"

#include <math.h>

// A slice of 60 x 50 pixels of 1.2 x 1.5 mm: 110 HU left of a = 36 mm, `other_hu` right of it,
// a checkerboard of +-8 HU on top.
static HpField *halves(float other_hu)
{
    const HpGrid grid = hp_grid_new(60, 50, 3, 1.2, 1.5, 3);
    HpField *field = hp_field_new(&grid, NULL);
    for (int k = 0; k < 3; k++)
        for (int j = 0; j < 50; j++)
            for (int i = 0; i < 60; i++)
                field->value[hp_grid_offset(&grid, i, j, k)] =
                    (i < 30 ? 110 : other_hu) + ((i + j + k) % 2 ? 8 : -8);
    return field;
}

static GPtrArray *seed_left(const HpGrid *grid)
{
    g_autoptr(HpLoop) loop = hp_loop_new(4);
    hp_loop_append(loop, 6, 15);
    hp_loop_append(loop, 30, 15);
    hp_loop_append(loop, 30, 60);
    hp_loop_append(loop, 6, 60);
    GPtrArray *seeds = hp_contours_new();
    g_ptr_array_add(seeds, hp_loop_to_contour(loop, grid, HP_PLANE_AXIAL, 1));
    return seeds;
}

static HpMapRule make_rule(const HpMapSources *sources, const HpParams *params)
{
    HpMapRule rule;
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) seeds = seed_left(&sources->smooth->grid);
    g_assert_true(hp_map_rule_new(sources, seeds, params, &rule, &error));
    g_assert_no_error(error);
    return rule;
}

static void make_slice(HpMaps *maps, const HpMapSources *sources, const HpMapRule *rule)
{
    const HpRaster whole = hp_raster_of_slice(&sources->smooth->grid, HP_PLANE_AXIAL);
    hp_maps_make(maps, sources, rule, HP_PLANE_AXIAL, 1, &whole, 0, 0);
}

static float at(const HpMaps *maps, const float *map, int x, int y)
{
    return map[(size_t)y * maps->raster.width + x];
}

static void band_comes_from_the_seed_unless_given(void)
{
    g_autoptr(HpField) field = halves(0);
    const HpMapSources sources = {.smooth = field};
    HpParams params = hp_params_default();
    const HpMapRule rule = make_rule(&sources, &params);
    // Half of the samples read 102, half 118: the deviation from the median is 0 or 16.
    g_assert_cmpfloat(rule.median_hu, >=, 102);
    g_assert_cmpfloat(rule.median_hu, <=, 118);
    g_assert_cmpfloat(rule.low_hu, <=, rule.median_hu - 18);
    g_assert_cmpfloat(rule.high_hu, >=, rule.median_hu + 18);
    params.value[HP_PARAM_THRESHOLD_LOW] = 40;
    params.value[HP_PARAM_THRESHOLD_HIGH] = 150;
    const HpMapRule given = make_rule(&sources, &params);
    g_assert_cmpfloat(given.low_hu, ==, 40);
    g_assert_cmpfloat(given.high_hu, ==, 150);
}

static void lesions_of_the_seed_widen_the_band(void)
{
    g_autoptr(HpField) field = halves(0);
    const HpParams params = hp_params_default();
    const HpMapSources sources = {.smooth = field};
    const HpMapRule before = make_rule(&sources, &params);
    for (int j = 12; j < 18; j++) // a tenth of the seed at 50 HU
        for (int i = 8; i < 22; i++)
            field->value[hp_grid_offset(&field->grid, i, j, 1)] = 50;
    const HpMapRule after = make_rule(&sources, &params);
    g_assert_cmpfloat(after.low_hu, <=, 50);
    g_assert_cmpfloat(before.low_hu, >, 50);
}

static void membership_falls_where_the_band_ends_and_at_barriers(void)
{
    g_autoptr(HpField) muscle = halves(40), air = halves(-160);
    HpParams params = hp_params_default();
    params.value[HP_PARAM_THRESHOLD_LOW] = 80;
    params.value[HP_PARAM_THRESHOLD_HIGH] = 150;
    g_autoptr(HpMaps) maps = hp_maps_new();
    HpMapSources sources = {.smooth = muscle};
    HpMapRule rule = make_rule(&sources, &params);
    make_slice(maps, &sources, &rule);
    g_assert_cmpfloat(at(maps, maps->member, 10, 20), >, 0.7f);
    g_assert_cmpfloat(at(maps, maps->member, 50, 20), <, 0.2f);
    g_assert_cmpfloat(at(maps, maps->balloon, 10, 20), >, 0.4f);
    g_assert_cmpfloat(at(maps, maps->balloon, 50, 20), <, -0.6f);

    sources.smooth = air; // windowed: air reads the window's end
    rule = make_rule(&sources, &params);
    make_slice(maps, &sources, &rule);
    g_assert_cmpfloat(at(maps, maps->member, 50, 20), ==, 0);
    g_assert_cmpfloat(at(maps, maps->balloon, 50, 20), ==, -1);

    // The barrier is the original's, whatever preparation made of it.
    sources = (HpMapSources){.smooth = muscle, .original = air};
    rule = make_rule(&sources, &params);
    params.value[HP_PARAM_THRESHOLD_LOW] = 20;
    make_slice(maps, &sources, &rule);
    g_assert_cmpfloat(at(maps, maps->member, 50, 20), ==, 0);
}

static void edges_are_valleys_no_deeper_than_d(void)
{
    g_autoptr(HpField) field = halves(0);
    HpParams params = hp_params_default();
    params.value[HP_PARAM_DATA_WEIGHT] = 2;
    const HpMapSources sources = {.smooth = field};
    g_autoptr(HpMaps) maps = hp_maps_new();
    const HpMapRule rule = make_rule(&sources, &params);
    make_slice(maps, &sources, &rule);
    for (int x = 0; x < 60; x++) {
        g_assert_cmpfloat(at(maps, maps->edge, x, 20), <=, 0);
        g_assert_cmpfloat(at(maps, maps->edge, x, 20), >=, -2);
    }
    g_assert_cmpfloat(at(maps, maps->edge, 30, 20), <, -1);
    g_assert_cmpfloat(at(maps, maps->edge, 10, 20), >, -0.5f);
}

static void a_flat_picture_has_no_edges(void)
{
    const HpGrid grid = hp_grid_new(60, 50, 3, 1.2, 1.5, 3);
    g_autoptr(HpField) field = hp_field_new(&grid, NULL);
    const HpParams params = hp_params_default();
    const HpMapSources sources = {.smooth = field};
    g_autoptr(HpMaps) maps = hp_maps_new();
    const HpMapRule rule = make_rule(&sources, &params);
    make_slice(maps, &sources, &rule);
    for (int pixel = 0; pixel < 60 * 50; pixel++)
        g_assert_cmpfloat(maps->edge[pixel], ==, 0);
}

static HpField *constant(const HpGrid *grid, float value)
{
    HpField *field = hp_field_new(grid, NULL);
    for (size_t voxel = 0; voxel < hp_grid_count(grid); voxel++)
        field->value[voxel] = value;
    return field;
}

static void networks_add_up(void)
{
    g_autoptr(HpField) field = halves(0), member = constant(&field->grid, 0.75f);
    g_autoptr(HpField) push = constant(&field->grid, 0.5f), hold = constant(&field->grid, 3);
    g_autoptr(HpField) edge = constant(&field->grid, -0.25f), far = constant(&field->grid, 0.125f);
    HpParams params = hp_params_default();
    params.value[HP_PARAM_KAPPA] = 0.25;
    params.value[HP_PARAM_REGION_WEIGHT] = 2;
    HpMapSources sources = {.smooth = field, .network_member = member};
    g_autoptr(HpMaps) maps = hp_maps_new();
    const HpMapRule rule = make_rule(&sources, &params);
    make_slice(maps, &sources, &rule);
    const float plain_edge = at(maps, maps->edge, 30, 20), beta = at(maps, maps->beta, 5, 5);
    g_assert_cmpfloat(at(maps, maps->balloon, 50, 20), ==, 2 * 0.5f + 0.25f);

    sources.network_kappa = push;
    sources.network_beta = hold;
    sources.network_edge = edge;
    sources.distrust = far;
    make_slice(maps, &sources, &rule);
    g_assert_cmpfloat(at(maps, maps->balloon, 50, 20), ==, 1.25f + 0.5f - 0.125f);
    g_assert_cmpfloat_with_epsilon(at(maps, maps->beta, 5, 5), 3 * beta, 1e-5);
    g_assert_cmpfloat_with_epsilon(at(maps, maps->edge, 30, 20), plain_edge - 0.25f, 1e-6);
}

static void a_part_of_a_slice_equals_the_whole(void)
{
    g_autoptr(HpField) field = halves(0);
    const HpParams params = hp_params_default();
    const HpMapSources sources = {.smooth = field};
    g_autoptr(HpMaps) whole = hp_maps_new(), part = hp_maps_new();
    const HpMapRule rule = make_rule(&sources, &params);
    for (int plane = 0; plane < HP_PLANE_COUNT; plane++) {
        HpRaster raster = hp_raster_of_slice(&field->grid, plane);
        hp_maps_make(whole, &sources, &rule, plane, 1, &raster, 0, 0);
        raster = (HpRaster){raster.width - 5, 2,           5 * raster.da_mm, raster.db_mm,
                            raster.da_mm,     raster.db_mm};
        hp_maps_make(part, &sources, &rule, plane, 1, &raster, 5, 1);
        for (int y = 0; y < raster.height; y++)
            for (int x = 0; x < raster.width; x++) {
                g_assert_cmpfloat(at(part, part->edge, x, y), ==,
                                  at(whole, whole->edge, x + 5, y + 1));
                g_assert_cmpfloat(at(part, part->balloon, x, y), ==,
                                  at(whole, whole->balloon, x + 5, y + 1));
            }
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/maps/band_comes_from_the_seed_unless_given",
                    band_comes_from_the_seed_unless_given);
    g_test_add_func("/maps/lesions_of_the_seed_widen_the_band", lesions_of_the_seed_widen_the_band);
    g_test_add_func("/maps/membership_falls_where_the_band_ends_and_at_barriers",
                    membership_falls_where_the_band_ends_and_at_barriers);
    g_test_add_func("/maps/edges_are_valleys_no_deeper_than_d", edges_are_valleys_no_deeper_than_d);
    g_test_add_func("/maps/a_flat_picture_has_no_edges", a_flat_picture_has_no_edges);
    g_test_add_func("/maps/networks_add_up", networks_add_up);
    g_test_add_func("/maps/a_part_of_a_slice_equals_the_whole", a_part_of_a_slice_equals_the_whole);
    return g_test_run();
}
