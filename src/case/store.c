// SPDX-License-Identifier: Apache-2.0
// A case as a file: an SQLite database of what was done, and of what came of it.
#include "case/store_inside.h"

#include "case/pack.h"
#include "core/error.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define APPLICATION 0x48704361 // "HpCa"

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

// --- talking to SQLite

static const char elsewhere[] = "the case is open in another window or program";

bool hp_store_is_open_elsewhere(const GError *error)
{
    return g_error_matches(error, HP_ERROR, HP_ERROR_UNSUPPORTED) &&
           g_str_has_suffix(error->message, elsewhere);
}

// Translates SQLite's last word.
bool hp_store_fail(const HpStore *store, GError **error)
{
    const char *path = store->path, *words = sqlite3_errmsg(store->db);
    const int code = sqlite3_errcode(store->db) & 0xff, system = sqlite3_system_errno(store->db);
    if (code == SQLITE_BUSY || code == SQLITE_LOCKED)
        g_set_error(error, HP_ERROR, HP_ERROR_UNSUPPORTED, _("%s: %s"), path, elsewhere);
    else if (code == SQLITE_NOTADB)
        g_set_error(error, HP_ERROR, HP_ERROR_BAD_FILE, _("%s: is no Hepatica case"), path);
    else if (code == SQLITE_CORRUPT || code == SQLITE_ERROR || code == SQLITE_SCHEMA)
        g_set_error(error, HP_ERROR, HP_ERROR_BAD_FILE, _("%s: is damaged: %s"), path, words);
    else if (code == SQLITE_FULL)
        g_set_error(error, HP_ERROR, HP_ERROR_IO, _("%s: cannot be written: the disk is full"),
                    path);
    else if (code == SQLITE_NOMEM || code == SQLITE_TOOBIG)
        g_set_error(error, HP_ERROR, HP_ERROR_NO_MEMORY, _("%s: %s"), path, words);
    else
        g_set_error(error, HP_ERROR, HP_ERROR_IO, _("%s: cannot be read or written: %s"), path,
                    code == SQLITE_IOERR && system != 0 ? g_strerror(system) : words);
    return false;
}

bool hp_store_run(HpStore *store, const char *sql, GError **error)
{
    return sqlite3_exec(store->db, sql, NULL, NULL, NULL) == SQLITE_OK ||
           hp_store_fail(store, error);
}

Statement *hp_store_prepare(HpStore *store, const char *sql)
{
    Statement *statement = NULL;
    sqlite3_prepare_v2(store->db, sql, -1, &statement, NULL);
    return statement;
}

// The one number a statement gives.
bool hp_store_ask(HpStore *store, const char *sql, gint64 *number, GError **error)
{
    g_autoptr(Statement) statement = hp_store_prepare(store, sql);
    if (statement == NULL || sqlite3_step(statement) != SQLITE_ROW)
        return hp_store_fail(store, error);
    *number = sqlite3_column_int64(statement, 0);
    return true;
}

void hp_store_bind_text(Statement *statement, int at, const char *text)
{
    sqlite3_bind_text(statement, at, text, -1, SQLITE_TRANSIENT);
}

void hp_store_bind_bytes(Statement *statement, int at, GBytes *bytes)
{
    gsize size;
    const void *data = g_bytes_get_data(bytes, &size);
    sqlite3_bind_blob64(statement, at, size > 0 ? data : "", size, SQLITE_TRANSIENT);
}

char *hp_store_dup_text(Statement *statement, int column)
{
    return g_strdup((const char *)sqlite3_column_text(statement, column));
}

GBytes *hp_store_dup_bytes(Statement *statement, int column)
{
    const void *data = sqlite3_column_blob(statement, column);
    return g_bytes_new(data, (gsize)sqlite3_column_bytes(statement, column));
}

GBytes *hp_store_inflate(Statement *statement, int column, size_t most)
{
    const void *data = sqlite3_column_blob(statement, column);
    return data == NULL
               ? NULL
               : hp_pack_inflate(data, (size_t)sqlite3_column_bytes(statement, column), most);
}

// The same as text; NULL if it is none.
char *hp_store_inflate_text(Statement *statement, int column)
{
    g_autoptr(GBytes) bytes = hp_store_inflate(statement, column, HP_STORE_MAX_TEXT);
    if (bytes == NULL)
        return NULL;
    gsize size;
    const char *data = g_bytes_get_data(bytes, &size);
    return g_utf8_validate(data, (gssize)size, NULL) ? g_strndup(data, size) : NULL;
}

bool hp_store_finish(HpStore *store, Statement *statement, GError **error)
{
    return (statement != NULL && sqlite3_step(statement) == SQLITE_DONE) ||
           hp_store_fail(store, error);
}

// --- sums

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

char *hp_store_sum_facts(const HpStoreFacts *facts, GBytes *grid)
{
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
    const char *texts[] = {facts->version, facts->path, facts->series, facts->checksum};
    for (size_t at = 0; at < G_N_ELEMENTS(texts); at++)
        add_to_sum(sum, texts[at], texts[at] != NULL ? strlen(texts[at]) : 0);
    add_bytes_to_sum(sum, grid);
    return g_strdup(g_checksum_get_string(sum));
}

