// SPDX-License-Identifier: Apache-2.0
// A case as a file: an SQLite database of what was done, and of what came of it.
#include "case/store.h"

#include "case/bricks.h"
#include "case/pack.h"
#include "core/error.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <math.h>
#include <sqlite3.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define APPLICATION 0x48704361 // "HpCa"
#define MAX_TEXT (64u << 20)   // bytes of a plan: as of a params file
#define MAX_VALUE (256 << 20)  // bytes of anything in a row

// A step's text is kept as what differs from an earlier one, its base, of which it takes the first
// `head` and the last `tail` bytes: a slider moved a hundred times does not keep the seeds a hundred
// times. A base is whole, so that no more than one other row is needed to read a step.
static const char schema[] =
    "CREATE TABLE facts (id INTEGER PRIMARY KEY CHECK (id = 1), version TEXT, path BLOB, series "
    "TEXT,"
    " checksum TEXT, grid BLOB, sum TEXT NOT NULL);"
    "CREATE TABLE step (id INTEGER PRIMARY KEY, name TEXT NOT NULL, time INTEGER NOT NULL,"
    " sum TEXT NOT NULL, base INTEGER, head INTEGER NOT NULL, tail INTEGER NOT NULL,"
    " data BLOB NOT NULL);"
    "CREATE TABLE shown (id INTEGER PRIMARY KEY CHECK (id = 1), step INTEGER NOT NULL,"
    " sum TEXT NOT NULL);"
    "CREATE TABLE measure (step INTEGER PRIMARY KEY, ml REAL NOT NULL, sum TEXT NOT NULL);"
    "CREATE TABLE brick (hash BLOB PRIMARY KEY, data BLOB NOT NULL);"
    "CREATE TABLE result (id INTEGER PRIMARY KEY CHECK (id = 1), plan BLOB NOT NULL,"
    " numbers BLOB NOT NULL, grid BLOB NOT NULL, bricks BLOB NOT NULL, sum TEXT NOT NULL,"
    " contours BLOB NOT NULL, contours_sum TEXT NOT NULL);";

struct HpStore {
    sqlite3 *db;
    char *path;
    bool is_read_only, is_in_wal;
    gint64 base; // the step whose text later ones are told apart from; 0: none
    char *base_text;
};

typedef sqlite3_stmt Statement;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Statement, sqlite3_finalize)

// --- values

HpStoreFacts hp_store_facts_copy(const HpStoreFacts *facts)
{
    HpStoreFacts copy = *facts;
    copy.version = g_strdup(facts->version);
    copy.path = g_strdup(facts->path);
    copy.series = g_strdup(facts->series);
    copy.checksum = g_strdup(facts->checksum);
    return copy;
}

void hp_store_facts_clear(HpStoreFacts *facts)
{
    g_free(facts->version);
    g_free(facts->path);
    g_free(facts->series);
    g_free(facts->checksum);
    *facts = (HpStoreFacts){0};
}

HpStoreStep *hp_store_step_new(gint64 id, const char *name, const char *text)
{
    HpStoreStep *step = g_new(HpStoreStep, 1);
    *step = (HpStoreStep){id, g_get_real_time(), g_strdup(name), g_strdup(text), NAN};
    return step;
}

void hp_store_step_free(HpStoreStep *step)
{
    if (step == NULL)
        return;
    g_free(step->name);
    g_free(step->text);
    g_free(step);
}

HpStoreResult *hp_store_result_new(void)
{
    return g_new0(HpStoreResult, 1);
}

HpStoreResult *hp_store_result_copy(const HpStoreResult *result)
{
    HpStoreResult *copy = hp_store_result_new();
    *copy = (HpStoreResult){g_strdup(result->plan), g_strdup(result->numbers),
                            hp_mask_ref(result->mask), g_ptr_array_ref(result->contours)};
    return copy;
}

void hp_store_result_free(HpStoreResult *result)
{
    if (result == NULL)
        return;
    g_free(result->plan);
    g_free(result->numbers);
    hp_mask_unref(result->mask);
    if (result->contours != NULL)
        g_ptr_array_unref(result->contours);
    g_free(result);
}

