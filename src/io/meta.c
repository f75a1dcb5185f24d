// SPDX-License-Identifier: Apache-2.0
// MetaImage (.mha, .mhd with .raw or .zraw): reads it.
#include "io/meta.h"

#include "core/error.h"
#include "io/affine.h"
#include "io/fields.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#define AXES 10

bool hp_meta_claims(const uint8_t *first, size_t size)
{
    static const char *const keys[] = {"ObjectType", "NDims", "Comment", "ObjectSubType"};
    for (size_t at = 0; at < G_N_ELEMENTS(keys); at++) {
        const size_t length = strlen(keys[at]);
        if (size > length && memcmp(first, keys[at], length) == 0 &&
            (first[length] == ' ' || first[length] == '='))
            return true;
    }
    return false;
}

static bool refuse(GError **error, HpError code, const char *name, const char *value,
                   const char *wanted)
{
    g_set_error(error, HP_ERROR, (gint)code, "MetaImage field %s is '%.60s', expected %s", name,
                value != NULL ? value : "absent", wanted);
    return false;
}

// Lines "Name = value"; ElementDataFile is the last.
static bool read_fields(HpSource *source, HpFields *fields, GError **error)
{
    for (int lines = 0; lines < HP_FIELDS_LINES; lines++) {
        g_autoptr(GError) problem = NULL;
        g_autofree char *line = hp_source_read_line(source, &problem);
        if (problem != NULL) {
            g_propagate_error(error, g_steal_pointer(&problem));
            return false;
        }
        if (line == NULL)
            break;
        const char *equals = strchr(line, '=');
        if (equals == NULL) {
            if (*g_strstrip(line) == '\0')
                continue;
            g_set_error(error, HP_ERROR, HP_ERROR_BAD_FILE,
                        _("MetaImage header: '%.60s', expected 'name = value'"), line);
            return false;
        }
        hp_fields_put(fields, line, (size_t)(equals - line), equals + 1);
        if (hp_fields_get(fields, "elementdatafile") != NULL)
            return true;
    }
    return refuse(error, HP_ERROR_BAD_FILE, "ElementDataFile", NULL, "LOCAL or a file");
}

// The first of two names that is there: programs write either.
static const char *either(const HpFields *fields, const char *one, const char *other)
{
    const char *text = hp_fields_get(fields, one);
    return text != NULL ? text : hp_fields_get(fields, other);
}

static bool is_true(const char *text)
{
    return text != NULL && (*text == 'T' || *text == 't' || *text == '1');
}

static bool read_type(const HpFields *fields, HpLayout *layout, GError **error)
{
    static const char *const names[HP_VOXEL_COUNT] = {
        [HP_VOXEL_UINT8] = "MET_UCHAR",       [HP_VOXEL_INT8] = "MET_CHAR",
        [HP_VOXEL_UINT16] = "MET_USHORT",     [HP_VOXEL_INT16] = "MET_SHORT",
        [HP_VOXEL_UINT32] = "MET_UINT",       [HP_VOXEL_INT32] = "MET_INT",
        [HP_VOXEL_UINT64] = "MET_ULONG_LONG", [HP_VOXEL_INT64] = "MET_LONG_LONG",
        [HP_VOXEL_FLOAT32] = "MET_FLOAT",     [HP_VOXEL_FLOAT64] = "MET_DOUBLE",
    };
    const char *text = hp_fields_get(fields, "elementtype");
    for (int type = 0; text != NULL && type < HP_VOXEL_COUNT; type++)
        if (g_str_equal(text, names[type])) {
            layout->type = (HpVoxelType)type;
            return true;
        }
    // A long has four bytes in MetaIO, on every system.
    if (text != NULL && (g_str_equal(text, "MET_LONG") || g_str_equal(text, "MET_ULONG"))) {
        layout->type = text[4] == 'U' ? HP_VOXEL_UINT32 : HP_VOXEL_INT32;
        return true;
    }
    return refuse(error, HP_ERROR_UNSUPPORTED, "ElementType", text,
                  "integers or floats of up to 64 bits");
}

