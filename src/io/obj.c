// SPDX-License-Identifier: Apache-2.0
// Wavefront OBJ with its material file (MTL).
#include "io/obj.h"

#include "core/error.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#define STEP 10000 // lines between looks at the task

// Nine digits bring every float back.
static void add_numbers(GString *text, const char *key, const float *value, const char *format)
{
    g_string_append(text, key);
    for (int at = 0; at < 3; at++) {
        char digits[G_ASCII_DTOSTR_BUF_SIZE];
        g_string_append_c(text, ' ');
        g_string_append(text, g_ascii_formatd(digits, sizeof digits, format, (double)value[at]));
    }
    g_string_append_c(text, '\n');
}

static bool put_text(HpSink *sink, GString *text, GError **error)
{
    const bool fine = hp_sink_write(sink, text->str, text->len, error);
    g_string_truncate(text, 0);
    return fine;
}

// The name of a segment as one word.
static char *dup_word(const HpSegment *segment)
{
    char *word = g_strdup(segment->name);
    for (char *c = word; *c != '\0'; c++)
        if (!g_ascii_isalnum(*c))
            *c = '_';
    return word;
}

static bool write_vertices(const HpMesh *mesh, HpSink *sink, HpTask *task, GError **error)
{
    g_autoptr(GString) text = g_string_new(NULL);
    for (size_t v = 0; v < mesh->vertices; v++) {
        add_numbers(text, "v", mesh->mm + 3 * v, "%.9g");
        add_numbers(text, "vn", mesh->normal + 3 * v, "%.6g");
        if (!put_text(sink, text, error))
            return false;
        if (v % STEP == 0 && !hp_task_step(task, 0.7 * (double)v / (double)mesh->vertices, error))
            return false;
    }
    return true;
}

static bool write_faces(const HpMesh *mesh, HpSink *sink, HpTask *task, GError **error)
{
    g_autoptr(GString) text = g_string_new(NULL);
    for (size_t t = 0; t < mesh->triangles; t++) {
        g_string_append_c(text, 'f');
        for (int at = 0; at < 3; at++) {
            const uint32_t number = mesh->index[3 * t + (size_t)at] + 1;
            g_string_append_printf(text, " %u//%u", number, number);
        }
        g_string_append_c(text, '\n');
        if (!put_text(sink, text, error))
            return false;
        if (t % STEP == 0 &&
            !hp_task_step(task, 0.7 + 0.3 * (double)t / (double)mesh->triangles, error))
            return false;
    }
    return true;
}

bool hp_obj_write(const HpMesh *mesh, HpMeshAxes axes, const char *material_file,
                  const HpSegment *segment, HpSink *sink, HpTask *task, GError **error)
{
    g_autofree char *word = dup_word(segment);
    g_autofree char *head = g_strdup_printf("# Hepatica %s: %zu vertices, %zu triangles\n"
                                            "# coordinates in %s, millimetres\n"
                                            "mtllib %s\no %s\nusemtl %s\n",
                                            HP_VERSION, mesh->vertices, mesh->triangles,
                                            hp_mesh_axes_words(axes), material_file, word, word);
    return hp_sink_puts(sink, head, error) && write_vertices(mesh, sink, task, error) &&
           write_faces(mesh, sink, task, error);
}

bool hp_obj_write_material(const HpSegment *segment, HpSink *sink, GError **error)
{
    g_autofree char *word = dup_word(segment);
    float diffuse[3], specular[3];
    for (int at = 0; at < 3; at++) {
        diffuse[at] = (float)segment->colour[at] / 255.0f;
        specular[at] = 0.15f; // the dull gloss of an organ's capsule
    }
    g_autoptr(GString) text = g_string_new(NULL);
    g_string_append_printf(text, "# Hepatica %s\nnewmtl %s\n", HP_VERSION, word);
    add_numbers(text, "Ka", (float[3]){0, 0, 0}, "%.4g");
    add_numbers(text, "Kd", diffuse, "%.4g");
    add_numbers(text, "Ks", specular, "%.4g");
    g_string_append(text, "Ns 30\nd 1\nillum 2\n");
    return put_text(sink, text, error);
}

// What a file has held so far.
typedef struct {
    GArray *place;    // float, 3 a vertex
    GArray *normal;   // float, 3 a normal
    GArray *index;    // uint32_t, 3 a triangle
    bool own_normals; // each corner has the normal of its own number
    size_t line;
} Parts;

