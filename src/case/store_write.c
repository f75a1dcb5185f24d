// SPDX-License-Identifier: Apache-2.0
// Puts what a case holds into its file, each call one transaction.
#include "case/store_inside.h"

#include "case/bricks.h"
#include "case/pack.h"
#include "core/error.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

// Deflates and binds.
static void bind_deflated(Statement *statement, int at, const void *data, size_t size)
{
    g_autoptr(GBytes) bytes = hp_pack_deflate(data, size);
    hp_store_bind_bytes(statement, at, bytes);
}

static bool begin(HpStore *store, GError **error)
{
    if (store->is_read_only) {
        g_set_error(error, HP_ERROR, HP_ERROR_IO, _("%s: lies where it cannot be written"),
                    store->path);
        return false;
    }
    if (!store->is_in_wal) {
        if (!hp_store_run(store, "PRAGMA journal_mode = WAL", error))
            return false;
        store->is_in_wal = true;
    }
    return hp_store_run(store, "BEGIN IMMEDIATE", error);
}

static bool end(HpStore *store, bool is_good, GError **error)
{
    if (is_good && hp_store_run(store, "COMMIT", error))
        return true;
    // The base may be a row that is not there now.
    store->base = 0;
    sqlite3_exec(store->db, "ROLLBACK", NULL, NULL, NULL);
    return false;
}

static bool put_facts(HpStore *store, const HpStoreFacts *facts, GError **error)
{
    g_autoptr(GBytes) grid = facts->has_grid ? hp_pack_grid(&facts->grid) : g_bytes_new("", 0);
    g_autofree char *sum = hp_store_sum_facts(facts, grid);
    g_autoptr(Statement) statement =
        hp_store_prepare(store, "INSERT OR REPLACE INTO facts VALUES (1, ?, ?, ?, ?, ?, ?)");
    if (statement == NULL)
        return hp_store_fail(store, error);
    hp_store_bind_text(statement, 1, facts->version);
    sqlite3_bind_blob64(statement, 2, facts->path, facts->path != NULL ? strlen(facts->path) : 0,
                        SQLITE_TRANSIENT);
    hp_store_bind_text(statement, 3, facts->series);
    hp_store_bind_text(statement, 4, facts->checksum);
    hp_store_bind_bytes(statement, 5, grid);
    hp_store_bind_text(statement, 6, sum);
    return hp_store_finish(store, statement, error);
}

static bool show_step(HpStore *store, gint64 id, GError **error)
{
    g_autofree char *sum = hp_store_sum_step(id, "", 0, "");
    g_autoptr(Statement) statement =
        hp_store_prepare(store, "INSERT OR REPLACE INTO shown VALUES (1, ?, ?)");
    if (statement == NULL)
        return hp_store_fail(store, error);
    sqlite3_bind_int64(statement, 1, id);
    hp_store_bind_text(statement, 2, sum);
    return hp_store_finish(store, statement, error);
}

static bool put_ml(HpStore *store, gint64 id, double ml, GError **error)
{
    g_autofree char *sum = hp_store_sum_ml(id, ml);
    g_autoptr(Statement) statement =
        hp_store_prepare(store, "INSERT OR REPLACE INTO measure VALUES (?, ?, ?)");
    if (statement == NULL)
        return hp_store_fail(store, error);
    sqlite3_bind_int64(statement, 1, id);
    sqlite3_bind_double(statement, 2, ml);
    hp_store_bind_text(statement, 3, sum);
    return hp_store_finish(store, statement, error);
}

// How many first and last bytes two texts share, without meeting.
static void compare_texts(const char *text, const char *base, size_t *head, size_t *tail)
{
    const size_t length = strlen(text), least = MIN(length, strlen(base));
    *head = *tail = 0;
    while (*head < least && text[*head] == base[*head])
        ++*head;
    const char *text_end = text + length, *base_end = base + strlen(base);
    while (*tail < least - *head &&
           text_end[-1 - (ptrdiff_t)*tail] == base_end[-1 - (ptrdiff_t)*tail])
        ++*tail;
}

