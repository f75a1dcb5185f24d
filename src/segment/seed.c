// SPDX-License-Identifier: Apache-2.0
// Seed contours: made from points a person drew, or from a reference mask.
#include "segment/seed.h"

#include "core/error.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

// The mean slice coordinate, or an error unless all points lie within half a slice of it.
static bool find_slice(const HpContour *seed, const HpGrid *grid, double *slice, GError **error)
{
    double low = INFINITY, high = -INFINITY, sum = 0;
    for (int at = 0; at < seed->count; at++) {
        double a, b, level;
        hp_slice_from_mm(grid, seed->plane, seed->mm[at], &a, &b, &level);
        if (!isfinite(a) || !isfinite(b) || !isfinite(level)) {
            g_set_error(error, HP_ERROR, HP_ERROR_BAD_FILE, _("seed point %d is not finite"), at);
            return false;
        }
        low = MIN(low, level);
        high = MAX(high, level);
        sum += level;
    }
    *slice = sum / seed->count;
    const int slices = grid->size[hp_grid_axis(grid, seed->plane)];
    if (high - low > 1) {
        g_set_error(error, HP_ERROR, HP_ERROR_BAD_FILE,
                    _("seed reaches from %s slice %.2f to %.2f, expected one slice"),
                    hp_plane_name(seed->plane), low, high);
        return false;
    }
    if (!(*slice >= -0.5 && *slice < slices - 0.5)) {
        g_set_error(error, HP_ERROR, HP_ERROR_BAD_FILE,
                    _("seed lies on %s slice %.2f, expected 0 to %d"), hp_plane_name(seed->plane),
                    *slice, slices - 1);
        return false;
    }
    return true;
}

static bool check_loop(const HpLoop *loop, const HpGrid *grid, HpPlane plane, GError **error)
{
    const HpRaster slice = hp_raster_of_slice(grid, plane);
    for (int at = 0; at < loop->count; at++) {
        const double x = loop->ab[at][0] / slice.da_mm, y = loop->ab[at][1] / slice.db_mm;
        if (!(x >= -0.5 && x <= slice.width - 0.5 && y >= -0.5 && y <= slice.height - 0.5)) {
            g_set_error(
                error, HP_ERROR, HP_ERROR_BAD_FILE,
                _("seed point %d lies at voxel %.1f, %.1f of its slice, expected inside %d x "
                  "%d voxels"),
                at, x, y, slice.width, slice.height);
            return false;
        }
    }
    const double area = hp_loop_area_mm2(loop);
    if (!(area >= 10)) {
        g_set_error(error, HP_ERROR, HP_ERROR_BAD_FILE,
                    _("seed encloses %.1f mm2, expected at least 10 mm2"), area);
        return false;
    }
    int edge, later;
    double ab[2], mm[3];
    if (hp_loop_find_crossing(loop, &edge, &later, ab)) {
        hp_slice_to_mm(grid, plane, 0, ab[0], ab[1], mm);
        g_set_error(error, HP_ERROR, HP_ERROR_BAD_FILE,
                    _("seed crosses itself at %.1f, %.1f mm of its slice, expected a simple curve"),
                    ab[0], ab[1]);
        return false;
    }
    return true;
}

bool hp_seed_check(const HpContour *seed, const HpGrid *grid, GError **error)
{
    if ((int)seed->plane < 0 || seed->plane >= HP_PLANE_COUNT) {
        g_set_error(error, HP_ERROR, HP_ERROR_BAD_FILE,
                    _("seed has plane %d, expected axial, coronal or sagittal"), (int)seed->plane);
        return false;
    }
    if (seed->count < 3) {
        g_set_error(error, HP_ERROR, HP_ERROR_BAD_FILE,
                    _("seed has %d points, expected at least 3"), seed->count);
        return false;
    }
    double slice;
    if (!find_slice(seed, grid, &slice, error))
        return false;
    g_autoptr(HpLoop) loop = hp_loop_from_contour(seed, grid, NULL);
    return check_loop(loop, grid, seed->plane, error);
}

HpContour *hp_seed_new(const HpGrid *grid, HpPlane plane, const double (*mm)[3], int count,
                       GError **error)
{
    if (count > 1 && memcmp(mm[0], mm[count - 1], sizeof *mm) == 0)
        count--;
    g_autoptr(HpContour) given = hp_contour_new(plane, 0, MAX(count, 0));
    if (count > 0)
        memcpy(given->mm, mm, count * sizeof *mm);
    if (!hp_seed_check(given, grid, error))
        return NULL;
    double slice;
    g_autoptr(HpLoop) loop = hp_loop_from_contour(given, grid, &slice);
    return hp_loop_to_contour(loop, grid, plane, (int)floor(slice + 0.5));
}

// One slice of the mask along grid axis `normal` as 0 and 1.
static void read_slice(const HpMask *mask, uint8_t label, int normal, int slice, uint8_t *scratch,
                       float *picture)
{
    const HpGrid *grid = hp_mask_get_grid(mask);
    int lo[3] = {0, 0, 0}, size[3] = {grid->size[0], grid->size[1], grid->size[2]};
    lo[normal] = slice;
    size[normal] = 1;
    // i fastest with one axis of length 1 is the order of a slice picture.
    hp_mask_read_box(mask, lo, size, scratch);
    const size_t count = (size_t)size[0] * size[1] * size[2];
    for (size_t at = 0; at < count; at++)
        picture[at] = label == 0 ? scratch[at] != 0 : scratch[at] == label;
}

// The axial slice with the most voxels; -1 if none has any.
static int largest_slice(const HpMask *mask, uint8_t label, int normal, uint8_t *scratch,
                         float *picture, size_t pixels)
{
    int lo[3], hi[3], best = -1;
    size_t most = 0;
    if (!hp_mask_bounds(mask, label, lo, hi))
        return -1;
    for (int slice = lo[normal]; slice < hi[normal]; slice++) {
        read_slice(mask, label, normal, slice, scratch, picture);
        size_t count = 0;
        for (size_t at = 0; at < pixels; at++)
            count += picture[at] != 0;
        if (count > most) {
            most = count;
            best = slice;
        }
    }
    return best;
}

HpContour *hp_seed_from_mask(const HpMask *mask, uint8_t label, GError **error)
{
    const double erosion_mm = 10;
    const HpGrid *grid = hp_mask_get_grid(mask);
    const int normal = hp_grid_axis(grid, HP_PLANE_AXIAL);
    const HpRaster raster = hp_raster_of_slice(grid, HP_PLANE_AXIAL);
    const size_t pixels = (size_t)raster.width * raster.height;
    g_autofree uint8_t *scratch = g_new(uint8_t, pixels);
    g_autofree float *picture = g_new(float, pixels);
    const int slice = largest_slice(mask, label, normal, scratch, picture, pixels);
    if (slice < 0) {
        g_set_error(error, HP_ERROR, HP_ERROR_NO_RESULT,
                    _("the mask has no voxel of label %d to make a seed from"), label);
        return NULL;
    }
    read_slice(mask, label, normal, slice, scratch, picture);

    g_autoptr(HpLoop) largest = hp_raster_inset(&raster, picture, erosion_mm);
    if (largest == NULL || hp_loop_area_mm2(largest) < 10) {
        g_set_error(error, HP_ERROR, HP_ERROR_NO_RESULT,
                    _("nothing is left of axial slice %d, the largest, eroded by %g mm"), slice,
                    erosion_mm);
        return NULL;
    }
    return hp_loop_to_contour(largest, grid, HP_PLANE_AXIAL, slice);
}
