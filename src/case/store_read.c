// SPDX-License-Identifier: Apache-2.0
// Reads what a case holds, row by row: what does not add up is told and left out.
#include "case/store_inside.h"

#include "case/bricks.h"
#include "case/pack.h"

#include <math.h>
#include <string.h>

G_GNUC_PRINTF(2, 3)
static void lose(HpStoreContents *contents, const char *format, ...)
{
    va_list values;
    va_start(values, format);
    g_ptr_array_add(contents->lost, g_strdup_vprintf(format, values));
    va_end(values);
}

static void read_facts(HpStore *store, HpStoreContents *contents)
{
    g_autoptr(Statement) row =
        hp_store_prepare(store, "SELECT version, path, series, checksum, grid, sum FROM facts");
    const int code = row != NULL ? sqlite3_step(row) : SQLITE_CORRUPT;
    if (code == SQLITE_DONE)
        return;
    HpStoreFacts facts = {0};
    g_autofree char *sum = NULL;
    g_autofree char *kept = NULL;
    if (code == SQLITE_ROW) {
        g_autoptr(GBytes) path = hp_store_dup_bytes(row, 1);
        g_autoptr(GBytes) grid = hp_store_dup_bytes(row, 4);
        gsize size;
        const char *data = g_bytes_get_data(path, &size);
        facts = (HpStoreFacts){.version = hp_store_dup_text(row, 0),
                               .path = size > 0 ? g_strndup(data, size) : NULL,
                               .series = hp_store_dup_text(row, 2),
                               .checksum = hp_store_dup_text(row, 3)};
        facts.has_grid = hp_unpack_grid(grid, &facts.grid);
        sum = hp_store_sum_facts(&facts, grid);
        kept = hp_store_dup_text(row, 5);
    }
    if (sum != NULL && g_strcmp0(sum, kept) == 0) {
        contents->facts = facts;
        return;
    }
    hp_store_facts_clear(&facts);
    lose(contents, "where the images lie");
}

// The whole text of a row of `step`; NULL if it is damaged. `bases` holds texts by id.
static char *read_text(Statement *row, GHashTable *bases)
{
    g_autoptr(GBytes) middle = hp_store_inflate(row, 7, HP_STORE_MAX_TEXT);
    const gint64 base = sqlite3_column_int64(row, 4);
    const gint64 head = sqlite3_column_int64(row, 5), tail = sqlite3_column_int64(row, 6);
    const char *of_base = base != 0 ? g_hash_table_lookup(bases, &base) : "";
    if (middle == NULL || of_base == NULL)
        return NULL;
    const gint64 length = (gint64)strlen(of_base);
    if (head < 0 || tail < 0 || head > length || tail > length - head)
        return NULL;
    gsize size;
    const char *data = g_bytes_get_data(middle, &size);
    g_autoptr(GString) text = g_string_new_len(of_base, head);
    g_string_append_len(text, data, (gssize)size);
    g_string_append(text, of_base + length - tail);
    const bool is_text = strlen(text->str) == text->len && g_utf8_validate(text->str, -1, NULL);
    return is_text ? g_string_free(g_steal_pointer(&text), FALSE) : NULL;
}

// A row of `step`; NULL if it is damaged.
static HpStoreStep *read_step(Statement *row, GHashTable *bases)
{
    const gint64 id = sqlite3_column_int64(row, 0), time_us = sqlite3_column_int64(row, 2);
    g_autofree char *name = hp_store_dup_text(row, 1);
    g_autofree char *text = read_text(row, bases);
    if (text == NULL || name == NULL || id < 1)
        return NULL;
    g_autofree char *sum = hp_store_sum_step(id, name, time_us, text);
    if (g_strcmp0(sum, (const char *)sqlite3_column_text(row, 3)) != 0)
        return NULL;
    if (sqlite3_column_int64(row, 4) == 0)
        g_hash_table_insert(bases, g_memdup2(&id, sizeof id), g_strdup(text));
    HpStoreStep *step = g_new(HpStoreStep, 1);
    *step = (HpStoreStep){id, time_us, g_steal_pointer(&name), g_steal_pointer(&text), NAN};
    return step;
}