static bool read_form(const HpFields *fields, HpLayout *layout, GError **error)
{
    gint64 channels = 1;
    const char *binary = hp_fields_get(fields, "binarydata");
    layout->text = binary != NULL && !is_true(binary);
    layout->big_endian = is_true(either(fields, "binarydatabyteordermsb", "elementbyteordermsb"));
    if (!hp_fields_get_whole(fields, "elementnumberofchannels", 1, 100, true, &channels, error))
        return false;
    if (channels != 1) {
        g_set_error(error, HP_ERROR, HP_ERROR_UNSUPPORTED, _("%d values a voxel, expected one"),
                    (int)channels);
        return false;
    }
    const char *slope = hp_fields_get(fields, "elementtointensityfunctionslope");
    const char *offset = hp_fields_get(fields, "elementtointensityfunctionoffset");
    if (slope != NULL && !hp_fields_parse_numbers(slope, 1, &layout->slope))
        return refuse(error, HP_ERROR_BAD_FILE, "ElementToIntensityFunctionSlope", slope,
                      "a number");
    if (offset != NULL && !hp_fields_parse_numbers(offset, 1, &layout->intercept))
        return refuse(error, HP_ERROR_BAD_FILE, "ElementToIntensityFunctionOffset", offset,
                      "a number");
    return true;
}

static bool read_size(const HpFields *fields, gint64 axes, int size[3], GError **error)
{
    double number[AXES];
    const char *text = hp_fields_get(fields, "dimsize");
    if (text == NULL || !hp_fields_parse_numbers(text, (int)axes, number))
        return refuse(error, HP_ERROR_BAD_FILE, "DimSize", text, "a size for each dimension");
    for (int axis = 0; axis < axes; axis++) {
        if (!(number[axis] >= 1 && number[axis] <= 65535 && number[axis] == floor(number[axis])))
            return refuse(error, HP_ERROR_BAD_FILE, "DimSize", text, "whole numbers 1 to 65535");
        if (axis < 3) {
            size[axis] = (int)number[axis];
        } else if (number[axis] != 1) {
            g_set_error(error, HP_ERROR, HP_ERROR_UNSUPPORTED,
                        _("%g values along dimension %d, expected one volume"), number[axis],
                        axis + 1);
            return false;
        }
    }
    return true;
}

// Letters tell where each axis comes from: "RAI" runs from right, anterior and inferior, along +LPS.
static bool from_letters(const char *text, double rows[9])
{
    static const char from[3] = {'R', 'A', 'I'}, to[3] = {'L', 'P', 'S'};
    if (strlen(text) != 3)
        return false;
    memset(rows, 0, 9 * sizeof *rows);
    for (int axis = 0; axis < 3; axis++)
        for (int row = 0; row < 3; row++) {
            if (text[axis] == from[row])
                rows[3 * axis + row] = 1;
            if (text[axis] == to[row])
                rows[3 * axis + row] = -1;
        }
    return true; // what is no letter of these leaves a row of zeros, which is no direction
}

// Rows are the directions of i, j and k in a world of `axes` dimensions.
static bool read_directions(const HpFields *fields, gint64 axes, double rows[9], bool *known,
                            GError **error)
{
    double number[AXES * AXES];
    const char *letters = hp_fields_get(fields, "anatomicalorientation");
    const char *text = either(fields, "transformmatrix", "rotation");
    if (text == NULL)
        text = hp_fields_get(fields, "orientation");
    *known = true;
    if (text != NULL) {
        if (!hp_fields_parse_numbers(text, (int)(axes * axes), number))
            return refuse(error, HP_ERROR_BAD_FILE, "TransformMatrix", text, "a square matrix");
        for (int at = 0; at < 9; at++)
            rows[at] = number[at / 3 * axes + at % 3];
        return true;
    }
    if (letters != NULL && letters[0] != '?')
        return from_letters(letters, rows) ||
               refuse(error, HP_ERROR_BAD_FILE, "AnatomicalOrientation", letters, "three letters");
    *known = false;
    for (int at = 0; at < 9; at++)
        rows[at] = at % 4 == 0;
    return true;
}

