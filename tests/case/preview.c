// SPDX-License-Identifier: Apache-2.0
// The preview of a seed: it starts where the method starts, and does not remember how it got there.
#include "case/preview.h"

#include "phantom/phantom.h"
#include "segment/seed.h"

#include <math.h>
#include <string.h>

typedef struct {
    HpVolume *volume;
    HpContour *seed;
} Scene;

static Scene scene; // rendered once

static void assert_same(const HpContour *a, const HpContour *b)
{
    g_assert_cmpint(a->plane, ==, b->plane);
    g_assert_cmpint(a->slice, ==, b->slice);
    g_assert_cmpmem(a->mm, a->count * sizeof *a->mm, b->mm, b->count * sizeof *b->mm);
}

static HpContour *circle(double radius)
{
    HpContour *seed = hp_contour_new(scene.seed->plane, scene.seed->slice, 24);
    double middle[3] = {0};
    for (int at = 0; at < scene.seed->count; at++)
        for (int axis = 0; axis < 3; axis++)
            middle[axis] += scene.seed->mm[at][axis] / scene.seed->count;
    for (int at = 0; at < 24; at++) {
        seed->mm[at][0] = middle[0] + radius * cos(at * G_PI / 12);
        seed->mm[at][1] = middle[1] + radius * sin(at * G_PI / 12);
        seed->mm[at][2] = scene.seed->mm[0][2];
    }
    return seed;
}

static HpPreview *preview_of(const HpContour *seed)
{
    g_autoptr(GError) error = NULL;
    HpPreview *preview = hp_preview_new(scene.volume, seed, &error);
    g_assert_no_error(error);
    return preview;
}

static HpContour *evolve(HpPreview *preview, const HpParams *params)
{
    g_autoptr(GError) error = NULL;
    HpContour *contour = hp_preview_evolve(preview, params, &error);
    g_assert_no_error(error);
    return contour;
}

static void a_dot_starts_from_its_section(void)
{
    g_autoptr(HpContour) dot = circle(8);
    g_autoptr(HpPreview) preview = preview_of(dot);
    const HpContour *start = hp_preview_get_start(preview);
    g_assert_cmpfloat(hp_contour_area_mm2(start), >, 10 * hp_contour_area_mm2(dot));
    g_assert_cmpint(start->slice, ==, dot->slice);
    for (int at = 0; at < start->count; at++) // on the slice itself
        g_assert_cmpfloat_with_epsilon(start->mm[at][2], dot->mm[0][2], 1e-6);
}

static void a_seed_of_its_section_starts_as_drawn(void)
{
    g_autoptr(HpPreview) preview = preview_of(scene.seed);
    const HpContour *start = hp_preview_get_start(preview);
    g_assert_cmpfloat(hp_contour_area_mm2(start), <, 1.3 * hp_contour_area_mm2(scene.seed));
}

static void the_way_sliders_and_seed_took_is_forgotten(void)
{
    const HpParams params = hp_params_default();
    HpParams other = params;
    other.value[HP_PARAM_SIGMA] = 2.5;
    other.value[HP_PARAM_KAPPA] = -0.4;
    g_autoptr(HpContour) dot = circle(9);
    g_autoptr(HpPreview) fresh = preview_of(dot);
    g_autoptr(HpContour) at_once = evolve(fresh, &params);

    g_autoptr(HpPreview) dragged = preview_of(scene.seed);
    g_autoptr(HpContour) first = evolve(dragged, &other);
    g_autoptr(HpContour) elsewhere = circle(14);
    g_assert_true(hp_preview_set_seed(dragged, elsewhere, NULL));
    g_autoptr(HpContour) second = evolve(dragged, &other);
    g_assert_true(hp_preview_set_seed(dragged, dot, NULL));
    g_autoptr(HpContour) third = evolve(dragged, &params);
    assert_same(at_once, third);
    g_assert_cmpint(second->count, >, 6);
}

static void seeds_of_all_planes_come_to_rest(void)
{
    const HpParams params = hp_params_default();
    const HpGrid *grid = &scene.volume->grid;
    double middle[3] = {0};
    for (int at = 0; at < scene.seed->count; at++)
        for (int axis = 0; axis < 3; axis++)
            middle[axis] += scene.seed->mm[at][axis] / scene.seed->count;
    for (int plane = 0; plane < HP_PLANE_COUNT; plane++) {
        int u, v;
        double a, b, slice;
        hp_plane_axes(grid, plane, &u, &v);
        hp_slice_from_mm(grid, plane, middle, &a, &b, &slice);
        g_autoptr(HpContour) dot = hp_contour_new(plane, (int)lround(slice), 16);
        for (int at = 0; at < 16; at++)
            hp_slice_to_mm(grid, plane, dot->slice, a + 8 * cos(at * G_PI / 8),
                           b + 8 * sin(at * G_PI / 8), dot->mm[at]);
        g_autoptr(HpPreview) preview = preview_of(dot);
        g_autoptr(HpContour) contour = evolve(preview, &params);
        g_assert_cmpint(contour->plane, ==, plane);
        g_assert_cmpint(contour->slice, ==, dot->slice);
        g_assert_cmpfloat(hp_contour_area_mm2(contour), >, 3000);
        double low, high;
        hp_preview_get_band(preview, &low, &high);
        g_assert_cmpfloat(low, <, 110);
        g_assert_cmpfloat(high, >, 110);
    }
}

