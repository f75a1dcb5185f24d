// SPDX-License-Identifier: Apache-2.0
// The local maps that drive the snake on one slice: edge D, membership T, balloon kappa, bending.
#include "segment/maps.h"

#include "core/error.h"

#include <glib/gi18n.h>
#include <math.h>
#include <stdlib.h>

// Base values of the sliders, which multiply them. With s = 1/mm2 a neck narrower than 4 alpha mm
// stays closed; sqrt(beta/alpha) is the length below which bending counts. Tuned on portal-phase CT.
static const double base_alpha = 1.5;   // 1/mm
static const double base_beta_mm = 4.0; // mm
static const double base_edge = 1.0;    // 1/mm
static const double base_region = 1.0;  // 1/mm2

static const double fat_hu = -30, bone_hu = 230; // below the end of windowed CT at 240 HU
// What strokes do, 1/mm2 against at most 1 by the grey values: a barrier throws back whatever comes, a
// push goes through what the band excludes. Bending eight times as stiff spans 5 mm instead of 1.6.
static const float barrier_kappa = -4, against_kappa = 0.8f, push_kappa = 1.5f, hold_beta = 8;
static const double seed_reach_mm = 20;
static const double picture_ramp_mm = 2; // how far the picture itself spreads an edge
static const double dark_share = 0.05;   // of the seed, if lesions: the band reaches down to them
static const double half_share = 0.65;   // of the way from the band's end to the half level

// Offsets into a field of the pixels of a slice: start + x * step_u + y * step_v; step_n is to the
// next slice.
typedef struct {
    size_t start, step_u, step_v, step_n;
} Walk;

static Walk walk_of(const HpGrid *grid, HpPlane plane, int slice, int x, int y)
{
    int u, v;
    hp_plane_axes(grid, plane, &u, &v);
    const size_t step[3] = {1, grid->size[0], (size_t)grid->size[0] * grid->size[1]};
    return (Walk){slice * step[3 - u - v] + x * step[u] + y * step[v], step[u], step[v],
                  step[3 - u - v]};
}

static int compare_floats(const void *a, const void *b)
{
    const float x = *(const float *)a, y = *(const float *)b;
    return (x > y) - (x < y);
}

static double quantile(GArray *samples, double share)
{
    qsort(samples->data, samples->len, sizeof(float), compare_floats);
    return g_array_index(samples, float, (guint)(share * (samples->len - 1)));
}

// In-slice gradient at voxel (x, y): central differences, one-sided at the border. HU/mm, squared.
static inline float gradient_squared(const float *at, const HpRaster *slice, int x, int y,
                                     const Walk *walk)
{
    const size_t left = x > 0 ? walk->step_u : 0, right = x + 1 < slice->width ? walk->step_u : 0;
    const size_t down = y > 0 ? walk->step_v : 0, up = y + 1 < slice->height ? walk->step_v : 0;
    const int across = (left > 0) + (right > 0), along = (down > 0) + (up > 0);
    const float ga = across > 0 ? (at[right] - *(at - left)) / (float)(across * slice->da_mm) : 0;
    const float gb = along > 0 ? (at[up] - *(at - down)) / (float)(along * slice->db_mm) : 0;
    return ga * ga + gb * gb;
}

