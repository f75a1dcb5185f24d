// SPDX-License-Identifier: Apache-2.0
// Exact Euclidean distance in millimetres to a set of voxels, on any spacing.
//
// Squared distances are made axis by axis: out(p) = min over q of in(q) + step(|p - q|). For centres
// step(n) = (n h)^2; for the boxes of voxels step(n) = ((n - 1/2) h)^2 and step(0) = 0, which are the
// parabolas with apex at q +- 1/2, that is, one per gap with the lower of its two neighbours' values.
#include "image/distance.h"

#include "core/error.h"
#include "core/kernel.h"
#include "core/parallel.h"

#include <math.h>
#include <string.h>

#define BLOCK 128     // columns that try their neighbours together
#define LANES 16      // columns that are gathered and scattered together
#define FAR 1e30f     // squared millimetres that mean "no voxel of the set"
#define NEAR_REACH 24 // up to so many voxels trying each neighbour beats the envelope: measured

typedef struct {
    HpGrid grid;
    HpTask *task;
    float *squared;
    const uint8_t *labels;
    uint8_t label;
    bool is_inside; // the set is turned inside out
    bool is_boxes;  // distances to the boxes of voxels, not to their centres
    float limit;    // squared; FAR if there is none
    double *step;   // squared distance to the n-th neighbour along the running axis
    int reach;      // neighbours within the limit along the running axis
} Transform;

// Between two voxels of the set, of which `after` or `before` may be missing.
HP_KERNEL static void fill_gap(float *out, int length, bool has_before, bool has_after, float less,
                               float h)
{
    const float none = 1e6f; // voxels, more than any row has
    const float before = has_before ? 1 : none, after = has_after ? length : none + length;
    for (int x = 0; x < length; x++) {
        const float from_before = before + x, from_after = after - x;
        const float mm = ((from_before < from_after ? from_before : from_after) - less) * h;
        out[x] = has_before || has_after ? mm * mm : FAR;
    }
}

// Along i the set is known voxel by voxel, so the nearest one ends the gap on either side.
static void transform_row(const Transform *transform, size_t at)
{
    const int ni = transform->grid.size[0];
    const uint8_t *labels = transform->labels + at, label = transform->label;
    float *out = transform->squared + at;
    for (int i = 0, from; i < ni;) {
        for (; i < ni && (label == 0 ? labels[i] != 0 : labels[i] == label) != transform->is_inside;
             i++)
            out[i] = 0;
        from = i;
        while (i < ni && (label == 0 ? labels[i] != 0 : labels[i] == label) == transform->is_inside)
            i++;
        fill_gap(out + from, i - from, from > 0, i < ni, transform->is_boxes ? 0.5f : 0,
                 (float)transform->grid.spacing_mm[0]);
    }
}

static void rows_cb(int begin, int end, int slab, void *data)
{
    const Transform *transform = data;
    for (int row = begin; row < end && !hp_task_is_cancelled(transform->task); row++)
        transform_row(transform, (size_t)row * transform->grid.size[0]);
}

// Room for one column of `length` values and the parabolas of its lower envelope.
typedef struct {
    float *column;                // LANES columns of `length`, one after the other
    double *apex, *height, *from; // of each parabola: where, how high, where it starts to be lowest
} Envelope;

static Envelope envelope_new(int length)
{
    Envelope envelope = {.column = g_new(float, (size_t)LANES *length)};
    envelope.apex = g_new(double, 3 * ((size_t)length + 2));
    envelope.height = envelope.apex + length + 2;
    envelope.from = envelope.height + length + 2;
    return envelope;
}

static void envelope_clear(Envelope *envelope)
{
    g_free(envelope->column);
    g_free(envelope->apex);
}

// Adds the parabola height + (h (p - apex))^2; returns how many are left.
static int envelope_add(const Envelope *envelope, int count, double apex, double height, double h2)
{
    double from = -INFINITY;
    for (; count > 0; count--) {
        const double other = envelope->apex[count - 1];
        from = 0.5 * (apex + other) +
               (height - envelope->height[count - 1]) / (2 * h2 * (apex - other));
        if (from > envelope->from[count - 1])
            break;
        from = -INFINITY;
    }
    envelope->apex[count] = apex;
    envelope->height[count] = height;
    envelope->from[count] = from;
    return count + 1;
}

