// SPDX-License-Identifier: Apache-2.0
// Params files: what is written reads back as the same bytes, and what is wrong is named.
#include "case/json.h"
#include "case/plan.h"
#include "case/seeds.h"
#include "core/error.h"

#include <glib/gstdio.h>
#include <math.h>

typedef struct {
    char *folder;
    char *path;
} Fixture;

static void set_up(Fixture *fixture, gconstpointer data)
{
    fixture->folder = g_dir_make_tmp("hepatica-plan-XXXXXX", NULL);
    fixture->path = g_build_filename(fixture->folder, "params.json", NULL);
}

static void tear_down(Fixture *fixture, gconstpointer data)
{
    g_remove(fixture->path);
    g_rmdir(fixture->folder);
    g_free(fixture->path);
    g_free(fixture->folder);
}

// What reading `text` complains of, without the file's name; NULL if nothing. g_free().
static char *complaint(Fixture *fixture, const char *text)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(HpPlan) plan = hp_plan_new();
    g_assert_true(g_file_set_contents(fixture->path, text, -1, NULL));
    if (hp_plan_read(plan, fixture->path, &error))
        return NULL;
    g_assert_error(error, HP_ERROR, HP_ERROR_BAD_FILE);
    g_assert_true(g_str_has_prefix(error->message, fixture->path));
    return g_strdup(error->message + strlen(fixture->path) + 2);
}

static void assert_complaint(Fixture *fixture, const char *text, const char *expected)
{
    g_autofree char *got = complaint(fixture, text);
    g_assert_cmpstr(got, ==, expected);
}

static void a_whole_plan_reads_back_as_it_was_written(Fixture *fixture, gconstpointer data)
{
    g_autoptr(HpPlan) plan = hp_plan_new();
    g_assert_true(hp_plan_set(plan, HP_PARAM_KAPPA, "0.1", NULL));
    g_assert_true(hp_plan_set(plan, HP_PARAM_PRESET, "set2-gaussian", NULL));
    g_assert_true(hp_plan_set(plan, HP_PARAM_THRESHOLD_LOW, "81.7", NULL));
    g_assert_true(hp_plan_add_trim(plan, "3,-4,1,7.5", NULL));
    plan->series = g_strdup("1.2.826.0.1");
    HpContour *seed = hp_contour_new(HP_PLANE_CORONAL, -1, 3);
    for (int at = 0; at < 9; at++)
        seed->mm[at / 3][at % 3] = sqrt(2 + at) * (at % 2 ? -100 : 100);
    g_ptr_array_add(plan->seeds, seed);
    for (int kind = 0; kind < HP_STROKE_KIND_COUNT; kind++) {
        HpStroke *stroke = hp_stroke_new(kind, kind % HP_PLANE_COUNT, sqrt(2 + kind), 1 + kind);
        for (int at = 0; at < 3 * stroke->count; at++)
            stroke->mm[at / 3][at % 3] = sqrt(3 + at) * (at % 2 ? -100 : 100);
        g_ptr_array_add(plan->strokes, stroke);
    }
    g_assert_true(hp_plan_write(plan, fixture->path, NULL));

    g_autoptr(HpPlan) again = hp_plan_new();
    g_assert_true(hp_plan_read(again, fixture->path, NULL));
    g_autofree char *written = hp_plan_dup_text(plan);
    g_autofree char *read = hp_plan_dup_text(again);
    g_assert_cmpstr(written, ==, read);
    g_assert_cmpfloat(again->params.value[HP_PARAM_KAPPA], ==, 0.1);
    g_assert_cmpfloat(again->params.value[HP_PARAM_PRESET], ==, 6);
    g_assert_true(isnan(again->params.value[HP_PARAM_THRESHOLD_HIGH]));
    const HpContour *back = again->seeds->pdata[0];
    g_assert_cmpint(back->plane, ==, HP_PLANE_CORONAL);
    g_assert_cmpmem(back->mm, 9 * sizeof(double), seed->mm, 9 * sizeof(double));
    g_assert_true(hp_strokes_equal(plan->strokes, again->strokes));
    g_autoptr(HpPlan) copy = hp_plan_copy(again);
    g_assert_true(hp_strokes_equal(plan->strokes, copy->strokes));
    ((HpStroke *)copy->strokes->pdata[2])->mm[1][1] += 1e-12;
    g_assert_false(hp_strokes_equal(plan->strokes, copy->strokes));
}

