// SPDX-License-Identifier: Apache-2.0
// What is written holds what the case holds, lies along the axes asked for, and appears whole or not at all.
#include "case/export.h"

#include "core/error.h"
#include "io/image_file.h"
#include "io/mesh_file.h"
#include "support/folder.h"
#include "surface/measure.h"
#include "surface/model.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

// A ball of 20 mm in an oblique grid far from the origin, cut by `cuts`.
static HpSnapshot *ball(const HpCut *cuts, int count)
{
    HpGrid grid = hp_grid_new(60, 56, 40, 0.9, 0.9, 1.2);
    const double c = cos(0.3), s = sin(0.3);
    memcpy(grid.directions, (double[9]){c, -s, 0, s, c, 0, 0, 0, 1}, sizeof grid.directions);
    memcpy(grid.origin_mm, (double[3]){-120, 40, 900}, sizeof grid.origin_mm);
    HpSnapshot *snapshot = g_new0(HpSnapshot, 1);
    snapshot->mask = hp_mask_new(&grid, NULL);
    for (int k = 0; k < 40; k++)
        for (int j = 0; j < 56; j++)
            for (int i = 0; i < 60; i++)
                if (hypot(hypot(0.9 * (i - 30), 0.9 * (j - 28)), 1.2 * (k - 20)) < 20)
                    hp_mask_set(snapshot->mask, i, j, k, 1);
    const HpParams params = hp_params_default();
    g_autoptr(HpModel) model = hp_model_new(snapshot->mask, 1, &params, cuts, count, NULL, NULL);
    snapshot->mesh = hp_mesh_ref(model->mesh);
    snapshot->numbers = (HpNumbers){.mask_ml = model->mask_ml, .mesh_ml = model->mesh_ml};
    snapshot->plan = hp_plan_new();
    g_array_append_vals(snapshot->plan->trims, cuts, (guint)count);
    snapshot->contours = g_ptr_array_new();
    snapshot->report = json_object_new();
    json_object_set_double_member(snapshot->report, "volume_ml", model->label_ml);
    return snapshot;
}

// Through the middle of the ball, upright and turned.
static HpCut through_middle(const HpSnapshot *snapshot)
{
    double mm[3];
    hp_grid_to_mm(hp_mask_get_grid(snapshot->mask), (double[3]){30, 28, 20}, mm);
    return (HpCut){{0.6, 0.8, 0}, 0.6 * mm[0] + 0.8 * mm[1], false};
}

static double write_one(const HpSnapshot *snapshot, const char *folder, HpExportFormat format,
                        HpMeshAxes axes)
{
    GError *error = NULL;
    double ml = NAN;
    const HpExportChoice choice = {
        .format = format, .axes = axes, .folder = folder, .name = "liver"};
    hp_export_write(snapshot, &choice, &ml, NULL, &error);
    g_assert_no_error(error);
    return ml;
}

static void every_file_holds_what_the_case_holds(void)
{
    g_auto(Folder) folder = folder_new();
    g_autoptr(HpSnapshot) whole = ball(NULL, 0);
    const HpCut cut = through_middle(whole);
    g_autoptr(HpSnapshot) half = ball(&cut, 1);
    g_assert_cmpfloat(half->numbers.mesh_ml, <, 0.6 * whole->numbers.mesh_ml);
    HpSnapshot *const both[] = {whole, half};
    for (int at = 0; at < 2; at++)
        for (int format = 0; format < HP_EXPORT_REPORT; format++) {
            const double ml = write_one(both[at], folder.path, format, HP_MESH_AXES_LPS);
            const double truth =
                hp_export_is_mesh(format) ? both[at]->numbers.mesh_ml : both[at]->numbers.mask_ml;
            // A plane passes through voxels, which the mask keeps or not.
            g_assert_cmpfloat_with_epsilon(ml, truth, (at == 0 ? 1e-5 : 5e-3) * truth);
        }
    g_assert_cmpint(folder_count(&folder), ==, 6); // with the MTL
}