static void transform_column(const Envelope *envelope, float *value, int length, double h,
                             bool is_boxes)
{
    const double h2 = h * h;
    int count = 0;
    for (int q = 0; q < length; q++) {
        const float low = !is_boxes ? value[q] : MIN(value[q], value[MIN(q + 1, length - 1)]);
        if (low < FAR && !(is_boxes && q == length - 1))
            count = envelope_add(envelope, count, is_boxes ? q + 0.5 : q, low, h2);
    }
    for (int p = 0, at = 0; p < length && count > 0; p++) {
        while (at + 1 < count && envelope->from[at + 1] <= p)
            at++;
        const double away = p - envelope->apex[at];
        const float squared = (float)(envelope->height[at] + away * away * h2);
        value[p] = is_boxes ? MIN(value[p], squared) : squared;
    }
}

// Columns along `axis`, LANES neighbours along i at a time.
static void columns(const Transform *transform, int axis, size_t base)
{
    const HpGrid *grid = &transform->grid;
    const int length = grid->size[axis], ni = grid->size[0];
    const size_t stride = axis == 1 ? (size_t)ni : (size_t)ni * grid->size[1];
    Envelope envelope = envelope_new(length);
    for (int i = 0; i < ni; i += LANES) {
        const int lanes = MIN(LANES, ni - i);
        float *at = transform->squared + base + i;
        for (int p = 0; p < length; p++)
            for (int lane = 0; lane < lanes; lane++)
                envelope.column[(size_t)lane * length + p] = at[p * stride + lane];
        for (int lane = 0; lane < lanes; lane++)
            transform_column(&envelope, envelope.column + (size_t)lane * length, length,
                             grid->spacing_mm[axis], transform->is_boxes);
        for (int p = 0; p < length; p++)
            for (int lane = 0; lane < lanes; lane++)
                at[p * stride + lane] = envelope.column[(size_t)lane * length + p];
    }
    envelope_clear(&envelope);
}

HP_KERNEL static void lower_row(float *out, const float *in, float more, int length)
{
    for (int i = 0; i < length; i++) {
        const float squared = in[i] + more;
        out[i] = squared < out[i] ? squared : out[i];
    }
}

// The same, by trying every neighbour within the limit, BLOCK columns at once.
static void near_columns(const Transform *transform, int axis, size_t base)
{
    const HpGrid *grid = &transform->grid;
    const int length = grid->size[axis], ni = grid->size[0];
    const size_t stride = axis == 1 ? (size_t)ni : (size_t)ni * grid->size[1];
    g_autofree float *in = g_new(float, (size_t)length *BLOCK);
    for (int i = 0; i < ni; i += BLOCK) {
        const int width = MIN(BLOCK, ni - i);
        float *out = transform->squared + base + i;
        for (int p = 0; p < length; p++)
            memcpy(in + (size_t)p * BLOCK, out + p * stride, width * sizeof *in);
        for (int p = 0; p < length; p++)
            for (int n = 1; n <= transform->reach; n++) {
                const float more = (float)transform->step[n];
                if (p >= n)
                    lower_row(out + p * stride, in + (size_t)(p - n) * BLOCK, more, width);
                if (p + n < length)
                    lower_row(out + p * stride, in + (size_t)(p + n) * BLOCK, more, width);
            }
    }
}

static void along_j_cb(int begin, int end, int slab, void *data)
{
    const Transform *transform = data;
    const size_t slice = (size_t)transform->grid.size[0] * transform->grid.size[1];
    for (int k = begin; k < end && !hp_task_is_cancelled(transform->task); k++)
        (transform->reach <= NEAR_REACH ? near_columns : columns)(transform, 1, k * slice);
}

static void along_k_cb(int begin, int end, int slab, void *data)
{
    const Transform *transform = data;
    for (int j = begin; j < end && !hp_task_is_cancelled(transform->task); j++)
        (transform->reach <= NEAR_REACH ? near_columns : columns)(
            transform, 2, (size_t)j * transform->grid.size[0]);
}

// Neighbours along `axis` that can be within the limit, and how far they are.
static void measure_steps(Transform *transform, int axis)
{
    const double h = transform->grid.spacing_mm[axis], less = transform->is_boxes ? 0.5 : 0;
    transform->reach = 0;
    for (int n = 1; n < transform->grid.size[axis]; n++) {
        const double squared = pow((n - less) * h, 2);
        if (squared > transform->limit)
            break;
        transform->step[n] = squared;
        transform->reach = n;
    }
}