static bool put_step(HpStore *store, const HpStoreStep *step, GError **error)
{
    static const char *const drops[] = {"DELETE FROM step WHERE id >= ?",
                                        "DELETE FROM measure WHERE step >= ?"};
    for (size_t at = 0; at < G_N_ELEMENTS(drops); at++) {
        g_autoptr(Statement) drop = hp_store_prepare(store, drops[at]);
        sqlite3_bind_int64(drop, 1, step->id);
        if (!hp_store_finish(store, drop, error))
            return false;
    }
    const size_t length = strlen(step->text);
    size_t head = 0, tail = 0;
    if (store->base > 0 && store->base < step->id)
        compare_texts(step->text, store->base_text, &head, &tail);
    const bool is_base = 2 * (head + tail) < length || store->base >= step->id || store->base == 0;
    if (is_base)
        head = tail = 0;

    g_autofree char *sum = hp_store_sum_step(step->id, step->name, step->time_us, step->text);
    g_autoptr(Statement) statement =
        hp_store_prepare(store, "INSERT INTO step VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
    if (statement == NULL)
        return hp_store_fail(store, error);
    sqlite3_bind_int64(statement, 1, step->id);
    hp_store_bind_text(statement, 2, step->name);
    sqlite3_bind_int64(statement, 3, step->time_us);
    hp_store_bind_text(statement, 4, sum);
    if (!is_base)
        sqlite3_bind_int64(statement, 5, store->base);
    sqlite3_bind_int64(statement, 6, (gint64)head);
    sqlite3_bind_int64(statement, 7, (gint64)tail);
    bind_deflated(statement, 8, step->text + head, length - head - tail);
    if (!hp_store_finish(store, statement, error))
        return false;
    if (is_base) {
        store->base = step->id;
        g_free(store->base_text);
        store->base_text = g_strdup(step->text);
    }
    return (isnan(step->ml) || put_ml(store, step->id, step->ml, error)) &&
           show_step(store, step->id, error);
}

typedef struct {
    HpStore *store;
    Statement *insert;
    GHashTable *used; // hashes as GBytes
} Packing;

static bool put_brick_cb(const uint8_t *hash, const uint8_t *labels, void *data, GError **error)
{
    Packing *packing = data;
    GBytes *name = g_bytes_new(hash, HP_BRICK_HASH);
    if (!g_hash_table_add(packing->used, name))
        return true;
    sqlite3_reset(packing->insert);
    hp_store_bind_bytes(packing->insert, 1, name);
    g_autoptr(Statement) find =
        hp_store_prepare(packing->store, "SELECT 1 FROM brick WHERE hash = ?");
    hp_store_bind_bytes(find, 1, name);
    if (sqlite3_step(find) == SQLITE_ROW) // an unchanged brick costs nothing
        return true;
    bind_deflated(packing->insert, 2, labels, HP_BRICK_BYTES);
    return hp_store_finish(packing->store, packing->insert, error);
}

// Drops bricks that are not in `used`.
static bool drop_bricks(HpStore *store, GHashTable *used, GError **error)
{
    g_autoptr(GPtrArray) old = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
    g_autoptr(Statement) list = hp_store_prepare(store, "SELECT hash FROM brick");
    int code = SQLITE_ERROR;
    while (list != NULL && (code = sqlite3_step(list)) == SQLITE_ROW) {
        g_autoptr(GBytes) hash = hp_store_dup_bytes(list, 0);
        if (used == NULL || !g_hash_table_contains(used, hash))
            g_ptr_array_add(old, g_bytes_ref(hash));
    }
    if (code != SQLITE_DONE)
        return hp_store_fail(store, error);
    for (guint at = 0; at < old->len; at++) {
        g_autoptr(Statement) drop = hp_store_prepare(store, "DELETE FROM brick WHERE hash = ?");
        hp_store_bind_bytes(drop, 1, old->pdata[at]);
        if (!hp_store_finish(store, drop, error))
            return false;
    }
    return true;
}

static bool put_result(HpStore *store, const HpStoreResult *result, GError **error)
{
    if (result == NULL)
        return hp_store_run(store, "DELETE FROM result", error) && drop_bricks(store, NULL, error);
    g_autoptr(GHashTable) used =
        g_hash_table_new_full(g_bytes_hash, g_bytes_equal, (GDestroyNotify)g_bytes_unref, NULL);
    g_autoptr(Statement) insert = hp_store_prepare(store, "INSERT INTO brick VALUES (?, ?)");
    Packing packing = {store, insert, used};
    g_autoptr(GBytes) bricks =
        insert != NULL ? hp_bricks_pack(result->mask, put_brick_cb, &packing, error) : NULL;
    if (bricks == NULL)
        return insert != NULL ? false : hp_store_fail(store, error);
    g_autoptr(GBytes) grid = hp_pack_grid(hp_mask_get_grid(result->mask));
    g_autoptr(GBytes) contours = hp_pack_contours(result->contours);
    g_autofree char *sum = hp_store_sum_result(result->plan, result->numbers, grid, bricks);
    g_autofree char *contours_sum = g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, contours);
    g_autoptr(Statement) statement =
        hp_store_prepare(store, "INSERT OR REPLACE INTO result VALUES (1, ?, ?, ?, ?, ?, ?, ?)");
    if (statement == NULL)
        return hp_store_fail(store, error);
    gsize size;
    const void *data = g_bytes_get_data(contours, &size);
    bind_deflated(statement, 1, result->plan, strlen(result->plan));
    bind_deflated(statement, 2, result->numbers, strlen(result->numbers));
    hp_store_bind_bytes(statement, 3, grid);
    hp_store_bind_bytes(statement, 4, bricks);
    hp_store_bind_text(statement, 5, sum);
    bind_deflated(statement, 6, data, size);
    hp_store_bind_text(statement, 7, contours_sum);
    return hp_store_finish(store, statement, error) && drop_bricks(store, used, error);
}

