// SPDX-License-Identifier: Apache-2.0
// What is drawn while preparation is chosen: asked for, made on a worker, the plan's own in the end.
#include "case/prepared.h"

#include "image/presets.h"
#include "io/image_file.h"
#include "support/folder.h"
#include "support/random.h"

#include <math.h>
#include <string.h>

enum { WAIT_S = 30, MIDDLE = 9 };

typedef struct {
    Folder folder;
    HpDocument *document;
    HpPrepared *prepared;
    guint changes; // flags of all signals so far
} Case;

static void changed_cb(Case *here, guint change)
{
    here->changes |= change;
}

static void give_up_cb(void)
{
    g_error("nothing came of it in %d s", WAIT_S);
}

// Turns the loop until `is_there` says so.
static void wait_for(Case *here, bool (*is_there)(Case *))
{
    const guint alarm = g_timeout_add_seconds(WAIT_S, (GSourceFunc)give_up_cb, NULL);
    while (!is_there(here))
        g_main_context_iteration(NULL, TRUE);
    g_source_remove(alarm);
}

static bool is_loaded(Case *here)
{
    return hp_document_get_volume(here->document) != NULL && !hp_document_is_busy(here->document);
}

static bool are_slices_there(Case *here)
{
    for (int plane = 0; plane < HP_PLANE_COUNT; plane++)
        hp_prepared_get_slice(here->prepared, plane, MIDDLE);
    return !hp_prepared_is_busy(here->prepared);
}

static bool are_samples_there(Case *here)
{
    hp_prepared_want_samples(here->prepared, MIDDLE);
    return hp_prepared_get_sample(here->prepared, 0) != NULL;
}

static void case_open(Case *here)
{
    const HpGrid grid = hp_grid_new(24, 22, 20, 1.5, 1.5, 2);
    g_autoptr(HpVolume) volume = random_volume(&grid, -100, 250, 7);
    here->folder = folder_new();
    const char *path = folder_file(&here->folder, "ct.nrrd");
    g_assert_true(hp_image_file_write_volume(volume, path, NULL, NULL));
    here->document = hp_document_new();
    hp_document_open(here->document, path, NULL);
    wait_for(here, is_loaded);
    here->prepared = hp_prepared_new(here->document);
    g_signal_connect_swapped(here->prepared, "changed", G_CALLBACK(changed_cb), here);
    here->changes = 0;
}

static bool is_gone(Case *here)
{
    return here->prepared == NULL;
}

// A job under way keeps what it works for, until it has heard that it is cancelled.
static void case_close(Case *here)
{
    g_signal_handlers_disconnect_by_func(here->prepared, changed_cb, here);
    hp_prepared_set_active(here->prepared, false);
    g_object_add_weak_pointer(G_OBJECT(here->prepared), (gpointer *)&here->prepared);
    g_object_unref(here->prepared);
    wait_for(here, is_gone);
    g_object_unref(here->document);
    folder_clear(&here->folder);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Case, case_close)

// The slice is that of the volume prepared as the plan says now.
static void assert_is_prepared(Case *here, HpPlane plane)
{
    HpVolume *volume = hp_document_get_volume(here->document);
    const HpVolume *slice = hp_prepared_get_slice(here->prepared, plane, MIDDLE);
    const HpParams *params = &hp_document_get_plan(here->document)->params;
    g_autoptr(HpVolume) whole = hp_prepare(volume, params, NULL, NULL);
    g_assert_nonnull(slice);
    g_assert_cmpint(slice->grid.size[hp_grid_axis(&volume->grid, plane)], ==, 1);
    int at = 0;
    for (int k = 0; k < slice->grid.size[2]; k++)
        for (int j = 0; j < slice->grid.size[1]; j++)
            for (int i = 0; i < slice->grid.size[0]; i++, at++) {
                int ijk[3] = {i, j, k};
                ijk[hp_grid_axis(&volume->grid, plane)] = MIDDLE;
                const int wanted = whole->hu[hp_grid_offset(&whole->grid, ijk[0], ijk[1], ijk[2])];
                g_assert_cmpint(ABS(slice->hu[at] - wanted), <=, 1);
            }
}

static void nothing_to_prepare_is_the_original(void)
{
    g_auto(Case) here = {0};
    case_open(&here);
    hp_prepared_set_active(here.prepared, true);
    g_assert_null(hp_prepared_get_slice(here.prepared, HP_PLANE_AXIAL, MIDDLE));
    g_assert_false(hp_prepared_is_busy(here.prepared));
    g_assert_false(hp_prepared_is_on(here.prepared));
}

