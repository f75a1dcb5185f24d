// SPDX-License-Identifier: Apache-2.0
// A small synthetic donor as a DICOM series, and a document that is worked on without a window.
#include "case/donor.h"

#include "case/seeds.h"
#include "phantom/phantom.h"

#include <glib/gstdio.h>

static void write_donor(const char *folder, int number, int slices)
{
    HpPhantomParams params = hp_phantom_params_default();
    g_autoptr(GError) error = NULL;
    params.matrix = 84;
    params.slices = slices;
    params.spacing_mm[0] = params.spacing_mm[1] = 4.4;
    params.spacing_mm[2] = 3.5;
    params.seed = (uint64_t)number;
    hp_phantom_write(&params, folder, NULL, &error);
    g_assert_no_error(error);
}

Donor *donor_new(void)
{
    Donor *donor = g_new0(Donor, 1);
    donor->root = g_dir_make_tmp("hepatica-case-XXXXXX", NULL);
    g_autofree char *state = donor_path(donor, "state");
    g_setenv("XDG_STATE_HOME", state, TRUE); // unsaved cases of tests are nobody else's
    g_autofree char *folder = donor_path(donor, "donor");
    write_donor(folder, 1, 64);
    donor->series = g_build_filename(folder, "series", NULL);
    return donor;
}

static void remove_tree(const char *path)
{
    GDir *dir = g_file_test(path, G_FILE_TEST_IS_SYMLINK) ? NULL : g_dir_open(path, 0, NULL);
    const char *name;
    while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
        g_autofree char *inner = g_build_filename(path, name, NULL);
        remove_tree(inner);
    }
    if (dir != NULL)
        g_dir_close(dir);
    g_remove(path);
}

void donor_free(Donor *donor)
{
    if (donor == NULL)
        return;
    remove_tree(donor->root);
    g_free(donor->root);
    g_free(donor->series);
    g_free(donor);
}

char *donor_add(const Donor *donor, int number)
{
    g_autofree char *name = g_strdup_printf("donor/other%d", number);
    char *folder = donor_path(donor, name);
    write_donor(folder, number, 40);
    return folder;
}

char *donor_path(const Donor *donor, const char *name)
{
    return g_build_filename(donor->root, name, NULL);
}

HpContour *donor_seed(const Donor *donor, const HpGrid *grid)
{
    g_autofree char *path = donor_path(donor, "donor/seed.json");
    g_autoptr(HpPlan) plan = hp_plan_new();
    g_autoptr(GError) error = NULL;
    hp_plan_read(plan, path, &error);
    g_assert_no_error(error);
    g_autoptr(GPtrArray) placed = hp_contours_place(plan->seeds, grid, &error);
    g_assert_no_error(error);
    return hp_contour_copy(placed->pdata[0]);
}

static gboolean late_cb(gpointer data)
{
    g_error("still busy after two minutes: %s", hp_document_get_words(data));
    return G_SOURCE_REMOVE;
}

void wait_idle(HpDocument *document)
{
    const guint late = g_timeout_add_seconds(120, late_cb, document);
    while (hp_document_is_busy(document))
        g_main_context_iteration(NULL, TRUE);
    g_source_remove(late);
}

HpDocument *donor_open(const Donor *donor)
{
    HpDocument *document = hp_document_new();
    hp_document_open(document, donor->series, NULL);
    wait_idle(document);
    g_assert_no_error(hp_document_get_error(document));
    g_assert_nonnull(hp_document_get_volume(document));
    return document;
}