// Appends J inside the seed, but for barriers, to `inside` and |grad J| within reach of it to
// `gradients`.
static void sample_seed(const HpMapSources *sources, const HpContour *seed, GArray *inside,
                        GArray *gradients)
{
    const HpField *smooth = sources->smooth;
    const HpGrid *grid = &smooth->grid;
    double level;
    g_autoptr(GPtrArray) loops = hp_loops_new();
    g_ptr_array_add(loops, hp_loop_from_contour(seed, grid, &level));
    const int slices = grid->size[hp_grid_axis(grid, seed->plane)];
    const int slice = CLAMP((int)floor(level + 0.5), 0, slices - 1);
    const HpRaster whole = hp_raster_of_slice(grid, seed->plane);
    int x0, y0;
    const HpRaster part = hp_raster_around(&whole, loops, seed_reach_mm, &x0, &y0);
    if (part.width == 0)
        return;
    g_autofree float *distance = g_new(float, (size_t)part.width *part.height);
    hp_raster_distance(&part, loops, HP_FILL_UNION, seed_reach_mm, distance);
    const Walk walk = walk_of(grid, seed->plane, slice, x0, y0);
    for (int y = 0; y < part.height; y++)
        for (int x = 0; x < part.width; x++) {
            const float mm = distance[(size_t)y * part.width + x];
            const size_t voxel = walk.start + x * walk.step_u + y * walk.step_v;
            const float *at = smooth->value + voxel;
            if (mm < 0 && !(hp_stroke_map_get(sources->strokes, voxel) & HP_MARK_BARRIER))
                g_array_append_val(inside, *at);
            if (mm < seed_reach_mm) {
                const float size = sqrtf(gradient_squared(at, &whole, x0 + x, y0 + y, &walk));
                g_array_append_val(gradients, size);
            }
        }
}

bool hp_map_rule_new(const HpMapSources *sources, const GPtrArray *seeds, const HpParams *params,
                     HpMapRule *rule, GError **error)
{
    g_autoptr(GArray) inside = g_array_new(FALSE, FALSE, sizeof(float));
    g_autoptr(GArray) gradients = g_array_new(FALSE, FALSE, sizeof(float));
    for (guint at = 0; at < seeds->len; at++)
        sample_seed(sources, seeds->pdata[at], inside, gradients);
    if (inside->len == 0) {
        g_set_error(error, HP_ERROR, HP_ERROR_NO_RESULT, _("%u seed contours cover no voxel"),
                    seeds->len);
        return false;
    }
    const double *value = params->value;
    const float median = (float)quantile(inside, 0.5);
    const double dark = quantile(inside, dark_share);
    for (guint at = 0; at < inside->len; at++) {
        float *sample = &g_array_index(inside, float, at);
        *sample = fabsf(*sample - median);
    }
    const double spread = MAX(6, 1.4826 * quantile(inside, 0.5));
    double low = value[HP_PARAM_THRESHOLD_LOW], high = value[HP_PARAM_THRESHOLD_HIGH];
    low = isnan(low) ? MIN(median - 3 * spread, dark) : low;
    high = isnan(high) ? median + 3 * spread : high;
    if (!(low < high)) {
        g_set_error(error, HP_ERROR, HP_ERROR_BAD_FILE,
                    _("threshold band is %g to %g HU, expected low below high"), low, high);
        return false;
    }
    *rule = (HpMapRule){
        .low_hu = low,
        .high_hu = high,
        .width_hu = MAX(5, spread),
        .ramp_mm = picture_ramp_mm + value[HP_PARAM_SIGMA],
        .barrier_low_hu = MIN(fat_hu, low),
        .barrier_high_hu = MAX(bone_hu, high),
        .median_hu = median,
        .gradient_hu_mm = MAX(quantile(gradients, 0.8), 0.1), // a flat picture has no edges
        .edge = base_edge * value[HP_PARAM_DATA_WEIGHT],
        .region = base_region * value[HP_PARAM_REGION_WEIGHT],
        .kappa = value[HP_PARAM_KAPPA],
        .alpha = base_alpha * value[HP_PARAM_ALPHA],
        .beta_mm = base_beta_mm * value[HP_PARAM_BETA],
    };
    return true;
}

HpMaps *hp_maps_new(void)
{
    return g_new0(HpMaps, 1);
}

void hp_maps_free(HpMaps *maps)
{
    if (maps == NULL)
        return;
    g_free(maps->edge);
    g_free(maps->member);
    g_free(maps->balloon);
    g_free(maps->beta);
    g_free(maps->mark);
    g_free(maps);
}