HpStoreContents *hp_store_contents_new(void)
{
    HpStoreContents *contents = g_new0(HpStoreContents, 1);
    contents->steps = g_ptr_array_new_with_free_func((GDestroyNotify)hp_store_step_free);
    contents->current = -1;
    contents->lost = g_ptr_array_new_with_free_func(g_free);
    return contents;
}

void hp_store_contents_free(HpStoreContents *contents)
{
    if (contents == NULL)
        return;
    hp_store_facts_clear(&contents->facts);
    g_ptr_array_unref(contents->steps);
    hp_store_result_free(contents->result);
    g_ptr_array_unref(contents->lost);
    g_free(contents);
}

// --- talking to SQLite

static const char elsewhere[] = "the case is open in another window or program";

bool hp_store_is_open_elsewhere(const GError *error)
{
    return g_error_matches(error, HP_ERROR, HP_ERROR_UNSUPPORTED) &&
           g_str_has_suffix(error->message, elsewhere);
}

// Translates SQLite's last word.
static bool fail(const HpStore *store, GError **error)
{
    const char *path = store->path, *words = sqlite3_errmsg(store->db);
    const int code = sqlite3_errcode(store->db) & 0xff, system = sqlite3_system_errno(store->db);
    if (code == SQLITE_BUSY || code == SQLITE_LOCKED)
        g_set_error(error, HP_ERROR, HP_ERROR_UNSUPPORTED, "%s: %s", path, elsewhere);
    else if (code == SQLITE_NOTADB)
        g_set_error(error, HP_ERROR, HP_ERROR_BAD_FILE, "%s: is no Hepatica case", path);
    else if (code == SQLITE_CORRUPT || code == SQLITE_ERROR || code == SQLITE_SCHEMA)
        g_set_error(error, HP_ERROR, HP_ERROR_BAD_FILE, "%s: is damaged: %s", path, words);
    else if (code == SQLITE_FULL)
        g_set_error(error, HP_ERROR, HP_ERROR_IO, "%s: cannot be written: the disk is full", path);
    else if (code == SQLITE_NOMEM || code == SQLITE_TOOBIG)
        g_set_error(error, HP_ERROR, HP_ERROR_NO_MEMORY, "%s: %s", path, words);
    else
        g_set_error(error, HP_ERROR, HP_ERROR_IO, "%s: cannot be read or written: %s", path,
                    code == SQLITE_IOERR && system != 0 ? g_strerror(system) : words);
    return false;
}

static bool run(HpStore *store, const char *sql, GError **error)
{
    return sqlite3_exec(store->db, sql, NULL, NULL, NULL) == SQLITE_OK || fail(store, error);
}

static Statement *prepare(HpStore *store, const char *sql)
{
    Statement *statement = NULL;
    sqlite3_prepare_v2(store->db, sql, -1, &statement, NULL);
    return statement;
}

// The one number a statement gives.
static bool ask(HpStore *store, const char *sql, gint64 *number, GError **error)
{
    g_autoptr(Statement) statement = prepare(store, sql);
    if (statement == NULL || sqlite3_step(statement) != SQLITE_ROW)
        return fail(store, error);
    *number = sqlite3_column_int64(statement, 0);
    return true;
}

static void bind_text(Statement *statement, int at, const char *text)
{
    sqlite3_bind_text(statement, at, text, -1, SQLITE_TRANSIENT);
}

static void bind_bytes(Statement *statement, int at, GBytes *bytes)
{
    gsize size;
    const void *data = g_bytes_get_data(bytes, &size);
    sqlite3_bind_blob64(statement, at, size > 0 ? data : "", size, SQLITE_TRANSIENT);
}

// Deflates and binds.
static void bind_deflated(Statement *statement, int at, const void *data, size_t size)
{
    g_autoptr(GBytes) bytes = hp_pack_deflate(data, size);
    bind_bytes(statement, at, bytes);
}

static char *dup_text(Statement *statement, int column)
{
    return g_strdup((const char *)sqlite3_column_text(statement, column));
}

static GBytes *dup_bytes(Statement *statement, int column)
{
    const void *data = sqlite3_column_blob(statement, column);
    return g_bytes_new(data, (gsize)sqlite3_column_bytes(statement, column));
}

