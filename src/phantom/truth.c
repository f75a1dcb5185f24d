// SPDX-License-Identifier: Apache-2.0
// What a perfect segmentation of the donor would measure.
//
// With phi the signed distance of the liver, volume is the integral of H(-phi) and area that of
// delta(phi) |grad phi|, H and delta smoothed over 1.5 cells by a raised cosine (Osher and Fedkiw
// 2003, 1.5). Both err by O(cell^2), so two cell sizes give a third, better value (Richardson).
#include "phantom/phantom.h"

#include "core/error.h"
#include "core/parallel.h"

#include <math.h>

#include "phantom/lattice.h"

#include "phantom/anatomy.h"

#define BLOCK 8          // cells along an edge
#define SLOPE 1.6f       // the distance changes by at most this per mm
#define ALIKE_HU 15.0f   // a neighbour within this of the liver has no visible boundary
#define COARSEST_MM 2.4f // of a cell; whatever is thinner is seen by the halved ones
#define HALF_BOX_MM (64 * COARSEST_MM)
#define CUBES 8 // along an edge of the box, each of BLOCK cells or a power of two times as many

typedef struct {
    double liver, vessels; // mm3
    double area, heart, stomach, muscle;
} Sums;

typedef struct {
    const HpAnatomy *anatomy;
    float cell;
    int cells;  // along an edge of the box
    Sums *sums; // one a slab
    HpTask *task;
} Job;

// Share of a cell at distance `phi` that lies inside, and its derivative.
static float inside_share(float phi, float width)
{
    const float t = hp_least(hp_most(phi / width, -1), 1);
    return 0.5f - 0.5f * (t + sinf((float)G_PI * t) / (float)G_PI);
}

static float surface_share(float phi, float width)
{
    return fabsf(phi) >= width ? 0 : (1 + cosf((float)G_PI * phi / width)) / (2 * width);
}

static float phi_at(const Job *job, const HpFocus *focus, float x, float y, float z)
{
    return hp_focus_distance(focus, job->anatomy->liver, (HpPoint){x, y, z});
}

static void add_contact(const Job *job, const HpFocus *focus, HpPoint outside, double area,
                        Sums *sums)
{
    float inside, clear;
    const int organ = hp_focus_probe(focus, outside, &inside, &clear);
    if (organ < 0)
        return;
    const HpTissue tissue = hp_scene_get_tag(job->anatomy->scene, organ);
    if (fabsf(hp_tissue_rim_hu(tissue) - hp_tissue_rim_hu(HP_TISSUE_LIVER)) > ALIKE_HU)
        return;
    if (tissue == HP_TISSUE_HEART)
        sums->heart += area;
    else if (tissue == HP_TISSUE_STOMACH)
        sums->stomach += area;
    else if (tissue == HP_TISSUE_DIAPHRAGM || tissue == HP_TISSUE_MUSCLE)
        sums->muscle += area;
}

static void add_surface(const Job *job, const HpFocus *focus, HpPoint p, float phi, Sums *sums)
{
    // Gradient from the corners of a small tetrahedron.
    static const float corner[4][3] = {{1, 1, 1}, {1, -1, -1}, {-1, 1, -1}, {-1, -1, 1}};
    const float e = 0.25f * job->cell;
    float gradient[3] = {0};
    for (int at = 0; at < 4; at++) {
        const float *c = corner[at];
        const float there = phi_at(job, focus, p.x + e * c[0], p.y + e * c[1], p.z + e * c[2]);
        for (int axis = 0; axis < 3; axis++)
            gradient[axis] += c[axis] * there / (4 * e);
    }
    const float gx = gradient[0], gy = gradient[1], gz = gradient[2];
    const float length = sqrtf(gx * gx + gy * gy + gz * gz);
    const double area =
        surface_share(phi, 1.5f * job->cell) * length * job->cell * job->cell * job->cell;
    sums->area += area;
    if (length <= 0 || area <= 0)
        return;
    // Half a millimetre outside the surface nearest to this cell.
    const float out = (0.5f - phi / length) / length;
    add_contact(job, focus, (HpPoint){p.x + out * gx, p.y + out * gy, p.z + out * gz}, area, sums);
}

static float vessels_phi(const Job *job, const HpFocus *focus, HpPoint p)
{
    return hp_least(hp_focus_distance(focus, job->anatomy->vessels[0], p),
                    hp_focus_distance(focus, job->anatomy->vessels[1], p));
}

static HpPoint cell_of(const Job *job, HpPoint middle, int at)
{
    return (HpPoint){middle.x + job->cell * ((at & 1) - 0.5f),
                     middle.y + job->cell * ((at >> 1 & 1) - 0.5f),
                     middle.z + job->cell * ((at >> 2) - 0.5f)};
}

// A group of 2 x 2 x 2 cells, which counts whole where the surface is far.
static void add_group(const Job *job, const HpFocus *focus, HpPoint middle, bool has_vessels,
                      Sums *sums)
{
    const float cell = job->cell, width = 1.5f * cell, far = SLOPE * 0.87f * cell + width;
    const double mm3 = (double)cell * cell * cell;
    const float phi = phi_at(job, focus, middle.x, middle.y, middle.z);
    if (phi > far)
        return;
    if (phi < -far)
        sums->liver += 8 * mm3;
    for (int at = 0; at < 8 && phi >= -far; at++) {
        const HpPoint p = cell_of(job, middle, at);
        const float here = phi_at(job, focus, p.x, p.y, p.z);
        sums->liver += inside_share(here, width) * mm3;
        if (fabsf(here) < width)
            add_surface(job, focus, p, here, sums);
    }
    // Vessels end at the liver's surface: they are clipped by it.
    if (!has_vessels || vessels_phi(job, focus, middle) > far)
        return;
    const float thin = hp_least(width, 0.75f); // the thinnest measure 1 mm
    for (int at = 0; at < 8; at++)
        sums->vessels +=
            inside_share(vessels_phi(job, focus, cell_of(job, middle, at)), thin) * mm3;
}

