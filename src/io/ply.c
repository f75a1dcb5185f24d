// SPDX-License-Identifier: Apache-2.0
// PLY, the polygon file format (Turk 1994): writes binary little-endian, reads all three encodings.
#include "io/ply.h"

#include "core/error.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#define STEP 10000 // items between looks at the task

static void put_u32(uint8_t *to, uint32_t word)
{
    word = GUINT32_TO_LE(word);
    memcpy(to, &word, sizeof word);
}

static void put_f32(uint8_t *to, float value)
{
    uint32_t word;
    memcpy(&word, &value, sizeof word);
    put_u32(to, word);
}

static bool write_head(const HpMesh *mesh, HpMeshAxes axes, const HpSegment *segment, HpSink *sink,
                       GError **error)
{
    g_autofree char *head = g_strdup_printf(
        "ply\nformat binary_little_endian 1.0\ncomment Hepatica %s: %s\n"
        "comment coordinates in %s, millimetres\n"
        "element vertex %zu\n"
        "property float x\nproperty float y\nproperty float z\n"
        "property float nx\nproperty float ny\nproperty float nz\n"
        "element face %zu\nproperty list uchar int vertex_indices\nend_header\n",
        HP_VERSION, segment->name, hp_mesh_axes_words(axes), mesh->vertices, mesh->triangles);
    return hp_sink_puts(sink, head, error);
}

bool hp_ply_write(const HpMesh *mesh, HpMeshAxes axes, const HpSegment *segment, HpSink *sink,
                  HpTask *task, GError **error)
{
    if (mesh->vertices > INT32_MAX || mesh->triangles > INT32_MAX) {
        g_set_error(error, HP_ERROR, HP_ERROR_UNSUPPORTED,
                    _("%zu vertices and %zu triangles, PLY holds up to %d"), mesh->vertices,
                    mesh->triangles, INT32_MAX);
        return false;
    }
    if (!write_head(mesh, axes, segment, sink, error))
        return false;
    for (size_t v = 0; v < mesh->vertices; v++) {
        uint8_t item[24];
        for (size_t axis = 0; axis < 3; axis++) {
            put_f32(item + 4 * axis, mesh->mm[3 * v + axis]);
            put_f32(item + 12 + 4 * axis, mesh->normal[3 * v + axis]);
        }
        if (!hp_sink_write(sink, item, sizeof item, error))
            return false;
        if (v % STEP == 0 && !hp_task_step(task, 0.5 * (double)v / (double)mesh->vertices, error))
            return false;
    }
    for (size_t t = 0; t < mesh->triangles; t++) {
        uint8_t item[13] = {3};
        for (size_t at = 0; at < 3; at++)
            put_u32(item + 1 + 4 * at, mesh->index[3 * t + at]);
        if (!hp_sink_write(sink, item, sizeof item, error))
            return false;
        if (t % STEP == 0 &&
            !hp_task_step(task, 0.5 + 0.5 * (double)t / (double)mesh->triangles, error))
            return false;
    }
    return true;
}

typedef enum { INT8, UINT8, INT16, UINT16, INT32, UINT32, FLOAT32, FLOAT64, TYPES } Type;

static const struct {
    const char *name, *other;
    size_t bytes;
} types[TYPES] = {
    [INT8] = {"char", "int8", 1},        [UINT8] = {"uchar", "uint8", 1},
    [INT16] = {"short", "int16", 2},     [UINT16] = {"ushort", "uint16", 2},
    [INT32] = {"int", "int32", 4},       [UINT32] = {"uint", "uint32", 4},
    [FLOAT32] = {"float", "float32", 4}, [FLOAT64] = {"double", "float64", 8},
};

typedef enum { ROLE_NONE, ROLE_X, ROLE_Y, ROLE_Z, ROLE_NX, ROLE_NY, ROLE_NZ, ROLE_CORNERS } Role;

typedef struct {
    Role role;
    bool list;
    Type count_type; // of a list
    Type type;
} Property;

#define PROPERTIES 64
#define ELEMENTS 16

typedef struct {
    char name[16]; // "vertex", "face" or the start of another one
    size_t count;
    int properties;
    Property property[PROPERTIES];
} Element;

typedef enum { ASCII, LITTLE, BIG } Encoding;