static GBytes *inflate(Statement *statement, int column, size_t most)
{
    const void *data = sqlite3_column_blob(statement, column);
    return data == NULL
               ? NULL
               : hp_pack_inflate(data, (size_t)sqlite3_column_bytes(statement, column), most);
}

// The same as text; NULL if it is none.
static char *inflate_text(Statement *statement, int column)
{
    g_autoptr(GBytes) bytes = inflate(statement, column, MAX_TEXT);
    if (bytes == NULL)
        return NULL;
    gsize size;
    const char *data = g_bytes_get_data(bytes, &size);
    return g_utf8_validate(data, (gssize)size, NULL) ? g_strndup(data, size) : NULL;
}

static bool finish(HpStore *store, Statement *statement, GError **error)
{
    return (statement != NULL && sqlite3_step(statement) == SQLITE_DONE) || fail(store, error);
}

// --- opening and closing

// A file that a stranger made may not run anything of its own.
static void be_careful(sqlite3 *db)
{
    sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
    sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_VIEW, 0, NULL);
    sqlite3_limit(db, SQLITE_LIMIT_LENGTH, MAX_VALUE);
    sqlite3_exec(db,
                 "PRAGMA cell_size_check = ON; PRAGMA mmap_size = 0; PRAGMA temp_store = MEMORY;"
                 "PRAGMA locking_mode = EXCLUSIVE; PRAGMA synchronous = NORMAL;",
                 NULL, NULL, NULL);
}

static HpStore *connect(const char *path, const char *name, int flags, GError **error)
{
    g_autoptr(HpStore) store = g_new0(HpStore, 1);
    store->path = g_strdup(path);
    const int code = sqlite3_open_v2(name, &store->db, flags | SQLITE_OPEN_EXRESCODE, NULL);
    if (store->db == NULL) {
        g_set_error(error, HP_ERROR, HP_ERROR_NO_MEMORY, "%s: no memory to open it", path);
        return NULL;
    }
    be_careful(store->db);
    if (code != SQLITE_OK) {
        fail(store, error);
        return NULL;
    }
    return g_steal_pointer(&store);
}

HpStore *hp_store_create(const char *path, GError **error)
{
    const int fd = g_open(path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0666);
    if (fd < 0) {
        g_set_error(error, HP_ERROR, HP_ERROR_IO, "%s: cannot be made: %s", path,
                    g_strerror(errno));
        return NULL;
    }
    close(fd);
    g_autoptr(HpStore) store = connect(path, path, SQLITE_OPEN_READWRITE, error);
    g_autofree char *stamp =
        g_strdup_printf("PRAGMA application_id = %d; PRAGMA user_version = %d;"
                        "PRAGMA journal_mode = WAL; BEGIN EXCLUSIVE; %s COMMIT;",
                        APPLICATION, HP_STORE_FORMAT, schema);
    if (store == NULL || !run(store, stamp, error)) {
        g_clear_pointer(&store, hp_store_free);
        g_unlink(path);
        return NULL;
    }
    store->is_in_wal = true;
    return g_steal_pointer(&store);
}

// Whether there is a file at all that could be a case.
static bool check_file(const char *path, GError **error)
{
    struct stat info;
    const char *fact = NULL;
    if (stat(path, &info) != 0) {
        g_set_error(error, HP_ERROR, HP_ERROR_IO, "%s: cannot be opened: %s", path,
                    g_strerror(errno));
        return false;
    }
    if (S_ISDIR(info.st_mode))
        fact = "is a folder, expected a case file";
    else if (!S_ISREG(info.st_mode))
        fact = "is no plain file";
    else if (info.st_size == 0)
        fact = "is empty";
    if (fact != NULL)
        g_set_error(error, HP_ERROR, HP_ERROR_BAD_FILE, "%s: %s", path, fact);
    return fact == NULL;
}