static void make_room(HpMaps *maps, const HpRaster *raster)
{
    maps->raster = *raster;
    const size_t pixels = (size_t)raster->width * raster->height;
    if (pixels <= maps->room)
        return;
    maps->room = pixels;
    float **map[4] = {&maps->edge, &maps->member, &maps->balloon, &maps->beta};
    for (int at = 0; at < 4; at++) {
        g_free(*map[at]);
        *map[at] = g_new(float, pixels);
    }
    g_free(maps->mark);
    maps->mark = g_new(uint8_t, pixels);
}

static inline float logistic(float x)
{
    return 1 / (1 + expf(-x));
}

// The voxels within ramp_mm of a slice's voxel that are on the grid, as steps each way.
typedef struct {
    int a, b, below, above;
} Reach;

static Reach reach_of(const HpGrid *grid, HpPlane plane, int slice, const HpRaster *whole,
                      double ramp_mm)
{
    const int normal = hp_grid_axis(grid, plane);
    const int slices = (int)(ramp_mm / grid->spacing_mm[normal]); // none if they are thick
    return (Reach){MAX(1, (int)(ramp_mm / whole->da_mm)), MAX(1, (int)(ramp_mm / whole->db_mm)),
                   MIN(slices, slice), MIN(slices, grid->size[normal] - 1 - slice)};
}

// Smallest and largest J within reach of voxel (x, y) of the slice.
static inline void range_around(const float *at, const HpRaster *slice, const Reach *reach, int x,
                                int y, const Walk *walk, float *low, float *high)
{
    const int x0 = MAX(-reach->a, -x), x1 = MIN(reach->a, slice->width - 1 - x);
    const int y0 = MAX(-reach->b, -y), y1 = MIN(reach->b, slice->height - 1 - y);
    *low = *high = *at;
    for (int n = -reach->below; n <= reach->above; n++)
        for (int v = y0; v <= y1; v++) {
            const float *row = at + n * (ptrdiff_t)walk->step_n + v * (ptrdiff_t)walk->step_v;
            for (int u = x0; u <= x1; u++) {
                const float value = row[u * (ptrdiff_t)walk->step_u];
                *low = MIN(*low, value);
                *high = MAX(*high, value);
            }
        }
}

// T at a voxel. Where the organ meets something much darker (fat, lung), the blur of the picture
// spreads the edge over a ramp that crosses the band's lower end well inside the organ: there the
// threshold is half way between the two, where the edge is.
static float member_of(const HpMapRule *rule, float smooth, float original, float low, float high)
{
    if (original < rule->barrier_low_hu || original > rule->barrier_high_hu)
        return 0;
    const float width = (float)rule->width_hu, median = (float)rule->median_hu;
    float threshold = (float)rule->low_hu;
    if (high > median - width)
        threshold =
            MIN(threshold, threshold + (float)half_share * (0.5f * (median + low) - threshold));
    return logistic((smooth - threshold) / width) *
           logistic(((float)rule->high_hu - smooth) / width);
}

static void obey_stroke(HpMaps *maps, uint8_t mark, float *member, float *balloon, float *beta)
{
    if (mark & HP_MARK_HOLD) {
        *balloon = 0;
        *beta *= hold_beta;
    }
    if (mark & HP_MARK_PUSH)
        *balloon += push_kappa;
    if (mark & HP_MARK_BARRIER) {
        *member = 0;
        *balloon = MIN(*balloon, barrier_kappa);
        maps->has_barrier = true;
    }
}

