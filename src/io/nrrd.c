// SPDX-License-Identifier: Apache-2.0
// NRRD, nearly raw raster data: reads raw, gzip and ascii encodings, writes gzip.
#include "io/nrrd.h"

#include "core/error.h"
#include "io/affine.h"
#include "io/fields.h"
#include "io/write_voxels.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#define AXES 16

typedef enum { ENCODING_RAW, ENCODING_TEXT, ENCODING_GZIP } Encoding;

// The axes as the file lists them. An axis without a direction is not one of space.
typedef struct {
    int count;
    gint64 size[AXES];
    bool spatial[AXES];
    double step[AXES][3];
    int pick[3]; // the three that make the volume
} Axes;

bool hp_nrrd_claims(const uint8_t *first, size_t size)
{
    return size >= 8 && memcmp(first, "NRRD000", 7) == 0 && first[7] >= '1' && first[7] <= '5';
}

static bool refuse(GError **error, HpError code, const char *name, const char *value,
                   const char *wanted)
{
    g_set_error(error, HP_ERROR, (gint)code, "NRRD field '%s' is '%.60s', expected %s", name,
                value != NULL ? value : "absent", wanted);
    return false;
}

// "name: value"; "name:=value" is a note of some program. `*done` at the line that ends the header.
static bool read_line(HpSource *source, HpFields *fields, bool *done, GError **error)
{
    g_autoptr(GError) problem = NULL;
    g_autofree char *line = hp_source_read_line(source, &problem);
    if (problem != NULL) {
        g_propagate_error(error, g_steal_pointer(&problem));
        return false;
    }
    *done = line == NULL || *line == '\0'; // a header without data may end with the file
    if (*done || *line == '#')
        return true;
    const char *colon = strchr(line, ':');
    if (colon == NULL) {
        g_set_error(error, HP_ERROR, HP_ERROR_BAD_FILE,
                    _("NRRD header: '%.60s', expected 'field: value'"), line);
        return false;
    }
    if (colon[1] != '=')
        hp_fields_put(fields, line, (size_t)(colon - line), colon + 1);
    return true;
}

static bool read_fields(HpSource *source, HpFields *fields, GError **error)
{
    g_autofree char *magic = hp_source_read_line(source, error);
    if (magic == NULL || !hp_nrrd_claims((const uint8_t *)magic, strlen(magic))) {
        if (error != NULL && *error == NULL)
            g_set_error(error, HP_ERROR, HP_ERROR_BAD_FILE, _("no NRRD header"));
        return false;
    }
    bool done = false;
    for (int lines = 0; !done; lines++) {
        if (lines == HP_FIELDS_LINES) {
            g_set_error(error, HP_ERROR, HP_ERROR_BAD_FILE, _("NRRD header: more than %d lines"),
                        HP_FIELDS_LINES);
            return false;
        }
        if (!read_line(source, fields, &done, error))
            return false;
    }
    return true;
}

static bool read_type(const HpFields *fields, HpLayout *layout, GError **error)
{
    static const char *const names[HP_VOXEL_COUNT] = {
        [HP_VOXEL_UINT8] = "|uchar|unsigned char|uint8|uint8_t|",
        [HP_VOXEL_INT8] = "|signed char|int8|int8_t|",
        [HP_VOXEL_UINT16] = "|ushort|unsigned short|unsigned short int|uint16|uint16_t|",
        [HP_VOXEL_INT16] = "|short|short int|signed short|signed short int|int16|int16_t|",
        [HP_VOXEL_UINT32] = "|uint|unsigned int|uint32|uint32_t|",
        [HP_VOXEL_INT32] = "|int|signed int|int32|int32_t|",
        [HP_VOXEL_UINT64] = "|ulonglong|unsigned long long|unsigned long long int|uint64|uint64_t|",
        [HP_VOXEL_INT64] = "|longlong|long long|long long int|signed long long|"
                           "signed long long int|int64|int64_t|",
        [HP_VOXEL_FLOAT32] = "|float|",
        [HP_VOXEL_FLOAT64] = "|double|",
    };
    const char *text = hp_fields_get(fields, "type");
    g_autofree char *word = g_strdup_printf("|%s|", text != NULL ? text : "");
    for (int type = 0; type < HP_VOXEL_COUNT; type++)
        if (text != NULL && strstr(names[type], word) != NULL) {
            layout->type = (HpVoxelType)type;
            return true;
        }
    return refuse(error, HP_ERROR_UNSUPPORTED, "type", text, "integers or floats of up to 64 bits");
}