static void read_steps(HpStore *store, HpStoreContents *contents)
{
    g_autoptr(GHashTable) bases =
        g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, g_free);
    g_autoptr(Statement) row = hp_store_prepare(
        store, "SELECT id, name, time, sum, base, head, tail, data FROM step ORDER BY id");
    int code = SQLITE_CORRUPT;
    while (row != NULL && (code = sqlite3_step(row)) == SQLITE_ROW) {
        HpStoreStep *step = read_step(row, bases);
        if (step != NULL)
            g_ptr_array_add(contents->steps, step);
        else
            lose(contents, "step %d", sqlite3_column_int(row, 0));
    }
    if (code != SQLITE_DONE)
        lose(contents, "steps after the %uth", contents->steps->len);
}

static void read_measures(HpStore *store, HpStoreContents *contents)
{
    g_autoptr(Statement) row =
        hp_store_prepare(store, "SELECT step, ml, sum FROM measure ORDER BY step");
    int code = SQLITE_CORRUPT;
    guint at = 0;
    while (row != NULL && (code = sqlite3_step(row)) == SQLITE_ROW) {
        const gint64 id = sqlite3_column_int64(row, 0);
        const double ml = sqlite3_column_double(row, 1);
        g_autofree char *sum = hp_store_sum_ml(id, ml);
        if (g_strcmp0(sum, (const char *)sqlite3_column_text(row, 2)) != 0) {
            lose(contents, "millilitres of step %d", (int)id);
            continue;
        }
        while (at < contents->steps->len && ((HpStoreStep *)contents->steps->pdata[at])->id < id)
            at++;
        if (at < contents->steps->len && ((HpStoreStep *)contents->steps->pdata[at])->id == id)
            ((HpStoreStep *)contents->steps->pdata[at])->ml = ml;
    }
    if (code != SQLITE_DONE)
        lose(contents, "millilitres of some steps");
}

// The step that is shown, or the last one before it that is left.
static void read_shown(HpStore *store, HpStoreContents *contents)
{
    gint64 shown = G_MAXINT64;
    g_autoptr(Statement) row = hp_store_prepare(store, "SELECT step, sum FROM shown");
    const int code = row != NULL ? sqlite3_step(row) : SQLITE_CORRUPT;
    if (code == SQLITE_ROW) {
        shown = sqlite3_column_int64(row, 0);
        g_autofree char *sum = hp_store_sum_step(shown, "", 0, "");
        if (g_strcmp0(sum, (const char *)sqlite3_column_text(row, 1)) != 0)
            shown = G_MAXINT64;
    }
    if (shown == G_MAXINT64 && contents->steps->len > 0)
        lose(contents, "which step was shown");
    for (guint at = 0; at < contents->steps->len; at++)
        if (((HpStoreStep *)contents->steps->pdata[at])->id <= shown)
            contents->current = (int)at;
    if (contents->current < 0 && contents->steps->len > 0)
        contents->current = 0;
}

static bool get_brick_cb(const uint8_t *hash, uint8_t *labels, void *data)
{
    Statement *find = data;
    sqlite3_reset(find);
    sqlite3_bind_blob(find, 1, hash, HP_BRICK_HASH, SQLITE_TRANSIENT);
    if (sqlite3_step(find) != SQLITE_ROW)
        return false;
    g_autoptr(GBytes) bytes = hp_store_inflate(find, 0, HP_BRICK_BYTES);
    if (bytes == NULL || g_bytes_get_size(bytes) != HP_BRICK_BYTES)
        return false;
    memcpy(labels, g_bytes_get_data(bytes, NULL), HP_BRICK_BYTES);
    return true;
}

