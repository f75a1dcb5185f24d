// SPDX-License-Identifier: Apache-2.0
// The planar contours from a seed to the fused distance, on phantoms.
#include "core/error.h"
#include "core/parallel.h"
#include "segment/planes.h"
#include "segment/seed.h"

#include <math.h>
#include <string.h>

// An oblique, anisotropic grid off the origin.
static HpGrid oblique_grid(void)
{
    HpGrid grid = hp_grid_new(56, 48, 30, 2.2, 2.5, 4);
    const double c = cos(0.15), s = sin(0.15), turned[9] = {c, -s, 0, s, c, 0, 0, 0, 1};
    memcpy(grid.directions, turned, sizeof turned);
    grid.origin_mm[0] = 40;
    grid.origin_mm[1] = -310;
    grid.origin_mm[2] = 720;
    return grid;
}

// Signed mm (negative inside) to an organ of two overlapping balls in the grid's own axes.
static double organ_mm(const HpGrid *grid, int i, int j, int k)
{
    const double a = i * grid->spacing_mm[0] - 52, b = j * grid->spacing_mm[1] - 60;
    const double c = k * grid->spacing_mm[2] - 58;
    const double large = sqrt(a * a + b * b + c * c) - 36;
    const double small = sqrt((a - 32) * (a - 32) + b * b + (c + 10) * (c + 10)) - 22;
    return MIN(large, small);
}

// Organ 100 HU, fat -90 HU round it, noise of 12 HU; half the partial volume of a voxel.
static HpField *make_picture(const HpGrid *grid, double noise_hu)
{
    g_autoptr(GRand) random = g_rand_new_with_seed(5);
    HpField *picture = hp_field_new(grid, NULL);
    for (int k = 0; k < grid->size[2]; k++)
        for (int j = 0; j < grid->size[1]; j++)
            for (int i = 0; i < grid->size[0]; i++) {
                const double share = CLAMP(0.5 - organ_mm(grid, i, j, k) / 2.5, 0, 1);
                double noise = -6;
                for (int at = 0; at < 12; at++)
                    noise += g_rand_double(random);
                picture->value[hp_grid_offset(grid, i, j, k)] =
                    (float)(-90 + 190 * share + noise_hu * noise);
            }
    return picture;
}

static GPtrArray *make_seed(const HpGrid *grid, HpPlane plane)
{
    const int normal = hp_grid_axis(grid, plane);
    const double centre[3] = {52, 60, 58};
    int u, v;
    hp_plane_axes(grid, plane, &u, &v);
    g_autoptr(HpLoop) loop = hp_loop_new(32);
    for (int at = 0; at < 32; at++)
        hp_loop_append(loop, centre[u] + 18 * cos(2 * G_PI * at / 32),
                       centre[v] + 18 * sin(2 * G_PI * at / 32));
    GPtrArray *seeds = hp_contours_new();
    const int slice = (int)(centre[normal] / grid->spacing_mm[normal]);
    g_ptr_array_add(seeds, hp_loop_to_contour(loop, grid, plane, slice));
    return seeds;
}

static double dice(const HpField *phi)
{
    double both = 0, sum = 0;
    for (int k = 0; k < phi->grid.size[2]; k++)
        for (int j = 0; j < phi->grid.size[1]; j++)
            for (int i = 0; i < phi->grid.size[0]; i++) {
                const bool found = phi->value[hp_grid_offset(&phi->grid, i, j, k)] < 0;
                const bool wanted = organ_mm(&phi->grid, i, j, k) < 0;
                both += found && wanted;
                sum += found + wanted;
            }
    return 2 * both / sum;
}

static HpPlanes *evolve(const HpField *picture, const GPtrArray *seeds, const HpParams *params)
{
    g_autoptr(GError) error = NULL;
    HpPlanes *planes = hp_planes_evolve(&(HpPlanesInput){.picture = picture, .seeds = seeds},
                                        params, NULL, &error);
    g_assert_no_error(error);
    return planes;
}

