// SPDX-License-Identifier: Apache-2.0
// A mask as bricks to keep: a table of labels and hashes, and each brick once under its hash.
//
// The same mask is the same table and the same bricks. A mask that differs in a stroke shares all bricks
// but those it touched, and a brick that cannot be read costs its own 32^3 voxels, not the mask.
#pragma once

#include "core/mask.h"

G_BEGIN_DECLS

#define HP_BRICK_BYTES (HP_BRICK * HP_BRICK * HP_BRICK)
#define HP_BRICK_HASH 32 // bytes of the SHA-256 of a brick's labels

// Takes a brick of more than one label. False with an error ends the packing.
typedef bool (*HpBrickPutCb)(const uint8_t hash[HP_BRICK_HASH],
                             const uint8_t labels[HP_BRICK_BYTES], void *data, GError **error);
// Gives one back; false if there is none.
typedef bool (*HpBrickGetCb)(const uint8_t hash[HP_BRICK_HASH], uint8_t labels[HP_BRICK_BYTES],
                             void *data);

// The table. NULL with the error of `put_cb`.
GBytes *hp_bricks_pack(const HpMask *mask, HpBrickPutCb put_cb, void *data, GError **error);

// The mask of a table on `grid`. Bricks that `get_cb` does not give, or gives with another hash, are
// empty and counted in `lost`. NULL with HP_ERROR_BAD_FILE if the table is not one of this grid, and
// HP_ERROR_NO_MEMORY.
HpMask *hp_bricks_unpack(const HpGrid *grid, GBytes *table, HpBrickGetCb get_cb, void *data,
                         int *lost, GError **error);

// Calls for the hash of every brick in a table, as often as it stands there.
void hp_bricks_each(GBytes *table, void (*hash_cb)(const uint8_t hash[HP_BRICK_HASH], void *data),
                    void *data);

G_END_DECLS