static bool is_one_of(const char *text, const char *a, const char *b, const char *c)
{
    return text != NULL && (g_ascii_strcasecmp(text, a) == 0 || g_ascii_strcasecmp(text, b) == 0 ||
                            g_ascii_strcasecmp(text, c) == 0);
}

static bool read_encoding(const HpFields *fields, HpLayout *layout, Encoding *encoding,
                          GError **error)
{
    const char *text = hp_fields_get(fields, "encoding");
    if (is_one_of(text, "raw", "raw", "raw"))
        *encoding = ENCODING_RAW;
    else if (is_one_of(text, "gzip", "gz", "gz"))
        *encoding = ENCODING_GZIP;
    else if (is_one_of(text, "ascii", "text", "txt"))
        *encoding = ENCODING_TEXT;
    else
        return refuse(error, HP_ERROR_UNSUPPORTED, "encoding", text, "raw, gzip or ascii");
    layout->text = *encoding == ENCODING_TEXT;
    const char *endian = hp_fields_get(fields, "endian");
    layout->big_endian = is_one_of(endian, "big", "big", "big");
    if (layout->big_endian || layout->text || hp_voxel_bytes(layout->type) == 1 ||
        is_one_of(endian, "little", "little", "little"))
        return true;
    return refuse(error, HP_ERROR_BAD_FILE, "endian", endian, "little or big");
}

static bool read_sizes(const HpFields *fields, Axes *axes, GError **error)
{
    gint64 count;
    if (!hp_fields_get_whole(fields, "dimension", 1, AXES, false, &count, error))
        return false;
    axes->count = (int)count;
    double size[AXES];
    const char *text = hp_fields_get(fields, "sizes");
    if (text == NULL || !hp_fields_parse_numbers(text, axes->count, size))
        return refuse(error, HP_ERROR_BAD_FILE, "sizes", text, "a size for each dimension");
    for (int axis = 0; axis < axes->count; axis++) {
        if (!(size[axis] >= 1 && size[axis] <= 65535 && size[axis] == floor(size[axis])))
            return refuse(error, HP_ERROR_BAD_FILE, "sizes", text, "whole numbers 1 to 65535");
        axes->size[axis] = (gint64)size[axis];
    }
    return true;
}

// "(a,b,c) (d,e,f) none (g,h,i)"
static bool read_directions(const char *text, Axes *axes, GError **error)
{
    const char *at = text;
    for (int axis = 0; axis < axes->count; axis++) {
        while (g_ascii_isspace(*at))
            at++;
        axes->spatial[axis] = !g_str_has_prefix(at, "none");
        const char *end = axes->spatial[axis] ? strchr(at, ')') : at + 3;
        if (end == NULL)
            return refuse(error, HP_ERROR_BAD_FILE, "space directions", text, "a vector per axis");
        g_autofree char *vector = g_strndup(at, (size_t)(end + 1 - at));
        if (axes->spatial[axis] &&
            (*at != '(' || !hp_fields_parse_numbers(vector, 3, axes->step[axis])))
            return refuse(error, HP_ERROR_BAD_FILE, "space directions", text,
                          "vectors of three numbers");
        at = end + 1;
    }
    return true;
}

// Without directions: steps along x, y, z by the order of the axes that have a spacing.
static bool read_spacings(const char *text, Axes *axes, GError **error)
{
    g_auto(GStrv) word = g_strsplit_set(text != NULL ? text : "", " \t", 4 * AXES);
    int axis = 0, spatial = 0;
    for (int at = 0; word[at] != NULL && axis < axes->count; at++) {
        double spacing;
        if (*word[at] == '\0')
            continue;
        if (hp_fields_parse_numbers(word[at], 1, &spacing) && spatial < 3) {
            axes->spatial[axis] = true;
            axes->step[axis][spatial++] = spacing;
        }
        axis++;
    }
    if (text == NULL) // unknown: 1 mm
        for (; axis < axes->count && spatial < 3; axis++)
            if (axes->size[axis] > 1 || axes->count - axis <= 3 - spatial) {
                axes->spatial[axis] = true;
                axes->step[axis][spatial++] = 1;
            }
    if (spatial == 3)
        return true;
    return refuse(error, HP_ERROR_BAD_FILE, "spacings", text, "three spacings");
}