static void ras_is_lps_turned_and_stays_closed(void)
{
    static const char *const names[] = {"liver.obj", "liver.stl", "liver.ply"};
    g_auto(Folder) folder = folder_new();
    g_autoptr(HpSnapshot) snapshot = ball(NULL, 0);
    for (int format = 0; format < 3; format++) {
        g_autofree char *path = g_build_filename(folder.path, names[format], NULL);
        g_autofree char *bytes = NULL;
        const double lps_ml = write_one(snapshot, folder.path, format, HP_MESH_AXES_LPS);
        g_autoptr(HpMesh) lps = hp_mesh_file_read(path, NULL, NULL);
        const double ras_ml = write_one(snapshot, folder.path, format, HP_MESH_AXES_RAS);
        g_autoptr(HpMesh) ras = hp_mesh_file_read(path, NULL, NULL);
        g_assert_cmpfloat_with_epsilon(ras_ml, lps_ml, 1e-9 * lps_ml); // > 0: not turned inside out
        g_assert_true(hp_mesh_is_watertight(ras));
        g_assert_cmpuint(ras->vertices, ==, lps->vertices);
        for (size_t at = 0; at < 3 * ras->vertices; at++) {
            const float sign = at % 3 == 2 ? 1 : -1;
            g_assert_cmpfloat(ras->mm[at], ==, sign * lps->mm[at]);
            g_assert_cmpfloat_with_epsilon(ras->normal[at], sign * lps->normal[at], 1e-5);
        }
        size_t length = 0;
        g_assert_true(g_file_get_contents(path, &bytes, &length, NULL));
        g_assert_nonnull(g_strstr_len(bytes, (gssize)MIN(length, 300), "coordinates in RAS"));
        g_assert_null(g_strstr_len(bytes, (gssize)MIN(length, 300), "LPS"));
    }
}

static void a_mask_keeps_the_voxels_whose_centre_a_plane_keeps(void)
{
    g_auto(Folder) folder = folder_new();
    g_autoptr(HpSnapshot) whole = ball(NULL, 0);
    const HpCut on = through_middle(whole), off = {{0, 0, 1}, -5000, true};
    const HpCut cuts[2] = {off, on};
    g_autoptr(HpSnapshot) half = ball(cuts, 2);
    g_autofree char *path = g_build_filename(folder.path, "liver.nii.gz", NULL);
    write_one(half, folder.path, HP_EXPORT_NIFTI, HP_MESH_AXES_LPS);
    g_autoptr(HpMask) read = hp_image_file_read_mask(path, NULL, NULL);
    const HpGrid *grid = hp_mask_get_grid(half->mask);
    for (int k = 0; k < grid->size[2]; k++)
        for (int j = 0; j < grid->size[1]; j++)
            for (int i = 0; i < grid->size[0]; i++) {
                double mm[3];
                hp_grid_to_mm(grid, (double[3]){i, j, k}, mm);
                const double height =
                    on.normal[0] * mm[0] + on.normal[1] * mm[1] + on.normal[2] * mm[2] - on.d_mm;
                if (fabs(height) > 1e-9)
                    g_assert_cmpint(hp_mask_get(read, i, j, k), ==,
                                    height < 0 ? hp_mask_get(half->mask, i, j, k) : 0);
            }
    g_assert_cmpfloat(hp_mask_volume_ml(half->mask, 1), ==, hp_mask_volume_ml(whole->mask, 1));
}

static bool draw_cb(const HpSnapshot *snapshot, const char *folder, HpTask *task, GError **error)
{
    g_autofree char *path = g_build_filename(folder, "a.png", NULL);
    return g_file_set_contents(path, "no picture", -1, error);
}

static void a_report_is_a_page_and_its_settings(void)
{
    static const struct HpExportPicture pictures[] = {{"Axial", "a.png"}};
    g_auto(Folder) folder = folder_new();
    g_autoptr(HpSnapshot) snapshot = ball(NULL, 0);
    GError *error = NULL;
    double ml = 7;
    const HpExportChoice choice = {.format = HP_EXPORT_REPORT,
                                   .folder = folder.path,
                                   .name = "liver",
                                   .pictures = {draw_cb, pictures, 1}};
    hp_export_write(snapshot, &choice, &ml, NULL, &error);
    g_assert_no_error(error);
    g_assert_true(isnan(ml));
    g_assert_cmpint(folder_count(&folder), ==, 2);
    g_autofree char *page = g_build_filename(folder.path, "liver.html", NULL);
    g_autofree char *params = g_build_filename(folder.path, "liver.json", NULL);
    g_autofree char *html = NULL;
    g_assert_true(g_file_get_contents(page, &html, NULL, NULL));
    g_assert_nonnull(strstr(html, "bm8gcGljdHVyZQ==")); // the picture, within the page
    g_autoptr(HpPlan) plan = hp_plan_new();
    hp_plan_read(plan, params, &error);
    g_assert_no_error(error);
}