static bool read_vector(const char *name, const char *text, gint64 axes, double vector[3],
                        GError **error)
{
    double number[AXES];
    if (text == NULL)
        return true;
    if (!hp_fields_parse_numbers(text, (int)axes, number))
        return refuse(error, HP_ERROR_BAD_FILE, name, text, "a number for each dimension");
    memcpy(vector, number, 3 * sizeof *vector);
    return true;
}

static bool read_grid(const HpFields *fields, HpLayout *layout, GError **error)
{
    gint64 axes;
    int size[3];
    double rows[9], spacing[3] = {1, 1, 1};
    bool known;
    HpAffine affine = {0};
    const char *origin = either(fields, "offset", "position");
    if (origin == NULL)
        origin = hp_fields_get(fields, "origin");
    if (!hp_fields_get_whole(fields, "ndims", 3, AXES, false, &axes, error) ||
        !read_size(fields, axes, size, error) ||
        !read_directions(fields, axes, rows, &known, error) ||
        !read_vector("ElementSpacing", either(fields, "elementspacing", "elementsize"), axes,
                     spacing, error) ||
        !read_vector("Offset", origin, axes, affine.origin_mm, error))
        return false;
    for (int at = 0; at < 9; at++)
        affine.columns[at] = rows[3 * (at % 3) + at / 3] * fabs(spacing[at % 3]);
    if (!hp_affine_to_grid(&affine, size, &layout->grid, &layout->warning, error))
        return false;
    if (!known && layout->warning == NULL)
        layout->warning = g_strdup("the file does not say how it lies in the patient: left and "
                                   "right, head and feet are a guess");
    return true;
}

static bool open_data(const HpFields *fields, HpSource **source, GError **error)
{
    const char *name = hp_fields_get(fields, "elementdatafile");
    if (g_ascii_strcasecmp(name, "LOCAL") == 0)
        return true;
    if (g_str_has_prefix(name, "LIST") || strchr(name, '%') != NULL)
        return refuse(error, HP_ERROR_UNSUPPORTED, "ElementDataFile", name, "one file");
    HpSource *data = hp_source_open_beside(*source, name, error);
    if (data == NULL)
        return false;
    hp_source_free(*source);
    *source = data;
    return true;
}

// HeaderSize -1: the data are the end of the file.
static bool skip_header(const HpFields *fields, const HpLayout *layout, HpSource *source,
                        GError **error)
{
    gint64 bytes = 0;
    if (!hp_fields_get_whole(fields, "headersize", -1, (gint64)1 << 40, true, &bytes, error))
        return false;
    if (bytes < 0) {
        const size_t size = hp_grid_count(&layout->grid) * hp_voxel_bytes(layout->type);
        if (hp_source_is_inflating(source))
            return refuse(error, HP_ERROR_UNSUPPORTED, "HeaderSize", "-1",
                          "0 or more where compressed");
        if (!hp_source_expect(source, size, "voxels", error))
            return false;
        bytes = (gint64)(hp_source_get_left(source) - size);
    }
    return hp_source_skip(source, (size_t)bytes, "what lies before the voxels", error);
}

static bool go_to_voxels(const HpFields *fields, const HpLayout *layout, HpSource **source,
                         GError **error)
{
    if (!open_data(fields, source, error))
        return false;
    if (!is_true(hp_fields_get(fields, "compresseddata")) || hp_source_is_inflating(*source))
        return skip_header(fields, layout, *source, error);
    // Compressed data are zlib streams; some programs write gzip.
    if (!hp_source_inflate_if_gzip(*source, error))
        return false;
    if (!hp_source_is_inflating(*source))
        hp_source_inflate(*source, HP_WRAP_ZLIB);
    return true;
}

bool hp_meta_read_header(HpSource **source, HpLayout *layout, GError **error)
{
    g_autoptr(GHashTable) fields = hp_fields_new();
    *layout = (HpLayout){.slope = 1};
    if (read_fields(*source, fields, error) && read_type(fields, layout, error) &&
        read_form(fields, layout, error) && read_grid(fields, layout, error) &&
        go_to_voxels(fields, layout, source, error))
        return true;
    hp_layout_clear(layout);
    return false;
}