static void an_organ_without_neighbours_is_found_from_a_seed_on_any_plane(void)
{
    const HpGrid grid = oblique_grid();
    g_autoptr(HpField) picture = make_picture(&grid, 12);
    const HpParams params = hp_params_default();
    for (int plane = 0; plane < HP_PLANE_COUNT; plane++) {
        g_autoptr(GPtrArray) seeds = make_seed(&grid, plane);
        g_autoptr(HpPlanes) planes = evolve(picture, seeds, &params);
        g_test_message("%s: dice %.4f, %.1f ml", hp_plane_name(plane), dice(planes->phi),
                       planes->ml);
        g_assert_cmpfloat(dice(planes->phi), >, 0.97);
        for (int other = 0; other < HP_PLANE_COUNT; other++) {
            g_assert_cmpint(planes->evolved[other], >, 5);
            // Most rest; contours that vanish beyond the organ's caps do not.
            g_assert_cmpint(planes->converged[other], >, planes->evolved[other] * 3 / 4);
        }
        for (size_t at = 0; at < hp_grid_count(&grid); at++)
            g_assert_cmpfloat(fabs(planes->phi->value[at]), <=, HP_FUSE_CLAMP_MM);
    }
}

static void one_and_eight_threads_give_the_same_bytes(void)
{
    const HpGrid grid = oblique_grid();
    g_autoptr(HpField) picture = make_picture(&grid, 12);
    g_autoptr(GPtrArray) seeds = make_seed(&grid, HP_PLANE_AXIAL);
    const HpParams params = hp_params_default();
    const int threads = hp_parallel_get_threads();
    hp_parallel_set_threads(1);
    g_autoptr(HpPlanes) one = evolve(picture, seeds, &params);
    hp_parallel_set_threads(8);
    g_autoptr(HpPlanes) eight = evolve(picture, seeds, &params);
    hp_parallel_set_threads(threads);
    g_assert_cmpint(one->contours->len, ==, eight->contours->len);
    g_assert_cmpmem(one->phi->value, hp_grid_count(&grid) * sizeof(float), eight->phi->value,
                    hp_grid_count(&grid) * sizeof(float));
    for (guint at = 0; at < one->contours->len; at++) {
        const HpContour *p = one->contours->pdata[at], *q = eight->contours->pdata[at];
        g_assert_cmpmem(p->mm, p->count * sizeof *p->mm, q->mm, q->count * sizeof *q->mm);
    }
    g_assert_cmpint(one->steps, ==, eight->steps);
}

static double ml_with(const HpField *picture, const GPtrArray *seeds, HpParameterId id,
                      double value)
{
    HpParams params = hp_params_default();
    g_autoptr(GError) error = NULL;
    g_assert_true(hp_params_set(&params, id, value, &error));
    g_autoptr(HpPlanes) planes = evolve(picture, seeds, &params);
    return planes->ml;
}

static void every_slider_moves_the_fused_contours(void)
{
    const HpGrid grid = oblique_grid();
    g_autoptr(HpField) picture = make_picture(&grid, 12);
    g_autoptr(GPtrArray) seeds = make_seed(&grid, HP_PLANE_AXIAL);
    static const struct {
        HpParameterId id;
        double low, high;
        bool grows; // from low to high
    } slider[] = {
        {HP_PARAM_THRESHOLD_LOW, 95, 20, true}, {HP_PARAM_THRESHOLD_HIGH, 108, 160, true},
        {HP_PARAM_KAPPA, -0.4, 0.4, true},      {HP_PARAM_ALPHA, 0, 3, false},
        {HP_PARAM_BETA, 0, 10, false},          {HP_PARAM_REGION_WEIGHT, 0.4, 3, true},
        {HP_PARAM_DATA_WEIGHT, 0, 6, true},     {HP_PARAM_SIGMA, 0, 4, false},
    };
    for (guint at = 0; at < G_N_ELEMENTS(slider); at++) {
        const double low = ml_with(picture, seeds, slider[at].id, slider[at].low);
        const double high = ml_with(picture, seeds, slider[at].id, slider[at].high);
        g_test_message("%s: %.1f ml at %g, %.1f ml at %g", hp_parameter_get(slider[at].id)->id, low,
                       slider[at].low, high, slider[at].high);
        if (slider[at].grows)
            g_assert_cmpfloat(high, >, low);
        else
            g_assert_cmpfloat(high, <, low);
    }
}