static void assert_refused(const char *folder, const char *name, const char *expected)
{
    g_autoptr(HpSnapshot) snapshot = ball(NULL, 0);
    g_autoptr(GError) error = NULL;
    double ml = 7;
    const HpExportChoice choice = {.format = HP_EXPORT_OBJ, .folder = folder, .name = name};
    g_assert_false(hp_export_write(snapshot, &choice, &ml, NULL, &error));
    g_assert_error(error, HP_ERROR, HP_ERROR_IO);
    g_test_message("%s", error->message);
    g_assert_nonnull(strstr(error->message, expected));
}

static void what_cannot_be_written_is_named_and_leaves_nothing(void)
{
    g_auto(Folder) folder = folder_new();
    g_autofree char *nowhere = g_build_filename(folder.path, "nowhere", NULL);
    g_autofree char *taken = g_build_filename(folder.path, "taken.obj", NULL);
    assert_refused(nowhere, "liver", "liver.obj");
    assert_refused(nowhere, "liver", nowhere);
    assert_refused(folder.path, "../liver", "\"../liver\" is no name");
    assert_refused(folder.path, "", "is no name");
    g_assert_cmpint(folder_count(&folder), ==, 0);
    g_mkdir(taken, 0777);
    assert_refused(folder.path, "taken", "taken.obj is a folder");
    g_rmdir(taken);
    if (geteuid() == 0) {
        g_test_message("the superuser writes anywhere");
        return;
    }
    chmod(folder.path, 0555);
    assert_refused(folder.path, "liver", folder.path);
    chmod(folder.path, 0755);
    g_assert_cmpint(folder_count(&folder), ==, 0);
}

static void a_cancelled_export_leaves_the_old_file(void)
{
    g_auto(Folder) folder = folder_new();
    g_autoptr(HpSnapshot) snapshot = ball(NULL, 0);
    g_autofree char *path = g_build_filename(folder.path, "liver.stl", NULL);
    g_autofree char *left = NULL;
    g_autoptr(GError) error = NULL;
    double ml = NAN;
    HpTask task;
    hp_task_init(&task);
    hp_task_cancel(&task);
    g_file_set_contents(path, "old", -1, NULL);
    const HpExportChoice choice = {.format = HP_EXPORT_STL, .folder = folder.path, .name = "liver"};
    g_assert_false(hp_export_write(snapshot, &choice, &ml, &task, &error));
    g_assert_error(error, HP_ERROR, HP_ERROR_CANCELLED);
    g_assert_true(g_file_get_contents(path, &left, NULL, NULL));
    g_assert_cmpstr(left, ==, "old");
    g_assert_cmpint(folder_count(&folder), ==, 1);
}

typedef struct {
    double ml;
    char *words;
    bool is_done;
} Done;

static void exported_cb(const HpSnapshot *snapshot, double file_ml, const GError *error,
                        gpointer data)
{
    Done *done = data;
    done->ml = file_ml;
    done->words = error != NULL ? g_strdup(error->message) : NULL;
    done->is_done = true;
}

static void a_worker_writes_beside_the_main_loop(void)
{
    g_auto(Folder) folder = folder_new();
    HpSnapshot *snapshot = ball(NULL, 0);
    const double ml = snapshot->numbers.mesh_ml;
    Done done = {0};
    const HpExportChoice choice = {.format = HP_EXPORT_PLY, .folder = folder.path, .name = "liver"};
    hp_export_start(snapshot, &choice, exported_cb, &done);
    while (!done.is_done)
        g_main_context_iteration(NULL, TRUE);
    g_assert_cmpstr(done.words, ==, NULL);
    g_assert_cmpfloat_with_epsilon(done.ml, ml, 1e-5 * ml);
    g_assert_cmpint(folder_count(&folder), ==, 1);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define TEST(name) g_test_add_func("/case/export/" #name, name)
    TEST(every_file_holds_what_the_case_holds);
    TEST(ras_is_lps_turned_and_stays_closed);
    TEST(a_mask_keeps_the_voxels_whose_centre_a_plane_keeps);
    TEST(a_report_is_a_page_and_its_settings);
    TEST(what_cannot_be_written_is_named_and_leaves_nothing);
    TEST(a_cancelled_export_leaves_the_old_file);
    TEST(a_worker_writes_beside_the_main_loop);
#undef TEST
    return g_test_run();
}
