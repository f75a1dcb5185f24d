// SPDX-License-Identifier: Apache-2.0
// Turns the donor's anatomy into slices: values with partial volume and noise, or labels.
//
// Space is cut into blocks of some 6 mm. In most of them one organ is all there is; in the others
// few are asked. A voxel that a boundary may cross is the mean of its subsamples.
#include "phantom/render.h"

#include "core/parallel.h"

#include <math.h>

#include "phantom/lattice.h"

#include "phantom/noise.h"

#define BLOCK_MM 6.0
#define MAX_BLOCK 16   // voxels
#define TILE 5         // blocks along each edge of what is pared first
#define DEEP_MM 1000.f // depth where an organ fills a whole block

typedef struct {
    const HpAnatomy *anatomy;
    const HpFrame *frame;
    int first, count;
    int block[3];      // voxels
    int subsamples[3]; // of a voxel on a boundary
    float near_mm;     // half the diagonal of a voxel
    int16_t *hu;
    uint8_t *labels;
} Job;

static double length_of(const double v[3])
{
    return sqrt(v[0] * v[0] + v[1] * v[1] + v[2] * v[2]);
}

static Job job_of(const HpAnatomy *anatomy, const HpFrame *frame, int first, int count)
{
    Job job = {.anatomy = anatomy, .frame = frame, .first = first, .count = count};
    double square = 0;
    for (int axis = 0; axis < 3; axis++) {
        const double step = length_of(frame->step_mm[axis]);
        job.block[axis] = CLAMP((int)lrint(BLOCK_MM / step), 1, MAX_BLOCK);
        job.subsamples[axis] = CLAMP((int)lrint(step / 1.2), 2, 3); // 1.2 mm: what optics leave
        square += step * step;
    }
    job.near_mm = 0.5f * (float)sqrt(square);
    return job;
}

int hp_render_batch(const HpFrame *frame)
{
    const Job job = job_of(NULL, frame, 0, 0);
    return 4 * job.block[2];
}

static HpPoint place(const HpFrame *frame, double i, double j, double k)
{
    double mm[3];
    for (int axis = 0; axis < 3; axis++)
        mm[axis] = frame->origin_mm[axis] + i * frame->step_mm[0][axis] +
                   j * frame->step_mm[1][axis] + k * frame->step_mm[2][axis];
    return (HpPoint){(float)mm[0], (float)mm[1], (float)mm[2]};
}

static float value(const Job *job, int organ, HpPoint point, float inside_mm)
{
    const HpTissue tissue =
        organ < 0 ? HP_TISSUE_AIR : hp_scene_get_tag(job->anatomy->scene, organ);
    return hp_tissue_hu(tissue, point, inside_mm, (uint32_t)job->anatomy->seed);
}

static bool crosses_layer(const Job *job, int organ, float inside_mm)
{
    if (organ < 0)
        return false;
    const float *layer = hp_tissue_layers(hp_scene_get_tag(job->anatomy->scene, organ));
    for (; *layer > 0; layer++)
        if (fabsf(inside_mm - *layer) < job->near_mm)
            return true;
    return false;
}

static float voxel_hu(const Job *job, const HpFocus *focus, int i, int j, int k)
{
    float inside, clear;
    const HpPoint middle = place(job->frame, i, j, k);
    const int organ = hp_focus_probe(focus, middle, &inside, &clear);
    if (clear > 1.2f * job->near_mm && !crosses_layer(job, organ, inside))
        return value(job, organ, middle, inside);
    const int *n = job->subsamples;
    float sum = 0;
    for (int c = 0; c < n[2]; c++)
        for (int b = 0; b < n[1]; b++)
            for (int a = 0; a < n[0]; a++) {
                const HpPoint point = place(job->frame, i + (a + 0.5) / n[0] - 0.5,
                                            j + (b + 0.5) / n[1] - 0.5, k + (c + 0.5) / n[2] - 0.5);
                const int here = hp_focus_probe(focus, point, &inside, &clear);
                sum += value(job, here, point, inside);
            }
    return sum / (n[0] * n[1] * n[2]);
}

// A box of voxels [lo, hi) of the frame.
typedef struct {
    int lo[3], hi[3];
} Box;

// Calls for each block of slices [k0, k1) with the focus set on it.
typedef void (*BlockCb)(const Job *job, const HpFocus *focus, const Box *box, bool is_filled,
                        int filled_by, int k0, void *data);

// Sets `focus` on the ball round a box; true if one organ fills it.
static bool look_at(const Job *job, HpFocus *focus, const Box *box, int *filled_by)
{
    const HpFrame *frame = job->frame;
    double square = 0, middle[3];
    for (int axis = 0; axis < 3; axis++) {
        const double edge = length_of(frame->step_mm[axis]) * (box->hi[axis] - box->lo[axis]);
        square += edge * edge;
        middle[axis] = (box->lo[axis] + box->hi[axis] - 1) / 2.0;
    }
    // A sheared box has a longer diagonal than its edges tell: a tenth more for 30 degrees.
    const float radius = 0.56f * (float)sqrt(square) + job->near_mm;
    return hp_focus_set(focus, place(frame, middle[0], middle[1], middle[2]), radius, filled_by);
}

