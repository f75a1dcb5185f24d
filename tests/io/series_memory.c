// SPDX-License-Identifier: Apache-2.0
// Loading a long CT takes little more memory than its volume, children included.
#include <glib/gstdio.h>

#include "io/dicom_write.h"
#include "io/series.h"
#include "support/memory.h"

#define MOST 1.6 // times the volume

static void remove_series(const char *folder)
{
    g_autoptr(GDir) open = g_dir_open(folder, 0, NULL);
    for (const char *name; open != NULL && (name = g_dir_read_name(open)) != NULL;) {
        g_autofree char *path = g_build_filename(folder, name, NULL);
        g_unlink(path);
    }
    g_rmdir(folder);
}

// `drift_mm`: how far each slice lies behind the one before it.
static void loads_within(int slices, double drift_mm)
{
    g_autofree char *parent = g_dir_make_tmp("hepatica-memory-XXXXXX", NULL);
    g_autofree char *folder = g_build_filename(parent, "series", NULL);
    const HpGrid grid = hp_grid_new(512, 512, slices, 0.7, 0.7, 1);
    HpDicomInfo info = hp_dicom_info_default();
    info.drift_mm[1] = drift_mm;
    g_autoptr(HpDicomWriter) writer = hp_dicom_writer_new(&grid, &info, folder, NULL);
    g_autofree int16_t *hu = g_new0(int16_t, 512 * 512);
    for (int k = 0; k < slices; k++)
        g_assert_true(hp_dicom_writer_slice(writer, k, hu, NULL));
    g_assert_true(hp_dicom_writer_finish(writer, NULL));

    MemoryWatch *watch = memory_watch_new();
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) found = hp_series_find(folder, NULL, &error);
    g_assert_no_error(error);
    g_autoptr(HpVolume) volume = hp_series_load(g_ptr_array_index(found, 0), NULL, &error);
    g_assert_no_error(error);
    const double most = (double)memory_watch_end(watch);
    const double bytes = (double)hp_grid_count(&volume->grid) * sizeof(int16_t);
    g_test_message("%.0f MB for a volume of %.0f MB: %.2f times", most / 1e6, bytes / 1e6,
                   most / bytes);
    g_assert_cmpfloat(most, <=, MOST * bytes);
    g_assert_cmpfloat(most, >=, bytes); // else nothing was measured
    remove_series(folder);
    g_rmdir(parent);
}

static void a_thousand_slices(void)
{
    loads_within(1210, 0);
}

static void a_tilted_stack(void)
{
    loads_within(300, 0.3);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/memory/a_thousand_slices", a_thousand_slices);
    g_test_add_func("/memory/a_tilted_stack", a_tilted_stack);
    return g_test_run();
}