static bool pick_three(Axes *axes, GError **error)
{
    int spatial = 0;
    for (int axis = 0; axis < axes->count; axis++) {
        if (axes->spatial[axis] && spatial < 3) {
            axes->pick[spatial++] = axis;
        } else if (axes->size[axis] != 1) {
            g_set_error(error, HP_ERROR, HP_ERROR_UNSUPPORTED,
                        "%" G_GINT64_FORMAT " values along dimension %d, expected one volume",
                        axes->size[axis], axis + 1);
            return false;
        }
    }
    if (spatial == 3)
        return true;
    g_set_error(error, HP_ERROR, HP_ERROR_UNSUPPORTED, _("%d axes of space, expected 3"), spatial);
    return false;
}

// The signs that turn a space into LPS; false where the space does not say where left is.
static bool space_signs(const char *space, double sign[3])
{
    sign[0] = sign[1] = sign[2] = 1;
    if (is_one_of(space, "LPS", "left-posterior-superior", "LPS"))
        return true;
    if (is_one_of(space, "RAS", "right-anterior-superior", "RAS"))
        sign[0] = sign[1] = -1;
    else if (is_one_of(space, "LAS", "left-anterior-superior", "LAS"))
        sign[1] = -1;
    else
        return false;
    return true;
}

// Millimetres in each unit that "space units" names; all three must be one.
static bool read_unit(const HpFields *fields, double *mm, GError **error)
{
    static const struct {
        const char *name;
        double mm;
    } units[] = {{"mm", 1}, {"cm", 10}, {"m", 1000}, {"um", 0.001}, {"", 1}};
    const char *text = hp_fields_get(fields, "spaceunits");
    *mm = 1;
    if (text == NULL)
        return true;
    for (size_t at = 0; at < G_N_ELEMENTS(units); at++) {
        g_autofree char *thrice = g_strdup_printf("\"%1$s\" \"%1$s\" \"%1$s\"", units[at].name);
        *mm = units[at].mm;
        if (g_str_equal(text, thrice))
            return true;
    }
    return refuse(error, HP_ERROR_UNSUPPORTED, "space units", text, "\"mm\" \"mm\" \"mm\"");
}

static bool read_origin(const HpFields *fields, HpAffine *affine, GError **error)
{
    const char *text = hp_fields_get(fields, "spaceorigin");
    if (text == NULL || hp_fields_parse_numbers(text, 3, affine->origin_mm))
        return true;
    return refuse(error, HP_ERROR_BAD_FILE, "space origin", text, "three numbers");
}

static bool read_grid(const HpFields *fields, HpLayout *layout, GError **error)
{
    Axes axes = {0};
    HpAffine affine = {0};
    double sign[3], mm;
    const char *directions = hp_fields_get(fields, "spacedirections");
    const char *space = hp_fields_get(fields, "space");
    if (!read_sizes(fields, &axes, error) || !read_unit(fields, &mm, error) ||
        !read_origin(fields, &affine, error))
        return false;
    if (directions != NULL ? !read_directions(directions, &axes, error)
                           : !read_spacings(hp_fields_get(fields, "spacings"), &axes, error))
        return false;
    if (!pick_three(&axes, error))
        return false;
    const bool known = space_signs(space, sign) && directions != NULL;
    int size[3];
    for (int axis = 0; axis < 3; axis++) {
        size[axis] = (int)axes.size[axes.pick[axis]];
        for (int row = 0; row < 3; row++)
            affine.columns[3 * row + axis] = sign[row] * mm * axes.step[axes.pick[axis]][row] + 0;
        affine.origin_mm[axis] *= sign[axis] * mm;
    }
    if (!hp_affine_to_grid(&affine, size, &layout->grid, &layout->warning, error))
        return false;
    if (!known && layout->warning == NULL)
        layout->warning = g_strdup("the file does not say how it lies in the patient: left and "
                                   "right, head and feet are a guess");
    return true;
}

static bool open_data(const HpFields *fields, HpSource **source, GError **error)
{
    const char *name = hp_fields_get(fields, "datafile");
    if (name == NULL)
        return true;
    if (g_str_has_prefix(name, "LIST") || strchr(name, '%') != NULL)
        return refuse(error, HP_ERROR_UNSUPPORTED, "data file", name, "one file");
    HpSource *data = hp_source_open_beside(*source, name, error);
    if (data == NULL)
        return false;
    hp_source_free(*source);
    *source = data;
    return true;
}

static bool skip_lines(HpSource *source, gint64 count, GError **error)
{
    for (gint64 at = 0; at < count; at++) {
        g_autofree char *line = hp_source_read_line(source, error);
        if (line == NULL) {
            if (error != NULL && *error == NULL)
                g_set_error(error, HP_ERROR, HP_ERROR_BAD_FILE,
                            "ends after %" G_GINT64_FORMAT
                            " lines, expected to skip %" G_GINT64_FORMAT,
                            at, count);
            return false;
        }
    }
    return true;
}