void hp_maps_make(HpMaps *maps, const HpMapSources *sources, const HpMapRule *rule, HpPlane plane,
                  int slice, const HpRaster *part, int x0, int y0)
{
    const HpGrid *grid = &sources->smooth->grid;
    const HpRaster whole = hp_raster_of_slice(grid, plane);
    const Walk walk = walk_of(grid, plane, slice, x0, y0);
    const HpField *original = sources->original != NULL ? sources->original : sources->smooth;
    const float zero2 = (float)(rule->gradient_hu_mm * rule->gradient_hu_mm);
    const Reach reach = reach_of(grid, plane, slice, &whole, rule->ramp_mm);
    make_room(maps, part);
    maps->alpha = rule->alpha;
    maps->has_barrier = false;
    for (int y = 0; y < part->height; y++)
        for (int x = 0; x < part->width; x++) {
            const size_t to = (size_t)y * part->width + x;
            const size_t from = walk.start + x * walk.step_u + y * walk.step_v;
            const float *at = sources->smooth->value + from;
            const float squared = gradient_squared(at, &whole, x0 + x, y0 + y, &walk);
            float low, high, member;
            if (sources->network_member != NULL) {
                member = sources->network_member->value[from];
            } else {
                range_around(at, &whole, &reach, x0 + x, y0 + y, &walk, &low, &high);
                member = member_of(rule, *at, original->value[from], low, high);
            }
            float edge = -(float)rule->edge * squared / (squared + zero2);
            float balloon = (float)(rule->region * (2 * member - 1) + rule->kappa);
            float beta = (float)rule->beta_mm;
            if (sources->network_edge != NULL)
                edge += sources->network_edge->value[from];
            if (sources->distrust != NULL)
                balloon -= sources->distrust->value[from];
            if (sources->network_kappa != NULL)
                balloon += sources->network_kappa->value[from];
            if (sources->network_beta != NULL)
                beta *= sources->network_beta->value[from];
            maps->mark[to] = hp_stroke_map_get(sources->strokes, from);
            if (sources->strokes != NULL && sources->strokes->against != NULL)
                balloon -= against_kappa * sources->strokes->against->value[from];
            if (maps->mark[to] != 0)
                obey_stroke(maps, maps->mark[to], &member, &balloon, &beta);
            maps->edge[to] = edge;
            maps->member[to] = member;
            maps->balloon[to] = balloon;
            maps->beta[to] = beta;
        }
}

void hp_maps_carve(const HpMaps *maps, HpLoop *loop)
{
    if (!maps->has_barrier)
        return;
    const size_t pixels = (size_t)maps->raster.width * maps->raster.height;
    g_autofree float *coverage = g_new(float, pixels);
    g_autoptr(GPtrArray) one = g_ptr_array_new();
    g_ptr_array_add(one, loop);
    hp_raster_cover(&maps->raster, one, HP_FILL_UNION, coverage);
    bool is_met = false;
    for (size_t at = 0; at < pixels; at++)
        if (maps->mark[at] & HP_MARK_BARRIER && coverage[at] > 0) {
            is_met |= coverage[at] >= 0.5f;
            coverage[at] = 0;
        }
    if (!is_met)
        return;
    g_autoptr(GPtrArray) parts = hp_raster_trace(&maps->raster, coverage, 0.5);
    const HpLoop *largest = NULL;
    for (guint at = 0; at < parts->len; at++)
        if (largest == NULL || hp_loop_area_mm2(parts->pdata[at]) > hp_loop_area_mm2(largest))
            largest = parts->pdata[at];
    loop->count = 0;
    if (largest != NULL && hp_loop_area_mm2(largest) > 0)
        hp_loop_set(loop, largest);
}

void hp_maps_make_flat(HpMaps *maps, const HpRaster *raster, double alpha, double beta_mm,
                       double kappa)
{
    make_room(maps, raster);
    maps->alpha = alpha;
    maps->has_barrier = false;
    const size_t pixels = (size_t)raster->width * raster->height;
    for (size_t at = 0; at < pixels; at++) {
        maps->edge[at] = 0;
        maps->member[at] = 1;
        maps->balloon[at] = (float)kappa;
        maps->beta[at] = (float)beta_mm;
        maps->mark[at] = 0;
    }
}