static bool check_kind(HpStore *store, GError **error)
{
    gint64 application = 0, format = 0;
    if (!ask(store, "PRAGMA application_id", &application, error) ||
        !ask(store, "PRAGMA user_version", &format, error))
        return false;
    if (application != APPLICATION) {
        g_set_error(error, HP_ERROR, HP_ERROR_UNSUPPORTED, "%s: is a database of another program",
                    store->path);
        return false;
    }
    if (format < 1 || format > HP_STORE_FORMAT) {
        g_set_error(error, HP_ERROR, HP_ERROR_UNSUPPORTED,
                    "%s: was written by a newer Hepatica (format %d; this one reads %d)",
                    store->path, (int)format, HP_STORE_FORMAT);
        return false;
    }
    return true;
}

// As it lies, without a lock or journal: where nothing can be written, nobody else writes either.
static HpStore *open_immutable(const char *path, GError **error)
{
    g_autofree char *escaped = g_uri_escape_string(path, "/", FALSE);
    g_autofree char *name = g_strdup_printf("file:%s?immutable=1", escaped);
    g_autoptr(HpStore) store = connect(path, name, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, error);
    if (store == NULL || !check_kind(store, error))
        return NULL;
    store->is_read_only = true;
    return g_steal_pointer(&store);
}

static bool is_kept_from_writing(const HpStore *store)
{
    const int code = sqlite3_errcode(store->db) & 0xff;
    return code == SQLITE_READONLY || code == SQLITE_CANTOPEN || code == SQLITE_PERM;
}

HpStore *hp_store_open(const char *path, GError **error)
{
    if (!check_file(path, error))
        return NULL;
    g_autofree char *folder = g_path_get_dirname(path);
    if (g_access(path, W_OK) != 0 || g_access(folder, W_OK) != 0) // no room for a journal
        return open_immutable(path, error);
    g_autoptr(HpStore) store = connect(path, path, SQLITE_OPEN_READWRITE, error);
    if (store == NULL)
        return NULL;
    // Nothing is written yet: a case that is only looked at stays as it is, byte by byte.
    if (sqlite3_exec(store->db, "BEGIN EXCLUSIVE; COMMIT", NULL, NULL, NULL) != SQLITE_OK) {
        if (is_kept_from_writing(store))
            return open_immutable(path, error);
        fail(store, error);
        return NULL;
    }
    g_autoptr(Statement) mode = prepare(store, "PRAGMA journal_mode");
    store->is_in_wal = mode != NULL && sqlite3_step(mode) == SQLITE_ROW &&
                       g_strcmp0((const char *)sqlite3_column_text(mode, 0), "wal") == 0;
    return check_kind(store, error) ? g_steal_pointer(&store) : NULL;
}

bool hp_store_close(HpStore *store, GError **error)
{
    if (store == NULL)
        return true;
    // Out of WAL a file can be read from a medium that cannot be written.
    const bool is_done = !store->is_in_wal || run(store, "PRAGMA journal_mode = DELETE", error);
    sqlite3_close_v2(store->db);
    g_free(store->base_text);
    g_free(store->path);
    g_free(store);
    return is_done;
}

void hp_store_free(HpStore *store)
{
    hp_store_close(store, NULL);
}

const char *hp_store_get_path(const HpStore *store)
{
    return store->path;
}

bool hp_store_is_read_only(const HpStore *store)
{
    return store->is_read_only;
}

// --- writing

static bool begin(HpStore *store, GError **error)
{
    if (store->is_read_only) {
        g_set_error(error, HP_ERROR, HP_ERROR_IO, "%s: lies where it cannot be written",
                    store->path);
        return false;
    }
    if (!store->is_in_wal) {
        if (!run(store, "PRAGMA journal_mode = WAL", error))
            return false;
        store->is_in_wal = true;
    }
    return run(store, "BEGIN IMMEDIATE", error);
}

static bool end(HpStore *store, bool is_good, GError **error)
{
    if (is_good && run(store, "COMMIT", error))
        return true;
    // The base may be a row that is not there now.
    store->base = 0;
    sqlite3_exec(store->db, "ROLLBACK", NULL, NULL, NULL);
    return false;
}

// What the sum of a row is over: texts and bytes with their lengths, so that none can run into the
// next.
static void add_to_sum(GChecksum *sum, const void *data, size_t size)
{
    g_autofree char *length = g_strdup_printf("%zu:", size);
    g_checksum_update(sum, (const guchar *)length, -1);
    g_checksum_update(sum, data != NULL ? data : "", (gssize)size);
}