static void parts_clear(Parts *parts)
{
    g_clear_pointer(&parts->place, g_array_unref);
    g_clear_pointer(&parts->normal, g_array_unref);
    g_clear_pointer(&parts->index, g_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Parts, parts_clear)

static bool add_place(GArray *to, const char *text, size_t line, GError **error)
{
    float value[3];
    const char *at = text;
    for (int axis = 0; axis < 3; axis++) {
        char *end;
        value[axis] = (float)g_ascii_strtod(at, &end);
        if (end == at || !isfinite(value[axis])) {
            g_set_error(error, HP_ERROR, HP_ERROR_BAD_FILE,
                        _("line %zu: '%.40s', expected three numbers"), line, text);
            return false;
        }
        at = end;
    }
    g_array_append_vals(to, value, 3);
    return true;
}

// A corner "7", "7/3", "7//2" or "7/3/2", its numbers from 1 or, negative, from the end.
// Returns what follows, NULL if it is none.
static const char *read_corner(const Parts *parts, const char *text, uint32_t *vertex, bool *own)
{
    char *end;
    const gint64 known = parts->place->len / 3, normals = parts->normal->len / 3;
    gint64 number = g_ascii_strtoll(text, &end, 10);
    if (end == text)
        return NULL;
    number = number < 0 ? known + number : number - 1;
    if (number < 0 || number >= known)
        return NULL;
    *vertex = (uint32_t)number;
    *own = false;
    if (*end == '/') { // texture: passed over
        g_ascii_strtoll(end + 1, &end, 10);
        if (*end == '/') {
            gint64 normal = g_ascii_strtoll(end + 1, &end, 10);
            normal = normal < 0 ? normals + normal : normal - 1;
            *own = normal == number;
        }
    }
    return *end == '\0' || g_ascii_isspace(*end) ? end : NULL;
}

static bool add_face(Parts *parts, const char *text, GError **error)
{
    uint32_t corner[3] = {0};
    int corners = 0;
    const char *at = text;
    for (;;) {
        while (g_ascii_isspace(*at))
            at++;
        if (*at == '\0' || *at == '#')
            break;
        bool own;
        uint32_t vertex;
        at = read_corner(parts, at, &vertex, &own);
        if (at == NULL) {
            g_set_error(error, HP_ERROR, HP_ERROR_BAD_FILE,
                        _("line %zu: face '%.40s', expected corners from 1 to %u"), parts->line,
                        text, parts->place->len / 3);
            return false;
        }
        parts->own_normals &= own;
        corner[MIN(corners, 2)] = vertex;
        if (++corners >= 3) { // a fan around the first corner
            g_array_append_vals(parts->index, corner, 3);
            corner[1] = vertex;
        }
    }
    if (corners >= 3)
        return true;
    g_set_error(error, HP_ERROR, HP_ERROR_BAD_FILE,
                _("line %zu: face of %d corners, expected 3 or more"), parts->line, corners);
    return false;
}

static bool add_line(Parts *parts, const char *line, GError **error)
{
    while (g_ascii_isspace(*line))
        line++;
    if (line[0] == 'v' && g_ascii_isspace(line[1]))
        return add_place(parts->place, line + 2, parts->line, error);
    if (line[0] == 'v' && line[1] == 'n' && g_ascii_isspace(line[2]))
        return add_place(parts->normal, line + 3, parts->line, error);
    if (line[0] == 'f' && g_ascii_isspace(line[1]))
        return add_face(parts, line + 2, error);
    return true;
}

static HpMesh *to_mesh(const Parts *parts, GError **error)
{
    HpMesh *mesh = hp_mesh_new(parts->place->len / 3, parts->index->len / 3, error);
    if (mesh == NULL)
        return NULL;
    if (parts->place->len > 0)
        memcpy(mesh->mm, parts->place->data, parts->place->len * sizeof *mesh->mm);
    if (parts->index->len > 0)
        memcpy(mesh->index, parts->index->data, parts->index->len * sizeof *mesh->index);
    if (parts->own_normals && parts->normal->len == parts->place->len && parts->normal->len > 0)
        memcpy(mesh->normal, parts->normal->data, parts->normal->len * sizeof *mesh->normal);
    else
        hp_mesh_compute_normals(mesh);
    return mesh;
}

HpMesh *hp_obj_read(HpSource *source, HpTask *task, GError **error)
{
    g_auto(Parts) parts = {.place = g_array_new(FALSE, FALSE, sizeof(float)),
                           .normal = g_array_new(FALSE, FALSE, sizeof(float)),
                           .index = g_array_new(FALSE, FALSE, sizeof(uint32_t)),
                           .own_normals = true};
    const double whole = (double)MAX(hp_source_get_left(source), 1);
    // GArray counts in 32 bits and ends the program past them.
    if (whole > 2e9) {
        g_set_error(error, HP_ERROR, HP_ERROR_UNSUPPORTED,
                    _("%.0f bytes, expected an OBJ of up to 2e9"), whole);
        return NULL;
    }
    for (;;) {
        g_autoptr(GError) problem = NULL;
        g_autofree char *line = hp_source_read_line(source, &problem);
        if (problem != NULL) {
            g_propagate_error(error, g_steal_pointer(&problem));
            return NULL;
        }
        if (line == NULL)
            return to_mesh(&parts, error);
        parts.line++;
        if (!add_line(&parts, line, error))
            return NULL;
        if (parts.line % STEP == 0 &&
            !hp_task_step(task, 1 - (double)hp_source_get_left(source) / whole, error))
            return NULL;
    }
}