typedef struct {
    HpTask task;
    gint64 cancelled_us;
} Cancel;

static gpointer cancel_cb(gpointer data)
{
    Cancel *cancel = data;
    g_usleep(15000);
    cancel->cancelled_us = g_get_monotonic_time();
    hp_task_cancel(&cancel->task);
    return NULL;
}

static void cancel_returns_soon_with_nothing(void)
{
    const HpGrid grid = oblique_grid();
    g_autoptr(HpField) picture = make_picture(&grid, 12);
    g_autoptr(GPtrArray) seeds = make_seed(&grid, HP_PLANE_AXIAL);
    const HpParams params = hp_params_default();
    Cancel cancel = {.cancelled_us = 0};
    hp_task_init(&cancel.task);
    GThread *thread = g_thread_new("cancel", cancel_cb, &cancel);
    g_autoptr(GError) error = NULL;
    HpPlanes *planes = hp_planes_evolve(&(HpPlanesInput){.picture = picture, .seeds = seeds},
                                        &params, &cancel.task, &error);
    const gint64 returned_us = g_get_monotonic_time();
    g_thread_join(thread);
    if (planes != NULL) { // faster than the cancel
        g_assert_cmpint(returned_us, <, cancel.cancelled_us + 1000);
        hp_planes_free(planes);
        return;
    }
    g_assert_error(error, HP_ERROR, HP_ERROR_CANCELLED);
    g_test_message("returned after %d us", (int)(returned_us - cancel.cancelled_us));
    g_assert_cmpint(returned_us - cancel.cancelled_us, <, 100000);
}

static void bad_input_is_refused_by_name(void)
{
    const HpGrid grid = oblique_grid(), other_grid = hp_grid_new(5, 5, 5, 1, 1, 1);
    g_autoptr(HpField) picture = make_picture(&grid, 0);
    g_autoptr(HpField) other = hp_field_new(&other_grid, NULL);
    g_autoptr(GPtrArray) seeds = make_seed(&grid, HP_PLANE_AXIAL), none = hp_contours_new();
    HpParams params = hp_params_default();
    g_autoptr(GError) grids = NULL, empty = NULL, band = NULL, nothing = NULL;
    g_assert_null(
        hp_planes_evolve(&(HpPlanesInput){.picture = picture, .original = other, .seeds = seeds},
                         &params, NULL, &grids));
    g_assert_error(grids, HP_ERROR, HP_ERROR_GRID_MISMATCH);
    g_assert_null(hp_planes_evolve(&(HpPlanesInput){.picture = picture, .seeds = none}, &params,
                                   NULL, &empty));
    g_assert_error(empty, HP_ERROR, HP_ERROR_BAD_FILE);
    params.value[HP_PARAM_THRESHOLD_LOW] = 50;
    params.value[HP_PARAM_THRESHOLD_HIGH] = 50;
    g_assert_null(hp_planes_evolve(&(HpPlanesInput){.picture = picture, .seeds = seeds}, &params,
                                   NULL, &band));
    g_assert_error(band, HP_ERROR, HP_ERROR_BAD_FILE);
    params.value[HP_PARAM_THRESHOLD_LOW] = 400; // a band that nothing is in
    params.value[HP_PARAM_THRESHOLD_HIGH] = 500;
    g_assert_null(hp_planes_evolve(&(HpPlanesInput){.picture = picture, .seeds = seeds}, &params,
                                   NULL, &nothing));
    g_assert_error(nothing, HP_ERROR, HP_ERROR_NO_RESULT);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/planes/an_organ_without_neighbours_is_found_from_a_seed_on_any_plane",
                    an_organ_without_neighbours_is_found_from_a_seed_on_any_plane);
    g_test_add_func("/planes/every_slider_moves_the_fused_contours",
                    every_slider_moves_the_fused_contours);
    g_test_add_func("/planes/one_and_eight_threads_give_the_same_bytes",
                    one_and_eight_threads_give_the_same_bytes);
    g_test_add_func("/planes/cancel_returns_soon_with_nothing", cancel_returns_soon_with_nothing);
    g_test_add_func("/planes/bad_input_is_refused_by_name", bad_input_is_refused_by_name);
    return g_test_run();
}