static void slices_follow_the_plan(void)
{
    g_auto(Case) here = {0};
    case_open(&here);
    hp_prepared_set_active(here.prepared, true);
    for (int preset = 1; preset <= 2; preset++) {
        hp_document_set_value(here.document, HP_PARAM_PRESET, preset);
        g_assert_true(hp_prepared_is_on(here.prepared));
        wait_for(&here, are_slices_there);
        g_assert_true(here.changes & HP_PREPARED_SLICES);
        for (int plane = 0; plane < HP_PLANE_COUNT; plane++)
            assert_is_prepared(&here, plane);
    }
    hp_document_undo(here.document);
    hp_document_undo(here.document);
    g_assert_false(hp_prepared_is_on(here.prepared));
    g_assert_null(hp_prepared_get_slice(here.prepared, HP_PLANE_AXIAL, MIDDLE));
}

static void slices_that_need_the_whole_wait_for_it(void)
{
    g_auto(Case) here = {0};
    case_open(&here);
    hp_prepared_set_active(here.prepared, true);
    hp_document_set_value(here.document, HP_PARAM_CLAHE, 3);
    wait_for(&here, are_slices_there);
    assert_is_prepared(&here, HP_PLANE_AXIAL);
    assert_is_prepared(&here, HP_PLANE_SAGITTAL);
}

static void samples_differ_and_leave_the_plan_alone(void)
{
    g_auto(Case) here = {0};
    case_open(&here);
    hp_prepared_set_active(here.prepared, true);
    wait_for(&here, are_samples_there);
    g_assert_cmpint(hp_prepared_get_sample_slice(here.prepared), ==, MIDDLE);
    for (int one = 0; one < HP_PRESETS; one++)
        for (int other = 0; other < one; other++) {
            const HpVolume *a = hp_prepared_get_sample(here.prepared, one);
            const HpVolume *b = hp_prepared_get_sample(here.prepared, other);
            const size_t bytes = hp_grid_count(&a->grid) * sizeof *a->hu;
            g_assert_cmpint(memcmp(a->hu, b->hu, bytes), !=, 0);
        }
    g_assert_cmpfloat(hp_document_get_plan(here.document)->params.value[HP_PARAM_PRESET], ==, 0);
}

static void an_empty_window_is_told_and_mended(void)
{
    g_auto(Case) here = {0};
    case_open(&here);
    hp_prepared_set_active(here.prepared, true);
    hp_document_set_value(here.document, HP_PARAM_WINDOW_LOW, 300);
    hp_document_set_value(here.document, HP_PARAM_PRESET, 4);
    wait_for(&here, are_slices_there);
    const GError *error = hp_prepared_get_error(here.prepared);
    g_assert_nonnull(error);
    g_assert_nonnull(strstr(error->message, "prepare.window-low"));
    hp_document_set_value(here.document, HP_PARAM_WINDOW_LOW, -100);
    g_assert_null(hp_prepared_get_error(here.prepared));
    wait_for(&here, are_slices_there);
    assert_is_prepared(&here, HP_PLANE_AXIAL);
}

static void at_rest_it_does_nothing(void)
{
    g_auto(Case) here = {0};
    case_open(&here);
    hp_document_set_value(here.document, HP_PARAM_PRESET, 5);
    while (g_main_context_iteration(NULL, FALSE))
        continue;
    g_assert_cmpuint(here.changes, ==, 0);
    hp_prepared_set_active(here.prepared, true);
    wait_for(&here, are_slices_there);
    hp_prepared_set_active(here.prepared, false);
    g_assert_null(hp_prepared_get_sample(here.prepared, 0));
    g_assert_false(hp_prepared_is_busy(here.prepared));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/prepared/nothing_to_prepare_is_the_original",
                    nothing_to_prepare_is_the_original);
    g_test_add_func("/prepared/slices_follow_the_plan", slices_follow_the_plan);
    g_test_add_func("/prepared/slices_that_need_the_whole_wait_for_it",
                    slices_that_need_the_whole_wait_for_it);
    g_test_add_func("/prepared/samples_differ_and_leave_the_plan_alone",
                    samples_differ_and_leave_the_plan_alone);
    g_test_add_func("/prepared/an_empty_window_is_told_and_mended",
                    an_empty_window_is_told_and_mended);
    g_test_add_func("/prepared/at_rest_it_does_nothing", at_rest_it_does_nothing);
    return g_test_run();
}