// The part of `all` that starts `at` and is `size` voxels wide.
static Box box_at(const Box *all, const int at[2], const int size[2])
{
    Box box = *all;
    for (int axis = 0; axis < 2; axis++) {
        box.lo[axis] = at[axis];
        box.hi[axis] = MIN(at[axis] + size[axis], all->hi[axis]);
    }
    return box;
}

static void each_block(const Job *job, int k0, int k1, BlockCb block_cb, void *data)
{
    g_autoptr(HpFocus) wide = hp_focus_new(job->anatomy->scene);
    g_autoptr(HpFocus) narrow = hp_focus_new_within(wide);
    const Box all = {{0, 0, k0}, {job->frame->size[0], job->frame->size[1], k1}};
    const int tile_size[2] = {TILE * job->block[0], TILE * job->block[1]};
    int filled_by;
    for (int y = 0; y < all.hi[1]; y += tile_size[1])
        for (int x = 0; x < all.hi[0]; x += tile_size[0]) {
            const Box tile = box_at(&all, (const int[2]){x, y}, tile_size);
            if (look_at(job, wide, &tile, &filled_by)) {
                block_cb(job, wide, &tile, true, filled_by, k0, data);
                continue;
            }
            for (int j = y; j < tile.hi[1]; j += job->block[1])
                for (int i = x; i < tile.hi[0]; i += job->block[0]) {
                    const Box box = box_at(&tile, (const int[2]){i, j}, job->block);
                    const bool is_filled = look_at(job, narrow, &box, &filled_by);
                    block_cb(job, narrow, &box, is_filled, filled_by, k0, data);
                }
        }
}

static void hu_block(const Job *job, const HpFocus *focus, const Box *box, bool is_filled,
                     int filled_by, int k0, void *data)
{
    float *hu = data;
    const int *size = job->frame->size;
    for (int k = box->lo[2]; k < box->hi[2]; k++)
        for (int j = box->lo[1]; j < box->hi[1]; j++)
            for (int i = box->lo[0]; i < box->hi[0]; i++)
                hu[((size_t)(k - k0) * size[1] + j) * size[0] + i] =
                    is_filled ? value(job, filled_by, place(job->frame, i, j, k), DEEP_MM)
                              : voxel_hu(job, focus, i, j, k);
}

// Slices in groups of one block's height; a group is one slab of work.
static void hu_slab(int begin, int end, int slab, void *data)
{
    const Job *job = data;
    const HpFrame *frame = job->frame;
    const size_t slice = (size_t)frame->size[0] * frame->size[1];
    const double spacing[3] = {length_of(frame->step_mm[0]), length_of(frame->step_mm[1]),
                               length_of(frame->step_mm[2])};
    const int k0 = job->first + begin, k1 = job->first + end;
    g_autoptr(HpNoiseMaker) noise =
        hp_noise_maker_new(frame->size[0], frame->size[1], spacing, job->anatomy->seed);
    g_autofree float *values = g_new(float, slice *(k1 - k0));
    each_block(job, k0, k1, hu_block, values);
    for (int k = k0; k < k1; k++) {
        float *of_slice = values + slice * (k - k0);
        const HpPoint corner = place(frame, 0, 0, k);
        hp_noise_maker_expose(noise, of_slice, k, corner.x, corner.y);
        int16_t *out = job->hu + slice * (k - job->first);
        for (size_t at = 0; at < slice; at++)
            out[at] = (int16_t)lrintf(hp_least(hp_most(of_slice[at], -1024), 3071));
    }
}

void hp_render_hu(const HpAnatomy *anatomy, const HpFrame *frame, int first, int count, int16_t *hu)
{
    Job job = job_of(anatomy, frame, first, count);
    job.hu = hu;
    hp_parallel_for(count, job.block[2], hu_slab, &job);
}

static void label_block(const Job *job, const HpFocus *focus, const Box *box, bool is_filled,
                        int filled_by, int k0, void *data)
{
    const HpScene *scene = job->anatomy->scene;
    const int *size = job->frame->size;
    for (int k = box->lo[2]; k < box->hi[2]; k++)
        for (int j = box->lo[1]; j < box->hi[1]; j++)
            for (int i = box->lo[0]; i < box->hi[0]; i++) {
                float inside, clear;
                const int organ =
                    is_filled ? filled_by
                              : hp_focus_probe(focus, place(job->frame, i, j, k), &inside, &clear);
                job->labels[((size_t)(k - job->first) * size[1] + j) * size[0] + i] =
                    organ < 0 ? 0 : (uint8_t)hp_tissue_label(hp_scene_get_tag(scene, organ));
            }
}

static void label_slab(int begin, int end, int slab, void *data)
{
    const Job *job = data;
    each_block(job, job->first + begin, job->first + end, label_block, NULL);
}

void hp_render_labels(const HpAnatomy *anatomy, const HpFrame *frame, int first, int count,
                      uint8_t *labels)
{
    Job job = job_of(anatomy, frame, first, count);
    job.labels = labels;
    hp_parallel_for(count, job.block[2], label_slab, &job);
}