static void add_bytes_to_sum(GChecksum *sum, GBytes *bytes)
{
    gsize size;
    const void *data = g_bytes_get_data(bytes, &size);
    add_to_sum(sum, data, size);
}

static char *sum_facts(const HpStoreFacts *facts, GBytes *grid)
{
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
    const char *texts[] = {facts->version, facts->path, facts->series, facts->checksum};
    for (size_t at = 0; at < G_N_ELEMENTS(texts); at++)
        add_to_sum(sum, texts[at], texts[at] != NULL ? strlen(texts[at]) : 0);
    add_bytes_to_sum(sum, grid);
    return g_strdup(g_checksum_get_string(sum));
}

static bool put_facts(HpStore *store, const HpStoreFacts *facts, GError **error)
{
    g_autoptr(GBytes) grid = facts->has_grid ? hp_pack_grid(&facts->grid) : g_bytes_new("", 0);
    g_autofree char *sum = sum_facts(facts, grid);
    g_autoptr(Statement) statement =
        prepare(store, "INSERT OR REPLACE INTO facts VALUES (1, ?, ?, ?, ?, ?, ?)");
    if (statement == NULL)
        return fail(store, error);
    bind_text(statement, 1, facts->version);
    sqlite3_bind_blob64(statement, 2, facts->path, facts->path != NULL ? strlen(facts->path) : 0,
                        SQLITE_TRANSIENT);
    bind_text(statement, 3, facts->series);
    bind_text(statement, 4, facts->checksum);
    bind_bytes(statement, 5, grid);
    bind_text(statement, 6, sum);
    return finish(store, statement, error);
}

// A step's number can be damaged as well as its text.
static char *sum_step(gint64 id, const char *name, gint64 time_us, const char *text)
{
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
    g_autofree char *head = g_strdup_printf("%" G_GINT64_FORMAT " %" G_GINT64_FORMAT, id, time_us);
    add_to_sum(sum, head, strlen(head));
    add_to_sum(sum, name, strlen(name));
    add_to_sum(sum, text, strlen(text));
    return g_strdup(g_checksum_get_string(sum));
}

static bool show_step(HpStore *store, gint64 id, GError **error)
{
    g_autofree char *sum = sum_step(id, "", 0, "");
    g_autoptr(Statement) statement =
        prepare(store, "INSERT OR REPLACE INTO shown VALUES (1, ?, ?)");
    if (statement == NULL)
        return fail(store, error);
    sqlite3_bind_int64(statement, 1, id);
    bind_text(statement, 2, sum);
    return finish(store, statement, error);
}

static char *sum_ml(gint64 id, double ml)
{
    char digits[G_ASCII_DTOSTR_BUF_SIZE];
    return sum_step(id, g_ascii_dtostr(digits, sizeof digits, ml), 0, "");
}

static bool put_ml(HpStore *store, gint64 id, double ml, GError **error)
{
    g_autofree char *sum = sum_ml(id, ml);
    g_autoptr(Statement) statement =
        prepare(store, "INSERT OR REPLACE INTO measure VALUES (?, ?, ?)");
    if (statement == NULL)
        return fail(store, error);
    sqlite3_bind_int64(statement, 1, id);
    sqlite3_bind_double(statement, 2, ml);
    bind_text(statement, 3, sum);
    return finish(store, statement, error);
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
        g_autoptr(Statement) drop = prepare(store, drops[at]);
        sqlite3_bind_int64(drop, 1, step->id);
        if (!finish(store, drop, error))
            return false;
    }
    const size_t length = strlen(step->text);
    size_t head = 0, tail = 0;
    if (store->base > 0 && store->base < step->id)
        compare_texts(step->text, store->base_text, &head, &tail);
    const bool is_base = 2 * (head + tail) < length || store->base >= step->id || store->base == 0;
    if (is_base)
        head = tail = 0;

    g_autofree char *sum = sum_step(step->id, step->name, step->time_us, step->text);
    g_autoptr(Statement) statement =
        prepare(store, "INSERT INTO step VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
    if (statement == NULL)
        return fail(store, error);
    sqlite3_bind_int64(statement, 1, step->id);
    bind_text(statement, 2, step->name);
    sqlite3_bind_int64(statement, 3, step->time_us);
    bind_text(statement, 4, sum);
    if (!is_base)
        sqlite3_bind_int64(statement, 5, store->base);
    sqlite3_bind_int64(statement, 6, (gint64)head);
    sqlite3_bind_int64(statement, 7, (gint64)tail);
    bind_deflated(statement, 8, step->text + head, length - head - tail);
    if (!finish(store, statement, error))
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
    bind_bytes(packing->insert, 1, name);
    g_autoptr(Statement) find = prepare(packing->store, "SELECT 1 FROM brick WHERE hash = ?");
    bind_bytes(find, 1, name);
    if (sqlite3_step(find) == SQLITE_ROW) // an unchanged brick costs nothing
        return true;
    bind_deflated(packing->insert, 2, labels, HP_BRICK_BYTES);
    return finish(packing->store, packing->insert, error);
}

