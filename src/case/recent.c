// SPDX-License-Identifier: Apache-2.0
// The cases that were open lately, to be opened again: a small file in the user's state folder.
#include "case/recent.h"

#include "case/json.h"
#include "core/error.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

void hp_recent_free(HpRecent *recent)
{
    if (recent == NULL)
        return;
    g_free(recent->path);
    if (recent->thumbnail != NULL)
        g_bytes_unref(recent->thumbnail);
    g_free(recent);
}

static char *dup_path(const char *name)
{
    return g_build_filename(g_get_user_state_dir(), "hepatica", name, NULL);
}

static bool is_thumbnail(GBytes *bytes)
{
    static const char png[] = "\x89PNG\r\n\x1a\n";
    const gsize size = bytes != NULL ? g_bytes_get_size(bytes) : 0;
    return size > 8 && size <= HP_RECENT_THUMBNAIL &&
           memcmp(g_bytes_get_data(bytes, NULL), png, 8) == 0;
}

// A text member of an entry; NULL if there is none.
static const char *read_text(JsonObject *object, const char *name)
{
    JsonNode *node = json_object_get_member(object, name);
    const bool is_text = node != NULL && JSON_NODE_HOLDS_VALUE(node) &&
                         json_node_get_value_type(node) == G_TYPE_STRING;
    return is_text ? json_node_get_string(node) : NULL;
}

static double read_number(JsonObject *object, const char *name)
{
    JsonNode *node = json_object_get_member(object, name);
    double number;
    return node != NULL && hp_json_get_number(node, &number) ? number : NAN;
}

// An entry of the file; NULL if it is none.
static HpRecent *read_entry(JsonNode *node)
{
    if (!JSON_NODE_HOLDS_OBJECT(node))
        return NULL;
    JsonObject *object = json_node_get_object(node);
    const char *uri = read_text(object, "uri"); // a path may be no UTF-8
    const char *thumbnail = read_text(object, "thumbnail");
    const double time_s = read_number(object, "time_s");
    g_autofree char *path = uri != NULL ? g_filename_from_uri(uri, NULL, NULL) : NULL;
    if (path == NULL || !(time_s >= 0 && time_s < 1e12))
        return NULL;
    HpRecent *recent = g_new0(HpRecent, 1);
    recent->path = g_steal_pointer(&path);
    recent->time_us = (gint64)(time_s * G_USEC_PER_SEC);
    recent->ml = read_number(object, "ml");
    recent->is_missing = !g_file_test(recent->path, G_FILE_TEST_EXISTS);
    if (thumbnail != NULL) {
        gsize size;
        guchar *data = g_base64_decode(thumbnail, &size);
        g_autoptr(GBytes) bytes = g_bytes_new_take(data, size);
        if (is_thumbnail(bytes))
            recent->thumbnail = g_bytes_ref(bytes);
    }
    return recent;
}

GPtrArray *hp_recent_list(void)
{
    GPtrArray *list = g_ptr_array_new_with_free_func((GDestroyNotify)hp_recent_free);
    g_autofree char *path = dup_path("recent.json");
    g_autoptr(JsonNode) root = hp_json_read(path, NULL);
    if (root == NULL || !JSON_NODE_HOLDS_ARRAY(root))
        return list;
    JsonArray *array = json_node_get_array(root);
    for (guint at = 0; at < json_array_get_length(array) && list->len < HP_RECENT_MOST; at++) {
        HpRecent *recent = read_entry(json_array_get_element(array, at));
        if (recent != NULL)
            g_ptr_array_add(list, recent);
    }
    return list;
}

static bool write_list(const GPtrArray *list, GError **error)
{
    JsonArray *array = json_array_new();
    for (guint at = 0; at < list->len; at++) {
        const HpRecent *recent = list->pdata[at];
        g_autofree char *uri = g_filename_to_uri(recent->path, NULL, NULL);
        if (uri == NULL)
            continue;
        JsonObject *object = json_object_new();
        json_object_set_string_member(object, "uri", uri);
        json_object_set_double_member(object, "time_s",
                                      (double)recent->time_us / (double)G_USEC_PER_SEC);
        json_object_set_double_member(object, "ml", recent->ml);
        if (recent->thumbnail != NULL) {
            gsize size;
            const guchar *data = g_bytes_get_data(recent->thumbnail, &size);
            g_autofree char *text = g_base64_encode(data, size);
            json_object_set_string_member(object, "thumbnail", text);
        }
        json_array_add_object_element(array, object);
    }
    g_autoptr(JsonNode) node = json_node_init_array(json_node_alloc(), array);
    json_array_unref(array);
    g_autofree char *path = dup_path("recent.json");
    return hp_json_write(node, path, error);
}

// Other windows write the list, too; -1 with an error. close() lets go.
static int lock(GError **error)
{
    g_autofree char *folder = dup_path(NULL);
    g_autofree char *path = dup_path("recent.lock");
    int fd = -1;
    if (g_mkdir_with_parents(folder, 0700) == 0)
        fd = g_open(path, O_CREAT | O_RDWR | O_CLOEXEC, 0600);
    if (fd >= 0 && flock(fd, LOCK_EX) == 0)
        return fd;
    g_set_error(error, HP_ERROR, HP_ERROR_IO, _("%s: cannot be written: %s"), path,
                g_strerror(errno));
    if (fd >= 0)
        close(fd);
    return -1;
}

// The entry of `path`, taken out of the list; NULL if it is not in it.
static HpRecent *take_entry(GPtrArray *list, const char *path)
{
    for (guint at = 0; at < list->len; at++)
        if (strcmp(((HpRecent *)list->pdata[at])->path, path) == 0)
            return g_ptr_array_steal_index(list, at);
    return NULL;
}

bool hp_recent_add(const char *path, double ml, GBytes *thumbnail, GError **error)
{
    const int fd = lock(error);
    if (fd < 0)
        return false;
    g_autofree char *full = g_canonicalize_filename(path, NULL);
    g_autoptr(GPtrArray) list = hp_recent_list();
    HpRecent *recent = take_entry(list, full);
    if (recent == NULL) {
        recent = g_new0(HpRecent, 1);
        recent->path = g_steal_pointer(&full);
        recent->ml = NAN;
    }
    recent->time_us = g_get_real_time();
    if (!isnan(ml))
        recent->ml = ml;
    if (is_thumbnail(thumbnail)) {
        g_clear_pointer(&recent->thumbnail, g_bytes_unref);
        recent->thumbnail = g_bytes_ref(thumbnail);
    }
    g_ptr_array_insert(list, 0, recent);
    if (list->len > HP_RECENT_MOST)
        g_ptr_array_set_size(list, HP_RECENT_MOST);
    const bool is_done = write_list(list, error);
    close(fd);
    return is_done;
}

bool hp_recent_remove(const char *path, GError **error)
{
    const int fd = lock(error);
    if (fd < 0)
        return false;
    g_autoptr(GPtrArray) list = hp_recent_list();
    if (path == NULL) {
        g_ptr_array_set_size(list, 0);
    } else {
        g_autofree char *full = g_canonicalize_filename(path, NULL);
        hp_recent_free(take_entry(list, full));
    }
    const bool is_done = write_list(list, error);
    close(fd);
    return is_done;
}