// Lines are skipped before the data are inflated, bytes after; -1 bytes: the data are the end of
// the file.
static bool go_to_voxels(const HpFields *fields, Encoding encoding, const HpLayout *layout,
                         HpSource **source, GError **error)
{
    gint64 lines = 0, bytes = 0;
    if (!hp_fields_get_whole(fields, "lineskip", 0, 1000000, true, &lines, error) ||
        !hp_fields_get_whole(fields, "byteskip", -1, (gint64)1 << 40, true, &bytes, error) ||
        !open_data(fields, source, error) || !skip_lines(*source, lines, error))
        return false;
    if (encoding == ENCODING_GZIP)
        hp_source_inflate(*source, HP_WRAP_GZIP);
    if (bytes < 0) {
        const size_t size = hp_grid_count(&layout->grid) * hp_voxel_bytes(layout->type);
        if (encoding != ENCODING_RAW || hp_source_is_inflating(*source))
            return refuse(error, HP_ERROR_BAD_FILE, "byte skip", "-1", "0 or more where not raw");
        if (!hp_source_expect(*source, size, "voxels", error))
            return false;
        bytes = (gint64)(hp_source_get_left(*source) - size);
    }
    return hp_source_skip(*source, (size_t)bytes, "what lies before the voxels", error);
}

bool hp_nrrd_read_header(HpSource **source, HpLayout *layout, GError **error)
{
    g_autoptr(GHashTable) fields = hp_fields_new();
    Encoding encoding;
    *layout = (HpLayout){.slope = 1};
    GError *problem = NULL;
    if (read_fields(*source, fields, &problem) && read_type(fields, layout, &problem) &&
        read_encoding(fields, layout, &encoding, &problem) && read_grid(fields, layout, &problem) &&
        go_to_voxels(fields, encoding, layout, source, &problem))
        return true;
    hp_layout_clear(layout);
    g_propagate_error(error, problem);
    return false;
}

// Seventeen digits bring every double back.
static void add_vector(GString *text, double x, double y, double z)
{
    char digits[3][G_ASCII_DTOSTR_BUF_SIZE];
    const double value[3] = {x, y, z};
    for (int at = 0; at < 3; at++)
        g_ascii_dtostr(digits[at], sizeof digits[at], value[at]);
    g_string_append_printf(text, " (%s,%s,%s)", digits[0], digits[1], digits[2]);
}

static bool write_header(const HpGrid *grid, const char *type, const HpNrrdOut *out, GError **error)
{
    const HpAffine affine = hp_affine_of_grid(grid);
    const double *m = affine.columns, *o = affine.origin_mm;
    g_autoptr(GString) text = g_string_new("NRRD0004\n# Hepatica " HP_VERSION "\n");
    g_string_append_printf(text,
                           "type: %s\ndimension: 3\nspace: left-posterior-superior\n"
                           "sizes: %d %d %d\nspace directions:",
                           type, grid->size[0], grid->size[1], grid->size[2]);
    for (int axis = 0; axis < 3; axis++)
        add_vector(text, m[axis], m[3 + axis], m[6 + axis]);
    g_string_append(text, "\nkinds: domain domain domain\nendian: little\nencoding: gzip\n"
                          "space units: \"mm\" \"mm\" \"mm\"\nspace origin:");
    add_vector(text, o[0], o[1], o[2]);
    g_string_append_c(text, '\n');
    if (out->data != NULL)
        g_string_append_printf(text, "data file: %s\n", out->data_file);
    else
        g_string_append_c(text, '\n');
    if (!hp_sink_write(out->sink, text->str, text->len, error))
        return false;
    hp_sink_deflate(out->data != NULL ? out->data : out->sink);
    return true;
}

bool hp_nrrd_write_volume(const HpVolume *volume, const HpNrrdOut *out, HpTask *task,
                          GError **error)
{
    HpSink *data = out->data != NULL ? out->data : out->sink;
    return write_header(&volume->grid, "int16", out, error) &&
           hp_write_voxels_of_volume(volume, data, task, error);
}

bool hp_nrrd_write_mask(const HpMask *mask, const HpNrrdOut *out, HpTask *task, GError **error)
{
    HpSink *data = out->data != NULL ? out->data : out->sink;
    return write_header(hp_mask_get_grid(mask), "uint8", out, error) &&
           hp_write_voxels_of_mask(mask, data, task, error);
}