bool hp_store_put_facts(HpStore *store, const HpStoreFacts *facts, GError **error)
{
    return begin(store, error) && end(store, put_facts(store, facts, error), error);
}

bool hp_store_put_step(HpStore *store, const HpStoreStep *step, GError **error)
{
    return begin(store, error) && end(store, put_step(store, step, error), error);
}

bool hp_store_put_ml(HpStore *store, gint64 id, double ml, GError **error)
{
    return begin(store, error) && end(store, put_ml(store, id, ml, error), error);
}

bool hp_store_show_step(HpStore *store, gint64 id, GError **error)
{
    return begin(store, error) && end(store, show_step(store, id, error), error);
}

bool hp_store_put_result(HpStore *store, const HpStoreResult *result, GError **error)
{
    return begin(store, error) && end(store, put_result(store, result, error), error);
}

static bool put_all(HpStore *store, const HpStoreContents *contents, GError **error)
{
    store->base = 0;
    if (!hp_store_run(store, "DELETE FROM step; DELETE FROM measure", error) ||
        !put_facts(store, &contents->facts, error))
        return false;
    for (guint at = 0; at < contents->steps->len; at++)
        if (!put_step(store, contents->steps->pdata[at], error))
            return false;
    if (contents->current >= 0) {
        const HpStoreStep *shown = contents->steps->pdata[contents->current];
        if (!show_step(store, shown->id, error))
            return false;
    }
    return put_result(store, contents->result, error);
}

bool hp_store_put_all(HpStore *store, const HpStoreContents *contents, GError **error)
{
    return begin(store, error) && end(store, put_all(store, contents, error), error);
}