static void a_file_sets_only_what_it_names(Fixture *fixture, gconstpointer data)
{
    g_autoptr(HpPlan) plan = hp_plan_new();
    g_assert_true(hp_plan_set(plan, HP_PARAM_ALPHA, "3", NULL));
    g_assert_true(g_file_set_contents(
        fixture->path,
        "{\"contour.kappa\": -0.5, \"prepare.preset\": 2, \"contour.edge-refine\": false}", -1,
        NULL));
    g_assert_true(hp_plan_read(plan, fixture->path, NULL));
    g_assert_cmpfloat(plan->params.value[HP_PARAM_ALPHA], ==, 3);
    g_assert_cmpfloat(plan->params.value[HP_PARAM_KAPPA], ==, -0.5);
    g_assert_cmpfloat(plan->params.value[HP_PARAM_PRESET], ==, 2);
    g_assert_cmpfloat(plan->params.value[HP_PARAM_EDGE_REFINE], ==, 0);
}

static void what_is_wrong_is_named(Fixture *fixture, gconstpointer data)
{
    assert_complaint(fixture, "{\"contour.kapa\": 1}", "unknown key \"contour.kapa\"");
    assert_complaint(fixture, "{\"contour.kappa\": 3}", "contour.kappa is 3, expected -2 to 2");
    assert_complaint(fixture, "{\"contour.kappa\": null}",
                     "contour.kappa is \"auto\", expected a number");
    assert_complaint(fixture, "{\"contour.kappa\": []}",
                     "\"contour.kappa\" is not a number or a name");
    assert_complaint(fixture, "{\"contour.edge-refine\": \"maybe\"}",
                     "contour.edge-refine is \"maybe\", expected one of off, on");
    assert_complaint(fixture, "[1]", "JsonArray, expected an object");
    assert_complaint(fixture, "{\"trim\": [[0,0,0,1]]}",
                     "trim plane 0,0,0,1 has no direction, expected nx,ny,nz,d");
    assert_complaint(fixture, "{\"trim\": [[0,0,1]]}",
                     "\"trim\" is not a list of planes [nx, ny, nz, d]");
    assert_complaint(fixture, "{\"series\": 7}", "\"series\" is not a series UID");
    assert_complaint(fixture, "{\"contours\": {}}", "\"contours\" is JsonObject, expected a list");
    assert_complaint(fixture, "{\"contours\": [{\"plane\": \"oblique\"}]}",
                     "contour 1: \"plane\" is not one of axial, coronal, sagittal");
    assert_complaint(fixture, "{\"contours\": [{\"plane\": \"axial\", \"closed\": 1}]}",
                     "contour 1: unknown key \"closed\"");
    assert_complaint(fixture,
                     "{\"contours\": [{\"plane\": \"axial\", \"points_mm\": [[0,0,0],[1,1,0]]}]}",
                     "contour 1: 2 points, expected 3 to 10000");
    assert_complaint(
        fixture,
        "{\"contours\": [{\"plane\": \"axial\", \"points_mm\": [[0,0,0],[1,1,0],[1,null,0]]}]}",
        "contour 1: point 3 is not three coordinates in mm");
}

#define STROKE(text) "{\"strokes\": [{" text "}]}"