static void a_seed_at_the_end_of_the_volume_works(void)
{
    const HpParams params = hp_params_default();
    for (int end = 0; end < 2; end++) {
        g_autoptr(HpContour) dot = circle(20);
        const HpGrid *grid = &scene.volume->grid;
        const double top = (end ? grid->size[2] - 1 : 0) - dot->slice;
        for (int at = 0; at < dot->count; at++)
            dot->mm[at][2] += top * grid->spacing_mm[2];
        dot->slice = end ? grid->size[2] - 1 : 0;
        g_autoptr(HpPreview) preview = preview_of(dot);
        g_autoptr(GError) error = NULL;
        g_autoptr(HpContour) contour = hp_preview_evolve(preview, &params, &error);
        g_assert_true(contour != NULL || error != NULL);
    }
}

static void steps_end_where_it_rests(void)
{
    HpParams params = hp_params_default();
    params.value[HP_PARAM_KAPPA] = 0.2;
    g_autoptr(HpPreview) watched = preview_of(scene.seed), whole = preview_of(scene.seed);
    g_assert_null(hp_preview_dup_contour(watched));
    g_autoptr(HpContour) at_once = evolve(whole, &params);
    for (int stride = 1; stride < 60; stride += 29) {
        g_assert_true(hp_preview_restart(watched, &params, NULL));
        HpEvolution now = hp_preview_get_evolution(watched);
        g_assert_true(now.is_moving && !now.is_at_rest && now.steps == 0);
        g_assert_true(isnan(now.change_percent));
        g_autoptr(HpContour) first = hp_preview_dup_contour(watched);
        g_assert_cmpfloat(fabs(hp_contour_area_mm2(first) - hp_contour_area_mm2(scene.seed)), <,
                          0.2 * hp_contour_area_mm2(scene.seed));
        while (hp_preview_step(watched, stride))
            continue;
        now = hp_preview_get_evolution(watched);
        g_autoptr(HpContour) last = hp_preview_dup_contour(watched);
        assert_same(at_once, last);
        g_assert_true(now.is_at_rest && !now.is_moving && !now.has_vanished);
        g_assert_cmpint(now.steps, ==, hp_preview_get_steps(whole));
        g_assert_cmpfloat(now.change_percent, <, 0.05);
        g_assert_false(hp_preview_step(watched, 10)); // and nothing moves any more
        g_autoptr(HpContour) later = hp_preview_dup_contour(watched);
        assert_same(at_once, later);
    }
}

// A line right through the seed's section, from end to end: one side remains.
static GPtrArray *line_through(HpStrokeKind kind, double radius)
{
    GPtrArray *strokes = hp_strokes_new();
    HpStroke *stroke = hp_stroke_new(kind, scene.seed->plane, radius, 2);
    double middle[3] = {0};
    for (int at = 0; at < scene.seed->count; at++)
        for (int axis = 0; axis < 3; axis++)
            middle[axis] += scene.seed->mm[at][axis] / scene.seed->count;
    for (int end = 0; end < 2; end++) {
        memcpy(stroke->mm[end], middle, sizeof middle);
        stroke->mm[end][1] += end ? 150 : -150;
    }
    g_ptr_array_add(strokes, stroke);
    return strokes;
}

static void barriers_are_kept_and_taken_back(void)
{
    const HpParams params = hp_params_default();
    g_autoptr(HpPreview) preview = preview_of(scene.seed);
    g_autoptr(HpContour) before = evolve(preview, &params);
    g_autoptr(GPtrArray) strokes = line_through(HP_STROKE_BARRIER, 6);
    g_assert_true(hp_preview_set_strokes(preview, strokes, NULL));
    g_autoptr(HpContour) cut = evolve(preview, &params);
    const HpStroke *stroke = strokes->pdata[0];
    const double line = stroke->mm[0][0];
    const bool is_left = cut->mm[0][0] > line;
    for (int at = 0; at < cut->count; at++)
        g_assert_cmpfloat((cut->mm[at][0] - line) * (is_left ? 1 : -1), >, 4.5);
    g_assert_cmpfloat(hp_contour_area_mm2(cut), <, 0.8 * hp_contour_area_mm2(before));
    g_assert_cmpfloat(hp_contour_area_mm2(cut), >, 0.3 * hp_contour_area_mm2(before));

    // In the order they were painted, and no trace when none is left.
    g_ptr_array_add(strokes, hp_stroke_copy(stroke));
    ((HpStroke *)strokes->pdata[1])->kind = HP_STROKE_ERASE;
    g_assert_true(hp_preview_set_strokes(preview, strokes, NULL));
    g_autoptr(HpContour) erased = evolve(preview, &params);
    assert_same(before, erased);
    g_assert_true(hp_preview_set_strokes(preview, NULL, NULL));
    g_autoptr(HpContour) none = evolve(preview, &params);
    assert_same(before, none);
}

