// SPDX-License-Identifier: Apache-2.0
// Reading and writing an image costs about its own size in memory, measuring it and a mask far less.
#include "io/image_file.h"
#include "io/input.h"
#include "support/folder.h"

#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define SLICES 300 // 512 x 512 x 300: 157 MB

typedef void (*Job)(const char *path);

// Peak resident bytes of a child that runs the job, more than those of one that does nothing.
static double peak_of(Job job, const char *path)
{
    const pid_t child = fork();
    if (child == 0) {
        job(path);
        _exit(0);
    }
    int status;
    struct rusage usage;
    g_assert_cmpint(wait4(child, &status, 0, &usage), ==, child);
    g_assert_cmpint(status, ==, 0);
    return (double)usage.ru_maxrss * 1024;
}

static void nothing(const char *path)
{
}

static void write_volume(const char *path)
{
    const HpGrid grid = hp_grid_new(512, 512, SLICES, 0.75, 0.75, 1);
    HpVolume *volume = hp_volume_new(&grid, NULL);
    for (size_t at = 0; at < hp_grid_count(&grid); at++)
        volume->hu[at] = (int16_t)(at % 1000 * 7 % 300 - 100);
    if (!hp_image_file_write_volume(volume, path, NULL, NULL))
        _exit(1);
}

static void write_mask(const char *path)
{
    const HpGrid grid = hp_grid_new(512, 512, SLICES, 0.75, 0.75, 1);
    HpMask *mask = hp_mask_new(&grid, NULL);
    const int lo[3] = {100, 200, 50}, size[3] = {200, 150, 150};
    g_autofree uint8_t *labels = g_malloc(200 * 150 * 150);
    memset(labels, 1, 200 * 150 * 150);
    hp_mask_write_box(mask, lo, size, labels);
    if (!hp_image_file_write_mask(mask, path, NULL, NULL))
        _exit(1);
}

static void read_volume(const char *path)
{
    if (hp_image_file_read_volume(path, NULL, NULL) == NULL)
        _exit(1);
}

static void read_mask(const char *path)
{
    if (hp_image_file_read_mask(path, NULL, NULL) == NULL)
        _exit(1);
}

static void measure(const char *path)
{
    g_autoptr(GPtrArray) found = hp_input_find(path, NULL, NULL);
    HpSeriesValues values;
    if (!hp_input_measure(found->pdata[0], &values, NULL, NULL))
        _exit(1);
}

static void peaks_stay_near_the_size(void)
{
#ifdef __SANITIZE_ADDRESS__
    g_test_skip("a sanitizer keeps what was freed");
    return;
#endif
    static const char *const names[] = {"a.nii.gz", "a.nii", "a.nrrd"};
    const double voxels = 512.0 * 512 * SLICES;
    for (size_t at = 0; at < G_N_ELEMENTS(names); at++) {
        g_auto(Folder) folder = folder_new();
        const char *path = folder_file(&folder, names[at]);
        const double base = peak_of(nothing, path);
        const double write = (peak_of(write_volume, path) - base) / (2 * voxels);
        const double read = (peak_of(read_volume, path) - base) / (2 * voxels);
        const double measured = (peak_of(measure, path) - base) / (2 * voxels);
        const double mask_write = (peak_of(write_mask, path) - base) / voxels;
        const double mask_read = (peak_of(read_mask, path) - base) / voxels;
        g_test_message("%s: volume written %.2f, read %.2f, measured %.2f; mask written %.2f, read "
                       "%.2f of its "
                       "size",
                       names[at], write, read, measured, mask_write, mask_read);
        g_assert_cmpfloat(write, <, 1.3);
        g_assert_cmpfloat(read, <, 1.3);
        g_assert_cmpfloat(measured, <, 0.1);
        g_assert_cmpfloat(mask_write, <, 0.6);
        g_assert_cmpfloat(mask_read, <, 0.6);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/image_memory/peaks_stay_near_the_size", peaks_stay_near_the_size);
    return g_test_run();
}