static void what_is_wrong_with_a_stroke_is_named(Fixture *fixture, gconstpointer data)
{
    g_assert_null(complaint(fixture, "{\"strokes\": []}"));
    g_assert_null(complaint(fixture, STROKE("\"kind\": \"erase\", \"plane\": \"coronal\", "
                                            "\"radius_mm\": 4, \"points_mm\": [[1, 2, 3]]")));
    assert_complaint(fixture, "{\"strokes\": 1}", "\"strokes\" is Integer, expected a list");
    assert_complaint(fixture, "{\"strokes\": [[]]}",
                     "stroke 1: it is JsonArray, expected an object");
    assert_complaint(fixture, STROKE("\"kind\": \"push\""), "stroke 1: no \"plane\"");
    assert_complaint(fixture, STROKE("\"color\": 1"), "stroke 1: unknown key \"color\"");
    assert_complaint(fixture,
                     STROKE("\"kind\": \"pull\", \"plane\": \"axial\", \"radius_mm\": 4, "
                            "\"points_mm\": [[1, 2, 3]]"),
                     "stroke 1: \"kind\" is not one of barrier, hold, push, erase");
    assert_complaint(fixture,
                     STROKE("\"kind\": \"push\", \"plane\": \"axial\", \"radius_mm\": 0.4, "
                            "\"points_mm\": [[1, 2, 3]]"),
                     "stroke 1: radius is 0.4 mm, expected 0.5 to 50");
    assert_complaint(fixture,
                     STROKE("\"kind\": \"push\", \"plane\": \"axial\", \"radius_mm\": \"4\", "
                            "\"points_mm\": [[1, 2, 3]]"),
                     "stroke 1: \"radius_mm\" is not a number of mm");
    assert_complaint(fixture,
                     STROKE("\"kind\": \"push\", \"plane\": \"axial\", \"radius_mm\": 4, "
                            "\"points_mm\": []"),
                     "stroke 1: 0 points, expected 1 to 10000");
    assert_complaint(fixture,
                     STROKE("\"kind\": \"push\", \"plane\": \"axial\", \"radius_mm\": 4, "
                            "\"points_mm\": [[1, 2, 3], [1, 2]]"),
                     "stroke 1: point 2 is not three coordinates in mm");
}

static void text_that_is_no_json_is_refused(Fixture *fixture, gconstpointer data)
{
    g_autofree char *empty = complaint(fixture, "");
    g_assert_true(g_str_has_prefix(empty, "0 bytes"));
    g_autofree char *broken = complaint(fixture, "{\"contour.kappa\": 1");
    g_assert_true(g_str_has_prefix(broken, "no JSON"));
    g_autofree char *blank = complaint(fixture, " \n");
    g_assert_true(g_str_has_prefix(blank, "no JSON"));
    g_autofree char *brackets = g_strnfill(1 << 20, '[');
    assert_complaint(fixture, brackets, "nested deeper than 32");
}

static void a_missing_file_is_an_io_error(Fixture *fixture, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(HpPlan) plan = hp_plan_new();
    g_assert_false(hp_plan_read(plan, "/nowhere/params.json", &error));
    g_assert_error(error, HP_ERROR, HP_ERROR_IO);
    g_assert_nonnull(strstr(error->message, "/nowhere/params.json"));
}

static void words_become_values(Fixture *fixture, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(HpPlan) plan = hp_plan_new();
    g_assert_true(hp_plan_set(plan, HP_PARAM_THRESHOLD_LOW, "60", NULL));
    g_assert_true(hp_plan_set(plan, HP_PARAM_THRESHOLD_LOW, "auto", NULL));
    g_assert_true(isnan(plan->params.value[HP_PARAM_THRESHOLD_LOW]));
    g_assert_false(hp_plan_set(plan, HP_PARAM_KAPPA, "nan", &error));
    g_assert_cmpstr(error->message, ==, "contour.kappa is \"nan\", expected a number");
    g_assert_false(hp_plan_set(plan, HP_PARAM_KAPPA, "0.3x", NULL));
    g_assert_false(hp_plan_set(plan, HP_PARAM_KAPPA, "", NULL));
    g_assert_false(hp_plan_add_trim(plan, "1,0,0", NULL));
    g_assert_true(hp_plan_add_trim(plan, "0,0,2,10", NULL));
    g_assert_cmpfloat(g_array_index(plan->trims, HpCut, 0).normal[2], ==, 1);
    g_assert_cmpfloat(g_array_index(plan->trims, HpCut, 0).d_mm, ==, 5);
}