typedef struct {
    HpSource *source;
    HpTask *task;
    Encoding encoding;
    int elements;
    Element element[ELEMENTS];
    HpMesh *mesh;   // vertices only, until the faces are known
    GArray *index;  // uint32_t, 3 a triangle
    unsigned roles; // bits of the vertex's roles
    char *line;     // ascii: what is left of the present line is at `at`
    const char *at;
} Reading;

static void reading_clear(Reading *reading)
{
    hp_mesh_unref(reading->mesh);
    g_clear_pointer(&reading->index, g_array_unref);
    g_free(reading->line);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Reading, reading_clear)

static bool refuse(GError **error, const char *what, const char *text)
{
    g_set_error(error, HP_ERROR, HP_ERROR_BAD_FILE, _("PLY header: %s '%.60s'"), what, text);
    return false;
}

static bool find_type(const char *word, Type *type)
{
    for (int at = 0; at < TYPES; at++)
        if (g_str_equal(word, types[at].name) || g_str_equal(word, types[at].other)) {
            *type = (Type)at;
            return true;
        }
    return false;
}

static Role find_role(const Element *element, const char *name, bool list)
{
    static const char *const names[] = {"", "x", "y", "z", "nx", "ny", "nz"};
    if (list)
        return g_str_equal(element->name, "face") &&
                       (g_str_equal(name, "vertex_indices") || g_str_equal(name, "vertex_index"))
                   ? ROLE_CORNERS
                   : ROLE_NONE;
    for (int role = ROLE_X; role <= ROLE_NZ; role++)
        if (g_str_equal(element->name, "vertex") && g_str_equal(name, names[role]))
            return (Role)role;
    return ROLE_NONE;
}

static bool add_property(Reading *reading, char **word, guint words, const char *line,
                         GError **error)
{
    if (reading->elements == 0)
        return refuse(error, "a property before any element,", line);
    Element *element = &reading->element[reading->elements - 1];
    if (element->properties == PROPERTIES)
        return refuse(error, "more than 64 properties,", line);
    Property property = {.list = words == 5 && g_str_equal(word[1], "list")};
    const bool fine = property.list
                          ? find_type(word[2], &property.count_type) &&
                                find_type(word[3], &property.type) && property.count_type < FLOAT32
                          : words == 3 && find_type(word[1], &property.type);
    if (!fine)
        return refuse(error, "expected a property of a known type, got", line);
    property.role = find_role(element, word[words - 1], property.list);
    if (property.role == ROLE_CORNERS && property.type >= FLOAT32)
        return refuse(error, "expected corners as integers, got", line);
    element->property[element->properties++] = property;
    return true;
}

static bool add_element(Reading *reading, char **word, guint words, const char *line,
                        GError **error)
{
    guint64 count;
    if (reading->elements == ELEMENTS || words != 3 ||
        !g_ascii_string_to_unsigned(word[2], 10, 0, UINT32_MAX, &count, NULL))
        return refuse(error, "expected at most 16 elements with a count, got", line);
    Element *element = &reading->element[reading->elements++];
    g_strlcpy(element->name, word[1], sizeof element->name);
    element->count = count;
    return true;
}

static bool set_encoding(Reading *reading, char **word, guint words, const char *line,
                         GError **error)
{
    static const char *const names[] = {"ascii", "binary_little_endian", "binary_big_endian"};
    for (int at = 0; at < 3; at++)
        if (words == 3 && g_str_equal(word[1], names[at])) {
            reading->encoding = (Encoding)at;
            return true;
        }
    return refuse(error, "expected a known format, got", line);
}

// The next line, without spaces around it; NULL with an error, also at the end of the file.
static char *next_line(HpSource *source, GError **error)
{
    g_autoptr(GError) problem = NULL;
    char *line = hp_source_read_line(source, &problem);
    if (problem != NULL)
        g_propagate_error(error, g_steal_pointer(&problem));
    else if (line == NULL)
        g_set_error(error, HP_ERROR, HP_ERROR_BAD_FILE, _("ends too early"));
    return line != NULL ? g_strstrip(line) : NULL;
}