// A step's number can be damaged as well as its text.
char *hp_store_sum_step(gint64 id, const char *name, gint64 time_us, const char *text)
{
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
    g_autofree char *head = g_strdup_printf("%" G_GINT64_FORMAT " %" G_GINT64_FORMAT, id, time_us);
    add_to_sum(sum, head, strlen(head));
    add_to_sum(sum, name, strlen(name));
    add_to_sum(sum, text, strlen(text));
    return g_strdup(g_checksum_get_string(sum));
}

char *hp_store_sum_ml(gint64 id, double ml)
{
    char digits[G_ASCII_DTOSTR_BUF_SIZE];
    return hp_store_sum_step(id, g_ascii_dtostr(digits, sizeof digits, ml), 0, "");
}

char *hp_store_sum_result(const char *plan, const char *numbers, GBytes *grid, GBytes *bricks)
{
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
    add_to_sum(sum, plan, strlen(plan));
    add_to_sum(sum, numbers, strlen(numbers));
    add_bytes_to_sum(sum, grid);
    add_bytes_to_sum(sum, bricks);
    return g_strdup(g_checksum_get_string(sum));
}

// --- opening and closing

// A file that a stranger made may not run anything of its own.
static void be_careful(sqlite3 *db)
{
    sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
    sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_VIEW, 0, NULL);
    sqlite3_limit(db, SQLITE_LIMIT_LENGTH, HP_STORE_MAX_VALUE);
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
        g_set_error(error, HP_ERROR, HP_ERROR_NO_MEMORY, _("%s: no memory to open it"), path);
        return NULL;
    }
    be_careful(store->db);
    if (code != SQLITE_OK) {
        hp_store_fail(store, error);
        return NULL;
    }
    return g_steal_pointer(&store);
}

HpStore *hp_store_create(const char *path, GError **error)
{
    const int fd = g_open(path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0666);
    if (fd < 0) {
        g_set_error(error, HP_ERROR, HP_ERROR_IO, _("%s: cannot be made: %s"), path,
                    g_strerror(errno));
        return NULL;
    }
    close(fd);
    g_autoptr(HpStore) store = connect(path, path, SQLITE_OPEN_READWRITE, error);
    g_autofree char *stamp =
        g_strdup_printf("PRAGMA application_id = %d; PRAGMA user_version = %d;"
                        "PRAGMA journal_mode = WAL; BEGIN EXCLUSIVE; %s COMMIT;",
                        APPLICATION, HP_STORE_FORMAT, schema);
    if (store == NULL || !hp_store_run(store, stamp, error)) {
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
        g_set_error(error, HP_ERROR, HP_ERROR_IO, _("%s: cannot be opened: %s"), path,
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
        g_set_error(error, HP_ERROR, HP_ERROR_BAD_FILE, _("%s: %s"), path, fact);
    return fact == NULL;
}

static bool check_kind(HpStore *store, GError **error)
{
    gint64 application = 0, format = 0;
    if (!hp_store_ask(store, "PRAGMA application_id", &application, error) ||
        !hp_store_ask(store, "PRAGMA user_version", &format, error))
        return false;
    if (application != APPLICATION) {
        g_set_error(error, HP_ERROR, HP_ERROR_UNSUPPORTED,
                    _("%s: is a database of another program"), store->path);
        return false;
    }
    if (format < 1 || format > HP_STORE_FORMAT) {
        g_set_error(error, HP_ERROR, HP_ERROR_UNSUPPORTED,
                    _("%s: was written by a newer Hepatica (format %d; this one reads %d)"),
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
        hp_store_fail(store, error);
        return NULL;
    }
    g_autoptr(Statement) mode = hp_store_prepare(store, "PRAGMA journal_mode");
    store->is_in_wal = mode != NULL && sqlite3_step(mode) == SQLITE_ROW &&
                       g_strcmp0((const char *)sqlite3_column_text(mode, 0), "wal") == 0;
    return check_kind(store, error) ? g_steal_pointer(&store) : NULL;
}

bool hp_store_close(HpStore *store, GError **error)
{
    if (store == NULL)
        return true;
    // Out of WAL a file can be read from a medium that cannot be written.
    const bool is_done =
        !store->is_in_wal || hp_store_run(store, "PRAGMA journal_mode = DELETE", error);
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
        g_set_error(error, HP_ERROR, HP_ERROR_IO, _("%s: is there and is no plain file"), path);
        return false;
    }
    g_autoptr(HpStore) old = connect(path, path, SQLITE_OPEN_READWRITE, NULL);
    if (old == NULL ||
        (sqlite3_exec(old->db, "BEGIN EXCLUSIVE; COMMIT", NULL, NULL, NULL) & 0xff) != SQLITE_BUSY)
        return true;
    return hp_store_fail(old, error);
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
    g_set_error(error, HP_ERROR, HP_ERROR_IO, _("%s: %s: %s"), path, what, g_strerror(errno));
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
    g_autoptr(Statement) vacuum = hp_store_prepare(store, "VACUUM INTO ?");
    hp_store_bind_text(vacuum, 1, hidden);
    g_autoptr(GError) local = NULL;
    bool is_done = hp_store_finish(store, vacuum, &local);
    if (!is_done)
        g_set_error(error, HP_ERROR, HP_ERROR_IO, _("%s: cannot be written: %s"), path,
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
