// SPDX-License-Identifier: Apache-2.0
// A label (0..255, 0 is nothing) per voxel, in bricks of 32^3 voxels that copies share.
#include "core/mask.h"

#include "core/error.h"

#include <string.h>

#define BRICK_VOXELS (HP_BRICK * HP_BRICK * HP_BRICK)

typedef struct {
    gint refs;
    uint8_t label[BRICK_VOXELS];
} Brick;

// One entry of the table: a brick, or NULL and the one label it is full of.
typedef struct {
    Brick *brick;
    uint8_t label;
} Slot;

struct HpMask {
    HpGrid grid;
    int bricks[3];
    Slot *slots; // i fastest
    gint refs;
};

static void brick_unref(Brick *brick)
{
    if (brick != NULL && g_atomic_int_dec_and_test(&brick->refs))
        g_free(brick);
}

static size_t slot_count(const HpMask *mask)
{
    return (size_t)mask->bricks[0] * mask->bricks[1] * mask->bricks[2];
}

static Slot *slot_at(const HpMask *mask, int bi, int bj, int bk)
{
    return mask->slots + ((size_t)bk * mask->bricks[1] + bj) * mask->bricks[0] + bi;
}

// The brick of a slot, made so that only this mask sees it.
static Brick *slot_own(Slot *slot)
{
    Brick *old = slot->brick;
    if (old != NULL && g_atomic_int_get(&old->refs) == 1)
        return old;
    Brick *brick = g_new(Brick, 1);
    brick->refs = 1;
    if (old != NULL)
        memcpy(brick->label, old->label, BRICK_VOXELS);
    else
        memset(brick->label, slot->label, BRICK_VOXELS);
    brick_unref(old);
    slot->brick = brick;
    return brick;
}

// Stores a brick of one value as that value.
static void slot_settle(Slot *slot)
{
    const uint8_t *label = slot->brick->label;
    if (memcmp(label, label + 1, BRICK_VOXELS - 1) != 0)
        return;
    slot->label = label[0];
    brick_unref(slot->brick);
    slot->brick = NULL;
}

HpMask *hp_mask_new(const HpGrid *grid, GError **error)
{
    if (!hp_grid_validate(grid, error))
        return NULL;
    HpMask *mask = g_new0(HpMask, 1);
    mask->grid = *grid;
    mask->refs = 1;
    for (int axis = 0; axis < 3; axis++)
        mask->bricks[axis] = (grid->size[axis] + HP_BRICK - 1) / HP_BRICK;
    mask->slots = hp_try_alloc(slot_count(mask), sizeof *mask->slots, "a mask", error);
    if (mask->slots == NULL)
        g_clear_pointer(&mask, g_free);
    return mask;
}

HpMask *hp_mask_new_from_labels(const HpGrid *grid, const uint8_t *labels, GError **error)
{
    HpMask *mask = hp_mask_new(grid, error);
    if (mask != NULL)
        hp_mask_write_box(mask, (int[3]){0, 0, 0}, grid->size, labels);
    return mask;
}

HpMask *hp_mask_copy(const HpMask *mask)
{
    HpMask *copy = g_new0(HpMask, 1);
    *copy = *mask;
    copy->refs = 1;
    copy->slots = g_memdup2(mask->slots, slot_count(mask) * sizeof *mask->slots);
    for (size_t at = 0; at < slot_count(copy); at++)
        if (copy->slots[at].brick != NULL)
            g_atomic_int_inc(&copy->slots[at].brick->refs);
    return copy;
}

HpMask *hp_mask_ref(HpMask *mask)
{
    g_atomic_int_inc(&mask->refs);
    return mask;
}

void hp_mask_unref(HpMask *mask)
{
    if (mask == NULL || !g_atomic_int_dec_and_test(&mask->refs))
        return;
    for (size_t at = 0; at < slot_count(mask); at++)
        brick_unref(mask->slots[at].brick);
    g_free(mask->slots);
    g_free(mask);
}

const HpGrid *hp_mask_get_grid(const HpMask *mask)
{
    return &mask->grid;
}

static size_t in_brick(int i, int j, int k)
{
    return ((size_t)(k % HP_BRICK) * HP_BRICK + j % HP_BRICK) * HP_BRICK + i % HP_BRICK;
}

uint8_t hp_mask_get(const HpMask *mask, int i, int j, int k)
{
    if (!hp_grid_contains(&mask->grid, i, j, k))
        return 0;
    const Slot *slot = slot_at(mask, i / HP_BRICK, j / HP_BRICK, k / HP_BRICK);
    return slot->brick != NULL ? slot->brick->label[in_brick(i, j, k)] : slot->label;
}