// Drops bricks that are not in `used`.
static bool drop_bricks(HpStore *store, GHashTable *used, GError **error)
{
    g_autoptr(GPtrArray) old = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
    g_autoptr(Statement) list = prepare(store, "SELECT hash FROM brick");
    int code = SQLITE_ERROR;
    while (list != NULL && (code = sqlite3_step(list)) == SQLITE_ROW) {
        g_autoptr(GBytes) hash = dup_bytes(list, 0);
        if (used == NULL || !g_hash_table_contains(used, hash))
            g_ptr_array_add(old, g_bytes_ref(hash));
    }
    if (code != SQLITE_DONE)
        return fail(store, error);
    for (guint at = 0; at < old->len; at++) {
        g_autoptr(Statement) drop = prepare(store, "DELETE FROM brick WHERE hash = ?");
        bind_bytes(drop, 1, old->pdata[at]);
        if (!finish(store, drop, error))
            return false;
    }
    return true;
}

static char *sum_result(const char *plan, const char *numbers, GBytes *grid, GBytes *bricks)
{
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
    add_to_sum(sum, plan, strlen(plan));
    add_to_sum(sum, numbers, strlen(numbers));
    add_bytes_to_sum(sum, grid);
    add_bytes_to_sum(sum, bricks);
    return g_strdup(g_checksum_get_string(sum));
}

