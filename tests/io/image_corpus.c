// SPDX-License-Identifier: Apache-2.0
// Every CT and mask of the shared material reads, lies on one grid and holds what its index says.
#include "io/image_file.h"
#include "support/picture.h"

#include <math.h>
#include <string.h>

// A row of INDEX.tsv.
typedef struct {
    char *folder;
    int size[3];
    double spacing_mm[3];
    int low, high;
    double liver_ml; // 0: no mask
} Case;

static void three_numbers(const char *text, double value[3])
{
    g_auto(GStrv) part = g_strsplit(text, ",", 0);
    g_assert_cmpuint(g_strv_length(part), ==, 3);
    for (int at = 0; at < 3; at++)
        value[at] = g_ascii_strtod(part[at], NULL);
}

static void check_mask(const Case *row, const HpVolume *volume)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *path = g_build_filename(row->folder, "liver.nii.gz", NULL);
    g_autoptr(HpMask) mask = hp_image_file_read_mask(path, NULL, &error);
    g_assert_no_error(error);
    g_assert_true(hp_grid_equal(hp_mask_get_grid(mask), &volume->grid, 1e-3));
    size_t counts[256];
    hp_mask_count(mask, counts);
    g_assert_cmpuint(counts[0] + counts[1], ==, hp_grid_count(&volume->grid));
    const double ml = (double)counts[1] * hp_grid_voxel_mm3(&volume->grid) / 1000;
    g_test_message("%.1f ml, the index says %.1f", ml, row->liver_ml);
    g_assert_cmpfloat(fabs(ml - row->liver_ml), <, 0.06);
}

static void reads_as_its_index_says(gconstpointer data)
{
    const Case *row = data;
    g_autoptr(GError) error = NULL;
    g_autofree char *path = g_build_filename(row->folder, "ct.nii.gz", NULL);
    g_autoptr(HpVolume) volume = hp_image_file_read_volume(path, NULL, &error);
    g_assert_no_error(error);
    int low, high;
    hp_volume_range(volume, &low, &high);
    g_assert_cmpint(low, ==, row->low);
    g_assert_cmpint(high, ==, row->high);
    for (int axis = 0; axis < 3; axis++) {
        g_assert_cmpint(volume->grid.size[axis], ==, row->size[axis]);
        g_assert_cmpfloat_with_epsilon(volume->grid.spacing_mm[axis], row->spacing_mm[axis], 5e-4);
    }
    g_auto(HpImageInfo) info = {0};
    g_assert_true(hp_image_file_read_info(path, &info, NULL));
    g_assert_null(info.warning);
    if (row->liver_ml > 0)
        check_mask(row, volume);
}

static void case_free(gpointer data)
{
    g_free(((Case *)data)->folder);
    g_free(data);
}

// Columns: 0 case, 7 size, 8 spacing, 9 HU range "low..high", 12 millilitres.
static void add_row(const char *folder, const char *line)
{
    g_auto(GStrv) column = g_strsplit(line, "\t", 0);
    if (g_strv_length(column) < 13)
        return;
    Case *row = g_new0(Case, 1);
    double size[3];
    three_numbers(column[7], size);
    for (int axis = 0; axis < 3; axis++)
        row->size[axis] = (int)size[axis];
    three_numbers(column[8], row->spacing_mm);
    row->low = (int)g_ascii_strtod(column[9], NULL);
    row->high = (int)g_ascii_strtod(strstr(column[9], "..") + 2, NULL);
    if (g_str_has_prefix(column[0], "ircad") && g_str_has_suffix(column[0], "u")) {
        row->low = -160; // what was rebuilt holds no more, says the README; some rows name the
        row->high = 240; // range of the scan that it was
    }
    row->liver_ml = g_ascii_strtod(column[12], NULL);
    row->folder = g_build_filename(folder, column[0], NULL);
    g_autofree char *name = g_strconcat("/image_corpus/", column[0], NULL);
    g_test_add_data_func_full(name, row, reads_as_its_index_says, case_free);
}

static void skipped(void)
{
    g_test_skip("the shared material is absent");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_autofree char *material = material_dup_path();
    g_autofree char *folder =
        material != NULL ? g_build_filename(material, "ct", NULL) : g_strdup("");
    g_autofree char *index = g_build_filename(folder, "INDEX.tsv", NULL);
    g_autofree char *text = NULL;
    if (material == NULL || !g_file_get_contents(index, &text, NULL, NULL)) {
        g_test_add_func("/image_corpus/ct", skipped);
        return g_test_run();
    }
    g_auto(GStrv) line = g_strsplit(text, "\n", 0);
    for (int at = 1; line[at] != NULL; at++)
        add_row(folder, line[at]);
    return g_test_run();
}