static bool run(Transform *transform, GError **error)
{
    const int *size = transform->grid.size;
    g_autofree double *step = g_new0(double, MAX(size[1], size[2]) + 1);
    transform->step = step;
    hp_parallel_for(size[1] * size[2], 256, rows_cb, transform);
    if (!hp_task_step(transform->task, 0.2, error))
        return false;
    measure_steps(transform, 1);
    hp_parallel_for(size[2], 1, along_j_cb, transform);
    if (!hp_task_step(transform->task, 0.6, error))
        return false;
    measure_steps(transform, 2);
    hp_parallel_for(size[1], 1, along_k_cb, transform);
    return hp_task_step(transform->task, 1, error);
}

typedef struct {
    float *value;
    const float *inside; // squared distances below the surface; NULL if not asked for
    int row;
    float max_mm;
} Finish;

HP_KERNEL static void finish_row(float *value, const float *inside, float max_mm, int length)
{
    const float beyond = FAR / 2;
    for (int x = 0; x < length; x++) {
        const float mm = value[x] < beyond ? sqrtf(value[x]) : INFINITY;
        value[x] = mm < max_mm ? mm : max_mm;
    }
    for (int x = 0; inside != NULL && x < length; x++) {
        const float mm = inside[x] < beyond ? sqrtf(inside[x]) : INFINITY;
        value[x] -= mm < max_mm ? mm : max_mm;
    }
}

static void finish_cb(int begin, int end, int slab, void *data)
{
    const Finish *finish = data;
    for (int row = begin; row < end; row++) {
        const size_t at = (size_t)row * finish->row;
        finish_row(finish->value + at, finish->inside != NULL ? finish->inside + at : NULL,
                   finish->max_mm, finish->row);
    }
}

static Transform transform_of(const uint8_t *labels, const HpGrid *grid, uint8_t label,
                              double max_mm, HpTask *task)
{
    g_assert(max_mm >= 0);
    return (Transform){.grid = *grid,
                       .task = task,
                       .labels = labels,
                       .label = label,
                       .limit = max_mm * max_mm < FAR ? (float)(max_mm * max_mm) : FAR};
}

static HpField *distance(Transform *transform, double max_mm, GError **error)
{
    const HpGrid *grid = &transform->grid;
    g_autoptr(HpField) field = hp_field_new(grid, error);
    if (field == NULL)
        return NULL;
    transform->squared = field->value;
    if (!run(transform, error))
        return NULL;
    Finish finish = {.value = field->value, .row = grid->size[0], .max_mm = (float)max_mm};
    hp_parallel_for(grid->size[1] * grid->size[2], 256, finish_cb, &finish);
    return g_steal_pointer(&field);
}

HpField *hp_distance_outside(const uint8_t *labels, const HpGrid *grid, uint8_t label,
                             double max_mm, HpTask *task, GError **error)
{
    Transform transform = transform_of(labels, grid, label, max_mm, task);
    return distance(&transform, max_mm, error);
}

HpField *hp_distance_inside(const uint8_t *labels, const HpGrid *grid, uint8_t label, double max_mm,
                            HpTask *task, GError **error)
{
    Transform transform = transform_of(labels, grid, label, max_mm, task);
    transform.is_inside = true;
    return distance(&transform, max_mm, error);
}

HpField *hp_distance_signed(const uint8_t *labels, const HpGrid *grid, uint8_t label, double max_mm,
                            HpTask *task, GError **error)
{
    g_autoptr(HpField) outside = hp_field_new(grid, error);
    g_autoptr(HpField) inside = outside != NULL ? hp_field_new(grid, error) : NULL;
    if (inside == NULL)
        return NULL;
    Transform transform = transform_of(labels, grid, label, max_mm, task);
    transform.is_boxes = true;
    transform.squared = outside->value;
    if (!run(&transform, error))
        return NULL;
    transform.is_inside = true;
    transform.squared = inside->value;
    if (!run(&transform, error))
        return NULL;
    Finish finish = {outside->value, inside->value, grid->size[0], (float)max_mm};
    hp_parallel_for(grid->size[1] * grid->size[2], 256, finish_cb, &finish);
    return g_steal_pointer(&outside);
}
