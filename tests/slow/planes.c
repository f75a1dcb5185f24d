// SPDX-License-Identifier: Apache-2.0
// How near the planar contours alone come to masks drawn by hand, from one seed contour.
//
// Prints a line per whole case of the shared material: Dice and signed volume difference of the fused
// contours at the file's own grid, Dice of each plane's stack on the working grid, contours that
// rest of those evolved, steps, seconds of wall.   planes [SPACING_MM]
#include "image/resample.h"
#include "io/image_file.h"
#include "segment/planes.h"
#include "segment/seed.h"
#include "support/picture.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { COLUMN_COMPLETE = 13 };

static double dice_of(double both, double sum)
{
    return sum > 0 ? 2 * both / sum : 0;
}

static double plane_dice(const HpPlanes *planes, HpPlane plane, const HpField *truth)
{
    const size_t voxels = hp_grid_count(&truth->grid);
    g_autofree uint8_t *labels = g_new0(uint8_t, voxels);
    g_autoptr(GPtrArray) stack = g_ptr_array_new();
    for (guint at = 0; at < planes->contours->len; at++)
        if (((HpContour *)planes->contours->pdata[at])->plane == plane)
            g_ptr_array_add(stack, planes->contours->pdata[at]);
    hp_raster_paint(stack, &truth->grid, 1, labels);
    double both = 0, sum = 0;
    for (size_t at = 0; at < voxels; at++) {
        both += labels[at] && truth->value[at] > 0.5f;
        sum += labels[at] + (truth->value[at] > 0.5f);
    }
    return dice_of(both, sum);
}

static bool run_case(const char *folder, const char *name, double spacing, GError **error)
{
    g_autofree char *ct = g_build_filename(folder, name, "ct.nii.gz", NULL);
    g_autofree char *drawn = g_build_filename(folder, name, "liver.nii.gz", NULL);
    g_autoptr(HpVolume) volume = hp_image_file_read_volume(ct, NULL, error);
    g_autoptr(HpMask) mask = volume != NULL ? hp_image_file_read_mask(drawn, NULL, error) : NULL;
    g_autofree uint8_t *labels = mask != NULL ? hp_mask_dup_labels(mask, error) : NULL;
    HpContour *seed = labels != NULL ? hp_seed_from_mask(mask, 0, error) : NULL;
    if (seed == NULL)
        return false;
    g_autoptr(GPtrArray) seeds = hp_contours_new();
    g_ptr_array_add(seeds, seed);
    const double voxel[3] = {spacing, spacing, spacing};
    const HpGrid grid = hp_grid_resampled(&volume->grid, voxel);
    g_autoptr(HpField) picture = hp_resample_volume(volume, &grid, -1000, NULL, error);
    g_autoptr(HpField) truth =
        picture != NULL ? hp_resample_labels(labels, &volume->grid, 0, &grid, NULL, error) : NULL;
    if (truth == NULL)
        return false;
    const HpParams params = hp_params_default();
    const gint64 then = g_get_monotonic_time();
    g_autoptr(HpPlanes) planes = hp_planes_evolve(
        &(HpPlanesInput){.picture = picture, .seeds = seeds}, &params, NULL, error);
    const double seconds = (g_get_monotonic_time() - then) / 1e6;
    g_autoptr(HpField) phi =
        planes != NULL ? hp_resample_field(planes->phi, &volume->grid, 10, NULL, error) : NULL;
    if (phi == NULL)
        return false;
    double both = 0, found = 0, wanted = 0;
    for (size_t at = 0; at < hp_grid_count(&volume->grid); at++) {
        both += phi->value[at] < 0 && labels[at];
        found += phi->value[at] < 0;
        wanted += labels[at] != 0;
    }
    printf("%-18s %.4f %+6.1f%%  planes", name, dice_of(both, found + wanted),
           100 * (found - wanted) / wanted);
    int evolved = 0, converged = 0;
    for (int plane = 0; plane < HP_PLANE_COUNT; plane++) {
        printf(" %.3f", plane_dice(planes, plane, truth));
        evolved += planes->evolved[plane];
        converged += planes->converged[plane];
    }
    printf("  rest %d of %d, %ld steps, %.2f s\n", converged, evolved, planes->steps, seconds);
    return true;
}

int main(int argc, char **argv)
{
    const double spacing = argc > 1 ? g_ascii_strtod(argv[1], NULL) : 3;
    g_autofree char *material = material_dup_path();
    if (material == NULL) {
        printf("1..0 # SKIP the shared material is absent\n");
        return 77;
    }
    g_autofree char *folder = g_build_filename(material, "ct", NULL);
    g_autofree char *index = g_build_filename(folder, "INDEX.tsv", NULL);
    g_autofree char *text = NULL;
    if (!g_file_get_contents(index, &text, NULL, NULL))
        return 77;
    int failed = 0;
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (int at = 1; lines[at] != NULL; at++) {
        g_auto(GStrv) cells = g_strsplit(lines[at], "\t", -1);
        g_autoptr(GError) error = NULL;
        if (g_strv_length(cells) <= COLUMN_COMPLETE || g_str_has_suffix(cells[0], "u") ||
            !(g_str_has_prefix(cells[COLUMN_COMPLETE], "yes") ||
              g_str_has_prefix(cells[COLUMN_COMPLETE], "near")))
            continue;
        if (!run_case(folder, cells[0], spacing, &error)) {
            fprintf(stderr, "%s: %s\n", cells[0], error->message);
            failed++;
        }
    }
    return failed > 0;
}
