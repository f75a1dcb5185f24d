// SPDX-License-Identifier: Apache-2.0
// Time to compose slices of a 512 x 512 x 96 volume with a mask, and to render a surface.
#include "core/parallel.h"
#include "view/raster.h"
#include "view/slice.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define REPEATS 21

static int compare_doubles(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

// Time on the clock, and of all processors: the second holds on a busy machine too.
typedef struct {
    double wall[REPEATS], cpu[REPEATS];
    gint64 wall_begin;
    double cpu_begin;
} Times;

static double cpu_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static void times_begin(Times *times)
{
    times->wall_begin = g_get_monotonic_time();
    times->cpu_begin = cpu_ms();
}

static void times_end(Times *times, int at)
{
    times->wall[at] = (double)(g_get_monotonic_time() - times->wall_begin) / 1e3;
    times->cpu[at] = cpu_ms() - times->cpu_begin;
}

static void print_times(const char *name, Times *times)
{
    qsort(times->wall, REPEATS, sizeof *times->wall, compare_doubles);
    qsort(times->cpu, REPEATS, sizeof *times->cpu, compare_doubles);
    g_print("%-38s median %6.2f ms   p95 %6.2f ms   processor %6.2f ms\n", name,
            times->wall[REPEATS / 2], times->wall[REPEATS * 95 / 100], times->cpu[REPEATS / 2]);
}

static HpVolume *volume_new(const HpGrid *grid)
{
    HpVolume *volume = hp_volume_new(grid, NULL);
    for (size_t at = 0; at < hp_grid_count(grid); at++)
        volume->hu[at] = (int16_t)(at * 2654435761u % 97 + 60);
    return volume;
}

static HpMask *ball(const HpGrid *grid)
{
    HpMask *mask = hp_mask_new(grid, NULL);
    for (int k = 0; k < grid->size[2]; k++)
        for (int j = 0; j < grid->size[1]; j++)
            for (int i = 0; i < grid->size[0]; i++) {
                const double x = (i - 200) / 140.0, y = (j - 220) / 120.0, z = (k - 48) / 40.0;
                if (x * x + y * y + z * z < 1)
                    hp_mask_set(mask, i, j, k, 1);
            }
    return mask;
}

static void time_slices(const HpVolume *volume, const HpMask *mask, HpPlane plane, int side)
{
    Times times;
    HpSliceView view = hp_slice_view_default(volume, plane);
    view.mask = mask;
    view.letters = view.scale_bar = view.title = false; // the window draws its own
    for (int at = 0; at < REPEATS; at++) {
        times_begin(&times);
        view.slice = 30 + at;
        g_autoptr(HpPicture) picture = hp_slice_compose(&view, side, side, NULL);
        times_end(&times, at);
    }
    g_autofree char *name = g_strdup_printf("%s %d x %d%s", hp_plane_name(plane), side, side,
                                            mask != NULL ? ", mask" : "");
    print_times(name, &times);
}

// A ball of rows x 2 rows rectangles, cut in two triangles each.
static HpMesh *globe(int rows)
{
    const int columns = 2 * rows;
    HpMesh *mesh = hp_mesh_new((size_t)(rows + 1) * columns, 2 * (size_t)rows * columns, NULL);
    for (int row = 0; row <= rows; row++)
        for (int column = 0; column < columns; column++) {
            const double theta = G_PI * row / rows, phi = 2 * G_PI * column / columns;
            float *mm = mesh->mm + 3 * ((size_t)row * columns + column);
            mm[0] = (float)(90 * sin(theta) * cos(phi));
            mm[1] = (float)(90 * sin(theta) * sin(phi));
            mm[2] = (float)(90 * cos(theta));
        }
    for (int row = 0; row < rows; row++)
        for (int column = 0; column < columns; column++) {
            const uint32_t a = (uint32_t)(row * columns + column);
            const uint32_t b = (uint32_t)(row * columns + (column + 1) % columns);
            const uint32_t c = a + (uint32_t)columns, d = b + (uint32_t)columns;
            const uint32_t two[6] = {a, c, b, b, c, d};
            memcpy(mesh->index + 6 * (size_t)a, two, sizeof two);
        }
    hp_mesh_compute_normals(mesh);
    return mesh;
}

static void time_surface(int rows, int side, int fine)
{
    Times times;
    g_autoptr(HpMesh) mesh = globe(rows);
    HpRasterView view = hp_raster_view_default();
    view.letter = false;
    view.fine = fine;
    for (int at = 0; at < REPEATS; at++) {
        times_begin(&times);
        view.azimuth_degrees = 10 * at;
        g_autoptr(HpPicture) picture = hp_raster_render(mesh, &view, side, side, NULL, NULL);
        times_end(&times, at);
    }
    g_autofree char *name = g_strdup_printf("%zu triangles, %d x %d, %d samples", mesh->triangles,
                                            side, side, fine * fine);
    print_times(name, &times);
}

int main(void)
{
    const HpGrid grid = hp_grid_new(512, 512, 96, 0.75, 0.75, 2);
    g_autoptr(HpVolume) volume = volume_new(&grid);
    g_autoptr(HpMask) mask = ball(&grid);
    g_print("%d threads\n", hp_parallel_get_threads());
    for (int plane = 0; plane < HP_PLANE_COUNT; plane++) {
        time_slices(volume, NULL, (HpPlane)plane, 700);
        time_slices(volume, mask, (HpPlane)plane, 700);
    }
    time_surface(70, 600, 1);
    time_surface(70, 600, 3);
    time_surface(220, 600, 3);
    return 0;
}