// `*done` at the line that ends the header.
static bool read_head_line(Reading *reading, bool *done, GError **error)
{
    g_autofree char *line = next_line(reading->source, error);
    if (line == NULL)
        return false;
    g_auto(GStrv) split = g_strsplit_set(line, " \t", 256);
    char *word[256];
    guint words = 0;
    for (guint at = 0; split[at] != NULL; at++)
        if (*split[at] != '\0')
            word[words++] = split[at];
    *done = g_str_equal(line, "end_header");
    if (*done || words == 0 || g_str_equal(word[0], "comment") || g_str_equal(word[0], "obj_info"))
        return true;
    if (g_str_equal(word[0], "format"))
        return set_encoding(reading, word, words, line, error);
    if (g_str_equal(word[0], "element"))
        return add_element(reading, word, words, line, error);
    if (g_str_equal(word[0], "property"))
        return add_property(reading, word, words, line, error);
    return refuse(error, "unknown line", line);
}

// The least bytes one item takes.
static size_t item_bytes(const Element *element, Encoding encoding)
{
    size_t bytes = 0;
    for (int at = 0; at < element->properties; at++) {
        const Property *property = &element->property[at];
        bytes += encoding == ASCII
                     ? 2
                     : types[property->list ? property->count_type : property->type].bytes;
    }
    return bytes;
}

static bool read_head(Reading *reading, GError **error)
{
    g_autofree char *mark = next_line(reading->source, error);
    if (mark == NULL)
        return false;
    if (!g_str_equal(mark, "ply"))
        return refuse(error, "expected 'ply' in the first line, got", mark);
    bool done = false;
    for (int lines = 0; !done; lines++) {
        if (lines == 1000)
            return refuse(error, "more than 1000 lines", "");
        if (!read_head_line(reading, &done, error))
            return false;
    }
    for (int at = 0; at < reading->elements; at++) {
        const Element *element = &reading->element[at];
        const size_t bytes = item_bytes(element, reading->encoding);
        if (bytes == 0 && element->count > 0)
            return refuse(error, "no properties of element", element->name);
        // One byte of grace: a last line of text needs no end.
        if (element->count > 0 &&
            !hp_source_expect(reading->source, element->count * bytes - 1, element->name, error))
            return false;
    }
    return true;
}

static bool read_ascii(Reading *reading, double *value, GError **error)
{
    while (reading->at == NULL || *reading->at == '\0') {
        g_free(reading->line);
        reading->line = next_line(reading->source, error);
        reading->at = reading->line;
        if (reading->line == NULL)
            return false;
    }
    char *end;
    *value = g_ascii_strtod(reading->at, &end);
    if (end == reading->at) {
        g_set_error(error, HP_ERROR, HP_ERROR_BAD_FILE, _("'%.40s', expected a number"),
                    reading->at);
        return false;
    }
    while (g_ascii_isspace(*end))
        end++;
    reading->at = end;
    return true;
}

static double to_number(Type type, uint64_t bits)
{
    float single;
    double number;
    const uint32_t low = (uint32_t)bits;
    switch (type) {
    case INT8:
        return (int8_t)bits;
    case INT16:
        return (int16_t)bits;
    case INT32:
        return (int32_t)bits;
    case FLOAT32:
        memcpy(&single, &low, sizeof single);
        return (double)single;
    case FLOAT64:
        memcpy(&number, &bits, sizeof number);
        return number;
    default:
        return (double)bits;
    }
}

static bool read_value(Reading *reading, Type type, double *value, GError **error)
{
    if (reading->encoding == ASCII)
        return read_ascii(reading, value, error);
    uint8_t bytes[8];
    const size_t size = types[type].bytes;
    if (!hp_source_read_all(reading->source, bytes, size, "a number", error))
        return false;
    uint64_t bits = 0;
    for (size_t at = 0; at < size; at++)
        bits |= (uint64_t)bytes[reading->encoding == BIG ? size - 1 - at : at] << 8 * at;
    *value = to_number(type, bits);
    return true;
}

static bool add_corner(Reading *reading, size_t number, double value, uint32_t corner[3],
                       GError **error)
{
    if (!(value >= 0 && value < (double)reading->mesh->vertices && value == floor(value))) {
        g_set_error(error, HP_ERROR, HP_ERROR_BAD_FILE,
                    _("a face has corner %g, expected 0 to %zu"), value,
                    reading->mesh->vertices - 1);
        return false;
    }
    corner[MIN(number, 2)] = (uint32_t)value;
    if (number >= 2) { // a fan around the first corner
        g_array_append_vals(reading->index, corner, 3);
        corner[1] = corner[2];
    }
    return true;
}