void hp_mask_set(HpMask *mask, int i, int j, int k, uint8_t label)
{
    if (!hp_grid_contains(&mask->grid, i, j, k))
        return;
    Slot *slot = slot_at(mask, i / HP_BRICK, j / HP_BRICK, k / HP_BRICK);
    if (slot->brick == NULL && slot->label == label)
        return;
    slot_own(slot)->label[in_brick(i, j, k)] = label;
}

// The part of a box that one brick holds: voxels [lo, hi) of the grid.
typedef struct {
    int lo[3], hi[3];
} Part;

typedef void (*PartCb)(Slot *slot, const Part *part, const int lo[3], const int size[3],
                       void *data);

static void each_brick(const HpMask *mask, const int lo[3], const int size[3], PartCb part_cb,
                       void *data)
{
    int first[3], last[3];
    for (int axis = 0; axis < 3; axis++) {
        const int from = MAX(lo[axis], 0);
        const int to = MIN(lo[axis] + size[axis], mask->grid.size[axis]);
        if (from >= to)
            return;
        first[axis] = from / HP_BRICK;
        last[axis] = (to - 1) / HP_BRICK;
    }
    int b[3];
    for (b[2] = first[2]; b[2] <= last[2]; b[2]++)
        for (b[1] = first[1]; b[1] <= last[1]; b[1]++)
            for (b[0] = first[0]; b[0] <= last[0]; b[0]++) {
                Part part;
                for (int axis = 0; axis < 3; axis++) {
                    const int end = MIN((b[axis] + 1) * HP_BRICK, mask->grid.size[axis]);
                    part.lo[axis] = MAX(b[axis] * HP_BRICK, lo[axis]);
                    part.hi[axis] = MIN(end, lo[axis] + size[axis]);
                }
                part_cb(slot_at(mask, b[0], b[1], b[2]), &part, lo, size, data);
            }
}

// Offset of the voxel (part.lo.i, j, k) in the box.
static size_t in_box(const Part *part, int j, int k, const int lo[3], const int size[3])
{
    return ((size_t)(k - lo[2]) * size[1] + (j - lo[1])) * size[0] + (part->lo[0] - lo[0]);
}

static void read_cb(Slot *slot, const Part *part, const int lo[3], const int size[3], void *data)
{
    uint8_t *labels = data;
    const size_t run = part->hi[0] - part->lo[0];
    for (int k = part->lo[2]; k < part->hi[2]; k++)
        for (int j = part->lo[1]; j < part->hi[1]; j++) {
            uint8_t *row = labels + in_box(part, j, k, lo, size);
            if (slot->brick != NULL)
                memcpy(row, slot->brick->label + in_brick(part->lo[0], j, k), run);
            else
                memset(row, slot->label, run);
        }
}

void hp_mask_read_box(const HpMask *mask, const int lo[3], const int size[3], uint8_t *labels)
{
    memset(labels, 0, (size_t)size[0] * size[1] * size[2]);
    each_brick(mask, lo, size, read_cb, labels);
}

typedef struct {
    const HpMask *mask;
    const uint8_t *labels;
} Writing;

// Whether the part of the box is full of what the uniform slot holds already.
static bool is_same(const Slot *slot, const Part *part, const int lo[3], const int size[3],
                    const uint8_t *labels)
{
    if (slot->brick != NULL)
        return false;
    for (int k = part->lo[2]; k < part->hi[2]; k++)
        for (int j = part->lo[1]; j < part->hi[1]; j++) {
            const uint8_t *row = labels + in_box(part, j, k, lo, size);
            const size_t run = part->hi[0] - part->lo[0];
            if (row[0] != slot->label || memcmp(row, row + 1, run - 1) != 0)
                return false;
        }
    return true;
}

static void write_cb(Slot *slot, const Part *part, const int lo[3], const int size[3], void *data)
{
    const Writing *writing = data;
    if (is_same(slot, part, lo, size, writing->labels))
        return;
    Brick *brick = slot_own(slot);
    const size_t run = part->hi[0] - part->lo[0];
    for (int k = part->lo[2]; k < part->hi[2]; k++)
        for (int j = part->lo[1]; j < part->hi[1]; j++)
            memcpy(brick->label + in_brick(part->lo[0], j, k),
                   writing->labels + in_box(part, j, k, lo, size), run);
    // The margin of a brick that sticks out of the grid is never read; copy a corner there so that
    // a brick uniform inside the grid settles to one value.
    const uint8_t corner = brick->label[in_brick(part->lo[0], part->lo[1], part->lo[2])];
    const HpGrid *grid = &writing->mask->grid;
    int at[3];
    bool reaches_out = false;
    for (int axis = 0; axis < 3; axis++) {
        at[axis] = part->lo[axis] / HP_BRICK * HP_BRICK;
        reaches_out |= at[axis] + HP_BRICK > grid->size[axis];
    }
    if (reaches_out)
        for (int k = 0; k < HP_BRICK; k++)
            for (int j = 0; j < HP_BRICK; j++)
                for (int i = 0; i < HP_BRICK; i++)
                    if (!hp_grid_contains(grid, at[0] + i, at[1] + j, at[2] + k))
                        brick->label[in_brick(i, j, k)] = corner;
    slot_settle(slot);
}