static bool put_result(HpStore *store, const HpStoreResult *result, GError **error)
{
    if (result == NULL)
        return run(store, "DELETE FROM result", error) && drop_bricks(store, NULL, error);
    g_autoptr(GHashTable) used =
        g_hash_table_new_full(g_bytes_hash, g_bytes_equal, (GDestroyNotify)g_bytes_unref, NULL);
    g_autoptr(Statement) insert = prepare(store, "INSERT INTO brick VALUES (?, ?)");
    Packing packing = {store, insert, used};
    g_autoptr(GBytes) bricks =
        insert != NULL ? hp_bricks_pack(result->mask, put_brick_cb, &packing, error) : NULL;
    if (bricks == NULL)
        return insert != NULL ? false : fail(store, error);
    g_autoptr(GBytes) grid = hp_pack_grid(hp_mask_get_grid(result->mask));
    g_autoptr(GBytes) contours = hp_pack_contours(result->contours);
    g_autofree char *sum = sum_result(result->plan, result->numbers, grid, bricks);
    g_autofree char *contours_sum = g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, contours);
    g_autoptr(Statement) statement =
        prepare(store, "INSERT OR REPLACE INTO result VALUES (1, ?, ?, ?, ?, ?, ?, ?)");
    if (statement == NULL)
        return fail(store, error);
    gsize size;
    const void *data = g_bytes_get_data(contours, &size);
    bind_deflated(statement, 1, result->plan, strlen(result->plan));
    bind_deflated(statement, 2, result->numbers, strlen(result->numbers));
    bind_bytes(statement, 3, grid);
    bind_bytes(statement, 4, bricks);
    bind_text(statement, 5, sum);
    bind_deflated(statement, 6, data, size);
    bind_text(statement, 7, contours_sum);
    return finish(store, statement, error) && drop_bricks(store, used, error);
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
    if (!run(store, "DELETE FROM step; DELETE FROM measure", error) ||
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

// --- reading

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
        prepare(store, "SELECT version, path, series, checksum, grid, sum FROM facts");
    const int code = row != NULL ? sqlite3_step(row) : SQLITE_CORRUPT;
    if (code == SQLITE_DONE)
        return;
    HpStoreFacts facts = {0};
    g_autofree char *sum = NULL;
    g_autofree char *kept = NULL;
    if (code == SQLITE_ROW) {
        g_autoptr(GBytes) path = dup_bytes(row, 1);
        g_autoptr(GBytes) grid = dup_bytes(row, 4);
        gsize size;
        const char *data = g_bytes_get_data(path, &size);
        facts = (HpStoreFacts){.version = dup_text(row, 0),
                               .path = size > 0 ? g_strndup(data, size) : NULL,
                               .series = dup_text(row, 2),
                               .checksum = dup_text(row, 3)};
        facts.has_grid = hp_unpack_grid(grid, &facts.grid);
        sum = sum_facts(&facts, grid);
        kept = dup_text(row, 5);
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
    g_autoptr(GBytes) middle = inflate(row, 7, MAX_TEXT);
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
    g_autofree char *name = dup_text(row, 1);
    g_autofree char *text = read_text(row, bases);
    if (text == NULL || name == NULL || id < 1)
        return NULL;
    g_autofree char *sum = sum_step(id, name, time_us, text);
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
    g_autoptr(Statement) row =
        prepare(store, "SELECT id, name, time, sum, base, head, tail, data FROM step ORDER BY id");
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
    g_autoptr(Statement) row = prepare(store, "SELECT step, ml, sum FROM measure ORDER BY step");
    int code = SQLITE_CORRUPT;
    guint at = 0;
    while (row != NULL && (code = sqlite3_step(row)) == SQLITE_ROW) {
        const gint64 id = sqlite3_column_int64(row, 0);
        const double ml = sqlite3_column_double(row, 1);
        g_autofree char *sum = sum_ml(id, ml);
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
    g_autoptr(Statement) row = prepare(store, "SELECT step, sum FROM shown");
    const int code = row != NULL ? sqlite3_step(row) : SQLITE_CORRUPT;
    if (code == SQLITE_ROW) {
        shown = sqlite3_column_int64(row, 0);
        g_autofree char *sum = sum_step(shown, "", 0, "");
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
    g_autoptr(GBytes) bytes = inflate(find, 0, HP_BRICK_BYTES);
    if (bytes == NULL || g_bytes_get_size(bytes) != HP_BRICK_BYTES)
        return false;
    memcpy(labels, g_bytes_get_data(bytes, NULL), HP_BRICK_BYTES);
    return true;
}

// The result of a row; NULL if it is damaged.
static HpStoreResult *read_row(HpStore *store, Statement *row, HpStoreContents *contents)
{
    g_autoptr(HpStoreResult) result = hp_store_result_new();
    result->plan = inflate_text(row, 0);
    result->numbers = inflate_text(row, 1);
    g_autoptr(GBytes) grid_bytes = dup_bytes(row, 2);
    g_autoptr(GBytes) bricks = dup_bytes(row, 3);
    HpGrid grid;
    if (result->plan == NULL || result->numbers == NULL || !hp_unpack_grid(grid_bytes, &grid))
        return NULL;
    g_autofree char *sum = sum_result(result->plan, result->numbers, grid_bytes, bricks);
    if (g_strcmp0(sum, (const char *)sqlite3_column_text(row, 4)) != 0)
        return NULL;
    int lost = 0;
    g_autoptr(Statement) find = prepare(store, "SELECT data FROM brick WHERE hash = ?");
    result->mask =
        find != NULL ? hp_bricks_unpack(&grid, bricks, get_brick_cb, find, &lost, NULL) : NULL;
    if (result->mask == NULL)
        return NULL;
    // A mask with holes would have a volume, and it would be wrong.
    if (lost > 0) {
        lose(contents, "%d blocks of the mask", lost);
        return NULL;
    }
    g_autoptr(GBytes) packed = inflate(row, 5, MAX_VALUE);
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
    g_autoptr(Statement) row = prepare(store, "SELECT plan, numbers, grid, bricks, sum, contours,"
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
    g_autoptr(Statement) steps = prepare(store, "SELECT count(*), max(time) FROM step");
    if (steps != NULL && sqlite3_step(steps) == SQLITE_ROW) {
        summary.steps = MAX(0, sqlite3_column_int(steps, 0) - 1);
        summary.time_us = sqlite3_column_int64(steps, 1);
    }
    g_autoptr(Statement) result = prepare(store, "SELECT numbers FROM result");
    if (result != NULL && sqlite3_step(result) == SQLITE_ROW)
        summary.numbers = inflate_text(result, 0);
    return summary;
}

void hp_store_summary_clear(HpStoreSummary *summary)
{
    g_free(summary->images);
    g_free(summary->numbers);
    *summary = (HpStoreSummary){0};
}

// --- a copy elsewhere

bool hp_store_is_at(const HpStore *store, const char *path)
{
    struct stat one, other;
    return stat(store->path, &one) == 0 && stat(path, &other) == 0 && one.st_dev == other.st_dev &&
           one.st_ino == other.st_ino;
}

// Whether the file at `path`, if there is one, may be replaced: not while it is a case that is open.
static bool may_replace(const char *path, GError **error)
{
    struct stat info;
    if (stat(path, &info) != 0)
        return true;
    if (!S_ISREG(info.st_mode)) {
        g_set_error(error, HP_ERROR, HP_ERROR_IO, "%s: is there and is no plain file", path);
        return false;
    }
    g_autoptr(HpStore) old = connect(path, path, SQLITE_OPEN_READWRITE, NULL);
    if (old == NULL ||
        (sqlite3_exec(old->db, "BEGIN EXCLUSIVE; COMMIT", NULL, NULL, NULL) & 0xff) != SQLITE_BUSY)
        return true;
    return fail(old, error);
}

// Journals of the file that was there would be taken for the new one's.
static void remove_journals(const char *path)
{
    static const char *const journals[] = {"-wal", "-shm", "-journal"};
    for (size_t at = 0; at < G_N_ELEMENTS(journals); at++) {
        g_autofree char *journal = g_strconcat(path, journals[at], NULL);
        g_unlink(journal);
    }
}

static bool say(const char *path, const char *what, GError **error)
{
    g_set_error(error, HP_ERROR, HP_ERROR_IO, "%s: %s: %s", path, what, g_strerror(errno));
    return false;
}

// What stands in a file and in its folder is on the disk.
static bool flush(const char *path, int flags)
{
    const int fd = g_open(path, flags | O_CLOEXEC, 0);
    const bool is_done = fd >= 0 && fsync(fd) == 0;
    if (fd >= 0)
        close(fd);
    return is_done;
}

bool hp_store_copy(HpStore *store, const char *path, GError **error)
{
    if (hp_store_is_at(store, path))
        return true;
    if (!may_replace(path, error))
        return false;
    g_autofree char *folder = g_path_get_dirname(path);
    g_autofree char *hidden = g_build_filename(folder, ".hepatica-XXXXXX", NULL);
    const int fd = g_mkstemp_full(hidden, O_RDWR | O_CLOEXEC, 0666);
    if (fd < 0)
        return say(path, "cannot be written", error);
    close(fd);
    // SQLite takes an empty file for one that is not there.
    g_autoptr(Statement) vacuum = prepare(store, "VACUUM INTO ?");
    bind_text(vacuum, 1, hidden);
    g_autoptr(GError) local = NULL;
    bool is_done = finish(store, vacuum, &local);
    if (!is_done)
        g_set_error(error, HP_ERROR, HP_ERROR_IO, "%s: cannot be written: %s", path,
                    sqlite3_errcode(store->db) == SQLITE_FULL ? "the disk is full"
                                                              : sqlite3_errmsg(store->db));
    else if (!flush(hidden, O_RDWR))
        is_done = say(path, "cannot be written", error);
    else if (remove_journals(path), g_rename(hidden, path) != 0)
        is_done = say(path, "cannot be put in its place", error);
    if (!is_done)
        g_unlink(hidden);
    else
        flush(folder, O_RDONLY);
    return is_done;
}
