// SPDX-License-Identifier: Apache-2.0
// Times the loading of a CT series beside GDCM and beside a plain read of the same files, and
// measures the memory it takes, children included.
//
//   bench-dicom-load [SLICES | FOLDER]
//
// Without a folder a series of 512 x 512 x SLICES (300) is made first, explicit little endian.
#include <stdlib.h>
#include <string.h>

#include <glib/gstdio.h>

#include "bench/gdcm_peer.h"
#include "io/dicom_write.h"
#include "io/series.h"
#include "support/bench.h"
#include "support/memory.h"

typedef struct {
    const char *folder;
    GPtrArray *paths; // sorted
    HpVolume *last;
} Case;

static void ours_cb(void *data)
{
    Case *c = data;
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) found = hp_series_find(c->folder, NULL, &error);
    g_assert_no_error(error);
    g_clear_pointer(&c->last, hp_volume_unref);
    c->last = hp_series_load(g_ptr_array_index(found, 0), NULL, &error);
    g_assert_no_error(error);
}

static void find_cb(void *data)
{
    const Case *c = data;
    g_autoptr(GPtrArray) found = hp_series_find(c->folder, NULL, NULL);
    g_assert_nonnull(found);
}

// What any reader must do at least: every byte from the page cache into memory that is kept.
static void plain_cb(void *data)
{
    const Case *c = data;
    g_autoptr(GPtrArray) kept = g_ptr_array_new_with_free_func(g_free);
    for (guint n = 0; n < c->paths->len; n++) {
        char *bytes = NULL;
        g_assert_true(g_file_get_contents(g_ptr_array_index(c->paths, n), &bytes, NULL, NULL));
        g_ptr_array_add(kept, bytes);
    }
}

#ifdef HAVE_GDCM
static void gdcm_cb(void *data)
{
    const Case *c = data;
    g_free(gdcm_peer_load((const char *const *)c->paths->pdata, (int)c->paths->len));
}
#endif

static void write_series(const char *folder, int slices)
{
    const HpGrid grid = hp_grid_new(512, 512, slices, 0.7, 0.7, 1);
    const HpDicomInfo info = hp_dicom_info_default();
    g_autoptr(HpDicomWriter) writer = hp_dicom_writer_new(&grid, &info, folder, NULL);
    g_autofree int16_t *hu = g_new(int16_t, 512 * 512);
    for (int k = 0; k < slices; k++) {
        for (int n = 0; n < 512 * 512; n++)
            hu[n] = (int16_t)((n * 7 + k * 13) % 1400 - 900);
        g_assert_true(hp_dicom_writer_slice(writer, k, hu, NULL));
    }
    g_assert_true(hp_dicom_writer_finish(writer, NULL));
}

static gint compare_paths(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static GPtrArray *list(const char *folder)
{
    GPtrArray *paths = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GDir) open = g_dir_open(folder, 0, NULL);
    for (const char *name; open != NULL && (name = g_dir_read_name(open)) != NULL;)
        g_ptr_array_add(paths, g_build_filename(folder, name, NULL));
    g_ptr_array_sort(paths, compare_paths);
    return paths;
}

static void remove_series(const Case *c)
{
    for (guint n = 0; n < c->paths->len; n++)
        g_unlink(g_ptr_array_index(c->paths, n));
    g_rmdir(c->folder);
}

static void measure_memory(Case *c)
{
    g_clear_pointer(&c->last, hp_volume_unref);
    MemoryWatch *watch = memory_watch_new();
    ours_cb(c);
    const double most = (double)memory_watch_end(watch);
    const double volume = (double)hp_grid_count(&c->last->grid) * sizeof(int16_t);
    g_print("memory: %.0f MB at most, the volume has %.0f MB: %.2f times\n", most / 1e6,
            volume / 1e6, most / volume);
}

int main(int argc, char **argv)
{
    g_autofree char *parent = g_dir_make_tmp("hepatica-bench-XXXXXX", NULL);
    g_autofree char *made = g_build_filename(parent, "series", NULL);
    const int slices = argc > 1 ? (int)g_ascii_strtoll(argv[1], NULL, 10) : 300;
    const bool is_made = slices > 0;
    if (is_made)
        write_series(made, slices);
    Case c = {.folder = is_made ? made : argv[1]};
    c.paths = list(c.folder);
    measure_memory(&c);
    const size_t voxels = hp_grid_count(&c.last->grid);
    BenchEntry entries[] = {{"ours", ours_cb, &c, 0, 0},
#ifdef HAVE_GDCM
                            {"GDCM", gdcm_cb, &c, 0, 0},
#endif
                            {"plain read", plain_cb, &c, 0, 0},
                            {"find only", find_cb, &c, 0, 0}};
    bench_run("Load a CT series", entries, G_N_ELEMENTS(entries), 5, voxels, "voxel");
    if (is_made)
        remove_series(&c);
    g_rmdir(parent);
    g_ptr_array_unref(c.paths);
    hp_volume_unref(c.last);
    return 0;
}
