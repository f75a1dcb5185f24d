// SPDX-License-Identifier: Apache-2.0
// Smooths inside regions and keeps edges: modified curvature diffusion.
//
// All steps go through the volume together, each two slices behind the step before it, so that the
// volume is read and written once. A slice of step s needs the slices before, at and behind it of
// step s-1, which earlier waves have made; so all steps of one wave can run side by side.
#include "image/diffusion.h"

#include "core/error.h"
#include "core/kernel.h"
#include "core/parallel.h"

#include <math.h>
#include <string.h>

#define MOST_STEPS 64 // that go through the volume together
#define SLOTS 4       // slices kept of each step: three that are read and one that is written
#define ROWS 32       // rows of a slice done as one item of work

// The numbers of one step. `lowest`, the smallest exponent of two, is a variable because GCC makes a
// branch of a constant bound and then leaves the loop scalar, five times slower.
typedef struct {
    float dt, per_mm[3], lowest;
} Scheme;

typedef struct {
    const HpVolume *in;
    HpVolume *out;
    int steps;
    Scheme scheme;
    float *ring; // slice k of step s is slot k % SLOTS of step s; step 0 is the input
    int wave;
    HpTask *task;
} Diffusion;

// Rows j-1, j, j+1 of slices k-1, k, k+1: [slice][row]. Each has its ends repeated at [-1] and [ni],
// and beyond the border stands the border row, so nothing flows out.
typedef struct {
    const float *row[3][3];
} Rows;

// What flows through the half points of one row.
typedef struct {
    float *i;           // i[x] between x-1 and x
    float *j[2], *k[2]; // before and after the row
} Flows;

// exp(-x) for x >= 0 within 3e-6: the power of two in the exponent, a polynomial for the rest.
static inline float exp_minus(float x, float lowest)
{
    const float unbounded = x * -1.44269504f;
    const float power = unbounded > lowest ? unbounded : lowest;
    const int whole = (int)power; // towards 0, so the rest lies in (-1, 0]
    const float rest = power - (float)whole;
    const float fraction =
        1 + rest * (0.69314718f +
                    rest * (0.24022651f +
                            rest * (0.05550327f + rest * (0.00961514f + rest * 0.00130f))));
    const guint32 bits = (guint32)(whole + 127) << 23;
    float scale;
    memcpy(&scale, &bits, sizeof scale);
    return scale * fraction;
}

// g(|grad|) d/|grad| at a half point: `across` is the derivative over it, a and b the derivatives
// along the other axes there. Where nothing changes nothing flows.
static inline float flow(float across, float a, float b, float lowest)
{
    const float per_k2 = (float)(1 / (HP_DIFFUSION_K * HP_DIFFUSION_K));
    const float squared = across * across + a * a + b * b + 1e-10f;
    return across / sqrtf(squared) * exp_minus(squared * per_k2, lowest);
}

HP_KERNEL static void flow_along_i(const Rows *rows, const Scheme *scheme, float *restrict out,
                                   int length)
{
    const float *restrict c = rows->row[1][1], *restrict before_j = rows->row[1][0];
    const float *restrict after_j = rows->row[1][2], *restrict before_k = rows->row[0][1];
    const float *restrict after_k = rows->row[2][1];
    const float per_i = scheme->per_mm[0], per_j = 0.25f * scheme->per_mm[1];
    const float per_k = 0.25f * scheme->per_mm[2], lowest = scheme->lowest;
    for (int x = 0; x <= length; x++)
        out[x] =
            flow((c[x] - c[x - 1]) * per_i,
                 per_j * (after_j[x] - before_j[x] + after_j[x - 1] - before_j[x - 1]),
                 per_k * (after_k[x] - before_k[x] + after_k[x - 1] - before_k[x - 1]), lowest);
}

// Between two rows that are neighbours along `axis`, 1 or 2; p0, p1 are the neighbours of `before` along the
// third axis, q0, q1 those of `after`.
HP_KERNEL static void flow_between(const float *restrict before, const float *restrict after,
                                   const float *restrict p0, const float *restrict p1,
                                   const float *restrict q0, const float *restrict q1,
                                   const Scheme *scheme, int axis, float *restrict out, int length)
{
    const float per_i = 0.25f * scheme->per_mm[0], per_across = scheme->per_mm[axis];
    const float per_third = 0.25f * scheme->per_mm[3 - axis], lowest = scheme->lowest;
    for (int x = 0; x < length; x++)
        out[x] = flow((after[x] - before[x]) * per_across,
                      per_i * (before[x + 1] - before[x - 1] + after[x + 1] - after[x - 1]),
                      per_third * (p1[x] - p0[x] + q1[x] - q0[x]), lowest);
}

