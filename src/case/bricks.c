// SPDX-License-Identifier: Apache-2.0
// A mask as bricks to keep: a table of labels and hashes, and each brick once under its hash.
#include "case/bricks.h"

#include "core/error.h"

#include <glib/gi18n.h>
#include <string.h>

// An entry of the table is one of these, then the label or the hash.
enum { UNIFORM = 0, BRICK = 1 };

static void hash_of(const uint8_t *labels, uint8_t hash[HP_BRICK_HASH])
{
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
    gsize size = HP_BRICK_HASH;
    g_checksum_update(sum, labels, HP_BRICK_BYTES);
    g_checksum_get_digest(sum, hash, &size);
}

// Calls of a table's bricks in order, i fastest: their first voxel.
#define EACH_BRICK(bricks, lo)                                                                     \
    for (lo[2] = 0; lo[2] < bricks[2] * HP_BRICK; lo[2] += HP_BRICK)                               \
        for (lo[1] = 0; lo[1] < bricks[1] * HP_BRICK; lo[1] += HP_BRICK)                           \
            for (lo[0] = 0; lo[0] < bricks[0] * HP_BRICK; lo[0] += HP_BRICK)

GBytes *hp_bricks_pack(const HpMask *mask, HpBrickPutCb put_cb, void *data, GError **error)
{
    const int size[3] = {HP_BRICK, HP_BRICK, HP_BRICK};
    g_autoptr(GByteArray) table = g_byte_array_new();
    g_autofree uint8_t *labels = g_malloc(HP_BRICK_BYTES);
    int bricks[3], lo[3];
    hp_mask_get_bricks(mask, bricks);
    EACH_BRICK(bricks, lo)
    {
        hp_mask_read_box(mask, lo, size, labels);
        if (memcmp(labels, labels + 1, HP_BRICK_BYTES - 1) == 0) {
            g_byte_array_append(table, (const uint8_t[]){UNIFORM, labels[0]}, 2);
            continue;
        }
        uint8_t entry[1 + HP_BRICK_HASH] = {BRICK};
        hash_of(labels, entry + 1);
        g_byte_array_append(table, entry, sizeof entry);
        if (!put_cb(entry + 1, labels, data, error))
            return NULL;
    }
    return g_byte_array_free_to_bytes(g_steal_pointer(&table));
}

// The next entry of a table, and moves on; NULL at its end or if it is none.
static const uint8_t *next_entry(const uint8_t **at, const uint8_t *end)
{
    const uint8_t *entry = *at;
    if (end - entry < 2 || entry[0] > BRICK)
        return NULL;
    const ptrdiff_t size = entry[0] == UNIFORM ? 2 : 1 + HP_BRICK_HASH;
    if (end - entry < size)
        return NULL;
    *at += size;
    return entry;
}

static HpMask *refuse(GError **error)
{
    g_set_error_literal(error, HP_ERROR, HP_ERROR_BAD_FILE,
                        _("the table of the mask is not one of its grid"));
    return NULL;
}

HpMask *hp_bricks_unpack(const HpGrid *grid, GBytes *table, HpBrickGetCb get_cb, void *data,
                         int *lost, GError **error)
{
    const int size[3] = {HP_BRICK, HP_BRICK, HP_BRICK};
    gsize bytes;
    const uint8_t *at = g_bytes_get_data(table, &bytes), *end = at + bytes;
    if (!hp_grid_validate(grid, error))
        return NULL;
    // A mask's own table costs 16 bytes a brick; the entries must be there before it is allocated.
    double count = 1;
    for (int axis = 0; axis < 3; axis++)
        count *= (grid->size[axis] + HP_BRICK - 1) / HP_BRICK;
    if (2 * count > (double)bytes)
        return refuse(error);
    g_autoptr(HpMask) mask = hp_mask_new(grid, error);
    if (mask == NULL)
        return NULL;
    g_autofree uint8_t *labels = g_malloc(HP_BRICK_BYTES);
    int bricks[3], lo[3];
    hp_mask_get_bricks(mask, bricks);
    *lost = 0;
    EACH_BRICK(bricks, lo)
    {
        const uint8_t *entry = next_entry(&at, end);
        if (entry == NULL)
            return refuse(error);
        uint8_t hash[HP_BRICK_HASH];
        if (entry[0] == UNIFORM) {
            memset(labels, entry[1], HP_BRICK_BYTES);
        } else if (!get_cb(entry + 1, labels, data) ||
                   (hash_of(labels, hash), memcmp(hash, entry + 1, sizeof hash) != 0)) {
            ++*lost;
            continue;
        }
        hp_mask_write_box(mask, lo, size, labels);
    }
    return at == end ? g_steal_pointer(&mask) : refuse(error);
}

void hp_bricks_each(GBytes *table, void (*hash_cb)(const uint8_t hash[HP_BRICK_HASH], void *data),
                    void *data)
{
    gsize bytes;
    const uint8_t *at = g_bytes_get_data(table, &bytes), *end = at + bytes, *entry;
    while ((entry = next_entry(&at, end)) != NULL)
        if (entry[0] == BRICK)
            hash_cb(entry + 1, data);
}
