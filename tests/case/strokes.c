// SPDX-License-Identifier: Apache-2.0
// A document that is steered: strokes as undoable steps, snakes that are watched, maps of any slice.
#include "case/donor.h"
#include "core/error.h"
#include "surface/measure.h"

#include <math.h>
#include <string.h>

static Donor *donor;

static HpDocument *open_with_seed(void)
{
    HpDocument *document = donor_open(donor);
    hp_document_add_seed(document, donor_seed(donor, &hp_document_get_volume(document)->grid));
    return document;
}

// From the middle of the seed up and down the slice, 150 mm each way.
static HpStroke *stroke_at_seed(const HpDocument *document, HpStrokeKind kind)
{
    const HpContour *seed = hp_document_get_plan(document)->seeds->pdata[0];
    HpStroke *stroke = hp_stroke_new(kind, seed->plane, 4, 2);
    for (int end = 0; end < 2; end++) {
        for (int at = 0; at < seed->count; at++)
            for (int axis = 0; axis < 3; axis++)
                stroke->mm[end][axis] += seed->mm[at][axis] / seed->count;
        stroke->mm[end][1] += end ? 150 : -150;
    }
    return stroke;
}

static guint strokes(const HpDocument *document)
{
    return hp_document_get_plan(document)->strokes->len;
}

static double shown_mm2(const HpDocument *document)
{
    const GPtrArray *previews = hp_document_get_previews(document);
    g_assert_cmpuint(previews->len, ==, 1);
    return hp_contour_area_mm2(previews->pdata[0]);
}

static void strokes_are_steps_that_are_undone(void)
{
    g_autoptr(HpDocument) document = open_with_seed();
    const double before = shown_mm2(document);
    hp_document_add_stroke(document, stroke_at_seed(document, HP_STROKE_BARRIER));
    g_assert_cmpstr(hp_document_get_undo_name(document), ==, "Not liver");
    g_assert_cmpfloat(shown_mm2(document), <, 0.9 * before);
    hp_document_add_stroke(document, stroke_at_seed(document, HP_STROKE_HOLD));
    g_assert_cmpstr(hp_document_get_undo_name(document), ==, "Hold here");
    hp_document_add_stroke(document, stroke_at_seed(document, HP_STROKE_PUSH));
    g_assert_cmpstr(hp_document_get_undo_name(document), ==, "Push here");
    g_assert_cmpuint(strokes(document), ==, 3);
    hp_document_clear_strokes(document, HP_STROKE_HOLD);
    g_assert_cmpuint(strokes(document), ==, 2);
    hp_document_clear_strokes(document, HP_STROKE_HOLD); // nothing to do is no step
    g_assert_cmpstr(hp_document_get_undo_name(document), ==, "Strokes cleared");
    g_assert_true(hp_document_undo(document));
    g_assert_cmpuint(strokes(document), ==, 3);
    hp_document_clear_strokes(document, HP_STROKE_KIND_COUNT);
    g_assert_cmpuint(strokes(document), ==, 0);
    g_assert_cmpfloat(shown_mm2(document), ==, before);
}

static void a_stroke_off_the_volume_is_refused_in_words(void)
{
    g_autoptr(HpDocument) document = open_with_seed();
    HpStroke *stroke = stroke_at_seed(document, HP_STROKE_PUSH);
    stroke->mm[0][2] = stroke->mm[1][2] = 1e4;
    hp_document_add_stroke(document, stroke);
    g_assert_cmpuint(strokes(document), ==, 0);
    g_assert_error(hp_document_get_error(document), HP_ERROR, HP_ERROR_BAD_FILE);
    hp_document_add_stroke(document, stroke_at_seed(document, HP_STROKE_PUSH));
    g_assert_no_error(hp_document_get_error(document));
    g_assert_cmpuint(strokes(document), ==, 1);
}

static void a_mask_obeys_the_strokes_of_its_plan(void)
{
    g_autoptr(HpDocument) document = open_with_seed();
    hp_document_add_stroke(document, stroke_at_seed(document, HP_STROKE_BARRIER));
    hp_document_pursue(document, HP_GOAL_ORGAN);
    wait_idle(document);
    g_assert_no_error(hp_document_get_error(document));
    const HpStroke *stroke = hp_document_get_plan(document)->strokes->pdata[0];
    HpMask *mask = hp_document_get_mask(document);
    for (int at = 0; at <= 20; at++) {
        double mm[3], ijk[3];
        for (int axis = 0; axis < 3; axis++)
            mm[axis] =
                stroke->mm[0][axis] + at / 20.0 * (stroke->mm[1][axis] - stroke->mm[0][axis]);
        hp_grid_to_ijk(hp_mask_get_grid(mask), mm, ijk);
        g_assert_cmpint(
            hp_mask_get(mask, (int)lround(ijk[0]), (int)lround(ijk[1]), (int)lround(ijk[2])), ==,
            0);
    }
    g_assert_cmpfloat(hp_document_get_numbers(document).mask_ml, >, 300);
}

static void count_cb(HpDocument *document, guint change, guint *moves)
{
    (void)document;
    *moves += change == HP_CHANGE_PREVIEW;
}