// The result of a row; NULL if it is damaged.
static HpStoreResult *read_row(HpStore *store, Statement *row, HpStoreContents *contents)
{
    g_autoptr(HpStoreResult) result = hp_store_result_new();
    result->plan = hp_store_inflate_text(row, 0);
    result->numbers = hp_store_inflate_text(row, 1);
    g_autoptr(GBytes) grid_bytes = hp_store_dup_bytes(row, 2);
    g_autoptr(GBytes) bricks = hp_store_dup_bytes(row, 3);
    HpGrid grid;
    if (result->plan == NULL || result->numbers == NULL || !hp_unpack_grid(grid_bytes, &grid))
        return NULL;
    g_autofree char *sum = hp_store_sum_result(result->plan, result->numbers, grid_bytes, bricks);
    if (g_strcmp0(sum, (const char *)sqlite3_column_text(row, 4)) != 0)
        return NULL;
    int lost = 0;
    g_autoptr(Statement) find = hp_store_prepare(store, "SELECT data FROM brick WHERE hash = ?");
    result->mask =
        find != NULL ? hp_bricks_unpack(&grid, bricks, get_brick_cb, find, &lost, NULL) : NULL;
    if (result->mask == NULL)
        return NULL;
    // A mask with holes would have a volume, and it would be wrong.
    if (lost > 0) {
        lose(contents, "%d blocks of the mask", lost);
        return NULL;
    }
    g_autoptr(GBytes) packed = hp_store_inflate(row, 5, HP_STORE_MAX_VALUE);
    g_autofree char *contours_sum =
        packed != NULL ? g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, packed) : NULL;
    if (g_strcmp0(contours_sum, (const char *)sqlite3_column_text(row, 6)) == 0)
        result->contours = hp_unpack_contours(packed);
    if (result->contours == NULL) {
        lose(contents, "the planar contours");
        result->contours = hp_contours_new();
    }
    return g_steal_pointer(&result);
}

static void read_result(HpStore *store, HpStoreContents *contents)
{
    g_autoptr(Statement) row =
        hp_store_prepare(store, "SELECT plan, numbers, grid, bricks, sum, contours,"
                                " contours_sum FROM result");
    const int code = row != NULL ? sqlite3_step(row) : SQLITE_CORRUPT;
    if (code == SQLITE_ROW)
        contents->result = read_row(store, row, contents);
    if (code != SQLITE_DONE && contents->result == NULL)
        lose(contents, "the mask and its numbers");
}

HpStoreContents *hp_store_read(HpStore *store)
{
    HpStoreContents *contents = hp_store_contents_new();
    g_autofree char *journal = g_strconcat(store->path, "-wal", NULL);
    if (store->is_read_only && g_file_test(journal, G_FILE_TEST_EXISTS))
        lose(contents, "the last steps, whose journal cannot be read where the case lies");
    read_facts(store, contents);
    read_steps(store, contents);
    read_measures(store, contents);
    read_shown(store, contents);
    read_result(store, contents);
    return contents;
}

HpStoreSummary hp_store_summarise(HpStore *store)
{
    HpStoreSummary summary = {0};
    g_autoptr(HpStoreContents) contents = hp_store_contents_new();
    read_facts(store, contents);
    summary.images = g_steal_pointer(&contents->facts.path);
    g_autoptr(Statement) steps = hp_store_prepare(store, "SELECT count(*), max(time) FROM step");
    if (steps != NULL && sqlite3_step(steps) == SQLITE_ROW) {
        summary.steps = MAX(0, sqlite3_column_int(steps, 0) - 1);
        summary.time_us = sqlite3_column_int64(steps, 1);
    }
    g_autoptr(Statement) result = hp_store_prepare(store, "SELECT numbers FROM result");
    if (result != NULL && sqlite3_step(result) == SQLITE_ROW)
        summary.numbers = hp_store_inflate_text(result, 0);
    return summary;
}

void hp_store_summary_clear(HpStoreSummary *summary)
{
    g_free(summary->images);
    g_free(summary->numbers);
    *summary = (HpStoreSummary){0};
}