static void add_block(const Job *job, const HpFocus *focus, const int lo[3], bool has_vessels,
                      Sums *sums)
{
    const float cell = job->cell;
    for (int c = lo[2]; c < lo[2] + BLOCK; c += 2)
        for (int b = lo[1]; b < lo[1] + BLOCK; b += 2)
            for (int a = lo[0]; a < lo[0] + BLOCK; a += 2) {
                const HpPoint middle = {(a + 1) * cell - HALF_BOX_MM, (b + 1) * cell - HALF_BOX_MM,
                                        (c + 1) * cell - HALF_BOX_MM};
                add_group(job, focus, middle, has_vessels, sums);
            }
}

// A cube of `cells` along each edge: taken whole, cut in eight, or added cell by cell.
static void add_cube(const Job *job, HpFocus *focus, const int lo[3], int cells, Sums *sums)
{
    const float edge = cells * job->cell, reach = 0.87f * edge + 2.5f;
    const HpPoint middle = {lo[0] * job->cell + edge / 2 - HALF_BOX_MM,
                            lo[1] * job->cell + edge / 2 - HALF_BOX_MM,
                            lo[2] * job->cell + edge / 2 - HALF_BOX_MM};
    int filled_by;
    hp_focus_set(focus, middle, reach, &filled_by);
    const float phi = hp_focus_distance(focus, job->anatomy->liver, middle);
    if (phi > SLOPE * reach || hp_task_is_cancelled(job->task))
        return;
    const bool has_vessels = vessels_phi(job, focus, middle) < SLOPE * reach;
    if (phi < -SLOPE * reach && !has_vessels) {
        sums->liver += (double)edge * edge * edge;
        return;
    }
    if (cells == BLOCK) {
        add_block(job, focus, lo, has_vessels, sums);
        return;
    }
    for (int at = 0; at < 8; at++) {
        const int half = cells / 2;
        const int part[3] = {lo[0] + half * (at & 1), lo[1] + half * (at >> 1 & 1),
                             lo[2] + half * (at >> 2)};
        add_cube(job, focus, part, half, sums);
    }
}

static void column_of_cubes(int begin, int end, int slab, void *data)
{
    const Job *job = data;
    const int cells = job->cells / CUBES;
    g_autoptr(HpFocus) focus = hp_focus_new(job->anatomy->scene);
    for (int at = begin; at < end; at++)
        for (int k = 0; k < CUBES; k++) {
            const int lo[3] = {at % CUBES * cells, at / CUBES * cells, k * cells};
            add_cube(job, focus, lo, cells, &job->sums[slab]);
        }
}

static bool integrate(const HpAnatomy *anatomy, float cell, Sums *total, HpTask *task,
                      GError **error)
{
    Sums sums[CUBES * CUBES] = {{0}};
    const Job job = {.anatomy = anatomy,
                     .cell = cell,
                     .cells = (int)lrintf(2 * HALF_BOX_MM / cell),
                     .sums = sums,
                     .task = task};
    hp_parallel_for(CUBES * CUBES, 1, column_of_cubes, (void *)&job);
    *total = (Sums){0};
    for (int at = 0; at < CUBES * CUBES; at++) {
        total->liver += sums[at].liver;
        total->vessels += sums[at].vessels;
        total->area += sums[at].area;
        total->heart += sums[at].heart;
        total->stomach += sums[at].stomach;
        total->muscle += sums[at].muscle;
    }
    return hp_task_step(task, 1, error);
}

// The value for cells of no size from cells of h and of h/2, where the error goes with h^2.
static double extrapolated(double coarse, double fine)
{
    return fine + (fine - coarse) / 3;
}

bool hp_phantom_measure(uint64_t seed, HpPhantomTruth *truth, HpTask *task, GError **error)
{
    g_autoptr(HpAnatomy) anatomy = hp_anatomy_new(seed);
    Sums coarse, fine;
    double before = 0, now = 0;
    if (!integrate(anatomy, COARSEST_MM, &coarse, task, error))
        return false;
    for (float cell = COARSEST_MM / 2; cell > 0.2f; cell /= 2) {
        if (!integrate(anatomy, cell, &fine, task, error))
            return false;
        now = extrapolated(coarse.liver, fine.liver);
        *truth = (HpPhantomTruth){.liver_ml = now / 1000,
                                  .liver_area_mm2 = extrapolated(coarse.area, fine.area),
                                  .vessels_ml = fine.vessels / 1000,
                                  .heart_mm2 = fine.heart,
                                  .stomach_mm2 = fine.stomach,
                                  .muscle_mm2 = fine.muscle};
        if (fabs(now - before) < 1e-4 * now)
            return true;
        before = now;
        coarse = fine;
    }
    g_set_error(error, HP_ERROR, HP_ERROR_NO_RESULT,
                "the volume of donor %" G_GUINT64_FORMAT " did not come to rest", seed);
    return false;
}