// The upwind step: where the value rises it takes the slopes that come down from higher neighbours,
// where it falls those that go down to lower ones.
HP_KERNEL static void step_row(const Rows *rows, const Flows *flows, const Scheme *scheme,
                               float *restrict out, int length)
{
    const float *restrict c = rows->row[1][1];
    const float *restrict before_j = rows->row[1][0], *restrict after_j = rows->row[1][2];
    const float *restrict before_k = rows->row[0][1], *restrict after_k = rows->row[2][1];
    const float *restrict flow_i = flows->i;
    const float *restrict j0 = flows->j[0], *restrict j1 = flows->j[1];
    const float *restrict k0 = flows->k[0], *restrict k1 = flows->k[1];
    const float per_i = scheme->per_mm[0], per_j = scheme->per_mm[1], per_k = scheme->per_mm[2];
    for (int x = 0; x < length; x++) {
        const float speed =
            (flow_i[x + 1] - flow_i[x]) * per_i + (j1[x] - j0[x]) * per_j + (k1[x] - k0[x]) * per_k;
        const float sign = speed > 0 ? 1 : -1;
        const float slopes[6] = {(c[x + 1] - c[x]) * per_i,   (c[x - 1] - c[x]) * per_i,
                                 (after_j[x] - c[x]) * per_j, (before_j[x] - c[x]) * per_j,
                                 (after_k[x] - c[x]) * per_k, (before_k[x] - c[x]) * per_k};
        float squared = 0;
        for (int side = 0; side < 6; side++) {
            const float towards = sign * slopes[side];
            const float used = towards > 0 ? towards : 0;
            squared += used * used;
        }
        out[x] = c[x] + scheme->dt * speed * sqrtf(squared);
    }
}

static float *slice_of(const Diffusion *diffusion, int step, int k)
{
    const HpGrid *grid = &diffusion->in->grid;
    const size_t slice = ((size_t)grid->size[0] + 2) * grid->size[1];
    const int inside = CLAMP(k, 0, grid->size[2] - 1);
    return diffusion->ring + ((size_t)step * SLOTS + inside % SLOTS) * slice;
}

// The first voxel of a row; one more stands before it.
static float *row_of(const Diffusion *diffusion, int step, int j, int k)
{
    const HpGrid *grid = &diffusion->in->grid;
    const int inside = CLAMP(j, 0, grid->size[1] - 1);
    return slice_of(diffusion, step, k) + (size_t)inside * (grid->size[0] + 2) + 1;
}

static void repeat_ends(float *row, int length)
{
    row[-1] = row[0];
    row[length] = row[length - 1];
}

HP_KERNEL static void read_row(const int16_t *restrict hu, float *restrict row, int length)
{
    for (int x = 0; x < length; x++)
        row[x] = hu[x];
}

HP_KERNEL static void write_row(const float *restrict row, int16_t *restrict hu, int length)
{
    for (int x = 0; x < length; x++) {
        const float value = MIN(MAX(row[x], -32768.0f), 32767.0f);
        hu[x] = (int16_t)(int)(value + (value < 0 ? -0.5f : 0.5f));
    }
}

static Rows rows_of(const Diffusion *diffusion, int step, int j, int k)
{
    Rows rows;
    for (int at = 0; at < 9; at++)
        rows.row[at / 3][at % 3] = row_of(diffusion, step, j + at % 3 - 1, k + at / 3 - 1);
    return rows;
}

static void flow_along_j(const Rows *rows, int after, const Scheme *scheme, float *out, int length)
{
    flow_between(rows->row[1][after - 1], rows->row[1][after], rows->row[0][after - 1],
                 rows->row[2][after - 1], rows->row[0][after], rows->row[2][after], scheme, 1, out,
                 length);
}

static void flow_along_k(const Rows *rows, int after, const Scheme *scheme, float *out, int length)
{
    flow_between(rows->row[after - 1][1], rows->row[after][1], rows->row[after - 1][0],
                 rows->row[after - 1][2], rows->row[after][0], rows->row[after][2], scheme, 2, out,
                 length);
}