static void a_plane_that_is_off_comes_back_off(Fixture *fixture, gconstpointer data)
{
    g_autoptr(HpPlan) plan = hp_plan_new(), read = hp_plan_new();
    hp_plan_add_trim(plan, "0,0,1,10", NULL);
    hp_plan_add_trim(plan, "0,1,0,20", NULL);
    g_array_index(plan->trims, HpCut, 0).is_off = true;
    g_assert_true(hp_plan_write(plan, fixture->path, NULL));
    g_assert_true(hp_plan_read(read, fixture->path, NULL));
    g_assert_true(g_array_index(read->trims, HpCut, 0).is_off);
    g_assert_cmpfloat(g_array_index(read->trims, HpCut, 0).d_mm, ==, 10);
    g_assert_false(g_array_index(read->trims, HpCut, 1).is_off);
    assert_complaint(fixture, "{\"trim\": [[0, 0, 1, 10, \"on\"]]}",
                     "\"trim\" is not a list of planes [nx, ny, nz, d]");
}

static HpContour *ring(const HpGrid *grid, HpPlane plane, double slice)
{
    HpContour *contour = hp_contour_new(plane, -1, 12);
    int u, v;
    hp_plane_axes(grid, plane, &u, &v);
    for (int at = 0; at < 12; at++) {
        double ijk[3];
        ijk[hp_grid_axis(grid, plane)] = slice;
        ijk[u] = 5 + 3 * cos(at * G_PI / 6);
        ijk[v] = 5 + 3 * sin(at * G_PI / 6);
        hp_grid_to_mm(grid, ijk, contour->mm[at]);
    }
    return contour;
}

static void seeds_are_placed_on_their_slices(Fixture *fixture, gconstpointer data)
{
    HpGrid grid = hp_grid_new(16, 16, 10, 0.75, 0.75, 5);
    const double c = cos(0.3), s = sin(0.3);
    const double tilted[9] = {1, 0, 0, 0, c, -s, 0, s, c};
    memcpy(grid.directions, tilted, sizeof tilted);
    memcpy(grid.origin_mm, (double[]){-40, 12, 300}, sizeof grid.origin_mm);
    g_autoptr(GPtrArray) seeds = hp_contours_new();
    g_ptr_array_add(seeds, ring(&grid, HP_PLANE_AXIAL, 7.3));
    g_ptr_array_add(seeds, ring(&grid, HP_PLANE_SAGITTAL, 4));
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) placed = hp_contours_place(seeds, &grid, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(placed->len, ==, 2);
    g_assert_cmpint(((HpContour *)placed->pdata[0])->slice, ==, 7);
    g_assert_cmpint(((HpContour *)placed->pdata[1])->slice, ==, 4);
}

static void seeds_off_the_grid_are_refused(Fixture *fixture, gconstpointer data)
{
    const HpGrid grid = hp_grid_new(16, 16, 10, 1, 1, 5);
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) seeds = hp_contours_new();
    g_ptr_array_add(seeds, ring(&grid, HP_PLANE_AXIAL, 12));
    g_assert_null(hp_contours_place(seeds, &grid, &error));
    g_assert_error(error, HP_ERROR, HP_ERROR_BAD_FILE);
    g_assert_cmpstr(error->message, ==,
                    "contour 1: seed lies on axial slice 12.00, expected 0 to 9");
}