static bool read_list(Reading *reading, const Property *property, GError **error)
{
    double count, value;
    uint32_t corner[3] = {0};
    if (!read_value(reading, property->count_type, &count, error))
        return false;
    const bool corners = property->role == ROLE_CORNERS;
    if (!(count >= (corners ? 3 : 0) && count <= UINT32_MAX && count == floor(count))) {
        g_set_error(error, HP_ERROR, HP_ERROR_BAD_FILE,
                    _("a list of %g numbers, expected %d or more"), count, corners ? 3 : 0);
        return false;
    }
    for (size_t at = 0; at < (size_t)count; at++)
        if (!read_value(reading, property->type, &value, error) ||
            (corners && !add_corner(reading, at, value, corner, error)))
            return false;
    return true;
}

static bool set_vertex(Reading *reading, Role role, size_t item, double value, GError **error)
{
    if (!isfinite((float)value)) {
        g_set_error(error, HP_ERROR, HP_ERROR_BAD_FILE, _("vertex %zu has %g, expected a number"),
                    item, value);
        return false;
    }
    float *to = role <= ROLE_Z ? reading->mesh->mm : reading->mesh->normal;
    to[3 * item + (size_t)(role - ROLE_X) % 3] = (float)value;
    reading->roles |= 1u << role;
    return true;
}

static bool read_item(Reading *reading, const Element *element, size_t item, GError **error)
{
    for (int at = 0; at < element->properties; at++) {
        const Property *property = &element->property[at];
        double value;
        if (property->list) {
            if (!read_list(reading, property, error))
                return false;
        } else if (!read_value(reading, property->type, &value, error) ||
                   (property->role != ROLE_NONE &&
                    !set_vertex(reading, property->role, item, value, error))) {
            return false;
        }
    }
    return item % STEP != 0 ||
           hp_task_step(reading->task, (double)item / (double)element->count, error);
}

static bool read_element(Reading *reading, const Element *element, GError **error)
{
    if (g_str_equal(element->name, "vertex")) {
        if (reading->mesh != NULL)
            return refuse(error, "a second element", element->name);
        reading->mesh = hp_mesh_new(element->count, 0, error);
        if (reading->mesh == NULL)
            return false;
    } else if (g_str_equal(element->name, "face") && reading->mesh == NULL) {
        return refuse(error, "no vertices before element", element->name);
    }
    for (size_t item = 0; item < element->count; item++)
        if (!read_item(reading, element, item, error))
            return false;
    return true;
}

static HpMesh *to_mesh(Reading *reading, GError **error)
{
    const unsigned place = 1u << ROLE_X | 1u << ROLE_Y | 1u << ROLE_Z;
    const unsigned normal = 1u << ROLE_NX | 1u << ROLE_NY | 1u << ROLE_NZ;
    const HpMesh *read = reading->mesh;
    if (read == NULL || (read->vertices > 0 && (reading->roles & place) != place)) {
        g_set_error(error, HP_ERROR, HP_ERROR_BAD_FILE,
                    _("PLY header: no vertices with x, y and z"));
        return NULL;
    }
    HpMesh *mesh = hp_mesh_new(read->vertices, reading->index->len / 3, error);
    if (mesh == NULL)
        return NULL;
    memcpy(mesh->mm, read->mm, read->vertices * 3 * sizeof *mesh->mm);
    if (reading->index->len > 0)
        memcpy(mesh->index, reading->index->data, reading->index->len * sizeof *mesh->index);
    if ((reading->roles & normal) == normal)
        memcpy(mesh->normal, read->normal, read->vertices * 3 * sizeof *mesh->normal);
    else
        hp_mesh_compute_normals(mesh);
    return mesh;
}

HpMesh *hp_ply_read(HpSource *source, HpTask *task, GError **error)
{
    g_auto(Reading) reading = {.source = source,
                               .task = task,
                               .encoding = ASCII,
                               .index = g_array_new(FALSE, FALSE, sizeof(uint32_t))};
    // GArray counts in 32 bits and ends the program past them.
    if (hp_source_get_left(source) > 1000000000) {
        g_set_error(error, HP_ERROR, HP_ERROR_UNSUPPORTED,
                    _("%zu bytes, expected a PLY of up to 1e9"), hp_source_get_left(source));
        return NULL;
    }
    if (!read_head(&reading, error))
        return NULL;
    for (int at = 0; at < reading.elements; at++)
        if (!read_element(&reading, &reading.element[at], error))
            return NULL;
    return to_mesh(&reading, error);
}
