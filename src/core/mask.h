// SPDX-License-Identifier: Apache-2.0
// A label (0..255, 0 is nothing) per voxel, in bricks of 32^3 voxels that copies share.
//
// A brick of one value is stored as that value. hp_mask_copy shares every brick, so a copy is a
// commit: keeping one costs a table of pointers, and a stroke costs the bricks it touches.
// Algorithms that read or write most voxels take dense labels (hp_mask_dup_labels) or boxes.
#pragma once

#include "core/grid.h"

#include <stdint.h>

G_BEGIN_DECLS

#define HP_BRICK 32 // voxels along each edge of a brick

typedef struct HpMask HpMask; // counted; read-only once shared

// Empty. Fails with HP_ERROR_BAD_FILE for an impossible grid and HP_ERROR_NO_MEMORY.
HpMask *hp_mask_new(const HpGrid *grid, GError **error);
// From dense labels, i fastest.
HpMask *hp_mask_new_from_labels(const HpGrid *grid, const uint8_t *labels, GError **error);
HpMask *hp_mask_copy(const HpMask *mask); // may be written without changing `mask`
HpMask *hp_mask_ref(HpMask *mask);
void hp_mask_unref(HpMask *mask); // takes NULL
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HpMask, hp_mask_unref)

const HpGrid *hp_mask_get_grid(const HpMask *mask);

// One voxel; outside the grid nothing is read (0) or written.
uint8_t hp_mask_get(const HpMask *mask, int i, int j, int k);
void hp_mask_set(HpMask *mask, int i, int j, int k, uint8_t label);

// A box [lo, lo + size) of labels, i fastest. What lies outside the grid reads 0 and is not written.
void hp_mask_read_box(const HpMask *mask, const int lo[3], const int size[3], uint8_t *labels);
void hp_mask_write_box(HpMask *mask, const int lo[3], const int size[3], const uint8_t *labels);

// The whole grid as dense labels; g_free(). NULL with HP_ERROR_NO_MEMORY.
uint8_t *hp_mask_dup_labels(const HpMask *mask, GError **error);

// Voxels per label. Uniform bricks cost nothing.
void hp_mask_count(const HpMask *mask, size_t counts[256]);

// Smallest box [lo, hi) of voxels with `label`, or with any label but 0 for `label` 0; false if none.
bool hp_mask_bounds(const HpMask *mask, uint8_t label, int lo[3], int hi[3]);

// Bricks along i, j, k; brick (0,0,0) starts at voxel (0,0,0).
void hp_mask_get_bricks(const HpMask *mask, int bricks[3]);
// Whether brick number `brick` (i fastest) is stored at one place by both: never true after a write to it.
bool hp_mask_shares_brick(const HpMask *a, const HpMask *b, size_t brick);
// Bytes held by bricks that are not uniform, shared or not.
size_t hp_mask_get_bytes(const HpMask *mask);

G_END_DECLS