static void maps_are_those_of_the_snake(void)
{
    HpParams params = hp_params_default();
    params.value[HP_PARAM_DATA_WEIGHT] = 2;
    g_autoptr(HpPreview) preview = preview_of(scene.seed);
    g_assert_null(hp_preview_dup_map(preview, HP_MAP_EDGE, HP_PLANE_AXIAL, 3, NULL));
    g_autoptr(GPtrArray) strokes = line_through(HP_STROKE_HOLD, 6);
    g_assert_true(hp_preview_set_strokes(preview, strokes, NULL));
    g_autoptr(HpContour) contour = evolve(preview, &params);
    const HpGrid *grid = &scene.volume->grid;
    const int slice = scene.seed->slice;
    for (int kind = 0; kind < HP_MAP_COUNT; kind++) {
        g_autoptr(HpMapPicture) own =
            hp_preview_dup_map(preview, kind, HP_PLANE_AXIAL, slice, NULL);
        g_assert_cmpint(own->slice, ==, slice);
        g_assert_cmpint(own->x + own->width, <=, own->grid.size[0]);
        g_assert_cmpint(own->y + own->height, <=, own->grid.size[1]);
        g_assert_cmpfloat(own->low, <, own->high);
        int held = 0;
        for (int at = 0; at < own->width * own->height; at++) {
            if (kind == HP_MAP_EDGE || kind == HP_MAP_MEMBER)
                g_assert_true(own->value[at] >= own->low && own->value[at] <= own->high);
            held += kind == HP_MAP_SPEED ? own->value[at] == 0
                                         : kind == HP_MAP_BETA && own->value[at] > own->high;
        }
        if (kind >= HP_MAP_SPEED) // a line 12 mm wide, voxels of 2.9 mm, the height of the part
            g_assert_cmpint(held, >, 3 * own->height);
    }
    for (int plane = 0; plane < HP_PLANE_COUNT; plane++) {
        g_autoptr(HpMapPicture) other = hp_preview_dup_map(preview, HP_MAP_MEMBER, plane, 30, NULL);
        int u, v;
        hp_plane_axes(grid, plane, &u, &v);
        g_assert_cmpint(other->plane, ==, plane);
        // The same part of the patient, on voxels of another size.
        const double wide = other->width * other->grid.spacing_mm[u];
        const double high = other->height * other->grid.spacing_mm[v];
        g_assert_cmpfloat_with_epsilon(wide, grid->size[u] * grid->spacing_mm[u], 4);
        g_assert_cmpfloat_with_epsilon(high, grid->size[v] * grid->spacing_mm[v], 4);
        g_assert_true(other->x == 0 && other->y == 0);
    }
}

static void a_slider_is_followed(void)
{
    HpParams params = hp_params_default();
    gint64 from = g_get_monotonic_time();
    g_autoptr(HpContour) dot = circle(8);
    g_autoptr(HpPreview) preview = preview_of(dot);
    const double made = (double)(g_get_monotonic_time() - from) / 1000;
    g_autoptr(HpContour) first = evolve(preview, &params);
    from = g_get_monotonic_time();
    for (int at = 0; at < 20; at++) {
        params.value[HP_PARAM_KAPPA] = 0.01 * at;
        g_autoptr(HpContour) contour = evolve(preview, &params);
    }
    const double moved = (double)(g_get_monotonic_time() - from) / 20000;
    from = g_get_monotonic_time();
    for (int at = 0; at < 20; at++) {
        g_autoptr(HpContour) next = circle(8 + 0.1 * at);
        g_assert_true(hp_preview_set_seed(preview, next, NULL));
    }
    const double set = (double)(g_get_monotonic_time() - from) / 20000;
    g_test_message("preview: made in %.1f ms, a slider %.1f ms, a moved seed %.1f ms more", made,
                   moved, set);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    HpPhantomParams params = hp_phantom_params_default();
    params.matrix = 128;
    params.slices = 60;
    params.spacing_mm[0] = params.spacing_mm[1] = 2.9;
    params.spacing_mm[2] = 3.5;
    if (g_test_slow())
        params = hp_phantom_params_default();
    scene.volume = hp_phantom_render(&params, NULL, NULL);
    g_autoptr(HpMask) liver = hp_phantom_liver(&params, NULL, NULL);
    scene.seed = hp_seed_from_mask(liver, 0, NULL);
#define TEST(name) g_test_add_func("/case/preview/" #name, name)
    TEST(a_dot_starts_from_its_section);
    TEST(a_seed_of_its_section_starts_as_drawn);
    TEST(the_way_sliders_and_seed_took_is_forgotten);
    TEST(seeds_of_all_planes_come_to_rest);
    TEST(a_seed_at_the_end_of_the_volume_works);
    TEST(steps_end_where_it_rests);
    TEST(barriers_are_kept_and_taken_back);
    TEST(maps_are_those_of_the_snake);
    TEST(a_slider_is_followed);
    const int failed = g_test_run();
    hp_volume_unref(scene.volume);
    hp_contour_free(scene.seed);
    return failed;
}