void hp_mask_write_box(HpMask *mask, const int lo[3], const int size[3], const uint8_t *labels)
{
    each_brick(mask, lo, size, write_cb, &(Writing){mask, labels});
}

uint8_t *hp_mask_dup_labels(const HpMask *mask, GError **error)
{
    uint8_t *labels = hp_try_alloc(hp_grid_count(&mask->grid), 1, "dense labels", error);
    if (labels != NULL)
        hp_mask_read_box(mask, (int[3]){0, 0, 0}, mask->grid.size, labels);
    return labels;
}

static void count_cb(Slot *slot, const Part *part, const int lo[3], const int size[3], void *data)
{
    (void)lo, (void)size;
    size_t *counts = data;
    const size_t run = part->hi[0] - part->lo[0];
    if (slot->brick == NULL) {
        counts[slot->label] += run * (part->hi[1] - part->lo[1]) * (part->hi[2] - part->lo[2]);
        return;
    }
    for (int k = part->lo[2]; k < part->hi[2]; k++)
        for (int j = part->lo[1]; j < part->hi[1]; j++) {
            const uint8_t *row = slot->brick->label + in_brick(part->lo[0], j, k);
            for (size_t at = 0; at < run; at++)
                counts[row[at]]++;
        }
}

void hp_mask_count(const HpMask *mask, size_t counts[256])
{
    memset(counts, 0, 256 * sizeof *counts);
    each_brick(mask, (int[3]){0, 0, 0}, mask->grid.size, count_cb, counts);
}

typedef struct {
    uint8_t wanted;
    int lo[3], hi[3];
} Bounds;

static void bounds_add(Bounds *bounds, const int lo[3], const int hi[3])
{
    for (int axis = 0; axis < 3; axis++) {
        bounds->lo[axis] = MIN(bounds->lo[axis], lo[axis]);
        bounds->hi[axis] = MAX(bounds->hi[axis], hi[axis]);
    }
}

static void bounds_cb(Slot *slot, const Part *part, const int lo[3], const int size[3], void *data)
{
    (void)lo, (void)size;
    Bounds *bounds = data;
    const uint8_t wanted = bounds->wanted;
    if (slot->brick == NULL) {
        if (wanted == 0 ? slot->label != 0 : slot->label == wanted)
            bounds_add(bounds, part->lo, part->hi);
        return;
    }
    for (int k = part->lo[2]; k < part->hi[2]; k++)
        for (int j = part->lo[1]; j < part->hi[1]; j++)
            for (int i = part->lo[0]; i < part->hi[0]; i++) {
                const uint8_t label = slot->brick->label[in_brick(i, j, k)];
                if (wanted == 0 ? label != 0 : label == wanted)
                    bounds_add(bounds, (int[3]){i, j, k}, (int[3]){i + 1, j + 1, k + 1});
            }
}

bool hp_mask_bounds(const HpMask *mask, uint8_t label, int lo[3], int hi[3])
{
    Bounds bounds = {.wanted = label, .lo = {G_MAXINT, G_MAXINT, G_MAXINT}, .hi = {0, 0, 0}};
    each_brick(mask, (int[3]){0, 0, 0}, mask->grid.size, bounds_cb, &bounds);
    if (bounds.hi[0] == 0)
        return false;
    memcpy(lo, bounds.lo, sizeof bounds.lo);
    memcpy(hi, bounds.hi, sizeof bounds.hi);
    return true;
}

void hp_mask_get_bricks(const HpMask *mask, int bricks[3])
{
    memcpy(bricks, mask->bricks, sizeof mask->bricks);
}

bool hp_mask_shares_brick(const HpMask *a, const HpMask *b, size_t brick)
{
    const Slot *in_a = a->slots + brick, *in_b = b->slots + brick;
    return in_a->brick == in_b->brick && (in_a->brick != NULL || in_a->label == in_b->label);
}

size_t hp_mask_get_bytes(const HpMask *mask)
{
    size_t bytes = 0;
    for (size_t at = 0; at < slot_count(mask); at++)
        bytes += mask->slots[at].brick != NULL ? sizeof(Brick) : 0;
    return bytes;
}