// Step `step` of rows [begin, end) of slice k.
static void step_rows(const Diffusion *diffusion, int step, int k, int begin, int end)
{
    const HpGrid *grid = &diffusion->in->grid;
    const int ni = grid->size[0];
    g_autofree float *scratch = g_new(float, 5 * ((size_t)ni + 1));
    Flows flows = {.i = scratch};
    for (int side = 0; side < 2; side++) {
        flows.j[side] = scratch + (size_t)(1 + side) * (ni + 1);
        flows.k[side] = scratch + (size_t)(3 + side) * (ni + 1);
    }
    for (int j = begin; j < end; j++) {
        const Rows rows = rows_of(diffusion, step - 1, j, k);
        flow_along_i(&rows, &diffusion->scheme, flows.i, ni);
        if (j == begin)
            flow_along_j(&rows, 1, &diffusion->scheme, flows.j[0], ni);
        flow_along_j(&rows, 2, &diffusion->scheme, flows.j[1], ni);
        flow_along_k(&rows, 1, &diffusion->scheme, flows.k[0], ni);
        flow_along_k(&rows, 2, &diffusion->scheme, flows.k[1], ni);
        float *out = row_of(diffusion, step, j, k);
        step_row(&rows, &flows, &diffusion->scheme, out, ni);
        repeat_ends(out, ni);
        if (step == diffusion->steps)
            write_row(out, diffusion->out->hu + hp_grid_offset(grid, 0, j, k), ni);
        float *after = flows.j[1]; // is before the next row
        flows.j[1] = flows.j[0];
        flows.j[0] = after;
    }
}

// One block of rows of one step of this wave; step 0 reads the input.
static void wave_cb(int begin, int end, int slab, void *data)
{
    const Diffusion *diffusion = data;
    const HpGrid *grid = &diffusion->in->grid;
    const int blocks = hp_parallel_slabs(grid->size[1], ROWS);
    for (int item = begin; item < end && !hp_task_is_cancelled(diffusion->task); item++) {
        const int step = item / blocks, k = diffusion->wave - 2 * step;
        const int from = item % blocks * ROWS, to = MIN(from + ROWS, grid->size[1]);
        if (k < 0 || k >= grid->size[2])
            continue;
        if (step > 0)
            step_rows(diffusion, step, k, from, to);
        for (int j = from; step == 0 && j < to; j++) {
            float *row = row_of(diffusion, 0, j, k);
            read_row(diffusion->in->hu + hp_grid_offset(grid, 0, j, k), row, grid->size[0]);
            repeat_ends(row, grid->size[0]);
        }
    }
}

// Takes `steps` steps; the fraction of the task runs from `from` to `to`.
static bool run(Diffusion *diffusion, double from, double to, GError **error)
{
    const HpGrid *grid = &diffusion->in->grid;
    const size_t slice = ((size_t)grid->size[0] + 2) * grid->size[1];
    g_autofree float *ring = hp_try_alloc((size_t)(diffusion->steps + 1) * SLOTS * slice,
                                          sizeof *ring, "slices of the diffusion", error);
    if (ring == NULL)
        return false;
    diffusion->ring = ring;
    const int waves = grid->size[2] + 2 * diffusion->steps;
    const int items = (diffusion->steps + 1) * hp_parallel_slabs(grid->size[1], ROWS);
    for (diffusion->wave = 0; diffusion->wave < waves; diffusion->wave++) {
        if (!hp_task_step(diffusion->task, from + (to - from) * diffusion->wave / waves, error))
            return false;
        hp_parallel_for(items, 1, wave_cb, diffusion);
    }
    return hp_task_step(diffusion->task, to, error);
}

bool hp_diffusion(const HpVolume *in, double time_mm2, HpVolume *out, HpTask *task, GError **error)
{
    g_assert(hp_grid_count(&in->grid) == hp_grid_count(&out->grid) && time_mm2 >= 0);
    const double *h = in->grid.spacing_mm;
    const double longest = 0.0625 * pow(MIN(MIN(h[0], h[1]), h[2]), 2);
    const int steps = (int)ceil(time_mm2 / longest - 1e-9);
    if (steps == 0 && out != in)
        memcpy(out->hu, in->hu, hp_grid_count(&in->grid) * sizeof *out->hu);
    Diffusion diffusion = {.in = in, .out = out, .scheme.lowest = -126, .task = task};
    for (int axis = 0; axis < 3; axis++)
        diffusion.scheme.per_mm[axis] = (float)(1 / h[axis]);
    diffusion.scheme.dt = steps > 0 ? (float)(time_mm2 / steps) : 0;
    for (int done = 0; done < steps; done += diffusion.steps) {
        diffusion.steps = MIN(steps - done, MOST_STEPS);
        if (!run(&diffusion, (double)done / steps, (double)(done + diffusion.steps) / steps, error))
            return false;
        diffusion.in = out;
    }
    return true;
}
