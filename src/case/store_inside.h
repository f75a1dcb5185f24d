// SPDX-License-Identifier: Apache-2.0
// What the files of the store share: its inside, and how they talk to SQLite. Nobody else includes it.
#pragma once

#include "case/store.h"

#include <sqlite3.h>

G_BEGIN_DECLS

#define HP_STORE_MAX_TEXT (64u << 20)  // bytes of a plan: as of a params file
#define HP_STORE_MAX_VALUE (256 << 20) // bytes of anything in a row

struct HpStore {
    sqlite3 *db;
    char *path;
    bool is_read_only, is_in_wal;
    gint64 base; // the step whose text later ones are told apart from; 0: none
    char *base_text;
};

typedef sqlite3_stmt Statement;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Statement, sqlite3_finalize)

// Translates SQLite's last word; false.
bool hp_store_fail(const HpStore *store, GError **error);
bool hp_store_run(HpStore *store, const char *sql, GError **error);
Statement *hp_store_prepare(HpStore *store, const char *sql); // NULL: it cannot be
bool hp_store_ask(HpStore *store, const char *sql, gint64 *number, GError **error); // one number
// A statement that gives no row; it may be NULL, which is a failure.
bool hp_store_finish(HpStore *store, Statement *statement, GError **error);

void hp_store_bind_text(Statement *statement, int at, const char *text);
void hp_store_bind_bytes(Statement *statement, int at, GBytes *bytes);
char *hp_store_dup_text(Statement *statement, int column);
GBytes *hp_store_dup_bytes(Statement *statement, int column);
// NULL where the bytes were not deflated, give more than `most`, or are no text.
GBytes *hp_store_inflate(Statement *statement, int column, size_t most);
char *hp_store_inflate_text(Statement *statement, int column);

// The sums of rows, in hexadecimal; g_free().
char *hp_store_sum_facts(const HpStoreFacts *facts, GBytes *grid);
char *hp_store_sum_step(gint64 id, const char *name, gint64 time_us, const char *text);
char *hp_store_sum_ml(gint64 id, double ml);
char *hp_store_sum_result(const char *plan, const char *numbers, GBytes *grid, GBytes *bricks);

G_END_DECLS
