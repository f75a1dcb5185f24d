// SPDX-License-Identifier: Apache-2.0
// Time to write and read a CT as .nii.gz, against zlib and, where they are found, libdeflate.
//
// The volume is 512 x 512 x 96 (50 MB): an ellipse of tissue with noise of 12 HU in air. All write
// the same bytes to the same folder; every result is read back. Median of 3.
#include "core/parallel.h"
#include "io/image_file.h"
#include "support/folder.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef HP_WITH_ZLIB
#include <zlib.h>
#endif
#ifdef HP_WITH_DEFLATE
#include <libdeflate.h>
#endif

#define REPEATS 3

static HpVolume *phantom(void)
{
    const HpGrid grid = hp_grid_new(512, 512, 96, 0.75, 0.75, 2);
    HpVolume *volume = hp_volume_new(&grid, NULL);
    uint64_t state = 88172645463325252u;
    for (int k = 0; k < 96; k++)
        for (int j = 0; j < 512; j++)
            for (int i = 0; i < 512; i++) {
                const double u = (i - 256) / 220.0, v = (j - 256) / 170.0;
                double noise = -2; // the sum of four uniform numbers is near enough to normal
                for (int part = 0; part < 4; part++) {
                    state ^= state << 13;
                    state ^= state >> 7;
                    state ^= state << 17;
                    noise += (double)(state >> 40) / (1 << 24);
                }
                const double tissue = u * u + v * v < 1 ? 60 + 40 * sin(u * 9) * cos(v * 7) : -1000;
                volume->hu[hp_grid_offset(&grid, i, j, k)] = (int16_t)(tissue + 20.8 * noise);
            }
    return volume;
}

typedef struct {
    const HpVolume *volume;
    const char *path;
} Job;

typedef void (*Step)(const Job *job);

static int compare_doubles(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double seconds_of(Step step, const Job *job)
{
    double taken[REPEATS];
    for (int at = 0; at < REPEATS; at++) {
        const gint64 begin = g_get_monotonic_time();
        step(job);
        taken[at] = (double)(g_get_monotonic_time() - begin) / 1e6;
    }
    qsort(taken, REPEATS, sizeof *taken, compare_doubles);
    return taken[REPEATS / 2];
}

static void write_ours(const Job *job)
{
    g_autoptr(GError) error = NULL;
    hp_image_file_write_volume(job->volume, job->path, NULL, &error);
    g_assert_no_error(error);
}

static void read_ours(const Job *job)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(HpVolume) volume = hp_image_file_read_volume(job->path, NULL, &error);
    g_assert_no_error(error);
    const size_t bytes = hp_grid_count(&volume->grid) * 2;
    g_assert_cmpmem(volume->hu, bytes, job->volume->hu, bytes);
}

static size_t bytes_of(const Job *job)
{
    return hp_grid_count(&job->volume->grid) * sizeof *job->volume->hu;
}

#ifdef HP_WITH_ZLIB
static void write_zlib(const Job *job)
{
    const char head[352] = {0};
    gzFile file = gzopen(job->path, "wb1");
    g_assert_cmpint(gzwrite(file, head, sizeof head), ==, sizeof head);
    g_assert_cmpint(gzwrite(file, job->volume->hu, (unsigned)bytes_of(job)), ==, bytes_of(job));
    g_assert_cmpint(gzclose(file), ==, Z_OK);
}

static void read_zlib(const Job *job)
{
    char head[352];
    const size_t bytes = bytes_of(job);
    g_autofree char *hu = g_malloc(bytes);
    gzFile file = gzopen(job->path, "rb");
    gzbuffer(file, 256 * 1024);
    g_assert_cmpint(gzread(file, head, sizeof head), ==, sizeof head);
    g_assert_cmpint(gzread(file, hu, (unsigned)bytes), ==, bytes);
    g_assert_cmpint(gzclose(file), ==, Z_OK);
    g_assert_cmpmem(hu, bytes, job->volume->hu, bytes);
}
#endif

#ifdef HP_WITH_DEFLATE
static void write_deflate(const Job *job)
{
    struct libdeflate_compressor *compressor = libdeflate_alloc_compressor(1);
    const size_t size = 352 + bytes_of(job);
    g_autofree char *whole = g_malloc0(size);
    memcpy(whole + 352, job->volume->hu, bytes_of(job));
    const size_t bound = libdeflate_gzip_compress_bound(compressor, size);
    g_autofree char *zipped = g_malloc(bound);
    const size_t made = libdeflate_gzip_compress(compressor, whole, size, zipped, bound);
    FILE *file = fopen(job->path, "wb");
    g_assert_cmpuint(fwrite(zipped, 1, made, file), ==, made);
    fclose(file);
    libdeflate_free_compressor(compressor);
}

static void read_deflate(const Job *job)
{
    struct libdeflate_decompressor *decompressor = libdeflate_alloc_decompressor();
    const size_t size = 352 + bytes_of(job);
    g_autofree char *whole = g_malloc(size);
    g_autofree char *zipped = NULL;
    gsize zipped_size;
    g_assert_true(g_file_get_contents(job->path, &zipped, &zipped_size, NULL));
    g_assert_cmpint(
        libdeflate_gzip_decompress(decompressor, zipped, zipped_size, whole, size, NULL), ==,
        LIBDEFLATE_SUCCESS);
    g_assert_cmpmem(whole + 352, bytes_of(job), job->volume->hu, bytes_of(job));
    libdeflate_free_decompressor(decompressor);
}
#endif

// The first way is ours, and the others are told as multiples of its time.
static void compare(const char *name, Step write_step, Step read_step, const Job *job,
                    double base[2])
{
    const double megabytes = (double)bytes_of(job) / 1e6;
    const double write = seconds_of(write_step, job);
    g_autofree char *zipped = NULL;
    gsize size;
    g_assert_true(g_file_get_contents(job->path, &zipped, &size, NULL));
    const double read = seconds_of(read_step, job);
    if (base[0] == 0) {
        base[0] = write;
        base[1] = read;
    }
    g_print("%-24s write %5.0f MB/s (%5.2fx our time)   read %5.0f MB/s (%5.2fx)   ratio %.3f\n",
            name, megabytes / write, write / base[0], megabytes / read, read / base[1],
            megabytes * 1e6 / (double)size);
}

int main(void)
{
    g_auto(Folder) folder = folder_new();
    g_autoptr(HpVolume) volume = phantom();
    const Job job = {volume, folder_file(&folder, "a.nii.gz")};
    double base[2] = {0, 0};
    g_autofree char *name = g_strdup_printf("ours, %d threads", hp_parallel_get_threads());
    compare(name, write_ours, read_ours, &job, base);
    hp_parallel_set_threads(1);
    compare("ours, 1 thread", write_ours, read_ours, &job, base);
#ifdef HP_WITH_ZLIB
    compare("zlib 1", write_zlib, read_zlib, &job, base);
    write_ours(&job);
    g_print("%-24s read %.2fx our time of a file that we wrote\n", "zlib",
            seconds_of(read_zlib, &job) / base[1]);
#else
    g_print("zlib was not found: no peer\n");
#endif
#ifdef HP_WITH_DEFLATE
    compare("libdeflate 1, in memory", write_deflate, read_deflate, &job, base);
    write_ours(&job);
    g_print("%-24s read %.2fx our time of a file that we wrote\n", "libdeflate",
            seconds_of(read_deflate, &job) / base[1]);
#endif
    return 0;
}