static void json_has_one_shape(Fixture *fixture, gconstpointer data)
{
    JsonObject *object = json_object_new();
    json_object_set_double_member(object, "third", 1.0 / 3);
    json_object_set_double_member(object, "tenth", 0.1);
    json_object_set_double_member(object, "none", INFINITY);
    json_object_set_int_member(object, "count", 12);
    json_object_set_string_member(object, "name", "a\"b\\c\n\x01µ");
    json_object_set_array_member(object, "list", hp_json_numbers((double[]){1, 2.5, -0.75}, 3));
    json_object_set_object_member(object, "empty", json_object_new());
    g_autoptr(JsonNode) node = json_node_init_object(json_node_alloc(), object);
    json_object_unref(object);
    g_autofree char *text = hp_json_dup_text(node);
    g_assert_cmpstr(text, ==,
                    "{\n"
                    "  \"third\": 0.3333333333333333,\n"
                    "  \"tenth\": 0.1,\n"
                    "  \"none\": null,\n"
                    "  \"count\": 12,\n"
                    "  \"name\": \"a\\\"b\\\\c\\n\\u0001µ\",\n"
                    "  \"list\": [1, 2.5, -0.75],\n"
                    "  \"empty\": {}\n"
                    "}\n");
}

// Two plans, equal or not as their texts are.
static void assert_compares(const HpPlan *a, const HpPlan *b, bool is_same)
{
    g_autofree char *one = hp_plan_dup_text(a);
    g_autofree char *other = hp_plan_dup_text(b);
    g_assert_true((strcmp(one, other) == 0) == is_same);
    g_assert_true(hp_plan_equal(a, b) == is_same);
}

static void equal_plans_have_equal_texts(Fixture *fixture, gconstpointer data)
{
    g_autoptr(HpPlan) plan = hp_plan_new();
    g_assert_true(hp_plan_add_trim(plan, "1,0,0,7.5", NULL));
    HpContour *seed = hp_contour_new(HP_PLANE_CORONAL, 4, 3);
    seed->mm[1][0] = seed->mm[2][1] = 20;
    g_ptr_array_add(plan->seeds, seed);
    g_ptr_array_add(plan->strokes, hp_stroke_new(HP_STROKE_BARRIER, HP_PLANE_AXIAL, 3, 2));
    plan->series = g_strdup("1.2");
    for (int change = 0; change < 8; change++) {
        g_autoptr(HpPlan) other = hp_plan_copy(plan);
        HpContour *its_seed = other->seeds->pdata[0];
        HpStroke *its_stroke = other->strokes->pdata[0];
        if (change == 1)
            other->params.value[HP_PARAM_KAPPA] = 0.05;
        if (change == 2)
            other->params.value[HP_PARAM_THRESHOLD_LOW] = 80;
        if (change == 3)
            its_seed->mm[2][2] = 1e-9;
        if (change == 4)
            its_stroke->mm[1][0] = 1;
        if (change == 5)
            g_array_index(other->trims, HpCut, 0).d_mm = 7.25;
        if (change == 6)
            g_array_set_size(other->trims, 0);
        if (change == 7)
            g_clear_pointer(&other->series, g_free);
        assert_compares(plan, other, change == 0);
    }
}

#define ADD(test) g_test_add("/plan/" #test, Fixture, NULL, set_up, test, tear_down)

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD(a_whole_plan_reads_back_as_it_was_written);
    ADD(a_file_sets_only_what_it_names);
    ADD(what_is_wrong_is_named);
    ADD(what_is_wrong_with_a_stroke_is_named);
    ADD(text_that_is_no_json_is_refused);
    ADD(a_missing_file_is_an_io_error);
    ADD(words_become_values);
    ADD(a_plane_that_is_off_comes_back_off);
    ADD(seeds_are_placed_on_their_slices);
    ADD(seeds_off_the_grid_are_refused);
    ADD(json_has_one_shape);
    ADD(equal_plans_have_equal_texts);
    return g_test_run();
}