static void an_evolution_is_watched_and_ends_where_it_rests(void)
{
    g_autoptr(HpDocument) document = open_with_seed();
    guint moves = 0;
    g_signal_connect(document, "changed", G_CALLBACK(count_cb), &moves);
    g_autoptr(HpContour) rest = hp_contour_copy(hp_document_get_previews(document)->pdata[0]);
    g_assert_true(hp_document_get_evolution(document).is_at_rest);
    hp_document_restart_evolution(document);
    g_assert_cmpint(hp_document_get_evolution(document).steps, ==, 0);
    g_assert_cmpuint(moves, ==, 1);
    g_assert_true(hp_document_step_evolution(document, 3));
    g_assert_cmpuint(moves, ==, 2);
    g_assert_cmpint(hp_document_get_evolution(document).steps, ==, 3);
    g_assert_true(hp_document_get_evolution(document).is_moving);
    g_assert_cmpfloat(shown_mm2(document), !=, hp_contour_area_mm2(rest));
    hp_document_finish_evolution(document);
    const HpContour *end = hp_document_get_previews(document)->pdata[0];
    g_assert_cmpmem(end->mm, end->count * sizeof *end->mm, rest->mm,
                    rest->count * sizeof *rest->mm);
    // Stepping what rests begins anew; an edit puts it at rest again.
    g_assert_true(hp_document_step_evolution(document, 1));
    g_assert_cmpint(hp_document_get_evolution(document).steps, ==, 1);
    hp_document_set_value(document, HP_PARAM_KAPPA, 0.1);
    g_assert_false(hp_document_get_evolution(document).is_moving);
}

static void maps_of_any_slice_can_be_drawn(void)
{
    g_autoptr(HpDocument) document = donor_open(donor);
    g_assert_null(hp_document_dup_map(document, HP_MAP_EDGE, HP_PLANE_CORONAL, 40));
    hp_document_add_seed(document, donor_seed(donor, &hp_document_get_volume(document)->grid));
    for (int plane = 0; plane < HP_PLANE_COUNT; plane++)
        for (int kind = 0; kind < HP_MAP_COUNT; kind++) {
            g_autoptr(HpMapPicture) map = hp_document_dup_map(document, kind, plane, 40);
            g_assert_cmpint(map->width * map->height, >, 1000);
            g_assert_cmpint(map->slice, ==, 40);
        }
}

typedef struct {
    GMainLoop *loop;
    guint sketches;
} Waiting;

static void sketch_cb(HpDocument *document, guint change, Waiting *waiting)
{
    (void)document;
    if (!(change & HP_CHANGE_SKETCH))
        return;
    waiting->sketches++;
    g_main_loop_quit(waiting->loop);
}

// Drags a slider: sketches come one after the other, at last for where it stands; the organ found in
// full takes their place.
static void sketches_follow_a_slider(void)
{
    g_autoptr(HpDocument) document = open_with_seed();
    Waiting waiting = {g_main_loop_new(NULL, FALSE), 0};
    g_signal_connect(document, "changed", G_CALLBACK(sketch_cb), &waiting);
    g_assert_null(hp_document_get_sketch(document));
    hp_document_pursue(document, HP_GOAL_SKETCH);
    g_assert_false(hp_document_is_busy(document)); // silent
    for (int at = 1; at <= 10; at++) {             // faster than sketches are made
        hp_document_set_value(document, HP_PARAM_KAPPA, 0.05 * at);
        hp_document_pursue(document, HP_GOAL_SKETCH);
    }
    g_main_loop_run(waiting.loop);
    g_main_loop_run(waiting.loop);
    g_assert_cmpuint(waiting.sketches, ==, 2);
    const double sketched = hp_mesh_volume_mm3(hp_document_get_sketch(document)) / 1000;
    g_assert_cmpuint(hp_document_get_sketch(document)->triangles, <=, 20000);

    hp_document_pursue(document, HP_GOAL_ORGAN);
    hp_document_pursue(document, HP_GOAL_SKETCH); // what waits in full is not put off
    wait_idle(document);
    g_assert_null(hp_document_get_sketch(document));
    const double ml = hp_document_get_numbers(document).mesh_ml;
    g_test_message("sketch %.0f ml, in full %.0f ml", sketched, ml);
    g_assert_cmpfloat(fabs(sketched / ml - 1), <, 0.08);
    hp_document_pursue(document, HP_GOAL_SKETCH); // nothing newer than the mesh to show
    g_assert_null(hp_document_get_sketch(document));
    g_main_loop_unref(waiting.loop);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    donor = donor_new();
#define TEST(name) g_test_add_func("/case/strokes/" #name, name)
    TEST(strokes_are_steps_that_are_undone);
    TEST(a_stroke_off_the_volume_is_refused_in_words);
    TEST(a_mask_obeys_the_strokes_of_its_plan);
    TEST(an_evolution_is_watched_and_ends_where_it_rests);
    TEST(maps_of_any_slice_can_be_drawn);
    TEST(sketches_follow_a_slider);
    const int failed = g_test_run();
    donor_free(donor);
    return failed;
}
